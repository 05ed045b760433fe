"""Save one answer: the act that happens most, kept to three prepared statements in one transaction."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from question_bank.database import insert_for, transaction
from quiz.errors import BadAnswer, Ended, NotFound, SignedOut, Superseded
from quiz.models import Answer, Attempt, Entry, Person
from quiz.queries import attempts as find
from quiz.rules import timing
from quiz.rules.answering import BadAnswerForm, Stored, Verdict, settle


@dataclass(frozen=True)
class Holder:
    """Who a session says it is: the person, and the epoch that ends with a new password."""

    person_id: int
    epoch: int


@dataclass(frozen=True)
class Saved:
    """What stands at the position after a save, as this paper shows it."""

    answer: Any
    revision: int
    remaining_ms: int


def save_answer(
    attempt_id: int,
    holder: Holder,
    position: int,
    answer: Any,
    *,
    now: datetime,
    revision: int | None = None,
    device: str | None = None,
    seq: int | None = None,
) -> Saved:
    """Save one answer; on return it is committed. A repeat gives what is stored.

    Raises SignedOut, NotFound, Ended, BadAnswer, Superseded (with what is stored).
    """
    with transaction() as session:
        held = hold(session, attempt_id, holder)
        paper = find.paper_contents(attempt_id)
        at = paper.at(position) if paper else None
        if at is None:
            raise NotFound
        if held.ended_at is not None or timing.is_overdue(held.accepts_until, now):
            raise Ended
        try:
            chosen = at.form.read(answer)
        except BadAnswerForm as error:
            raise BadAnswer from error
        stored = _stored(session, attempt_id, position)
        verdict = settle(stored.mark, revision=revision, device=device, seq=seq)
        if verdict is Verdict.AHEAD:
            raise BadAnswer
        if verdict is Verdict.SUPERSEDED:
            raise Superseded(answer=at.form.show(stored.chosen), revision=stored.mark.revision)
        left = timing.remaining_ms(held.deadline, now)
        if verdict is Verdict.REPEAT:
            return Saved(at.form.show(stored.chosen), stored.mark.revision, left)
        _write(session, attempt_id, position, chosen, stored.mark.revision + 1, device, seq, now)
    return Saved(at.form.show(chosen), stored.mark.revision + 1, left)


@dataclass(frozen=True)
class Held:
    """An attempt that cannot end before the transaction does."""

    deadline: datetime
    accepts_until: datetime
    ended_at: datetime | None


_HOLD = (
    select(Attempt.deadline, Attempt.accepts_until, Attempt.ended_at, Entry.person_id, Person.session_epoch)
    .join(Entry, Attempt.entry_id == Entry.id)
    .join(Person, Person.id == Entry.person_id)
    .where(Attempt.id == bindparam("attempt"))
    .with_for_update(of=Attempt)
)


def hold(session: Session, attempt_id: int, holder: Holder) -> Held:
    """Keep the attempt from ending while something is done to it; one read settles whose it is.

    Raises NotFound, SignedOut.
    """
    row = session.connection().execute(_HOLD, {"attempt": attempt_id}).first()
    if row is None or row.person_id != holder.person_id:
        raise NotFound
    if row.session_epoch != holder.epoch:
        raise SignedOut
    return Held(row.deadline, row.accepts_until, row.ended_at)


@dataclass(frozen=True)
class _StoredAnswer:
    mark: Stored
    chosen: Any


_STORED = select(Answer.chosen, Answer.revision, Answer.device, Answer.seq).where(
    Answer.attempt_id == bindparam("attempt"), Answer.position == bindparam("at")
)


def _stored(session: Session, attempt_id: int, position: int) -> _StoredAnswer:
    row = session.connection().execute(_STORED, {"attempt": attempt_id, "at": position}).first()
    if row is None:
        return _StoredAnswer(Stored(), [])
    return _StoredAnswer(Stored(row.revision, row.device, row.seq), json.loads(row.chosen))


@cache
def _write_statement(dialect: str) -> Any:
    insert = insert_for(dialect, Answer)
    changed = {name: insert.excluded[name] for name in ("chosen", "revision", "device", "seq", "last_at")}
    return insert.on_conflict_do_update(index_elements=["attempt_id", "position"], set_=changed)


def _write(
    session: Session,
    attempt_id: int,
    position: int,
    chosen: list[int] | list[str],
    revision: int,
    device: str | None,
    seq: int | None,
    now: datetime,
) -> None:
    connection = session.connection()
    row = {
        "attempt_id": attempt_id,
        "position": position,
        "chosen": json.dumps(chosen, ensure_ascii=False),
        "revision": revision,
        "device": device,
        "seq": seq,
        "first_at": now,
        "last_at": now,
    }
    connection.execute(_write_statement(connection.dialect.name), row)
