"""Sample accounts, one for each role, made the way real ones are made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from question_bank.database import transaction
from quiz.errors import InUse
from quiz.models import Credential, Person
from quiz.queries import accounts as find
from quiz.rules.permissions import Role
from quiz.services import accounts, staff
from quiz.services.accounts import Guard, Registration
from quiz.services.demo.district import DISTRICT, EMPLOYERS

PHONE = "19900000000"
STAFF: tuple[tuple[Role, str, dict[str, str]], ...] = (
    (Role.ORGANISER, "sample-organiser", {}),
    (Role.JUDGE, "sample-judge", {}),
    (Role.STREET_MANAGER, "sample-street", {"street": DISTRICT[0].code}),
    (Role.UNIT_MANAGER, "sample-unit", {"unit": EMPLOYERS[3].code}),
    (Role.REVIEWER, "sample-reviewer", {}),
    (Role.ADMINISTRATOR, "sample-administrator", {}),
)
_PARTICIPANT = Registration(name="林晓雯", phone=PHONE, kind="employee", password="", unit="DW04", consented=True)


@dataclass(frozen=True)
class Account:
    role: str
    account: str
    password: str


def sample_accounts(kept: Sequence[Account], *, now: datetime, new_password: Callable[[], str]) -> list[Account]:
    """The accounts as kept, if the database knows every one; else all of them with new passwords. Raises InUse."""
    if kept and all(_sample_at(account.account) for account in kept):
        return list(kept)
    made = [_staff(role, name, scope, now, new_password()) for role, name, scope in STAFF]
    return [*made, _participant(now, new_password())]


def sample_person(account: str) -> Person | None:
    """The person behind a sample account."""
    credential = _sample_at(account)
    return credential.person if credential else None


def _sample_at(account: str) -> Credential | None:
    """The credential of a sample account. Raises InUse where somebody else has it."""
    lookup = f"{account}/1" if account == PHONE else account
    found = find.credential_at(lookup)
    if found and not found.person.is_sample:
        raise InUse(what=f"账号 {account} ")
    return found


def _staff(role: Role, name: str, scope: dict[str, str], now: datetime, password: str) -> Account:
    with transaction() as session:
        _sample_at(name)
        token = staff.add_staff(role.value, name, **scope, now=now, actor=None)
        made = find.credential_at(name)
        assert made
        session.get_one(Person, made.person_id).is_sample = True
    _set_password(token, password, now)
    return Account(role.value, name, password)


def _participant(now: datetime, password: str) -> Account:
    if known := _sample_at(PHONE):
        _set_password(accounts.reset_password(known.person_id, actor=None, now=now), password, now)
    else:
        # Hashing takes its time and waits outside of every transaction.
        given = Registration(**{**vars(_PARTICIPANT), "password": password})
        person = accounts.register(given, now=now)
        with transaction() as session:
            session.get_one(Person, person.id).is_sample = True
    return Account(Role.PARTICIPANT.value, PHONE, password)


def _set_password(token: str, password: str, now: datetime) -> None:
    accounts.use_link(token, password, guard=Guard(key="", address="", counts=False), now=now)
