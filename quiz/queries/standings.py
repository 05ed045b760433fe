"""The person ladder of a contest, and the places that its other ladders are about."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, or_, select, tuple_

from question_bank.database import Big, as_moment, db, snapshot
from question_bank.prepared import Prepared
from quiz.models import AreaKind, ContestArea, ContestUnit, Entry, Person, Standing
from quiz.queries import ladder_counts as counts
from quiz.queries.ladder_counts import EVERYBODY, ORDER, Within, columns_of, merit
from quiz.queries.tallies import street_tallies, unit_tallies
from quiz.rules.contest import Ties
from quiz.rules.ranking import Place, places

__all__ = ["EVERYBODY", "PersonRow", "Stood", "Within", "street_tallies", "unit_tallies"]


@dataclass(frozen=True)
class Stood:
    """A row of the kept standings as it was read."""

    entry_id: int
    entry_code: str
    street_id: int | None
    unit_id: int | None
    score_sum: int
    elapsed_sum: int
    counted: int
    minus_score: float
    pace: float
    finished_at: datetime


STOOD: tuple[Any, ...] = (
    Standing.entry_id,
    Standing.entry_code,
    Standing.street_id,
    Standing.unit_id,
    Standing.score_sum,
    Standing.elapsed_sum,
    Standing.counted,
    Standing.minus_score,
    Standing.pace,
    Standing.finished_at,
)


@dataclass(frozen=True)
class PersonRow:
    """One row of 个人榜. ``name`` is masked; ``street`` and ``unit`` are names ("" without one)."""

    place: Place
    standing: Stood
    name: str
    street: str
    unit: str
    person_id: int | None

    @property
    def score(self) -> Fraction:
        """In hundredths, exactly."""
        return Fraction(self.standing.score_sum, self.standing.counted)

    @property
    def elapsed_ms(self) -> Fraction:
        return Fraction(self.standing.elapsed_sum, self.standing.counted)


def persons_total(contest_id: int, within: Within = EVERYBODY) -> int:
    return counts.total(contest_id, within)


def persons(
    contest_id: int, ties: Ties, *, within: Within = EVERYBODY, first: int = 0, most: int | None = None
) -> list[PersonRow]:
    """Rows ``first`` … of the person ladder, in order, with their ranks within it."""
    lead = 1 if first else 0  # the row before the page tells whether its first row shares a rank
    with snapshot(of_rows=True) if first else nullcontext():
        rows = _from_row(contest_id, within, first - lead, None if most is None else lead + most + 1)
        if not rows:
            return []
        # Ranks count from the top of the ladder; only those equal to the very first row may have equals further up.
        top = counts.before(contest_id, within, rows[0].standing, columns_of(ties)) + 1 if first else 1
    ranked = _ranked(rows, ties, top=top, skipped=first - lead)
    return ranked[lead:] if most is None else ranked[lead : lead + most]


def around(contest_id: int, ties: Ties, row: PersonRow, each: int, within: Within = EVERYBODY) -> list[PersonRow]:
    """The row with so many above and below it, found in the index from the row itself."""
    mine = {column.key: getattr(row.standing, column.key) for column in ORDER}
    with snapshot(of_rows=True):
        # One more on each side tells whether a rank is shared.
        above = _read(_Rows.ABOVE, contest_id, within, most=each + 1, **mine)
        found = above + _read(_Rows.FROM, contest_id, within, most=each + 2, **mine)
        if not found:
            return []
        skipped = counts.before(contest_id, within, found[0].standing, ORDER)
        top = counts.before(contest_id, within, found[0].standing, columns_of(ties)) + 1
    lead = len(above) - min(len(above), each)
    return _ranked(found, ties, top=top, skipped=skipped)[lead : len(above) + each + 1]


def person_of_entry(contest_id: int, ties: Ties, entry_id: int, within: Within = EVERYBODY) -> PersonRow | None:
    """The entry's own row with its rank; None while it does not take part, or stands outside."""
    row = _OWN.read({"contest": contest_id, "entry": entry_id})
    if row is None:
        return None
    found = unplaced(row)
    standing = found.standing
    if within.street_id not in (None, standing.street_id) or within.unit_id not in (None, standing.unit_id):
        return None
    rank = counts.before(contest_id, within, standing, columns_of(ties)) + 1
    tied = ties is Ties.SHARE and counts.equals(contest_id, within, standing) > 1
    return found.at(Place(rank, tied))


