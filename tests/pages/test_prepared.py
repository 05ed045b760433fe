"""Results of large contests: asked for, made by a process of their own, taken later, gone after an hour."""

import secrets
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from question_bank.database import db, transaction
from quiz.models import AuditEntry, Contest, PreparedFile
from quiz.rules.permissions import Role
from quiz.services import prepared
from quiz.services.exports import Form
from quiz.web.views import exports
from tests.conftest import StillClock
from tests.contest_builders import a_bank, a_published, a_register
from tests.pages.test_exports import names_in, sign_in
from tests.players import a_player, play

FILES = "/console/results/quality-2026/files"


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def contest(app: Flask, now: datetime) -> Contest:
    with app.app_context():
        a_register()
        a_bank(now)
        contest = a_published(now)
        play(contest, a_player("钱二", unit="U2", now=now), now=now, right=[1])
        db.session.refresh(contest)
        return contest


@pytest.fixture
def judge(app: Flask, contest: Contest) -> FlaskClient:
    assert contest
    return sign_in(app, Role.JUDGE)


def asked(app: Flask, contest: Contest, now: datetime, form: Form = Form.WORKBOOK) -> tuple[str, bool]:
    """As the page asks, without the process."""
    with app.app_context():
        row, is_new = prepared.ask(contest.id, form, "person", token=secrets.token_hex(16), actor_id=1, now=now)
        return row.token, is_new


def made(app: Flask, token: str) -> None:
    with app.app_context():
        prepared.make(token, clock=app.extensions["clock"])


def folder(app: Flask) -> Path:
    return Path(app.instance_path) / "results"


def test_a_process_of_its_own_makes_it_and_the_page_hands_it_out(
    app: Flask, contest: Contest, now: datetime, judge: FlaskClient
) -> None:
    token, _is_new = asked(app, contest, now)
    assert "正在开始" in judge.get(FILES).text and judge.get(f"{FILES}/{token}").status_code == 404
    with app.app_context():
        assert prepared.start(token, app.extensions["settings"]).wait(timeout=120) == 0
    page = judge.get(FILES).text
    assert "做好了" in page and f"{FILES}/{token}" in page and "data-waiting" not in page
    response = judge.get(f"{FILES}/{token}")
    assert names_in(response.data) == ["钱二"] and "quality-2026-results" in response.headers["Content-Disposition"]
    assert openpyxl.load_workbook(BytesIO(response.data)).sheetnames[0] == "封面"
    assert (folder(app) / token).stat().st_mode & 0o777 == 0o600


def test_asking_leads_back_to_the_page_and_is_on_record(app: Flask, contest: Contest, judge: FlaskClient) -> None:
    token = judge.get(FILES).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    response = judge.post(FILES, data={"form": "csv", "by": "unit", "csrf_token": token})
    assert response.status_code == 303 and response.location.endswith(FILES)
    with app.app_context():
        found = db.session.execute(select(AuditEntry.act, AuditEntry.contest_id).order_by(AuditEntry.id)).all()
        assert ("results.export", contest.id) in [tuple(row) for row in found]
    refused = judge.post(FILES, data={"form": "csv", "by": "nothing", "csrf_token": token})
    assert refused.status_code == 422 and "没有这样的文件" in refused.text


def test_what_is_under_way_serves_everybody_who_asks(app: Flask, contest: Contest, now: datetime) -> None:
    first, _is_new = asked(app, contest, now)
    assert asked(app, contest, now) == (first, False)
    assert asked(app, contest, now, Form.JSON)[1]
    assert asked(app, contest, now + prepared.SILENT)[1]  # the process is no longer there


def test_how_far_it_has_come_is_told_while_the_rows_are_read(app: Flask, contest: Contest, now: datetime) -> None:
    token, _is_new = asked(app, contest, now)
    made(app, token)
    with app.app_context():
        row = db.session.get_one(PreparedFile, token)
        assert (row.stage, row.total, row.ended_at) == ("写个人", 1, now) and row.size


def test_the_page_shows_how_far_it_has_come(app: Flask, contest: Contest, now: datetime, judge: FlaskClient) -> None:
    token, _is_new = asked(app, contest, now)
    with app.app_context(), transaction() as session:
        told = {"stage": "写个人", "done": 40_000, "total": 1_000_000}
        session.execute(update(PreparedFile).where(PreparedFile.token == token).values(**told))
    page = judge.get(FILES).text
    assert "正在写个人：40000 / 1000000" in page and 'max="1000000" value="40000"' in page and "data-waiting" in page


def test_what_could_not_be_made_is_said(app: Flask, contest: Contest, now: datetime, judge: FlaskClient) -> None:
    token, _is_new = asked(app, contest, now)
    prepared_folder = folder(app)
    for path in prepared_folder.glob("*"):
        path.unlink()
    if prepared_folder.is_dir():
        prepared_folder.rmdir()
    prepared_folder.write_text("in the way")
    try:
        with pytest.raises(OSError):
            made(app, token)
    finally:
        prepared_folder.unlink()
    assert "没有做完" in judge.get(FILES).text


def test_a_process_that_is_gone_is_said(
    app: Flask, contest: Contest, now: datetime, clock: StillClock, judge: FlaskClient
) -> None:
    asked(app, contest, now)
    clock.forward(minutes=2)
    assert "没有做完" in judge.get(FILES).text


def test_after_an_hour_file_and_row_are_gone(
    app: Flask, contest: Contest, now: datetime, clock: StillClock, judge: FlaskClient
) -> None:
    token, _is_new = asked(app, contest, now)
    made(app, token)
    assert judge.get(f"{FILES}/{token}").status_code == 200
    clock.now = now + prepared.KEPT + timedelta(seconds=1)
    assert judge.get(f"{FILES}/{token}").status_code == 404
    assert list(folder(app).glob("*")) == [] and "没有生成过文件" in judge.get(FILES).text


def test_a_file_that_lies_elsewhere_is_said(app: Flask, contest: Contest, now: datetime, judge: FlaskClient) -> None:
    token, _is_new = asked(app, contest, now)
    made(app, token)
    (folder(app) / token).unlink()
    response = judge.get(f"{FILES}/{token}")
    assert response.status_code == 410 and "重新生成一份" in response.text


@pytest.mark.parametrize("role, scope", [(Role.UNIT_MANAGER, {"unit": "U2"}), (Role.JUDGE, {"street": "S1"})])
def test_nobody_with_a_smaller_scope_asks_or_takes(
    app: Flask, contest: Contest, now: datetime, role: Role, scope: dict[str, str]
) -> None:
    token, _is_new = asked(app, contest, now)
    made(app, token)
    client = sign_in(app, role, **scope)
    assert client.get(FILES).status_code == client.get(f"{FILES}/{token}").status_code == 403
    assert client.post(FILES, data={"form": "xlsx", "by": "person"}).status_code == 403


def test_large_contests_lead_here(judge: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert FILES not in judge.get("/console/results").text
    monkeypatch.setattr(exports, "LARGE_FROM", 1)
    page = judge.get("/console/results").text
    assert FILES in page and "results.xlsx" not in page
