"""Options without letters, below their stem or side by side: told by the answer, which repeats one or counts them."""

import re

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.keys import letters_in
from question_bank.reading.lines import Line

_STEM_ENDS = re.compile(r"[？?：:_]\s*$|[）)]\s*[。.]?\s*$")
_GAP = re.compile(r"\t+|\s{2,}|　+")


def with_letters(lines: list[Line]) -> list[Line]:
    """Letters before options that have none; only where the answer below leaves no doubt that they are options."""
    if any(line.letter == "A" for line in lines):
        return lines
    result: list[Line] = []
    start, is_choice, last = None, False, 0
    for line in lines:
        if (word := line.section) is not None:
            is_choice = word.is_choice or word.kind in (Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE)
            start = None
        elif (number := line.start) is not None and (number.is_sure or number.number == last + 1):
            start, last = len(result), number.number
        elif start is not None and (answer := line.answer) is not None:
            result[start + 1 :] = _lettered(result[start], result[start + 1 :], answer, is_choice)
            start = None
        result.append(line)
    return result


def _lettered(stem: Line, below: list[Line], answer: str, is_choice: bool) -> list[Line]:
    options = [Line(line.number, text) for line in below for text in _GAP.split(line.text.strip()) if text]
    if not 2 <= len(options) <= 8 or not _are_meant(stem, options, answer, is_choice):
        return below
    return [Line(line.number, f"{chr(65 + place)}. {line.text}") for place, line in enumerate(options)]


def _are_meant(stem: Line, options: list[Line], answer: str, is_choice: bool) -> bool:
    if answer.strip(" 。.") in [line.text.strip(" 。.") for line in options]:
        return True
    letters = letters_in(answer)
    fits = letters is not None and max(map(ord, letters)) - ord("A") < len(options)
    return fits and is_choice and bool(_STEM_ENDS.search(stem.text))
