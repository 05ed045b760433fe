"""Remember what rank somebody was shown, so that they see how it went."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from question_bank.database import transaction, upsert
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
    with transaction() as session:
        values = {"rank": rank, "total": total, "seen_at": now}
        insert = upsert(session, RankSeen).values(entry_id=entry_id, day=day, **values)
        session.execute(insert.on_conflict_do_update(index_elements=["entry_id", "day"], set_=values))
    return [*(seen for seen in days if seen.day != day), find.Seen(day, rank, total, now)]
