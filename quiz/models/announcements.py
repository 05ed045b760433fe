"""公示: result announcements as they were signed off."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from question_bank.database import Base
from quiz.rules.announcements import Content, from_stored


class Announcement(Base):
    """One version, never changed: a later one takes its place, and the last may withdraw them all.

    What it says stands here, and needs no other row to be shown. A withdrawal has a reason and nothing else.
    """

    __tablename__ = "announcements"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    number: Mapped[int]
    is_withdrawal: Mapped[bool] = mapped_column(default=False)
    content: Mapped[str | None]  # canonical JSON
    sha256: Mapped[str | None]
    pdf: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))
    reason: Mapped[str] = mapped_column(default="")  # why it takes the place of the one before
    signed_by: Mapped[int | None]
    signed_at: Mapped[datetime]

    @property
    def words(self) -> Content:
        assert self.content is not None
        return from_stored(self.content)
