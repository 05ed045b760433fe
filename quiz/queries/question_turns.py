"""每题限时: the limit of a contest, and which question of an attempt is open."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, bindparam, exists, select
from sqlalchemy.orm import aliased

from question_bank.database import db
from question_bank.prepared import Prepared
from quiz.models import Attempt, ContestTermsVersion, QuestionTurn
from quiz.queries.attempts import PaperContents, Position
from quiz.queries.contests import are_in_force
from quiz.queries.keeping import Kept, kept
from quiz.rules.contest import from_stored
from quiz.rules.question_turns import QuestionLimit, Turn

MOST_LIMITS_KEPT = 1_000


@dataclass(frozen=True)
class _Known:
    limit: QuestionLimit | None


def question_limit(contest_id: int) -> QuestionLimit | None:
    """How the questions of a contest are limited; None where they are not. Only for a contest that has attempts.

    From the first attempt on this part of the terms never changes, so a process keeps it.
    """
    store: Kept[_Known] = kept("question limits", MOST_LIMITS_KEPT)
    known = store.get(contest_id, lambda: _read(contest_id))
    return known.limit if known else None


def _read(contest_id: int) -> _Known | None:
    row = _TERMS.read({"contest": contest_id})
    if row is None:
        return None
    terms = from_stored(row[0])
    seconds = terms.question_limit_s
    return _Known(QuestionLimit(seconds, terms.grace_s) if seconds else None)


def _terms(_dialect: str) -> Any:
    of_contest = ContestTermsVersion.contest_id == bindparam("contest", type_=Integer())
    return select(ContestTermsVersion.value).where(of_contest, are_in_force())


_TERMS = Prepared(_terms)


def last_turn(attempt_id: int) -> Turn | None:
    """The question that was opened last; None before the first."""
    columns = (QuestionTurn.position, QuestionTurn.opened_at, QuestionTurn.closes_at)
    query = select(*columns).where(QuestionTurn.attempt_id == attempt_id).order_by(QuestionTurn.position.desc())
    row = db.session.execute(query.limit(1)).first()
    return Turn(*row) if row else None


def turns_of_running(contest_id: int) -> dict[int, QuestionTurn]:
    """The question opened last of every running attempt of a contest, by attempt; kept with its attempt."""
    later = aliased(QuestionTurn)
    is_last = ~exists().where(later.attempt_id == QuestionTurn.attempt_id, later.position > QuestionTurn.position)
    query = select(QuestionTurn).join(Attempt, Attempt.id == QuestionTurn.attempt_id)
    query = query.where(Attempt.contest_id == contest_id, Attempt.ended_at.is_(None), is_last)
    return {turn.attempt_id: turn for turn in db.session.execute(query).scalars()}


def positions_shown(attempt: Attempt, paper: PaperContents) -> tuple[Position, ...]:
    """The questions that the person may have seen: all of them, unless they open one after another."""
    if attempt.ended_at is not None or question_limit(paper.contest_id) is None:
        return paper.positions
    turn = last_turn(attempt.id)
    return paper.positions[: turn.position] if turn else ()
