"""Persons, how they sign in, what staff may do, and where people live and work."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.database import Base, Big
from question_bank.models import Domain


class AreaKind(StrEnum):
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"


class PersonKind(StrEnum):
    RESIDENT = "resident"
    EMPLOYEE = "employee"
    STAFF = "staff"


class Area(Base):
    """A district, street (街道) or community (社区), in a tree; the district itself has no row."""

    __tablename__ = "areas"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"), index=True)
    headcount: Mapped[int] = mapped_column(default=0)

    parent: Mapped["Area | None"] = relationship(remote_side=[id])


class Unit(Base):
    """单位. District departments lie in no street."""

    __tablename__ = "units"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    unit_class: Mapped[str] = mapped_column(default="")
    street_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"), index=True)
    headcount: Mapped[int] = mapped_column(default=0)

    street: Mapped[Area | None] = relationship()


class Person(Base):
    """A participant or a member of staff. After the deletion date only ``masked_name`` stays."""

    __tablename__ = "persons"
    # The id of somebody who was deleted never comes back: old sessions and records would lead to another person.
    __table_args__ = (Index("typed_units", "unit_name"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    masked_name: Mapped[str]
    phone: Mapped[str | None] = mapped_column(index=True)
    street_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"), index=True)
    unit_name: Mapped[str | None]  # as typed, until the organiser finds the unit it means
    consent_version: Mapped[str | None]
    consented_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    session_epoch: Mapped[int] = mapped_column(default=1)  # raised to end every session of the person
    forgotten_at: Mapped[datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False)  # came with the demo; refused in production

    street: Mapped[Area | None] = relationship(foreign_keys=[street_id])
    community: Mapped[Area | None] = relationship(foreign_keys=[community_id])
    unit: Mapped[Unit | None] = relationship()
    roles: Mapped[list["StaffRole"]] = relationship(
        back_populates="person",
        primaryjoin="and_(StaffRole.person_id == Person.id, StaffRole.revoked_at.is_(None))",
        foreign_keys="StaffRole.person_id",
        viewonly=True,
    )

    # What Flask-Login asks of a user.
    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.forgotten_at is None

    def get_id(self) -> str:
        return f"{self.id}.{self.session_epoch}"


class Credential(Base):
    """How a person signs in. ``lookup`` of a participant's password is phone and place (13800000000/1), of staff the
    account name."""

    __tablename__ = "credentials"
    __table_args__ = (UniqueConstraint("kind", "lookup"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    kind: Mapped[str] = mapped_column(default="password")
    lookup: Mapped[str]
    secret: Mapped[str | None]  # argon2id; None until the one-time link was used
    changed_at: Mapped[datetime]

    person: Mapped[Person] = relationship()


class StaffRole(Base):
    """What a member of staff may do, and where: without street, unit or domain, in the whole district."""

    __tablename__ = "staff_roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("persons.id"), index=True)
    role: Mapped[str]
    street_id: Mapped[int | None] = mapped_column(ForeignKey("areas.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("units.id"))
    domain_id: Mapped[int | None] = mapped_column(ForeignKey("domains.id"))
    granted_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="roles", foreign_keys=[person_id])
    street: Mapped[Area | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    domain: Mapped[Domain | None] = relationship()


class OneTimeLink(Base):
    """A link that lets its holder set a password once. Only the token's digest is kept."""

    __tablename__ = "one_time_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(unique=True)
    credential_id: Mapped[int] = mapped_column(ForeignKey("credentials.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    credential: Mapped[Credential] = relationship()


class SignInFailure(Base):
    """A failed sign-in, counted by account and by address; both stand here as keyed digests only."""

    __tablename__ = "sign_in_failures"
    __table_args__ = (Index("failures_of", "counted_by", "at"),)

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    counted_by: Mapped[str]
    at: Mapped[datetime]
