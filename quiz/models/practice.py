"""Practice: what a person has tried outside every contest, and the book of what went wrong (错题本)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.database import Base, where


class PracticeRecord(Base):
    """How a person fares with one question. It touches no ladder."""

    __tablename__ = "practice_records"
    __table_args__ = (Index("wrong_answer_book", "person_id", "last_at", **where("is_in_book")),)

    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), primary_key=True, autoincrement=False)
    question_id: Mapped[int] = mapped_column(
        ForeignKey("questions.id"), primary_key=True, autoincrement=False, index=True
    )
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))  # the one tried last
    tried: Mapped[int]
    right: Mapped[int]
    last_was_right: Mapped[bool]
    is_in_book: Mapped[bool]  # 错题本: from a wrong answer until it was answered right again, or taken out by hand
    last_at: Mapped[datetime]
