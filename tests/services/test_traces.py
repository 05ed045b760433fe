"""Of device and address nothing is kept but hashes of one contest, and they go when its personal data goes."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from question_bank.database import db, transaction
from quiz.models import Attempt, AttemptTrace, Contest, Person, Signal
from quiz.rules.origin import Origin, network_of
from quiz.rules.permissions import Role
from quiz.services import attempts, forgetting
from tests.builders import a_contest, a_person, holder, submitted
from tests.conftest import StillClock
from tests.players import a_member_of_staff

pytestmark = pytest.mark.usefixtures("context")

PHONE = Origin("key", "phone-phone-phone-phon", "203.0.113.9")


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


def a_start(contest: Contest, person: Person, now: datetime, origin: Origin | None = PHONE) -> int:
    code = f"{contest.id}-{person.id}"
    return attempts.start(contest.slug, holder(person), now=now, seed="0" * 32, entry_code=code, origin=origin)


def trace(attempt_id: int) -> tuple[str | None, str | None]:
    row = db.session.get_one(AttemptTrace, attempt_id)
    return row.device, row.address


def test_one_device_looks_the_same_within_a_contest_and_different_in_another(now: datetime) -> None:
    contest, other = a_contest(now), a_contest(now)
    first, second = a_person(now), a_person(now)
    here = [trace(a_start(contest, person, now)) for person in (first, second)]
    assert here[0] == here[1]
    assert not set(here[0]) & set(trace(a_start(other, first, now)))


def test_neither_device_nor_address_can_be_read_or_guessed_without_the_key(now: datetime) -> None:
    contest = a_contest(now)
    kept = trace(a_start(contest, a_person(now), now))
    assert all(len(each or "") == 64 for each in kept)
    assert Origin("another key", PHONE.device, PHONE.address).traces_in(contest.id) != kept
    assert PHONE.traces_in(contest.id) == kept


def test_a_later_attempt_has_a_trace_too_and_a_running_one_keeps_its_own(now: datetime) -> None:
    contest, person = a_contest(now), a_person(now)
    first = a_start(contest, person, now)
    tablet = Origin("key", "tablet-tablet-tablet-t", "203.0.113.9")
    assert a_start(contest, person, now, tablet) == first
    submitted(first, holder(person), now=now)
    second = a_start(contest, person, now, tablet)
    assert trace(first)[0] != trace(second)[0] and trace(first)[1] == trace(second)[1]


def test_a_start_that_says_nothing_of_itself_leaves_none(now: datetime) -> None:
    a_start(a_contest(now), a_person(now), now, None)
    assert db.session.execute(select(AttemptTrace)).all() == []


def test_devices_of_one_household_share_their_part_of_an_ipv6_address() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::2") != network_of("2001:db8:0:1::1")
    assert network_of("203.0.113.9") != network_of("203.0.113.8")


def left(now: datetime) -> tuple[int, int]:
    db.session.expire_all()
    return tuple(len(db.session.execute(select(table)).all()) for table in (AttemptTrace, Signal))  # type: ignore[return-value]  # two tables, two counts


def noticed(contest: Contest, person: Person, now: datetime) -> None:
    """An attempt with its trace and something that was noticed about it."""
    attempt_id = a_start(contest, person, now)
    with transaction() as session:
        attempt = session.get_one(Attempt, attempt_id)
        session.add(
            Signal(
                contest_id=attempt.contest_id,
                attempt_id=attempt.id,
                kind="burst",
                strength="weak",
                evidence={},
                found_at=now,
            )
        )


def test_on_the_stated_day_they_go_with_what_was_noticed(now: datetime) -> None:
    due, later = a_contest(now), a_contest(now, closes_at="2026-12-20T18:00")
    for contest in (due, later):
        noticed(contest, a_person(now), now)
    forgetting.forget_due(now=now)
    assert left(now) == (2, 2)
    forgetting.forget_due(now=datetime.combine(due.forget_on, now.time(), now.tzinfo) + timedelta(days=1))
    assert left(now) == (1, 1)
    assert db.session.execute(select(AttemptTrace.contest_id)).scalar_one() == later.id


def test_they_go_with_the_person_who_asks_for_it(now: datetime) -> None:
    contest, person = a_contest(now), a_person(now)
    noticed(contest, person, now)
    noticed(contest, a_person(now), now)
    forgetting.forget_person(person.id, actor=a_member_of_staff(Role.ORGANISER, now=now).id, now=now)
    assert left(now) == (1, 1)
