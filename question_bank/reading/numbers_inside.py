"""Numbers that number no question: lists inside of stems, and which brackets the questions of a text stand in."""

from collections.abc import Sequence

from question_bank.reading import lines as look
from question_bank.reading.lines import Line
from question_bank.reading.pieces import STEM, Piece

_LOOK_AHEAD = 14
_OPTIONS_WITHIN = 5


def squares_number_questions(lines: Sequence[Line]) -> bool:
    """Whether 【1】 and 【2】 number the questions of a text: options follow most of them."""
    places = [place for place, line in enumerate(lines) if (s := look.start_of(line.text)) and s.mark == look.SQUARE]
    asked = [
        place
        for place in places
        if any(look.option_letter_of(line.text) == "A" for line in lines[place + 1 : place + _OPTIONS_WITHIN])
    ]
    return len(asked) > 1 and len(asked) * 2 > len(places)


def is_list_in_stem(lines: Sequence[Line], place: int, start: look.Start, piece: Piece | None) -> bool:
    """1. 2. 3. below "2、下列顺序正确的是": numbered otherwise, from 1 on, and options follow the last of them."""
    if piece is None or piece.role != STEM or piece.number is None or start.mark in ("", piece.mark):
        return False
    if start.number != len(piece.texts(STEM)):
        return False
    number = start.number
    for line in lines[place + 1 : place + _LOOK_AHEAD]:
        following = look.start_of(line.text)
        if following is None or following.mark != start.mark or following.number != number + 1:
            return number > 1 and look.option_letter_of(line.text) == "A"
        number += 1
    return False
