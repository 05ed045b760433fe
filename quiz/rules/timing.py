"""Start, deadline, elapsed, and the period an attempt belongs to. All moments are the server's."""

from datetime import date, datetime, timedelta

from quiz.rules.contest import ContestTerms, Per


def deadline_of(terms: ContestTerms, started_at: datetime, extra_ms: int = 0) -> datetime:
    """What the person sees: the earlier of start + limit and the closing time, and 补时 on top."""
    return min(started_at + timedelta(seconds=terms.time_limit_s), terms.closes_at) + timedelta(milliseconds=extra_ms)


def accepts_until(terms: ContestTerms, deadline: datetime) -> datetime:
    """Phones lose the network in lifts: what was sent in time may arrive a little late, past closing too."""
    return deadline + timedelta(seconds=terms.grace_s)


def is_overdue(accepts_until: datetime, now: datetime) -> bool:
    return now > accepts_until


def elapsed_ms(started_at: datetime, ended_at: datetime) -> int:
    """用时 in whole milliseconds."""
    return (ended_at - started_at) // timedelta(milliseconds=1)


def remaining_ms(deadline: datetime, now: datetime) -> int:
    """Time left, never below 0."""
    return max(0, elapsed_ms(now, deadline))


def period_at(terms: ContestTerms, now: datetime) -> str | None:
    """期次: "" for the contest as a whole, the day in its zone, or the key of the round; None between rounds."""
    if terms.attempts.per is Per.CONTEST:
        return ""
    if terms.attempts.per is Per.DAY:
        return now.astimezone(terms.zone).date().isoformat()
    return next((r.key for r in terms.attempts.rounds if r.opens_at <= now < r.closes_at), None)


def next_round_opens(terms: ContestTerms, now: datetime) -> datetime | None:
    """When the next round begins; None when there is none to come."""
    return min((r.opens_at for r in terms.attempts.rounds if r.opens_at > now), default=None)


def last_day(terms: ContestTerms) -> date:
    """The last day, in the contest's zone, on which somebody can answer; closing at midnight ends the day before."""
    return (terms.closes_at - timedelta(microseconds=1)).astimezone(terms.zone).date()
