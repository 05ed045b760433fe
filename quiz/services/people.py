"""Keep the register of streets and units, map typed units, move a person."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from question_bank.database import transaction
from question_bank.reading.drafts import RowProblem
from quiz.errors import ChangedMeanwhile, Mistakes, NotFound
from quiz.models import (
    Area,
    AreaKind,
    Entry,
    Person,
    PersonKind,
    Standing,
    Unit,
)
from quiz.queries import people as find
from quiz.services import audit, standing_rows
from quiz.services.belonging import belonging_of
from quiz.services.joining import ensure_contest_area, ensure_contest_unit
from quiz.services.register_workbook import COLUMNS, COMMUNITIES, STREETS, UNITS, Found, PlaceRow, read_register

# --- the register ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """One street, community or unit that an import adds, or brings from ``before`` to ``after``."""

    sheet: str
    after: PlaceRow
    before: PlaceRow | None


@dataclass(frozen=True)
class Summary:
    """What an import of the register did, or would do: rows by sheet, and of them what changes.

    ``unread`` are sheets that hold something else.
    """

    rows: Mapping[str, int]
    changes: tuple[Change, ...]
    unread: tuple[str, ...]

    def added(self, sheet: str) -> int:
        return sum(1 for change in self.changes if change.sheet == sheet and change.before is None)

    def changed(self, sheet: str) -> int:
        return sum(1 for change in self.changes if change.sheet == sheet and change.before is not None)

    def same(self, sheet: str) -> int:
        return self.rows[sheet] - self.added(sheet) - self.changed(sheet)

    @property
    def digest(self) -> str:
        """Equal digests mean equal changes: what was shown is what is done."""
        return hashlib.sha256(repr((sorted(self.rows.items()), self.changes)).encode()).hexdigest()


def check_people(data: bytes) -> Summary:
    """What ``import_people`` would do; nothing is changed. Raises Mistakes, Unreadable."""
    found = read_register(data)
    _require_sound(found)
    return _summary(found)


def import_people(data: bytes, *, actor: int | None, now: datetime, shown: str | None = None) -> Summary:
    """Streets, communities, units and headcounts from a workbook: all of it or nothing; again: no change.

    ``shown`` is the digest of what the organiser saw and confirmed. Published contests keep the names and headcounts
    they were published with. Raises Mistakes, Unreadable, ChangedMeanwhile.
    """
    found = read_register(data)
    with transaction() as session:
        _require_sound(found)
        summary = _summary(found)
        if shown is not None and summary.digest != shown:
            raise ChangedMeanwhile
        if summary.changes:
            _take(session, found)
            counts = {sheet: [summary.added(sheet), summary.changed(sheet)] for sheet in summary.rows}
            audit.record("people.imported", "register", actor_id=actor, now=now, sheets=counts)
    return summary


def _require_sound(found: Found) -> None:
    """Raises Mistakes with every problem of the workbook, also against what the register holds."""
    streets, communities = find.areas_by_code(AreaKind.STREET), find.areas_by_code(AreaKind.COMMUNITY)
    problems = [
        *found.problems,
        *found.unknown_streets(streets),
        *found.codes_of_another_kind({AreaKind.STREET.value: streets, AreaKind.COMMUNITY.value: communities}),
    ]
    if problems:
        sheets = ["", *COLUMNS]
        problems.sort(key=lambda problem: (sheets.index(problem.sheet), problem.row or 0))
        raise Mistakes(problems=[problem_in_words(problem) for problem in problems], rows=problems)


def problem_in_words(problem: RowProblem) -> str:
    """One problem by sheet, row, column and reason."""
    row = f"第 {problem.row} 行" if problem.row else ""
    column = f"“{problem.column}”" if problem.column else ""
    place = "，".join(part for part in (f"工作表“{problem.sheet}”" if problem.sheet else "", row + column) if part)
    return f"{place}：{problem.message}" if place else problem.message


def _summary(found: Found) -> Summary:
    """How the workbook's rows differ from the register."""
    known = {
        STREETS: {code: _of_street(area) for code, area in find.areas_by_code(AreaKind.STREET).items()},
        COMMUNITIES: {code: _of_community(area) for code, area in find.areas_by_code(AreaKind.COMMUNITY).items()},
        UNITS: {code: _of_unit(unit) for code, unit in find.units_by_code().items()},
    }
    given = {STREETS: found.streets, COMMUNITIES: found.communities, UNITS: found.units}
    rows = {sheet: rows for sheet, rows in given.items() if rows is not None}
    changes = [
        Change(sheet, row, known[sheet].get(row.code))
        for sheet in rows
        for row in rows[sheet]
        if known[sheet].get(row.code) != replace(row, row=0)
    ]
    return Summary({sheet: len(rows[sheet]) for sheet in rows}, tuple(changes), found.unread)


