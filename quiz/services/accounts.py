"""Register, sign in, set a password by a one-time link. Hashing takes a while, so it never happens while writing."""

import hashlib
import hmac
import ipaddress
import os
import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from question_bank.database import let_go, transaction, wait_for_turn
from question_bank.turns import out_of_turn
from quiz.errors import LinkUsed, Mistakes, NotFound, PhoneTaken, TooOften, WrongPassword
from quiz.models import Credential, OneTimeLink, Person, PersonKind, SignInFailure
from quiz.queries import accounts as find
from quiz.rules import accounts as rules
from quiz.rules.names import masked
from quiz.services import audit
from quiz.services.belonging import Belonging, belonging_of

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # what OWASP asks of argon2id at least
Result = TypeVar("Result")
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$ucq8vSysf13eVyU9lTz7Rw$xD7HerlCL9zCce3xzqVykJeKLwkBr78DIzUHUbgsgmU"
"""Checked where there is no account, so that the answer takes as long as with one."""


# --- register --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Registration:
    """What somebody says of themselves; street, community and unit by code."""

    name: str
    phone: str
    kind: str
    password: str
    street: str = ""
    community: str = ""
    unit: str = ""
    unit_name: str = ""
    consented: bool = False


def register(given: Registration, *, now: datetime, places: int = 1) -> Person:
    """A new person with a password. ``places``: how many accounts one phone may hold, each under another name.

    Raises Mistakes (by field), PhoneTaken.
    """
    name, phone = rules.tidy_name(given.name), rules.tidy_phone(given.phone)
    password = rules.tidy_password(given.password)
    fields = {
        "name": rules.name_complaint(name),
        "phone": rules.phone_complaint(phone),
        "password": rules.password_complaint(password, phone, name),
        "consent": None if given.consented else "请阅读并同意个人信息的用法，再点“完成”。",
    }
    belonging, place_fields = belonging_of(given.kind, given.street, given.community, given.unit, given.unit_name)
    complain({**fields, **place_fields})
    assert belonging
    held = [find.credential_at(_lookup(phone, place)) for place in range(1, places + 1)]
    if all(held) or any(credential and credential.person.name == name for credential in held):
        raise PhoneTaken(phone=phone)
    secret = hashed(password)
    for place in range(1, places + 1):
        try:
            return _add_person(name, phone, place, secret, belonging, now)
        except IntegrityError:
            # Another tap, or the next of a family on one phone, was first at this place.
            first = find.credential_at(_lookup(phone, place))
            if first is None:
                raise
            if first.person.name == name:
                break
    raise PhoneTaken(phone=phone)


def complain(fields: dict[str, str | None]) -> None:
    """Raise Mistakes for every field that has a complaint."""
    wrong = {field: complaint for field, complaint in fields.items() if complaint}
    if wrong:
        raise Mistakes(problems=list(wrong.values()), fields=wrong)


def _lookup(phone: str, place: int) -> str:
    return f"{phone}/{place}"


def _add_person(name: str, phone: str, place: int, secret: str, belonging: Belonging, now: datetime) -> Person:
    with transaction() as session:
        person = Person(
            kind=belonging.kind,
            name=name,
            masked_name=masked(name),
            phone=phone,
            consent_version=rules.CONSENT_VERSION,
            consented_at=now,
            created_at=now,
        )
        belonging.put_on(person)
        session.add(person)
        session.flush()
        credential = Credential(person_id=person.id, lookup=_lookup(phone, place), secret=secret, changed_at=now)
        session.add(credential)
        session.flush()
    return person


# --- passwords -------------------------------------------------------------------------------------------------------


def hashed(password: str) -> str:
    """argon2id of a tidied password."""
    return _apart(lambda: _hasher.hash(password))


def is_password(secret: str | None, password: str) -> bool:
    """Whether the password is the one behind the hash; as slow when there is no hash."""

    def verify() -> bool:
        try:
            return _hasher.verify(secret or _NOBODY, password) and secret is not None
        except (VerificationError, InvalidHashError):
            return False

    return _apart(verify)


def _apart(work: Callable[[], Result]) -> Result:
    """Hashing waits in a line of its own, while the server goes on and this thread keeps no connection from others."""
    let_go()
    with out_of_turn():
        return _hashers(os.getpid()).submit(work).result()


@cache
def _hashers(_process: int) -> ThreadPoolExecutor:
    """One thread for each process, which steps back for whoever saves: everybody signs in at the opening minute."""
    return ThreadPoolExecutor(max_workers=1, initializer=_step_back)


def _step_back() -> None:
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)  # on Linux a thread has a priority of its own


# --- sign in ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Guard:
    """What counts failures: the key of their digests, where the request came from, and whether to count at all."""

    key: str
    address: str
    counts: bool = True

    def of_account(self, account: str) -> str:
        return self._digest(f"account|{account}")

    def of_address(self) -> str:
        return self._digest(f"address|{_network(self.address)}")

    def _digest(self, text: str) -> str:
        return hmac.new(self.key.encode(), text.encode(), hashlib.sha256).hexdigest()


