"""What exports say beside the ladders: how questions were answered, and full names for those who may read them."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, func, select

from question_bank.database import db
from quiz.models import Answer, Attempt, Marking, Paper, Person

ATTEMPTS_AT_ONCE = 500


@dataclass
class QuestionCounts:
    """What became of one question version: in how many attempts it was shown, answered, and answered rightly.

    ``unscored`` counts answers to it that a ruling took out of the total; ``options`` goes by the option's own number.
    """

    shown: int = 0
    answered: int = 0
    right: int = 0
    unscored: int = 0
    options: Counter[int] = field(default_factory=Counter)


def question_counts(contest_id: int) -> dict[int, QuestionCounts]:
    """By version, every version the contest has shown. Only ended attempts that are not set aside are counted."""
    counts: dict[int, QuestionCounts] = defaultdict(QuestionCounts)
    for attempts in _attempts(contest_id):
        answers = _answers(attempts)
        for attempt in attempts:
            versions = [line["version"] for line in attempt.layout]
            if attempt.points is None or attempt.is_set_aside:
                for version in versions:
                    counts[version].shown += 0
                continue
            chosen = answers[attempt.id]
            for position, version in enumerate(versions, 1):
                points, worth = attempt.points[position - 1], attempt.worth[position - 1]
                _count(counts[version], chosen.get(position, []), points, worth)
    return dict(counts)


def _count(counts: QuestionCounts, chosen: list[Any], points: int, worth: int) -> None:
    counts.shown += 1
    if not chosen:
        return
    counts.answered += 1
    counts.right += worth > 0 and points == worth
    counts.unscored += worth == 0
    counts.options.update(number for number in chosen if isinstance(number, int))


def _attempts(contest_id: int) -> Iterator[Sequence[Row[Any]]]:
    """Every attempt with its paper and its last marking (None while it is open), in parts."""
    last_marking = (
        select(func.max(Marking.number)).where(Marking.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
    )
    query = (
        select(Attempt.id, Attempt.is_set_aside, Paper.layout, Marking.points, Marking.worth)
        .join(Paper, Paper.id == Attempt.paper_id)
        .outerjoin(Marking, (Marking.attempt_id == Attempt.id) & (Marking.number == last_marking))
        .where(Attempt.contest_id == contest_id)
        .order_by(Attempt.id)
        .limit(ATTEMPTS_AT_ONCE)
    )
    last = 0
    while rows := db.session.execute(query.where(Attempt.id > last)).all():
        yield rows
        last = rows[-1].id


def _answers(attempts: Sequence[Row[Any]]) -> dict[int, dict[int, list[Any]]]:
    query = select(Answer.attempt_id, Answer.position, Answer.chosen).where(
        Answer.attempt_id.in_([attempt.id for attempt in attempts])
    )
    chosen: dict[int, dict[int, list[Any]]] = defaultdict(dict)
    for attempt_id, position, text in db.session.execute(query):
        chosen[attempt_id][position] = json.loads(text)
    return chosen


def person_names(ids: Iterable[int]) -> dict[int, str]:
    """Full names by person; of deleted persons what is left of them."""
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_(list(ids))))
    return {row.id: row.name for row in rows}
