"""What judges work on beside the rulings: marking anew, appeals, and how long questions usually take."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.database import Base, Big, where
from quiz.models.attempts import Attempt
from quiz.models.contests import Entry


class RemarkingState(StrEnum):
    LOOKING = "looking"  # its rows are being written
    PREVIEWED = "previewed"
    APPLYING = "applying"  # begun, and to be gone on with wherever it stopped
    DONE = "done"
    DROPPED = "dropped"  # a later look took its place


class Remarking(Base):
    """重新阅卷: what the rulings that stand would change in marks that were given before, and how far that is done.

    ``ruling_id`` is the last ruling about a question that the look knew: with a later one it is out of date.
    ``figures`` holds counts, and how the top of the ladder moves, by entry.
    """

    __tablename__ = "remarkings"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    state: Mapped[str]
    ruling_id: Mapped[int]
    versions: Mapped[list[Any]]  # the questions that were looked at; none named: all that were ever ruled about
    figures: Mapped[dict[str, Any]]
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    began_by: Mapped[int | None]
    began_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]


class RemarkingRow(Base):
    """One attempt whose marks change: what stood (``marking_number``) and what will stand, or does since."""

    __tablename__ = "remarking_rows"
    __table_args__ = (Index("remarking_rows_to_do", "remarking_id", "attempt_id", **where("applied_at IS NULL")),)

    remarking_id: Mapped[int] = mapped_column(ForeignKey("remarkings.id"), primary_key=True, autoincrement=False)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True, autoincrement=False)
    marking_number: Mapped[int]
    score_before: Mapped[int]
    full_before: Mapped[int]
    score: Mapped[int]
    full: Mapped[int]
    points: Mapped[list[Any]]
    worth: Mapped[list[Any]]
    made_from: Mapped[str]
    applied_at: Mapped[datetime | None]

    attempt: Mapped[Attempt] = relationship()


class Appeal(Base):
    """申诉: what a participant says about the result of one attempt, and what a judge answers."""

    __tablename__ = "appeals"
    __table_args__ = (Index("open_appeals", "created_at", **where("answered_at IS NULL")),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True, autoincrement=False)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    text: Mapped[str]
    created_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(default="")  # "upheld" or "dismissed" once it is answered
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime | None]

    attempt: Mapped[Attempt] = relationship()
    entry: Mapped[Entry] = relationship()


class UsualTime(Base):
    """How long a question took the field of a contest when signals were looked for last: middle and quarters, in ms."""

    __tablename__ = "usual_times"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True, autoincrement=False)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), primary_key=True, autoincrement=False)
    quick_ms: Mapped[int]
    usual_ms: Mapped[int]
    slow_ms: Mapped[int]
    answers: Mapped[int]
