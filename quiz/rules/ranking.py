"""What counts of a person's attempts, and the order of persons. Exact numbers until the last line."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from quiz.rules.contest import Counts

Row = TypeVar("Row")


@dataclass(frozen=True)
class EndedAttempt:
    """One ended attempt as ranking sees it: score in hundredths, elapsed in milliseconds."""

    score: int
    elapsed_ms: int
    started_at: datetime
    ended_at: datetime
    answered: int
    is_set_aside: bool = False

    @property
    def takes_part(self) -> bool:
        """DESIGN §5: it holds a saved answer and is not set aside."""
        return self.answered > 0 and not self.is_set_aside


@dataclass(frozen=True)
class Counted:
    """Sums over ``counted`` attempts (1, save for the mean); the person's score is ``score_sum / counted``."""

    score_sum: int
    elapsed_sum: int
    counted: int
    finished_at: datetime

    @property
    def score(self) -> Fraction:
        return Fraction(self.score_sum, self.counted)

    @property
    def elapsed(self) -> Fraction:
        return Fraction(self.elapsed_sum, self.counted)

    @property
    def merit(self) -> tuple[Fraction, Fraction, datetime]:
        """Persons stand in rising order of this: score (higher first), elapsed, the moment of finishing."""
        return (-self.score, self.elapsed, self.finished_at)


def counted(attempts: Iterable[EndedAttempt], counts: Counts, zone: ZoneInfo) -> Counted | None:
    """What counts for the person; None when no attempt takes part. Empty and set-aside attempts count for nothing."""
    return summed(counting(attempts, counts, zone), counts)


def counting(attempts: Iterable[EndedAttempt], counts: Counts, zone: ZoneInfo) -> list[EndedAttempt]:
    """Those of the attempts that count. Of equal ones it is the one that was started first."""
    valid = sorted((a for a in attempts if a.takes_part), key=lambda a: (a.started_at, a.ended_at))
    if not valid or counts is Counts.MEAN:
        return valid
    if counts is Counts.LAST:
        return [valid[-1]]
    if counts is Counts.BEST:
        return [min(valid, key=_better_first)]
    days: dict[Any, list[EndedAttempt]] = defaultdict(list)
    for attempt in valid:
        days[attempt.started_at.astimezone(zone).date()].append(attempt)
    return [min(day, key=_better_first) for day in days.values()]


def _better_first(attempt: EndedAttempt) -> tuple[int, int, datetime]:
    return (-attempt.score, attempt.elapsed_ms, attempt.ended_at)


def summed(chosen: Sequence[EndedAttempt], counts: Counts) -> Counted | None:
    """What those that count come to."""
    if not chosen:
        return None
    return Counted(
        score_sum=sum(a.score for a in chosen),
        elapsed_sum=sum(a.elapsed_ms for a in chosen),
        counted=len(chosen) if counts is Counts.MEAN else 1,
        finished_at=max(a.ended_at for a in chosen),
    )


@dataclass(frozen=True)
class Place:
    """名次; ``tied`` when somebody else stands on it too. Rank None: listed but not ranked."""

    rank: int | None
    tied: bool


def places(rows: Sequence[Row], key: Callable[[Row], Any]) -> Iterator[tuple[Place, Row]]:
    """Ranks for rows that already stand in order: equal keys share one (1, 2, 2, 4)."""
    keys = [key(row) for row in rows]
    rank = 0
    for number, row in enumerate(rows):
        if number == 0 or keys[number] != keys[number - 1]:
            rank = number + 1
        tied = (number > 0 and keys[number] == keys[number - 1]) or (
            number + 1 < len(rows) and keys[number] == keys[number + 1]
        )
        yield Place(rank, tied), row


def rounded(value: Fraction | int, digits: int = 2) -> float:
    """Half up, from the exact fraction: 83.335 → 83.34."""
    above, below = value.numerator * 10**digits, value.denominator
    return float(Decimal((2 * above + below) // (2 * below)).scaleb(-digits))