def _of_street(area: Area) -> PlaceRow:
    return PlaceRow(0, area.code, area.name, headcount=area.headcount)


def _of_community(area: Area) -> PlaceRow:
    return PlaceRow(0, area.code, area.name, street=area.parent.code if area.parent else "")


def _of_unit(unit: Unit) -> PlaceRow:
    street = unit.street.code if unit.street else ""
    return PlaceRow(0, unit.code, unit.name, street, unit.unit_class, unit.headcount)


def _take(session: Session, found: Found) -> None:
    _take_areas(session, found.streets or [], AreaKind.STREET)
    _take_areas(session, found.communities or [], AreaKind.COMMUNITY)
    streets, known = find.areas_by_code(AreaKind.STREET), find.units_by_code()
    for row in found.units or []:
        unit = known.get(row.code) or Unit(code=row.code)
        unit.name, unit.unit_class, unit.headcount = row.name, row.unit_class, row.headcount
        unit.street_id = streets[row.street].id if row.street else None
        session.add(unit)
    session.flush()
    session.expire_all()  # what hangs on a changed street is read anew


def _take_areas(session: Session, rows: list[PlaceRow], kind: AreaKind) -> None:
    known, streets = find.areas_by_code(kind), find.areas_by_code(AreaKind.STREET)
    for row in rows:
        area = known.get(row.code) or Area(code=row.code, kind=kind.value)
        area.name = row.name
        area.parent_id = streets[row.street].id if row.street else None
        if kind is AreaKind.STREET:
            area.headcount = row.headcount
        session.add(area)
    session.flush()


# --- units as typed, moving ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mapped:
    """How many persons and entries moved to the unit."""

    persons: int
    entries: int


def map_typed_unit(unit_name: str, unit_id: int, *, actor: int | None, now: datetime) -> Mapped:
    """归到…: everybody who typed this name belongs to the unit, and so do their entries and standings.

    Sealed results stay as they are. Raises NotFound.
    """
    with transaction() as session:
        unit = session.get(Unit, unit_id)
        if unit is None:
            raise NotFound
        persons = session.execute(
            update(Person)
            .where(Person.unit_name == unit_name, Person.unit_id.is_(None))
            .values(unit_id=unit.id, street_id=unit.street_id, unit_name=None)
            .returning(Person.id)
        ).all()
        entries = _map_entries(session, unit_name, unit)
        if not persons and not entries:
            raise NotFound
        moved = Mapped(len(persons), len(entries))
        audit.record(
            "unit.mapped",
            f"unit:{unit.id}",
            actor_id=actor,
            now=now,
            persons=moved.persons,
            entries=moved.entries,
        )
    return moved


def _map_entries(session: Session, unit_name: str, unit: Unit) -> list[int]:
    query = select(Entry).join(Entry.contest).where(Entry.unit_name == unit_name, find.entry_waits_for_unit())
    entries = session.execute(query.order_by(Entry.id).with_for_update(of=Entry)).scalars().all()
    for contest_id in sorted({entry.contest_id for entry in entries}):
        ensure_contest_unit(session, contest_id, unit.id)
        if unit.street_id:
            ensure_contest_area(session, contest_id, unit.street_id)
    ids = [entry.id for entry in entries]
    for start in range(0, len(ids), 500):
        standing_rows.leave(session, ids[start : start + 500])
    for entry in entries:
        entry.unit_id, entry.unit_class, entry.unit_name = unit.id, unit.unit_class, None
        entry.street_id = unit.street_id
    session.flush()
    for start in range(0, len(ids), 500):
        # A hand-in writes its standing while it holds the entry, so that either it or this comes last with the unit.
        session.execute(
            update(Standing)
            .where(Standing.entry_id.in_(ids[start : start + 500]))
            .values(unit_id=unit.id, street_id=unit.street_id)
        )
        standing_rows.arrive(session, ids[start : start + 500])
    return ids


def move_person(
    person_id: int, *, kind: str, street: str = "", community: str = "", unit: str = "", unit_name: str = ""
) -> Person:
    """Another street or unit from now on; entries already made keep theirs. Raises Mistakes, NotFound."""
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None or person.kind == PersonKind.STAFF.value:
            raise NotFound
        belonging, complaints = belonging_of(kind, street, community, unit, unit_name)
        wrong = {field: complaint for field, complaint in complaints.items() if complaint}
        if belonging is None:
            raise Mistakes(problems=list(wrong.values()), fields=wrong)
        belonging.put_on(person)
        session.flush()
        session.expire(person, ["street", "community", "unit"])
    return person
