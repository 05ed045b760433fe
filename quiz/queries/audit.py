"""What is on record of staff's acts."""

from dataclasses import dataclass

from sqlalchemy import func, select

from question_bank.database import db
from quiz.models import AuditEntry

PER_PAGE = 50


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
    query = select(AuditEntry).order_by(AuditEntry.id.desc()).offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    return AuditPage(list(db.session.execute(query).scalars()), count_entries(), page)
