"""Delete personal data: on the date that a contest states, when consent is withdrawn, when nobody needs it any more."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from question_bank.database import transaction
from quiz.errors import NotFound
from quiz.models import (
    Admission,
    Appeal,
    Attempt,
    AttemptTrace,
    Certificate,
    Contest,
    Credential,
    Entry,
    OneTimeLink,
    Person,
    PersonKind,
    PracticeRecord,
    QuestionReport,
    Signal,
    SignalNote,
    SignInFailure,
    StaffRole,
)
from quiz.queries import people as find
from quiz.rules import accounts as rules
from quiz.services import audit, certificates, prize_winners, stages

TRIES = 5
FAIRNESS = (SignalNote, Signal, AttemptTrace)
"""What is kept of how an attempt was made, beside the attempt itself."""


@dataclass(frozen=True)
class Forgotten:
    """How many contests were due, and how many persons were deleted."""

    contests: int
    persons: int


def forget_due(*, now: datetime) -> Forgotten:
    """Delete personal data on the date its contest states; only masked names stay on its entries.

    A person goes with the last contest that still needs them; who never entered one goes 180 days after registering.
    """
    contests = find.contests_to_forget()
    due = [c for c in contests if c.forget_on <= now.astimezone(ZoneInfo(c.terms.time_zone)).date()]
    persons = sum(_forget_contest(contest.id, now) for contest in due)
    persons += _forget_idle(now)
    with transaction() as session:
        session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at <= now - rules.LINK_LASTS))
        session.execute(delete(SignInFailure).where(SignInFailure.at <= now - rules.FAILURES_SPAN))
    return Forgotten(len(due), persons)


def _forget_contest(contest_id: int, now: datetime) -> int:
    for _again in range(TRIES):
        try:
            return _forget_contest_once(contest_id, now)
        except IntegrityError:
            # Somebody joined another contest at this very moment: look again who is still needed.
            continue
    return 0


def _forget_contest_once(contest_id: int, now: datetime) -> int:
    with transaction() as session:
        contest = session.get_one(Contest, contest_id, with_for_update={"key_share": True})
        if contest.forgotten_at is not None:
            return 0
        here, elsewhere = find.takes_part_in(contest_id), find.takes_part_outside(contest_id)
        _mark(session, here & ~elsewhere, now)
        # What people wrote about questions and results is free text, which may name them or others.
        session.execute(delete(QuestionReport).where(QuestionReport.contest_id == contest_id))
        session.execute(delete(Appeal).where(Appeal.contest_id == contest_id))
        for table in FAIRNESS:
            session.execute(delete(table).where(table.contest_id == contest_id))
        certificates.forget(session, Certificate.contest_id == contest_id, now=now)
        prize_winners.forget(session, Entry.contest_id == contest_id)
        session.execute(stages.forgetting(Admission.contest_id == contest_id))
        entries = session.execute(
            update(Entry).where(Entry.contest_id == contest_id).values(person_id=None, unit_name=None)
        )
        persons = _delete_marked(session, now)
        contest.forgotten_at = now
        audit.record(
            "people.forgotten",
            f"contest:{contest_id}",
            actor_id=None,
            now=now,
            contest_id=contest_id,
            entries=_rows(entries),
            persons=persons,
        )
    return persons


def forget_person(person_id: int, *, actor: int, now: datetime) -> None:
    """撤回同意: delete one participant's personal data now; only the masked name stays on the entries.

    Raises NotFound for nobody, and for staff.
    """
    with transaction() as session:
        _mark(session, Person.id == person_id, now)
        own = select(Entry.id).where(Entry.person_id == person_id)
        session.execute(delete(QuestionReport).where(QuestionReport.entry_id.in_(own)))
        session.execute(delete(Appeal).where(Appeal.entry_id.in_(own)))
        attempts = select(Attempt.id).where(Attempt.entry_id.in_(own))
        for table in FAIRNESS:
            session.execute(delete(table).where(table.attempt_id.in_(attempts)))
        certificates.forget(session, Certificate.attempt_id.in_(attempts), now=now)
        prize_winners.forget(session, Entry.person_id == person_id)
        entries = session.execute(
            update(Entry).where(Entry.person_id == person_id).values(person_id=None, unit_name=None)
        )
        if not _delete_marked(session, now):
            raise NotFound
        audit.record("person.forgotten", f"person:{person_id}", actor_id=actor, now=now, entries=_rows(entries))


def _forget_idle(now: datetime) -> int:
    """Persons who registered long ago and never entered a contest."""
    with transaction() as session:
        never = ~find.takes_part_outside(None)
        _mark(session, never & (Person.created_at <= now - rules.KEPT_WITHOUT_ENTRY), now)
        persons = _delete_marked(session, now)
        if persons:
            audit.record("people.forgotten", "register", actor_id=None, now=now, persons=persons)
    return persons


def _mark(session: Session, whom: ColumnElement[bool], now: datetime) -> None:
    """Note who goes, staff never, before what shows it is taken off."""
    is_staff = exists().where(StaffRole.person_id == Person.id)
    session.execute(
        update(Person)
        .where(whom, Person.kind != PersonKind.STAFF.value, ~is_staff)
        .values(forgotten_at=now)
        .execution_options(synchronize_session=False)
    )


def _delete_marked(session: Session, now: datetime) -> int:
    marked = select(Person.id).where(Person.forgotten_at.is_not(None))
    credentials = select(Credential.id).where(Credential.person_id.in_(marked))
    for statement in (
        stages.forgetting(Admission.person_id.in_(marked)),
        delete(PracticeRecord).where(PracticeRecord.person_id.in_(marked)),
        delete(OneTimeLink).where(OneTimeLink.credential_id.in_(credentials)),
        delete(Credential).where(Credential.person_id.in_(marked)),
    ):
        session.execute(statement.execution_options(synchronize_session=False))
    gone = delete(Person).where(Person.forgotten_at.is_not(None))
    return _rows(session.execute(gone.execution_options(synchronize_session=False)))


def _rows(result: object) -> int:
    return int(getattr(result, "rowcount", 0))
