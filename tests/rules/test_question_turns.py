"""每题限时: one question after another, each with its own time; what is past stays past."""

from datetime import timedelta

import pytest

from quiz.rules.question_turns import QuestionLimit, Turn, Verdict, closes_at, prolonged, shortened, verdict_on
from tests.conftest import MORNING

LIMIT = QuestionLimit(seconds=30, grace_s=10)
DEADLINE = MORNING + timedelta(minutes=20)
THIRD = Turn(3, MORNING, MORNING + timedelta(seconds=30))
MS = timedelta(milliseconds=1)


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_a_question_has_its_own_time_and_never_more_than_the_paper() -> None:
    assert closes_at(MORNING, LIMIT, DEADLINE) == MORNING + after(30)
    assert closes_at(DEADLINE - after(7), LIMIT, DEADLINE) == DEADLINE


@pytest.mark.parametrize(
    ("position", "late", "verdict"),
    [
        (3, after(0), Verdict.TAKE),
        (3, after(30), Verdict.TAKE),
        (3, after(40), Verdict.TAKE),  # sent in time, it may arrive a little late
        (3, after(40) + MS, Verdict.CLOSED),
        (2, after(0), Verdict.CLOSED),
        (4, after(0), Verdict.TO_COME),
        (4, after(3600), Verdict.TO_COME),
    ],
)
def test_only_the_open_question_takes_answers_and_only_in_its_time(
    position: int, late: timedelta, verdict: Verdict
) -> None:
    assert verdict_on(position, THIRD, LIMIT, MORNING + late) is verdict


def test_before_the_first_is_opened_all_are_still_to_come() -> None:
    assert verdict_on(1, None, LIMIT, MORNING) is Verdict.TO_COME


def test_its_time_is_over_at_the_very_moment() -> None:
    assert not THIRD.is_over(MORNING + after(30) - MS)
    assert THIRD.is_over(MORNING + after(30))


def test_extra_time_prolongs_what_is_open_and_reopens_nothing() -> None:
    assert prolonged(THIRD, LIMIT, 60_000, MORNING + after(40)) == MORNING + after(90)
    assert prolonged(THIRD, LIMIT, 60_000, MORNING + after(40) + MS) == MORNING + after(30)


def test_what_is_taken_back_was_not_used_and_the_papers_deadline_holds() -> None:
    longer = Turn(3, MORNING, MORNING + after(90))
    given_at = MORNING + after(10)
    assert shortened(longer, 60_000, given_at, DEADLINE, MORNING + after(20)) == MORNING + after(30)
    assert shortened(longer, 60_000, given_at, DEADLINE, MORNING + after(50)) == MORNING + after(50)
    assert shortened(longer, 60_000, MORNING - after(1), DEADLINE, MORNING + after(20)) == MORNING + after(90)
    assert shortened(longer, 60_000, MORNING - after(1), MORNING + after(60), MORNING) == MORNING + after(60)
