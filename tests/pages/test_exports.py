"""Who may download what, and what managers see of their own people."""

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from question_bank.database import db
from quiz.models import AuditEntry, Contest, Person
from quiz.rules.permissions import Role
from quiz.services import audit
from tests.conftest import StillClock
from tests.contest_builders import a_bank, a_draft, a_published, a_register
from tests.players import a_member_of_staff, a_player, play

RESULTS = "/contests/quality-2026/results.xlsx"
OWN, OWN_FILE = "/console/results/quality-2026", "/console/results/quality-2026/own.xlsx"


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def contest(app: Flask, now: datetime) -> Contest:
    """One employee of the school (in the street), one resident of the street, one of the department (in no street)."""
    with app.app_context():
        a_register()
        a_bank(now)
        contest = a_published(now)
        for name, places in (("钱二", {"unit": "U2"}), ("赵一", {"street": "S1"}), ("孙三", {"unit": "U1"})):
            play(contest, a_player(name, now=now, **places), now=now, right=[1])
        db.session.refresh(contest)  # it is used outside of this context
        return contest


def sign_in(app: Flask, role: Role, **scope: Any) -> FlaskClient:
    with app.app_context():
        person = a_member_of_staff(role, now=app.extensions["clock"](), **scope)
        return as_person(app, person)


def as_person(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = person.get_id()
        session["_fresh"] = True
    return client


def names_in(data: bytes) -> list[str]:
    sheet = openpyxl.load_workbook(BytesIO(data))["个人"]
    column = next(cell.column for cell in sheet[1] if cell.value == "姓名")
    return sorted(str(row[column - 1]) for row in sheet.iter_rows(min_row=2, values_only=True))


def acts(app: Flask) -> list[tuple[str, int | None]]:
    with app.app_context():
        assert audit.first_break() is None
        found = db.session.execute(select(AuditEntry.act, AuditEntry.contest_id).order_by(AuditEntry.id))
        return [(act, contest_id) for act, contest_id in found if act.startswith("results.")]


# --- the judges' workbook --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.JUDGE, Role.ORGANISER])
def test_judge_and_organiser_download_the_whole_result_on_record(app: Flask, contest: Contest, role: Role) -> None:
    response = sign_in(app, role).get(RESULTS)
    assert response.status_code == 200
    assert response.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert names_in(response.data) == ["孙三", "赵一", "钱二"]
    assert acts(app) == [("results.export", contest.id)]


def test_the_file_is_called_after_the_contest(app: Flask, now: datetime) -> None:
    with app.app_context():
        a_bank(now)
        a_published(now, title='质量“知识”/竞赛"2026"')
    disposition = sign_in(app, Role.JUDGE).get(RESULTS).headers["Content-Disposition"]
    assert 'filename="quality-2026-results.xlsx"' in disposition
    assert unquote(disposition.partition("filename*=UTF-8''")[2]) == "质量“知识”竞赛2026-成绩.xlsx"


@pytest.mark.parametrize(
    "role, scope",
    [
        (Role.STREET_MANAGER, {"street": "S1"}),
        (Role.UNIT_MANAGER, {"unit": "U2"}),
        (Role.REVIEWER, {}),
        (Role.ADMINISTRATOR, {}),
        (Role.JUDGE, {"street": "S1"}),
    ],
)
@pytest.mark.usefixtures("contest")
def test_nobody_else_downloads_the_whole_result(app: Flask, role: Role, scope: dict[str, str]) -> None:
    assert sign_in(app, role, **scope).get(RESULTS).status_code == 403
    assert acts(app) == []


@pytest.mark.usefixtures("contest")
def test_participants_and_signed_out_people_do_not(app: Flask, now: datetime) -> None:
    json = {"Accept": "application/json"}
    assert app.test_client().get(RESULTS, headers=json).status_code == 401
    with app.app_context():
        client = as_person(app, a_player(now=now))
    for address in (RESULTS, OWN, OWN_FILE, "/console/results"):
        assert client.get(address, headers=json).status_code == 403


def test_a_draft_and_an_unknown_contest_have_no_results(app: Flask, now: datetime) -> None:
    with app.app_context():
        a_bank(now)
        a_draft(now)
    judge = sign_in(app, Role.JUDGE)
    for slug in ("quality-2026", "nothing"):
        for address in (f"/contests/{slug}/results.xlsx", f"/console/results/{slug}/own.xlsx"):
            assert judge.get(address).status_code == 404
    assert acts(app) == []


# --- for programs ----------------------------------------------------------------------------------------------------

CSV, JSON = RESULTS.replace(".xlsx", ".csv"), RESULTS.replace(".xlsx", ".json")


def test_judges_take_csv_and_json_on_record(app: Flask, contest: Contest) -> None:
    judge = sign_in(app, Role.JUDGE)
    for by, header in (("person", "名次,参赛编号,姓名"), ("unit", "名次,编码,名称"), ("street", "名次,编码,名称")):
        response = judge.get(f"{CSV}?by={by}")
        assert response.mimetype == "text/csv" and response.text.startswith(f"\ufeff{header}")
        assert f'filename="quality-2026-results-{by}.csv"' in response.headers["Content-Disposition"]
    found = judge.get(JSON).get_json()
    assert [person["name"] for person in found["persons"]].count("钱二") == 1
    assert acts(app) == [("results.export", contest.id)] * 4


@pytest.mark.usefixtures("contest")
def test_an_unknown_ladder_is_refused_with_a_sentence(app: Flask) -> None:
    response = sign_in(app, Role.JUDGE).get(f"{CSV}?by=nothing")
    assert response.status_code == 422 and "没有这样的榜单" in response.text
    assert acts(app) == []


@pytest.mark.usefixtures("contest")
@pytest.mark.parametrize("ending", ["csv", "json"])
def test_managers_take_their_own_people_only_in_any_form(app: Flask, ending: str) -> None:
    manager = sign_in(app, Role.UNIT_MANAGER, unit="U2")
    for address in (CSV, JSON):
        assert manager.get(address).status_code == 403
    data = manager.get(OWN_FILE.replace(".xlsx", f".{ending}")).text
    assert "钱二" in data and "孙三" not in data and not re.search(r"138\d{8}", data)
    assert manager.get(OWN_FILE.replace(".xlsx", f".{ending}") + "?unit=U1").status_code == 404


@pytest.mark.usefixtures("contest")
def test_nothing_is_left_in_the_instance_folder(app: Flask) -> None:
    before = set(Path(app.instance_path).iterdir())
    response = sign_in(app, Role.JUDGE).get(RESULTS)
    assert response.content_length == len(response.data)
    assert {path for path in Path(app.instance_path).iterdir() if path not in before} == set()


# --- own people ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "role, scope, names",
    [
        (Role.STREET_MANAGER, {"street": "S1"}, ["赵一", "钱二"]),
        (Role.UNIT_MANAGER, {"unit": "U2"}, ["钱二"]),
        (Role.UNIT_MANAGER, {"unit": "U1"}, ["孙三"]),
        (Role.JUDGE, {}, ["孙三", "赵一", "钱二"]),
    ],
)
def test_managers_see_and_export_their_own_people_and_nobody_else(
    app: Flask, contest: Contest, role: Role, scope: dict[str, str], names: list[str]
) -> None:
    client = sign_in(app, role, **scope)
    page = client.get(OWN).text
    assert [name for name in ("孙三", "赵一", "钱二") if name in page] == names
    assert not re.search(r"\b138\d{8}\b", page)
    assert names_in(client.get(OWN_FILE).data) == names
    assert acts(app) == [("results.export_own", contest.id)]


