"""Files of results that take so long that they are made beside the page."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.database import Base


class PreparedFile(Base):
    """One file, under way or there to be taken, and how far it has come. It and its row go after an hour."""

    __tablename__ = "prepared_files"

    token: Mapped[str] = mapped_column(primary_key=True)  # the file's name in the instance folder
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    form: Mapped[str]
    by: Mapped[str]
    asked_by: Mapped[int | None]
    asked_at: Mapped[datetime]
    stage: Mapped[str] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    size: Mapped[int | None]  # in bytes; None once it has ended: it could not be made
