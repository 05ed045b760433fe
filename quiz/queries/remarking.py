"""Marks that rulings change: the attempts to look at, the looks themselves, and the ladder as it would be."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, or_, select
from sqlalchemy.orm import joinedload

from question_bank.database import db
from quiz.models import Answer, Attempt, Entry, Marking, Paper, Remarking, RemarkingRow, Standing
from quiz.models.judging import RemarkingState
from quiz.queries.contests import pool_contents
from quiz.queries.ladder_counts import ORDER
from quiz.rules.contest import MultipleChoice
from quiz.rules.drawing import PaperLine
from quiz.rules.marking import Marked, QuestionRuling, mark

AT_ONCE = 500
PER_PAGE = 50


# --- what would change -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Looked:
    """One ended attempt with the marking that stands and the one that would be made now."""

    attempt_id: int
    number: int
    score: int
    full: int
    points: list[int]
    worth: list[int]
    now: Marked

    @property
    def changes(self) -> bool:
        return (self.points, self.worth) != (list(self.now.points), list(self.now.worth))


def look_at(
    contest_id: int,
    versions: Sequence[int],
    rulings: Mapping[int, QuestionRuling],
    multiple: MultipleChoice,
    *,
    after: int = 0,
) -> list[Looked]:
    """The next ended attempts, by id, whose papers show one of the questions; marked as the rulings say."""
    last = select(func.max(Marking.number)).where(Marking.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
    layout = cast(Paper.layout, Text)
    shows: ColumnElement[bool] = or_(*(layout.contains(f'"version": {version},') for version in versions))
    query = (
        select(
            Attempt.id, Marking.number, Marking.score, Marking.full, Marking.points, Marking.worth,
            Paper.layout, Paper.pool_id,
        )
        .join(Paper, Paper.id == Attempt.paper_id)
        .join(Marking, (Marking.attempt_id == Attempt.id) & (Marking.number == last))
        .where(Attempt.contest_id == contest_id, Attempt.ended_at.is_not(None), Attempt.id > after, shows)
        .order_by(Attempt.id)
        .limit(AT_ONCE)
    )  # fmt: skip
    rows = db.session.execute(query).all()
    answers = _answers([row.id for row in rows])
    return [_looked(row, answers.get(row.id, {}), rulings, multiple) for row in rows]


def _answers(ids: Sequence[int]) -> dict[int, dict[int, Any]]:
    found: dict[int, dict[int, Any]] = defaultdict(dict)
    query = select(Answer.attempt_id, Answer.position, Answer.chosen).where(Answer.attempt_id.in_(ids))
    for attempt_id, position, chosen in db.session.execute(query):
        if given := json.loads(chosen):
            found[attempt_id][position] = given
    return found


def _looked(row: Any, answers: dict[int, Any], rulings: Mapping[int, QuestionRuling], rule: MultipleChoice) -> Looked:
    lines = [PaperLine(line["version"], tuple(line["options"]), line["points"]) for line in row.layout]
    marked = mark(lines, pool_contents(row.pool_id).contents, answers, multiple=rule, rulings=rulings)
    return Looked(row.id, row.number, row.score, row.full, row.points, row.worth, marked)


# --- looks -----------------------------------------------------------------------------------------------------------


def job_under_way(contest_id: int) -> Remarking | None:
    """The marking anew that was begun and is not done."""
    query = select(Remarking).where(Remarking.contest_id == contest_id, Remarking.state == RemarkingState.APPLYING)
    return db.session.execute(query).scalar()


def last_job(contest_id: int) -> Remarking | None:
    """The last look that came to its end, whatever became of it."""
    states = (RemarkingState.PREVIEWED, RemarkingState.APPLYING, RemarkingState.DONE)
    query = select(Remarking).where(Remarking.contest_id == contest_id, Remarking.state.in_(states))
    return db.session.execute(query.order_by(Remarking.id.desc()).limit(1)).scalar()


def unfinished_looks(contest_id: int) -> list[Remarking]:
    """Looks of which nothing came: a later one takes their place."""
    states = (RemarkingState.LOOKING, RemarkingState.PREVIEWED)
    query = select(Remarking).where(Remarking.contest_id == contest_id, Remarking.state.in_(states))
    return list(db.session.execute(query.with_for_update()).scalars())


def job_for_change(remarking_id: int) -> Remarking | None:
    query = select(Remarking).where(Remarking.id == remarking_id).with_for_update()
    return db.session.execute(query.execution_options(populate_existing=True)).scalar()


def rows_to_do(remarking_id: int, most: int) -> list[RemarkingRow]:
    query = select(RemarkingRow).where(RemarkingRow.remarking_id == remarking_id, RemarkingRow.applied_at.is_(None))
    return list(db.session.execute(query.order_by(RemarkingRow.attempt_id).limit(most)).scalars())


def count_rows(remarking_id: int, *, applied: bool | None = None) -> int:
    query = select(func.count()).select_from(RemarkingRow).where(RemarkingRow.remarking_id == remarking_id)
    if applied is not None:
        is_applied = RemarkingRow.applied_at.is_not(None) if applied else RemarkingRow.applied_at.is_(None)
        query = query.where(is_applied)
    return db.session.execute(query).scalar_one()


def count_marked_since(remarking_id: int) -> int:
    """Attempts of a look that have been marked again since by something else."""
    newer = select(Marking.id).where(
        Marking.attempt_id == RemarkingRow.attempt_id, Marking.number > RemarkingRow.marking_number
    )
    query = select(func.count()).select_from(RemarkingRow)
    open_rows = (RemarkingRow.remarking_id == remarking_id, RemarkingRow.applied_at.is_(None))
    return db.session.execute(query.where(*open_rows, newer.exists())).scalar_one()


def attempts_held(ids: Sequence[int]) -> dict[int, Attempt]:
    """These attempts, held until the transaction ends; in one order, so that none wait crosswise."""
    query = select(Attempt).where(Attempt.id.in_(ids)).order_by(Attempt.id).with_for_update(of=Attempt)
    rows = db.session.execute(query.execution_options(populate_existing=True)).scalars()
    return {attempt.id: attempt for attempt in rows}


def last_numbers(ids: Sequence[int]) -> dict[int, int]:
    """The number of the last marking of each attempt."""
    query = select(Marking.attempt_id, func.max(Marking.number)).where(Marking.attempt_id.in_(ids))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Marking.attempt_id))}


def rows_page(remarking_id: int, page: int) -> tuple[list[RemarkingRow], int]:
    """One page of what changes, the largest change first, and how many pages there are."""
    pages = max(1, -(-count_rows(remarking_id) // PER_PAGE))
    first = (min(page, pages) - 1) * PER_PAGE
    query = (
        select(RemarkingRow)
        .where(RemarkingRow.remarking_id == remarking_id)
        .options(joinedload(RemarkingRow.attempt).joinedload(Attempt.entry))
        .order_by(func.abs(RemarkingRow.score - RemarkingRow.score_before).desc(), RemarkingRow.attempt_id)
    )
    return list(db.session.execute(query.offset(first).limit(PER_PAGE)).scalars()), pages


# --- the ladder as it would be ---------------------------------------------------------------------------------------


def changed_entries(remarking_id: int) -> Iterator[tuple[Entry, list[Attempt], dict[int, int]]]:
    """Each entry with changed marks, its ended attempts, and the scores they would have, by attempt."""
    query = (
        select(Attempt.entry_id, RemarkingRow.attempt_id, RemarkingRow.score)
        .join(Attempt, Attempt.id == RemarkingRow.attempt_id)
        .where(RemarkingRow.remarking_id == remarking_id)
        .order_by(Attempt.entry_id, Attempt.id)
    )
    by_entry = groupby(db.session.execute(query).all(), key=lambda row: row.entry_id)
    wanted = {entry_id: {row.attempt_id: row.score for row in rows} for entry_id, rows in by_entry}
    ids = list(wanted)
    for first in range(0, len(ids), AT_ONCE):
        part = ids[first : first + AT_ONCE]
        attempts = (
            select(Attempt)
            .where(Attempt.entry_id.in_(part), Attempt.ended_at.is_not(None))
            .options(joinedload(Attempt.entry))
            .order_by(Attempt.entry_id, Attempt.id)
        )
        for entry_id, own in groupby(db.session.execute(attempts).scalars(), key=lambda attempt: attempt.entry_id):
            together = list(own)
            yield together[0].entry, together, wanted[entry_id]


def top_without(remarking_id: int, contest_id: int, most: int) -> list[Standing]:
    """The top of the person ladder, entries with changed marks left out."""
    changed = (
        select(Attempt.entry_id)
        .join(RemarkingRow, RemarkingRow.attempt_id == Attempt.id)
        .where(RemarkingRow.remarking_id == remarking_id)
    )
    query = select(Standing).where(Standing.contest_id == contest_id, Standing.entry_id.not_in(changed))
    return list(db.session.execute(query.order_by(*ORDER).limit(most)).scalars())


def entries_by_id(ids: Sequence[int]) -> dict[int, Entry]:
    rows = db.session.execute(select(Entry).where(Entry.id.in_(ids))).scalars()
    return {entry.id: entry for entry in rows}
