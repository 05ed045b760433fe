"""Receipts of ended attempts: made at the hand-in, and held against what is stored ever after."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from question_bank.database import db
from quiz.models import Attempt, Marking, Paper
from quiz.queries import attempts as find
from quiz.rules.receipt import Ending, receipt_of


def receipt_of_ended(attempt: Attempt, first_marking: Marking) -> str:
    """The receipt that follows from what is stored now; ``first_marking`` is the one made at the hand-in."""
    assert attempt.ended_at is not None
    paper = find.contents_of(db.session.get_one(Paper, attempt.paper_id))  # as stored, not as some process keeps it
    return receipt_of(
        attempt.entry.entry_code,
        paper.seed,
        paper.lines,
        paper.contents,
        find.stored_at_the_end(attempt.id),
        Ending(attempt.started_at, attempt.ended_at, first_marking.score, first_marking.full),
    )


def changed_since_handed_in(contest_id: int) -> Iterator[Attempt]:
    """The attempts whose paper, answers, moments or score are not what their receipt was made from.

    A score may differ from the receipt's where a ruling changed the marking; it must be that of the last marking.
    Attempts handed in before there were receipts have none and are passed over.
    """
    query = (
        select(Attempt, Marking)
        .join(Marking, (Marking.attempt_id == Attempt.id) & (Marking.number == 1))
        .where(Attempt.contest_id == contest_id, Attempt.receipt.is_not(None), Attempt.ended_at.is_not(None))
        .order_by(Attempt.id)
    )
    for attempt, marking in db.session.execute(query):
        if receipt_of_ended(attempt, marking) != attempt.receipt or not _has_last_score(attempt):
            yield attempt


def _has_last_score(attempt: Attempt) -> bool:
    last = find.last_marking(attempt.id)
    return last is not None and (attempt.score, attempt.full) == (last.score, last.full)


@dataclass(frozen=True)
class Held:
    """How many ended attempts of a contest hold a receipt, and how many do not."""

    receipts: int
    without: int


def held(contest_id: int) -> Held:
    ended = select(func.count(Attempt.receipt), func.count()).where(
        Attempt.contest_id == contest_id, Attempt.ended_at.is_not(None)
    )
    receipts, total = db.session.execute(ended).one()
    return Held(receipts, total - receipts)
