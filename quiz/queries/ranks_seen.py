"""How somebody's rank went."""

from datetime import date

from sqlalchemy import select

from question_bank.database import db
from quiz.models import RankSeen

MOST_DAYS = 60


def history(entry_id: int) -> list[RankSeen]:
    """The last rank seen on each day, first to last."""
    query = select(RankSeen).where(RankSeen.entry_id == entry_id).order_by(RankSeen.day.desc()).limit(MOST_DAYS)
    return list(reversed(db.session.execute(query).scalars().all()))


def of_day(entry_id: int, day: date) -> RankSeen | None:
    return db.session.get(RankSeen, (entry_id, day))
