"""The ladders of a contest as they stood when they froze."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from question_bank.database import db
from quiz.models import AreaKind, Attempt, ContestArea, ContestUnit, Entry, FrozenBoard, FrozenRow
from quiz.queries.ladder_counts import Within
from quiz.queries.standings import STOOD, PersonRow, unplaced, with_names
from quiz.rules.contest import LadderRule, Measure, Ties
from quiz.rules.participation import Tally
from quiz.rules.ranking import EndedAttempt, Place


def board(contest_id: int) -> FrozenBoard | None:
    return db.session.get(FrozenBoard, contest_id)


def total(contest_id: int, within: Within) -> int:
    return int(
        db.session.execute(select(func.count()).select_from(FrozenRow).where(*_inside(contest_id, within))).scalar_one()
    )


def persons(contest_id: int, within: Within, first: int, most: int) -> list[PersonRow]:
    place = _place(within)
    return _read(within, *_inside(contest_id, within), place > first, place <= first + most)


def person_of_entry(contest_id: int, entry_id: int, within: Within) -> PersonRow | None:
    found = _read(within, *_inside(contest_id, within), FrozenRow.entry_id == entry_id)
    return found[0] if found else None


def place_of(contest_id: int, entry_id: int, within: Within) -> int:
    """Counted from 1."""
    query = select(_place(within)).where(FrozenRow.contest_id == contest_id, FrozenRow.entry_id == entry_id)
    return int(db.session.execute(query).scalar_one())


def units_of_street(contest_id: int, street: str) -> set[str]:
    query = select(ContestUnit.code).where(ContestUnit.contest_id == contest_id, ContestUnit.street_code == street)
    return set(db.session.execute(query).scalars())


def changed_since(contest_id: int, moment: datetime) -> Any:
    """A statement: the entries of which an attempt ended later."""
    return select(Attempt.entry_id).where(Attempt.contest_id == contest_id, Attempt.ended_at > moment)


def ended_until(contest_id: int, moment: datetime) -> Iterator[tuple[Any, list[EndedAttempt]]]:
    """Of every entry that ended an attempt later, what it had ended by then."""
    later = changed_since(contest_id, moment)
    query = (
        select(
            Entry.id, Entry.entry_code, Entry.street_id, Entry.unit_id,
            Attempt.score, Attempt.elapsed_ms, Attempt.started_at, Attempt.ended_at, Attempt.answered,
            Attempt.is_set_aside,
        )
        .join(Attempt, Attempt.entry_id == Entry.id)
        .where(Entry.id.in_(later), Attempt.ended_at <= moment)
        .order_by(Entry.id, Attempt.id)
    )  # fmt: skip
    for _, group in groupby(db.session.execute(query), key=lambda row: row.id):
        rows: list[Any] = list(group)
        yield rows[0], [EndedAttempt(r[4], r[5], r[6], r[7], r[8] or 0, r[9]) for r in rows]


def tallies(session: Session, contest_id: int, rule: LadderRule, by: str, moment: datetime) -> list[Tally]:
    """What units or streets had brought by then, counted from the frozen rows."""
    of, entry_of = (FrozenRow.unit_id, Entry.unit_id) if by == "unit" else (FrozenRow.street_id, Entry.street_id)
    mine = (FrozenRow.contest_id == contest_id, of.is_not(None))
    people: dict[int, int] = defaultdict(int)
    nonzero: dict[int, int] = defaultdict(int)
    sums: dict[int, Fraction] = defaultdict(Fraction)
    above = func.sum(case((FrozenRow.score_sum > 0, 1), else_=0))
    query = select(of, FrozenRow.counted, func.count(), above, func.sum(FrozenRow.score_sum)).where(*mine)
    for place, counted, count, some, score in session.execute(query.group_by(of, FrozenRow.counted)):
        people[place] += count
        nonzero[place] += int(some)
        sums[place] += Fraction(int(score), counted)
    entries = select(entry_of, func.count()).where(Entry.contest_id == contest_id, Entry.joined_at <= moment)
    joined: dict[Any, int] = {row[0]: row[1] for row in session.execute(entries.group_by(entry_of))}
    excellent = {m.mark or 0: _excellent(session, mine, of, m.mark or 0) for m in _of(rule, Measure.EXCELLENT_RATE)}
    best = {m.n or 1: _best(session, mine, of, m.n or 1, by) for m in _of(rule, Measure.BEST_N)}
    return [
        Tally(
            code, name, unit_class, headcount, people[place], nonzero[place], joined.get(place, 0), sums[place],
            {mark: counts.get(place, 0) for mark, counts in excellent.items()},
            {n: totals.get(place, Fraction(0)) for n, totals in best.items()},
        )
        for place, code, name, unit_class, headcount in session.execute(_places(contest_id, by))
    ]  # fmt: skip


def _of(rule: LadderRule, measure: Measure) -> list[Any]:
    return [weighted for weighted in rule.measures if weighted.measure is measure]


def _places(contest_id: int, by: str) -> Any:
    if by == "unit":
        unit = ContestUnit
        units = select(unit.unit_id, unit.code, unit.name, unit.unit_class, unit.headcount)
        return units.where(unit.contest_id == contest_id)
    area = ContestArea
    no_class = case((area.id.is_(None), ""), else_="")
    streets = select(area.area_id, area.code, area.name, no_class, area.headcount)
    return streets.where(area.contest_id == contest_id, area.kind == AreaKind.STREET.value)


def _excellent(session: Session, mine: Any, of: Any, mark: int) -> dict[int, int]:
    query = select(of, func.count()).where(*mine, FrozenRow.score_sum >= mark * FrozenRow.counted).group_by(of)
    return {row[0]: row[1] for row in session.execute(query)}


def _best(session: Session, mine: Any, of: Any, n: int, by: str) -> dict[int, Fraction]:
    place = FrozenRow.place_in_unit if by == "unit" else FrozenRow.place_in_street
    sums: dict[int, Fraction] = defaultdict(Fraction)
    query = select(of, FrozenRow.counted, func.sum(FrozenRow.score_sum)).where(*mine, place <= n)
    for at, counted, score in session.execute(query.group_by(of, FrozenRow.counted)):
        sums[at] += Fraction(int(score), counted)
    return sums


def windows(ties: Ties) -> dict[str, Any]:
    """Places and ranks of the frozen rows, in everybody, in the street and in the unit."""
    row = FrozenRow
    order = (row.minus_score, row.pace, row.finished_at, row.entry_code)
    merit = order[:3] if ties is Ties.SHARE else order
    found: dict[str, Any] = {}
    for suffix, part in (("", ()), ("_in_street", (row.street_id,)), ("_in_unit", (row.unit_id,))):
        whole = (row.contest_id, *part)
        found[f"place{suffix}"] = func.row_number().over(partition_by=whole, order_by=order)
        found[f"rank{suffix}"] = func.rank().over(partition_by=whole, order_by=merit)
        found[f"equals{suffix}"] = func.count().over(partition_by=(*whole, *merit))
    return found


def _inside(contest_id: int, within: Within) -> list[Any]:
    conditions = [FrozenRow.contest_id == contest_id]
    if within.street_id is not None:
        conditions.append(FrozenRow.street_id == within.street_id)
    if within.unit_id is not None:
        conditions.append(FrozenRow.unit_id == within.unit_id)
    return conditions


def _suffix(within: Within) -> str:
    # A unit lies in one street, so that the ranks in it are those in both.
    return "_in_unit" if within.unit_id is not None else "_in_street" if within.street_id is not None else ""


def _place(within: Within) -> Any:
    return getattr(FrozenRow, f"place{_suffix(within)}")


def _read(within: Within, *conditions: Any) -> list[PersonRow]:
    """Rows in the order of the ladder, with the ranks that were worked out when it froze."""
    suffix = _suffix(within)
    ranks = select(FrozenRow.entry_id, getattr(FrozenRow, f"rank{suffix}"), getattr(FrozenRow, f"equals{suffix}"))
    rank_of = {
        entry_id: Place(rank, equals > 1) for entry_id, rank, equals in db.session.execute(ranks.where(*conditions))
    }
    stood = select(*(getattr(FrozenRow, column.key) for column in STOOD)).where(*conditions)
    rows = map(unplaced, db.session.execute(with_names(stood, FrozenRow.contest_id)))
    return [row.at(rank_of[row.standing.entry_id]) for row in rows]
