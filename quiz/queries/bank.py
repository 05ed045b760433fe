"""What the console shows of question banks beside the questions themselves: imports, and who made them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from question_bank.database import db
from question_bank.models import Bank, ImportBatch, Question
from quiz.models import Person


@dataclass(frozen=True)
class ImportsPage:
    batches: list[ImportBatch]
    page: int
    pages: int


def imports(*, page: int = 1, per_page: int = 30) -> ImportsPage:
    """导入记录, the newest first; what was only checked too."""
    total = db.session.scalar(select(func.count()).select_from(ImportBatch)) or 0
    query = select(ImportBatch).order_by(ImportBatch.id.desc()).offset((page - 1) * per_page).limit(per_page)
    return ImportsPage(list(db.session.scalars(query)), page, max(1, -(-total // per_page)))


def bank_by_id(bank_id: int) -> Bank | None:
    return db.session.get(Bank, bank_id)


def question_with_versions(question_id: int) -> Question | None:
    return db.session.get(Question, question_id, options=[selectinload(Question.versions)])


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """Names of members of staff by their id."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(set(person_ids))))
    return {row.id: row.name for row in rows}
