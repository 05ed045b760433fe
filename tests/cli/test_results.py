"""``flask results export`` writes the judges' workbook, or says why not."""

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from question_bank.database import db
from quiz.models import AuditEntry
from tests.conftest import StillClock
from tests.contest_builders import a_bank, a_draft, a_published, a_register

SHEETS = ["封面", "规程", "个人", "单位", "街道", "类别", "试题", "裁定", "抽奖"]


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


def run(app: Flask, *words: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["results", "export", *words])
    return result.exit_code, result.stdout, result.stderr


def exports_on_record(app: Flask) -> list[int | None]:
    with app.app_context():
        query = select(AuditEntry.actor_id).where(AuditEntry.act == "results.export")
        return list(db.session.execute(query).scalars())


def test_it_writes_the_workbook_and_says_so_in_one_line(app: Flask, tmp_path: Path, now: datetime) -> None:
    with app.app_context():
        a_register()
        a_bank(now)
        a_published(now)
    file = tmp_path / "成绩.xlsx"
    code, said, _complaint = run(app, "quality-2026", str(file))
    assert code == 0 and len(said.splitlines()) == 1
    assert openpyxl.load_workbook(file).sheetnames == SHEETS
    assert exports_on_record(app) == [None]


def test_an_unknown_contest_a_draft_and_an_unwritable_file_end_with_2(
    app: Flask, tmp_path: Path, now: datetime
) -> None:
    file = tmp_path / "results.xlsx"
    assert run(app, "nothing", str(file))[0] == 2
    with app.app_context():
        a_bank(now)
        contest = a_draft(now)
    assert run(app, contest.slug, str(file))[0] == 2
    with app.app_context():
        a_published(now, slug="quality-2027")
    code, said, complaint = run(app, "quality-2027", str(tmp_path))
    assert (code, said) == (2, "") and str(tmp_path) in complaint
    assert not file.exists() and exports_on_record(app) == []


def test_the_ending_chooses_the_form_and_by_the_ladder_of_a_csv(app: Flask, tmp_path: Path, now: datetime) -> None:
    with app.app_context():
        a_register()
        a_bank(now)
        a_published(now)
    assert run(app, "quality-2026", str(tmp_path / "r.csv"), "--by", "unit")[0] == 0
    assert (tmp_path / "r.csv").read_text("utf-8-sig").startswith("名次,编码,名称")
    assert run(app, "quality-2026", str(tmp_path / "r.json"))[0] == 0
    assert json.loads((tmp_path / "r.json").read_text())["contest"] == "quality-2026"
    assert run(app, "quality-2026", str(tmp_path / "r.csv"), "--by", "nothing")[0] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.csv", "r.json"]
