"""Pictures in the database: each once, as long as a question version shows it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Text, cast, delete, insert, select
from sqlalchemy.orm import Session

from question_bank.models import Picture, QuestionVersion
from question_bank.pictures import PictureFile

_AT_ONCE = 500


def store_pictures(session: Session, pictures: Iterable[PictureFile], *, now: datetime) -> None:
    """Keep those that are not there yet. Whoever calls this waits for the turn of imports, so that none comes twice."""
    wanted = {picture.sha256: picture for picture in pictures}
    for sha256 in sorted(wanted.keys() - _held(session, wanted)):
        picture = wanted[sha256]
        row = {"media_type": picture.media_type, "width": picture.width, "height": picture.height}
        session.execute(insert(Picture).values(sha256=sha256, data=picture.data, created_at=now, **row))


def _held(session: Session, wanted: Iterable[str]) -> set[str]:
    names, held = sorted(wanted), set[str]()
    for start in range(0, len(names), _AT_ONCE):
        held |= set(session.scalars(select(Picture.sha256).where(Picture.sha256.in_(names[start : start + _AT_ONCE]))))
    return held


def pictures_shown(session: Session, *which: ColumnElement[bool]) -> set[str]:
    """Every picture that some version shows, or one of those versions that meet the conditions."""
    shown = select(QuestionVersion.pictures).where(cast(QuestionVersion.pictures, Text) != "[]", *which)
    return {sha256 for pairs in session.scalars(shown) for _, sha256 in pairs}


def drop_unshown(session: Session, candidates: set[str]) -> None:
    """Remove those of these pictures that no version shows any more."""
    for sha256 in sorted(candidates - pictures_shown(session)) if candidates else ():
        session.execute(delete(Picture).where(Picture.sha256 == sha256))
