"""The ordinary start and hand-in are a few prepared statements, and do exactly what the careful way does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import inspect, select, text

from question_bank.database import db, transaction
from question_bank.prepared import own_connection
from quiz.models import Attempt, Marking, Standing
from quiz.queries.attempts import paper_contents
from quiz.rules.marking import QuestionRuling, RulingKind
from quiz.services import attempts, question_rulings
from quiz.services.first_start import Beginning, first_start
from quiz.services.hand_in import hand_in
from tests.builders import a_contest, a_person, a_start, holder, right_answers
from tests.conftest import StillClock

pytestmark = pytest.mark.usefixtures("context")

MINUTE = timedelta(minutes=1)
COUNTS = ("best", "last", "mean", "daily_sum")


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock.now


def written(attempt_id: int) -> list[dict[str, Any]]:
    """The attempt, its markings and its entry's standing, column by column."""
    attempt = db.session.get_one(Attempt, attempt_id, populate_existing=True)
    markings = db.session.scalars(select(Marking).where(Marking.attempt_id == attempt_id)).all()
    standing = db.session.get(Standing, attempt.entry_id, populate_existing=True)
    return [values(row) for row in (attempt, *markings, *([standing] if standing else []))]


def values(row: Any) -> dict[str, Any]:
    skipped = {"id"} if isinstance(row, Marking) else set()
    return {each.key: getattr(row, each.key) for each in inspect(row).mapper.column_attrs if each.key not in skipped}


@pytest.mark.parametrize("counts", COUNTS)
@pytest.mark.parametrize("answered", [0, 2, None], ids=["nothing answered", "some", "everything"])
def test_a_hand_in_is_the_same_in_both_ways(now: datetime, counts: str, answered: int | None) -> None:
    contest = a_contest(now, counts=counts, attempts={"allowed": 3, "per": "contest", "rounds": []})
    person = a_person(now)
    me, first = holder(person), a_start(contest, person, now)
    attempts.submit(first.id, me, now=now + MINUTE, answers=dict(list(right_answers(first.id).items())[:1]))
    attempt_id = a_start(contest, person, now + 2 * MINUTE).id
    ended_at = now + 5 * MINUTE
    for position, answer in list(right_answers(attempt_id).items())[:answered]:
        attempts.save_answer(attempt_id, me, position, answer, now=now + 3 * MINUTE)
    with pytest.raises(RuntimeError), transaction():
        attempts.submit(attempt_id, me, now=ended_at)
        db.session.flush()
        carefully = written(attempt_id)
        raise RuntimeError
    db.session.expunge_all()
    assert hand_in(attempt_id, me, now=ended_at)
    assert written(attempt_id) == carefully


def test_a_ruling_about_a_question_counts_for_who_hands_in_after_it(now: datetime) -> None:
    contest, person = a_contest(now), a_person(now)
    attempt_id = a_start(contest, person, now).id
    paper = paper_contents(attempt_id)
    assert paper
    full_marks = QuestionRuling(RulingKind.FULL_MARKS)
    question_rulings.rule(contest.id, paper.lines[0].version, full_marks, reason="题目有误", actor_id=None, now=now)
    attempts.submit(attempt_id, holder(person), now=now + MINUTE)  # with nothing answered
    db.session.expunge_all()
    assert db.session.get_one(Attempt, attempt_id).score == paper.lines[0].points


def test_an_ordinary_first_start_needs_no_other_way(now: datetime) -> None:
    contest = a_contest(now)
    a_start(contest, a_person(now), now)  # from here on the contest counts their unit
    attempt_id = first_start(contest.slug, holder(a_person(now)), Beginning(now, "0" * 32, "E-FIRST"))
    assert attempt_id is not None
    attempt = db.session.get_one(Attempt, attempt_id)
    assert (attempt.number, attempt.started_at, attempt.ended_at) == (1, now, None)


def test_an_act_survives_that_the_connection_is_gone(now: datetime) -> None:
    """As after a restart of PostgreSQL, or a proxy that closes what has long been silent."""
    contest = a_contest(now)
    a_start(contest, a_person(now), now)
    person = a_person(now)
    lose_own_connection()
    attempt_id = first_start(contest.slug, holder(person), Beginning(now, "0" * 32, "E-FIRST"))
    assert attempt_id is not None
    lose_own_connection()
    assert hand_in(attempt_id, holder(person), now=now + MINUTE)


def lose_own_connection() -> None:
    with own_connection(db.engine) as connection:
        if db.engine.dialect.name == "sqlite":
            connection.close()
        else:
            with db.engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": connection.info.backend_pid})


def test_an_act_that_fails_leaves_nothing(now: datetime) -> None:
    """The last statements go together with the COMMIT: one that fails takes the others with it."""
    contest, person = a_contest(now), a_person(now)
    me, attempt_id = holder(person), a_start(contest, person, now).id
    with transaction() as session:
        session.add(
            Marking(attempt_id=attempt_id, number=1, points=[], worth=[], score=0, full=0, made_from="", made_at=now)
        )
    with pytest.raises(db.engine.dialect.loaded_dbapi.IntegrityError):
        hand_in(attempt_id, me, now=now + MINUTE)
    db.session.expunge_all()
    assert db.session.get_one(Attempt, attempt_id).ended_at is None
    assert is_usable()


def is_usable() -> bool:
    with own_connection(db.engine) as connection:
        return bool(connection.execute("SELECT 1").fetchone())
