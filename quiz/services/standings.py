"""What counts of each entry, kept up as people hand in; and the same built, or checked, from scratch."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from question_bank.database import db, transaction, upsert
from quiz.models import Attempt, Contest, Entry, Standing
from quiz.queries import attempts as find
from quiz.rules.contest import ContestTerms
from quiz.rules.ranking import Counted, EndedAttempt, counted

KEPT = (
    "street_id",
    "unit_id",
    "entry_code",
    "score_sum",
    "elapsed_sum",
    "counted",
    "minus_score",
    "pace",
    "finished_at",
)


def keep_up(session: Session, entry_id: int, terms: ContestTerms) -> None:
    """Bring the entry's standing to what its ended attempts say now. Touches this one row only."""
    entry = session.get_one(Entry, entry_id, with_for_update={"key_share": True})
    found = counted(map(_as_ended, find.ended_attempts(entry_id)), terms.counts, terms.zone)
    if found is None:
        session.execute(delete(Standing).where(Standing.entry_id == entry_id))
        return
    values = values_of(entry, found)
    insert = upsert(session, Standing).values(entry_id=entry_id, contest_id=entry.contest_id, **values)
    session.execute(insert.on_conflict_do_update(index_elements=["entry_id"], set_=values))


def without_last(attempt: Attempt, terms: ContestTerms) -> Standing | None:
    """What the entry's standing would be had it not made this attempt, its last one; None where that cannot be said.

    It is read, not kept: the row belongs to no session.
    """
    ended = find.ended_attempts(attempt.entry_id)
    if len(ended) < 2 or ended[-1].id != attempt.id:
        return None
    found = counted(map(_as_ended, ended[:-1]), terms.counts, terms.zone)
    if found is None:
        return None
    values = values_of(attempt.entry, found)
    return Standing(entry_id=attempt.entry_id, contest_id=attempt.contest_id, **values)


def rebuild(contest_id: int) -> int:
    """Throw the contest's standings away and build them from its attempts; how many there are."""
    with transaction() as session:
        contest = session.get_one(Contest, contest_id)
        session.execute(delete(Standing).where(Standing.contest_id == contest_id))
        built = 0
        for entry, found in _from_scratch(contest):
            session.add(Standing(entry_id=entry.id, contest_id=contest_id, **values_of(entry, found)))
            built += 1
    return built


@dataclass(frozen=True)
class Difference:
    """The first kept row that does not equal what a rebuild gives. ``what``: missing, extra, or the column."""

    entry_code: str
    what: str


def verify(contest_id: int) -> Difference | None:
    """Compare what is kept with a rebuild from scratch; None when they are equal."""
    contest = db.session.get_one(Contest, contest_id)
    kept = {
        row.entry_id: row
        for row in db.session.execute(select(Standing).where(Standing.contest_id == contest_id)).scalars()
    }
    for entry, found in _from_scratch(contest):
        row = kept.pop(entry.id, None)
        if row is None:
            return Difference(entry.entry_code, "missing")
        values = values_of(entry, found)
        if wrong := next((name for name in KEPT if getattr(row, name) != values[name]), None):
            return Difference(entry.entry_code, wrong)
    extra = min((row.entry_code for row in kept.values()), default=None)
    return Difference(extra, "extra") if extra else None


def _from_scratch(contest: Contest) -> Iterator[tuple[Entry, Counted]]:
    """Every entry of the contest that takes part, with what counts of it."""
    terms = contest.terms
    rows = db.session.execute(
        select(Entry, Attempt)
        .join(Attempt, Attempt.entry_id == Entry.id)
        .where(Entry.contest_id == contest.id, Attempt.ended_at.is_not(None))
        .order_by(Entry.id, Attempt.id)
    )
    for entry, group in groupby(rows, key=lambda row: row[0]):
        found = counted((_as_ended(attempt) for _entry, attempt in group), terms.counts, terms.zone)
        if found:
            yield entry, found


def _as_ended(attempt: Attempt) -> EndedAttempt:
    assert attempt.ended_at is not None and attempt.score is not None and attempt.elapsed_ms is not None
    return EndedAttempt(
        score=attempt.score,
        elapsed_ms=attempt.elapsed_ms,
        started_at=attempt.started_at,
        ended_at=attempt.ended_at,
        answered=attempt.answered or 0,
        is_set_aside=attempt.is_set_aside,
    )


class Placed(Protocol):
    """What a standing takes over from its entry."""

    @property
    def street_id(self) -> int | None: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def entry_code(self) -> str: ...


def values_of(entry: Placed, found: Counted) -> dict[str, object]:
    """A standing's columns, apart from the ids of entry and contest."""
    return {
        "street_id": entry.street_id,
        "unit_id": entry.unit_id,
        "entry_code": entry.entry_code,
        "score_sum": found.score_sum,
        "elapsed_sum": found.elapsed_sum,
        "counted": found.counted,
        "minus_score": -found.score_sum / found.counted,
        "pace": found.elapsed_sum / found.counted,
        "finished_at": found.finished_at,
    }
