"""摊位: a device that staff open for one participant after another."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.database import Base


class Stall(Base):
    """One opened device of one contest. Only the digest of its token is kept; closing it ends what it may do."""

    __tablename__ = "stalls"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    name: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    opened_by: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
