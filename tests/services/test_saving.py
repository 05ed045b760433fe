"""The ordinary save is one statement, and says in every case what the rule says."""

import json
from contextlib import nullcontext
from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
from flask import current_app
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, text

from question_bank.database import db, transaction
from question_bank.kinds import QuestionKind
from question_bank.prepared import own_connection
from quiz.errors import BadAnswer, Superseded
from quiz.models import Answer, Attempt, Person
from quiz.queries import attempts as find
from quiz.rules.answering import Stored, Verdict, settle
from quiz.services import answers
from tests.builders import a_contest, a_person, a_start, holder
from tests.conftest import AS_FOUND, StillClock

pytestmark = pytest.mark.usefixtures("context")

SECOND = timedelta(seconds=1)


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock.now


@pytest.fixture
def person(now: datetime) -> Person:
    return a_person(now)


@pytest.fixture
def attempt(now: datetime, person: Person) -> Attempt:
    return a_start(a_contest(now), person, now)


@pytest.fixture
def at(attempt: Attempt) -> int:
    """The position of a 单选题."""
    paper = find.paper_contents(attempt.id)
    assert paper
    return next(p.number for p in paper.positions if p.content.kind is QuestionKind.SINGLE_CHOICE)


numbers = st.none() | st.integers(0, 4)
saves = st.lists(
    st.tuples(st.sampled_from([["A"], ["B"], []]), numbers, st.sampled_from([None, "手机", "电脑"]), numbers),
    min_size=1,
    max_size=8,
)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=AS_FOUND)
@given(saves)
def test_any_history_of_saves_ends_as_the_rule_says(
    now: datetime, attempt: Attempt, person: Person, at: int, history: list[Any]
) -> None:
    """Repeats, quarrels and clearings of two devices, each save held against ``settle`` and what stood before it."""
    with transaction() as session:
        session.execute(delete(Answer))
    mark, chosen = Stored(), []
    for step, (answer, revision, device, seq) in enumerate(history):
        verdict = settle(mark, revision=revision, device=device, seq=seq)
        said = outcome(attempt, person, at, answer, now + step * SECOND, revision, device, seq)
        if verdict is Verdict.TAKE:
            mark, chosen = Stored(mark.revision + 1, device, seq), answer
        assert (
            said
            == {
                Verdict.TAKE: ("saved", answer, mark.revision),
                Verdict.REPEAT: ("saved", chosen, mark.revision),
                Verdict.SUPERSEDED: ("superseded", chosen, mark.revision),
                Verdict.AHEAD: ("bad", None, None),
            }[verdict]
        )
    assert stored(attempt, at) == mark


def outcome(
    attempt: Attempt,
    person: Person,
    at: int,
    answer: list[str],
    now: datetime,
    revision: int | None,
    device: str | None,
    seq: int | None,
) -> tuple[Any, ...]:
    try:
        saved = answers.save_answer(
            attempt.id, holder(person), at, answer, now=now, revision=revision, device=device, seq=seq
        )
    except Superseded as refusal:
        return "superseded", refusal.facts["answer"], refusal.facts["revision"]
    except BadAnswer:
        return "bad", None, None
    return "saved", saved.answer, saved.revision


def stored(attempt: Attempt, at: int) -> Stored:
    answer = find.answers_of(attempt.id).get(at)
    return Stored(answer.revision, answer.device, answer.seq) if answer else Stored()


def test_an_ordinary_save_is_one_statement(now: datetime, attempt: Attempt, person: Person, at: int) -> None:
    """Own attempt, not ended, in time, and the write itself: nothing else is asked of the database."""
    number, me = attempt.id, holder(person)
    answers.save_answer(number, me, at, ["A"], now=now)  # reads the paper, which the process keeps
    pooled: list[str] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        pooled.append(statement)

    own: list[str] = []
    if db.engine.dialect.name == "sqlite":
        with own_connection(db.engine) as connection:  # the one that was used last, and will be next
            connection.set_trace_callback(own.append)
    event.listen(db.engine, "before_cursor_execute", count)
    try:
        answers.save_answer(number, me, at, ["B"], now=now, revision=1, device="d", seq=1, away_ms=5)
    finally:
        event.remove(db.engine, "before_cursor_execute", count)
    assert pooled == []
    if db.engine.dialect.name == "sqlite":
        with own_connection(db.engine) as connection:
            connection.set_trace_callback(None)
        assert [statement.split()[0] for statement in own] == ["INSERT"]


