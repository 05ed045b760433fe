"""摊位: by id, by token, who may see and close which, and how many answered at each."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, distinct, func, or_, select, true
from sqlalchemy.orm import joinedload

from question_bank.database import db
from quiz.models import Attempt, StaffRole, Stall, Unit
from quiz.queries.people import DISTRICT, Scope, in_scope
from quiz.rules.permissions import GRANTS, Permission


@dataclass(frozen=True)
class StallFigures:
    """A stall, how many people began an attempt there, and how many of them have handed one in."""

    stall: Stall
    people: int
    handed_in: int


def stall_by_id(stall_id: int) -> Stall | None:
    query = select(Stall).where(Stall.id == stall_id)
    return db.session.execute(query.options(joinedload(Stall.contest, innerjoin=True))).scalar()


def stall_for_closing(stall_id: int, contest_id: int, person_id: int, within: Sequence[Scope]) -> Stall | None:
    """Locked; None where there is none that the person may see."""
    query = select(Stall).where(Stall.id == stall_id, Stall.contest_id == contest_id)
    return db.session.execute(query.where(_is_seen_by(person_id, within)).with_for_update(of=Stall)).scalar()


def _is_seen_by(person_id: int | None, within: Sequence[Scope]) -> ColumnElement[bool]:
    """The own ones, and those of whoever could open stalls in one of these scopes at the time it was opened.

    Colleagues see them also after that person has moved on.
    """
    if any(scope.is_district for scope in within):
        return true()
    of_a_colleague = (
        select(StaffRole.id)
        .outerjoin(Unit, Unit.id == StaffRole.unit_id)
        .where(
            StaffRole.person_id == Stall.opened_by,
            StaffRole.role.in_([role.value for role, granted in GRANTS.items() if Permission.STALL_OPEN in granted]),
            StaffRole.granted_at <= Stall.opened_at,
            or_(StaffRole.revoked_at.is_(None), StaffRole.revoked_at > Stall.opened_at),
            in_scope(within, func.coalesce(StaffRole.street_id, Unit.street_id), StaffRole.unit_id),
        )
    )
    return or_(Stall.opened_by == person_id, of_a_colleague.correlate(Stall).exists())


def stall_by_digest(token_sha256: str) -> Stall | None:
    query = select(Stall).where(Stall.token_sha256 == token_sha256)
    return db.session.execute(query.options(joinedload(Stall.contest, innerjoin=True))).scalar()


def stalls_of(
    contest_id: int, *, person_id: int | None = None, within: Sequence[Scope] = DISTRICT
) -> list[StallFigures]:
    """The contest's stalls that the person may see, the newest first."""
    query = (
        select(
            Stall,
            func.count(distinct(Attempt.entry_id)),
            func.count(distinct(Attempt.entry_id)).filter(Attempt.ended_at.is_not(None)),
        )
        .outerjoin(Attempt, Attempt.stall_id == Stall.id)
        .where(Stall.contest_id == contest_id, _is_seen_by(person_id, within))
        .group_by(Stall.id)
        .order_by(Stall.id.desc())
    )
    return [StallFigures(*row) for row in db.session.execute(query)]
