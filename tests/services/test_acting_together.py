"""Starts and hand-ins that wait at the same time are done side by side and committed together; each is told of its own,
and only when it is stored."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Lock
from time import monotonic, sleep
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import Text, func, select, text, update

from question_bank import acts, lines
from question_bank.acts import Act, ForMany, Steps
from question_bank.database import Big, db
from quiz.cli.serve import THREADS
from quiz.models import Attempt, Contest, Entry, Marking, Person
from quiz.queries import standings as ladders
from quiz.rules.origin import Origin
from quiz.services import answers, attempts, first_start, hand_in, standings
from tests.builders import a_contest, a_person, a_start, holder, right_answers
from tests.conftest import StillClock

pytestmark = pytest.mark.usefixtures("context")

WITHIN_S = 60
MINUTE = timedelta(minutes=1)


class Gate:
    """Acts in threads of their own, which wait until all are there; ``commits`` are those made since."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.commits = 0
        self.trouble: list[Exception] = []
        """What goes wrong before somebody may write, one after the other."""
        self._arrived, self._counting, self._open = 0, Lock(), Event()
        self._app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy does not reach other threads
        write_queue, together = acts.write_queue, acts._together

        @contextmanager
        def gated(engine: Any) -> Iterator[None]:
            with self._counting:
                self._arrived += 1
            assert self._open.wait(WITHIN_S)
            if self.trouble:
                raise self.trouble.pop()
            with write_queue(engine):
                yield

        def watched(dialect: Any, connection: Any, *statements: Any) -> Any:
            rows = together(dialect, connection, *statements)
            self.commits += "COMMIT" in statements
            return rows

        monkeypatch.setattr(acts, "write_queue", gated)
        monkeypatch.setattr(acts, "_together", watched)

    def asked(self, threads: ThreadPoolExecutor, *each: Callable[[], Any]) -> list["Future[Any]"]:
        self._open.clear()
        self._arrived = self.commits = 0
        asked = [threads.submit(self._within_the_app, one) for one in each]
        until = monotonic() + WITHIN_S
        while self._there() < len(each):
            assert monotonic() < until
            sleep(0.001)
        self._open.set()
        return asked

    def outcomes(self, *each: Callable[[], Any]) -> list[Any]:
        """What each gave, or the error that it raised."""
        with ThreadPoolExecutor(THREADS) as threads:
            found = [one.exception(WITHIN_S) or one.result() for one in self.asked(threads, *each)]
        db.session.rollback()  # what this thread reads next is what the others have written
        return found

    def _within_the_app(self, one: Callable[[], Any]) -> Any:
        with self._app.app_context():
            return one()

    def _there(self) -> int:
        lines = (act._lines.get(db.engine) for act in (first_start._FIRST_START, hand_in._HAND_IN, CALLING))
        return sum(len(line._waiting) for line in lines if line)


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock.now


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    return Gate(monkeypatch)


@pytest.fixture
def contest(now: datetime) -> Contest:
    return a_contest(now)


@pytest.fixture
def people(contest: Contest, now: datetime) -> list[Person]:
    a_start(contest, a_person(now), now)  # from here on starts are ordinary
    return [a_person(now) for _ in range(6)]


def a_first_start(contest: Contest, person: Person, now: datetime, tap: int = 0) -> "partial[int]":
    seed, code = f"{person.id:016x}{tap:016x}", f"E{person.id}-{tap}"
    return partial(attempts.start, contest.slug, holder(person), now=now, seed=seed, entry_code=code)


def a_hand_in(person: Person, attempt_id: int, now: datetime) -> Callable[[], None]:
    return partial(attempts.submit, attempt_id, holder(person), now=now)


def test_starts_that_wait_together_share_a_commit(
    contest: Contest, people: list[Person], gate: Gate, now: datetime
) -> None:
    ids = gate.outcomes(*(a_first_start(contest, person, now) for person in people))
    assert gate.commits == 1
    begun = [db.session.get_one(Attempt, id) for id in ids]
    assert [each.entry.person_id for each in begun] == [person.id for person in people]
    assert len({each.paper_id for each in begun}) == 6
    assert standings.verify(contest.id) is None


def test_hand_ins_that_wait_together_share_a_commit(
    contest: Contest, people: list[Person], gate: Gate, now: datetime
) -> None:
    begun = gate.outcomes(*(a_first_start(contest, person, now) for person in people))
    handed_in = [a_hand_in(*each, now + MINUTE) for each in zip(people, begun, strict=True)]
    assert gate.outcomes(*handed_in) == [None] * 6
    assert gate.commits == 1
    ended = db.session.scalars(select(Attempt).where(Attempt.id.in_(begun))).all()
    assert [(each.ended_at, each.ended_by) for each in ended] == [(now + MINUTE, "person")] * 6
    assert standings.verify(contest.id) is None


def test_first_and_repeated_attempts_are_handed_in_together(people: list[Person], gate: Gate, now: datetime) -> None:
    """With a repeated one leaves the counts what stood before; before a first one nothing stood."""
    contest = a_contest(now, attempts={"allowed": 2}, counts="best")
    again = people[-1]
    (earlier,) = gate.outcomes(a_first_start(contest, again, now))
    answers.save_answer(earlier, holder(again), 1, right_answers(earlier)[1], now=now + MINUTE)
    gate.outcomes(a_hand_in(again, earlier, now + 3 * MINUTE))
    begun = gate.outcomes(*(a_first_start(contest, person, now + 4 * MINUTE) for person in people))
    for person, attempt_id in zip(people, begun, strict=True):
        given = right_answers(attempt_id)[1]
        answers.save_answer(attempt_id, holder(person), 1, given, now=now + 5 * MINUTE)
    handed_in = [a_hand_in(*each, now + 6 * MINUTE) for each in zip(people, begun, strict=True)]
    assert gate.outcomes(*handed_in) == [None] * 6
    assert gate.commits == 1
    assert standings.verify(contest.id) is None
    assert ladders.persons_total(contest.id) == 6


