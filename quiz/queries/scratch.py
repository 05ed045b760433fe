"""Reads behind building and checking standings from scratch; none of them is used to keep standings up."""

from collections import Counter
from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.database import db
from quiz.models import Attempt, Entry, Part, Standing, StandingDelta, StandingPaces, StandingPoints, StandingTally
from quiz.models.standings import PACE_CELL_MS, UNIT_CELLS
from quiz.rules.ranking import EndedAttempt

AT_ONCE = 2_000


def parts_of(street_id: int | None, unit_id: int | None) -> Iterator[tuple[Part, int]]:
    """Everything whose counts somebody from there belongs to."""
    yield Part.EVERYBODY, 0
    if street_id is not None:
        yield Part.STREET, street_id
    if unit_id is not None:
        yield Part.UNIT, unit_id


def cell_of(part: Part, pace_ms: int) -> int:
    return pace_ms // PACE_CELL_MS // (UNIT_CELLS if part is Part.UNIT else 1)


def entries_after(contest_id: int, last: int, most: int) -> list[int]:
    """The next entries of the contest by id."""
    query = select(Entry.id).where(Entry.contest_id == contest_id, Entry.id > last).order_by(Entry.id).limit(most)
    return list(db.session.execute(query).scalars())


def hold_entries(session: Session, ids: Sequence[int]) -> None:
    """Until the act ends."""
    query = select(Entry.id).where(Entry.id.in_(ids)).order_by(Entry.id)
    session.execute(query.with_for_update(key_share=True)).all()


def entries_with_attempts(
    contest_id: int, ids: Sequence[int] | None = None
) -> Iterator[tuple[Any, EndedAttempt | None]]:
    """Every entry of the contest, or those named, with each of its ended attempts; once with None without any."""
    query = (
        select(
            Entry.id, Entry.entry_code, Entry.street_id, Entry.unit_id,
            Attempt.score, Attempt.elapsed_ms, Attempt.started_at, Attempt.ended_at, Attempt.answered,
            Attempt.is_set_aside,
        )
        .outerjoin(Attempt, (Attempt.entry_id == Entry.id) & Attempt.ended_at.is_not(None))
        .where(Entry.contest_id == contest_id)
        .order_by(Entry.id, Attempt.id)
    )  # fmt: skip
    if ids is not None:
        query = query.where(Entry.id.in_(ids))
    for entry_id, code, street_id, unit_id, *attempt in _read(query):
        entry = SimpleNamespace(id=entry_id, entry_code=code, street_id=street_id, unit_id=unit_id)
        score, elapsed_ms, started_at, ended_at, answered, is_set_aside = attempt
        if ended_at is None:
            yield entry, None
        else:
            yield entry, EndedAttempt(score, elapsed_ms, started_at, ended_at, answered or 0, is_set_aside)


def kept_standings(contest_id: int) -> Iterator[Any]:
    """Every kept row in order of entry."""
    columns = Standing.__table__.c
    yield from _read(select(*columns).where(columns.contest_id == contest_id).order_by(columns.entry_id))


def kept_counts(contest_id: int) -> Counter[tuple[Any, ...]]:
    """Every kept count with what waits to be added to it, each by what it counts, of whom, and at what."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for points in _read(select(StandingPoints.__table__).where(StandingPoints.contest_id == contest_id)):
        counts["people of score", Part(points.part), points.place_id, points.minus_score] += points.people
    for paces in _read(select(StandingPaces.__table__).where(StandingPaces.contest_id == contest_id)):
        at = (paces.minus_score, paces.pace_cell)
        counts["people of score and pace", Part(paces.part), paces.place_id, *at] += paces.people
    for tally in _read(select(StandingTally.__table__).where(StandingTally.contest_id == contest_id)):
        _tally(counts, Part(tally.part), tally.place_id, tally)
    for row in _read(select(StandingDelta.__table__).where(StandingDelta.contest_id == contest_id)):
        for part, place in parts_of(row.street_id, row.unit_id):
            if row.people:
                cell = row.pace_cell // UNIT_CELLS if part is Part.UNIT else row.pace_cell
                counts["people of score", part, place, row.minus_score] += row.people
                counts["people of score and pace", part, place, row.minus_score, cell] += row.people
            nonzero = row.people if row.score_sum > 0 else 0
            score = row.people * row.score_sum
            tally = SimpleNamespace(
                counted=row.counted, people=row.people, nonzero=nonzero, entries=row.entries, score_sum=score
            )
            _tally(counts, part, place, tally)
    return counts


def _tally(counts: Counter[tuple[Any, ...]], part: Part, place: int, row: Any) -> None:
    if row.entries:
        counts["entries", part, place] += row.entries
    counts["people", part, place, row.counted] += row.people
    counts["people above nought", part, place, row.counted] += row.nonzero
    counts["score", part, place, row.counted] += row.score_sum


def _read(query: Any) -> Iterator[Any]:
    yield from db.session.execute(query.execution_options(yield_per=AT_ONCE))
