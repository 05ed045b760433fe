"""Files of results that were asked for: those of a contest, one by its token, and those that are too old."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from question_bank.database import db
from quiz.models import PreparedFile


def prepared_files(contest_id: int) -> Sequence[PreparedFile]:
    """Of one contest, the newest first."""
    query = select(PreparedFile).where(PreparedFile.contest_id == contest_id)
    return db.session.execute(query.order_by(PreparedFile.asked_at.desc(), PreparedFile.token)).scalars().all()


def prepared_file(token: str) -> PreparedFile | None:
    return db.session.get(PreparedFile, token)


def asked_before(moment: datetime) -> Sequence[PreparedFile]:
    return db.session.execute(select(PreparedFile).where(PreparedFile.asked_at < moment)).scalars().all()


def known_tokens() -> set[str]:
    return set(db.session.execute(select(PreparedFile.token)).scalars())
