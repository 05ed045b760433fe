"""Marks beside options that say whether each is right: 是/否, 1/0, TRUE/FALSE, or a tick beside the right ones only."""

import unicodedata
from collections.abc import Iterable, Sequence

from question_bank.reading.kind_words import verdict_in

_RIGHT = {"1", "*", "●", "★", "正确答案", "正确选项", "答案", "v"}
_NOT = {"0", "-", "—", "/", "错误选项", "错误答案", "干扰项"}


def flag_in(text: str) -> bool | None:
    """What a mark says of its option; an empty cell says that it is wrong; None if the text is no mark."""
    word = unicodedata.normalize("NFKC", text).strip().lower()
    if not word or word in _NOT:
        return False
    return True if word in _RIGHT else verdict_in(word)


def are_flags(cells: Iterable[str]) -> bool:
    """Whether a column holds nothing but marks, and at least one says right."""
    found = {flag_in(cell) for cell in cells}
    return True in found and None not in found


def are_mostly_flags(cells: Sequence[str]) -> bool:
    """The same, though a few marks cannot be understood."""
    found = [flag_in(cell) for cell in cells]
    return True in found and found.count(None) * 5 <= len(found)


def right_ones(cells: Sequence[str]) -> frozenset[int] | None:
    """The numbers of the options that are marked as right; None where a mark cannot be understood."""
    flags = [flag_in(cell) for cell in cells]
    return None if None in flags else frozenset(number for number, flag in enumerate(flags, 1) if flag)
