"""How many stand where: what waits is added to the counts some rows at a time, or all is counted anew."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, insert, literal, select, true
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from question_bank.database import sent_rows, take_turn, transaction, upsert, wait_for_turn
from quiz.models import (
    Entry,
    Part,
    Standing,
    StandingDelta,
    StandingFold,
    StandingPaces,
    StandingPoints,
    StandingTally,
)
from quiz.models.standings import PACE_CELL_MS, UNIT_CELLS
from quiz.queries import ladder_counts
from quiz.queries.scratch import parts_of
from quiz.services.standing_rows import DELTA

FOLD_AT_ONCE = 2_000
FOLD_EACH = 256
"""One hand-in of so many adds to the counts what waits, so that nobody's reading has much to add."""


def is_turn_to_fold(attempt_id: int) -> bool:
    return attempt_id % FOLD_EACH == 0


def fold_many(contest_id: int) -> None:
    """Add what waits where much does, as when a great many attempts ran out of time."""
    while ladder_counts.version(contest_id)[1] > 2 * FOLD_EACH and fold(contest_id):
        pass


def fold(contest_id: int) -> int:
    """Add to the counts of a contest what waits to be added, up to some rows; how many there were.

    None while another process does it, or while what was taken meanwhile is not committed.
    """
    with transaction() as session:
        if not take_turn(session, _turn(contest_id)):
            return 0
        waiting = _take_waiting(session, contest_id, FOLD_AT_ONCE)
        if waiting:
            points, paces, tallies = _counts_of(waiting)
            _add(session, StandingPoints, points)
            _add(session, StandingPaces, paces)
            _add(session, StandingTally, tallies)
            _next_version(session, contest_id)
    return len(waiting)


def _take_waiting(session: Session, contest_id: int, most: int) -> Sequence[Any]:
    """Delete rows that wait to be added to the counts, oldest first, and give them, as DELTA names their columns."""
    oldest = select(StandingDelta.id).where(StandingDelta.contest_id == contest_id).order_by(StandingDelta.id)
    table = StandingDelta.__table__
    columns = [table.c[name] for name in DELTA]
    taken = delete(table).where(table.c.id.in_(oldest.limit(most).scalar_subquery())).returning(*columns)  # type: ignore[arg-type]  # a table, typed as FromClause
    return session.execute(taken).all()


def _turn(contest_id: int) -> str:
    return f"fold {contest_id}"


Counts = tuple[dict[Any, list[int]], dict[Any, list[int]], dict[Any, list[int]]]
"""By key: people; people; people, nonzero, entries, score_sum."""


def _counts_of(waiting: Sequence[Any]) -> Counts:
    points: dict[Any, list[int]] = {}
    paces: dict[Any, list[int]] = {}
    tallies: dict[Any, list[int]] = {}
    for contest, street, unit, people, entries, minus_score, pace_cell, counted, score_sum in waiting:
        nonzero = people if score_sum > 0 else 0
        earned = people * score_sum
        for part, place in parts_of(street, unit):
            number = part.value
            if people:
                cell = pace_cell // UNIT_CELLS if part is Part.UNIT else pace_cell
                points.setdefault((contest, number, place, minus_score), [0])[0] += people
                paces.setdefault((contest, number, place, minus_score, cell), [0])[0] += people
            tally = tallies.setdefault((contest, number, place, counted), [0, 0, 0, 0])
            tally[:] = tally[0] + people, tally[1] + nonzero, tally[2] + entries, tally[3] + earned
    return points, paces, tallies


def _add(session: Session, table: Any, sums: dict[Any, list[int]]) -> None:
    if not sums:
        return
    columns = list(table.__table__.c)
    names, values = [c.name for c in columns], [c.name for c in columns if not c.primary_key]
    sent = sent_rows(session.get_bind().dialect.name, {c.name: c.type for c in columns})
    upserted = upsert(session, table).from_select(names, select(*sent.c).where(true()))
    more = {name: table.__table__.c[name] + upserted.excluded[name] for name in values}
    upserted = upserted.on_conflict_do_update(index_elements=[c.name for c in columns if c.primary_key], set_=more)
    rows = [dict(zip(names, (*key, *counts), strict=True)) for key, counts in sums.items()]
    session.execute(upserted, {"rows": json.dumps(rows)})


def _next_version(session: Session, contest_id: int) -> None:
    first = upsert(session, StandingFold).values(contest_id=contest_id, number=1)
    later = {"number": StandingFold.__table__.c.number + 1}
    session.execute(first.on_conflict_do_update(index_elements=["contest_id"], set_=later))


# --- all anew --------------------------------------------------------------------------------------------------------

TRIES = 5


def recount(contest_id: int) -> None:
    """Throw the counts away, with what waits to be added to them, and count the standings that are there."""
    for last_try in range(TRIES - 1, -1, -1):
        try:
            with transaction(as_of_one_moment=True) as session:
                wait_for_turn(session, _turn(contest_id))
                _recount(session, contest_id)
                _next_version(session, contest_id)
            return
        except OperationalError:  # somebody added something between our moment and our turn
            if not last_try:
                raise


def _recount(session: Session, contest_id: int) -> None:
    """Delete the contest's counts and what waits, and count its standings and entries as of this one moment."""
    for table in (StandingDelta, StandingPoints, StandingPaces, StandingTally):
        session.execute(
            delete(table).where(table.contest_id == contest_id).execution_options(synchronize_session=False)
        )
    for part, place, entry_place in (
        (Part.EVERYBODY, literal(0), literal(0)),
        (Part.STREET, Standing.street_id, Entry.street_id),
        (Part.UNIT, Standing.unit_id, Entry.unit_id),
    ):
        _count_standings(session, contest_id, part, place)
        of_entries = select(
            Entry.contest_id,
            literal(part.value),
            entry_place,
            literal(0),
            literal(0),
            literal(0),
            func.count(),
            literal(0),
        ).where(Entry.contest_id == contest_id, *_there(part, entry_place))
        _insert(session, StandingTally, of_entries.group_by(Entry.contest_id, *_by(part, entry_place)))


def _count_standings(session: Session, contest_id: int, part: Part, place: Any) -> None:
    key = (Standing.contest_id, literal(part.value), place)
    by = (Standing.contest_id, *_by(part, place))
    inside = (Standing.contest_id == contest_id, *_there(part, place))
    cell = Standing.elapsed_sum // Standing.counted // PACE_CELL_MS
    cell = cell // UNIT_CELLS if part is Part.UNIT else cell
    score = Standing.minus_score
    nonzero = func.sum(case((Standing.score_sum > 0, 1), else_=0))
    counted = Standing.counted
    for table, columns, groups in (
        (StandingPoints, (score, func.count()), (score,)),
        (StandingPaces, (score, cell, func.count()), (score, cell)),
        (StandingTally, (counted, func.count(), nonzero, literal(0), func.sum(Standing.score_sum)), (counted,)),
    ):
        _insert(session, table, select(*key, *columns).where(*inside).group_by(*by, *groups))


def _insert(session: Session, table: Any, rows: Any) -> None:
    session.execute(insert(table.__table__).from_select([column.name for column in table.__table__.c], rows))


def _by(part: Part, place: Any) -> tuple[Any, ...]:
    return () if part is Part.EVERYBODY else (place,)


def _there(part: Part, place: Any) -> tuple[ColumnElement[bool], ...]:
    return () if part is Part.EVERYBODY else (place.is_not(None),)
