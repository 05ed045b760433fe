"""封存: results that were frozen, each with its public bundle, kept as it was whatever changes later."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.database import Base, Big


class Seal(Base):
    """One sealing of a contest. A later one has the next number and says what is different."""

    __tablename__ = "seals"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    number: Mapped[int]
    digest: Mapped[str]
    previous: Mapped[str | None]  # digest of the seal before
    reason: Mapped[str] = mapped_column(default="")  # why it was sealed again
    sealed_at: Mapped[datetime]
    sealed_by: Mapped[int | None]
    counts: Mapped[dict[str, Any]]  # records of each kind
    size: Mapped[int] = mapped_column(Big)  # bytes of result.json
    state: Mapped[str]  # of what was sealed, to tell whether something was changed since
    difference: Mapped[dict[str, Any]]  # from the seal before; {} for the first


class SealPart(Base):
    """A piece of a bundle: whole lines, compressed, so that none stands in memory whole."""

    __tablename__ = "seal_parts"

    seal_id: Mapped[int] = mapped_column(ForeignKey("seals.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[bytes] = mapped_column(LargeBinary)
