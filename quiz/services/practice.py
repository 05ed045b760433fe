"""Practise a question, keep the book of what went wrong (错题本), open a bank for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from question_bank.database import transaction, upsert
from question_bank.models import Bank
from quiz.errors import BadAnswer, ChangedMeanwhile, NotFound
from quiz.models import PracticeRecord
from quiz.queries import practice as find
from quiz.queries.attempts import Position
from quiz.rules.answering import BadAnswerForm
from quiz.rules.contest import MultipleChoice
from quiz.rules.grading import Chosen, points_for
from quiz.services import audit


@dataclass(frozen=True)
class Practised:
    """One answer, and whether it was right."""

    position: Position
    chosen: Chosen
    is_right: bool


def question_for(person_id: int, question_id: int, *, now: datetime) -> tuple[find.Practicable, Position]:
    """The question as it stands now. Raises NotFound: unknown, held for a contest, or in no bank that is open."""
    found = next((each for each in find.practicable(person_id, now) if each.question_id == question_id), None)
    if found is None:
        raise NotFound
    return found, find.positions([found.version_id])[found.version_id]


def answer(person_id: int, question_id: int, version_id: int, given: Any, *, now: datetime) -> Practised:
    """Mark one answer and note how it went: a wrong one puts the question into the book, a right one takes it out.

    Raises NotFound, ChangedMeanwhile (another version than the one shown), BadAnswer (also for none).
    """
    with transaction() as session:
        found, position = question_for(person_id, question_id, now=now)
        if found.version_id != version_id:
            raise ChangedMeanwhile
        try:
            chosen = position.form.read(given)
        except BadAnswerForm as error:
            raise BadAnswer from error
        if not chosen:
            raise BadAnswer
        is_right = points_for(position.content, chosen, worth=1, multiple=MultipleChoice()) == 1
        _note(session, person_id, question_id, version_id, is_right=is_right, now=now)
    return Practised(position, chosen, is_right)


def _note(
    session: Session, person_id: int, question_id: int, version_id: int, *, is_right: bool, now: datetime
) -> None:
    last = {"version_id": version_id, "last_was_right": is_right, "is_in_book": not is_right, "last_at": now}
    insert = upsert(session, PracticeRecord).values(
        person_id=person_id, question_id=question_id, tried=1, right=int(is_right), **last
    )
    counted = {"tried": PracticeRecord.tried + 1, "right": PracticeRecord.right + int(is_right)}
    session.execute(insert.on_conflict_do_update(index_elements=["person_id", "question_id"], set_={**last, **counted}))


def add_to_book(person_id: int, version_ids: Iterable[int], *, now: datetime) -> int:
    """Put questions that went wrong in an attempt into the book; how many there were. Tries are not counted."""
    with transaction() as session:
        wrong = find.question_ids(version_ids)
        for version_id, question_id in sorted(wrong.items()):
            insert = upsert(session, PracticeRecord).values(
                person_id=person_id, question_id=question_id, version_id=version_id, tried=0, right=0,
                last_was_right=False, is_in_book=True, last_at=now,
            )  # fmt: skip
            session.execute(
                insert.on_conflict_do_update(
                    index_elements=["person_id", "question_id"], set_={"is_in_book": True, "last_was_right": False}
                )
            )
    return len(wrong)


def take_out(person_id: int, question_id: int) -> None:
    """Out of the book by hand."""
    with transaction() as session:
        own = (PracticeRecord.person_id == person_id) & (PracticeRecord.question_id == question_id)
        session.execute(update(PracticeRecord).where(own).values(is_in_book=False))


def open_bank(bank_id: int, *, is_open: bool, actor_id: int, now: datetime) -> None:
    """Open a bank for practice, or close it again. Raises NotFound."""
    with transaction() as session:
        bank = session.get(Bank, bank_id, with_for_update=True)
        if bank is None:
            raise NotFound
        if (bank.opened_for_practice_at is not None) == is_open:
            return
        bank.opened_for_practice_at = now if is_open else None
        act = "bank.practice_opened" if is_open else "bank.practice_closed"
        audit.record(act, f"bank:{bank_id}", actor_id=actor_id, now=now)
