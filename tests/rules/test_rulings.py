"""What a reason must not hold, what another key must look like, and what is usual."""

import pytest

from question_bank.content import QuestionContent
from quiz.rules.marking import QuestionRuling, RulingKind, under
from quiz.rules.paces import usual_times
from quiz.rules.rulings import holds_phone, key_complaints, key_in_words, reason_complaints
from quiz.rules.signals import Given, Seen
from tests.contest_builders import FILL, MULTIPLE, SINGLE, TRUE_FALSE, a_question


@pytest.mark.parametrize("text", ["13812345678", "打138 1234-5678", "１３８１２３４５６７８", "138.1234.5678"])
def test_a_mobile_number_is_seen_however_it_is_written(text: str) -> None:
    assert holds_phone(text) and reason_complaints(text)


@pytest.mark.parametrize("text", ["12315", "2026 年 6 月 20 日 9:00", "1381234567", "11812345678", "913812345678001"])
def test_other_numbers_are_none(text: str) -> None:
    assert not holds_phone(text) and reason_complaints(text) == []


def test_the_name_of_whom_it_is_about_is_seen() -> None:
    assert reason_complaints("王芳代答", "王芳") and reason_complaints("代答", "王芳") == []


def another(content: QuestionContent, *choices: int) -> list[str]:
    return key_complaints(content, QuestionRuling(RulingKind.ANOTHER_KEY, choices=frozenset(choices)))


def test_another_key_is_one_of_the_question() -> None:
    single, multiple, judgement = a_question(SINGLE), a_question(MULTIPLE), a_question(TRUE_FALSE)
    assert another(single, 2) == another(single, 1, 2) == another(multiple, 1, 2, 3, 4) == another(judgement, 2) == []
    for content, choices in ((single, ()), (single, (5,)), (single, (1,)), (single, (1, 2, 3, 4)), (judgement, (1, 2))):
        assert another(content, *choices)
    assert key_complaints(single, QuestionRuling(RulingKind.FULL_MARKS)) == []


def test_a_key_in_words_says_where_either_is_right() -> None:
    two = QuestionRuling(RulingKind.ANOTHER_KEY, choices=frozenset({1, 3}))
    assert key_in_words(under(a_question(SINGLE), two)) == "A 或 C"
    assert key_in_words(under(a_question(MULTIPLE), two)) == "AC"
    texts = QuestionRuling(RulingKind.ANOTHER_KEY, blanks=(("12315", "一二三一五"),))
    assert key_in_words(under(a_question(FILL), texts)) == "12315 或 一二三一五"
    assert key_in_words(under(a_question(FILL), QuestionRuling(RulingKind.OUT_OF_TOTAL))) == "12315"


def seen(number: int, *moments: float) -> Seen:
    given = tuple(Given(version, at, True) for version, at in enumerate(moments, 1))
    return Seen(number, f"E{number}", 1, len(moments), given)


def test_usual_is_the_middle_of_enough_answers() -> None:
    field = [seen(number, 10 * number, 10 * number + 20) for number in range(1, 6)]
    first, second = usual_times(field)
    assert (first.version_id, first.quick_ms, first.usual_ms, first.slow_ms) == (1, 20_000, 30_000, 40_000)
    assert (second.usual_ms, second.answers) == (20_000, 5)
    assert usual_times(field[:4]) == []