@pytest.mark.usefixtures("contest")
def test_a_manager_sees_the_gap_to_the_headcount(app: Flask) -> None:
    page = sign_in(app, Role.UNIT_MANAGER, unit="U2").get(OWN).text
    for words in ("60 人", "1 人（1.7 %）", "59 人"):
        assert words in page


@pytest.mark.usefixtures("contest")
def test_a_street_manager_sees_which_units_lag(app: Flask) -> None:
    page = sign_in(app, Role.STREET_MANAGER, street="S1").get(OWN).text
    assert "东门小学" in page and "市场监管局" not in page


@pytest.mark.usefixtures("contest")
@pytest.mark.parametrize("query", ["unit=U1", "street=S1", "unit=U2&street=S1", "unit=nothing"])
def test_an_address_leads_to_no_other_scope(app: Flask, query: str) -> None:
    manager = sign_in(app, Role.UNIT_MANAGER, unit="U2")
    assert manager.get(f"{OWN}?{query}").status_code == 404
    assert manager.get(f"{OWN_FILE}?{query}").status_code == 404
    assert manager.get(f"{OWN_FILE}?unit=U2").status_code == 200


@pytest.mark.usefixtures("contest")
def test_the_list_of_results_offers_the_workbook_to_judges_only(app: Flask) -> None:
    assert RESULTS in sign_in(app, Role.JUDGE).get("/console/results").text
    page = sign_in(app, Role.UNIT_MANAGER, unit="U2").get("/console/results").text
    assert OWN in page and RESULTS not in page
