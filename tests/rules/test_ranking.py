"""What counts of a person's attempts, ties, and places: exact to the last line."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.contest import Counts
from quiz.rules.ranking import Counted, EndedAttempt, counted, places, rounded

SHANGHAI = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 6, 20, 1, 0, tzinfo=UTC)


def attempt(score: int, minutes: float = 10, *, hours: float = 0, answered: int = 5, **more: Any) -> EndedAttempt:
    """``score`` in points; begun ``hours`` after nine."""
    started = NINE + timedelta(hours=hours)
    elapsed = int(minutes * 60_000)
    return EndedAttempt(score * 100, elapsed, started, started + timedelta(milliseconds=elapsed), answered, **more)


def what_counts(attempts: list[EndedAttempt], counts: Counts) -> tuple[Fraction, Fraction, datetime]:
    found = counted(attempts, counts, SHANGHAI)
    assert found
    return found.score / 100, found.elapsed / 60_000, found.finished_at


FIRST, SECOND, THIRD = attempt(80, 10), attempt(90, 12, hours=1), attempt(70, 8, hours=2)
THREE = [FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    ("counts", "score", "minutes", "finished"),
    [
        (Counts.BEST, 90, 12, SECOND.ended_at),
        (Counts.LAST, 70, 8, THIRD.ended_at),
        (Counts.MEAN, 80, 10, THIRD.ended_at),
        (Counts.DAILY_SUM, 90, 12, SECOND.ended_at),  # all three on one day
    ],
)
def test_best_last_mean_and_daily_sum(counts: Counts, score: int, minutes: int, finished: datetime) -> None:
    assert what_counts(THREE, counts) == (score, minutes, finished)
    assert what_counts(THREE[::-1], counts) == (score, minutes, finished)


def test_the_daily_sum_adds_the_best_of_each_day_as_days_are_counted_in_the_zone() -> None:
    evening = attempt(60, 10, hours=14.9)  # 23:54 in Shanghai
    past_midnight = attempt(50, 9, hours=15.1)  # 0:06 the next day, though the same day in UTC
    found = what_counts([FIRST, SECOND, evening, past_midnight], Counts.DAILY_SUM)
    assert found == (90 + 50, 12 + 9, past_midnight.ended_at)


def test_of_two_best_the_quicker_then_the_earlier_counts() -> None:
    slow, quick, quick_again = attempt(90, 12), attempt(90, 9, hours=1), attempt(90, 9, hours=2)
    assert what_counts([slow, quick_again, quick], Counts.BEST) == (90, 9, quick.ended_at)


@pytest.mark.parametrize("counts", list(Counts))
def test_what_holds_no_answer_or_is_set_aside_counts_for_nothing(counts: Counts) -> None:
    empty, aside = attempt(100, 1, hours=3, answered=0), attempt(100, 1, hours=4, is_set_aside=True)
    assert counted([empty, aside], counts, SHANGHAI) is None
    assert counted([], counts, SHANGHAI) is None
    assert what_counts([FIRST, empty, aside], counts) == (80, 10, FIRST.ended_at)


def test_a_mean_in_thirds_is_kept_exactly() -> None:
    found = counted([attempt(33), attempt(33, hours=1), attempt(34, hours=2)], Counts.MEAN, SHANGHAI)
    assert found and found.score == Fraction(10_000, 3)
    double = Counted(found.score_sum * 2, found.elapsed_sum * 2, found.counted * 2, found.finished_at)
    assert double.merit == found.merit


def test_a_hair_more_stands_before_though_both_read_33_33() -> None:
    third = Counted(10_000, 600_000, 3, NINE)  # 33.333… points
    less = Counted(3_333, 600_000, 1, NINE)  # 33.33 points
    assert rounded(third.score / 100) == rounded(less.score / 100) == 33.33
    assert third.merit < less.merit


def test_score_then_elapsed_then_the_moment_of_finishing() -> None:
    winner = Counted(9_000, 600_000, 1, NINE + timedelta(hours=9))
    slower = Counted(9_000, 600_001, 1, NINE)
    later = Counted(8_000, 1, 1, NINE + timedelta(milliseconds=1))
    sooner = Counted(8_000, 1, 1, NINE)
    assert sorted([later, slower, sooner, winner], key=lambda c: c.merit) == [winner, slower, sooner, later]


def ranks(keys: list[int]) -> list[tuple[int | None, bool]]:
    return [(place.rank, place.tied) for place, _row in places(keys, lambda key: key)]


def test_equals_share_a_rank_and_the_next_one_counts_them() -> None:
    assert ranks([9, 8, 8, 7]) == [(1, False), (2, True), (2, True), (4, False)]
    assert ranks([5, 5, 5]) == [(1, True)] * 3
    assert ranks([]) == []


@given(st.lists(st.integers(0, 5)))
def test_a_rank_is_one_more_than_how_many_stand_before(keys: list[int]) -> None:
    keys.sort(reverse=True)
    assert [rank for rank, _tied in ranks(keys)] == [1 + sum(other > key for other in keys) for key in keys]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(250, 3), 83.33),
        (Fraction(16_667, 200), 83.34),  # 83.335 exactly: half up
        (Fraction(1, 200), 0.01),
        (Fraction(1, 201), 0.0),
        (Fraction(0), 0.0),
        (Fraction(1005, 1000), 1.01),  # as a float 1.00499…
        (100, 100.0),
    ],
)
def test_numbers_shown_are_rounded_half_up_from_the_exact_fraction(value: Fraction, shown: float) -> None:
    assert rounded(value) == shown
