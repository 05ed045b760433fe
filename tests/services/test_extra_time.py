"""补时: deadlines of running attempts move, on record; what has ended stays ended."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from question_bank.database import db
from quiz.errors import ChangedMeanwhile, Ended, Mistakes, NotFound
from quiz.models import Attempt, AuditEntry, Contest, Person, Ruling
from quiz.queries import extra_time as find
from quiz.services import contests, extra_time
from quiz.services.answers import save_answer
from quiz.services.extra_time import Given
from tests.builders import a_contest, a_person, a_start, again, holder, right_answers, submitted
from tests.conftest import MORNING

pytestmark = pytest.mark.usefixtures("context")

FIVE = timedelta(minutes=5)
LATER = MORNING + timedelta(minutes=10)
DEADLINE = MORNING + timedelta(minutes=20)
GRACE = timedelta(seconds=10)


@pytest.fixture
def contest() -> Contest:
    return a_contest(MORNING)


@pytest.fixture
def person() -> Person:
    return a_person(MORNING)


@pytest.fixture
def attempt(contest: Contest, person: Person) -> Attempt:
    return a_start(contest, person, MORNING)


def give(contest: Contest, *, now: datetime = LATER, **more: Any) -> Given:
    return extra_time.give(contest.id, **{"minutes": 5, "reason": "停电", "actor_id": 7, "now": now, **more})


def undo(given: Given, contest: Contest, *, now: datetime = LATER, reason: str = "给错了") -> Given:
    return extra_time.undo(given.ruling_id, contest.id, reason=reason, actor_id=7, now=now)


def times(attempt: Attempt) -> tuple[datetime, datetime, int]:
    found: Attempt = again(attempt)
    return found.deadline, found.accepts_until, found.extra_ms


def test_all_who_are_answering_get_it_and_nobody_else(contest: Contest, attempt: Attempt) -> None:
    other = a_start(contest, a_person(MORNING), MORNING)
    elsewhere = a_start(a_contest(MORNING), a_person(MORNING), MORNING)
    done = a_start(contest, third := a_person(MORNING), MORNING)
    submitted(done.id, holder(third), now=LATER)
    assert give(contest).attempts == 2
    for each in (attempt, other):
        assert times(each) == (DEADLINE + FIVE, DEADLINE + FIVE + GRACE, 300_000)
    for each in (elsewhere, done):
        assert times(each) == (DEADLINE, DEADLINE + GRACE, 0)


def test_one_person_by_entry_code_or_phone(contest: Contest, attempt: Attempt, person: Person) -> None:
    other = a_start(contest, a_person(MORNING), MORNING)
    given = give(contest, whom=attempt.entry.entry_code.lower())
    give(contest, whom=person.phone)
    assert times(attempt)[2] == 600_000 and times(other)[2] == 0
    ruling = db.session.get_one(Ruling, given.ruling_id)
    assert (ruling.kind, ruling.attempt_id, ruling.value) == ("extra_time", attempt.id, {"ms": 300_000, "attempts": 1})
    with pytest.raises(Mistakes, match="没有这个参赛编号"):
        give(contest, whom="NOBODY")


def test_answers_are_taken_for_as_long_as_was_given(contest: Contest, attempt: Attempt, person: Person) -> None:
    give(contest)
    last = DEADLINE + FIVE + GRACE
    saved = save_answer(attempt.id, holder(person), 1, right_answers(attempt.id)[1], now=DEADLINE + FIVE - GRACE)
    assert saved.remaining_ms == 10_000
    save_answer(attempt.id, holder(person), 1, [], now=last)
    with pytest.raises(Ended):
        save_answer(attempt.id, holder(person), 1, [], now=last + timedelta(milliseconds=1))


def test_within_the_grace_it_still_helps_and_past_it_nothing_is_opened_again(
    contest: Contest, attempt: Attempt
) -> None:
    give(contest, now=DEADLINE + GRACE)
    assert times(attempt)[0] == DEADLINE + FIVE
    too_late = DEADLINE + FIVE + GRACE + timedelta(milliseconds=1)
    with pytest.raises(Mistakes, match="没有人在答题"):
        give(contest, now=too_late)
    with pytest.raises(Mistakes, match="不能再补时"):
        give(contest, now=too_late, whom=attempt.entry.entry_code)
    assert times(attempt) == (DEADLINE + FIVE, DEADLINE + FIVE + GRACE, 300_000)


def test_who_began_late_uses_it_past_the_closing_time(person: Person) -> None:
    closes_at = MORNING + timedelta(minutes=12)
    contest = a_contest(MORNING, closes_at=closes_at)
    attempt = a_start(contest, person, LATER)
    assert times(attempt)[0] == closes_at  # two minutes instead of twenty
    give(contest, now=LATER + timedelta(minutes=1))
    late = closes_at + timedelta(minutes=4)
    saved = save_answer(attempt.id, holder(person), 1, right_answers(attempt.id)[1], now=late)
    assert saved.remaining_ms == 60_000
    assert a_start(contest, person, late).id == attempt.id  # the way back is open, though the contest is closed
    ended = submitted(attempt.id, holder(person), now=late)
    assert (ended.ended_at, ended.elapsed_ms, ended.answered) == (late, 360_000, 1)


def test_it_can_be_given_after_closing_to_who_is_still_within_the_grace(person: Person) -> None:
    contest = a_contest(MORNING, closes_at=LATER)
    attempt = a_start(contest, person, MORNING)
    give(contest, now=LATER + GRACE)
    assert times(attempt) == (LATER + FIVE, LATER + FIVE + GRACE, 300_000)


def test_a_later_closing_time_leaves_it_on_top(attempt: Attempt, contest: Contest) -> None:
    give(contest)
    closes_at = contest.terms.closes_at + timedelta(days=1)
    contests.move_closing(contest.id, closes_at, reason="延长", actor_id=7, now=LATER)
    assert times(attempt) == (DEADLINE + FIVE, DEADLINE + FIVE + GRACE, 300_000)


def test_another_ruling_takes_it_back_but_never_time_that_was_used(contest: Contest, attempt: Attempt) -> None:
    given = give(contest)
    late = a_start(contest, a_person(MORNING), LATER)  # began after the outage
    assert undo(given, contest, now=DEADLINE + timedelta(minutes=2)).attempts == 1
    assert times(attempt) == (DEADLINE + timedelta(minutes=2), DEADLINE + timedelta(minutes=2) + GRACE, 120_000)
    assert times(late)[2] == 0
    with pytest.raises(ChangedMeanwhile):
        undo(given, contest)


def test_in_time_it_is_taken_back_whole(contest: Contest, attempt: Attempt) -> None:
    given = give(contest, whom=attempt.entry.entry_code)
    undo(given, contest)
    assert times(attempt) == (DEADLINE, DEADLINE + GRACE, 0)
    ((ruling, undone),) = find.extra_times(contest.id)
    assert undone and (ruling.id, undone.reason, undone.undoes_id) == (given.ruling_id, "给错了", ruling.id)


def test_once_the_attempt_has_ended_it_stays(contest: Contest, attempt: Attempt, person: Person) -> None:
    given = give(contest)
    submitted(attempt.id, holder(person), now=LATER)
    with pytest.raises(Mistakes, match="都已经结束"):
        undo(given, contest)
    with pytest.raises(NotFound):
        undo(given, a_contest(MORNING))
    with pytest.raises(NotFound):
        undo(Given(10_000, 0), contest)


def test_a_second_tap_on_the_button_gives_nothing(contest: Contest, attempt: Attempt) -> None:
    seen = find.last_ruling_id(contest.id)
    give(contest, seen=seen)
    with pytest.raises(ChangedMeanwhile):
        give(contest, seen=seen)
    assert times(attempt)[2] == 300_000


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"minutes": 0}, "1 到 1440"),
        ({"minutes": 1441}, "1 到 1440"),
        ({"reason": "  "}, "写明原因"),
        ({"reason": "长" * 201}, "最多 200"),
    ],
)
def test_what_cannot_be_given(contest: Contest, attempt: Attempt, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(Mistakes, match=said):
        give(contest, **wrong)
    assert times(attempt)[2] == 0 and find.last_ruling_id(contest.id) == 0


def test_one_attempt_gets_a_week_at_most(contest: Contest, attempt: Attempt) -> None:
    for _day in range(7):
        give(contest, minutes=1440)
    with pytest.raises(Mistakes, match="7 天"):
        give(contest)


def test_both_acts_are_on_record(contest: Contest, attempt: Attempt) -> None:
    undo(give(contest), contest)
    acts = select(AuditEntry).where(AuditEntry.act.like("attempts.%")).order_by(AuditEntry.id)
    gave, took = db.session.scalars(acts)
    assert (gave.act, took.act) == ("attempts.extra_time", "attempts.extra_time_undone")
    assert gave.details["minutes"] == took.details["minutes"] == 5 and took.details["undoes"] == gave.details["ruling"]
    assert (gave.details["attempts"], gave.details["reason"], gave.actor_id) == (1, "停电", 7)
