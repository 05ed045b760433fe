"""Deadline, grace, elapsed, and the period that a moment belongs to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quiz.rules import timing
from quiz.rules.contest import ContestTerms
from quiz.rules.terms_reader import read_terms

NINE = datetime(2026, 6, 20, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai
CLOSING = datetime(2026, 7, 20, 10, 0, tzinfo=UTC)  # 18:00
MS = timedelta(milliseconds=1)


def terms(**changes: Any) -> ContestTerms:
    return read_terms(changes, title="竞赛", opens_at="2026-06-20T09:00", closes_at="2026-07-20T18:00")


def test_the_deadline_is_start_and_limit() -> None:
    assert timing.deadline_of(terms(time_limit_s=1200), NINE) == NINE + timedelta(minutes=20)


def test_the_closing_time_cuts_the_deadline_and_extra_time_comes_on_top() -> None:
    late = CLOSING - timedelta(minutes=5)
    assert timing.deadline_of(terms(), late) == CLOSING
    assert timing.deadline_of(terms(), late, extra_ms=60_000) == CLOSING + timedelta(minutes=1)
    assert timing.deadline_of(terms(), NINE, extra_ms=1) == NINE + timedelta(minutes=20) + MS


def test_saves_are_taken_to_the_last_millisecond_of_the_grace_and_past_closing_too() -> None:
    deadline = timing.deadline_of(terms(), CLOSING - timedelta(minutes=5))
    until = timing.accepts_until(terms(grace_s=10), deadline)
    assert until == CLOSING + timedelta(seconds=10)
    assert not timing.is_overdue(until, until)
    assert timing.is_overdue(until, until + MS)


def test_without_grace_the_deadline_itself_is_the_last_moment() -> None:
    deadline = timing.deadline_of(terms(grace_s=0), NINE)
    assert timing.accepts_until(terms(grace_s=0), deadline) == deadline


def test_time_left_never_falls_below_nought() -> None:
    deadline = NINE + timedelta(minutes=20)
    assert timing.remaining_ms(deadline, NINE) == 1_200_000
    assert timing.remaining_ms(deadline, deadline) == 0
    assert timing.remaining_ms(deadline, deadline + timedelta(seconds=5)) == 0


def test_elapsed_is_cut_to_whole_milliseconds() -> None:
    assert timing.elapsed_ms(NINE, NINE + timedelta(seconds=1, microseconds=999)) == 1000


@pytest.mark.parametrize(
    ("moment", "period"),
    [
        ("2026-06-20T15:59:59.999", "2026-06-20"),  # UTC: a millisecond before midnight in Shanghai
        ("2026-06-20T16:00:00", "2026-06-21"),
        ("2026-06-21T00:00:00", "2026-06-21"),
    ],
)
def test_days_are_counted_in_the_zone_of_the_contest(moment: str, period: str) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert timing.period_at(terms(attempts={"allowed": 1, "per": "day"}), now) == period


def test_without_periods_everything_is_one() -> None:
    assert timing.period_at(terms(), NINE) == ""


ROUNDS = [
    {"key": "r1", "from": "2026-06-20T09:00", "to": "2026-06-21T09:00"},
    {"key": "r2", "from": "2026-06-22T09:00", "to": "2026-06-23T09:00"},
]


@pytest.mark.parametrize(
    ("hours", "period", "next_one"),
    [(-1, None, 0), (0, "r1", 48), (23.99, "r1", 48), (24, None, 48), (48, "r2", None), (72, None, None)],
)
def test_a_round_begins_with_its_first_moment_and_ends_before_its_last(
    hours: float, period: str | None, next_one: int | None
) -> None:
    of_rounds = terms(attempts={"allowed": 1, "per": "round", "rounds": ROUNDS})
    now = NINE + timedelta(hours=hours)
    assert timing.period_at(of_rounds, now) == period
    opens = None if next_one is None else NINE + timedelta(hours=next_one)
    assert timing.next_round_opens(of_rounds, now) == opens
