"""Registering, signing in and out, and own data, as people and programs send them."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from question_bank.database import db
from quiz.models import Person
from quiz.services import accounts, people, staff
from tests.conftest import StillClock
from tests.people_builders import PASSWORD, a_district, a_person, a_register_workbook, post, sign_in, token_of

JSON = {"Accept": "application/json"}
REGISTRATION = {
    "name": "王芳",
    "phone": "13800000001",
    "kind": "resident",
    "street": "S1",
    "password": PASSWORD,
    "consent": "1",
}


@pytest.fixture(autouse=True)
def district(app: Flask, clock: StillClock) -> None:
    with app.app_context():
        a_district(clock())


def register(client: FlaskClient, headers: dict[str, str] | None = None, **changes: str) -> Any:
    data = {key: value for key, value in {**REGISTRATION, **changes}.items() if value != "-"}
    return post(client, "/register", data, headers=headers)


def only_person(app: Flask) -> Person:
    with app.app_context():
        found = db.session.execute(select(Person)).scalar_one()
        assert found.street is None or found.street.code
        assert found.unit is None or found.unit.code
        return found


def is_signed_in(client: FlaskClient) -> bool:
    return bool(client.get("/me").status_code == 200)


# --- register --------------------------------------------------------------------------------------------------------


def test_a_resident_registers_with_codes_and_is_signed_in(app: Flask, client: FlaskClient) -> None:
    reply = register(client, next="/contests/quality-2026")
    assert (reply.status_code, reply.location) == (303, "/contests/quality-2026")
    person = only_person(app)
    assert person.street and (person.kind, person.street.code) == ("resident", "S1")
    assert is_signed_in(client)


def test_an_employee_registers_with_a_unit_or_with_the_name_of_one(app: Flask, client: FlaskClient) -> None:
    assert register(client, kind="employee", street="-", unit="U2").location == "/"
    assert register(client, kind="employee", unit_name="某检测中心", phone="13800000002").status_code == 303
    with app.app_context():
        by_phone = {p.phone: p for p in db.session.execute(select(Person)).scalars()}
        first, second = by_phone["13800000001"], by_phone["13800000002"]
        assert first.unit and first.street and (first.unit.code, first.street.code) == ("U2", "S1")
        assert second.street and (second.unit, second.unit_name, second.street.code) == (None, "某检测中心", "S1")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "/a\nb"])
def test_after_registering_nobody_is_led_away(client: FlaskClient, target: str) -> None:
    assert register(client, next=target).location == "/"


def test_without_the_token_nothing_happens(app: Flask, client: FlaskClient) -> None:
    for path in ("/register", "/sign-in", "/sign-out", "/links/x"):
        assert client.post(path, data=REGISTRATION).status_code == 403, path
    with app.app_context():
        assert db.session.execute(select(func.count(Person.id))).scalar_one() == 0


def test_what_is_wrong_stands_beside_its_field_and_what_was_entered_stays(client: FlaskClient) -> None:
    reply = register(client, name="李强", phone="12345", consent="-", password="123456")
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422
    assert 'data-reason="mistakes"' in page
    assert "手机号应是 11 位数字" in page and "这个口令太容易猜到" in page and "请阅读并同意" in page
    assert 'value="李强"' in page and 'value="12345"' in page and "123456" not in page
    assert not is_signed_in(client)


def test_consent_is_never_ticked_for_anybody(client: FlaskClient) -> None:
    page = client.get("/register").get_data(as_text=True)
    tick = page[page.index('name="consent"') :]
    assert "checked" not in tick[: tick.index(">")]
    for said in ("0", "false", "off", ""):
        assert register(client, consent=said).status_code == 422


def test_programs_get_the_complaints_by_field(client: FlaskClient) -> None:
    reply = register(client, headers=JSON, phone="12345", street="S9")
    assert reply.status_code == 422
    assert reply.json["reason"] == "mistakes" and reply.json["message"]
    assert set(reply.json["fields"]) == {"phone", "street"}


def test_a_phone_that_has_an_account_is_a_conflict(client: FlaskClient, app: Flask) -> None:
    register(client)
    other = app.test_client()
    reply = register(other, name="李强")
    assert reply.status_code == 409
    assert "这个手机号已注册" in reply.get_data(as_text=True)
    assert register(other, headers=JSON).json["reason"] == "phone_taken"
    assert not is_signed_in(other)


# --- without JavaScript ----------------------------------------------------------------------------------------------


def test_a_street_is_found_by_its_name_or_by_the_only_one_that_holds_the_words(app: Flask, client: FlaskClient) -> None:
    assert register(client, street="-", street_text="南湖").status_code == 303
    person = only_person(app)
    assert person.street and person.street.code == "S2"


def test_a_community_leads_to_its_street(app: Flask, client: FlaskClient) -> None:
    assert register(client, street="-", street_text="嘉北社区").status_code == 303
    person = only_person(app)
    assert person.street and person.community_id and person.street.code == "S2"


def test_several_units_are_offered_to_choose_from(app: Flask, client: FlaskClient) -> None:
    employee = {"kind": "employee", "street": "-", "unit_text": "东门"}
    page = register(client, **employee).get_data(as_text=True)
    assert "名称里有“东门”的有 2 个，请选一个。" in page
    assert 'name="unit" value="U2"' in page and 'name="unit" value="U3"' in page
    assert register(client, **employee, unit="U3").status_code == 303
    person = only_person(app)
    assert person.unit and person.unit.code == "U3"


def test_a_unit_that_is_not_found_may_be_registered_as_typed(app: Flask, client: FlaskClient) -> None:
    employee = {"kind": "employee", "street": "-", "unit_text": "某检测中心"}
    page = register(client, **employee).get_data(as_text=True)
    assert "没有找到名称里有“某检测中心”的单位" in page and "我的单位不在名单里" in page
    assert register(client, **employee, unit_not_listed="1", street_text="东门街道").status_code == 303
    person = only_person(app)
    assert person.street and (person.unit_name, person.street.code) == ("某检测中心", "S1")


def test_a_name_typed_after_a_choice_counts(app: Flask, client: FlaskClient) -> None:
    register(client, street="S1", street_text="南湖街道")
    person = only_person(app)
    assert person.street and person.street.code == "S2"


def test_signs_that_mean_something_to_the_database_are_only_signs(client: FlaskClient) -> None:
    for words in ("%", "_", "'", "\\", "东%"):
        reply = client.get("/places", query_string={"kind": "street", "q": words})
        assert reply.json["places"] == [], words


def test_places_are_given_by_kind_with_where_they_lie(client: FlaskClient) -> None:
    reply = client.get("/places?kind=street,community&q=湖")
    assert [(p["kind"], p["name"], p["hint"]) for p in reply.json["places"]] == [
        ("street", "南湖街道", ""),
        ("community", "湖贝社区", "东门街道"),
    ]
    assert client.get("/places?kind=person&q=王", headers=JSON).status_code == 422
    assert client.get("/places", headers=JSON).status_code == 422


def test_no_search_gives_more_than_twenty(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    units = [["单位编码", "单位", "类别", "街道编码", "应参加人数"]]
    units += [[f"N{number}", f"第{number}中学", "学校", None, 10] for number in range(30)]
    with app.app_context():
        people.import_people(a_register_workbook(单位=units), actor=None, now=clock())
    assert len(client.get("/places?kind=unit&q=中学").json["places"]) == 20
    assert "太多了，请多输入几个字" in register(client, kind="employee", unit_text="中学").get_data(as_text=True)


# --- sign in and out -------------------------------------------------------------------------------------------------


def test_signing_in_leads_on_and_signing_out_ends_it(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    with app.app_context():
        a_person(clock())
    reply = sign_in(client, "13800000001", next="/me")
    assert (reply.status_code, reply.location) == (303, "/me")
    assert "Max-Age" not in reply.headers["Set-Cookie"] and "Expires=" in reply.headers["Set-Cookie"]
    assert "退出，换人答题" in client.get("/me").get_data(as_text=True)
    assert post(client, "/sign-out").status_code == 303
    assert not is_signed_in(client)


def test_a_wrong_password_says_how_many_tries_are_left_and_then_to_wait(
    app: Flask, client: FlaskClient, clock: StillClock
) -> None:
    with app.app_context():
        a_person(clock())
    wrong = sign_in(client, "13800000001", "guess99")
    page = wrong.get_data(as_text=True)
    assert wrong.status_code == 422 and "还可以试 9 次" in page
    assert 'data-reason="wrong_password"' in page and "guess99" not in page
    for _ in range(9):
        sign_in(client, "13800000001", "guess99")
    refused = post(client, "/sign-in", {"account": "13800000001", "password": PASSWORD}, headers=JSON)
    assert (refused.status_code, refused.json["reason"]) == (429, "too_often")
    assert not is_signed_in(client)


def test_an_unknown_phone_and_a_wrong_password_read_the_same(
    app: Flask, client: FlaskClient, clock: StillClock
) -> None:
    with app.app_context():
        a_person(clock())
    said = {
        post(client, "/sign-in", {"account": account, "password": "guess99"}, headers=JSON).get_data(as_text=True)
        for account in ("13800000001", "13899999999")
    }
    assert len(said) == 1


def test_a_session_that_somebody_else_began_is_not_carried_on(
    app: Flask, client: FlaskClient, clock: StillClock
) -> None:
    with app.app_context():
        a_person(clock())
    planted = token_of(client)
    with client.session_transaction() as session:
        session["planted"] = "x"
    sign_in(client, "13800000001")
    with client.session_transaction() as session:
        assert "planted" not in session and session.permanent
    assert client.post("/sign-out", data={"csrf_token": planted}).status_code == 403


def test_a_new_password_ends_sessions_on_other_devices(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    register(client)
    assert is_signed_in(client)
    with app.app_context():
        accounts.reset_password(only_person(app).id, actor=None, now=clock())
    assert not is_signed_in(client)


def test_sign_ins_are_logged_without_name_phone_or_address(
    app: Flask, client: FlaskClient, clock: StillClock, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        person = a_person(clock())
    with caplog.at_level(logging.INFO, "quiz.sign_ins"):
        sign_in(client, "13800000001", "guess99")
        sign_in(client, "13800000001")
    assert caplog.messages == ["sign-in refused: wrong_password", f"signed in: person {person.id}"]


# --- own data --------------------------------------------------------------------------------------------------------


def test_own_data_are_shown_to_their_owner_only(app: Flask, client: FlaskClient) -> None:
    register(client)
    page = client.get("/me").get_data(as_text=True)
    assert "王芳" in page and "13800000001" in page and "东门街道" in page
    assert app.test_client().get("/me").location == "/sign-in?next=/me"
    assert app.test_client().get("/me", headers=JSON).json["reason"] == "signed_out"


def test_one_moves_to_another_street_or_unit(app: Flask, client: FlaskClient) -> None:
    register(client)
    reply = post(client, "/me", {"kind": "employee", "street": "S1", "unit_text": "东门小学"})
    assert (reply.status_code, reply.location) == (303, "/me")
    person = only_person(app)
    assert person.unit and (person.kind, person.unit.code) == ("employee", "U2")
    wrong = post(client, "/me", {"kind": "resident", "street_text": "没有的"})
    assert wrong.status_code == 422 and "没有找到名称里有“没有的”的街道或社区" in wrong.get_data(as_text=True)


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_one_time_link_sets_the_password_and_is_then_gone(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    with app.app_context():
        token = staff.add_staff("judge", "amy", now=clock(), actor=None)
    path = f"/links/{token}"
    assert "设置口令" in client.get(path).get_data(as_text=True)
    assert post(client, path, {"password": "123456"}).status_code == 422
    reply = post(client, path, {"password": PASSWORD})
    assert (reply.status_code, reply.location) == (303, "/sign-in")
    gone = client.get(path)
    assert gone.status_code == 410 and "链接已失效" in gone.get_data(as_text=True)
    assert post(client, path, {"password": PASSWORD}).status_code == 410
    assert client.get("/links/nobody-has-this").status_code == 410
    assert sign_in(client, "amy").status_code == 303


# --- several people on one phone -------------------------------------------------------------------------------------


@pytest.fixture
def family(app: Flask) -> Iterator[str]:
    """A platform that lets two people share a phone, and two who do; the phone."""
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, accounts_per_phone=2)
    for name in ("王芳", "王强"):
        assert register(app.test_client(), name=name, password=f"{PASSWORD}{name}").status_code == 303
    yield REGISTRATION["phone"]
    app.extensions["settings"] = before


def test_sign_in_asks_who_of_the_family_it_is(client: FlaskClient, family: str) -> None:
    assert 'name="name"' in client.get("/sign-in").text
    asked = sign_in(client, family, f"{PASSWORD}王强")
    assert asked.status_code == 422 and "请再填写您的姓名" in asked.text and 'name="name"' in asked.text
    assert f'value="{family}"' in asked.text and not is_signed_in(client)
    assert sign_in(client, family, f"{PASSWORD}王强", name="王芳").status_code == 422
    assert sign_in(client, family, f"{PASSWORD}王强", name=" 王强 ").status_code == 303
    assert is_signed_in(client) and "王强" in client.get("/me").text


def test_programs_are_asked_for_the_name_too(client: FlaskClient, family: str) -> None:
    form = {"account": family, "password": f"{PASSWORD}王芳"}
    asked = post(client, "/sign-in", form, headers=JSON)
    assert asked.status_code == 422 and asked.json["reason"] == "mistakes"
    assert asked.json["fields"] == {"name": "这个手机号有几个人在用，请再填写您的姓名。"}
    assert post(client, "/sign-in", {**form, "name": "王芳"}, headers=JSON).status_code == 303


def test_a_phone_that_is_full_or_has_this_name_takes_nobody_more(app: Flask, family: str) -> None:
    for name in ("王芳", "王五"):
        assert register(app.test_client(), name=name).status_code == 409
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Person)) == 2


def test_whoever_has_a_phone_alone_is_never_asked(app: Flask, client: FlaskClient) -> None:
    register(app.test_client())
    assert 'name="name"' not in client.get("/sign-in").text
    assert sign_in(client, REGISTRATION["phone"]).status_code == 303
