"""The check code of a certificate."""

import pytest

from quiz.rules.certificates import LETTERS, shown, tidied


@pytest.mark.parametrize(
    "typed", ["ABCD-EFGH-JKMN", "abcdefghjkmn", " ａｂｃｄ efgh　jkmn ", "ABCD–EFGH–JKMN", shown("ABCDEFGHJKMN")]
)
def test_however_it_is_typed_it_is_the_same_code(typed: str) -> None:
    assert tidied(typed) == "ABCDEFGHJKMN"


def test_more_letters_are_another_code() -> None:
    assert tidied("ABCD-EFGH-JKMN-P") != "ABCDEFGHJKMN"


def test_no_letter_is_mistaken_for_another() -> None:
    assert not set("01ILO") & set(LETTERS) and len(LETTERS) == 31
