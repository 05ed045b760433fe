"""操作记录: every act of staff, chained so that a change shows."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from question_bank.database import Base, Big


class AuditEntry(Base):
    """Who did what to which thing, when. Names people by id only, so that deleting a person leaves it whole.

    ``hash`` is the SHA-256 over the entry before and everything in this one.
    """

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(Big, primary_key=True, autoincrement=False)  # 1, 2, 3 … without gaps
    at: Mapped[datetime]
    actor_id: Mapped[int | None]  # a person's id; None for the command line
    act: Mapped[str]
    subject: Mapped[str]  # "contest:12", "person:7", "batch:3"
    contest_id: Mapped[int | None] = mapped_column(index=True)
    details: Mapped[dict[str, Any]]
    previous: Mapped[str]
    hash: Mapped[str]
