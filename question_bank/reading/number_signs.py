"""Questions numbered with signs of their own: ⒈ ⑴ ①, 例1, No.1."""

import re
import unicodedata

from question_bank.reading.lines import Line

_FEW = 2
_SIGN = re.compile(r"^(?P<before>[\s>#*]*)(?P<sign>[⑴-⒇⒈-⒛])\s*[.．、]?\s*(?=\S)")
_COUNTED = re.compile(
    r"^\s*(?:例题?|题|No\s*[.．]?|#)\s*(?P<number>\d{1,4})\s*(?:[.．、:：)）]\s*|\s+|(?=[一-鿿]))(?=\S)", re.I
)
_CIRCLED = re.compile(r"^\s*(?P<sign>[①-⑳])\s*[.．、]?\s*(?=\S)")


def with_plain_numbers(lines: list[Line]) -> list[Line]:
    """⒈ as "1.", ⑴ as "(1)": one sign that says the same."""
    return [line.saying(_SIGN.sub(_plain, line.text)) for line in lines]


def _plain(mark: re.Match[str]) -> str:
    return mark["before"] + unicodedata.normalize("NFKC", mark["sign"]) + " "


def with_questions_counted(lines: list[Line]) -> list[Line]:
    """例1, 例2 … or ①, ② … before stems as "1、", "2、", where no digits number the text and the numbers run on."""
    if any(start.is_sure for line in lines if (start := line.start)):
        return lines
    for pattern in (_COUNTED, _CIRCLED):
        marks = {place: mark for place, line in enumerate(lines) if (mark := pattern.match(line.text))}
        if len(marks) >= _FEW and _runs_on(marks) and _all_have_options(lines, sorted(marks)):
            return [
                Line(line.number, f"{_value(marks[place])}、{line.text[marks[place].end() :]}")
                if place in marks
                else line
                for place, line in enumerate(lines)
            ]
    return lines


def _value(mark: re.Match[str]) -> int:
    found = mark.groupdict()
    return int(found["number"]) if "number" in found else ord(found["sign"]) - ord("①") + 1


def _runs_on(marks: dict[int, re.Match[str]]) -> bool:
    return [_value(mark) for mark in marks.values()] == list(range(1, len(marks) + 1))


def _all_have_options(lines: list[Line], places: list[int]) -> bool:
    """Whether options stand between each number and the next: else they count the items of a list."""
    ends = [*places[1:], len(lines)]
    return all(
        any(line.letter == "A" for line in lines[place + 1 : end]) for place, end in zip(places, ends, strict=True)
    )
