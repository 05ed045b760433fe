"""Moodle GIFT: ``::name:: stem {=right ~wrong}``, parted by blank lines."""

import re
from dataclasses import dataclass

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft, Found
from question_bank.reading.markup import text_of_html

_BLOCK = re.compile(r"(?<!\\)\{\s*(?:[=~#]|T\b|F\b|TRUE\b|FALSE\b|\})", re.IGNORECASE)
_NAME = re.compile(r"^\s*::(?:\\.|(?!::).)*::", re.DOTALL)
_FORMAT = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]\s*", re.IGNORECASE)
_ANSWER = re.compile(r"(?<!\\)(?P<sign>[=~])\s*(?:%(?P<weight>-?\d+(?:\.\d+)?)%)?(?P<text>(?:\\.|[^\\=~])*)", re.DOTALL)
_ESCAPED = re.compile(r"\\([~=#{}:\\n])")


@dataclass(frozen=True)
class _Answer:
    is_marked: bool  # with =, not ~
    weight: float | None
    text: str
    feedback: str

    @property
    def is_right(self) -> bool:
        return self.weight in (None, 100) if self.is_marked else False


def is_gift(text: str) -> bool:
    """Whether a text has GIFT's braces: as many as one paragraph in three."""
    blocks = len(_BLOCK.findall(text))
    paragraphs = len(
        [part for part in re.split(r"\n\s*\n", text) if part.strip() and not part.lstrip().startswith("//")]
    )
    return blocks > 0 and (blocks * 3 >= paragraphs or "$CATEGORY:" in text or bool(re.search(r"(?m)^::", text)))


def drafts_of_gift(text: str) -> Found:
    """Every question of a GIFT file; what carries no answer in braces is a description, no question."""
    drafts = [_draft(row, block) for row, block in _blocks(text)]
    return Found([draft for draft in drafts if draft is not None])


def _blocks(text: str) -> list[tuple[int, str]]:
    """Paragraphs with the line they begin on. Blank lines inside braces part nothing."""
    blocks: list[tuple[int, str]] = []
    lines: list[str] = []
    start = depth = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith("//") or line.startswith("$CATEGORY"):
            continue
        if not line.strip() and depth <= 0:
            if lines:
                blocks.append((start, "\n".join(lines)))
            lines, depth = [], 0
            continue
        if lines and depth <= 0 and re.search(r"(?<!\\)\}\s*$", lines[-1]) and "{" in line:
            blocks.append((start, "\n".join(lines)))  # no blank line between two questions
            lines, depth = [], 0
        start = start if lines else number
        lines.append(line)
        bare = re.sub(r"\\.", "", line)
        depth += bare.count("{") - bare.count("}")
    return [*blocks, (start, "\n".join(lines))] if lines else blocks


def _draft(row: int, block: str) -> Draft | None:
    block = _NAME.sub("", block)
    form = _FORMAT.match(block)
    block = block[form.end() :] if form else block
    opening = re.search(r"(?<!\\)\{", block)
    if opening is None:
        return None
    closing = list(re.finditer(r"(?<!\\)\}", block))
    end = closing[-1].start() if closing else len(block)
    before, inside, after = block[: opening.start()], block[opening.end() : end], block[end + 1 :]
    is_html = bool(form) and form[1].lower() == "html"  # type: ignore[index]  # form is set
    answer, _, general = inside.partition("####")
    draft = Draft("", row, _stem(before, after, is_html), explanation=_plain(general, is_html))
    _fill(draft, answer.strip(), is_html)
    return draft


def _stem(before: str, after: str, is_html: bool) -> str:
    before, after = _plain(before, is_html), _plain(after, is_html)
    if not after:
        return before
    return before + after if re.fullmatch(r"[.。?？!！,，;；\s]*", after) else f"{before} ____ {after}"


def _plain(text: str, is_html: bool = False) -> str:
    text = _ESCAPED.sub(lambda mark: "\n" if mark[1] == "n" else mark[1], text.strip())
    return text_of_html(text) if is_html else " ".join(text.split(" ")).strip()


def _fill(draft: Draft, answer: str, is_html: bool) -> None:
    """Settle kind, options and key by what stands in the braces."""
    verdict = re.match(r"^(T|F|TRUE|FALSE)\s*(?:#(.*))?$", answer, re.IGNORECASE | re.DOTALL)
    if not answer:
        draft.kind = Kind.SHORT_ANSWER
    elif verdict:
        draft.kind, draft.choices = Kind.TRUE_FALSE, frozenset({1 if verdict[1][0] in "Tt" else 2})
        draft.explanation = draft.explanation or _plain((verdict[2] or "").split("#")[0], is_html)
    elif answer.startswith("#"):
        draft.unsupported = "数值题"
    else:
        answers = [_answer(found, is_html) for found in _ANSWER.finditer(answer)]
        if any("->" in found["text"] for found in _ANSWER.finditer(answer)):
            draft.unsupported = "匹配题"
        else:
            _fill_answers(draft, answers)


def _answer(found: re.Match[str], is_html: bool) -> _Answer:
    text, _, feedback = re.sub(r"\\#", "\0", found["text"]).partition("#")
    weight = float(found["weight"]) if found["weight"] else None
    form = _FORMAT.match(text)
    text = text[form.end() :] if form else text
    return _Answer(
        found["sign"] == "=",
        weight,
        _plain(text.replace("\0", "#"), is_html),
        _plain(feedback.replace("\0", "#"), is_html),
    )


def _fill_answers(draft: Draft, answers: list[_Answer]) -> None:
    right = [answer for answer in answers if answer.is_right]
    if answers and all(answer.is_marked for answer in answers):
        draft.kind = Kind.FILL_BLANK
        texts = tuple(dict.fromkeys(answer.text for answer in right if answer.text))
        draft.blanks = (texts,) if texts else None
    else:
        draft.options = [answer.text for answer in answers]
        if right:
            numbers = [n for n, answer in enumerate(answers, 1) if answer.is_right]
            draft.kind = Kind.SINGLE_CHOICE
        else:
            numbers = [n for n, answer in enumerate(answers, 1) if (answer.weight or 0) > 0]
            draft.kind = Kind.MULTIPLE_CHOICE if len(numbers) != 1 else Kind.SINGLE_CHOICE
        draft.choices = frozenset(numbers)
        draft.key = "、".join(chr(64 + n) for n in numbers)
    if not draft.explanation and right:
        draft.explanation = right[0].feedback
