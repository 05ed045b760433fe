"""Options that bear numbers as the stems do, because Word numbers on by itself: "1. 哪一月（B） 2. 八月 3. 九月"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.keys import letters_in
from question_bank.reading.lines import Line

_KEY = r"[A-HＡ-Ｈ](?:[\s、,，;；]*[A-HＡ-Ｈ])*"
_ASKS = re.compile(rf"[（(【\[]\s*(?P<key>{_KEY})?\s*[）)】\]]|_{{2,}}|[？?：:]\s*$")
_LEAST, _MOST = 2, 8


@dataclass
class _Group:
    """A stem, the numbered lines below it, and the letters that answer it."""

    stem: int
    options: list[int] = field(default_factory=list)
    letters: list[str] | None = None

    @property
    def is_choice(self) -> bool:
        count = len(self.options)
        fits = self.letters is not None and all(ord(letter) - ord("A") < count for letter in self.letters)
        return fits and _LEAST <= count <= _MOST


def with_letters_for_numbers(lines: list[Line]) -> list[Line]:
    """Letters for the numbers of options, where every numbered line is a stem that asks or an option below one.

    Each of these questions must state its key in letters that its options reach; else nothing is changed.
    """
    if any(line.letter == "A" for line in lines):
        return lines
    groups = _groups(lines)
    if groups is None or sum(bool(group.options) for group in groups) < _LEAST:
        return lines
    if not all(group.is_choice for group in groups if group.options or group.letters):
        return lines
    counts = [len(group.options) for group in groups if group.options]
    if max(counts) > 2 * min(counts):
        return lines  # the stem between two questions' options may not look like one
    letters = {place: chr(65 + n) for group in groups for n, place in enumerate(group.options)}
    return [_lettered(line, letters[place]) if place in letters else line for place, line in enumerate(lines)]


def _groups(lines: Sequence[Line]) -> list[_Group] | None:
    """The questions by their stems; None where a numbered line belongs to none of them."""
    groups: list[_Group] = []
    group: _Group | None = None
    is_passed = False  # under 判断题 and others whose questions have no options
    last = 0
    for place, line in enumerate(lines):
        start = line.start
        if (word := line.section) is not None:
            group, is_passed = None, word.kind in (Kind.TRUE_FALSE, Kind.FILL_BLANK, Kind.SHORT_ANSWER)
        elif is_passed:
            continue
        elif start is not None and start.is_sure:
            asks = _ASKS.search(start.rest)
            if asks:
                group = _Group(place, letters=letters_in(asks["key"]) if asks["key"] else None)
                groups.append(group)
            elif group is None or start.number not in (last + 1, 1):
                return None
            else:
                group.options.append(place)
            last = start.number
        elif group is not None and (answer := line.answer) is not None:
            group.letters = letters_in(answer)
            group = None
    return groups


def _lettered(line: Line, letter: str) -> Line:
    assert line.start is not None
    return Line(line.number, f"{letter}. {line.start.rest}")
