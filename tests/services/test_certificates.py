"""证书: earned by an attempt, taken once, void when its attempt is, and without a way back to the person in time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from question_bank.database import db, transaction
from quiz.errors import NoCertificate, NotFound
from quiz.models import Attempt, Certificate, Contest, Person
from quiz.queries import certificates as find
from quiz.rules.certificates import CORRECTED, SET_ASIDE
from quiz.services import certificates, forgetting
from tests.builders import FULL, QUESTIONS, a_contest, a_person, an_ended_attempt
from tests.conftest import MORNING

pytestmark = pytest.mark.usefixtures("context")

ENDED = MORNING + timedelta(minutes=5)
CODE, ANOTHER = "ABCDEFGHJKMN", "23456789ABCD"


@pytest.fixture
def contest() -> Contest:
    return a_contest(MORNING, certificate={"mark": 20}, forget_on="2026-09-01")


@pytest.fixture
def person() -> Person:
    return a_person(MORNING, name="司马相如")


def tried(contest: Contest, person: Person, right: int, minutes: int = 0) -> Attempt:
    began = MORNING + timedelta(minutes=minutes)
    return an_ended_attempt(contest, person, began=began, ended=began + timedelta(minutes=5), right=right)


def taken(contest: Contest, person: Person, code: str = CODE) -> Certificate:
    return certificates.issue(contest, person.id, code=code, now=ENDED)


def change(attempt_id: int, **values: Any) -> None:
    """What a ruling does to an attempt."""
    with transaction() as session:
        for name, value in values.items():
            setattr(session.get_one(Attempt, attempt_id), name, value)


def test_it_is_over_the_best_attempt_and_stays_what_it_says(contest: Contest, person: Person) -> None:
    low = tried(contest, person, right=QUESTIONS)
    change(low.id, score=2_000)
    best = tried(contest, person, right=QUESTIONS, minutes=10)
    change(best.id, score=2_500)
    certificate = taken(contest, person)
    assert (certificate.attempt_id, certificate.score, certificate.full) == (best.id, 2_500, FULL)
    assert (certificate.name, certificate.masked_name) == ("司马相如", "司马**")
    tried(contest, person, right=QUESTIONS, minutes=20)
    again = taken(contest, person, ANOTHER)
    assert (again.id, again.code, again.score) == (certificate.id, CODE, 2_500)


def test_below_the_mark_without_one_or_without_an_entry_there_is_none(contest: Contest, person: Person) -> None:
    with pytest.raises(NotFound):
        taken(contest, person)
    attempt = tried(contest, person, right=QUESTIONS)
    change(attempt.id, score=1_999)
    with pytest.raises(NoCertificate):
        taken(contest, person)
    plain = a_contest(MORNING)
    tried(plain, person, right=QUESTIONS)
    with pytest.raises(NoCertificate):
        taken(plain, person)


@pytest.mark.parametrize(
    ("ruling", "reason"),
    [({"is_set_aside": True}, SET_ASIDE), ({"score": 2_100}, CORRECTED), ({"score": 0}, CORRECTED)],
)
def test_it_falls_with_its_attempt_and_another_one_may_earn_a_new_one(
    contest: Contest, person: Person, ruling: dict[str, Any], reason: str
) -> None:
    attempt = tried(contest, person, right=QUESTIONS)
    certificate = taken(contest, person)
    change(attempt.id, **ruling)
    assert find.why_void_now(certificate) == reason
    change(attempt.id, is_set_aside=True)
    with pytest.raises(NoCertificate):
        taken(contest, person, ANOTHER)
    other = tried(contest, person, right=QUESTIONS, minutes=10)
    assert taken(contest, person, ANOTHER).attempt_id == other.id
    old = find.certificate_by_code(CODE)
    assert old and (old.name, old.entry_id, old.attempt_id) == (None, None, None)
    change(attempt.id, is_set_aside=False, score=FULL)
    assert find.why_void_now(old) == SET_ASIDE  # what was revoked stays so


@pytest.mark.parametrize("on_request", [True, False])
def test_in_time_no_name_and_no_way_to_the_person_is_left(contest: Contest, person: Person, on_request: bool) -> None:
    tried(contest, person, right=QUESTIONS)
    taken(contest, person)
    other = a_person(MORNING, name="李强")
    set_aside = tried(contest, other, right=QUESTIONS)
    taken(contest, other, ANOTHER)
    change(set_aside.id, is_set_aside=True)
    if on_request:
        for each in (person, other):
            forgetting.forget_person(each.id, actor=7, now=ENDED)
    else:
        forgetting.forget_due(now=datetime(2026, 9, 2, tzinfo=UTC))
    db.session.expire_all()
    kept = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    assert [(c.name, c.entry_id, c.attempt_id) for c in kept] == [(None, None, None)] * 2
    assert [(c.code, c.masked_name, c.score) for c in kept] == [(CODE, "司马**", FULL), (ANOTHER, "李*", FULL)]
    assert [find.why_void_now(c) for c in kept] == ["", SET_ASIDE]  # and what was void stays void


def test_whoever_else_is_forgotten_the_certificate_stays(contest: Contest, person: Person) -> None:
    other = a_person(MORNING)
    for each in (person, other):
        tried(contest, each, right=QUESTIONS)
    certificate = taken(contest, person)
    forgetting.forget_person(other.id, actor=7, now=ENDED)
    db.session.expire_all()
    assert certificate.name == "司马相如"
