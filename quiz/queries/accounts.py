"""How persons sign in: credentials, one-time links, failures, staff accounts."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, selectinload

from question_bank.database import db
from quiz.models import Credential, OneTimeLink, Person, PersonKind, SignInFailure, StaffRole

PASSWORD = "password"


def credentials_of_account(account: str) -> list[Credential]:
    """Every way in under this account: of staff, or all places of a phone, in their order."""
    query = (
        select(Credential)
        .join(Credential.person)
        .where(Credential.kind == PASSWORD, or_(Credential.lookup == account, places_of_phone(account)))
        .options(joinedload(Credential.person, innerjoin=True))
        .order_by(Credential.id)
    )
    return [found for found in db.session.execute(query).scalars() if found.person.is_active]


def places_of_phone(phone: str) -> ColumnElement[bool]:
    """Lookups of a phone: 13800000000/1, /2 … ("0" is the character after "/")."""
    return (Credential.lookup > f"{phone}/") & (Credential.lookup < f"{phone}0")


def credential_at(lookup: str) -> Credential | None:
    query = select(Credential).where(Credential.kind == PASSWORD, Credential.lookup == lookup)
    return db.session.execute(query.options(joinedload(Credential.person))).scalar()


def password_credential(person_id: int) -> Credential | None:
    query = select(Credential).where(Credential.person_id == person_id, Credential.kind == PASSWORD)
    return db.session.execute(query.order_by(Credential.id).limit(1)).scalar()


def account_of(person_id: int) -> str:
    """What the person types to sign in."""
    credential = password_credential(person_id)
    return credential.lookup.partition("/")[0] if credential else ""


def link_of(token_sha256: str, *, lock: bool = False) -> OneTimeLink | None:
    """The link of this digest with the credential and the person behind it."""
    query = (
        select(OneTimeLink)
        .where(OneTimeLink.token_sha256 == token_sha256)
        .options(joinedload(OneTimeLink.credential, innerjoin=True).joinedload(Credential.person, innerjoin=True))
    )
    if lock:
        query = query.with_for_update(of=OneTimeLink).execution_options(populate_existing=True)
    return db.session.execute(query).scalar()


def failures_since(counted_by: str, since: datetime, most: int) -> Sequence[datetime]:
    """Moments of the last ``most`` failures after ``since``."""
    query = select(SignInFailure.at).where(SignInFailure.counted_by == counted_by, SignInFailure.at > since)
    return db.session.execute(query.order_by(SignInFailure.at.desc()).limit(most)).scalars().all()


def staff() -> list[Person]:
    """Every person with a staff account, with the roles that stand."""
    query = (
        select(Person)
        .where(Person.kind == PersonKind.STAFF.value, Person.forgotten_at.is_(None))
        .options(
            selectinload(Person.roles).joinedload(StaffRole.street),
            selectinload(Person.roles).joinedload(StaffRole.unit),
        )
    )
    return list(db.session.execute(query.order_by(Person.name)).scalars())


def waiting_links(now: datetime) -> set[int]:
    """Persons whose one-time link has not been used and still works."""
    query = (
        select(Credential.person_id)
        .join(OneTimeLink, OneTimeLink.credential_id == Credential.id)
        .where(OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > now)
    )
    return set(db.session.execute(query).scalars())
