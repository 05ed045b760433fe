"""摊位: a device that staff open for one participant after another."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.database import Base
from quiz.models.contests import Contest


class Stall(Base):
    """A place of one contest, with one device or several. Only the digest of its token is kept."""

    __tablename__ = "stalls"

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    name: Mapped[str]
    token_sha256: Mapped[str] = mapped_column(unique=True)
    opened_by: Mapped[int] = mapped_column(ForeignKey("persons.id"))
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    contest: Mapped[Contest] = relationship()

    def is_open_at(self, now: datetime) -> bool:
        return self.closed_at is None and now < self.expires_at
