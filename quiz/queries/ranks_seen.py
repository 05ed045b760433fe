"""How somebody's rank went."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from question_bank.database import Big, as_moment
from question_bank.prepared import Prepared
from quiz.models import RankSeen

MOST_DAYS = 60


class Seen(NamedTuple):
    """The last rank that somebody was shown on a day of the contest, among how many, and when."""

    day: date
    rank: int
    total: int
    seen_at: datetime


def history(entry_id: int) -> list[Seen]:
    """The last rank seen on each day, first to last."""
    return [_seen(*row) for row in reversed(_HISTORY.read_all({"entry": entry_id}))]


_HISTORY = Prepared(
    lambda _dialect: (
        select(RankSeen.day, RankSeen.rank, RankSeen.total, RankSeen.seen_at)
        .where(RankSeen.entry_id == bindparam("entry", type_=Big))
        .order_by(RankSeen.day.desc())
        .limit(MOST_DAYS)
    )
)


def _seen(day: date | str, rank: int, total: int, seen_at: datetime | str) -> Seen:
    """From a row as a driver hands it over: SQLite keeps days and moments as text."""
    return Seen(date.fromisoformat(day) if isinstance(day, str) else day, rank, total, as_moment(seen_at))
