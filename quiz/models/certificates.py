"""Certificates, which anybody can verify years later."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.database import Base, Big


class Certificate(Base):
    """证书 of one entry, under a random check code. What it says stands here, and needs no other row to be shown.

    ``name`` goes on the contest's deletion date, and the way back to the entry with it.
    """

    __tablename__ = "certificates"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"), unique=True)
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"))
    contest_title: Mapped[str]
    name: Mapped[str | None]
    masked_name: Mapped[str]
    score: Mapped[int]  # hundredths of a point
    full: Mapped[int]
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[str] = mapped_column(default="")
