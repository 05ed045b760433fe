"""作废 and 恢复: what a judge rules about attempts and entries, and the ladder that follows at once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from question_bank.database import db
from quiz.errors import Mistakes, NotEnded, NotFound
from quiz.models import Attempt, AuditEntry, Contest, Person, Ruling, Standing
from quiz.queries.people import Scope
from quiz.queries.rulings import why_set_aside
from quiz.services import rulings, signals, standings
from quiz.services.answers import save_answer
from tests.builders import (
    FULL,
    a_contest,
    a_person,
    a_start,
    a_street,
    again,
    an_ended_attempt,
    holder,
    right_answers,
    submitted,
)
from tests.conftest import StillClock

pytestmark = pytest.mark.usefixtures("context")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
WHY = "同一人用两个账号答题"


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def contest(now: datetime) -> Contest:
    return a_contest(now)


@pytest.fixture
def person(now: datetime) -> Person:
    return a_person(now, name="欧阳秘书")


def set_aside(attempt: Attempt, now: datetime, **more: object) -> Ruling:
    given = {"reason": WHY, "actor_id": None, "now": now, **more}
    return rulings.set_aside(attempt.contest_id, attempt.id, **given)  # type: ignore[arg-type]  # whatever a test gives by name


def restore(ruling: Ruling, now: datetime, **more: object) -> Ruling:
    given = {"reason": "核实是本人", "actor_id": None, "now": now, **more}
    return rulings.restore(ruling.contest_id, ruling.id, **given)  # type: ignore[arg-type]  # whatever a test gives by name


def kept_score(contest: Contest) -> int | None:
    """What stands on the ladder of this contest's one entry; it always equals a rebuild."""
    db.session.expire_all()
    assert standings.verify(contest.id) is None
    return db.session.execute(select(Standing.score_sum).where(Standing.contest_id == contest.id)).scalar()


def acts() -> list[str]:
    return list(db.session.execute(select(AuditEntry.act).order_by(AuditEntry.id)).scalars())


def test_what_is_set_aside_counts_for_nothing_until_it_is_restored(
    now: datetime, contest: Contest, person: Person
) -> None:
    attempt = an_ended_attempt(contest, person, began=now, ended=now + MINUTE)
    ruling = set_aside(attempt, now)
    assert kept_score(contest) is None and again(attempt).is_set_aside
    assert (again(attempt).score, why_set_aside(again(attempt))) == (FULL, WHY)
    undoing = restore(ruling, now)
    assert kept_score(contest) == FULL and not again(attempt).is_set_aside
    assert (undoing.kind, undoing.undoes_id) == ("undo", ruling.id)


def test_twice_ends_the_same(now: datetime, contest: Contest, person: Person) -> None:
    attempt = an_ended_attempt(contest, person, began=now, ended=now + MINUTE)
    first, second = set_aside(attempt, now), set_aside(attempt, now)
    assert first.id == second.id
    assert restore(first, now).id == restore(first, now).id
    assert db.session.execute(select(func.count()).select_from(Ruling)).scalar_one() == 2
    assert acts() == ["contest.created", "contest.published", "attempt.set_aside", "attempt.restored"]


def test_another_attempt_of_the_entry_takes_its_place(now: datetime, contest: Contest, person: Person) -> None:
    best = an_ended_attempt(contest, person, began=now, ended=now + MINUTE)
    other = an_ended_attempt(contest, person, began=now + HOUR, ended=now + HOUR + MINUTE, right=1)
    set_aside(best, now)
    assert kept_score(contest) == again(other).score


def test_an_entry_is_set_aside_with_what_it_is_still_answering_and_what_it_will(
    now: datetime, contest: Contest, person: Person
) -> None:
    ended = an_ended_attempt(contest, person, began=now, ended=now + MINUTE)
    running = a_start(contest, person, now + HOUR)
    ruling = set_aside(ended, now + HOUR, whole_entry=True)
    for position, answer in right_answers(running.id).items():
        save_answer(running.id, holder(person), position, answer, now=now + HOUR)
    submitted(running.id, holder(person), now=now + HOUR + MINUTE)  # carries nothing, so it could go the short way
    assert kept_score(contest) is None
    later = a_start(contest, person, now + 2 * HOUR)
    submitted(later.id, holder(person), now=now + 2 * HOUR + MINUTE, answers=right_answers(later.id))
    assert kept_score(contest) is None and again(later).is_set_aside
    restore(ruling, now + 3 * HOUR)
    assert kept_score(contest) == FULL


def test_what_stands_beside_goes_on_setting_it_aside(now: datetime, contest: Contest, person: Person) -> None:
    attempt = an_ended_attempt(contest, person, began=now, ended=now + MINUTE)
    own, whole = set_aside(attempt, now), set_aside(attempt, now, whole_entry=True)
    restore(whole, now)
    assert again(attempt).is_set_aside and kept_score(contest) is None
    restore(own, now)
    assert kept_score(contest) == FULL


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "  ",
        "字" * 201,
        "他的电话是 13812345678",
        "１３８－１２３４－５６７８ 也是他",
        "138 1234 5678",
        "欧阳秘书代答",
    ],
)
def test_a_reason_is_given_and_names_nobody(now: datetime, contest: Contest, person: Person, reason: str) -> None:
    attempt = an_ended_attempt(contest, person, began=now, ended=now + MINUTE)
    with pytest.raises(Mistakes):
        set_aside(attempt, now, reason=reason)
    ruling = set_aside(attempt, now)
    with pytest.raises(Mistakes):
        restore(ruling, now, reason=reason)
    assert again(attempt).is_set_aside


def test_only_what_has_ended_here_and_within_the_scope(now: datetime, contest: Contest) -> None:
    here, elsewhere = a_street(), a_street()
    person = a_person(now, street=here)
    running = a_start(contest, person, now)
    with pytest.raises(NotEnded):
        set_aside(running, now)
    ended = submitted(running.id, holder(person), now=now + MINUTE, answers=right_answers(running.id))
    for whole_entry in (False, True):
        with pytest.raises(NotFound):
            set_aside(ended, now, within=(Scope(street_id=elsewhere.id),), whole_entry=whole_entry)
    with pytest.raises(NotFound):
        rulings.set_aside(a_contest(now).id, ended.id, reason=WHY, actor_id=None, now=now)
    ruling = set_aside(ended, now, within=(Scope(street_id=here.id),))
    with pytest.raises(NotFound):
        restore(ruling, now, within=(Scope(street_id=elsewhere.id),))
    with pytest.raises(NotFound):
        rulings.restore(contest.id, ruling.id + 99, reason=WHY, actor_id=None, now=now)


def test_what_is_set_aside_cannot_be_kept_without_a_ruling(now: datetime, contest: Contest, person: Person) -> None:
    attempt = an_ended_attempt(contest, person, began=now, ended=now + MINUTE)
    set_aside(attempt, now)
    with pytest.raises(Mistakes):
        signals.keep(contest.id, attempt.id, actor_id=person.id, now=now)
