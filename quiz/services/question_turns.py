"""每题限时: open the next question, leave one for good, and let 补时 and a later closing time reach the open one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from question_bank.database import transaction
from quiz.errors import Ended, NotFound, QuestionNotOpen
from quiz.models import Attempt, QuestionTurn
from quiz.queries import question_turns as find
from quiz.queries.attempts import PaperContents, paper_contents
from quiz.rules import question_turns as rules
from quiz.rules import timing
from quiz.rules.question_turns import QuestionLimit, Turn
from quiz.services.answers import Held, Holder, hold


@dataclass(frozen=True)
class Look:
    """What somebody who looks at the attempt finds: the open question, and the one whose time was over."""

    turn: Turn | None
    moved_from: int | None = None


def look(attempt_id: int, holder: Holder, *, now: datetime, moves_on: bool = True) -> Look:
    """The open question. The first look opens the first; one that ``moves_on`` opens the next where time is over.

    Past the deadline nothing more is opened, so that the grace shows nobody a question.
    Raises SignedOut, NotFound, Ended.
    """
    paper, limit = _limited(attempt_id)
    turn = find.last_turn(attempt_id)
    if turn and not _is_to_move(turn, paper, now, moves_on):
        return Look(turn)
    with transaction() as session:
        held = _hold(session, attempt_id, holder, now)
        turn = find.last_turn(attempt_id)  # another device may have come first
        if turn and not _is_to_move(turn, paper, now, moves_on):
            return Look(turn)
        if now >= held.deadline:
            return Look(turn)
        position = turn.position + 1 if turn else 1
        opened = _open(session, attempt_id, position, paper, limit, held, now)
        return Look(opened, turn.position if turn else None)


def go_on(attempt_id: int, holder: Holder, position: int, *, now: datetime) -> None:
    """Leave the question at ``position`` for good and open the next. Left already, it changes nothing.

    Raises SignedOut, NotFound, Ended, QuestionNotOpen.
    """
    paper, limit = _limited(attempt_id)
    with transaction() as session:
        held = _hold(session, attempt_id, holder, now)
        turn = find.last_turn(attempt_id)
        if turn is None or position > turn.position:
            raise QuestionNotOpen(position=position)
        if position == turn.position and now < held.deadline:
            _open(session, attempt_id, position + 1, paper, limit, held, now)


def _limited(attempt_id: int) -> tuple[PaperContents, QuestionLimit]:
    paper = paper_contents(attempt_id)
    limit = find.question_limit(paper.contest_id) if paper else None
    if paper is None or limit is None:
        raise NotFound
    return paper, limit


def _hold(session: Session, attempt_id: int, holder: Holder, now: datetime) -> Held:
    """Two devices that ask at once take turns here, and the second finds what the first opened."""
    held = hold(session, attempt_id, holder)
    if held.ended_at is not None or timing.is_overdue(held.accepts_until, now):
        raise Ended
    return held


def _is_to_move(turn: Turn, paper: PaperContents, now: datetime, moves_on: bool) -> bool:
    return moves_on and turn.position <= len(paper.positions) and turn.is_over(now)


def _open(
    session: Session,
    attempt_id: int,
    position: int,
    paper: PaperContents,
    limit: QuestionLimit,
    held: Held,
    now: datetime,
) -> Turn:
    is_question = position <= len(paper.positions)
    turn = Turn(position, now, rules.closes_at(now, limit, held.deadline) if is_question else now)
    values = {"position": position, "opened_at": turn.opened_at, "closes_at": turn.closes_at}
    session.connection().execute(insert(QuestionTurn), {"attempt_id": attempt_id, **values})
    return turn


# --- when deadlines move ---------------------------------------------------------------------------------------------


def prolong(contest_id: int, attempts: Sequence[Attempt], ms: int, *, now: datetime) -> None:
    """补时 reaches the question that is open at that moment."""
    for _attempt, row, turn, limit in _open_questions(contest_id, attempts):
        row.closes_at = rules.prolonged(turn, limit, ms, now)


def shorten(contest_id: int, attempts: Sequence[Attempt], ms: int, *, given_at: datetime, now: datetime) -> None:
    """A 补时 is taken back from the open question, too; the attempts have their new deadlines already."""
    for attempt, row, turn, _limit in _open_questions(contest_id, attempts):
        row.closes_at = rules.shortened(turn, ms, given_at, attempt.deadline, now)


def follow_deadlines(contest_id: int, attempts: Sequence[Attempt]) -> None:
    """An open question that the old closing time had cut short gets its own time back."""
    for attempt, row, turn, limit in _open_questions(contest_id, attempts):
        row.closes_at = max(turn.closes_at, rules.closes_at(turn.opened_at, limit, attempt.deadline))


def _open_questions(
    contest_id: int, attempts: Sequence[Attempt]
) -> list[tuple[Attempt, QuestionTurn, Turn, QuestionLimit]]:
    limit = find.question_limit(contest_id) if attempts else None
    if limit is None:
        return []
    rows = find.turns_of_running(contest_id)
    return [
        (attempt, row, Turn(row.position, row.opened_at, row.closes_at), limit)
        for attempt in attempts
        if (row := rows.get(attempt.id))
    ]
