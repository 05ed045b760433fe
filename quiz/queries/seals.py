"""What a seal is made of, read part by part, and the seals there are."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, case, exists, func, or_, select

from question_bank.database import by_bytes, db
from quiz.models import (
    Appeal,
    Attempt,
    AuditEntry,
    ContestArea,
    ContestTermsVersion,
    ContestUnit,
    DrawWinner,
    Entry,
    PrizeDraw,
    QuestionReport,
    Ruling,
    Seal,
    SealPart,
    Standing,
)
from quiz.queries.ladder_counts import ORDER
from quiz.queries.signals import count_waiting

ENTRIES_AT_ONCE = 500

# --- seals -----------------------------------------------------------------------------------------------------------


def seals_of(contest_id: int) -> list[Seal]:
    """The contest's seals, the newest first."""
    query = select(Seal).where(Seal.contest_id == contest_id).order_by(Seal.number.desc())
    return list(db.session.execute(query).scalars())


def last_seal(contest_id: int) -> Seal | None:
    return db.session.execute(_newest_first(contest_id)).scalar()


def seal_numbered(contest_id: int, number: int) -> Seal | None:
    return db.session.execute(_newest_first(contest_id).where(Seal.number == number)).scalar()


def _newest_first(contest_id: int) -> Select[Seal]:
    return select(Seal).where(Seal.contest_id == contest_id).order_by(Seal.number.desc()).limit(1)


def parts_of(seal_id: int) -> Iterator[bytes]:
    """The pieces of a bundle in order, one read for each."""
    numbers = select(SealPart.number).where(SealPart.seal_id == seal_id).order_by(SealPart.number)
    for number in db.session.execute(numbers).scalars().all():
        one = select(SealPart.content).where(SealPart.seal_id == seal_id, SealPart.number == number)
        yield db.session.execute(one).scalar_one()


# --- what is sealed --------------------------------------------------------------------------------------------------


def state_of(contest_id: int) -> str:
    """A short text that changes when anything changes that a bundle holds, a few sums over each table."""
    attempts = select(
        func.count(), func.count(Attempt.ended_at), func.sum(Attempt.score), func.sum(Attempt.full),
        func.sum(Attempt.elapsed_ms), func.sum(case((Attempt.is_set_aside, Attempt.id), else_=0)),
    ).where(Attempt.contest_id == contest_id)  # fmt: skip
    entries = select(func.count(), func.sum(Entry.street_id), func.sum(Entry.unit_id))
    terms = select(func.max(ContestTermsVersion.number)).where(ContestTermsVersion.contest_id == contest_id)
    rulings = select(func.count(), func.max(Ruling.id)).where(Ruling.contest_id == contest_id)
    units = select(func.count(), func.sum(ContestUnit.headcount)).where(ContestUnit.contest_id == contest_id)
    areas = select(func.count(), func.sum(ContestArea.headcount)).where(ContestArea.contest_id == contest_id)
    draws = select(func.count(PrizeDraw.id.distinct()), func.count(DrawWinner.change)).where(
        PrizeDraw.contest_id == contest_id, PrizeDraw.drawn_at.is_not(None), DrawWinner.draw_id == PrizeDraw.id
    )
    queries = (attempts, entries.where(Entry.contest_id == contest_id), terms, rulings, units, areas, draws)
    return json.dumps([[int(value or 0) for value in db.session.execute(query).one()] for query in queries])


def last_act(contest_id: int) -> int:
    """The last entry on record that is about this contest, or about none in particular."""
    query = select(func.max(AuditEntry.id)).where(
        or_(AuditEntry.contest_id == contest_id, AuditEntry.contest_id.is_(None))
    )
    return db.session.execute(query).scalar() or 0


def answering(contest_id: int) -> int:
    """How many attempts have not ended, overdue ones too."""
    query = select(func.count()).where(Attempt.contest_id == contest_id, Attempt.ended_at.is_(None))
    return db.session.execute(query).scalar_one()


def unreviewed(contest_id: int) -> int:
    """Attempts that wait for a judge."""
    return count_waiting().get(contest_id, 0)


def unanswered(contest_id: int) -> int:
    """What participants said about questions and about their results that nobody has answered."""
    reports = select(func.count()).where(QuestionReport.contest_id == contest_id, QuestionReport.answered_at.is_(None))
    appeals = select(func.count()).where(Appeal.contest_id == contest_id, Appeal.answered_at.is_(None))
    return sum(db.session.execute(query).scalar_one() for query in (reports, appeals))