def test_an_answer_keeps_its_first_moment_and_moves_its_last(
    now: datetime, attempt: Attempt, person: Person, at: int
) -> None:
    for second, answer in enumerate((["A"], ["B"], [])):
        answers.save_answer(attempt.id, holder(person), at, answer, now=now + second * SECOND)
    row = find.answers_of(attempt.id)[at]
    assert (row.first_at, row.last_at, row.revision, json.loads(row.chosen)) == (now, now + 2 * SECOND, 3, [])


DAY_MS = 24 * 3600 * 1000


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ((None, None), None),
        ((0, None), 0),
        ((None, 40), 40),
        ((1_500, 0, 20), 1_520),
        ((DAY_MS, DAY_MS, 1), DAY_MS),
    ],
)
@pytest.mark.parametrize("is_part", [False, True])
def test_how_long_nobody_looked_adds_up_to_a_day_at_most(
    now: datetime,
    attempt: Attempt,
    person: Person,
    at: int,
    said: tuple[int | None, ...],
    kept: int | None,
    is_part: bool,
) -> None:
    """In the one statement of an ordinary save, and in that of a save inside a larger act."""
    for seq, away_ms in enumerate(said):
        with transaction() if is_part else nullcontext():
            answers.save_answer(attempt.id, holder(person), at, ["A"], now=now, device="d", seq=seq, away_ms=away_ms)
    assert find.answers_of(attempt.id)[at].away_ms == kept


def test_a_repeat_of_a_save_is_not_counted_again(now: datetime, attempt: Attempt, person: Person, at: int) -> None:
    for _lost_reply in range(3):
        answers.save_answer(attempt.id, holder(person), at, ["A"], now=now, device="d", seq=1, away_ms=700)
    assert find.answers_of(attempt.id)[at].away_ms == 700


def test_a_save_survives_that_the_connection_is_gone(now: datetime, attempt: Attempt, person: Person, at: int) -> None:
    """As after a restart of PostgreSQL, or a proxy that closes what has long been silent."""
    answers.save_answer(attempt.id, holder(person), at, ["A"], now=now, device="d", seq=1)
    with own_connection(db.engine) as connection:
        if db.engine.dialect.name == "sqlite":
            connection.close()
        else:
            with db.engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": connection.info.backend_pid})
    saved = answers.save_answer(attempt.id, holder(person), at, ["B"], now=now, device="d", seq=2)
    assert (saved.answer, saved.revision) == (["B"], 2)


def test_a_save_inside_a_larger_act_is_committed_with_it_or_not_at_all(
    now: datetime, attempt: Attempt, person: Person, at: int
) -> None:
    with pytest.raises(RuntimeError), transaction():
        answers.save_answer(attempt.id, holder(person), at, ["A"], now=now)
        raise RuntimeError
    assert find.answers_of(attempt.id) == {}


def test_threads_that_save_in_turn_share_one_connection(
    now: datetime, attempt: Attempt, person: Person, at: int
) -> None:
    """A server has more threads than a database should have connections."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy does not reach other threads
    number, me, used = attempt.id, holder(person), []

    def save_once() -> None:
        with app.app_context():
            answers.save_answer(number, me, at, ["A"], now=now)
            with own_connection(db.engine) as connection:
                used.append(connection)

    for _ in range(3):
        thread = Thread(target=save_once)
        thread.start()
        thread.join()
    assert len(used) == 3 and len(set(map(id, used))) == 1
