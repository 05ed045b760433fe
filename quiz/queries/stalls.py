"""摊位: by id, by token, and how many answered at each."""

from dataclasses import dataclass

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import joinedload

from question_bank.database import db
from quiz.models import Attempt, Stall


@dataclass(frozen=True)
class StallFigures:
    """A stall, how many people began an attempt there, and how many of them have handed one in."""

    stall: Stall
    people: int
    handed_in: int


def stall_by_id(stall_id: int, *, lock: bool = False) -> Stall | None:
    query = select(Stall).where(Stall.id == stall_id).options(joinedload(Stall.contest, innerjoin=True))
    return db.session.execute(query.with_for_update(of=Stall) if lock else query).scalar()


def stall_by_digest(token_sha256: str) -> Stall | None:
    query = select(Stall).where(Stall.token_sha256 == token_sha256)
    return db.session.execute(query.options(joinedload(Stall.contest, innerjoin=True))).scalar()


def stalls_of(contest_id: int, *, opened_by: int | None = None) -> list[StallFigures]:
    """The contest's stalls, the newest first; only those that somebody opened where ``opened_by`` is given."""
    query = (
        select(
            Stall,
            func.count(distinct(Attempt.entry_id)),
            func.count(distinct(Attempt.entry_id)).filter(Attempt.ended_at.is_not(None)),
        )
        .outerjoin(Attempt, Attempt.stall_id == Stall.id)
        .where(Stall.contest_id == contest_id)
        .group_by(Stall.id)
        .order_by(Stall.id.desc())
    )
    if opened_by is not None:
        query = query.where(Stall.opened_by == opened_by)
    return [StallFigures(*row) for row in db.session.execute(query)]
