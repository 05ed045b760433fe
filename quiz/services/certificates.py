"""Issue certificates, and take the way back to the person off them."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from question_bank.database import transaction
from quiz.errors import NoCertificate, NotFound
from quiz.models import Certificate, Contest, Person
from quiz.models.contests import ContestState
from quiz.queries import attempts as find_attempts
from quiz.queries import certificates as find


def issue(contest: Contest, person_id: int, *, code: str, now: datetime) -> Certificate:
    """领取证书 under the random ``code``, over the best attempt so far. Asked again: the same one.

    One that no longer holds is revoked, and a new one is issued if another attempt earns it.
    Raises NotFound, NoCertificate.
    """
    with transaction() as session:
        entry = find_attempts.entry_of(contest.id, person_id, lock=True)
        if entry is None or contest.state == ContestState.DRAFT:
            raise NotFound
        held = find.certificate_of_entry(entry.id)
        void = find.why_void_now(held) if held else ""
        if held and not void:
            return held
        best = find.best_reaching(entry.id, contest.terms.certificate_mark)
        if best is None or best.score is None or best.full is None:
            raise NoCertificate
        if held:
            _revoke(held, void, now)
            session.flush()
        certificate = Certificate(
            code=code,
            contest_id=contest.id,
            entry_id=entry.id,
            attempt_id=best.id,
            contest_title=contest.terms.title,
            name=session.get_one(Person, person_id).name,
            masked_name=entry.masked_name,
            score=best.score,
            full=best.full,
            issued_at=now,
        )
        session.add(certificate)
        session.flush()
        return certificate


def _revoke(certificate: Certificate, reason: str, now: datetime) -> None:
    certificate.revoked_at, certificate.revoked_reason = now, reason
    certificate.entry_id = certificate.attempt_id = certificate.name = None


def forget(session: Session, which: ColumnElement[bool], *, now: datetime) -> None:
    """Take name, entry and attempt off certificates; what does not hold at this moment is revoked for good."""
    for certificate in session.execute(select(Certificate).where(which, Certificate.revoked_at.is_(None))).scalars():
        if reason := find.why_void_now(certificate):
            certificate.revoked_at, certificate.revoked_reason = now, reason
    session.flush()
    session.execute(
        update(Certificate)
        .where(which)
        .values(name=None, entry_id=None, attempt_id=None)
        .execution_options(synchronize_session="fetch")
    )
