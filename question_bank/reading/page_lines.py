"""Headers and footers of pages between the lines of a text."""

import re
from collections import Counter
from itertools import pairwise

from question_bank.reading.lines import Line

_PAGE = re.compile(
    r"第\s*\d+\s*页|(?:页|P(?:age)?)\s*\d+\s*(?:/|of)\s*\d+|^\s*\d+\s*/\s*\d+\s*$|^\s*Page\s*\d+\s*$", re.IGNORECASE
)
_PAPER = re.compile(r"题库|试题|试卷|竞赛|考试|手册|资料|培训|公司|委员会|管理局")
_OFTEN = 3
_LONGEST = 50


def without_running_lines(lines: list[Line]) -> list[Line]:
    """The lines less those that stand on page after page: the same each time but for the number of the page."""
    bare = [re.sub(r"\d+", "", _PAGE.sub("", line.text)).strip() for line in lines]
    often = {text for text, count in Counter(bare).items() if count >= _OFTEN and text}
    return [line for line, text in zip(lines, bare, strict=True) if not _is_running(line, text, often)]


_BARE = re.compile(r"^\s*[-—–]?\s*(\d{1,4})\s*[-—–]?\s*$")
_UNFILLED = re.compile(r"(?:答案?[】\]）)]?|^\s*[A-LＡ-Ｌa-l])\s*[.．、:：)）】\]]?\s*$")
_LEAST_APART, _LARGEST_STEP = 3, 3


def without_page_numbers(lines: list[Line]) -> list[Line]:
    """The lines less bare numbers that count the pages of a text whose questions have their numbers beside them.

    They rise by one or little more, far apart, and none stands where the words of an option or an answer are due.
    """
    bare = [(place, int(mark[1])) for place, line in enumerate(lines) if (mark := _BARE.match(line.text))]
    steps = list(pairwise(bare))
    if not steps or not all(1 <= after - before <= _LARGEST_STEP for (_, before), (_, after) in steps):
        return lines
    if any(after - before < _LEAST_APART for (before, _), (after, _) in steps):
        return lines
    if any(place and _UNFILLED.search(lines[place - 1].text) for place, _ in bare):
        return lines
    if not any((start := line.start) and start.is_sure for line in lines):
        return lines
    pages = {place for place, _ in bare}
    return [line for place, line in enumerate(lines) if place not in pages]


_OPTION = re.compile(r"^\s*[（(【\[]?(?P<letter>[A-L])\s*[.．、:：)）】\]]\s*\S")


def without_numbers_among_options(lines: list[Line]) -> list[Line]:
    """The lines less the numbers of pages between option A and option B, where such numbers count the pages."""
    bare = [(place, int(mark[1])) for place, line in enumerate(lines) if (mark := _BARE.match(line.text))]
    counts = [number for _, number in bare]
    if len(bare) < 2 or any(after <= before for before, after in pairwise(counts)):
        return lines
    inside = {place for place, _ in bare if 0 < place < len(lines) - 1 and _is_among_options(lines, place)}
    return [line for place, line in enumerate(lines) if place not in inside]


def _is_among_options(lines: list[Line], place: int) -> bool:
    above, below = _OPTION.match(lines[place - 1].text), _OPTION.match(lines[place + 1].text)
    return bool(above and below) and ord(below["letter"]) == ord(above["letter"]) + 1  # type: ignore[index]  # set


def _is_running(line: Line, bare: str, often: set[str]) -> bool:
    tells_a_page = bool(_PAGE.search(line.text))
    if not (tells_a_page or bare in often) or not _is_aside(line):
        return False
    return (tells_a_page and not bare) or _names_a_paper(bare)


def _is_aside(line: Line) -> bool:
    is_numbered = line.start is not None and line.start.is_sure
    if len(line.text) > _LONGEST or line.letter is not None or is_numbered:
        return False
    return line.answer is None and line.section is None and line.explanation is None


def _names_a_paper(text: str) -> bool:
    return bool(_PAPER.search(text)) and not re.search(r"[。？?，,；;（(]", text)
