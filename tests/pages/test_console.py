"""Staff see what their role may do, each act is one page away, and nobody sees another's people."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from question_bank.database import db
from quiz.models import AuditEntry, Person, StaffRole
from quiz.queries import people as find
from quiz.web.views.console import ACTS
from tests.conftest import StillClock
from tests.people_builders import (
    PASSWORD,
    STREETS,
    UNITS,
    a_district,
    a_member_of_staff,
    a_person,
    a_register_workbook,
    a_workbook,
    post,
    sign_in,
    token_of,
)

PAGES = {
    "/console": {"organiser", "judge", "street_manager", "unit_manager", "reviewer", "administrator"},
    "/console/audit": {"organiser", "judge", "administrator"},
    "/console/people": {"organiser", "judge", "street_manager", "unit_manager"},
    "/console/people/units": {"organiser", "judge", "street_manager", "unit_manager"},
    "/console/people/participants": {"organiser", "judge", "street_manager", "unit_manager"},
    "/console/people/import": {"organiser"},
    "/console/people/typed-units": {"organiser"},
    "/console/accounts": {"administrator"},
}
SCOPES: dict[str, dict[str, str]] = {"street_manager": {"street": "S1"}, "unit_manager": {"unit": "U1"}}


@pytest.fixture(autouse=True)
def district(app: Flask, clock: StillClock) -> None:
    with app.app_context():
        a_district(clock())


def as_(role: str, app: Flask, clock: StillClock, **scope: str) -> FlaskClient:
    """A browser in which somebody of this role is signed in."""
    with app.app_context():
        a_member_of_staff(role, f"{role}1", clock(), **(scope or SCOPES.get(role, {})))
    client = app.test_client()
    assert sign_in(client, f"{role}1").status_code == 303
    return client


def text_of(client: FlaskClient, path: str) -> str:
    reply = client.get(path)
    assert reply.status_code == 200, path
    return str(reply.get_data(as_text=True))


def upload(client: FlaskClient, data: bytes) -> Any:
    form = {"workbook": (BytesIO(data), "district.xlsx"), "csrf_token": token_of(client)}
    return client.post("/console/people/import", data=form, content_type="multipart/form-data")


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}"')[1].split('value="')[1].split('"')[0]


@pytest.mark.parametrize("role", sorted(PAGES["/console"]))
def test_each_role_enters_its_pages_and_no_others(role: str, app: Flask, clock: StillClock) -> None:
    client = as_(role, app, clock)
    for path, roles in PAGES.items():
        assert client.get(path).status_code == (200 if role in roles else 403), path
    shown = text_of(client, "/console")
    for path, roles in PAGES.items():
        if path in ("/console/people", "/console/accounts", "/console/audit"):
            assert (f'href="{path}"' in shown) == (role in roles), path


def test_participants_and_strangers_stay_outside(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    with app.app_context():
        a_person(clock())
    for path in PAGES:
        assert client.get(path).location.startswith("/sign-in"), path
    sign_in(client, "13800000001")
    for path in PAGES:
        assert client.get(path).status_code == 403, path


# --- the register ----------------------------------------------------------------------------------------------------


def test_an_import_shows_what_it_will_do_and_the_second_click_does_it(app: Flask, clock: StillClock) -> None:
    client = as_("organiser", app, clock)
    units = [*UNITS[:2], ["U2", "东门小学", "学校", "S1", 65], ["U7", "南湖医院", "医院", "S2", 300]]
    shown = upload(client, a_workbook(单位=units)).get_data(as_text=True)
    assert "单位新增 1 个、更新 1 个" in shown and "应参加人数 60 → 65" in shown
    with app.app_context():
        assert find.unit_by_code("U7") is None
    kept = {"kept": hidden(shown, "kept"), "shown": hidden(shown, "shown")}
    done = post(client, "/console/people/import", kept)
    assert (done.status_code, done.location) == (303, "/console/people")
    assert "已导入：单位新增 1 个、更新 1 个。" in text_of(client, "/console/people")
    assert "南湖医院" in text_of(client, "/console/people/units?q=医院")
    assert post(client, "/console/people/import", kept).status_code == 409  # what was shown is no longer to be done


def test_problems_of_a_workbook_are_shown_by_place_and_nothing_is_taken(app: Flask, clock: StillClock) -> None:
    client = as_("organiser", app, clock)
    reply = upload(client, a_workbook(街道=[*STREETS, ["S1", "<b>重复</b>", 1]]))
    page = reply.get_data(as_text=True)
    assert reply.status_code == 422 and 'data-reason="mistakes"' in page
    assert "工作表“街道”，第 4 行“街道编码”：编码“S1”和第 2 行重复。" in page
    for data in (b"", b"not a workbook", a_register_workbook()[:200], b"PK\x03\x04" + b"\0" * 400_000):
        refused = upload(client, data)
        assert refused.status_code == 422 and "<main" in refused.get_data(as_text=True)
    assert post(client, "/console/people/import", {"kept": "no base64!", "shown": "x"}).status_code == 422
    assert post(client, "/console/people/import").status_code == 422


def test_a_typed_unit_is_put_where_it_belongs_by_part_of_a_name(app: Flask, clock: StillClock) -> None:
    with app.app_context():
        a_person(clock(), kind="employee", unit_name="东门一小")
    client = as_("organiser", app, clock)
    assert '<span class="count">1</span>' in text_of(client, "/console")
    assert "东门一小" in text_of(client, "/console/people/typed-units")
    several = post(client, "/console/people/typed-units", {"unit_name": "东门一小", "unit_text": "东门"})
    assert several.status_code == 422 and 'value="U3"' in several.get_data(as_text=True)
    none = post(client, "/console/people/typed-units", {"unit_name": "东门一小", "unit_text": ""})
    assert none.status_code == 422 and "请输入单位名称里的几个字" in none.get_data(as_text=True)
    done = post(client, "/console/people/typed-units", {"unit_name": "东门一小", "unit_text": "东门小学"})
    assert done.status_code == 303
    assert "“东门一小”已归到东门小学：1 人，0 份参赛资格。" in text_of(client, "/console/people/typed-units")
    again = post(client, "/console/people/typed-units", {"unit_name": "东门一小", "unit": "U2"})
    assert again.status_code == 404


# --- participants ----------------------------------------------------------------------------------------------------


def test_managers_see_their_own_people_without_phones(app: Flask, clock: StillClock) -> None:
    with app.app_context():
        a_person(clock(), name="东门居民", street="S1")
        a_person(clock(), name="南湖居民", street="S2", phone="13800000002")
        a_person(clock(), name="东门教师", kind="employee", unit="U2", phone="13800000003")
        a_person(clock(), name="监管职工", kind="employee", unit="U1", phone="13800000004")
    of_street = text_of(as_("street_manager", app, clock), "/console/people/participants")
    assert "东门居民" in of_street and "东门教师" in of_street
    assert "南湖居民" not in of_street and "监管职工" not in of_street and "1380000" not in of_street
    manager = as_("unit_manager", app, clock)
    of_unit = text_of(manager, "/console/people/participants")
    assert "监管职工" in of_unit and "东门居民" not in of_unit
    assert "没有找到" in text_of(manager, "/console/people/participants?q=13800000004")
    assert "东门小学" not in text_of(manager, "/console/people/units")
    with app.app_context():
        number = db.session.execute(select(Person.id).where(Person.name == "监管职工")).scalar_one()
    assert manager.get(f"/console/people/participants/{number}").status_code == 403


def test_an_organiser_finds_somebody_by_phone_and_resets_the_password_on_record(app: Flask, clock: StillClock) -> None:
    with app.app_context():
        person = a_person(clock())
    client = as_("organiser", app, clock)
    assert "王芳" in text_of(client, "/console/people/participants?q=13800000001")
    path = f"/console/people/participants/{person.id}"
    assert "东门街道" in text_of(client, path)
    shown = post(client, f"{path}/reset").get_data(as_text=True)
    link = shown.split('class="one-time-link"><a href="')[1].split('"')[0]
    assert link.startswith("http://127.0.0.1:8000/links/")
    assert link not in text_of(client, path)
    other = app.test_client()
    assert sign_in(other, "13800000001").status_code == 422
    post(other, link.removeprefix("http://127.0.0.1:8000"), {"password": "xinkouling8"})
    assert sign_in(other, "13800000001", "xinkouling8").status_code == 303
    record = text_of(client, "/console/audit")
    assert "重设参赛者口令" in record and "王芳" not in record and "13800000001" not in record


def test_deleting_somebody_wants_to_be_said_twice_and_ends_their_session(app: Flask, clock: StillClock) -> None:
    with app.app_context():
        person = a_person(clock())
    mine, client = app.test_client(), as_("organiser", app, clock)
    assert sign_in(mine, "13800000001").status_code == 303
    path = f"/console/people/participants/{person.id}"
    assert post(client, f"{path}/forget").status_code == 422 and client.get(path).status_code == 200
    assert post(client, f"{path}/forget", {"sure": "1"}).status_code == 303
    assert client.get(path).status_code == 404 and mine.get("/me").status_code == 303
    assert "应本人要求删除个人信息" in text_of(client, "/console/audit")


def test_an_organiser_of_one_street_manages_that_street_only(app: Flask, clock: StillClock) -> None:
    with app.app_context():
        inside = a_person(clock()).id
        outside = a_person(clock(), street="S2", phone="13800000002").id
    client = as_("organiser", app, clock, street="S1")
    assert client.get(f"/console/people/participants/{inside}").status_code == 200
    assert client.get(f"/console/people/participants/{outside}").status_code == 404
    assert post(client, f"/console/people/participants/{outside}/reset").status_code == 404
    assert client.get("/console/people/import").status_code == 403


def test_numbers_and_words_that_cannot_be_are_not_found(app: Flask, clock: StillClock) -> None:
    client = as_("organiser", app, clock)
    for path in (f"/console/people/participants/{10**30}", "/console/people/participants/0"):
        assert client.get(path).status_code == 404
    for path in ("/console/people/participants", "/console/people/units"):
        assert client.get(path, query_string={"q": "\u202e王%", "page": str(10**30)}).status_code == 200
        assert client.get(path, query_string={"page": "-3"}).status_code == 200


# --- staff accounts --------------------------------------------------------------------------------------------------


def test_an_administrator_adds_an_account_sends_its_link_again_and_revokes_a_role(
    app: Flask, clock: StillClock
) -> None:
    client = as_("administrator", app, clock)
    added = post(client, "/console/accounts", {"role": "street_manager", "account": "amy", "street_text": "东门"})
    page = added.get_data(as_text=True)
    assert added.status_code == 200 and "/links/" in page
    listed = text_of(client, "/console/accounts")
    assert "amy" in listed and "街道管理员（东门街道）" in listed and "重发链接" in listed
    with app.app_context():
        role = db.session.execute(select(StaffRole).where(StaffRole.role == "street_manager")).scalar_one()
    again = post(client, f"/console/accounts/{role.person_id}/link").get_data(as_text=True)
    assert "/links/" in again
    assert post(client, f"/console/accounts/roles/{role.id}/revoke").status_code == 303
    assert "街道管理员（东门街道）</span>" not in text_of(client, "/console/accounts")
    with app.app_context():
        acts = db.session.execute(select(AuditEntry.act).order_by(AuditEntry.id)).scalars().all()
    assert acts[-4:] == ["role.granted", "person.link_sent", "person.link_sent", "role.revoked"]


def test_a_street_that_is_not_clear_never_becomes_the_whole_district(app: Flask, clock: StillClock) -> None:
    client = as_("administrator", app, clock)
    for street in ("街道", "没有的"):
        reply = post(client, "/console/accounts", {"role": "judge", "account": "amy", "street_text": street})
        assert reply.status_code == 422
    missing = post(client, "/console/accounts", {"role": "unit_manager", "account": ""})
    page = missing.get_data(as_text=True)
    assert "单位管理员要指定单位" in page and "账号名要有 2 到" in page
    with app.app_context():
        assert db.session.execute(select(Person.name)).scalars().all() == ["administrator1"]


def test_the_last_administrator_cannot_be_locked_out(app: Flask, clock: StillClock) -> None:
    client = as_("administrator", app, clock)
    with app.app_context():
        role = db.session.execute(select(StaffRole)).scalar_one()
    assert post(client, f"/console/accounts/roles/{role.id}/revoke").status_code == 422
    assert client.get("/console/accounts").status_code == 200


def test_a_revoked_role_ends_at_once_in_open_sessions(app: Flask, clock: StillClock) -> None:
    judge, administrator = as_("judge", app, clock), as_("administrator", app, clock)
    with app.app_context():
        role = db.session.execute(select(StaffRole).where(StaffRole.role == "judge")).scalar_one()
    post(administrator, f"/console/accounts/roles/{role.id}/revoke")
    assert judge.get("/console").status_code == 403


# --- the record ------------------------------------------------------------------------------------------------------


def test_every_act_that_is_put_on_record_has_its_words() -> None:
    sources = [path.read_text() for path in Path("quiz").rglob("*.py") if path.name != "console.py"]
    named = {act for source in sources for act in re.findall(r'record\(\s*"([a-z_]+\.[a-z_]+)"', source)}
    assert len(named) > 10
    assert named <= set(ACTS)


def test_the_record_is_read_in_words_and_its_chain_is_checked(app: Flask, clock: StillClock) -> None:
    client = as_("organiser", app, clock)
    page = text_of(client, "/console/audit")
    assert "导入街道与单位" in page and "授予角色" in page and "角色：组织者" in page and "命令行" in page
    assert "前后相连，没有改动" in text_of(client, "/console/audit?check=1")
    with app.app_context():
        db.session.execute(text("UPDATE audit_entries SET actor_id = 99 WHERE id = 1"))
        db.session.commit()
    assert "第 1 条对不上" in text_of(client, "/console/audit?check=1")


def test_staff_sign_in_at_the_console(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    with app.app_context():
        a_member_of_staff("judge", "amy", clock())
    assert post(client, "/sign-in", {"account": "Amy", "password": PASSWORD}).location == "/console"
    assert client.get("/me").status_code == 403
