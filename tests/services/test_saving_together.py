"""Saves that wait at the same time are written together, and each is told what became of its own."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import text

from question_bank import grouped
from question_bank.database import db, transaction
from question_bank.prepared import Prepared, own_connection
from quiz.cli.serve import THREADS
from quiz.errors import Ended, NotFound, SignedOut, Superseded
from quiz.models import Attempt, Person
from quiz.queries import attempts as find
from quiz.services import answers
from quiz.services.answers import Holder
from tests.builders import a_contest, a_person, a_start, holder, submitted
from tests.conftest import StillClock

pytestmark = pytest.mark.usefixtures("context")

WITHIN_S = 60
SECOND = timedelta(seconds=1)


class Waiting:
    """Saves in threads of their own that wait behind a gate until all are there; ``sent``: how many went together."""

    def __init__(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = now
        self.sent: list[int] = []
        self.trouble: list[Exception] = []
        """What goes wrong before a group may write, one after the other."""
        self._gate = Event()
        self._app = current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy does not reach other threads
        write_queue, on_own_connection = grouped.write_queue, Prepared.on_own_connection

        @contextmanager
        def gated(engine: Any) -> Iterator[None]:
            assert self._gate.wait(WITHIN_S)
            if self.trouble:
                raise self.trouble.pop()
            with write_queue(engine):
                yield

        def counted(statement: Prepared, values: Any) -> list[Any]:
            if "rows" in values:
                self.sent.append(values["rows"].count('"attempt":'))
            return on_own_connection(statement, values)

        monkeypatch.setattr(grouped, "write_queue", gated)
        monkeypatch.setattr(Prepared, "on_own_connection", counted)

    def save(self, *saves: dict[str, Any]) -> list[Any]:
        """What each save gave: the answer and the revision that stand, or the kind of its refusal."""
        with ThreadPoolExecutor(THREADS) as threads:
            return [outcome(each) for each in self.asked(threads, *saves)]

    def asked(self, threads: ThreadPoolExecutor, *saves: dict[str, Any]) -> "list[Future[answers.Saved]]":
        self._gate.clear()
        self.sent.clear()
        asked = [threads.submit(self._save, one) for one in saves]
        until = monotonic() + WITHIN_S
        while self._waiting() + sum(each.done() for each in asked) < len(saves):
            assert monotonic() < until
            sleep(0.001)
        self._gate.set()
        return asked

    def _save(self, given: dict[str, Any]) -> answers.Saved:
        with self._app.app_context():
            return answers.save_answer(**{"now": self._now, **given})

    @staticmethod
    def _waiting() -> int:
        lines = [group._lines.get(db.engine) for group in (answers._STATED, answers._UNSTATED)]
        return sum(len(line._waiting) for line in lines if line)


def outcome(asked: "Future[answers.Saved]") -> Any:
    error = asked.exception(WITHIN_S)
    return type(error) if error else (asked.result().answer, asked.result().revision)


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock.now


@pytest.fixture
def waiting(now: datetime, monkeypatch: pytest.MonkeyPatch) -> Waiting:
    return Waiting(now, monkeypatch)


@pytest.fixture
def people(now: datetime) -> list[tuple[Attempt, Person]]:
    contest = a_contest(now)
    persons = [a_person(now) for _ in range(6)]
    return [(a_start(contest, person, now), person) for person in persons]


def a_save(attempt: Attempt, person: Person, answer: Any = ("A",), **more: Any) -> dict[str, Any]:
    """At the first single choice of the attempt."""
    paper = find.paper_contents(attempt.id)
    assert paper
    at = next(p.number for p in paper.positions if p.content.kind == "single_choice")
    return {"attempt_id": attempt.id, "holder": holder(person), "position": at, "answer": list(answer), **more}


def test_saves_that_wait_together_are_one_statement(people: list[tuple[Attempt, Person]], waiting: Waiting) -> None:
    letters = "ABABAB"
    said = waiting.save(*(a_save(*each, letter) for each, letter in zip(people, letters, strict=True)))
    assert said == [([letter], 1) for letter in letters]
    assert waiting.sent == [len(people)]


def test_each_is_told_of_its_own_save(people: list[tuple[Attempt, Person]], waiting: Waiting, now: datetime) -> None:
    """One is another's, one is signed out, one has ended, one is late, one repeats, one quarrels; one is saved."""
    (other, owner), (gone, leaver), (ended, finisher), (late, slow), (again, sender), (sound, person) = people
    submitted(ended.id, holder(finisher), now=now)
    waiting.save(a_save(again, sender, device="手机", seq=3))
    with transaction() as session:
        session.get_one(Attempt, late.id).accepts_until = now - SECOND
    saves = [
        a_save(other, person),
        {**a_save(gone, leaver), "holder": Holder(leaver.id, leaver.session_epoch + 1)},
        a_save(ended, finisher),
        a_save(late, slow),
        a_save(again, sender, device="手机", seq=3),
        a_save(again, sender, "B", device="电脑", seq=1, revision=0),
        a_save(sound, person, "B", revision=0),
    ]
    assert waiting.save(*saves) == [NotFound, SignedOut, Ended, Ended, (["A"], 1), Superseded, (["B"], 1)]
    assert find.answers_of(other.id) == {} and owner.id != person.id


