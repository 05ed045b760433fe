"""Streets, communities, units, their headcounts, and the people who belong to them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from question_bank.database import db
from question_bank.models import Domain
from quiz.models import Admission, Area, AreaKind, Contest, Entry, Person, PersonKind, Unit
from quiz.models.contests import ContestState

PER_PAGE = 50
MOST_PAGES = 1_000_000


@dataclass(frozen=True)
class Scope:
    """范围: one street, one unit, or, with neither, the whole district."""

    street_id: int | None = None
    unit_id: int | None = None

    @property
    def is_district(self) -> bool:
        return self.street_id is None and self.unit_id is None


DISTRICT = (Scope(),)


@dataclass(frozen=True)
class Place:
    """A street, community or unit as it is offered to somebody who typed part of its name."""

    kind: str
    code: str
    name: str
    hint: str = ""


# --- streets, communities, units -------------------------------------------------------------------------------------


def streets(within: Sequence[Scope] = DISTRICT) -> list[Area]:
    """Streets in order of code; a street manager's own, no other."""
    query = select(Area).where(Area.kind == AreaKind.STREET.value, in_scope(within, Area.id, None))
    return list(db.session.execute(query.order_by(Area.code)).scalars())


def communities(within: Sequence[Scope] = DISTRICT) -> list[Area]:
    query = select(Area).where(Area.kind == AreaKind.COMMUNITY.value, in_scope(within, Area.parent_id, None))
    return list(db.session.execute(query.options(joinedload(Area.parent)).order_by(Area.code)).scalars())


def area_by_code(code: str, kind: AreaKind) -> Area | None:
    return db.session.execute(select(Area).where(Area.code == code, Area.kind == kind.value)).scalar()


def unit_by_code(code: str) -> Unit | None:
    return db.session.execute(select(Unit).where(Unit.code == code).options(joinedload(Unit.street))).scalar()


def areas_by_code(kind: AreaKind) -> dict[str, Area]:
    """Every area of this kind, with the one it lies in, by its code."""
    query = select(Area).where(Area.kind == kind.value).options(joinedload(Area.parent))
    return {area.code: area for area in db.session.execute(query).scalars()}


def units_by_code() -> dict[str, Unit]:
    """Every unit with its street, by its code."""
    query = select(Unit).options(joinedload(Unit.street))
    return {unit.code: unit for unit in db.session.execute(query).scalars()}


@dataclass(frozen=True)
class UnitsPage:
    units: list[Unit]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def units(within: Sequence[Scope] = DISTRICT, *, words: str = "", page: int = 1) -> UnitsPage:
    """One page of units, those whose name or code holds the words."""
    page = max(1, min(page, MOST_PAGES))
    query = select(Unit).where(in_scope(within, Unit.street_id, Unit.id))
    if words:
        query = query.where(or_(Unit.name.icontains(words, autoescape=True), Unit.code == words))
    rows = query.options(joinedload(Unit.street)).order_by(Unit.code).offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    return UnitsPage(list(db.session.execute(rows).scalars()), _count(query), page)


def search_places(words: str, kinds: Iterable[str], limit: int = 20) -> list[Place]:
    """Places whose name holds the words, the shortest name first: the closer it is to what was typed."""
    found: list[Place] = []
    for kind in kinds:
        if len(found) < limit:
            found += _units_named(words, limit) if kind == "unit" else _areas_named(words, AreaKind(kind), limit)
    return found[:limit]


def _areas_named(words: str, kind: AreaKind, limit: int) -> list[Place]:
    query = select(Area).where(Area.kind == kind.value, Area.name.icontains(words, autoescape=True))
    rows = query.options(joinedload(Area.parent)).order_by(func.length(Area.name), Area.code).limit(limit)
    return [
        Place(kind.value, area.code, area.name, area.parent.name if area.parent else "")
        for area in db.session.execute(rows).scalars()
    ]


def _units_named(words: str, limit: int) -> list[Place]:
    query = select(Unit).where(Unit.name.icontains(words, autoescape=True)).options(joinedload(Unit.street))
    rows = db.session.execute(query.order_by(func.length(Unit.name), Unit.code).limit(limit)).scalars()
    return [Place("unit", unit.code, unit.name, unit.street.name if unit.street else "") for unit in rows]


def place_by_code(code: str, kinds: Iterable[str]) -> Place | None:
    """The place of one of these kinds that has the code."""
    for kind in kinds:
        place = unit_by_code(code) if kind == "unit" else area_by_code(code, AreaKind(kind))
        if place:
            return Place(kind, place.code, place.name)
    return None


# --- units as typed --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TypedUnit:
    """A unit that people typed because it is not in the list, with how many persons and entries wait for it."""

    name: str
    persons: int
    entries: int


