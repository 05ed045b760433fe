"""What exports read: the person ladder with full names, how questions were answered, and every ruling."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, func, select
from sqlalchemy.orm import aliased

from question_bank.database import db
from question_bank.progress import Progress
from quiz.models import Answer, Attempt, ContestArea, ContestUnit, Entry, Marking, Paper, Person, Ruling, Standing
from quiz.queries.ladder_counts import ORDER
from quiz.queries.standings import Within
from quiz.rules.contest import Ties

ATTEMPTS_AT_ONCE = 500
PERSONS_AT_ONCE = 1000


# --- persons ---------------------------------------------------------------------------------------------------------


class PersonLine(NamedTuple):
    """One row of 个人榜 as judges see it: name and phone in full, until the person's data is deleted.

    The person's score is ``score_sum / counted`` in hundredths, elapsed ``elapsed_sum / counted`` in milliseconds.
    """

    rank: int
    entry_code: str
    name: str
    phone: str
    street: str
    unit: str
    unit_class: str
    score_sum: int
    elapsed_sum: int
    counted: int
    finished_at: datetime


def person_lines(contest_id: int, ties: Ties, within: Within) -> Iterator[PersonLine]:
    """The whole ladder with its ranks within: plain columns, read part by part, so that a million take no memory."""
    streets = _names(ContestArea.area_id, ContestArea.name, ContestArea.contest_id == contest_id)
    units = _names(ContestUnit.unit_id, ContestUnit.name, ContestUnit.contest_id == contest_id)
    rank, last = 0, None
    for number, row in enumerate(db.session.execute(_person_query(contest_id, within)), 1):
        merit = (row.minus_score, row.pace, row.finished_at)
        if merit != last or ties is not Ties.SHARE:
            rank, last = number, merit
        yield PersonLine(
            rank, row.entry_code, row.name or row.masked_name, row.phone or "",
            streets.get(row.street_id, ""), units.get(row.unit_id, "") or row.unit_name or "", row.unit_class or "",
            row.score_sum, row.elapsed_sum, row.counted, row.finished_at,
        )  # fmt: skip


def _person_query(contest_id: int, within: Within) -> Any:
    query = (
        select(
            *ORDER, Standing.score_sum, Standing.elapsed_sum, Standing.counted, Standing.street_id, Standing.unit_id,
            Entry.masked_name, Entry.unit_name, Entry.unit_class, Person.name, Person.phone,
        )
        .join(Entry, Entry.id == Standing.entry_id)
        .outerjoin(Person, Person.id == Entry.person_id)
        .where(Standing.contest_id == contest_id)
        .order_by(*ORDER)
    )  # fmt: skip
    if within.street_id is not None:
        query = query.where(Standing.street_id == within.street_id)
    if within.unit_id is not None:
        query = query.where(Standing.unit_id == within.unit_id)
    return query.execution_options(yield_per=PERSONS_AT_ONCE)


def _names(key: Any, name: Any, condition: Any) -> dict[int, str]:
    return {row[0]: row[1] for row in db.session.execute(select(key, name).where(condition))}


# --- rulings ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RulingLine:
    """裁定 with what it is about, who made it, and the ruling that undid it."""

    ruling: Ruling
    entry_code: str | None
    attempt_number: int | None
    attempt_period: str | None
    made_by: str
    undone_by: int | None


def ruling_lines(contest_id: int) -> list[RulingLine]:
    """Every ruling of the contest in the order they were made."""
    of_attempt, of_entry = aliased(Entry), aliased(Entry)
    query = (
        select(
            Ruling, Attempt.number, Attempt.period, of_attempt.entry_code.label("by_attempt"),
            of_entry.entry_code.label("by_entry"), Person.name,
        )
        .outerjoin(Attempt, Attempt.id == Ruling.attempt_id)
        .outerjoin(of_attempt, of_attempt.id == Attempt.entry_id)
        .outerjoin(of_entry, of_entry.id == Ruling.entry_id)
        .outerjoin(Person, Person.id == Ruling.made_by)
        .where(Ruling.contest_id == contest_id)
        .order_by(Ruling.id)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    undone = {row.Ruling.undoes_id: row.Ruling.id for row in rows if row.Ruling.undoes_id}
    return [
        RulingLine(
            ruling=row.Ruling,
            entry_code=row.by_attempt or row.by_entry,
            attempt_number=row.number,
            attempt_period=row.period,
            made_by=row.name or "",
            undone_by=undone.get(row.Ruling.id),
        )
        for row in rows
    ]


# --- questions -------------------------------------------------------------------------------------------------------


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


def question_counts(contest_id: int, progress: Progress | None = None) -> dict[int, QuestionCounts]:
    """By version, every version the contest has shown. Only ended attempts that are not set aside are counted."""
    counts: dict[int, QuestionCounts] = defaultdict(QuestionCounts)
    total = (
        progress
        and db.session.execute(
            select(func.count()).select_from(Attempt).where(Attempt.contest_id == contest_id)
        ).scalar_one()
    )
    done = 0
    for attempts in _attempts(contest_id):
        if progress is not None:
            progress(done, total or 0)
            done += len(attempts)
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
    if progress is not None:
        progress(done, total or 0)
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