def entries_found(contest_id: int, sought: str, *, by_name: bool, most: int) -> list[int]:
    """Entries that stand on the ladder, by their code; with ``by_name`` also by the beginning of a name."""
    is_sought = Entry.entry_code == sought.upper()
    if by_name:
        is_sought = or_(is_sought, Person.name.startswith(sought, autoescape=True))
    query = select(Standing.entry_id).join(Entry, Entry.id == Standing.entry_id)
    query = query.outerjoin(Person, Person.id == Entry.person_id) if by_name else query
    query = query.where(Standing.contest_id == contest_id, is_sought).order_by(*ORDER).limit(most)
    return list(db.session.execute(query).scalars())


def rank_as_if(contest_id: int, ties: Ties, standing: Standing) -> int:
    """The rank that the entry would have with this standing instead of its own."""
    others = counts.before(contest_id, EVERYBODY, standing, columns_of(ties))
    own = db.session.get(Standing, standing.entry_id)
    counts_itself = own is not None and merit(own, ties) < merit(standing, ties)
    return others - counts_itself + 1


@dataclass(frozen=True)
class Unplaced:
    """A row of the ladder before its rank is known."""

    standing: Stood
    name: str
    street: str
    unit: str
    person_id: int | None

    def at(self, place: Place) -> PersonRow:
        return PersonRow(place, self.standing, self.name, self.street, self.unit, self.person_id)


def _from_row(contest_id: int, within: Within, first: int, most: int | None) -> list[Unplaced]:
    """Row ``first`` and those after it, in order; none past the end."""
    if first == 0 or within.part is None:
        return _read(_Rows.TOP, contest_id, within, first=first, most=most)
    start = counts.start_of(contest_id, within, first)
    if start is None:
        return []
    cell = {"minus_score": start.minus_score, "pace": start.pace}
    return _read(_Rows.CELL, contest_id, within, first=start.further, most=most, **cell)


class _Rows(Enum):
    """Which rows of a part of the ladder are asked for."""

    TOP = "from its top"
    CELL = "from a cell of the counts on"
    ABOVE = "above a standing, the nearest first"
    FROM = "from a standing on"


_COMPARED = {_Rows.TOP: (), _Rows.CELL: ORDER[:2], _Rows.ABOVE: ORDER, _Rows.FROM: ORDER}


def _read(
    rows: _Rows, contest_id: int, within: Within, *, most: int | None, first: int = 0, **at: Any
) -> list[Unplaced]:
    """A few rows with the names that go with them."""
    places = {"street_id": within.street_id, "unit_id": within.unit_id}
    part = {name: place for name, place in places.items() if place is not None}
    statement = _rows_of(rows, tuple(part), most is not None)
    values = {"contest_id": contest_id, "first": first, **part, **at}
    return [unplaced(row) for row in statement.read_all(values if most is None else {**values, "most": most})]


@cache
def _rows_of(rows: _Rows, part: tuple[str, ...], is_limited: bool) -> Prepared:
    """Built once for each form of the question: to build it takes longer than to read fifty rows."""
    table = Standing.__table__.c
    asked = {column.key: bindparam(column.key, type_=column.type) for column in table}
    query = select(*STOOD).where(*(table[name] == asked[name] for name in ("contest_id", *part)))
    if compared := _COMPARED[rows]:
        stands, at = tuple_(*compared), tuple_(*(asked[column.key] for column in compared))
        query = query.where(stands < at if rows is _Rows.ABOVE else stands >= at)
    query = query.order_by(*(column.desc() if rows is _Rows.ABOVE else column for column in ORDER))
    query = query.offset(bindparam("first", type_=Integer()))
    limited = with_names(query.limit(bindparam("most", type_=Integer())) if is_limited else query)
    return Prepared(lambda _dialect: limited)


