"""Papers, the attempts made on them, what was answered, and how it was marked."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.database import Base, Big, where
from quiz.models.contests import Entry


class Paper(Base):
    """试卷: question versions in the order shown, each with its option order, as drawn from a seed.

    ``layout`` is ``[{"version": 17, "options": [3, 1, 2, 4], "points": 500}, …]``; points in hundredths.
    """

    __tablename__ = "papers"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id"))
    seed: Mapped[str]
    algorithm: Mapped[int] = mapped_column(default=1)
    layout: Mapped[list[Any]]


class Attempt(Base):
    """答卷. A save is taken until ``accepts_until`` (deadline and grace); ``score`` copies the last marking."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("entry_id", "period", "number"),
        # Two taps on 开始答题 open one attempt.
        Index("one_open_attempt", "entry_id", unique=True, **where("ended_at IS NULL")),
        Index("overdue_attempts", "contest_id", "accepts_until", **where("ended_at IS NULL")),
        Index("attempts_at_stalls", "stall_id", **where("stall_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("papers.id"))
    period: Mapped[str] = mapped_column(default="")
    number: Mapped[int]  # 1 for the first attempt of its period
    started_at: Mapped[datetime]
    deadline: Mapped[datetime]
    accepts_until: Mapped[datetime]
    extra_ms: Mapped[int] = mapped_column(default=0)  # 补时
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]  # "person" or "clock"
    elapsed_ms: Mapped[int | None] = mapped_column(BigInteger)
    answered: Mapped[int | None]  # answers that were not empty at the end
    score: Mapped[int | None]  # hundredths of a point
    full: Mapped[int | None]
    is_set_aside: Mapped[bool] = mapped_column(default=False)
    receipt: Mapped[str | None]  # 回执: SHA-256 over what was handed in, kept as it was at that moment
    stall_id: Mapped[int | None] = mapped_column(ForeignKey("stalls.id"))  # answered on this stall's device

    entry: Mapped[Entry] = relationship()
    paper: Mapped[Paper] = relationship()


class Answer(Base):
    """作答 at one position. ``chosen`` holds option numbers of the version, or texts, never the letters shown.

    ``device`` and ``seq`` tell a repeat of a save, whose reply was lost, from a quarrel of two devices.
    """

    __tablename__ = "answers"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    chosen: Mapped[str]  # JSON text: [3, 1], ["12315"] or []
    revision: Mapped[int]
    device: Mapped[str | None]
    seq: Mapped[int | None] = mapped_column(BigInteger)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    away_ms: Mapped[int | None]  # how long nobody looked at the page while this question was open, as it says


class QuestionTurn(Base):
    """When a question was shown and until when it takes an answer, where the terms limit each question."""

    __tablename__ = "question_turns"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opened_at: Mapped[datetime]
    closes_at: Mapped[datetime]


class Marking(Base):
    """阅卷结果, appended and never changed: points and worth for each position, and what they were made from."""

    __tablename__ = "markings"
    __table_args__ = (UniqueConstraint("attempt_id", "number"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    number: Mapped[int]
    points: Mapped[list[Any]]  # hundredths, in order of position
    worth: Mapped[list[Any]]
    score: Mapped[int]
    full: Mapped[int]
    made_from: Mapped[str]  # digest over answers, versions and rulings
    made_at: Mapped[datetime]


class Ruling(Base):
    """裁定 about an attempt, an entry, a question in a contest, or the contest; undone by another, never removed."""

    __tablename__ = "rulings"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    kind: Mapped[str]
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("question_versions.id"))
    value: Mapped[dict[str, Any]]
    reason: Mapped[str]
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("rulings.id"))


class QuestionReport(Base):
    """这道题有误: what a participant says about a question seen on a paper; one for each version and entry."""

    __tablename__ = "question_reports"
    __table_args__ = (
        UniqueConstraint("entry_id", "version_id"),
        Index("open_question_reports", "created_at", **where("answered_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), index=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    note: Mapped[str]
    created_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(default="")  # "upheld" or "dismissed" once it is answered
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[int | None]
    answered_at: Mapped[datetime | None]

    entry: Mapped[Entry] = relationship()