def test_two_saves_of_one_answer_are_written_one_after_the_other(
    people: list[tuple[Attempt, Person]], waiting: Waiting
) -> None:
    """A statement cannot write one row twice; the second is in the next group and comes to a revision of its own."""
    said = waiting.save(*(a_save(*people[0], letter) for letter in "ABAB"), a_save(*people[1]))
    assert sorted(revision for _, revision in said[:4]) == [1, 2, 3, 4]
    assert waiting.sent == [2, 1, 1, 1]


def test_a_row_that_cannot_be_sent_spoils_no_other(people: list[tuple[Attempt, Person]], waiting: Waiting) -> None:
    """Half a character, which no driver takes: the pages refuse it long before."""
    said = waiting.save(*(a_save(*each) for each in people[1:]), a_save(*people[0], device="\ud800", seq=1))
    assert said == [(["A"], 1)] * 5 + [UnicodeEncodeError]
    assert waiting.save(*(a_save(*each, "B") for each in people)) == [(["B"], 1)] + [(["B"], 2)] * 5


def test_who_cannot_be_written_together_is_written_alone(
    people: list[tuple[Attempt, Person]], waiting: Waiting
) -> None:
    waiting.trouble = [OSError("no lock can be had")]
    assert waiting.save(*(a_save(*each) for each in people)) == [(["A"], 1)] * 6
    assert waiting.sent == []
    assert waiting.save(*(a_save(*each, "B") for each in people)) == [(["B"], 2)] * 6
    assert waiting.sent == [6]


def test_an_attempt_that_is_held_keeps_nobody_else_waiting(
    people: list[tuple[Attempt, Person]], waiting: Waiting
) -> None:
    """As by a hand-in under way. On SQLite, whose writers take turns, nothing can be held while another writes."""
    held, *others = (a_save(*each) for each in people)
    with ThreadPoolExecutor(THREADS) as threads, db.engine.connect() as other:
        if db.engine.dialect.name == "postgresql":
            other.execute(text("SELECT id FROM attempts WHERE id = :id FOR UPDATE"), {"id": held["attempt_id"]})
        first, *rest = waiting.asked(threads, held, *others)
        assert [outcome(each) for each in rest] == [(["A"], 1)] * 5
        other.rollback()
        assert outcome(first) == (["A"], 1)


def test_more_than_a_group_holds_go_one_group_after_the_other(
    people: list[tuple[Attempt, Person]], waiting: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouped, "MOST_AT_ONCE", 4)
    assert waiting.save(*(a_save(*each) for each in people)) == [(["A"], 1)] * 6
    assert waiting.sent == [4, 2]


def test_moments_are_stored_in_the_form_of_all_others(people: list[tuple[Attempt, Person]], now: datetime) -> None:
    """Text on SQLite, which must sort as time does."""
    attempt, person = people[0]
    answers.save_answer(**a_save(attempt, person), now=now)
    with own_connection(db.engine) as connection:
        rows = [connection.execute(f"SELECT {column} FROM {table}").fetchone()[0] for column, table in MOMENTS]
    assert len({len(row) if isinstance(row, str) else type(row) for row in rows}) == 1


MOMENTS = [("first_at", "answers"), ("last_at", "answers"), ("deadline", "attempts")]
