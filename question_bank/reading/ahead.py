"""A look at the lines that follow: what they say of the one before them."""

import re
from collections.abc import Sequence

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import lines as look
from question_bank.reading.lines import Line
from question_bank.reading.options import labelled
from question_bank.reading.stems import blanks_in, key_in_stem, verdict_in_stem

_LOOK_AHEAD, _FAR_AHEAD = 14, 40
_B_INSIDE = re.compile(r"\s[（(\[【]?[BＢ]\s*[.．、:：)）\s一-鿿]|[;；,，。]\s*[BＢ]\s*[.．、:：)）]")


def asks(lines: Sequence[Line], place: int, rest: str, kind: Kind | None, *, bare_numbers: bool) -> bool:
    """Whether options or an answer follow before the next number does, or a key stands in the stem ``rest``."""
    if key_in_stem(rest, kind, 4 if kind is None else 0) is not None or labelled(rest, behind_stem=True):
        return True
    if kind is None and (verdict_in_stem(rest) is not None or blanks_in(rest)):
        return True
    for line in lines[place + 1 : place + _LOOK_AHEAD]:
        if line.letter == "A" or line.answer is not None or look.answer_word_of(line.text) is not None:
            return True
        if (line.start and (line.start.is_sure or bare_numbers)) or line.section or look.names_its_kind(line.text):
            return False
    return False


def options_begin(lines: Sequence[Line], place: int) -> bool:
    """Whether option B follows option A, below it or on its line."""
    return any(line.letter == "B" for line in lines[place + 1 : place + 3]) or bool(labelled(lines[place].text))


def has_option_b(lines: Sequence[Line], place: int) -> bool:
    """Whether what begins with A is the first of several options."""
    if any("B" in (line.letter or "") or _B_INSIDE.search(line.text) for line in lines[place : place + 4]):
        return True
    return labelled(lines[place].text) is not None


def answer_follows(lines: Sequence[Line], place: int) -> bool:
    """Whether 答： comes before the next question: then these lines are still the stem."""
    for line in lines[place + 1 : place + _FAR_AHEAD]:
        if line.answer is not None or look.answer_word_of(line.text) is not None:
            return True
        start = line.start
        if (start and start.is_sure and not start.in_brackets) or line.section:
            return False
    return False


def learner_wrote_a_list(lines: Sequence[Line], place: int) -> bool:
    """(1) … (2) … below 我的答案：, and then the right answer: a list that is no question and no answer."""
    for line in lines[place + 1 : place + _LOOK_AHEAD]:
        if line.answer is not None:
            return True
        if not look.is_meta(line.text) and not (line.start and line.start.in_brackets):
            return False
    return False
