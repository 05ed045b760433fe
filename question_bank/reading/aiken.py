"""Aiken: a line that asks, options ``A. …`` or ``A) …``, and ``ANSWER: A``. Nothing else may stand in the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from question_bank.kinds import QuestionKind
from question_bank.reading.drafts import Draft, Found

_ANSWER = re.compile(r"\s*ANSWER\s*[:：]\s*(?P<key>.*?)\s*", re.IGNORECASE)
_OPTION = re.compile(r"\s*(?P<letter>[A-Za-z])[.)．）、]\s*(?P<text>.*?)\s*")
_OTHER_FORMS = re.compile(
    r"(?m)^\s*(?:\d+\s*[.、．)）]|[一二三四五六七八九十]+、|第.{1,4}[章节题]|【|#|(?:解析|答案|explanation|rationale)\s*[:：])",
    re.IGNORECASE,
)


@dataclass
class _Block:
    """A question so far. ``is_open``: the line before was not blank."""

    row: int = 0
    stem: list[str] = field(default_factory=list)
    options: list[str] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    key: str | None = None
    is_open: bool = False

    @property
    def is_whole(self) -> bool:
        expected = [chr(ord("A") + place) for place in range(len(self.letters))]
        return bool(self.stem and self.key) and len(self.options) > 1 and self.letters == expected


def is_aiken(text: str) -> bool:
    """Whether half of a text's answers close a whole question, and nothing speaks of another way of writing."""
    if not re.search(r"(?mi)^\s*ANSWER\s*[:：]", text) or _OTHER_FORMS.search(text):
        return False
    answered = [block for block in _blocks(text) if block.key is not None]
    return sum(block.is_whole for block in answered) * 2 >= len(answered)


def drafts_of_aiken(text: str, hint: QuestionKind | None = None) -> Found:
    """Every question of an Aiken file; one that lacks a part is a draft all the same, to be named."""
    return Found([_draft(block, hint) for block in _blocks(text)])


def _draft(block: _Block, hint: QuestionKind | None) -> Draft:
    draft = Draft("", block.row, "\n".join(block.stem), block.options, block.letters, key=block.key or "", hint=hint)
    draft.is_choice = len(block.options) != 2  # two may be the verdicts of a judgement
    if block.key is None and not block.options:
        draft.broken = "这一段没有选项，也没有 ANSWER 一行。请补上，或删去这一段。"
    return draft


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block()
    for number, line in enumerate(text.split("\n"), 1):
        answer, option = _ANSWER.fullmatch(line), _OPTION.fullmatch(line)
        if not line.strip():
            block.is_open = False
            continue
        if answer is None and option is None and not block.is_open and (block.stem or block.options):
            yield block
            block = _Block()
        block.row, block.is_open = block.row or number, True
        if answer:
            block.key = answer["key"]
            yield block
            block = _Block()
        elif option and (block.stem or block.options):
            block.letters.append(option["letter"].upper())
            block.options.append(option["text"])
        elif block.options:
            block.options[-1] += "\n" + line.strip()
        else:
            block.stem.append(line.strip())
    if block.stem or block.options:
        yield block
