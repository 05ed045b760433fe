"""People who came with the demo."""

from sqlalchemy import select

from question_bank.database import db
from quiz.models import Person


def has_samples() -> bool:
    """Whether anybody in the database is made up."""
    return db.session.execute(select(Person.id).where(Person.is_sample).limit(1)).first() is not None
