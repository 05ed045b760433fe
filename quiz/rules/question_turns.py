"""每题限时: one question after another, each for so many seconds; what is past stays past, what is to come unseen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from quiz.rules.timing import remaining_ms

LEAST_S, MOST_S = 5, 600


@dataclass(frozen=True)
class QuestionLimit:
    """How long each question of a contest is open, and how much later an answer to it may arrive."""

    seconds: int
    grace_s: int


@dataclass(frozen=True)
class Turn:
    """The question that was opened last. The one behind the paper's last question says that none is left."""

    position: int
    opened_at: datetime
    closes_at: datetime

    def is_over(self, now: datetime) -> bool:
        """Whether its time has passed, so that whoever looks goes on to the next."""
        return now >= self.closes_at


class Verdict(StrEnum):
    """What becomes of an answer."""

    TAKE = "take"
    CLOSED = "closed"  # its time is over, or the next question was opened
    TO_COME = "to come"


def closes_at(opened_at: datetime, limit: QuestionLimit, deadline: datetime) -> datetime:
    """Until when a question opened at this moment is open: its own time, and never longer than the whole paper."""
    return min(opened_at + timedelta(seconds=limit.seconds), deadline)


def verdict_on(position: int, turn: Turn | None, limit: QuestionLimit, now: datetime) -> Verdict:
    """Whether an answer to the question at ``position`` is taken while ``turn`` is the last that was opened.

    Within the grace a question still takes what was sent in time, unless the next one has been opened.
    """
    if turn is None or position > turn.position:
        return Verdict.TO_COME
    is_in_time = now <= turn.closes_at + timedelta(seconds=limit.grace_s)
    return Verdict.TAKE if position == turn.position and is_in_time else Verdict.CLOSED


def prolonged(turn: Turn, limit: QuestionLimit, ms: int, now: datetime) -> datetime:
    """When the question closes after 补时: by as much later, unless it takes no answer any more."""
    is_running = verdict_on(turn.position, turn, limit, now) is Verdict.TAKE
    return turn.closes_at + timedelta(milliseconds=ms) if is_running else turn.closes_at


def shortened(turn: Turn, ms: int, given_at: datetime, deadline: datetime, now: datetime) -> datetime:
    """When it closes after a 补时 was taken back: time that was used stays used, and the paper's deadline holds."""
    was_prolonged = turn.opened_at <= given_at
    not_used = min(ms, remaining_ms(turn.closes_at, now)) if was_prolonged else 0
    return min(turn.closes_at - timedelta(milliseconds=not_used), deadline)