def drawn_of(contest_id: int) -> list[PrizeDraw]:
    """The prize draws that have winners, in the order they were set up."""
    query = select(PrizeDraw).where(PrizeDraw.contest_id == contest_id, PrizeDraw.drawn_at.is_not(None))
    return list(db.session.execute(query.order_by(PrizeDraw.number)).scalars())


@dataclass(frozen=True)
class Amounts:
    """How much a bundle will hold."""

    entries: int
    participants: int
    attempts: int
    set_aside: int
    units: int
    areas: int
    rulings: int


def amounts_of(contest_id: int) -> Amounts:
    def count(table: Any, *conditions: Any) -> int:
        query = select(func.count()).select_from(table).where(table.contest_id == contest_id, *conditions)
        return db.session.execute(query).scalar_one()

    return Amounts(
        entries=count(Entry),
        participants=count(Standing),
        attempts=count(Attempt, Attempt.ended_at.is_not(None)),
        set_aside=count(Attempt, Attempt.is_set_aside),
        units=count(ContestUnit),
        areas=count(ContestArea),
        rulings=count(Ruling),
    )


def units_of(contest_id: int) -> dict[int, ContestUnit]:
    """The contest's units by the id that entries carry, in order of code."""
    rows = db.session.execute(select(ContestUnit).where(ContestUnit.contest_id == contest_id)).scalars()
    return {row.unit_id: row for row in sorted(rows, key=lambda row: row.code)}


def areas_of(contest_id: int) -> dict[int, ContestArea]:
    """Its streets and communities in the same way."""
    rows = db.session.execute(select(ContestArea).where(ContestArea.contest_id == contest_id)).scalars()
    return {row.area_id: row for row in sorted(rows, key=lambda row: row.code)}


def rulings_of(contest_id: int) -> list[tuple[Ruling, str | None, int | None, str | None]]:
    """Every ruling with the attempt and the entry it is about, in the order they were made."""
    query = (
        select(Ruling, Attempt.period, Attempt.number, Entry.entry_code)
        .outerjoin(Attempt, Attempt.id == Ruling.attempt_id)
        .outerjoin(Entry, Entry.id == func.coalesce(Attempt.entry_id, Ruling.entry_id))
        .where(Ruling.contest_id == contest_id)
        .order_by(Ruling.id)
    )
    return [(ruling, period, number, code) for ruling, period, number, code in db.session.execute(query)]


# --- entries ---------------------------------------------------------------------------------------------------------

_ENTRY = (Entry.id, Entry.entry_code, Entry.street_id, Entry.unit_id, Entry.unit_class)
_STANDING = (Standing.score_sum, Standing.elapsed_sum, Standing.counted, Standing.finished_at)


def entries_with_attempts(contest_id: int) -> Iterator[tuple[Row[Any], Sequence[Row[Any]]]]:
    """Each entry with its ended attempts: those that take part in the order of the ladder, then the rest by code."""
    on_ladder = select(*_ENTRY, *_STANDING).join(Standing, Standing.entry_id == Entry.id)
    on_ladder = on_ladder.where(Standing.contest_id == contest_id).order_by(*ORDER)
    has_standing = exists().where(Standing.entry_id == Entry.id)
    others = select(*_ENTRY).where(Entry.contest_id == contest_id, ~has_standing).order_by(by_bytes(Entry.entry_code))
    for query in (on_ladder, others):
        result = db.session.execute(query.execution_options(yield_per=ENTRIES_AT_ONCE))
        for entries in result.partitions():
            attempts = _attempts_of([entry.id for entry in entries])
            for entry in entries:
                yield entry, attempts[entry.id]


def _attempts_of(entry_ids: Sequence[int]) -> dict[int, list[Any]]:
    query = (
        select(
            Attempt.entry_id, Attempt.period, Attempt.number, Attempt.started_at, Attempt.ended_at, Attempt.elapsed_ms,
            Attempt.score, Attempt.full, Attempt.answered, Attempt.is_set_aside, Attempt.receipt,
        )
        .where(Attempt.entry_id.in_(entry_ids), Attempt.ended_at.is_not(None))
        .order_by(Attempt.entry_id, Attempt.id)
    )  # fmt: skip
    found: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(query):
        found[row.entry_id].append(row)
    return found