def typed_units() -> list[TypedUnit]:
    """Names that wait for the organiser, those with most people first."""
    persons = _counts(
        select(Person.unit_name, func.count())
        .where(Person.unit_name.is_not(None), Person.unit_id.is_(None))
        .group_by(Person.unit_name)
    )
    entries = _counts(
        select(Entry.unit_name, func.count())
        .join(Entry.contest)
        .where(entry_waits_for_unit())
        .group_by(Entry.unit_name)
    )
    names = sorted(persons.keys() | entries.keys(), key=lambda name: (-persons.get(name, 0), name))
    return [TypedUnit(name, persons.get(name, 0), entries.get(name, 0)) for name in names]


def count_typed_units() -> int:
    return len(typed_units())


def entry_waits_for_unit() -> ColumnElement[bool]:
    """An entry with a typed unit, in a contest whose result may still change."""
    return Entry.unit_name.is_not(None) & Entry.unit_id.is_(None) & (Contest.state != ContestState.SEALED.value)


def _counts(query: Any) -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(query)}


# --- persons ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PersonsPage:
    persons: list[Person]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def persons(within: Sequence[Scope], *, words: str = "", page: int = 1, by_phone: bool = True) -> PersonsPage:
    """One page of participants within the scopes, newest first; the words are part of a name, or of a phone."""
    page = max(1, min(page, MOST_PAGES))
    query = select(Person).where(
        Person.kind != PersonKind.STAFF.value,
        Person.forgotten_at.is_(None),
        in_scope(within, Person.street_id, Person.unit_id),
    )
    if words:
        named = Person.name.icontains(words, autoescape=True)
        query = query.where(named | Person.phone.contains(words, autoescape=True) if by_phone else named)
    rows = query.options(joinedload(Person.street), joinedload(Person.unit)).order_by(Person.id.desc())
    rows = rows.offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    return PersonsPage(list(db.session.execute(rows).scalars()), _count(query), page)


def participant(person_id: int, within: Sequence[Scope]) -> Person | None:
    """A participant, if inside one of the scopes; staff accounts are no participants."""
    query = select(Person).where(
        Person.id == person_id,
        Person.kind != PersonKind.STAFF.value,
        Person.forgotten_at.is_(None),
        in_scope(within, Person.street_id, Person.unit_id),
    )
    return db.session.execute(query).scalar()


def entries_of(person_id: int) -> list[Entry]:
    """Every contest the person takes part in, newest first, with street and unit as they count there."""
    query = (
        select(Entry)
        .where(Entry.person_id == person_id)
        .options(joinedload(Entry.contest), joinedload(Entry.street), joinedload(Entry.unit))
    )
    return list(db.session.execute(query.order_by(Entry.id.desc())).scalars())


def in_scope(scopes: Sequence[Scope], street: Any, unit: Any) -> ColumnElement[bool]:
    """The condition that a row lies in one of the scopes. Without a unit column, a unit's scope holds no row."""
    conditions: list[ColumnElement[bool]] = []
    for scope in scopes:
        if scope.is_district:
            return true()
        if scope.street_id is not None:
            conditions.append(street == scope.street_id)
        elif unit is not None:
            conditions.append(unit == scope.unit_id)
    return or_(false(), *conditions)


def _count(query: Select[Any]) -> int:
    return db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def contests_to_forget() -> list[Contest]:
    """Contests, past their draft, whose personal data is still there."""
    query = select(Contest).where(Contest.forgotten_at.is_(None), Contest.state != ContestState.DRAFT.value)
    return list(db.session.execute(query.options(selectinload(Contest.terms_versions))).scalars())


def domain_named(name: str) -> Domain | None:
    """A domain by its whole path (产品/食品)."""
    return db.session.execute(select(Domain).where(Domain.path == name)).scalar()


def takes_part_in(contest_id: int) -> ColumnElement[bool]:
    """The condition that a person has an entry in the contest, or is admitted to it."""
    entry = exists().where(Entry.person_id == Person.id, Entry.contest_id == contest_id)
    return entry | exists().where(Admission.person_id == Person.id, Admission.contest_id == contest_id)


def takes_part_outside(contest_id: int | None) -> ColumnElement[bool]:
    """The same of any contest but this one; None: of any. A draft keeps nobody's data."""
    published = (Contest.id == Admission.contest_id) & (Contest.state != ContestState.DRAFT.value)
    entry, admission = [Entry.person_id == Person.id], [Admission.person_id == Person.id, published]
    if contest_id is not None:
        entry.append(Entry.contest_id != contest_id)
        admission.append(Admission.contest_id != contest_id)
    return exists().where(*entry) | exists().where(*admission)
