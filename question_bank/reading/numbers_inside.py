"""Numbers that number no question: lists inside of stems, and which brackets the questions of a text stand in."""

import re
from collections.abc import Sequence
from itertools import pairwise

from question_bank.reading import lines as look
from question_bank.reading.key_blocks import is_title_of_keys, keys_in_line
from question_bank.reading.lines import Line
from question_bank.reading.pieces import OPTION, STEM, Piece
from question_bank.reading.stems import key_in_stem

_LOOK_AHEAD, _MOST_LINES = 14, 60
_OPTIONS_WITHIN = 5
_HEAD, _FEW = 20, 3


def squares_number_questions(lines: Sequence[Line]) -> bool:
    """Whether 【1】 and 【2】 number the questions of a text: options follow most of them."""
    places = [place for place, line in enumerate(lines) if (s := line.start) and s.mark == look.SQUARE]
    asked = [
        place for place in places if any(line.letter == "A" for line in lines[place + 1 : place + _OPTIONS_WITHIN])
    ]
    return len(asked) > 1 and len(asked) * 2 > len(places)


def is_list_in_stem(lines: Sequence[Line], place: int, start: look.Start, piece: Piece | None) -> bool:
    """1. 2. 3. below "2、下列顺序正确的是": from 1 on, and options follow the last of them.

    Numbered as the questions are, they are a list only where the stem leads on to one.
    """
    if (
        piece is None
        or piece.role != STEM
        or piece.number is None
        or start.mark == ""
        or len(piece.parts) > _MOST_LINES
    ):
        return False
    if start.number != len(piece.texts(STEM)) or (start.mark == piece.mark and not _leads_on(piece)):
        return False
    number, between = start.number, 0
    for line in lines[place + 1 : place + _LOOK_AHEAD]:
        following = line.start
        if following is not None and following.mark == start.mark and following.number == number + 1 and not between:
            number += 1
        elif line.letter == "A":
            return number > 1
        elif following is not None or between > 1 or line.answer is not None:
            return False
        else:
            between += 1  # "下列排序正确的是（ ）" below the list
    return False


def _leads_on(piece: Piece) -> bool:
    """Whether a stem ends with a colon, and what was listed below it so far asks nothing."""
    first, *items = piece.texts(STEM)
    return first.rstrip().endswith(("：", ":")) and not any(re.search(r"[？?_]|[（(]\s*[）)]", item) for item in items)


def take_glued_question(piece: Piece) -> tuple[int, str] | None:
    """ "D.四2.哪里最低（ ）": number and stem of the next question, cut off the last option of this one."""
    if piece.number is None or piece.role != OPTION:
        return None
    text = piece.parts[-1][1]
    mark = re.search(rf"(?<![\d.．]){piece.number + 1}\s*[.．、]\s*(?=[^\d\s])", text)
    stem = text[mark.end() :].strip() if mark and mark.start() else ""
    if mark is None or not re.search(r"(?:[（(]\s*[A-L]{0,8}\s*[）)]|[？?：:])\s*[。.？?]?$", stem):
        return None
    piece.take_last()
    piece.add(OPTION, text[: mark.start()].strip())
    return piece.number + 1, stem


def brackets_number_questions(lines: Sequence[Line]) -> bool:
    """Whether (1), (2) number the questions of a text: few numbers stand without brackets, or options follow these."""
    begin, end = _without_notice_and_keys(lines)
    sure = [(place, s) for place in range(begin, end) if (s := lines[place].start) and s.is_sure]
    starts = [(place, start) for place, start in sure if not keys_in_line(lines[place].text)]
    plain = [start.number for _, start in starts if not start.in_brackets]
    if len(plain) * 2 >= len(starts):
        return False
    if len(plain) < 2 or plain != list(range(1, len(plain) + 1)):
        return True
    inside = [place for place, start in starts if start.in_brackets]
    asked = [place for place in inside if _options_or_answer_follow(lines, place)]
    return len(asked) * 2 >= len(inside)


def _without_notice_and_keys(lines: Sequence[Line]) -> tuple[int, int]:
    """Where the questions begin at the earliest, and where they end: rules above and keys below have numbers too."""
    first = next((place for place, line in enumerate(lines) if (s := line.start) and s.is_sure), len(lines))
    keys = (place for place in range(first, len(lines)) if place and is_title_of_keys(lines[place].text))
    end = next(keys, len(lines))
    if not any(look.is_notice(line.text) for line in lines[:_HEAD]):
        return 0, end
    in_brackets = (place for place in range(end) if (start := lines[place].start) and start.in_brackets)
    return next(in_brackets, 0), end


def bare_numbers_run(lines: Sequence[Line]) -> bool:
    """Whether bare numbers ("1 题干") number the questions of a text: nearly all of them follow each other."""
    numbers = [s.number for line in lines if (s := line.start) and not s.is_sure and not s.mark and not s.in_brackets]
    runs = sum(number in (1, before + 1) for before, number in pairwise([0, *numbers]))
    return runs >= _FEW and runs * 3 >= len(numbers) * 2


def _options_or_answer_follow(lines: Sequence[Line], place: int) -> bool:
    for line in lines[place : place + _OPTIONS_WITHIN]:
        text = line.text
        if look.option_letter_of(text) == "A" or look.answer_of(text) is not None or key_in_stem(text, None, 4):
            return True
        if line is not lines[place] and look.start_of(text) is not None:
            return False
    return False
