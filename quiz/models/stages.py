"""Stages: a cut from one contest into the next, and who is admitted."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.database import Base, Big
from quiz.models.contests import Contest
from quiz.models.people import Person


class StageCut(Base):
    """晋级: who of an earlier contest may start in this one, by which rule, exactly as it was previewed.

    ``digest`` is over rule and entry codes; ``value`` is the rule.
    """

    __tablename__ = "stage_cuts"
    __table_args__ = (UniqueConstraint("contest_id", "from_contest_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    from_contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    value: Mapped[dict[str, Any]]
    digest: Mapped[str]
    admitted: Mapped[int]
    applied_at: Mapped[datetime]
    applied_by: Mapped[int | None]

    from_contest: Mapped[Contest] = relationship(foreign_keys=[from_contest_id])


class Admission(Base):
    """入围: one person who may start in a contest that admits only some. The way to the person goes in time."""

    __tablename__ = "admissions"
    __table_args__ = (UniqueConstraint("contest_id", "person_id"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    masked_name: Mapped[str]
    cut_id: Mapped[int | None] = mapped_column(ForeignKey("stage_cuts.id"), index=True)
    entry_code: Mapped[str | None]  # of the entry in the earlier contest
    rank: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")  # of those whom a judge added
    added_at: Mapped[datetime]
    added_by: Mapped[int | None]

    person: Mapped[Person | None] = relationship()
