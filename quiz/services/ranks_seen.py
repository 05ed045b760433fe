"""Remember what rank somebody was shown, so that they see how it went."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, true

from question_bank.database import insert_for, sent_rows, transaction, upsert
from question_bank.grouped import Grouped
from quiz.models import RankSeen
from quiz.queries import ranks_seen as find

AGAIN_AFTER = timedelta(minutes=10)
"""Who looks again and again, as many do in the last hour, writes no oftener."""


def remember(entry_id: int, rank: int, total: int, *, zone: ZoneInfo, now: datetime) -> list[find.Seen]:
    """The last one of each day of the contest is kept: this one, and those before it, first to last."""
    day = now.astimezone(zone).date()
    days = find.history(entry_id)
    kept = days[-1] if days and days[-1].day == day else None
    if kept and ((kept.rank, kept.total) == (rank, total) or now - kept.seen_at < AGAIN_AFTER):
        return days
    seen = find.Seen(day, rank, total, now)
    _keep(entry_id, seen)
    return [*(each for each in days if each.day != day), seen]


def _keep(entry_id: int, seen: find.Seen) -> None:
    """Together with what others see in the same moment; alone where something went wrong with them."""
    if _TOGETHER.first({"entry_id": entry_id, **seen._asdict(), "day": seen.day.isoformat()}) is not None:
        return
    with transaction() as session:
        insert = upsert(session, RankSeen).values(entry_id=entry_id, **seen._asdict())
        session.execute(_or_changed(insert))


def _or_changed(insert: Any) -> Any:
    changed = {name: insert.excluded[name] for name in ("rank", "total", "seen_at")}
    return insert.on_conflict_do_update(index_elements=["entry_id", "day"], set_=changed)


def _together(dialect: str) -> Any:
    columns = {column.name: column.type for column in RankSeen.__table__.c}
    sent = sent_rows(dialect, columns)
    # Two processes that lock rows in one order never wait in a ring.
    rows = select(*sent.c).where(true()).order_by(sent.c.entry_id)
    return _or_changed(insert_for(dialect, RankSeen).from_select(list(columns), rows)).returning(RankSeen.entry_id)


_TOGETHER = Grouped(_together, key=("entry_id",))