def unplaced(row: Sequence[Any]) -> Unplaced:
    standing, (name, street, unit, person_id) = _parted(row)
    # A unit's name as somebody typed it is shown to nobody else before an organiser has looked at it.
    return Unplaced(standing, name, street or "", unit or "", person_id)


def with_names(query: Select[Any], contest_id: Any = Standing.contest_id) -> Select[Any]:
    """The standings of a query, which are found before their names are looked up, in order."""
    found = query.add_columns(contest_id).subquery()
    order = [found.c[column.key] for column in ORDER]
    return (
        select(
            *(found.c[column.key] for column in STOOD),
            Entry.masked_name, ContestArea.name, ContestUnit.name, Entry.person_id,
        )
        .join(Entry, Entry.id == found.c.entry_id)
        .outerjoin(
            ContestArea, and_(ContestArea.contest_id == found.c.contest_id, ContestArea.area_id == found.c.street_id)
        )
        .outerjoin(
            ContestUnit, and_(ContestUnit.contest_id == found.c.contest_id, ContestUnit.unit_id == found.c.unit_id)
        )
        .order_by(*order)
    )  # fmt: skip


def _own(_dialect: str) -> Any:
    mine = select(*STOOD).where(
        Standing.contest_id == bindparam("contest", type_=Integer()), Standing.entry_id == bindparam("entry", type_=Big)
    )
    return with_names(mine)


_OWN = Prepared(_own)


def _parted(row: Sequence[Any]) -> tuple[Stood, tuple[Any, ...]]:
    *stood, finished_at = row[: len(STOOD)]
    kept: Any = (*stood, as_moment(finished_at))
    return Stood(*kept), tuple(row[len(STOOD) :])


def _ranked(rows: Sequence[Unplaced], ties: Ties, *, top: int, skipped: int) -> list[PersonRow]:
    """With their ranks: the first row has rank ``top`` and stands behind ``skipped`` others."""
    return [
        row.at(Place(top if place.rank == 1 else place.rank and place.rank + skipped, place.tied))
        for place, row in places(rows, lambda each: merit(each.standing, ties))
    ]


def place_ids(contest_id: int, *, street: str | None, unit: str | None) -> Within | None:
    """Codes of a street and a unit of this contest; None when one of them is unknown."""
    street_id = unit_id = None
    if street:
        street_id = db.session.execute(
            select(ContestArea.area_id).where(
                ContestArea.contest_id == contest_id,
                ContestArea.code == street,
                ContestArea.kind == AreaKind.STREET.value,
            )
        ).scalar()
    if unit:
        unit_id = db.session.execute(
            select(ContestUnit.unit_id).where(ContestUnit.contest_id == contest_id, ContestUnit.code == unit)
        ).scalar()
    if (street and street_id is None) or (unit and unit_id is None):
        return None
    return Within(street_id, unit_id)


def contest_streets(contest_id: int) -> list[ContestArea]:
    query = select(ContestArea).where(ContestArea.contest_id == contest_id, ContestArea.kind == AreaKind.STREET.value)
    return list(db.session.execute(query.order_by(ContestArea.code)).scalars())


def contest_unit(contest_id: int, unit_id: int) -> ContestUnit | None:
    """The unit as this contest counts it."""
    query = select(ContestUnit).where(ContestUnit.contest_id == contest_id, ContestUnit.unit_id == unit_id)
    return db.session.execute(query).scalar()


def contest_street(contest_id: int, area_id: int) -> ContestArea | None:
    """The same of a street."""
    query = select(ContestArea).where(ContestArea.contest_id == contest_id, ContestArea.area_id == area_id)
    return db.session.execute(query.where(ContestArea.kind == AreaKind.STREET.value)).scalar()
