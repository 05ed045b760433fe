"""CSV and JSON say what the workbook says; no field of a CSV is taken for a formula, and numbers stay numbers."""

import csv
import json
import re
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest

from question_bank.database import transaction
from quiz.models import Contest, Unit
from quiz.queries.standings import Within
from quiz.services import exports
from quiz.services.exports import Form
from tests.conftest import StillClock
from tests.contest_builders import a_bank, a_published, a_register
from tests.players import a_player, play

pytestmark = pytest.mark.usefixtures("context")

NASTY = ["=1+1", "+86 755", "-1", "@SUM(A1)", "\t=1+1", "\r=1"]


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def contest(now: datetime) -> Contest:
    a_register()
    a_bank(now)
    contest = a_published(now)
    for right, name, seconds in (([1, 2, 3], "欧阳娜", 61.234), ([1, 2], '"王",\n芳', 50.0)):
        play(contest, a_player(name, unit="U2", now=now), now=now, right=right, seconds=seconds)
    return contest


def written(contest: Contest, form: Form, now: datetime, by: str = "person") -> bytes:
    file = BytesIO()
    exports.write_results(contest.id, file, form, now=now, by=by)
    return file.getvalue()


def csv_of(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("by, sheet", [("person", "个人"), ("unit", "单位"), ("street", "街道")])
def test_a_csv_repeats_its_sheet_of_the_workbook(contest: Contest, now: datetime, by: str, sheet: str) -> None:
    header, *rows = csv_of(written(contest, Form.CSV, now, by))
    book = openpyxl.load_workbook(BytesIO(written(contest, Form.WORKBOOK, now)))
    names, *cells = book[sheet].iter_rows(values_only=True)
    assert header == list(names) and len(rows) == len(cells)
    for row, values in zip(rows, cells, strict=True):
        assert [_as_csv(value) for value in values] == row


def _as_csv(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat(sep=" ", timespec="milliseconds") if isinstance(value, datetime) else str(value)


def test_a_csv_has_text_as_it_was_and_numbers_as_numbers(contest: Contest, now: datetime) -> None:
    header, first, second = csv_of(written(contest, Form.CSV, now))
    assert header[:9] == ["名次", "参赛编号", "姓名", "手机号", "街道", "单位", "得分", "用时（秒）", "交卷时间"]
    row = dict(zip(header, first, strict=True))
    assert (row["名次"], row["姓名"], row["用时（秒）"]) == ("1", "欧阳娜", "61.234")
    assert row["交卷时间"] == "2026-06-20 09:01:01.234" and float(row["得分"]) > 0
    assert second[2] == '"王",\n芳'


def test_no_field_of_a_csv_begins_like_a_formula(contest: Contest, now: datetime) -> None:
    with transaction() as session:
        for number, text in enumerate(NASTY):
            session.add(Unit(code=f"={number}", name=text, headcount=10))
    for number in range(len(NASTY)):
        play(contest, a_player(NASTY[number], unit=f"={number}", now=now), now=now, right=[1])
    fields = [
        field for by in ("person", "unit") for row in csv_of(written(contest, Form.CSV, now, by)) for field in row
    ]
    assert not [field for field in fields if field.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {f"'{text}" for text in NASTY} <= set(fields)


def test_json_holds_all_three_ladders_with_exact_texts(contest: Contest, now: datetime) -> None:
    data = written(contest, Form.JSON, now)
    found = json.loads(data)
    assert list(found) == [
        "contest", "title", "as_of", "terms_sha256", "full", "rule", "persons", "units", "streets",
    ]  # fmt: skip
    assert found["as_of"] == "2026-06-20T01:00:00.000Z" and found["terms_sha256"] == contest.terms.sha256
    first, second = found["persons"]
    assert (first["rank"], first["name"], first["elapsed_ms"]) == (1, "欧阳娜", 61234)
    assert first["ended_at"] == "2026-06-20T01:01:01.234Z" and first["phone"].startswith("138")
    assert second["name"] == '"王",\n芳'
    assert [(unit["code"], unit["participants"]) for unit in found["units"]] == [("U2", 2), ("U1", 0)]
    assert found["units"][0]["participation_rate"] == pytest.approx(2 / 60)
    assert [street["code"] for street in found["streets"]] == ["S1"]
    assert "欧阳娜".encode() in data


def test_an_empty_contest_is_json_too(now: datetime) -> None:
    a_bank(now)
    found = json.loads(written(a_published(now), Form.JSON, now))
    assert found["persons"] == found["units"] == found["streets"] == []


@pytest.mark.parametrize("form", list(Form))
def test_managers_get_no_phone_and_nobody_else_in_any_form(contest: Contest, now: datetime, form: Form) -> None:
    own = play(contest, a_player("孙三", unit="U1", now=now), now=now, right=[1]).entry
    file = BytesIO()
    exports.write_own_people(contest.id, Within(unit_id=own.unit_id), file, form, now=now)
    if form is Form.WORKBOOK:
        rows = openpyxl.load_workbook(file)["个人"].iter_rows(values_only=True)
        text = "\n".join(str(row) for row in rows)
    else:
        text = file.getvalue().decode()
    assert "孙三" in text and "欧阳娜" not in text and "phone" not in text
    assert not re.search(r"138\d{8}", text)
