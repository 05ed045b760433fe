"""The ladders of a contest: persons straight from the kept standings, units and streets as tallies of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select

from question_bank.database import db
from quiz.models import AreaKind, ContestArea, ContestUnit, Entry, Person, Standing
from quiz.rules.contest import LadderRule, Measure, Ties
from quiz.rules.participation import Tally
from quiz.rules.ranking import Place, places


@dataclass(frozen=True)
class Within:
    """The part of the person ladder that is asked for: everybody, one street, or one unit (or both)."""

    street_id: int | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class PersonRow:
    """One row of 个人榜. ``name`` is masked; ``street`` and ``unit`` are names ("" without one)."""

    place: Place
    standing: Standing
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


def persons_total(contest_id: int, within: Within = Within()) -> int:
    return db.session.execute(
        select(func.count()).select_from(Standing).where(*_inside(contest_id, within))
    ).scalar_one()


def persons(
    contest_id: int, ties: Ties, *, within: Within = Within(), first: int = 0, most: int | None = None
) -> list[PersonRow]:
    """Rows ``first`` … of the person ladder, in order, with their ranks within it."""
    before = 1 if first else 0
    query = _person_rows(contest_id, within).order_by(*_ORDER).offset(first - before)
    rows = list(db.session.execute(query if most is None else query.limit(before + most + 1)))
    if not rows:
        return []
    # Ranks count from the top of the ladder; only those equal to the very first row may have equals further up.
    skipped = first - before
    top = _better(contest_id, ties, within, rows[0][0]) + 1 if first else 1
    ranked = [
        _person_row(Place(top if place.rank == 1 else place.rank and place.rank + skipped, place.tied), row)
        for place, row in _placed(rows, ties)
    ]
    return ranked[before:] if most is None else ranked[before : before + most]


def person_of_entry(contest_id: int, ties: Ties, entry_id: int, within: Within = Within()) -> PersonRow | None:
    """The entry's own row with its rank; None while it does not take part, or stands outside."""
    row = db.session.execute(_person_rows(contest_id, within).where(Standing.entry_id == entry_id)).first()
    if row is None:
        return None
    rank = _better(contest_id, ties, within, row[0]) + 1
    tied = ties is Ties.SHARE and _equal_count(contest_id, within, row[0]) > 1
    return _person_row(Place(rank, tied), row)


def rank_as_if(contest_id: int, ties: Ties, standing: Standing) -> int:
    """The rank that the entry would have with this standing instead of its own. Counted as its own rank is."""
    return _better(contest_id, ties, Within(), standing, instead_of=standing.entry_id) + 1


@dataclass(frozen=True)
class NamedPerson:
    """One row of 个人榜 as judges see it: name and phone in full, until the person's data is deleted."""

    rank: int
    standing: Standing
    name: str
    phone: str
    street: str
    unit: str
    unit_class: str


def named_persons(contest_id: int, ties: Ties, within: Within = Within()) -> Iterator[NamedPerson]:
    """The whole ladder with its ranks within, read part by part."""
    query = _person_rows(contest_id, within).outerjoin(Person, Person.id == Entry.person_id)
    query = query.add_columns(Entry.unit_name, Entry.unit_class, Person.name, Person.phone).order_by(*_ORDER)
    rank, last = 0, None
    for number, row in enumerate(db.session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)), 1):
        standing, masked, street, unit, _person_id, typed, unit_class, name, phone = tuple(row)
        merit = _merit(standing, ties)
        if merit != last:
            rank, last = number, merit
        yield NamedPerson(
            rank, standing, name or masked, phone or "", street or "", unit or typed or "", unit_class or ""
        )


ROWS_AT_ONCE = 1000

_ORDER = (Standing.minus_score, Standing.pace, Standing.finished_at, Standing.entry_code)


def _merit(standing: Standing, ties: Ties) -> tuple[Any, ...]:
    merit = (standing.minus_score, standing.pace, standing.finished_at)
    return merit if ties is Ties.SHARE else (*merit, standing.entry_code)


def _placed(rows: Sequence[Row[Any]], ties: Ties) -> Iterable[tuple[Place, Row[Any]]]:
    return places(rows, lambda row: _merit(row[0], ties))


def _inside(contest_id: int, within: Within) -> list[ColumnElement[bool]]:
    conditions = [Standing.contest_id == contest_id]
    if within.street_id is not None:
        conditions.append(Standing.street_id == within.street_id)
    if within.unit_id is not None:
        conditions.append(Standing.unit_id == within.unit_id)
    return conditions


def _person_rows(contest_id: int, within: Within) -> Any:
    return (
        select(Standing, Entry.masked_name, ContestArea.name, ContestUnit.name, Entry.person_id)
        .join(Entry, Entry.id == Standing.entry_id)
        .outerjoin(
            ContestArea,
            and_(ContestArea.contest_id == Standing.contest_id, ContestArea.area_id == Standing.street_id),
        )
        .outerjoin(
            ContestUnit,
            and_(ContestUnit.contest_id == Standing.contest_id, ContestUnit.unit_id == Standing.unit_id),
        )
        .where(*_inside(contest_id, within))
    )


def _person_row(place: Place, row: Row[Any]) -> PersonRow:
    # A unit's name as somebody typed it is shown to nobody else before an organiser has looked at it.
    standing, name, street, unit, person_id = tuple(row)
    return PersonRow(place, standing, name, street or "", unit or "", person_id)


