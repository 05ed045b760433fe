"""摊位: what may be said when one is opened, and how long its devices wait for somebody who has gone."""

from datetime import datetime, timedelta

LONGEST_NAME = 40
IDLE = timedelta(minutes=30)
"""Whoever asked for nothing for so long is signed out by the server; the page itself asks much earlier."""


def complaints(name: str, until: datetime, *, now: datetime, closes_at: datetime) -> dict[str, str]:
    """What is wrong with a new stall, by field, in Chinese."""
    found = {}
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        found["name"] = f"请填地点，最多 {LONGEST_NAME} 个字。"
    if until <= now:
        found["until"] = "这个时间已经过了，请填以后的时间。"
    elif until > closes_at:
        found["until"] = "竞赛那时已经结束，请填竞赛结束以前的时间。"
    return found
