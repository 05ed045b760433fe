"""What a standing holds, and the rows that wait to be added to a contest's counts when one comes or goes."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Double, case, cast, literal, select
from sqlalchemy.orm import Session

from question_bank.database import insert_for, upsert
from quiz.models import Attempt, Entry, Standing, StandingDelta
from quiz.models.standings import PACE_CELL_MS
from quiz.rules.ranking import Counted, EndedAttempt

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
DELTA = ("contest_id", "street_id", "unit_id", "people", "entries", "minus_score", "pace_cell", "counted", "score_sum")
QUOTIENTS = ("minus_score", "pace")
SENT_DELTA = {
    column.name: column.type for column in StandingDelta.__table__.c if column.name in {*DELTA} - {*QUOTIENTS}
}


class Placed(Protocol):
    """What a standing takes over from its entry."""

    @property
    def street_id(self) -> int | None: ...
    @property
    def unit_id(self) -> int | None: ...
    @property
    def entry_code(self) -> str: ...


def as_ended(attempt: Attempt) -> EndedAttempt:
    assert attempt.ended_at is not None and attempt.score is not None and attempt.elapsed_ms is not None
    return EndedAttempt(
        score=attempt.score,
        elapsed_ms=attempt.elapsed_ms,
        started_at=attempt.started_at,
        ended_at=attempt.ended_at,
        answered=attempt.answered or 0,
        is_set_aside=attempt.is_set_aside,
    )


def values_of(entry: Placed, found: Counted) -> dict[str, Any]:
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


def coming(contest_id: int, values: dict[str, Any]) -> dict[str, Any]:
    """The row that waits when a standing with these values comes."""
    return {
        "contest_id": contest_id,
        "street_id": values["street_id"],
        "unit_id": values["unit_id"],
        "people": 1,
        "entries": 0,
        "minus_score": values["minus_score"],
        "pace_cell": values["elapsed_sum"] // values["counted"] // PACE_CELL_MS,
        "counted": values["counted"],
        "score_sum": values["score_sum"],
    }


def joining(contest_id: int, street_id: int | None, unit_id: int | None) -> dict[str, Any]:
    """The row that waits when an entry is made."""
    return {
        "contest_id": contest_id,
        "street_id": street_id,
        "unit_id": unit_id,
        "people": 0,
        "entries": 1,
        "minus_score": 0.0,
        "pace_cell": 0,
        "counted": 0,
        "score_sum": 0,
    }


def quotients(sent: Any) -> dict[str, Any]:
    """Those of a standing, from the columns of what is sent.

    The database divides: SQLite need not read the same number again from the decimals of a quotient that Python wrote.
    """
    return {"minus_score": _minus_score(sent), "pace": cast(sent.elapsed_sum, Double()) / sent.counted}


def _minus_score(sent: Any) -> Any:
    return cast(-sent.score_sum, Double()) / sent.counted


def delta_from(dialect: str, sent: Any) -> Any:
    """The rows that wait, from what ``coming`` and ``joining`` give."""
    minus_score = case((sent.counted == 0, literal(0.0)), else_=_minus_score(sent))
    values = [minus_score if name == "minus_score" else sent[name] for name in DELTA]
    return insert_for(dialect, StandingDelta).from_select(DELTA, select(*values))


def standings_as_rows(people: int) -> Any:
    """Standings that are there as rows that wait: 1, they came; -1, they go."""
    cell = Standing.elapsed_sum // Standing.counted // PACE_CELL_MS
    where = (Standing.contest_id, Standing.street_id, Standing.unit_id)
    counts = (Standing.minus_score, cell, Standing.counted, Standing.score_sum)
    return select(*where, literal(people), literal(0), *counts)


def entries_as_rows(entries: int) -> Any:
    """The same of entries."""
    where = (Entry.contest_id, Entry.street_id, Entry.unit_id)
    return select(*where, literal(0), literal(entries), literal(0.0), literal(0), literal(0), literal(0))


def leave(session: Session, entry_ids: Sequence[int]) -> None:
    """Before entries change their street or unit: what they bring goes from where it is."""
    _move(session, entry_ids, -1)


def arrive(session: Session, entry_ids: Sequence[int]) -> None:
    """After that: it comes to where they are now."""
    _move(session, entry_ids, 1)


def _move(session: Session, entry_ids: Sequence[int], sign: int) -> None:
    ids = list(entry_ids)
    insert = upsert(session, StandingDelta)
    session.execute(insert.from_select(DELTA, standings_as_rows(sign).where(Standing.entry_id.in_(ids))))
    session.execute(insert.from_select(DELTA, entries_as_rows(sign).where(Entry.id.in_(ids))))
