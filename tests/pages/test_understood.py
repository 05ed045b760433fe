"""The check page shows how a file was understood, and the organiser corrects it before anything is imported."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from question_bank.database import db
from question_bank.models import QuestionVersion
from quiz.models import AuditEntry
from quiz.rules.permissions import Role
from tests.pages.test_bank import total, uploaded
from tests.pages.test_setup import post, signed_in_as
from tests.workbooks import HEADER, SINGLE, hiding, workbook

# 答案 is nobody's name for this column, and 备注 holds it.
ODD = workbook(
    题目=[
        ["题干", "选项A", "选项B", "备注"],
        ["投诉举报电话是（ ）。", "12315", "12306", "A"],
        ["火警是（ ）。", "110", "119", "B"],
    ]
)
CORRECTION = {"sheet-0-read": "1", "table-0-0-row": "1", "table-0-0-A": "stem", "table-0-0-B": "option:1",
              "table-0-0-C": "option:2", "table-0-0-D": "key"}  # fmt: skip


def seen_on(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def recheck(client: FlaskClient, url: str, form: dict[str, str]) -> Any:
    return post(client, f"{url}/recheck", {"seen": seen_on(client.get(url).text), **form})


def chosen(page: str) -> dict[str, str]:
    """What each select on the page stands at."""
    selects = re.findall(r'(?s)<select name="([^"]+)".*?<option value="([^"]+)" selected', page)
    return dict(selects)


def keys_held(app: Flask) -> list[list[int]]:
    with app.app_context():
        return list(db.session.scalars(select(QuestionVersion.choices).order_by(QuestionVersion.id)))


def test_each_sheet_stands_there_with_its_header_row_its_columns_and_what_is_in_them(organiser: FlaskClient) -> None:
    url = uploaded(
        organiser, workbook(单选=[["质量题库"], HEADER, SINGLE], 名单=[["姓名", "电话"], ["王芳", "13800000000"]])
    ).location
    page = organiser.get(url).text
    assert "表头在第 2 行" in page and "按表格读取，认出 1 道题" in page and "没有认出试题" in page
    assert chosen(page)["table-0-0-A"] == "kind" and chosen(page)["table-0-0-C"] == "option:1"
    assert chosen(page)["table-1-0-A"] == "ignored"
    assert "投诉举报电话是" in page and "王芳" in page


def test_two_tables_in_one_sheet_are_two_blocks(organiser: FlaskClient) -> None:
    rows = [["题干", "选项A", "选项B", "答案"], ["问一？", "甲", "乙", "A"], [],
            ["题目", "答案", "解析"], ["发票应当开具。", "对", "法律规定"]]  # fmt: skip
    page = organiser.get(uploaded(organiser, workbook(rows)).location).text
    assert "第 1 个表格：表头在第 1 行" in page and "第 2 个表格：表头在第 4 行" in page
    assert chosen(page)["table-0-1-B"] == "key"


def test_a_file_that_is_no_table_is_one_line(organiser: FlaskClient) -> None:
    url = uploaded(organiser, "1. 问？\nA. 甲\nB. 乙\n答案：A".encode(), "题.txt").location
    page = organiser.get(url).text
    assert "按文本读取，认出 1 道题" in page and "重新检查" not in page


def test_a_column_is_corrected_nothing_is_taken_and_the_correction_stays(app: Flask, organiser: FlaskClient) -> None:
    url = uploaded(organiser, ODD).location
    page = organiser.get(url).text
    assert "读到 0 题" in page and "没有答案列" in page
    assert recheck(organiser, url, CORRECTION).status_code == 303
    page = organiser.get(url).text
    assert "读到 2 题" in page and "已按您的选择重新检查" in page and total(app) == 0
    assert chosen(page)["table-0-0-D"] == "key" and "恢复成自动识别的" in page
    assert recheck(organiser, url, {"wish": "anew"}).status_code == 303
    assert "读到 0 题" in organiser.get(url).text


def test_the_import_takes_what_the_corrected_check_showed(app: Flask, organiser: FlaskClient) -> None:
    url = uploaded(organiser, ODD).location
    recheck(organiser, url, CORRECTION)
    assert post(organiser, f"{url}/take", {"seen": seen_on(organiser.get(url).text)}).status_code == 303
    assert keys_held(app) == [[1], [2]]
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry)).one()
        assert entry.details["choices"]["sheets"]["题目"]["tables"][0]["parts"]["D"] == "key"


def test_a_page_from_before_the_correction_imports_nothing(app: Flask, organiser: FlaskClient) -> None:
    url = uploaded(organiser, workbook([HEADER, SINGLE])).location
    old = seen_on(organiser.get(url).text)
    recheck(organiser, url, {"sheet-0-read": "1", "table-0-0-C": "option:2", "table-0-0-D": "option:1"})
    assert post(organiser, f"{url}/take", {"seen": old, "skip_problems": "1"}).status_code == 409
    assert post(organiser, f"{url}/recheck", {"seen": old, "wish": "anew"}).status_code == 409
    assert total(app) == 0


def test_hidden_rows_are_named_and_one_click_reads_them(app: Flask, organiser: FlaskClient) -> None:
    other = ["单选题", "火警是（ ）。", "110", "119", "120", "122", "B", ""]
    url = uploaded(organiser, hiding(workbook(单选=[HEADER, SINGLE, other]), rows=[3])).location
    page = organiser.get(url).text
    assert "读到 1 题" in page and "隐藏的行没有读取" in page and "第 3 行" in page
    assert "连隐藏的 1 行一起读" in page
    assert recheck(organiser, url, {"wish": "hidden_rows"}).status_code == 303
    page = organiser.get(url).text
    assert "读到 2 题" in page and "没有读取" not in page
    assert re.search(r'name="sheet-0-hidden" value="1" checked', page)
    assert post(organiser, f"{url}/take").status_code == 303 and total(app) == 2


def test_a_sheet_is_left_out_and_a_hidden_one_is_read(app: Flask, organiser: FlaskClient) -> None:
    data = hiding(
        workbook(单选=[HEADER, SINGLE], 旧题=[HEADER, [*SINGLE[:1], "旧题（ ）。", *SINGLE[2:]]]), sheets=["旧题"]
    )
    url = uploaded(organiser, data).location
    assert "隐藏的工作表没有读取" in organiser.get(url).text
    assert recheck(organiser, url, {"sheet-1-read": "1"}).status_code == 303
    page = organiser.get(url).text
    assert "读到 1 题" in page and "按您的选择没有读取" in page and "旧题（ ）。" in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"table-0-0-B": "stem"}, "A 列和 B 列都选了“题干”"),
        ({"table-0-0-A": "ignored"}, "还没有选哪一列是“题干”"),
        ({"table-0-0-B": "nonsense"}, "B 列选的内容不认识"),
        ({"table-0-0-ZZ": "key"}, "不在这个文件里"),
        ({"table-7-0-A": "key"}, "不在这个文件里"),
        ({"table-0-0-row": "第一行"}, "要填行号"),
        ({"table-0-0-row": "0"}, "要填行号"),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(
    app: Flask, organiser: FlaskClient, change: dict[str, str], said: str
) -> None:
    url = uploaded(organiser, ODD).location
    before = seen_on(organiser.get(url).text)
    answer = recheck(organiser, url, {**CORRECTION, **change})
    assert answer.status_code == 422 and said in answer.text
    assert seen_on(organiser.get(url).text) == before and total(app) == 0


def test_what_was_chosen_still_stands_there_beside_the_complaint(organiser: FlaskClient) -> None:
    url = uploaded(organiser, ODD).location
    page = recheck(organiser, url, {**CORRECTION, "table-0-0-B": "stem"}).text
    assert chosen(page)["table-0-0-B"] == "stem" and chosen(page)["table-0-0-D"] == "key"


def test_another_header_row_says_itself_what_its_columns_are(organiser: FlaskClient) -> None:
    rows = [["题目", "甲", "乙", "选择"], ["题干", "选项A", "选项B", "答案"], ["问？", "甲", "乙", "A"]]
    url = uploaded(organiser, workbook(题=rows)).location
    shown = chosen(organiser.get(url).text)
    assert recheck(organiser, url, {**shown, "sheet-0-read": "1", "table-0-0-row": "2"}).status_code == 303
    page = organiser.get(url).text
    assert "读到 1 题" in page and "表头在第 2 行" in page


def test_a_header_row_that_is_not_there_is_named(organiser: FlaskClient) -> None:
    url = uploaded(organiser, ODD).location
    recheck(organiser, url, {**CORRECTION, "table-0-0-row": "99"})
    page = organiser.get(url).text
    assert "第 99 行没有内容" in page and "重新检查" in page


def test_problems_stand_under_their_reasons_with_compact_places(organiser: FlaskClient) -> None:
    rows = [HEADER, SINGLE, *[["单选题", f"第 {n} 题（ ）。", "甲", "乙", "丙", "丁", "", ""] for n in range(12)]]
    page = organiser.get(uploaded(organiser, workbook(单选=rows)).location).text
    assert "没有答案：12 行" in page and "单选 第 3–14 行" in page
    assert page.count("没有答案。请填写答案") == 0


def test_questions_are_counted_by_difficulty_too(organiser: FlaskClient) -> None:
    data = workbook([[*HEADER, "难度"], [*SINGLE, "难"]])
    page = organiser.get(uploaded(organiser, data).location).text
    assert "按难度" in page and re.search(r"(?s)难</th>.*?1</td>", page)


def test_only_who_may_import_may_correct(app: Flask, organiser: FlaskClient) -> None:
    url = uploaded(organiser, ODD).location
    reviewer = signed_in_as(app, Role.JUDGE)
    assert post(reviewer, f"{url}/recheck", {"wish": "anew"}).status_code == 403


def test_the_columns_of_a_csv_that_nobody_recognises_are_corrected_too(app: Flask, organiser: FlaskClient) -> None:
    data = "甲栏,乙栏,丙栏,丁栏\n火警是几号,110,119,②\n热线是几号,12315,12306,①\n".encode("gb18030")
    url = uploaded(organiser, data, "题.csv").location
    page = organiser.get(url).text
    assert "读到 0 题" in page and "没有认出试题" in page and "丁栏" in page
    assert recheck(organiser, url, CORRECTION).status_code == 303
    assert "读到 2 题" in (page := organiser.get(url).text)
    assert post(organiser, f"{url}/take", {"seen": seen_on(page)}).status_code == 303
    assert keys_held(app) == [[2], [1]]
