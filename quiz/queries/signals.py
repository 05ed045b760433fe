"""The field of a contest as the rules of signals look at it, and the signals that were found."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select
from sqlalchemy.orm import joinedload

from question_bank.database import db, snapshot
from quiz.models import Answer, Attempt, AttemptTrace, Entry, Marking, Paper, Person, Signal, SignalNote, UsualTime
from quiz.queries.attempts import side_by_side
from quiz.queries.people import DISTRICT, Scope, in_scope
from quiz.rules.signals import FLAGGED_FROM, WEIGHTS, Given, Seen

AT_ONCE = 1_000
PER_PAGE = 20
EMPTY = "[]"


# --- what the rules look at ------------------------------------------------------------------------------------------


def field_of(contest_id: int) -> list[Seen]:
    """Every ended attempt that holds an answer and is not set aside, with what the server knows of how it was made.

    The attempts and their answers are read side by side, some at a time, as of one moment. What nobody leads back to
    any more, since its person is forgotten, says nothing about accounts and devices.
    """
    with snapshot():
        read = side_by_side(_attempts(contest_id), _answers(contest_id))
        return [_seen(attempt, tuple(_given(attempt, answers))) for attempt, answers in read]


def _takes_part(contest_id: int) -> ColumnElement[bool]:
    is_over = Attempt.ended_at.is_not(None)
    return and_(Attempt.contest_id == contest_id, is_over, Attempt.answered > 0, ~Attempt.is_set_aside)


def _attempts(contest_id: int) -> Iterator[Any]:
    last = select(func.max(Marking.number)).where(Marking.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
    earlier = func.row_number().over(partition_by=Attempt.entry_id, order_by=Attempt.id)
    query = (
        select(
            Attempt.id, Attempt.started_at, Attempt.stall_id, earlier.label("number"), Entry.entry_code, Entry.unit_id,
            Paper.layout, Marking.points, Marking.worth, AttemptTrace.device, AttemptTrace.address,
            Person.phone, Person.created_at,
        )
        .join(Entry, Entry.id == Attempt.entry_id)
        .join(Paper, Paper.id == Attempt.paper_id)
        .join(Marking, and_(Marking.attempt_id == Attempt.id, Marking.number == last))
        .outerjoin(AttemptTrace, AttemptTrace.attempt_id == Attempt.id)
        .outerjoin(Person, Person.id == Entry.person_id)
        .where(_takes_part(contest_id))
        .order_by(Attempt.id)
    )  # fmt: skip
    return iter(db.session.execute(query.execution_options(yield_per=AT_ONCE)))


def _answers(contest_id: int) -> Iterator[Any]:
    query = (
        select(Answer.attempt_id, Answer.position, Answer.last_at, Answer.away_ms)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(_takes_part(contest_id), Answer.chosen != EMPTY)
        .order_by(Answer.attempt_id, Answer.position)
    )
    return iter(db.session.execute(query.execution_options(yield_per=AT_ONCE)))


def _given(attempt: Any, answers: Iterable[Any]) -> Iterator[Given]:
    for row in answers:
        place = row.position - 1
        if attempt.worth[place]:  # else out of the total by a ruling: being right has no meaning there
            yield Given(
                version=attempt.layout[place]["version"],
                at=(row.last_at - attempt.started_at).total_seconds(),
                is_right=attempt.points[place] == attempt.worth[place],
                away_ms=row.away_ms,
            )


def _seen(attempt: Any, given: tuple[Given, ...]) -> Seen:
    return Seen(
        attempt=attempt.id,
        entry=attempt.entry_code,
        number=attempt.number,
        asked=len(attempt.layout),
        given=given,
        device=None if attempt.stall_id else attempt.device,
        address=attempt.address,
        phone=int(attempt.phone) if attempt.phone else None,
        registered=attempt.created_at.timestamp() if attempt.created_at else None,
        unit=attempt.unit_id,
    )


# --- what was found --------------------------------------------------------------------------------------------------


class Shown(StrEnum):
    """Attempts that wait for a judge, those a judge has looked at, and those with one weak signal only."""

    WAITING = "waiting"
    NOTED = "noted"
    WEAK = "weak"


@dataclass(frozen=True)
class SignalledAttempt:
    """An attempt with its signals, the strong ones first, and what a judge noted."""

    attempt: Attempt
    signals: list[Signal]
    note: SignalNote | None


@dataclass(frozen=True)
class SignalsPage:
    rows: list[SignalledAttempt]
    counts: dict[Shown, int]
    page: int
    pages: int


def signalled(
    contest_id: int, shown: Shown, *, within: Sequence[Scope] = DISTRICT, page: int = 1, per_page: int = PER_PAGE
) -> SignalsPage:
    """One page of attempts with signals, those of people within the scopes."""
    counts = {each: _count(_ids(contest_id, each, within)) for each in Shown}
    pages = max(1, -(-counts[shown] // per_page))
    page = min(max(1, page), pages)
    part = _ids(contest_id, shown, within).offset((page - 1) * per_page).limit(per_page)
    ids = list(db.session.execute(part).scalars())
    query = select(Attempt).where(Attempt.id.in_(ids)).options(joinedload(Attempt.entry).joinedload(Entry.unit))
    attempts = {attempt.id: attempt for attempt in db.session.execute(query).scalars()}
    signals = signals_of_attempts(ids)
    rows = db.session.execute(select(SignalNote).where(SignalNote.attempt_id.in_(ids))).scalars()
    notes = {note.attempt_id: note for note in rows}
    found = [SignalledAttempt(attempts[number], signals.get(number, []), notes.get(number)) for number in ids]
    return SignalsPage(found, counts, page, pages)


def signals_of_attempts(ids: Sequence[int]) -> dict[int, list[Signal]]:
    found: dict[int, list[Signal]] = {}
    query = select(Signal).where(Signal.attempt_id.in_(ids)).order_by(_weight().desc(), Signal.kind)
    for signal in db.session.execute(query).scalars():
        found.setdefault(signal.attempt_id, []).append(signal)
    return found


def _ids(contest_id: int, shown: Shown, within: Sequence[Scope]) -> Select[int]:
    """The attempts in one of the three parts, those with most to them first."""
    here = in_scope(within, Entry.street_id, Entry.unit_id)
    decided = select(SignalNote.attempt_id).where(SignalNote.contest_id == contest_id, SignalNote.outcome != "")
    if shown is Shown.NOTED:
        return (
            select(SignalNote.attempt_id)
            .join(Attempt, Attempt.id == SignalNote.attempt_id)
            .join(Entry, Entry.id == Attempt.entry_id)
            .where(SignalNote.contest_id == contest_id, here)
            .order_by(SignalNote.noted_at.desc(), SignalNote.attempt_id)
        )
    weight = func.sum(_weight())
    is_part = weight >= FLAGGED_FROM if shown is Shown.WAITING else weight < FLAGGED_FROM
    return (
        select(Signal.attempt_id)
        .join(Attempt, Attempt.id == Signal.attempt_id)
        .join(Entry, Entry.id == Attempt.entry_id)
        .where(Signal.contest_id == contest_id, here, ~Attempt.is_set_aside, Signal.attempt_id.not_in(decided))
        .group_by(Signal.attempt_id)
        .having(is_part)
        .order_by(weight.desc(), Signal.attempt_id)
    )


def _weight() -> ColumnElement[int]:
    return case(*((Signal.strength == strength.value, weight) for strength, weight in WEIGHTS.items()), else_=0)


def _count(query: Select[int]) -> int:
    return db.session.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()


def count_waiting(within: Sequence[Scope] = DISTRICT) -> dict[int, int]:
    """How many attempts wait for a judge, by contest; only contests where some do."""
    here = in_scope(within, Entry.street_id, Entry.unit_id)
    decided = select(SignalNote.attempt_id).where(SignalNote.attempt_id == Signal.attempt_id, SignalNote.outcome != "")
    waiting = (
        select(Signal.contest_id, Signal.attempt_id)
        .join(Attempt, Attempt.id == Signal.attempt_id)
        .join(Entry, Entry.id == Attempt.entry_id)
        .where(here, ~Attempt.is_set_aside, ~decided.exists())
        .group_by(Signal.contest_id, Signal.attempt_id)
        .having(func.sum(_weight()) >= FLAGGED_FROM)
        .subquery()
    )
    return _counts(select(waiting.c.contest_id, func.count()).group_by(waiting.c.contest_id))


def _counts(query: Select[Any]) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def usual_times_of(contest_id: int, versions: Iterable[int]) -> dict[int, UsualTime]:
    """How long these questions took everybody, as the last look found it."""
    query = select(UsualTime).where(UsualTime.contest_id == contest_id, UsualTime.version_id.in_(set(versions)))
    return {row.version_id: row for row in db.session.execute(query).scalars()}


def last_look(contest_id: int) -> datetime | None:
    """When signals of this contest were looked for last, as far as any were found."""
    return db.session.execute(select(func.max(Signal.found_at)).where(Signal.contest_id == contest_id)).scalar()


def attempts_with_a_person(ids: Sequence[int]) -> set[int]:
    """Those of these attempts whose person has not been forgotten."""
    query = select(Attempt.id).join(Attempt.entry).where(Entry.person_id.is_not(None))
    return {
        number
        for first in range(0, len(ids), AT_ONCE)
        for number in db.session.execute(query.where(Attempt.id.in_(ids[first : first + AT_ONCE]))).scalars()
    }
