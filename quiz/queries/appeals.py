"""申诉: what waits for a judge, what was answered, and the own one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from question_bank.database import db
from quiz.models import Appeal, Attempt, Contest, Entry

PER_PAGE = 20


@dataclass(frozen=True)
class AppealsPage:
    rows: Sequence[tuple[Appeal, Contest]]
    total: int
    page: int
    pages: int


def appeal_of(attempt_id: int, *, lock: bool = False) -> Appeal | None:
    query = select(Appeal).where(Appeal.attempt_id == attempt_id).execution_options(populate_existing=True)
    return db.session.execute(query.with_for_update() if lock else query).scalar()


def count_waiting() -> int:
    """How many appeals nobody has answered."""
    query = select(func.count()).select_from(Appeal).where(Appeal.answered_at.is_(None))
    return db.session.execute(query).scalar_one()


def appeals(*, is_answered: bool, page: int) -> AppealsPage:
    """Those that wait, the longest waiting first; or those answered, the last answered first."""
    state = Appeal.answered_at.is_not(None) if is_answered else Appeal.answered_at.is_(None)
    total = db.session.execute(select(func.count()).select_from(Appeal).where(state)).scalar_one()
    query = (
        select(Appeal, Contest)
        .join(Contest, Contest.id == Appeal.contest_id)
        .where(state)
        .options(joinedload(Appeal.attempt).joinedload(Attempt.entry), joinedload(Appeal.entry).joinedload(Entry.unit))
        .order_by(Appeal.answered_at.desc() if is_answered else Appeal.created_at, Appeal.attempt_id)
        .offset((page - 1) * PER_PAGE)
        .limit(PER_PAGE)
    )
    rows = [(appeal, contest) for appeal, contest in db.session.execute(query)]
    return AppealsPage(rows, total, page, max(1, -(-total // PER_PAGE)))
