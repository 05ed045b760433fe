"""Accounts of staff: a role in a scope, and a one-time link to set the password. All of it on record."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from question_bank.database import transaction
from question_bank.models import Domain
from quiz.errors import Mistakes, NotFound
from quiz.models import AreaKind, Credential, Person, PersonKind, StaffRole
from quiz.queries import accounts as find_account
from quiz.queries import people as find
from quiz.rules import accounts as rules
from quiz.rules.names import masked
from quiz.rules.permissions import SCOPE_OF, Role
from quiz.services import audit
from quiz.services.accounts import complain, new_link

STAFF_ROLES = tuple(role for role in Role if role is not Role.PARTICIPANT)
FOUR_DOMAINS = ("产品", "工程", "服务", "环境")


def add_staff(
    role: str,
    account: str,
    *,
    street: str = "",
    unit: str = "",
    domain: str = "",
    now: datetime,
    actor: int | None,
) -> str:
    """Give an account a role, in the district or in a scope; the token of a link that sets its password.

    An account that is there keeps its password until the link is used. Raises Mistakes.
    """
    account, street, unit, domain = rules.tidy_account(account), *map(rules.tidy_code, (street, unit, domain))
    granted = _role(role, account, street, unit, domain)
    try:
        return _add(granted, account, domain, now, actor)
    except IntegrityError:
        # The same account was added at the same moment: now it is there.
        return _add(granted, account, domain, now, actor)


def _role(role: str, account: str, street: str, unit: str, domain: str) -> StaffRole:
    """The role with its scope. Raises Mistakes for whatever is missing or unknown."""
    known = {each.value: each for each in STAFF_ROLES}
    needs = SCOPE_OF.get(known[role]) if role in known else None
    in_street = find.area_by_code(street, AreaKind.STREET) if street else None
    in_unit = find.unit_by_code(unit) if unit else None
    fields: dict[str, str | None] = {
        "role": None if role in known else f"没有“{role}”这种角色。可以是：{'、'.join(known)}。",
        "account": rules.account_complaint(account),
    }
    if needs == "street" and not street:
        fields["street"] = "街道管理员要指定街道（编码）。"
    if needs == "unit" and not unit:
        fields["unit"] = "单位管理员要指定单位（编码）。"
    if street and in_street is None:
        fields["street"] = f"名单里没有编码为“{street}”的街道。"
    if unit and in_unit is None:
        fields["unit"] = f"名单里没有编码为“{unit}”的单位。"
    if domain and domain not in FOUR_DOMAINS and find.domain_named(domain) is None:
        fields["domain"] = f"题库里没有“{domain}”这个领域。"
    complain(fields)
    return StaffRole(role=role, street_id=in_street.id if in_street else None, unit_id=in_unit.id if in_unit else None)


def _add(granted: StaffRole, account: str, domain: str, now: datetime, actor: int | None) -> str:
    with transaction() as session:
        credential = find_account.credential_at(account) or _new_account(session, account, now)
        domain_id = _domain_id(session, domain) if domain else None
        role = StaffRole(
            person_id=credential.person_id,
            role=granted.role,
            street_id=granted.street_id,
            unit_id=granted.unit_id,
            domain_id=domain_id,
            granted_at=now,
        )
        if not _has_role(session, role):
            session.add(role)
            session.flush()
            audit.record(
                "role.granted",
                f"person:{credential.person_id}",
                actor_id=actor,
                now=now,
                role=role.role,
                street_id=role.street_id,
                unit_id=role.unit_id,
                domain_id=domain_id,
            )
        token = _link(session, credential, now, actor)
    return token


def _new_account(session: Session, account: str, now: datetime) -> Credential:
    person = Person(kind=PersonKind.STAFF.value, name=account, masked_name=masked(account), created_at=now)
    session.add(person)
    session.flush()
    credential = Credential(person_id=person.id, lookup=account, secret=None, changed_at=now)
    session.add(credential)
    session.flush()
    return credential


def _domain_id(session: Session, name: str) -> int:
    """The domain; the four of the campaign are known before any bank is."""
    found = find.domain_named(name)
    if found is None:
        found = Domain(path=name, place=FOUR_DOMAINS.index(name))
        session.add(found)
        session.flush()
    return found.id


def _has_role(session: Session, role: StaffRole) -> bool:
    query = select(StaffRole.id).where(
        StaffRole.person_id == role.person_id,
        StaffRole.role == role.role,
        StaffRole.street_id.is_not_distinct_from(role.street_id),
        StaffRole.unit_id.is_not_distinct_from(role.unit_id),
        StaffRole.domain_id.is_not_distinct_from(role.domain_id),
        StaffRole.revoked_at.is_(None),
    )
    return session.execute(query).first() is not None


def _link(session: Session, credential: Credential, now: datetime, actor: int | None) -> str:
    token = new_link(session, credential, now=now)
    audit.record("person.link_sent", f"person:{credential.person_id}", actor_id=actor, now=now)
    return token


def renew_link(person_id: int, *, now: datetime, actor: int | None) -> str:
    """Another one-time link for a staff account; the one before it works no more. Raises NotFound."""
    with transaction() as session:
        credential = find_account.password_credential(person_id)
        if credential is None or session.get_one(Person, person_id).kind != PersonKind.STAFF.value:
            raise NotFound
        return _link(session, credential, now, actor)


def revoke_role(role_id: int, *, now: datetime, actor: int) -> StaffRole:
    """Take a role back; the last administrator keeps theirs. Again: nothing changes. Raises NotFound, Mistakes."""
    with transaction() as session:
        role = session.get(StaffRole, role_id, with_for_update=True)
        if role is None:
            raise NotFound
        if role.revoked_at is not None:
            return role
        if role.role == Role.ADMINISTRATOR.value and _administrators(session) <= 1:
            raise Mistakes(problems=["这是最后一个系统管理员，不能收回。请先添加另一个。"])
        role.revoked_at = now
        audit.record("role.revoked", f"person:{role.person_id}", actor_id=actor, now=now, role=role.role)
    return role


def _administrators(session: Session) -> int:
    """How many hold the role, each held until the end, so that two cannot take away each other's."""
    query = select(StaffRole.id).where(StaffRole.role == Role.ADMINISTRATOR.value, StaffRole.revoked_at.is_(None))
    return len(session.execute(query.with_for_update()).all())
