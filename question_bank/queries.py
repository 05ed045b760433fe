"""Named reads of question banks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from question_bank.database import db
from question_bank.models import Bank, Domain, ImportBatch, Question, QuestionVersion

IDS_AT_ONCE = 10_000
"""Both databases bound how many parameters a statement may carry."""


def bank_named(name: str) -> Bank | None:
    return db.session.scalar(select(Bank).where(Bank.name == name.strip()))


def banks() -> Sequence[Bank]:
    """Every bank, by name."""
    return db.session.scalars(select(Bank).order_by(Bank.name)).all()


def batch_of(batch_id: int) -> ImportBatch | None:
    return db.session.get(ImportBatch, batch_id)


def domains() -> Sequence[Domain]:
    """Both levels of domains, in their order."""
    return db.session.scalars(select(Domain).order_by(Domain.place, Domain.path)).all()


def live_versions(bank_id: int) -> Sequence[QuestionVersion]:
    """The current version of each question that is not retired, ordered by version id."""
    return db.session.scalars(_current(bank_id).order_by(QuestionVersion.id)).all()


def versions_by_id(ids: Iterable[int]) -> dict[int, QuestionVersion]:
    """Question versions by their id; ids that are unknown are left out."""
    wanted = sorted(set(ids))
    found: dict[int, QuestionVersion] = {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        part = wanted[start : start + IDS_AT_ONCE]
        for version in db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(part))):
            found[version.id] = version
    return found


@dataclass(frozen=True)
class QuestionsPage:
    """One page of a bank's questions, with how many there are in all."""

    versions: Sequence[QuestionVersion]
    total: int
    page: int
    pages: int


def questions_page(
    bank_id: int,
    *,
    kind: str | None = None,
    domain: str | None = None,
    words: str | None = None,
    page: int = 1,
    per_page: int = 20,
) -> QuestionsPage:
    """Current versions that match: of this kind, of this domain or under it, with all these words."""
    wanted = _current(bank_id)
    if kind:
        wanted = wanted.where(QuestionVersion.kind == kind)
    if domain:
        under = QuestionVersion.domain_path.startswith(domain + "/", autoescape=True)
        wanted = wanted.where(or_(QuestionVersion.domain_path == domain, under))
    for word in (words or "").split():
        wanted = wanted.where(QuestionVersion.stem.icontains(word, autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    pages = max(1, -(-total // per_page))
    rows = db.session.scalars(wanted.order_by(QuestionVersion.id).offset((page - 1) * per_page).limit(per_page))
    return QuestionsPage(rows.all(), total, page, pages)


def counts(bank_id: int) -> dict[tuple[str, str, str], int]:
    """How many live questions there are of each (kind, domain, difficulty)."""
    current = _current(bank_id).subquery()
    parts = (current.c.kind, current.c.domain_path, current.c.difficulty)
    rows = db.session.execute(select(*parts, func.count()).group_by(*parts).order_by(*parts))
    return {(kind, domain, difficulty): count for kind, domain, difficulty, count in rows}


def live_fingerprints(session: Session, bank_id: int) -> set[str]:
    """Fingerprints of what a bank holds: the same question is not taken again."""
    found = session.scalars(
        select(Question.fingerprint).where(Question.bank_id == bank_id, Question.retired_at.is_(None))
    )
    return set(found)


def _current(bank_id: int) -> Select[Any]:
    last = (
        select(func.max(QuestionVersion.number))
        .where(QuestionVersion.question_id == Question.id)
        .correlate(Question)
        .scalar_subquery()
    )
    return (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.bank_id == bank_id, Question.retired_at.is_(None), QuestionVersion.number == last)
    )
