"""补时: how much may be given, and how much of it can still be taken back."""

from datetime import datetime, timedelta

from quiz.rules.timing import remaining_ms

MOST_MINUTES = 24 * 60
"""An outage longer than a day asks for a later closing time."""
MOST_IN_ALL = timedelta(days=7)
"""What one attempt may be given over all rulings."""
LONGEST_REASON = 200


def complaints(minutes: int, reason: str) -> list[str]:
    """What is wrong with an extra time as it was entered, in sentences."""
    found = []
    if not 1 <= minutes <= MOST_MINUTES:
        found.append(f"补时请填 1 到 {MOST_MINUTES} 分钟；要更长，请推迟竞赛的结束时间。")
    return [*found, *reason_complaints(reason)]


def reason_complaints(reason: str) -> list[str]:
    if not reason.strip():
        return ["请写明原因，它会留在操作记录里。"]
    return [] if len(reason) <= LONGEST_REASON else [f"原因最多 {LONGEST_REASON} 个字。"]


def not_yet_used(given_ms: int, deadline: datetime, now: datetime) -> int:
    """What can be taken back of an extra time: never so much that the deadline would lie in the past."""
    return min(given_ms, remaining_ms(deadline, now))
