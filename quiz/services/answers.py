"""Save one answer: the act that happens most. The ordinary save is one statement; all others are taken with care."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Integer, Text, and_, bindparam, case, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from question_bank.database import Big, UtcDateTime, as_moment, insert_for, is_writing, transaction
from question_bank.prepared import Prepared
from quiz.errors import BadAnswer, Ended, NotFound, QuestionClosed, QuestionNotOpen, SignedOut, Superseded
from quiz.models import Answer, Attempt, Entry, Person
from quiz.queries import attempts as find
from quiz.queries.question_turns import last_turn, question_limit
from quiz.rules import question_turns, timing
from quiz.rules.answering import LONGEST_AWAY_MS, BadAnswerForm, Stored, Verdict, settle
from quiz.rules.question_turns import Turn


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
    question_remaining_ms: int | None = None
    """Where each question has its own time."""


@dataclass(frozen=True)
class _Save:
    """What was sent, by whom and when."""

    attempt_id: int
    holder: Holder
    position: int
    answer: Any
    now: datetime
    revision: int | None
    device: str | None
    seq: int | None
    away_ms: int | None


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
    away_ms: int | None = None,
) -> Saved:
    """Save one answer; on return it is committed, unless it is part of a larger act. A repeat gives what is stored.

    ``away_ms`` is how long, as the page says, nobody looked at it since its save before; it is added up, and marks
    nothing.
    Raises SignedOut, NotFound, Ended, BadAnswer, Superseded (with what is stored), and where each question has its own
    time QuestionClosed (with what is stored) and QuestionNotOpen.
    """
    save = _Save(attempt_id, holder, position, answer, now, revision, device, seq, away_ms)
    return (None if is_writing() else _save_at_once(save)) or _save_with_care(save)


def _save_at_once(save: _Save) -> Saved | None:
    """The ordinary save; None where anything about it is out of the ordinary, and then nothing was written."""
    paper = find.paper_contents(save.attempt_id)
    at = paper.at(save.position) if paper else None
    if paper is None or at is None or question_limit(paper.contest_id):
        return None
    try:
        chosen = at.form.read(save.answer)
    except BadAnswerForm:
        return None
    row = _AT_ONCE.first(
        {
            "attempt": save.attempt_id,
            "at": save.position,
            "person": save.holder.person_id,
            "epoch": save.holder.epoch,
            "now": save.now,
            "chosen": json.dumps(chosen, ensure_ascii=False),
            "known": save.revision,
            "by_device": save.device,
            "by_seq": save.seq,
            "away": save.away_ms,
        }
    )
    if row is None:
        return None
    revision, deadline = row
    return Saved(at.form.show(chosen), revision, timing.remaining_ms(as_moment(deadline), save.now))


def _at_once(dialect: str) -> Any:
    """Own attempt, not ended, in time, and to be taken as ``rules.answering.settle`` says: all in the one write.

    It writes nothing wherever ``settle`` might say anything else than to take. The shared lock makes the save wait for
    a hand-in under way, which it then finds ended, and a hand-in wait for the save.
    """
    attempt, at = bindparam("attempt", type_=Big), bindparam("at", type_=Integer())
    now = bindparam("now", type_=UtcDateTime())
    known = cast(bindparam("known"), BigInteger)
    values = {
        "attempt_id": Attempt.id,
        "position": cast(at, Integer),
        "chosen": cast(bindparam("chosen"), Text),
        "revision": literal(1),
        "device": cast(bindparam("by_device"), Text),
        "seq": cast(bindparam("by_seq"), BigInteger),
        "first_at": cast(now, UtcDateTime()),
        "last_at": cast(now, UtcDateTime()),
        "away_ms": cast(bindparam("away"), Integer),
    }
    is_held = select(1).where(Answer.attempt_id == attempt, Answer.position == at).exists()
    allowed = (
        select(*values.values())
        .join(Entry, Attempt.entry_id == Entry.id)
        .join(Person, Person.id == Entry.person_id)
        .where(
            Attempt.id == attempt,
            Entry.person_id == bindparam("person"),
            Person.session_epoch == bindparam("epoch"),
            Attempt.ended_at.is_(None),
            Attempt.accepts_until >= now,
            or_(func.coalesce(known, 0) == 0, is_held),
        )
        .with_for_update(read=True, of=Attempt)
    )
    insert = insert_for(dialect, Answer).from_select(list(values), allowed)
    sent = insert.excluded
    is_same_device = and_(sent.device == Answer.device, sent.seq.is_not(None), Answer.seq.is_not(None))
    is_current = or_(known.is_(None), known == Answer.revision)
    changed = {name: sent[name] for name in ("chosen", "device", "seq", "last_at")}
    return insert.on_conflict_do_update(
        index_elements=["attempt_id", "position"],
        set_={**changed, "revision": Answer.revision + 1, "away_ms": _away_in_all(sent.away_ms)},
        where=case((is_same_device, sent.seq > Answer.seq), else_=is_current),
    ).returning(Answer.revision, select(Attempt.deadline).where(Attempt.id == attempt).scalar_subquery())


def _away_in_all(more: Any) -> Any:
    """What the row holds and what comes with this save, a day at most; unknown only where no page ever said it."""
    total = func.coalesce(Answer.away_ms, 0) + func.coalesce(more, 0)
    is_unknown = and_(Answer.away_ms.is_(None), more.is_(None))
    return case((is_unknown, None), (total > LONGEST_AWAY_MS, LONGEST_AWAY_MS), else_=total)


_AT_ONCE = Prepared(_at_once)


def _save_with_care(save: _Save) -> Saved:
    """The same step by step: what a repeat, a quarrel, a late or a wrong save needs to be told."""
    with transaction() as session:
        held = hold(session, save.attempt_id, save.holder)
        paper = find.paper_contents(save.attempt_id)
        at = paper.at(save.position) if paper else None
        if paper is None or at is None:
            raise NotFound
        if held.ended_at is not None or timing.is_overdue(held.accepts_until, save.now):
            raise Ended
        turn, is_closed = _turn(paper.contest_id, save)
        try:
            chosen = at.form.read(save.answer)
        except BadAnswerForm as error:
            raise BadAnswer from error
        stored = _stored(session, save.attempt_id, save.position)
        verdict = settle(stored.mark, revision=save.revision, device=save.device, seq=save.seq)
        shown, stands = at.form.show(stored.chosen), stored.mark.revision
        left = (
            timing.remaining_ms(held.deadline, save.now),
            timing.remaining_ms(turn.closes_at, save.now) if turn else None,
        )
        if verdict is Verdict.REPEAT or (is_closed and chosen == stored.chosen):
            return Saved(shown, stands, *left)
        if is_closed:
            raise QuestionClosed(position=save.position, answer=shown, revision=stands)
        if verdict is Verdict.AHEAD:
            raise BadAnswer
        if verdict is Verdict.SUPERSEDED:
            raise Superseded(answer=shown, revision=stands)
        _write(session, save, chosen, stands + 1)
    return Saved(at.form.show(chosen), stands + 1, *left)


def _turn(contest_id: int, save: _Save) -> tuple[Turn | None, bool]:
    """The open question where each has its own time, and whether the answer comes too late for its own.

    Raises QuestionNotOpen before anything is said of a question that is still to come.
    """
    limit = question_limit(contest_id)
    if limit is None:
        return None, False
    turn = last_turn(save.attempt_id)
    verdict = question_turns.verdict_on(save.position, turn, limit, save.now)
    if verdict is question_turns.Verdict.TO_COME:
        raise QuestionNotOpen(position=save.position)
    return turn, verdict is question_turns.Verdict.CLOSED


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
    away = {"away_ms": _away_in_all(insert.excluded.away_ms)}
    return insert.on_conflict_do_update(index_elements=["attempt_id", "position"], set_={**changed, **away})


def _write(session: Session, save: _Save, chosen: list[int] | list[str], revision: int) -> None:
    connection = session.connection()
    row = {
        "attempt_id": save.attempt_id,
        "position": save.position,
        "chosen": json.dumps(chosen, ensure_ascii=False),
        "revision": revision,
        "device": save.device,
        "seq": save.seq,
        "first_at": save.now,
        "last_at": save.now,
        "away_ms": save.away_ms,
    }
    connection.execute(_write_statement(connection.dialect.name), row)
