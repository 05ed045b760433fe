"""The judges' workbook of a sealed contest verifies itself: every ladder row against the bundle on its last sheet."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from quiz.models import Contest
from quiz.rules.bundle_check import Misfit
from quiz.rules.bundle_file import Unreadable
from quiz.services import exports
from quiz.services.bundle_sheet import MOST_IN_A_CELL, TITLE
from quiz.services.verifying import verify_file
from tests.conftest import StillClock
from tests.sealed import CLOSES, a_contest_that_is_over, best_of, sealed, set_aside

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


def written(contest: Contest, now: datetime, folder: Path) -> Path:
    file = folder / "成绩.xlsx"
    file.write_bytes(exports.judges_workbook(contest.id, now=now + CLOSES))
    return file


def changed(file: Path, change: Callable[[Any], None]) -> str:
    """What verifying says once somebody has opened the workbook, changed it and saved it."""
    book = openpyxl.load_workbook(BytesIO(file.read_bytes()))
    change(book)
    other = file.with_name("changed.xlsx")
    book.save(other)
    try:
        verify_file(other)
    except Misfit as misfit:
        return f"{misfit.where}：{misfit.why}"
    return ""


def test_it_holds_the_bundle_and_verifies_against_the_published_digest(now: datetime, tmp_path: Path) -> None:
    contest = a_contest_that_is_over(now)
    seal = sealed(contest, now)
    file = written(contest, now, tmp_path)
    found = verify_file(file, seal.digest)
    assert (found.digest, found.is_the_published, found.counts["entry"]) == (seal.digest, True, 7)
    with pytest.raises(Misfit):
        verify_file(file, "0" * 64)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[-1] == TITLE
    cover = {row[0]: row[1] for row in book["封面"].iter_rows(values_only=True)}
    assert seal.digest in cover["封存"] and "flask results verify" in cover["怎样核对"]
    assert changed(file, lambda book: None) == ""  # saved anew by another program


def test_before_sealing_there_is_nothing_to_verify(now: datetime, tmp_path: Path) -> None:
    contest = a_contest_that_is_over(now)
    file = written(contest, now, tmp_path)
    assert TITLE not in openpyxl.load_workbook(file).sheetnames
    with pytest.raises(Unreadable):
        verify_file(file)


def cell(sheet: str, header: str, row: int, value: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        columns = {each.value: each.column for each in book[sheet][1]}
        book[sheet].cell(row, columns[header]).value = value

    return change


def a_row_removed(book: Any) -> None:
    book["个人"].delete_rows(4)


def a_row_added(book: Any) -> None:
    book["个人"].append([7, "E999999", "王某", "", "", "", 0, 60, datetime(2026, 6, 20, 9)])


def two_rows_swapped(book: Any) -> None:
    rows = [[each.value for each in row] for row in book["个人"].iter_rows(min_row=2, max_row=3)]
    for number, values in zip((3, 2), rows, strict=True):
        for column, value in enumerate(values, 1):
            book["个人"].cell(number, column).value = value


def a_line(number: int, before: str, after: str) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        for row in book[TITLE].iter_rows(min_row=2):
            if before in str(row[2].value):
                row[2].value = row[2].value.replace(before, after, 1)
                return
        raise AssertionError(before)

    return change


def a_line_removed(book: Any) -> None:
    book[TITLE].delete_rows(5)


CHANGES = {
    "a score": (cell("个人", "得分", 2, 99), "个人 第 2 行"),
    "a rank": (cell("个人", "名次", 3, 1), "个人 第 3 行"),
    "an elapsed time": (cell("个人", "用时（秒）", 2, 59.999), "个人 第 2 行"),
    "a moment": (cell("个人", "交卷时间", 2, datetime(2026, 6, 20, 9, 0, 59)), "个人 第 2 行"),
    "a street": (cell("个人", "街道", 2, "南门街道"), "个人 第 2 行"),
    "a headcount": (cell("单位", "应参加人数", 2, 50), "单位 第 2 行"),
    "a rate": (cell("单位", "参与率", 2, 0.41), "单位 第 2 行"),
    "a mean": (cell("街道", "平均成绩", 2, 12), "街道 第 2 行"),
    "a score of a street": (cell("街道", "得分", 3, 33.34), "街道 第 3 行"),
    "a row removed": (a_row_removed, "个人 第 4 行"),
    "a row added": (a_row_added, "个人 第 8 行"),
    "two rows swapped": (two_rows_swapped, "个人 第 2 行"),
    "a score in the bundle": (a_line(0, '"score":10', '"score":11'), "第 "),
    "a headcount in the bundle": (a_line(0, '"headcount":5', '"headcount":6'), "单位 A"),
    "a ruling in the bundle": (a_line(0, '"kind":"set_aside"', '"kind":"full_marks"'), "裁定 1"),
    "a rank in the bundle": (a_line(0, '"rank":3', '"rank":2'), "第 "),
    "a line of the bundle removed": (a_line_removed, TITLE),
}


def test_whatever_is_changed_is_named_by_its_row(now: datetime, tmp_path: Path) -> None:
    contest = a_contest_that_is_over(now)
    sealed(contest, now)
    file = written(contest, now, tmp_path)
    said = {what: changed(file, change) for what, (change, _named) in CHANGES.items()}
    assert {what: words for what, words in said.items() if CHANGES[what][1] not in words} == {}


def test_a_workbook_of_a_later_state_says_which_row_is_no_longer_that_of_the_seal(
    now: datetime, tmp_path: Path
) -> None:
    contest = a_contest_that_is_over(now)
    sealed(contest, now)
    set_aside(best_of(contest), now=now + CLOSES)
    file = written(contest, now, tmp_path)
    cover = {row[0]: row[1] for row in openpyxl.load_workbook(file)["封面"].iter_rows(values_only=True)}
    assert "封存以后又有改动" in cover["封存"]
    with pytest.raises(Misfit, match="个人 第 2 行"):
        verify_file(file)
    seal = sealed(contest, now + timedelta(hours=1), reason="复核")
    assert verify_file(written(contest, now, tmp_path), seal.digest).head["seal"] == 2


def test_long_lines_and_delicate_characters_come_back(now: datetime, tmp_path: Path) -> None:
    notice = "=1+1_x000D_\x85 𠮷\u2028“引号”\\" + "长" * MOST_IN_A_CELL * 2
    contest = a_contest_that_is_over(now, title="竞赛_x0041_=SUM(1)", about={"notice": notice[:65_000]})
    seal = sealed(contest, now)
    file = written(contest, now, tmp_path)
    book = openpyxl.load_workbook(file)
    assert max(row[1] for row in book[TITLE].iter_rows(min_row=2, values_only=True)) == 3
    assert verify_file(file, seal.digest).head["title"] == "竞赛_x0041_=SUM(1)"
    assert json.loads(json.dumps(verify_file(file).counts)) == seal.counts
