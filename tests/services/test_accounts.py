"""Registering and signing in: one account for a phone, nothing opens by the phone alone, and guesses run out."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from question_bank.database import db, transaction
from quiz.errors import LinkUsed, Mistakes, NotFound, PhoneTaken, TooOften, WrongPassword
from quiz.models import AuditEntry, Credential, OneTimeLink, Person, SignInFailure, StaffRole
from quiz.queries import accounts as find
from quiz.services import accounts, audit, staff
from tests.conftest import StillClock
from tests.people_builders import PASSWORD, a_district, a_guard, a_member_of_staff, a_person, a_registration

pytestmark = pytest.mark.usefixtures("context", "district")

PHONE = "13800000001"


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def district(context: Flask, now: datetime) -> None:
    a_district(now)


def count(table: Any) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def complaints(now: datetime, **changes: Any) -> set[str]:
    """The fields that are complained about; nobody was registered."""
    with pytest.raises(Mistakes) as refused:
        a_person(now, **changes)
    assert count(Person) == 0
    return set(refused.value.facts["fields"])


# --- register --------------------------------------------------------------------------------------------------------


def test_a_resident_belongs_to_the_street_chosen(now: datetime) -> None:
    person = a_person(now, street="S2")
    assert (person.street.code if person.street else None, person.unit_id) == ("S2", None)
    assert person.masked_name == "王*"
    assert (person.consent_version, person.consented_at) == (accounts.rules.CONSENT_VERSION, now)


def test_a_resident_who_names_the_community_belongs_to_its_street(now: datetime) -> None:
    person = a_person(now, street="", community="S2-1")
    assert person.street and person.community
    assert (person.street.code, person.community.code) == ("S2", "S2-1")
    other = a_person(now, phone="13800000002", street="S1-1")
    assert other.street and other.street.code == "S1"


def test_an_employee_belongs_to_the_street_of_the_unit_whatever_else_is_said(now: datetime) -> None:
    person = a_person(now, kind="employee", street="S2", unit="U2")
    assert person.street and person.unit
    assert (person.unit.code, person.street.code) == ("U2", "S1")
    of_department = a_person(now, phone="13800000002", kind="employee", street="S2", unit="U1")
    assert of_department.street_id is None


def test_a_unit_that_is_not_in_the_list_is_kept_as_typed(now: datetime) -> None:
    person = a_person(now, kind="employee", street="S2", unit_name=" 某某　检测中心 ")
    assert (person.unit_id, person.unit_name) == (None, "某某 检测中心")
    assert person.street and person.street.code == "S2"


def test_everything_wrong_is_said_at_once_and_nobody_is_registered(now: datetime) -> None:
    wrong = complaints(now, name="\u202e王", phone="12", password="123456", street="S9", consented=False)
    assert wrong == {"name", "phone", "password", "street", "consent"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "visitor"}, "kind"),
        ({"street": ""}, "street"),
        ({"street": "S1", "community": "S2-1"}, "street"),
        ({"kind": "employee"}, "unit"),
        ({"kind": "employee", "unit": "U9"}, "unit"),
        ({"kind": "employee", "unit_name": "x\x00y"}, "unit_name"),
        ({"kind": "employee", "unit_name": "中心", "street": "S9"}, "street"),
        ({"password": "800000"}, "password"),
        ({"password": PHONE}, "password"),
    ],
)
def test_each_wrong_field_is_named(now: datetime, changes: dict[str, Any], field: str) -> None:
    assert complaints(now, **changes) == {field}


def test_a_phone_has_one_account(now: datetime) -> None:
    a_person(now)
    with pytest.raises(PhoneTaken):
        a_person(now, name="李强", phone="138 0000 0001")
    assert count(Person) == count(Credential) == 1


def test_two_who_register_a_phone_at_once_get_one_account(app: Flask, now: datetime) -> None:
    """Both pass the look before hashing; the unique lookup then decides, and the loser hears why."""
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def register(name: str) -> None:
        with app.app_context():
            together.wait()
            try:
                a_person(now, name=name)
                outcomes.append("registered")
            except PhoneTaken:
                outcomes.append("taken")

    threads = [threading.Thread(target=register, args=(name,)) for name in ("王芳", "李强")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["registered", "taken"]
    assert count(Person) == count(Credential) == 1


def test_where_the_platform_allows_it_a_family_shares_a_phone(now: datetime) -> None:
    for name in ("王芳", "王强"):
        accounts.register(a_registration(name=name, password=f"{PASSWORD}{name}"), now=now, places=2)
    with pytest.raises(PhoneTaken):
        accounts.register(a_registration(name="王五"), now=now, places=2)
    assert [c.lookup for c in find.credentials_of_account(PHONE)] == [f"{PHONE}/1", f"{PHONE}/2"]
    with pytest.raises(Mistakes) as refused:
        accounts.sign_in(PHONE, f"{PASSWORD}王强", guard=a_guard(), now=now)
    assert set(refused.value.facts["fields"]) == {"name"}
    assert accounts.sign_in(PHONE, f"{PASSWORD}王强", "王强", guard=a_guard(), now=now).name == "王强"
    with pytest.raises(WrongPassword):
        accounts.sign_in(PHONE, f"{PASSWORD}王强", "王芳", guard=a_guard(), now=now)


def test_a_second_tap_on_a_shared_phone_makes_no_second_account(now: datetime) -> None:
    accounts.register(a_registration(name="王芳"), now=now, places=3)
    with pytest.raises(PhoneTaken):
        accounts.register(a_registration(name="王芳"), now=now, places=3)
    assert count(Person) == count(Credential) == 1


def test_a_password_is_kept_as_argon2id_of_the_strength_owasp_asks_for(now: datetime) -> None:
    a_person(now)
    secret = db.session.execute(select(Credential.secret)).scalar_one()
    assert secret and secret.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


# --- sign in ---------------------------------------------------------------------------------------------------------


def test_knowing_a_phone_alone_opens_nothing(now: datetime) -> None:
    a_person(now)
    for guess in ("", PHONE, PHONE[-6:], "王芳", "\x00", "x" * 100_000):
        with pytest.raises(WrongPassword):
            accounts.sign_in(PHONE, guess, guard=a_guard(counts=False), now=now)


def test_account_and_password_are_taken_as_people_type_them(now: datetime) -> None:
    person = a_person(now)
    assert accounts.sign_in("１３８ 0000 0001", "ｋaoshi2026", guard=a_guard(), now=now).id == person.id


def test_ten_wrong_guesses_in_a_quarter_of_an_hour_are_all_there_are(clock: StillClock, now: datetime) -> None:
    a_person(now)
    left = []
    for number in range(10):
        with pytest.raises(WrongPassword) as wrong:
            accounts.sign_in(PHONE, "guess99", guard=a_guard(f"203.0.113.{number}"), now=clock.forward(seconds=30))
        left.append(wrong.value.facts["left"])
    assert left == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    with pytest.raises(TooOften) as refused:  # the right one neither, and from wherever
        accounts.sign_in(PHONE, PASSWORD, guard=a_guard("203.0.113.99"), now=clock())
    assert refused.value.facts["minutes"] == 11
    assert accounts.sign_in(PHONE, PASSWORD, guard=a_guard(), now=clock.forward(minutes=11))


def test_an_unknown_account_runs_out_in_the_same_way(now: datetime) -> None:
    for _ in range(10):
        with pytest.raises(WrongPassword):
            accounts.sign_in("13899999999", "guess99", guard=a_guard(), now=now)
    with pytest.raises(TooOften):
        accounts.sign_in("13899999999", "guess99", guard=a_guard(), now=now)


def test_guesses_at_the_same_moment_do_not_outrun_the_limit(app: Flask, now: datetime) -> None:
    a_person(now)
    together = threading.Barrier(15)
    outcomes: list[str] = []

    def guess() -> None:
        with app.app_context():
            together.wait()
            try:
                accounts.sign_in(PHONE, "guess99", guard=a_guard(), now=now)
            except (WrongPassword, TooOften) as refusal:
                outcomes.append(refusal.reason)

    threads = [threading.Thread(target=guess) for _ in range(15)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["too_often"] * 5 + ["wrong_password"] * 10


def test_a_success_clears_the_failures_of_the_account(now: datetime) -> None:
    a_person(now)
    for _ in range(9):
        with pytest.raises(WrongPassword):
            accounts.sign_in(PHONE, "guess99", guard=a_guard(), now=now)
    accounts.sign_in(PHONE, PASSWORD, guard=a_guard(), now=now)
    with pytest.raises(WrongPassword) as wrong:
        accounts.sign_in(PHONE, "guess99", guard=a_guard(), now=now)
    assert wrong.value.facts["left"] == 9


def test_an_address_has_a_thousand_failures_and_successes_do_not_count(now: datetime) -> None:
    a_person(now)
    guard = a_guard()
    with transaction() as session:
        session.add_all(SignInFailure(counted_by=guard.of_address(), at=now) for _ in range(999))
    for _ in range(3):
        accounts.sign_in(PHONE, PASSWORD, guard=guard, now=now)
    with pytest.raises(WrongPassword):
        accounts.sign_in("amy", "guess99", guard=guard, now=now)
    with pytest.raises(TooOften):
        accounts.sign_in(PHONE, PASSWORD, guard=guard, now=now)
    accounts.sign_in(PHONE, PASSWORD, guard=a_guard("203.0.113.1"), now=now)


def test_switched_off_nothing_is_counted(now: datetime) -> None:
    a_person(now)
    for _ in range(12):
        with pytest.raises(WrongPassword) as wrong:
            accounts.sign_in(PHONE, "guess99", guard=a_guard(counts=False), now=now)
    assert wrong.value.facts["left"] is None
    assert count(SignInFailure) == 0


def test_failures_name_neither_account_nor_address(now: datetime) -> None:
    with pytest.raises(WrongPassword):
        accounts.sign_in(PHONE, "guess99", guard=a_guard(), now=now)
    kept = db.session.execute(select(SignInFailure.counted_by)).scalars().all()
    assert len(kept) == 2 and all(len(key) == 64 and PHONE not in key for key in kept)


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_reset_ends_the_old_password_and_every_session_and_is_on_record(now: datetime) -> None:
    person = a_person(now)
    session_before = person.get_id()
    organiser = a_member_of_staff("organiser", "amy", now)
    token = accounts.reset_password(person.id, actor=organiser.id, now=now)
    with pytest.raises(WrongPassword):
        accounts.sign_in(PHONE, PASSWORD, guard=a_guard(), now=now)
    accounts.use_link(token, "xinkouling8", guard=a_guard(), now=now)
    found = accounts.sign_in(PHONE, "xinkouling8", guard=a_guard(), now=now)
    assert found.id == person.id and found.get_id() != session_before
    last = db.session.execute(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).scalar_one()
    assert (last.act, last.subject, last.actor_id) == ("person.password_reset", f"person:{person.id}", organiser.id)
    assert audit.first_break() is None


def test_a_link_works_once_for_seven_days_and_only_its_digest_is_kept(now: datetime) -> None:
    person = a_person(now)
    token = accounts.reset_password(person.id, actor=None, now=now)
    assert token not in str(db.session.execute(select(OneTimeLink.token_sha256)).scalars().all())
    with pytest.raises(LinkUsed):
        accounts.use_link(token, PASSWORD, guard=a_guard(), now=now + timedelta(days=7))
    with pytest.raises(Mistakes):
        accounts.use_link(token, "123456", guard=a_guard(), now=now)
    accounts.use_link(token, PASSWORD, guard=a_guard(), now=now + timedelta(days=6))
    for used in (token, "never-given-out"):
        with pytest.raises(LinkUsed):
            accounts.use_link(used, PASSWORD, guard=a_guard(), now=now)


def test_another_link_ends_the_one_before(now: datetime) -> None:
    person = a_person(now)
    first = accounts.reset_password(person.id, actor=None, now=now)
    second = accounts.reset_password(person.id, actor=None, now=now + timedelta(minutes=1))
    with pytest.raises(LinkUsed):
        accounts.use_link(first, PASSWORD, guard=a_guard(), now=now + timedelta(minutes=2))
    accounts.use_link(second, PASSWORD, guard=a_guard(), now=now + timedelta(minutes=2))


def test_a_new_password_lets_somebody_in_who_had_run_out_of_tries(now: datetime) -> None:
    person = a_person(now)
    for _ in range(10):
        with pytest.raises(WrongPassword):
            accounts.sign_in(PHONE, "guess99", guard=a_guard(), now=now)
    token = accounts.reset_password(person.id, actor=None, now=now)
    accounts.use_link(token, PASSWORD, guard=a_guard(), now=now)
    assert accounts.sign_in(PHONE, PASSWORD, guard=a_guard(), now=now).id == person.id


def test_staff_are_not_reset_as_participants(now: datetime) -> None:
    administrator = a_member_of_staff("administrator", "root1", now)
    with pytest.raises(NotFound):
        accounts.reset_password(administrator.id, actor=None, now=now)


# --- staff -----------------------------------------------------------------------------------------------------------


def test_a_staff_account_signs_in_once_its_link_was_used(now: datetime) -> None:
    token = staff.add_staff("street_manager", "Amy", street="S1", now=now, actor=None)
    with pytest.raises(WrongPassword):
        accounts.sign_in("amy", PASSWORD, guard=a_guard(), now=now)
    accounts.use_link(token, PASSWORD, guard=a_guard(), now=now)
    person = accounts.sign_in("AMY", PASSWORD, guard=a_guard(), now=now)
    role = db.session.execute(select(StaffRole).where(StaffRole.person_id == person.id)).scalar_one()
    assert role.street and (role.role, role.street.code) == ("street_manager", "S1")


@pytest.mark.parametrize(
    ("role", "scope", "field"),
    [
        ("street_manager", {}, "street"),
        ("unit_manager", {"street": "S1"}, "unit"),
        ("street_manager", {"street": "S9"}, "street"),
        ("unit_manager", {"unit": "U9"}, "unit"),
        ("reviewer", {"domain": "天文"}, "domain"),
        ("participant", {}, "role"),
    ],
)
def test_a_role_without_its_scope_or_with_an_unknown_one_is_refused(
    now: datetime, role: str, scope: dict[str, str], field: str
) -> None:
    with pytest.raises(Mistakes) as refused:
        staff.add_staff(role, "amy", now=now, actor=None, **scope)
    assert set(refused.value.facts["fields"]) == {field}
    assert count(Person) == count(AuditEntry) - 1 == 0  # the import of the register


def test_adding_the_same_role_again_only_sends_another_link(now: datetime) -> None:
    a_member_of_staff("judge", "amy", now)
    staff.add_staff("judge", "amy", now=now, actor=None)
    assert (count(Person), count(StaffRole)) == (1, 1)
    assert accounts.sign_in("amy", PASSWORD, guard=a_guard(), now=now)  # until the link is used
    staff.add_staff("reviewer", "amy", domain="产品", now=now, actor=None)
    assert (count(Person), count(StaffRole)) == (1, 2)


def test_a_revoked_role_is_gone_and_the_last_administrator_stays(now: datetime) -> None:
    first, judge = a_member_of_staff("administrator", "root1", now), a_member_of_staff("judge", "amy", now)
    roles = {role.person_id: role for role in db.session.execute(select(StaffRole)).scalars()}
    with pytest.raises(Mistakes):
        staff.revoke_role(roles[first.id].id, now=now, actor=first.id)
    staff.revoke_role(roles[judge.id].id, now=now, actor=first.id)
    staff.revoke_role(roles[judge.id].id, now=now, actor=first.id)
    db.session.expire_all()
    assert db.session.get_one(Person, judge.id).roles == []
    acts = db.session.execute(select(AuditEntry.act).order_by(AuditEntry.id)).scalars().all()
    assert acts.count("role.revoked") == 1
