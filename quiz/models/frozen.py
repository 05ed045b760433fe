"""封榜: the ladders of a contest as they stood at one moment, shown until they thaw."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from question_bank.database import Base


class FrozenBoard(Base):
    """When the ladders froze, what units and streets brought to theirs, and since when they have thawed."""

    __tablename__ = "frozen_boards"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True, autoincrement=False)
    as_of: Mapped[datetime]
    units: Mapped[list[Any]]
    streets: Mapped[list[Any]]
    made_at: Mapped[datetime]
    thawed_at: Mapped[datetime | None]


class FrozenRow(Base):
    """A standing as it was then, with its place (from 1) and rank among everybody, in its street and in its unit."""

    __tablename__ = "frozen_rows"
    __table_args__ = (
        Index("frozen_ladder", "contest_id", "place"),
        Index("frozen_ladder_in_street", "contest_id", "street_id", "place_in_street"),
        Index("frozen_ladder_in_unit", "contest_id", "unit_id", "place_in_unit"),
    )

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True, autoincrement=False)
    entry_code: Mapped[str]
    street_id: Mapped[int | None]
    unit_id: Mapped[int | None]
    score_sum: Mapped[int] = mapped_column(BigInteger)
    elapsed_sum: Mapped[int] = mapped_column(BigInteger)
    counted: Mapped[int]
    minus_score: Mapped[float]
    pace: Mapped[float]
    finished_at: Mapped[datetime]
    place: Mapped[int]
    place_in_street: Mapped[int]
    place_in_unit: Mapped[int]
    rank: Mapped[int]
    rank_in_street: Mapped[int]
    rank_in_unit: Mapped[int]
    equals: Mapped[int]
    equals_in_street: Mapped[int]
    equals_in_unit: Mapped[int]
