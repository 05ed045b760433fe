"""Bundled questions as they are written and reviewed: one text file for each field.

A file begins with the field and the day the questions below it were checked; both hold until they are said anew. Then
follow the questions, an empty line between two:

    领域：产品/计量
    核对日期：2026-11-26

    单选题 易
    下列哪一个是质量的法定计量单位？
    - 市斤
    + 千克
    解析：……
    来源：[计量法] 第三条
    有效期至：2027-12-31

A right option begins with +, a wrong one with -. 判断题 and 填空题 say the key on their first line: ``判断题 中 错``,
``填空题 易 30|||三十``. A name in brackets stands for a title of ``sources.txt``: a law is revised in one place.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from question_bank.blanks import blanks_from
from question_bank.content import FALSE, TRUE, QuestionContent
from question_bank.kinds import QuestionKind
from question_bank.reading.stems import blanks_in

SOURCES = "sources.txt"

_KINDS = {kind.label: kind for kind in QuestionKind if kind is not QuestionKind.SHORT_ANSWER}
_VERDICTS = {"对": TRUE, "错": FALSE}
_SHORT_NAME = re.compile(r"\[([^\[\]]+)\] ?")


class Unclear(ValueError):
    """A place in a source file that cannot be read."""


@dataclass
class _Reading:
    """One file while it is read, and what holds from here on."""

    file: str
    titles: dict[str, str]
    domain: str = ""
    checked_on: date | None = None
    questions: list[QuestionContent] = field(default_factory=list)

    def take(self, block: list[str]) -> None:
        if block[0].startswith(("领域：", "核对日期：")):
            for line in block:
                self._hold(line)
        else:
            self.questions.append(self._question(block))

    def _hold(self, line: str) -> None:
        name, _, value = line.partition("：")
        if name == "领域":
            self.domain = value
        elif name == "核对日期":
            self.checked_on = date.fromisoformat(value)
        else:
            raise Unclear(f"{self.file}: {line}")

    def _question(self, block: list[str]) -> QuestionContent:
        try:
            label, difficulty, *key = block[0].split(" ", 2)
            content = _with_key(_KINDS[label], block[1], "".join(key), [line for line in block if line[:2] in _MARKS])
            named = dict(line.split("：", 1) for line in block[2:] if line[:2] not in _MARKS)
            until = named.pop("有效期至", None)
            explanation, source = named.pop("解析"), named.pop("来源")
        except (KeyError, ValueError, IndexError) as error:
            raise Unclear(f"{self.file}: {block[:2]}") from error
        if named:
            raise Unclear(f"{self.file}: {block[1]}: {', '.join(named)}")
        return replace(
            content,
            explanation=explanation,
            source=_SHORT_NAME.sub(lambda found: self._title(found[1]), source),
            domain=self.domain,
            difficulty=difficulty,
            checked_on=self.checked_on,
            valid_until=date.fromisoformat(until) if until else None,
        )

    def _title(self, name: str) -> str:
        if name not in self.titles:
            raise Unclear(f"{self.file}: [{name}] is not in {SOURCES}")
        return self.titles[name]


_MARKS = {"+ ": True, "- ": False}


def _with_key(kind: QuestionKind, stem: str, key: str, lines: list[str]) -> QuestionContent:
    if kind is QuestionKind.TRUE_FALSE:
        return QuestionContent(kind, stem, choices=frozenset({_VERDICTS[key]}))
    if kind is QuestionKind.FILL_BLANK:
        return QuestionContent(kind, stem, blanks=blanks_from(key, blanks_in(stem)))
    right = frozenset(number for number, line in enumerate(lines, 1) if _MARKS[line[:2]])
    return QuestionContent(kind, stem, options=tuple(line[2:] for line in lines), choices=right)


def titles_of(folder: Path) -> dict[str, str]:
    """The titles that sources are cited by, under their short names."""
    lines = (folder / SOURCES).read_text("utf-8").splitlines()
    return dict(line.split(" = ", 1) for line in lines if line)


def questions_of(folder: Path) -> list[QuestionContent]:
    """All questions of a folder: by kind, within a kind by the names of the files and in their order."""
    titles = titles_of(folder)
    questions: list[QuestionContent] = []
    for path in sorted(folder.glob("*.txt")):
        if path.name != SOURCES:
            questions += _questions_in(path, titles)
    kinds = list(QuestionKind)
    return sorted(questions, key=lambda question: kinds.index(question.kind))


def _questions_in(path: Path, titles: dict[str, str]) -> list[QuestionContent]:
    reading = _Reading(path.name, titles)
    for block in _blocks(path.read_text("utf-8")):
        reading.take(block)
    return reading.questions


def _blocks(text: str) -> Iterator[list[str]]:
    for block in re.split(r"\n{2,}", text.strip()):
        yield block.split("\n")
