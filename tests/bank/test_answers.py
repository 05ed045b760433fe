"""What is typed into a blank counts whatever its width, case, spaces and final punctuation."""

import pytest

from question_bank.answers import blank_is_right, tidied_answer


@pytest.mark.parametrize("given", ["12315", " 12315 ", "１２３１５", "12315。", "1 2315", "“12315”"])
def test_the_same_answer_in_other_dress_is_right(given: str) -> None:
    assert blank_is_right(given, ["12365", "12315"])


@pytest.mark.parametrize("given", ["", "  ", "。", "12316", "123 15 6"])
def test_another_answer_is_wrong(given: str) -> None:
    assert not blank_is_right(given, ["12315"])


def test_case_and_inner_punctuation() -> None:
    assert blank_is_right("ff00::/8", ["FF00::/8"])
    assert not blank_is_right("FF008", ["FF00::/8"])


def test_an_answer_of_punctuation_only_is_meant_as_such() -> None:
    assert tidied_answer("，") == ","
    assert blank_is_right("，", [","]) and not blank_is_right("。", [","])
