"""申诉: a participant asks for another look at a result, a judge answers."""

from datetime import datetime

from question_bank.database import transaction
from quiz.errors import ChangedMeanwhile, Mistakes, NotEnded, NotFound
from quiz.models import Appeal
from quiz.models.contests import ContestState
from quiz.queries import appeals as find
from quiz.queries import attempts as find_attempts
from quiz.rules.appeals import Outcome, complaints
from quiz.services import audit


def appeal(attempt_id: int, person_id: int, text: str, *, now: datetime) -> tuple[Appeal, bool]:
    """Put the result of an own, ended attempt before the judges; and whether that is new.

    One for each attempt: a second one changes nothing and gives the first again. Raises NotFound, NotEnded, Mistakes.
    """
    with transaction() as session:
        attempt = find_attempts.own_attempt(attempt_id, person_id, lock=True)
        if attempt is None:
            raise NotFound
        if attempt.ended_at is None:
            raise NotEnded
        if before := find.appeal_of(attempt_id):
            return before, False
        if attempt.entry.contest.state == ContestState.SEALED:
            raise Mistakes(problems=["结果已经封存，不能再申诉。请联系组织者。"])
        if found := complaints(text):
            raise Mistakes(problems=found)
        new = Appeal(
            attempt_id=attempt_id,
            contest_id=attempt.contest_id,
            entry_id=attempt.entry_id,
            text=text,
            created_at=now,
        )
        session.add(new)
        session.flush()
    return new, True


def answer(attempt_id: int, outcome: Outcome, sentence: str, *, actor_id: int, now: datetime) -> None:
    """答复. It changes no mark: what is to change, a ruling changes. Raises NotFound, Mistakes, ChangedMeanwhile."""
    if found := complaints(sentence, "怎么答复"):
        raise Mistakes(problems=found)
    with transaction():
        held = find.appeal_of(attempt_id, lock=True)
        if held is None:
            raise NotFound
        if held.answered_at is not None:
            raise ChangedMeanwhile
        held.outcome, held.answer = outcome.value, sentence
        held.answered_by, held.answered_at = actor_id, now
        audit.record(
            "appeal.answered",
            f"contest:{held.contest_id}",
            actor_id=actor_id,
            now=now,
            contest_id=held.contest_id,
            attempt=attempt_id,
            outcome=outcome.value,
        )
