"""公示: the versions of a contest."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import undefer

from question_bank.database import db
from quiz.models import Announcement


def announcements(contest_id: int) -> Sequence[Announcement]:
    """Every version, the newest first."""
    query = select(Announcement).where(Announcement.contest_id == contest_id)
    return db.session.execute(query.order_by(Announcement.number.desc())).scalars().all()


def last_announcement(contest_id: int, *, with_pdf: bool = False) -> Announcement | None:
    """The version that stands, which may be a withdrawal."""
    query = select(Announcement).where(Announcement.contest_id == contest_id)
    query = query.order_by(Announcement.number.desc()).limit(1)
    return db.session.execute(query.options(undefer(Announcement.pdf)) if with_pdf else query).scalar()


def has_announcement(contest_id: int) -> bool:
    """Whether people can read one: it was signed off and not withdrawn."""
    query = select(Announcement.is_withdrawal).where(Announcement.contest_id == contest_id)
    last = db.session.execute(query.order_by(Announcement.number.desc()).limit(1)).scalar()
    return last is False


def announcement_numbered(contest_id: int, number: int) -> Announcement | None:
    query = select(Announcement).where(Announcement.contest_id == contest_id, Announcement.number == number)
    return db.session.execute(query).scalar()
