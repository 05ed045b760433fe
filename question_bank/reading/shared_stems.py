"""Texts that several questions share by their numbers: 根据以下材料，回答1-2题, （2-3题共用题干）."""

import re
from dataclasses import dataclass

from question_bank.reading.lines import Line
from question_bank.reading.pieces import Piece

_RANGE = r"第?\s*(?P<{}>\d{{1,4}})\s*题?\s*[-~—～－–至到]+\s*第?\s*(?P<{}>\d{{1,4}})\s*(?:小?题|问)"
_ABOUT = "材料|资料|案例|短文|题干|情景|情境|背景|图表?|文字|内容"
_READ = rf"请?(?:根据|阅读|依据|结合|就).{{0,24}}?(?:{_ABOUT}).{{0,12}}?" + _RANGE.format("first", "last")
_SHARE = _RANGE.format("begin", "end") + (
    r".{0,6}?(?:共用|共享|基于|根据).{0,6}?(?P<what>题干|材料|案例|资料|选项|答案|备选)?"
)
_SHARED = re.compile(rf"^[\s（(【\[*]*(?:{_READ}|{_SHARE}).{{0,16}}$")
_MOST_LINES = 40


@dataclass(frozen=True)
class SharedStem:
    """The text above questions ``first`` to ``last``; ``options``: what they share is a list of options."""

    line: int
    first: int
    last: int
    text: str
    options: bool


def without_shared_stems(lines: list[Line]) -> tuple[list[Line], list[SharedStem]]:
    """The lines that are left, and the shared texts that stood among them."""
    rest: list[Line] = []
    shared: list[SharedStem] = []
    place = 0
    while place < len(lines):
        found = _SHARED.match(lines[place].text) if len(lines[place].text) < 100 else None
        end = _end_of(lines, place, found) if found else None
        if found is None or end is None:
            rest.append(lines[place])
            place += 1
            continue
        first, last = _range_of(found)
        text = "\n".join(line.text.strip() for line in lines[place + 1 : end])
        shared.append(
            SharedStem(lines[place].number, first, last, text, (found["what"] or "") in ("选项", "答案", "备选"))
        )
        place = end
    return rest, shared


def _range_of(found: re.Match[str]) -> tuple[int, int]:
    return int(found["first"] or found["begin"]), int(found["last"] or found["end"])


def _end_of(lines: list[Line], place: int, found: re.Match[str]) -> int | None:
    """Where question ``first`` begins below; None if it does not, or if the range is none."""
    first, last = _range_of(found)
    if not first < last <= first + 50:
        return None
    for end in range(place + 1, min(len(lines), place + _MOST_LINES)):
        start = lines[end].start
        if start is not None and start.is_sure and start.number == first:
            return end
        if lines[end].answer is not None or lines[end].section is not None:
            return None
    return None


def give_shared_stems(shared: list[SharedStem], pieces: list[Piece]) -> None:
    """Each text goes before the stems of its questions: those right below it, by their numbers."""
    place = 0
    for stem in shared:
        while place < len(pieces) and pieces[place].line < stem.line:
            place += 1
        due = stem.first
        while place < len(pieces) and due <= stem.last and due <= (pieces[place].number or due) <= stem.last:
            pieces[place].material = stem.text
            pieces[place].shares_options = stem.options
            due = (pieces[place].number or due - 1) + 1
            place += 1
