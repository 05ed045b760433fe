"""What the server noticed about an attempt, for a judge to look at; never a verdict."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.database import Base, Big
from quiz.models.attempts import Attempt


class AttemptTrace(Base):
    """From which device and address an attempt was started, as keyed hashes; gone on the contest's deletion date."""

    __tablename__ = "attempt_traces"
    __table_args__ = (
        Index("traces_by_device", "contest_id", "device"),
        Index("traces_by_address", "contest_id", "address"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True, autoincrement=False)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    device: Mapped[str | None]
    address: Mapped[str | None]


class Signal(Base):
    """One thing about an attempt that is out of the ordinary, with the figures it rests on."""

    __tablename__ = "signals"
    __table_args__ = (UniqueConstraint("attempt_id", "kind"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    kind: Mapped[str]
    strength: Mapped[str]
    evidence: Mapped[dict[str, Any]]
    found_at: Mapped[datetime]

    attempt: Mapped[Attempt] = relationship()


class Outcome(StrEnum):
    """What came of looking at an attempt."""

    OPEN = ""  # noted only: it still waits
    KEPT = "kept"
    SET_ASIDE = "set_aside"


class SignalNote(Base):
    """What a judge noted and decided about an attempt; looking for signals anew leaves it as it is."""

    __tablename__ = "signal_notes"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True, autoincrement=False)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    outcome: Mapped[str] = mapped_column(default=Outcome.OPEN.value, server_default=text("'kept'"))
    note: Mapped[str]
    noted_by: Mapped[int | None]
    noted_at: Mapped[datetime]