def _better(contest_id: int, ties: Ties, within: Within, standing: Standing, *, instead_of: int | None = None) -> int:
    """How many stand before this one, equals not counted, nor the one that it stands in for."""
    columns = _ORDER[:3] if ties is Ties.SHARE else _ORDER
    # Compared column by column, each bound in the column's own type.
    better: ColumnElement[bool] = columns[-1] < getattr(standing, columns[-1].key)
    for column in reversed(columns[:-1]):
        mine = getattr(standing, column.key)
        better = or_(column < mine, and_(column == mine, better))
    query = select(func.count()).select_from(Standing).where(*_inside(contest_id, within), better)
    if instead_of is not None:
        query = query.where(Standing.entry_id != instead_of)
    return db.session.execute(query).scalar_one()


def _equal_count(contest_id: int, within: Within, standing: Standing) -> int:
    query = (
        select(func.count())
        .select_from(Standing)
        .where(
            *_inside(contest_id, within),
            Standing.minus_score == standing.minus_score,
            Standing.pace == standing.pace,
            Standing.finished_at == standing.finished_at,
        )
    )
    return db.session.execute(query).scalar_one()


# --- units and streets -----------------------------------------------------------------------------------------------


def unit_tallies(contest_id: int, rule: LadderRule, street_code: str | None = None) -> list[Tally]:
    """Every unit of the contest, or of one street, with what it brings to the ladder, be it nothing."""
    query = select(
        ContestUnit.unit_id, ContestUnit.code, ContestUnit.name, ContestUnit.unit_class, ContestUnit.headcount
    ).where(ContestUnit.contest_id == contest_id)
    if street_code is not None:
        query = query.where(ContestUnit.street_code == street_code)
    rows = [tuple(row) for row in db.session.execute(query)]
    return _tallies(contest_id, rule, rows, Standing.unit_id, Entry.unit_id)


def street_tallies(contest_id: int, rule: LadderRule) -> list[Tally]:
    """Every street of the contest, in the same way."""
    query = select(ContestArea.area_id, ContestArea.code, ContestArea.name, ContestArea.headcount)
    rows = db.session.execute(
        query.where(ContestArea.contest_id == contest_id, ContestArea.kind == AreaKind.STREET.value)
    )
    places_of = [(row.area_id, row.code, row.name, "", row.headcount) for row in rows]
    return _tallies(contest_id, rule, places_of, Standing.street_id, Entry.street_id)


def _tallies(
    contest_id: int, rule: LadderRule, places_of: Sequence[tuple[Any, ...]], of: Any, entry_of: Any
) -> list[Tally]:
    participants: dict[int, int] = defaultdict(int)
    nonzero: dict[int, int] = defaultdict(int)
    total: dict[int, Fraction] = defaultdict(Fraction)
    sums = select(
        of,
        Standing.counted,
        func.count(),
        func.sum(case((Standing.score_sum > 0, 1), else_=0)),
        func.sum(Standing.score_sum),
    )
    for place, counted, people, above_zero, score in db.session.execute(
        sums.where(Standing.contest_id == contest_id, of.is_not(None)).group_by(of, Standing.counted)
    ):
        participants[place] += people
        nonzero[place] += int(above_zero)
        total[place] += Fraction(int(score), counted)
    entries = _counts(
        select(entry_of, func.count()).where(Entry.contest_id == contest_id, entry_of.is_not(None)).group_by(entry_of)
    )
    marks = {m.mark or 0 for m in rule.measures if m.measure is Measure.EXCELLENT_RATE}
    excellent = {mark: _excellent(contest_id, of, mark) for mark in marks}
    numbers = {m.n or 1 for m in rule.measures if m.measure is Measure.BEST_N}
    best = {n: _best(contest_id, of, n) for n in numbers}
    return [
        Tally(
            code=code,
            name=name,
            unit_class=unit_class,
            headcount=headcount,
            participants=participants[place],
            nonzero=nonzero[place],
            entries=entries.get(place, 0),
            total=total[place],
            excellent={mark: counts.get(place, 0) for mark, counts in excellent.items()},
            best={n: sums_of.get(place, Fraction(0)) for n, sums_of in best.items()},
        )
        for place, code, name, unit_class, headcount in places_of
    ]


def _counts(query: Select[Any]) -> dict[int, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


def _excellent(contest_id: int, of: Any, mark: int) -> dict[int, int]:
    reached = Standing.score_sum >= mark * Standing.counted
    return _counts(
        select(of, func.count()).where(Standing.contest_id == contest_id, of.is_not(None), reached).group_by(of)
    )


def _best(contest_id: int, of: Any, n: int) -> dict[int, Fraction]:
    """The sum of the best n counted scores of each place."""
    numbered = (
        select(
            of.label("place"),
            Standing.score_sum,
            Standing.counted,
            func.row_number().over(partition_by=of, order_by=_ORDER).label("number"),
        )
        .where(Standing.contest_id == contest_id, of.is_not(None))
        .subquery()
    )
    sums: dict[int, Fraction] = defaultdict(Fraction)
    query = select(numbered.c.place, numbered.c.counted, func.sum(numbered.c.score_sum)).where(numbered.c.number <= n)
    for place, counted, score in db.session.execute(query.group_by(numbered.c.place, numbered.c.counted)):
        sums[place] += Fraction(int(score), counted)
    return dict(sums)


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
