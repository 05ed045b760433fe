"""The page that waits for a long act asks how far it has come."""

from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient

from question_bank.database import db
from question_bank.models import LongWork
from quiz.rules.permissions import Role
from quiz.services.progress import Told, work_at
from tests.conftest import StillClock
from tests.pages.test_bank import SOUND
from tests.pages.test_setup import post, signed_in_as

TOKEN = "0123456789abcdef" * 2


def test_the_stage_and_the_count_are_told(app: Flask, organiser: FlaskClient, clock: StillClock) -> None:
    assert organiser.get(f"/console/bank/progress/{TOKEN}").json == {"stage": None}
    with app.app_context():
        told = Told(TOKEN, clock)
        told.begin("检查试题")
        assert organiser.get(f"/console/bank/progress/{TOKEN}").json == {"stage": "检查试题", "done": 0, "total": 0}
        told(250, 1_000)  # too soon after the last to be written down
        told._last = float("-inf")
        told(500, 1_000)
        assert organiser.get(f"/console/bank/progress/{TOKEN}").json == {
            "stage": "检查试题",
            "done": 500,
            "total": 1_000,
        }
        told.end()
    assert organiser.get(f"/console/bank/progress/{TOKEN}").json == {"stage": None}


def test_what_others_left_behind_goes(app: Flask, clock: StillClock) -> None:
    with app.app_context():
        Told(TOKEN, clock).begin("检查试题")
        clock.forward(hours=2)
        Told("f" * 32, clock).begin("检查试题")
        assert work_at(TOKEN) is None and work_at("f" * 32) is not None


def test_a_token_that_is_none_is_not_written_down(app: Flask, clock: StillClock) -> None:
    with app.app_context():
        for token in ("", "x", "A" * 32, "../" * 11):
            Told(token, clock).begin("检查试题")
        assert db.session.query(LongWork).count() == 0


def test_a_script_is_told_where_to_go_on_and_shown_the_messages(app: Flask, organiser: FlaskClient) -> None:
    asks = {"Accept": "application/json, text/html;q=0.9"}
    form = {"file": (BytesIO(SOUND), "试题.xlsx"), "bank": "质量题库", "progress": TOKEN}
    answer = post(organiser, "/console/bank/upload", form, headers=asks)
    assert (answer.status_code, answer.json) == (200, {"next": "/console/bank/imports/1"})
    answer = post(organiser, "/console/bank/imports/1/take", {"progress": TOKEN}, headers=asks)
    assert answer.json == {"next": "/console/bank/imports/1"}
    form = {"file": (BytesIO(b"%PDF-1.7"), "试题.pdf"), "bank": "质量题库", "progress": TOKEN}
    answer = post(organiser, "/console/bank/upload", form, headers=asks)
    assert answer.status_code == 422 and "PDF 文件不能读取" in answer.text
    with app.app_context():
        assert db.session.query(LongWork).count() == 0


def test_who_may_not_import_asks_in_vain(app: Flask) -> None:
    assert signed_in_as(app, Role.JUDGE).get(f"/console/bank/progress/{TOKEN}").status_code == 403
