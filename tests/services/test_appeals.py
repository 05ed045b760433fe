"""申诉 go with the personal data of their contest, or with the person who asks to be forgotten."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from question_bank.database import db
from quiz.errors import ChangedMeanwhile, NotEnded
from quiz.models import Appeal, Attempt, Person
from quiz.rules.appeals import Outcome
from quiz.services import appeals, forgetting
from tests.builders import a_contest, a_person, a_start, an_ended_attempt
from tests.conftest import StillClock

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def person(now: datetime) -> Person:
    return a_person(now)


@pytest.fixture
def attempt(now: datetime, person: Person) -> Attempt:
    ended = an_ended_attempt(a_contest(now), person, began=now, ended=now)
    appeals.appeal(ended.id, person.id, "网络断过", now=now)
    return ended


def count() -> int:
    return db.session.execute(select(func.count()).select_from(Appeal)).scalar_one()


def test_it_is_answered_once_and_the_mark_stays(now: datetime, attempt: Attempt) -> None:
    before = attempt.score
    appeals.answer(attempt.id, Outcome.UPHELD, "已补记", actor_id=attempt.entry_id, now=now)
    with pytest.raises(ChangedMeanwhile):
        appeals.answer(attempt.id, Outcome.DISMISSED, "又看了", actor_id=attempt.entry_id, now=now)
    assert attempt.score == before


def test_one_for_each_attempt_once_it_has_ended(now: datetime, person: Person, attempt: Attempt) -> None:
    again, is_new = appeals.appeal(attempt.id, person.id, "再说一次", now=now)
    assert (again.text, is_new, count()) == ("网络断过", False, 1)
    running = a_start(attempt.entry.contest, person, now)
    with pytest.raises(NotEnded):
        appeals.appeal(running.id, person.id, "不服", now=now)


def test_it_goes_with_the_personal_data_of_its_contest(now: datetime, attempt: Attempt) -> None:
    forgetting.forget_due(now=now + timedelta(days=3_000))
    assert count() == 0


def test_it_goes_with_its_person(now: datetime, person: Person, attempt: Attempt) -> None:
    forgetting.forget_person(person.id, actor=person.id, now=now)
    assert count() == 0