def _network(address: str) -> str:
    """The address; of IPv6 the part that one household shares, since each device changes the rest at will."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def sign_in(account: str, password: str, name: str = "", *, guard: Guard, now: datetime) -> Person:
    """The person behind a phone or a staff account. Raises WrongPassword, TooOften, Mistakes (which of several)."""
    account, name = rules.tidy_account(account), rules.tidy_name(name)
    password = rules.tidy_password(password)[: rules.LONGEST_PASSWORD + 1]
    candidates = _candidates(account, name)
    tried = _count_try(account, guard, now)
    found = None
    for secret, person in candidates or [(None, None)]:
        if is_password(secret, password):
            found = person
    if found is None:
        raise WrongPassword(left=tried.left)
    _forget_failures(account, tried, guard)
    return found


def _candidates(account: str, name: str) -> list[tuple[str | None, Person | None]]:
    """Whom the account may mean; where a phone has several people, the name decides."""
    credentials = find.credentials_of_account(account)
    several = sum(1 for credential in credentials if "/" in credential.lookup) > 1
    if several and not name:
        wanted = "这个手机号有几个人在用，请再填写您的姓名。"
        raise Mistakes(problems=[wanted], fields={"name": wanted})
    return [
        (credential.secret, credential.person)
        for credential in credentials
        if not several or "/" not in credential.lookup or credential.person.name == name
    ]


@dataclass(frozen=True)
class _Try:
    """How many tries the account has left after this one, and the row that counts it against the address."""

    left: int | None = None
    row_of_address: int | None = None


def _count_try(account: str, guard: Guard, now: datetime) -> _Try:
    """Count the try as a failure until it succeeds, so that tries at the same moment cannot outrun the limit.

    Raises TooOften.
    """
    if not guard.counts:
        return _Try()
    by_account, by_address = guard.of_account(account), guard.of_address()
    since = now - rules.FAILURES_SPAN
    with transaction() as session:
        wait_for_turn(session, f"sign-in {by_account}")
        failures = find.failures_since(by_account, since, rules.FAILURES_BY_ACCOUNT)
        from_address = find.failures_since(by_address, since, rules.FAILURES_BY_ADDRESS)
        minutes = max(
            rules.minutes_to_wait(failures, rules.FAILURES_BY_ACCOUNT, now),
            rules.minutes_to_wait(from_address, rules.FAILURES_BY_ADDRESS, now),
        )
        if minutes:
            raise TooOften(minutes=minutes)
        row = SignInFailure(counted_by=by_address, at=now)
        session.add_all([SignInFailure(counted_by=by_account, at=now), row])
        session.flush()
    return _Try(rules.FAILURES_BY_ACCOUNT - len(failures) - 1, row.id)


def _forget_failures(account: str, tried: _Try, guard: Guard) -> None:
    """A success clears the account's failures, and takes its own try off the address."""
    if guard.counts:
        mine = SignInFailure.counted_by == guard.of_account(account)
        with transaction() as session:
            session.execute(delete(SignInFailure).where(mine | (SignInFailure.id == tried.row_of_address)))


# --- one-time links --------------------------------------------------------------------------------------------------


def reset_password(person_id: int, *, actor: int | None, now: datetime) -> str:
    """重设口令 of a participant: the old one and every session end, the link's token sets a new one."""
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        credential = find.password_credential(person_id)
        if person is None or credential is None or person.kind == PersonKind.STAFF.value:
            raise NotFound
        credential.secret, credential.changed_at = None, now
        person.session_epoch += 1
        token = new_link(session, credential, now=now)
        audit.record("person.password_reset", f"person:{person_id}", actor_id=actor, now=now)
    return token


def new_link(session: Session, credential: Credential, *, now: datetime) -> str:
    """A one-time link's token; an earlier link of the same account works no more. Only its digest is kept."""
    earlier = OneTimeLink.credential_id == credential.id, OneTimeLink.used_at.is_(None)
    session.execute(update(OneTimeLink).where(*earlier, OneTimeLink.expires_at > now).values(expires_at=now))
    token = secrets.token_urlsafe(24)
    session.add(
        OneTimeLink(
            token_sha256=_digest_of(token),
            credential_id=credential.id,
            created_at=now,
            expires_at=now + rules.LINK_LASTS,
        )
    )
    session.flush()
    return token


def _digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def person_of_link(token: str, *, now: datetime) -> Person:
    """Whom the link belongs to, while it can be used. Raises LinkUsed."""
    return _usable(token, now).credential.person


def _usable(token: str, now: datetime, *, lock: bool = False) -> OneTimeLink:
    link = find.link_of(_digest_of(token), lock=lock)
    if link is None or link.used_at is not None or link.expires_at <= now:
        raise LinkUsed
    return link


def use_link(token: str, password: str, *, guard: Guard, now: datetime) -> Person:
    """Set the password once; every older session of the person ends. Raises LinkUsed, Mistakes."""
    credential = _usable(token, now).credential
    account = credential.lookup.partition("/")[0]
    password = rules.tidy_password(password)
    complain({"password": rules.password_complaint(password, account, credential.person.name)})
    secret = hashed(password)
    with transaction() as session:
        link = _usable(token, now, lock=True)
        link.used_at = now
        link.credential.secret, link.credential.changed_at = secret, now
        link.credential.person.session_epoch += 1
        session.execute(delete(SignInFailure).where(SignInFailure.counted_by == guard.of_account(account)))
    return link.credential.person
