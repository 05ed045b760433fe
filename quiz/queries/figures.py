"""A few figures for whoever watches over the platform."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from question_bank.database import db
from quiz.models import Attempt, Contest, Entry
from quiz.models.contests import ContestState


@dataclass(frozen=True)
class Figure:
    """One line of ``/metrics``; ``kind`` is Prometheus's word, gauge or counter."""

    name: str
    help: str
    kind: str
    value: int


def figures(now: datetime) -> list[Figure]:
    is_open = Attempt.ended_at.is_(None)
    published = Contest.state == ContestState.PUBLISHED.value
    return [
        Figure(
            "quiz_contests_published",
            "Contests that are published.",
            "gauge",
            _count(select(Contest.id).where(published)),
        ),
        Figure("quiz_entries_total", "Entries made, in all contests.", "counter", _count(select(Entry.id))),
        Figure(
            "quiz_attempts_open", "Attempts that have not ended.", "gauge", _count(select(Attempt.id).where(is_open))
        ),
        Figure(
            "quiz_attempts_overdue",
            "Open attempts past deadline and grace, which the next look hands in.",
            "gauge",
            _count(select(Attempt.id).where(is_open, Attempt.accepts_until < now)),
        ),
    ]


def _count(query: Select[int]) -> int:
    return db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
