"""Options called 甲, 乙, 丙, 丁: they get the letters that all others have."""

import re
import unicodedata

from question_bank.reading.lines import Line

_NAMES = "甲乙丙丁戊己庚辛"
_MARK = r"\s*[.．、:：)）]"
_OPTION = re.compile(rf"(?P<before>^[\s（(]*|[\s；;。]\s*[（(]?)(?P<name>[{_NAMES}]){_MARK}\s*(?![{_NAMES}]|$)")
_FIRST = re.compile(rf"^[\s（(]*甲{_MARK}\s*(?![{_NAMES}]|$)")
_SEVERAL = rf"[{_NAMES}](?:[\s、,，;；]*[{_NAMES}])*"
_KEY = re.compile(rf"\s*(?P<names>{_SEVERAL})\s*[项。.]*\s*")
_IN_BRACKET = re.compile(rf"(?P<open>[（(]\s*)(?P<names>{_SEVERAL})(?P<close>\s*[）)])")
_BELOW = 3


def with_letters_for_heavenly_stems(lines: list[Line]) -> list[Line]:
    """甲、红 乙、绿 with the answer 乙, or （乙） in the stem: options A and B, where no option has a letter."""
    firsts = {place for place, line in enumerate(lines) if _FIRST.match(line.text)}
    if not firsts or any(line.letter == "A" for line in lines):
        return lines
    if not all(_second_follows(lines, place) for place in firsts):
        return lines
    return [line.saying(_lettered(line)) for line in lines]


def _second_follows(lines: list[Line], place: int) -> bool:
    return any(mark["name"] == "乙" for line in lines[place : place + _BELOW] for mark in _OPTION.finditer(line.text))


def _lettered(line: Line) -> str:
    if line.answer is not None:
        key = _KEY.fullmatch(unicodedata.normalize("NFKC", line.answer))
        return "答案：" + _letters(key["names"]) if key else line.text
    if re.match(rf"[\s（(]*[{_NAMES}]{_MARK}", line.text):
        return _OPTION.sub(lambda mark: f"{mark['before'].rstrip('（(')}{_letters(mark['name'])}. ", line.text)
    return _IN_BRACKET.sub(lambda mark: f"{mark['open']}{_letters(mark['names'])}{mark['close']}", line.text)


def _letters(names: str) -> str:
    return "".join(chr(65 + _NAMES.index(name)) for name in names if name in _NAMES)
