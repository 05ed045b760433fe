"""What is on record of staff's acts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from question_bank.database import db
from quiz.models import Area, AuditEntry, Contest, Person, PersonKind, Unit

PER_PAGE = 50
MOST_PAGES = 1_000_000


def count_entries() -> int:
    return db.session.execute(select(func.count()).select_from(AuditEntry)).scalar_one()


@dataclass(frozen=True)
class AuditPage:
    entries: list[AuditEntry]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def entries(page: int = 1) -> AuditPage:
    """One page of the record, newest first."""
    page = max(1, min(page, MOST_PAGES))
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    return AuditPage(list(db.session.execute(query).scalars()), count_entries(), page)


@dataclass(frozen=True)
class Names:
    """What the things in some entries are called now, by id; of persons only staff."""

    persons: dict[int, str]
    contests: dict[int, str]
    streets: dict[int, str]
    units: dict[int, str]


def names_for(entries: Iterable[AuditEntry]) -> Names:
    entries = list(entries)
    actors = {entry.actor_id for entry in entries if entry.actor_id}
    staff = select(Person.id, Person.name).where(Person.kind == PersonKind.STAFF.value)
    return Names(
        _names(staff.where(Person.id.in_(actors | _ids(entries, "person")))),
        _names(select(Contest.id, Contest.title).where(Contest.id.in_(_ids(entries, "contest")))),
        _names(select(Area.id, Area.name).where(Area.id.in_(_told(entries, "street_id", "street")))),
        _names(
            select(Unit.id, Unit.name).where(Unit.id.in_(_ids(entries, "unit") | _told(entries, "unit_id", "unit")))
        ),
    )


def _ids(entries: Iterable[AuditEntry], kind: str) -> set[int]:
    parts = (entry.subject.partition(":") for entry in entries)
    return {int(number) for name, _, number in parts if name == kind and number.isdecimal()}


def _told(entries: Iterable[AuditEntry], *keys: str) -> set[int]:
    """Ids that the details name under these keys."""
    values = (entry.details.get(key) for entry in entries for key in keys)
    return {value for value in values if isinstance(value, int)}


def _names(query: Any) -> dict[int, str]:
    return {row[0]: row[1] for row in db.session.execute(query)}
