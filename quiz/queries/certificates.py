"""Certificates, and the attempts that earn them."""

from sqlalchemy import select

from question_bank.database import db
from quiz.models import Attempt, Certificate
from quiz.rules.certificates import why_void


def certificate_of_entry(entry_id: int) -> Certificate | None:
    return db.session.execute(select(Certificate).where(Certificate.entry_id == entry_id)).scalar()


def certificate_by_code(code: str) -> Certificate | None:
    return db.session.execute(select(Certificate).where(Certificate.code == code)).scalar()


def best_reaching(entry_id: int, mark: int | None) -> Attempt | None:
    """The entry's best ended attempt from ``mark`` (hundredths) on that holds an answer and is not set aside."""
    if mark is None:
        return None
    query = select(Attempt).where(
        Attempt.entry_id == entry_id,
        Attempt.ended_at.is_not(None),
        Attempt.is_set_aside.is_(False),
        Attempt.answered > 0,
        Attempt.score >= mark,
    )
    order = (Attempt.score.desc(), Attempt.elapsed_ms, Attempt.id)
    return db.session.execute(query.order_by(*order).limit(1)).scalar()


def why_void_now(certificate: Certificate) -> str:
    """Why the certificate does not hold, as a sentence; "" while it holds."""
    if certificate.revoked_at is not None:
        return certificate.revoked_reason
    attempt = db.session.get(Attempt, certificate.attempt_id) if certificate.attempt_id else None
    if attempt is None:  # past the deletion date it stays as it then was
        return ""
    return why_void(certified=certificate.score, score=attempt.score, is_set_aside=attempt.is_set_aside)
