"""Practice: which question comes next."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

NO_DOMAIN = "没有写领域"


@dataclass(frozen=True)
class Candidate:
    """A question that could come next; ``last_at``: when this person tried it last."""

    question_id: int
    last_at: datetime | None


def next_question(candidates: Iterable[Candidate], person_id: int, *, after: int | None = None) -> int | None:
    """What was never tried comes first, for each person in another order; then what was tried longest ago.

    ``after`` is the question just answered, which comes again only where there is no other.
    """

    def order(candidate: Candidate) -> tuple[bool, bool, float, str]:
        mixed = hashlib.sha256(f"practice|{person_id}|{candidate.question_id}".encode()).hexdigest()
        tried = candidate.last_at
        return candidate.question_id == after, tried is not None, tried.timestamp() if tried else 0, mixed

    first = min(candidates, key=order, default=None)
    return first.question_id if first else None


def domain_of(path: str) -> str:
    """The upper of the two levels, by which practice is chosen."""
    return path.partition("/")[0] or NO_DOMAIN