def test_nobody_is_told_before_the_commit(
    contest: Contest, people: list[Person], gate: Gate, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, is_done = [], lines.Waiting.is_done

    def noted(waiting: lines.Waiting) -> None:
        told.append(gate.commits)
        is_done(waiting)

    monkeypatch.setattr(lines.Waiting, "is_done", noted)
    gate.outcomes(*(a_first_start(contest, person, now) for person in people))
    assert told == [1] * 6


def test_two_taps_and_two_hand_ins_at_once_count_once(
    contest: Contest, people: list[Person], gate: Gate, now: datetime
) -> None:
    person = people[0]
    first, *others = gate.outcomes(*(a_first_start(contest, person, now, tap) for tap in range(4)))
    assert others == [first] * 3
    assert gate.outcomes(*(a_hand_in(person, first, now + MINUTE) for _ in range(4))) == [None] * 4
    counted = select(func.count()).select_from(Marking).where(Marking.attempt_id == first)
    assert db.session.scalar(counted) == 1
    assert standings.verify(contest.id) is None


class Untraceable(Origin):
    """Goes wrong when entry, paper and attempt are already written."""

    def traces_in(self, contest_id: int) -> tuple[str | None, str | None]:
        raise LookupError


def test_what_goes_wrong_for_one_spoils_no_other(
    contest: Contest, people: list[Person], gate: Gate, now: datetime
) -> None:
    """Its own error comes to who caused it, and nothing of it is left."""
    unlucky, *others = people
    sound = [a_first_start(contest, person, now) for person in others]
    error, *ids = gate.outcomes(partial(a_first_start(contest, unlucky, now), origin=Untraceable("key")), *sound)
    assert isinstance(error, LookupError)
    assert len({*ids}) == 5 and all(isinstance(id, int) for id in ids)
    assert db.session.scalar(select(func.count()).where(Entry.person_id == unlucky.id)) == 0
    assert standings.verify(contest.id) is None


def _call(_dialect: str, sent: Any) -> Any:
    called = update(Person).where(Person.id == sent.person).values(name=sent.name)
    return called.returning(Person.id, Person.name)


CALL = ForMany(_call, {"person": Big, "name": Text()}, key=("person",))


def calling(person_id: int, name: str) -> Steps[str]:
    (rows,) = yield [(CALL, {"person": person_id, "name": name})]
    return str(rows[0][0])


CALLING = Act(calling)


def test_an_attempt_that_is_held_keeps_nobody_else_waiting(
    contest: Contest, people: list[Person], gate: Gate, now: datetime
) -> None:
    """As by a ruling under way. On SQLite, whose writers take turns, nothing can be held while another writes."""
    begun = gate.outcomes(*(a_first_start(contest, person, now) for person in people))
    handed_in = [a_hand_in(*each, now + MINUTE) for each in zip(people, begun, strict=True)]
    with ThreadPoolExecutor(THREADS) as threads, db.engine.connect() as other:
        if db.engine.dialect.name == "postgresql":
            other.execute(text("SELECT id FROM attempts WHERE id = :id FOR UPDATE"), {"id": begun[0]})
        held, *rest = gate.asked(threads, *handed_in)
        assert [each.result(WITHIN_S) for each in rest] == [None] * 5
        other.rollback()
        assert held.result(WITHIN_S) is None
    db.session.rollback()
    assert db.session.scalars(select(Attempt.ended_at).where(Attempt.id.in_(begun))).all() == [now + MINUTE] * 6
    assert standings.verify(contest.id) is None


def test_what_two_ask_differently_about_the_same_is_asked_for_each(people: list[Person], gate: Gate) -> None:
    asked = [partial(CALLING.do, name, people[0].id, name) for name in ("赵", "钱", "孙")]
    assert gate.outcomes(*asked) == ["赵", "钱", "孙"]
    assert gate.commits == 3


def test_what_two_ask_alike_about_the_same_is_asked_once(people: list[Person], gate: Gate) -> None:
    asked = [partial(CALLING.do, number, people[0].id, "李") for number in range(3)]
    assert gate.outcomes(*asked) == ["李"] * 3
    assert gate.commits == 1


def test_who_cannot_be_written_together_is_written_alone(
    contest: Contest, people: list[Person], gate: Gate, now: datetime
) -> None:
    gate.trouble = [OSError("no lock can be had")]
    ids = gate.outcomes(*(a_first_start(contest, person, now) for person in people))
    assert len({*ids}) == 6 and gate.commits == 6
    assert standings.verify(contest.id) is None


def test_more_than_a_group_holds_go_one_group_after_the_other(
    contest: Contest, people: list[Person], gate: Gate, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acts, "MOST_AT_ONCE", 4)
    ids = gate.outcomes(*(a_first_start(contest, person, now) for person in people))
    assert len({*ids}) == 6 and gate.commits == 2
