"""How many stand where on the person ladder of a contest, from kept counts and what waits to be added to them.

Each count is read in one statement: what waits and what it is added to change together, and must be seen together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Double, Integer, Select, and_, bindparam, func, literal, or_, select, union_all

from question_bank.database import db
from question_bank.prepared import Prepared
from quiz.models import Part, Standing, StandingDelta, StandingFold, StandingPaces, StandingPoints, StandingTally
from quiz.models.standings import PACE_CELL_MS, UNIT_CELLS
from quiz.rules.contest import Ties


@dataclass(frozen=True)
class Within:
    """The part of the person ladder that is asked for: everybody, one street, or one unit (or both)."""

    street_id: int | None = None
    unit_id: int | None = None

    @property
    def part(self) -> tuple[Part, int] | None:
        """Whose counts are kept for it; None for a unit in a street, who are few enough to be counted."""
        if self.street_id is not None and self.unit_id is not None:
            return None
        if self.unit_id is not None:
            return Part.UNIT, self.unit_id
        return (Part.STREET, self.street_id) if self.street_id is not None else (Part.EVERYBODY, 0)


EVERYBODY = Within()


class Stands(Protocol):
    """What the order of persons rests on."""

    @property
    def entry_code(self) -> str: ...
    @property
    def elapsed_sum(self) -> int: ...
    @property
    def counted(self) -> int: ...
    @property
    def minus_score(self) -> float: ...
    @property
    def pace(self) -> float: ...
    @property
    def finished_at(self) -> datetime: ...


ORDER = (Standing.minus_score, Standing.pace, Standing.finished_at, Standing.entry_code)


def columns_of(ties: Ties) -> tuple[Any, ...]:
    """What sets two apart: ranks that are shared leave out the last."""
    return ORDER[:3] if ties is Ties.SHARE else ORDER


def merit(standing: Stands, ties: Ties) -> tuple[Any, ...]:
    """Persons stand in rising order of this."""
    return tuple(getattr(standing, column.key) for column in columns_of(ties))


def inside(contest_id: int, within: Within) -> list[ColumnElement[bool]]:
    """The standings that belong to this part of the ladder."""
    conditions = [Standing.contest_id == contest_id]
    if within.street_id is not None:
        conditions.append(Standing.street_id == within.street_id)
    if within.unit_id is not None:
        conditions.append(Standing.unit_id == within.unit_id)
    return conditions


def total(contest_id: int, within: Within) -> int:
    """How many take part."""
    part = within.part
    if part is None:
        return _count(select(func.count()).select_from(Standing).where(*inside(contest_id, within)))
    return int(_TOTAL[part[0]].read({"contest": contest_id, "place": part[1]})[0])


_CONTEST, _PLACE = bindparam("contest", type_=Integer()), bindparam("place", type_=Integer())


def _total(part: Part) -> Any:
    kept = select(_sum(StandingTally.people)).where(*_kept(StandingTally, _CONTEST, (part, _PLACE)))
    waiting = select(_sum(StandingDelta.people)).where(*_waiting(_CONTEST, (part, _PLACE)))
    return select(kept.scalar_subquery() + waiting.scalar_subquery())


def before(contest_id: int, within: Within, standing: Stands, columns: tuple[Any, ...]) -> int:
    """How many stand before this one by these columns: those of a better score, of a quicker cell, and in its own."""
    values = {column.key: getattr(standing, column.key) for column in ORDER}
    part = within.part
    if part is None:
        better = _better({key: literal(value, ORDER_TYPES[key]) for key, value in values.items()}, columns)
        return _count(select(func.count()).select_from(Standing).where(*inside(contest_id, within), better))
    cell = _cell(standing, part[0])
    asked = {"contest": contest_id, "place": part[1], "cell": cell, "slowest": float(cell * _width(part[0]))}
    row = _BEFORE[part[0], len(columns)].read({**asked, **values})
    return int(row[0])


def _before(part: Part, columns: tuple[Any, ...]) -> Any:
    """The statement behind ``before``, which everybody's own rank asks for."""
    place, cell = (part, _PLACE), bindparam("cell", type_=Integer())
    minus = _MINE["minus_score"]
    quicker = and_(StandingDelta.minus_score == minus, _delta_cell(part) < cell)
    counts = [
        select(_sum(StandingPoints.people)).where(
            *_kept(StandingPoints, _CONTEST, place), StandingPoints.minus_score < minus
        ),
        select(_sum(StandingPaces.people)).where(
            *_kept(StandingPaces, _CONTEST, place), StandingPaces.minus_score == minus, StandingPaces.pace_cell < cell
        ),
        select(_sum(StandingDelta.people)).where(
            *_waiting(_CONTEST, place), or_(StandingDelta.minus_score < minus, quicker)
        ),
        select(func.count())
        .select_from(Standing)
        .where(
            *_inside(part),
            Standing.minus_score == minus,
            Standing.pace >= bindparam("slowest", type_=Double()),
            Standing.pace <= _MINE["pace"],
            _better(_MINE, columns),
        ),
    ]
    first, *others = (each.scalar_subquery() for each in counts)
    return select(sum(others, first))


ORDER_TYPES = {column.key: column.type for column in ORDER}
_MINE: dict[str, Any] = {key: bindparam(key, type_=type_) for key, type_ in ORDER_TYPES.items()}
_PLACES: dict[Part, Any] = {Part.STREET: Standing.street_id, Part.UNIT: Standing.unit_id}


