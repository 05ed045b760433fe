"""Contests: their terms, the pool they draw from, and who takes part in them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.database import Base, Big
from question_bank.models import Bank
from quiz.models.people import Area, Person, Unit
from quiz.rules.contest import ContestTerms, from_stored


class ContestState(StrEnum):
    """草稿、已发布、已暂停、已封存 are kept; 已结束 follows from the clock."""

    DRAFT = "draft"
    PUBLISHED = "published"
    PAUSED = "paused"
    CLOSED = "closed"
    SEALED = "sealed"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    ContestState.DRAFT: "草稿",
    ContestState.PUBLISHED: "已发布",
    ContestState.PAUSED: "已暂停",
    ContestState.CLOSED: "已结束",
    ContestState.SEALED: "已封存",
}


class Contest(Base):
    """竞赛. What is said about it stands in its terms; the columns here are what SQL filters by."""

    __tablename__ = "contests"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"))
    state: Mapped[str] = mapped_column(default=ContestState.DRAFT.value)  # never "closed": see state_at
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    forget_on: Mapped[date]
    forgotten_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    pool_id: Mapped[int | None] = mapped_column(ForeignKey("pools.id"))
    admits_only: Mapped[bool] = mapped_column(default=False, server_default=false())  # those with an admission

    bank: Mapped[Bank] = relationship()
    pool: Mapped["Pool | None"] = relationship()
    terms_versions: Mapped[list["ContestTermsVersion"]] = relationship(order_by="ContestTermsVersion.number")

    @property
    def terms(self) -> ContestTerms:
        return self.terms_versions[-1].terms

    def state_at(self, now: datetime) -> ContestState:
        kept = ContestState(self.state)
        running = kept in (ContestState.PUBLISHED, ContestState.PAUSED)
        return ContestState.CLOSED if running and now >= self.closes_at else kept


class ContestTermsVersion(Base):
    """规程 as they stood from one moment on: one value, its digest, who changed it and why."""

    __tablename__ = "contest_terms"
    __table_args__ = (UniqueConstraint("contest_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    number: Mapped[int]
    schema: Mapped[int]
    value: Mapped[str]  # canonical JSON
    sha256: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None]
    reason: Mapped[str] = mapped_column(default="")

    @property
    def terms(self) -> ContestTerms:
        return from_stored(self.value)


class ContestUnit(Base):
    """A unit as this contest counts it: next year's register never moves last year's ladder."""

    __tablename__ = "contest_units"
    __table_args__ = (UniqueConstraint("contest_id", "unit_id"), UniqueConstraint("contest_id", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    code: Mapped[str]
    name: Mapped[str]
    unit_class: Mapped[str]
    street_code: Mapped[str | None]
    headcount: Mapped[int]


class ContestArea(Base):
    """A street or community as this contest counts it."""

    __tablename__ = "contest_areas"
    __table_args__ = (UniqueConstraint("contest_id", "area_id"), UniqueConstraint("contest_id", "code"))

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("areas.id"))
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    parent_code: Mapped[str | None]
    headcount: Mapped[int]


class Pool(Base):
    """抽题范围: the question versions a published contest draws from, fixed with their digests.

    ``versions`` is what drawing needs of each, in order of id, in the shape of CONTRACT §3.
    """

    __tablename__ = "pools"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]
    versions: Mapped[list[Any]]
    fixed_at: Mapped[datetime]


class Entry(Base):
    """参赛资格: one person in one contest, with street, unit and class as they were at joining."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("contest_id", "person_id"),
        Index("entries_by_street", "contest_id", "street_id"),
        Index("entries_by_unit", "contest_id", "unit_id"),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("persons.id"), index=True)
    entry_code: Mapped[str] = mapped_column(unique=True)
    masked_name: Mapped[str]
    street_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    unit_name: Mapped[str | None]  # as typed, while the unit is not in the list
    unit_class: Mapped[str] = mapped_column(default="")
    consent_version: Mapped[str]
    consented_at: Mapped[datetime]
    came_from: Mapped[str] = mapped_column(default="web")  # or "stall", "roster", "paper"
    joined_at: Mapped[datetime]

    contest: Mapped[Contest] = relationship()
    person: Mapped[Person | None] = relationship()
    street: Mapped[Area | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
