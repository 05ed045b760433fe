"""作废 and 恢复: a judge sets an attempt or a whole entry aside, or lets it count again; the ladders follow at once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from question_bank.database import transaction
from quiz.errors import Mistakes, NotEnded, NotFound
from quiz.models import Attempt, Ruling
from quiz.models.fairness import Outcome
from quiz.queries import attempts as find_attempts
from quiz.queries import rulings as find
from quiz.queries.contests import contest_for_change
from quiz.queries.people import DISTRICT, Scope
from quiz.rules.marking import RulingKind
from quiz.rules.rulings import reason_complaints
from quiz.services import audit, standings
from quiz.services.signals import decide


def set_aside(
    contest_id: int,
    attempt_id: int,
    *,
    reason: str,
    whole_entry: bool = False,
    within: Sequence[Scope] = DISTRICT,
    actor_id: int | None,
    now: datetime,
) -> Ruling:
    """作废: the attempt counts for nothing from now on, or the whole entry does, with every later attempt.

    A second time gives the first ruling again. Raises NotFound, NotEnded, Mistakes.
    """
    with transaction() as session:
        attempts = _held(contest_id, attempt_id, whole_entry, within)
        this = next(attempt for attempt in attempts if attempt.id == attempt_id)
        if this.ended_at is None and not whole_entry:
            raise NotEnded
        _refuse_reason(this, reason)
        stands = find.entry_set_aside_by(this.entry_id) if whole_entry else find.set_aside_by(this)
        if stands:
            return stands
        ruling = Ruling(
            contest_id=contest_id,
            kind=RulingKind.SET_ASIDE.value,
            attempt_id=None if whole_entry else attempt_id,
            entry_id=this.entry_id,
            value={},
            reason=reason.strip(),
            made_by=actor_id,
            made_at=now,
        )
        session.add(ruling)
        session.flush()
        _follow(session, contest_id, attempts)
        for attempt in attempts:
            if attempt.ended_at is not None:
                decide(session, attempt, Outcome.SET_ASIDE, actor_id=actor_id, now=now, asked=attempt.id == attempt_id)
        _record("entry.set_aside" if whole_entry else "attempt.set_aside", ruling, actor_id=actor_id, now=now)
    return ruling


def restore(
    contest_id: int,
    ruling_id: int,
    *,
    reason: str,
    within: Sequence[Scope] = DISTRICT,
    actor_id: int | None,
    now: datetime,
) -> Ruling:
    """恢复: undo a setting aside, by a ruling of its own. A second time gives the first one again.

    What else sets the attempt aside goes on doing so. Raises NotFound, Mistakes.
    """
    with transaction() as session:
        undone = session.get(Ruling, ruling_id)
        if undone is None or undone.contest_id != contest_id or undone.kind != RulingKind.SET_ASIDE:
            raise NotFound
        if whole_entry := undone.attempt_id is None:
            contest_for_change(contest_id)  # before the attempts, as everywhere
        attempts = _held(contest_id, _an_attempt_of(undone), whole_entry, within)
        _refuse_reason(attempts[0], reason)
        if before := find.undone_by(ruling_id):
            return before
        ruling = Ruling(
            contest_id=contest_id,
            kind=RulingKind.UNDO.value,
            attempt_id=undone.attempt_id,
            entry_id=undone.entry_id,
            value={},
            reason=reason.strip(),
            made_by=actor_id,
            made_at=now,
            undoes_id=ruling_id,
        )
        session.add(ruling)
        session.flush()
        _follow(session, contest_id, attempts)
        for attempt in attempts:
            if attempt.ended_at is not None and not attempt.is_set_aside:
                decide(session, attempt, Outcome.KEPT, actor_id=actor_id, now=now, asked=False)
        _record("entry.restored" if whole_entry else "attempt.restored", ruling, actor_id=actor_id, now=now)
    return ruling


def _an_attempt_of(ruling: Ruling) -> int:
    """An attempt by which the entry of the ruling is found, for its scope."""
    if ruling.attempt_id is not None:
        return ruling.attempt_id
    assert ruling.entry_id is not None
    attempts = find.attempts_for_change(ruling.entry_id)
    if not attempts:
        raise NotFound
    return attempts[0].id


def _held(contest_id: int, attempt_id: int, whole_entry: bool, within: Sequence[Scope]) -> list[Attempt]:
    """What the ruling is about, held: for an entry all its attempts, and no further one begins meanwhile."""
    if whole_entry:
        contest_for_change(contest_id)
    found = find.attempt_within(contest_id, attempt_id, within)
    if found is None:
        raise NotFound
    if whole_entry:
        return find.attempts_for_change(found.entry_id)
    return [find_attempts.attempt_for_change(attempt_id)]


def _refuse_reason(attempt: Attempt, reason: str) -> None:
    person = attempt.entry.person
    if found := reason_complaints(reason, person.name if person else ""):
        raise Mistakes(problems=found)


def _follow(session: Session, contest_id: int, attempts: Sequence[Attempt]) -> None:
    """Each attempt as the rulings that stand say, and the entry's standing with it."""
    for attempt in attempts:
        stands = find.set_aside_by(attempt) or find.entry_set_aside_by(attempt.entry_id)
        attempt.is_set_aside = stands is not None
    session.flush()
    standings.keep_up(session, attempts[0].entry_id, attempts[0].entry.contest.terms)


def _record(act: str, ruling: Ruling, *, actor_id: int | None, now: datetime) -> None:
    audit.record(
        act,
        f"contest:{ruling.contest_id}",
        actor_id=actor_id,
        now=now,
        contest_id=ruling.contest_id,
        ruling=ruling.id,
        undoes=ruling.undoes_id,
        attempt=ruling.attempt_id,
        entry=ruling.entry_id,
        reason=ruling.reason,
    )