def _inside(part: Part) -> list[ColumnElement[bool]]:
    return [Standing.contest_id == _CONTEST, *([] if part is Part.EVERYBODY else [_PLACES[part] == _PLACE])]


def equals(contest_id: int, within: Within, standing: Stands) -> int:
    """How many share the rank, itself among them."""
    values = {column.key: getattr(standing, column.key) for column in ORDER[:3]}
    part = within.part
    if part is None:
        same = [column == values[column.key] for column in ORDER[:3]]
        return _count(select(func.count()).select_from(Standing).where(*inside(contest_id, within), *same))
    return int(_EQUALS[part[0]].read({"contest": contest_id, "place": part[1], **values})[0])


def _equals(part: Part) -> Any:
    same = (column == _MINE[column.key] for column in ORDER[:3])
    return select(func.count()).select_from(Standing).where(*_inside(part), *same)


@dataclass(frozen=True)
class Start:
    """Where a page begins: at or after this score and pace, and then so many further."""

    minus_score: float
    pace: float
    further: int


def start_of(contest_id: int, within: Within, first: int) -> Start | None:
    """Where row ``first`` (from 0) is found; None past the end. Needs a snapshot, and a part whose counts are kept."""
    part = within.part
    assert part is not None
    scores = union_all(
        select(StandingPoints.minus_score.label("at"), StandingPoints.people).where(
            *_kept(StandingPoints, contest_id, part)
        ),
        select(StandingDelta.minus_score, StandingDelta.people).where(
            *_waiting(contest_id, part), StandingDelta.people != 0
        ),
    )
    found = _reached(scores, first)
    if found is None:
        return None
    minus, further = found
    cells = union_all(
        select(StandingPaces.pace_cell.label("at"), StandingPaces.people).where(
            *_kept(StandingPaces, contest_id, part), StandingPaces.minus_score == minus
        ),
        select(_delta_cell(part[0]), StandingDelta.people).where(
            *_waiting(contest_id, part), StandingDelta.people != 0, StandingDelta.minus_score == minus
        ),
    )
    cell, further = _reached(cells, further) or (0, further)
    return Start(minus, float(cell * _width(part[0])), further)


def _reached(counts: Any, first: int) -> tuple[Any, int] | None:
    """Where, in rising order, the row comes after ``first`` others, and how many of them stand with it."""
    table = counts.subquery()
    summed = select(table.c.at, _sum(table.c.people).label("people")).group_by(table.c.at).subquery()
    running = _running(summed)
    query = select(running).where(running.c.reached > first).order_by(running.c.at).limit(1)
    row = db.session.execute(query).first()
    return None if row is None else (row.at, first - int(row.reached - row.people))


def _running(summed: Any) -> Any:
    reached = func.sum(summed.c.people).over(order_by=summed.c.at)
    return select(summed.c.at, summed.c.people, reached.label("reached")).subquery()


def version(contest_id: int) -> tuple[int, int]:
    """Changes with every change of a contest's standings: what waits only grows until it is folded in."""
    number, waiting = _VERSION.read({"contest": contest_id})
    return number, waiting


def _version() -> Any:
    number = select(StandingFold.number).where(StandingFold.contest_id == _CONTEST).scalar_subquery()
    waiting = select(func.count()).select_from(StandingDelta).where(StandingDelta.contest_id == _CONTEST)
    return select(func.coalesce(number, 0), waiting.scalar_subquery())


# --- parts of statements ---------------------------------------------------------------------------------------------


def _count(query: Select[Any]) -> int:
    return int(db.session.execute(query).scalar_one())


def _sum(column: Any) -> Any:
    return func.coalesce(func.sum(column), 0)


def _kept(table: Any, contest_id: Any, part: tuple[Part, Any]) -> list[ColumnElement[bool]]:
    return [table.contest_id == contest_id, table.part == part[0].value, table.place_id == part[1]]


def _waiting(contest_id: Any, part: tuple[Part, Any]) -> list[ColumnElement[bool]]:
    conditions = [StandingDelta.contest_id == contest_id]
    if part[0] is Part.STREET:
        conditions.append(StandingDelta.street_id == part[1])
    elif part[0] is Part.UNIT:
        conditions.append(StandingDelta.unit_id == part[1])
    return conditions


def _width(part: Part) -> int:
    return PACE_CELL_MS * (UNIT_CELLS if part is Part.UNIT else 1)


def _cell(standing: Stands, part: Part) -> int:
    return standing.elapsed_sum // standing.counted // _width(part)


def _delta_cell(part: Part) -> Any:
    return StandingDelta.pace_cell // UNIT_CELLS if part is Part.UNIT else StandingDelta.pace_cell


def _better(mine: Mapping[str, Any], columns: tuple[Any, ...]) -> ColumnElement[bool]:
    """Compared column by column."""
    better: ColumnElement[bool] = columns[-1] < mine[columns[-1].key]
    for column in reversed(columns[:-1]):
        better = or_(column < mine[column.key], and_(column == mine[column.key], better))
    return better


# --- the statements, built once --------------------------------------------------------------------------------------

_VERSION = Prepared(lambda _dialect: _version())
_TOTAL, _EQUALS = (
    {part: Prepared(lambda _dialect, part=part, build=build: build(part)) for part in Part}  # type: ignore[misc]  # mypy cannot type a lambda with defaults
    for build in (_total, _equals)
)
_BEFORE = {
    (part, columns): Prepared(lambda _dialect, part=part, columns=columns: _before(part, ORDER[:columns]))  # type: ignore[misc]  # mypy cannot type a lambda with defaults
    for part in Part
    for columns in (3, 4)
}
