"""这道题有误: a participant says what is wrong with a question, organiser or judge answers."""

from datetime import datetime

from question_bank.database import db, transaction, wait_for_turn
from question_bank.models import QuestionVersion
from quiz.errors import ChangedMeanwhile, Mistakes, NotEnded, NotFound, TooManyReports
from quiz.models import QuestionReport
from quiz.queries import attempts as find_attempts
from quiz.queries import reports as find
from quiz.rules import reports as rules
from quiz.rules.reports import Outcome
from quiz.services import audit


def report(
    attempt_id: int, person_id: int, position: int, note: str, *, now: datetime, limited: bool = True
) -> tuple[QuestionReport, bool]:
    """Put one question of an own, ended attempt before the staff; and whether that is new.

    A person says one thing about a question version: a second note changes nothing and gives the first again.
    Raises NotFound, NotEnded, Mistakes, TooManyReports.
    """
    paper = find_attempts.paper_contents(attempt_id)
    with transaction() as session:
        attempt = find_attempts.own_attempt(attempt_id, person_id)
        at = paper.at(position) if paper else None
        if attempt is None or at is None:
            raise NotFound
        if attempt.ended_at is None:
            raise NotEnded
        wait_for_turn(session, f"report {person_id}")
        if before := find.reports_of_entry(attempt.entry_id).get(at.line.version):
            return before, False
        if complaint := rules.note_complaint(note):
            raise Mistakes(problems=[complaint])
        if limited:
            _refuse_too_many(person_id, now)
        new = QuestionReport(
            version_id=at.line.version,
            contest_id=attempt.contest_id,
            entry_id=attempt.entry_id,
            attempt_id=attempt.id,
            note=note,
            created_at=now,
        )
        session.add(new)
        session.flush()
    return new, True


def _refuse_too_many(person_id: int, now: datetime) -> None:
    recent = find.moments_of_reports(person_id, now - rules.SPAN)
    if len(recent) >= rules.MOST_IN_A_SPAN:
        wait = recent[-rules.MOST_IN_A_SPAN] + rules.SPAN - now
        raise TooManyReports(minutes=max(1, -(-int(wait.total_seconds()) // 60)))


def answer(
    version_id: int,
    outcome: Outcome,
    sentence: str,
    *,
    up_to: int,
    only: int | None = None,
    actor_id: int,
    now: datetime,
) -> int:
    """Answer every report about a question that was seen (none after ``up_to``), or ``only`` one; how many.

    Raises NotFound, Mistakes, ChangedMeanwhile (somebody has answered them).
    """
    if complaint := rules.note_complaint(sentence, "怎么答复"):
        raise Mistakes(problems=[complaint])
    with transaction():
        version = db.session.get(QuestionVersion, version_id)
        if version is None:
            raise NotFound
        waiting = find.waiting_about(version_id, up_to=up_to, only=only)
        if not waiting:
            raise ChangedMeanwhile
        for each in waiting:
            each.outcome, each.answer = outcome.value, sentence
            each.answered_by, each.answered_at = actor_id, now
        audit.record(
            "question.report_answered",
            f"question:{version.question_id}",
            actor_id=actor_id,
            now=now,
            version=version_id,
            outcome=outcome.value,
            reports=[each.id for each in waiting],
        )
    return len(waiting)
