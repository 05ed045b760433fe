"""榜单: what counts of each entry, and how many stand where, so that no rank needs a look at everybody."""

from datetime import date, datetime
from enum import IntEnum

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.database import Base, Big
from quiz.models.contests import Entry

_LADDER_ORDER = ("minus_score", "pace", "finished_at", "entry_code")


class Standing(Base):
    """What counts of an entry that takes part, kept up in the hand-in itself.

    Score (hundredths) and elapsed (ms) are sums over ``counted`` attempts or days: a mean is sum / counted, exactly.
    ``minus_score`` and ``pace`` are those quotients to order by, the score with its sign turned so that one ascending
    index holds the whole order. Division in binary floating point is rounded correctly: equal quotients are equal
    numbers, and at this size unequal quotients stay unequal.
    """

    __tablename__ = "standings"
    __table_args__ = (
        Index("person_ladder", "contest_id", *_LADDER_ORDER),
        Index("person_ladder_in_street", "contest_id", "street_id", *_LADDER_ORDER),
        Index("person_ladder_in_unit", "contest_id", "unit_id", *_LADDER_ORDER),
    )

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True, autoincrement=False)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    street_id: Mapped[int | None]
    unit_id: Mapped[int | None]
    entry_code: Mapped[str]
    score_sum: Mapped[int] = mapped_column(BigInteger)
    elapsed_sum: Mapped[int] = mapped_column(BigInteger)
    counted: Mapped[int]
    minus_score: Mapped[float]
    pace: Mapped[float]
    finished_at: Mapped[datetime]

    entry: Mapped[Entry] = relationship()


PACE_CELL_MS = 4_000
UNIT_CELLS = 16
"""How many cells of pace make one of a unit: so coarse, for most units are small, that they take few rows."""


class Part(IntEnum):
    """Whom a count is about: everybody (place 0), the people of one street, or of one unit."""

    EVERYBODY = 0
    STREET = 1
    UNIT = 2


class StandingPoints(Base):
    """How many of a place have exactly this score."""

    __tablename__ = "standing_points"

    contest_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    minus_score: Mapped[float] = mapped_column(primary_key=True, autoincrement=False)
    people: Mapped[int]


class StandingPaces(Base):
    """How many of them were how quick: in cells of ``PACE_CELL_MS``, for units of ``UNIT_CELLS`` such."""

    __tablename__ = "standing_paces"

    contest_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    minus_score: Mapped[float] = mapped_column(primary_key=True, autoincrement=False)
    pace_cell: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    people: Mapped[int]


class StandingTally(Base):
    """Sums over those of a place of whom ``counted`` attempts count; with 0 the entries made, whatever became of them.

    ``score_sum`` sums the sums of the standings: a total is the sum of ``score_sum / counted`` over all rows, exactly.
    """

    __tablename__ = "standing_tallies"

    contest_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counted: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    people: Mapped[int]
    nonzero: Mapped[int]
    entries: Mapped[int]
    score_sum: Mapped[int] = mapped_column(BigInteger)


class StandingDelta(Base):
    """A standing that came (``people`` 1) or went (-1), or an entry made, waiting to be added to the counts.

    A hand-in adds such rows and touches no count: thousands who hand in at once do not queue for the row of their unit.
    Without foreign keys, for each would be looked up, and the contest's row held, at every hand-in.
    """

    __tablename__ = "standing_deltas"

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    contest_id: Mapped[int] = mapped_column(index=True)
    street_id: Mapped[int | None]
    unit_id: Mapped[int | None]
    people: Mapped[int]
    entries: Mapped[int]
    minus_score: Mapped[float]
    pace_cell: Mapped[int]
    counted: Mapped[int]
    score_sum: Mapped[int] = mapped_column(BigInteger)


class StandingFold(Base):
    """How often what waited was added to the counts of a contest: with what waits now, a version of its ladders."""

    __tablename__ = "standing_folds"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"), primary_key=True, autoincrement=False)
    number: Mapped[int]


class RankSeen(Base):
    """What rank a person was shown on a day of the contest, the last one of that day."""

    __tablename__ = "ranks_seen"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True, autoincrement=False)
    rank: Mapped[int]
    total: Mapped[int]
    seen_at: Mapped[datetime]
