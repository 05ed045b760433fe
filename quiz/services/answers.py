"""Save one answer: the act that happens most. The ordinary save is one statement; all others are taken with care."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import BigInteger, Integer, Text, and_, bindparam, case, func, literal_column, or_, select, true
from sqlalchemy.orm import Session

from question_bank.database import Big, UtcDateTime, as_moment, insert_for, is_writing, sent_rows, transaction
from question_bank.grouped import Grouped
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
    if_new: bool = False


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
    if_new: bool = False,
) -> Saved:
    """Save one answer; on return it is committed, unless it is part of a larger act. A repeat gives what is stored.

    ``if_new`` leaves alone what stands there already: a form without JavaScript says its answer again whenever somebody
    walks past, and a revision nobody made would be a quarrel for another device.
    ``away_ms`` is how long, as the page says, nobody looked at it since its save before; it is added up, and marks
    nothing.
    Raises SignedOut, NotFound, Ended, BadAnswer, Superseded (with what is stored), and where each question has its own
    time QuestionClosed (with what is stored) and QuestionNotOpen.
    """
    save = _Save(attempt_id, holder, position, answer, now, revision, device, seq, away_ms, if_new)
    return (None if if_new or is_writing() else _save_at_once(save)) or _save_with_care(save)


def _save_at_once(save: _Save) -> Saved | None:
    """The ordinary save; None where anything about it is out of the ordinary, and then it is to be done with care."""
    paper = find.paper_contents(save.attempt_id)
    at = paper.at(save.position) if paper else None
    if paper is None or at is None or question_limit(paper.contest_id):
        return None
    try:
        chosen = at.form.read(save.answer)
    except BadAnswerForm:
        return None
    group = _UNSTATED if save.revision is None else _STATED
    row = group.first(
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


_SENT: dict[str, Any] = {
    "attempt": Big, "at": Integer(), "person": Big, "epoch": Integer(), "now": UtcDateTime(), "chosen": Text(),
    "known": BigInteger(), "by_device": Text(), "by_seq": BigInteger(), "away": Integer(),
}  # fmt: skip


def _at_once(dialect: str, *, states_revision: bool) -> Any:
    """Own attempt, not ended, in time, and to be taken as ``rules.answering.settle`` says: all in the one write.

    It writes nothing wherever ``settle`` might say anything else than to take. The shared lock makes a hand-in wait for
    the save; the save waits for nobody, since others go with it: a held attempt is left to ``_save_with_care``.
    """
    sent = sent_rows(dialect, _SENT).c
    values = {
        "attempt_id": Attempt.id,
        "position": sent.at,
        "chosen": sent.chosen,
        "revision": func.coalesce(sent.known, 0) + 1,  # what it will be if what is known is still so
        "device": sent.by_device,
        "seq": sent.by_seq,
        "first_at": sent.now,
        "last_at": sent.now,
        "away_ms": sent.away,
    }
    is_held = select(1).where(Answer.attempt_id == sent.attempt, Answer.position == sent.at).exists()
    allowed = (
        select(*values.values())
        .join(Attempt, Attempt.id == sent.attempt)
        .join(Entry, Attempt.entry_id == Entry.id)
        .join(Person, Person.id == Entry.person_id)
        .where(
            Entry.person_id == sent.person,
            Person.session_epoch == sent.epoch,
            Attempt.ended_at.is_(None),
            Attempt.accepts_until >= sent.now,
            or_(func.coalesce(sent.known, 0) == 0, is_held),
        )
        .order_by(sent.attempt, sent.at)  # two processes that lock rows in one order never wait in a ring
        .with_for_update(read=True, of=Attempt, skip_locked=True)
    )
    insert = insert_for(dialect, Answer).from_select(list(values), allowed)
    new = insert.excluded
    is_same_device = and_(new.device == Answer.device, new.seq.is_not(None), Answer.seq.is_not(None))
    is_current = new.revision == Answer.revision + 1 if states_revision else true()
    changed = {name: new[name] for name in ("chosen", "device", "seq", "last_at")}
    return insert.on_conflict_do_update(
        index_elements=["attempt_id", "position"],
        set_={**changed, "revision": Answer.revision + 1, "away_ms": _away_in_all(new.away_ms)},
        where=case((is_same_device, new.seq > Answer.seq), else_=is_current),
    ).returning(
        Answer.attempt_id,
        Answer.position,
        Answer.revision,
        select(Attempt.deadline).where(Attempt.id == literal_column("answers.attempt_id")).scalar_subquery(),
    )


_STATED, _UNSTATED = (
    Grouped(partial(_at_once, states_revision=stated), key=("attempt", "at")) for stated in (True, False)
)


def _away_in_all(more: Any) -> Any:
    """What the row holds and what comes with this save, a day at most; unknown only where no page ever said it."""
    total = func.coalesce(Answer.away_ms, 0) + func.coalesce(more, 0)
    is_unknown = and_(Answer.away_ms.is_(None), more.is_(None))
    return case((is_unknown, None), (total > LONGEST_AWAY_MS, LONGEST_AWAY_MS), else_=total)


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
        if verdict is Verdict.REPEAT or ((is_closed or save.if_new) and chosen == stored.chosen):
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
