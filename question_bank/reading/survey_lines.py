"""Question lists as survey platforms hand them out: "1. 题干 [单选题] *", below it options with （正确答案）."""

import re
from dataclasses import dataclass, field
from itertools import zip_longest

from question_bank.reading import lines as look
from question_bank.reading.kind_words import kind_named
from question_bank.reading.lines import Line

_KIND_AT_END = re.compile(
    r"^(?P<stem>.*?)(?:\s*[（(]\s*分值\s*[:：]?\s*[\d.]*\s*分?\s*[）)])?\s*[\[【(（]?(?P<kind>单选题|多选题|判断题|填空题|简答题|问答题|排序题|矩阵\S{0,4}题)"
    r"[\]】)）]?\s*(?:[（(]\s*分值\s*[:：]?\s*[\d.]*\s*分?\s*[）)])?\s*\*?\s*$",
    re.DOTALL,
)
_RIGHT = re.compile(r"\s*[（(]\s*正确答案\s*[）)]\s*$")
_BOX = re.compile(r"^\s*[○●◯□■☐]\s*")
_BLANK_KEY = re.compile(r"[（(]\s*答案\s*[:：]\s*(?P<key>[^（）()]+)[）)]")


_RESULT = re.compile(r"^\s*(?:回答)?(?:正确|错误)[!！]?\s*$")
_SCORE = re.compile(r"^\s*本题总?得分\s*[:：]")


def without_results(lines: list[Line]) -> list[Line]:
    """The lines less 正确 or 错误 above 本题得分：2分: how somebody did."""
    return [line for line, below in zip_longest(lines, lines[1:]) if not (below and _is_result(line, below))]


def _is_result(line: Line, below: Line) -> bool:
    return bool(_RESULT.match(line.text) and _SCORE.match(below.text))


@dataclass
class _Question:
    line: Line
    options: list[Line] = field(default_factory=list)


def from_survey(lines: list[Line]) -> list[Line]:
    """The kind goes before the stem, options get their letters; the ticks （正确答案） stay for the common reader."""
    starts = [line for line in lines if line.start]
    marked = [line for line in starts if _KIND_AT_END.match(line.text)]
    if not marked or len(marked) * 2 < len(starts) or not any(_RIGHT.search(line.text) for line in lines):
        return lines
    result: list[Line] = []
    question: _Question | None = None
    for line in lines:
        if line.start and _KIND_AT_END.match(line.text):
            result += _rewritten(question)
            question = _Question(line)
        elif question is None or _ends(question, line.text):
            result += _rewritten(question)
            question = None
            result.append(line)
        else:
            question.options.append(line)
    return result + _rewritten(question)


def _ends(question: _Question, text: str) -> bool:
    """An answer, an explanation, or the next question, which states no kind."""
    start, own = look.start_of(text), question.line.start
    is_next = start is not None and own is not None and start.is_sure and start.number == own.number + 1
    return is_next or look.explanation_of(text) is not None or look.answer_of(text) is not None


def _rewritten(question: _Question | None) -> list[Line]:
    if question is None:
        return []
    start, found = question.line.start, _KIND_AT_END.match(question.line.text)
    assert start is not None and found is not None
    stem = _KIND_AT_END.sub(lambda mark: mark["stem"], start.rest)
    first = Line(question.line.number, f"{start.number}. （{found['kind']}）{stem}")
    named = kind_named(found["kind"])
    if named is None or named.unsupported or "填空" in found["kind"]:
        return [first, *question.options]
    return [first, *_lettered(question.options)]


def _lettered(options: list[Line]) -> list[Line]:
    texts = [part for line in options for part in _parted(line)]
    if any(line.letter == "A" for line in texts):
        return options
    return [Line(line.number, f"{chr(65 + place)}. {_BOX.sub('', line.text)}") for place, line in enumerate(texts[:12])]


def _parted(line: Line) -> list[Line]:
    """甲(正确答案)乙: the mark ends an option."""
    ends = re.sub(r"([（(]\s*正确答案\s*[）)])(?=\S)", r"\1\n", line.text)
    return [Line(line.number, text) for text in ends.split("\n") if text.strip()]
