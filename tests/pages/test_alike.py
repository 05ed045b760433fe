"""Questions that are nearly the same stand side by side before an import and in a bank."""

import re

from flask import Flask
from flask.testing import FlaskClient

from quiz.queries import likeness
from quiz.rules.permissions import Role
from tests.pages.test_bank import imported, uploaded
from tests.pages.test_setup import signed_in_as
from tests.workbooks import HEADER, JUDGEMENT, SINGLE, many_questions, workbook

REWORDED = ["单选题", "投诉举报的电话是（ ）。", *SINGLE[2:]]
LATER = ["判断题", "超过15日不得退货。", "", "", "", "", "对", ""]
SOONER = ["判断题", "超过7日不得退货。", "", "", "", "", "错", ""]


def test_the_check_page_shows_what_is_nearly_the_same(app: Flask, organiser: FlaskClient) -> None:
    imported(organiser, workbook([HEADER, SINGLE, LATER]))
    page = organiser.get(uploaded(organiser, workbook([HEADER, REWORDED, JUDGEMENT, SOONER])).location).text
    assert "有 2 对相近的题" in page
    assert "投诉举报<mark>的</mark>电话是" in page and "题库里编号" in page and "文件 Sheet1 第 2 行" in page
    assert "只差数字：15 ↔ 7，很可能是两道题" in page


def test_what_the_bank_holds_already_is_no_likeness(app: Flask, organiser: FlaskClient) -> None:
    data = workbook([HEADER, SINGLE, LATER])
    imported(organiser, data)
    assert "相近" not in organiser.get(uploaded(organiser, data).location).text


def test_in_a_large_file_they_are_looked_for_on_a_page_of_their_own(app: Flask, organiser: FlaskClient) -> None:
    url = uploaded(organiser, many_questions(likeness.MOST_AT_ONCE + 1)).location
    page = organiser.get(url).text
    assert "查找相近的题" in page and "<mark>" not in page
    link = re.search(r'href="([^"]+/alike)"', page)
    assert link is not None and link[1] == f"{url}/alike"
    first, last = organiser.get(f"{url}/alike").text, organiser.get(f"{url}/alike?page=999999").text
    assert "对相近的题" in first and "只差数字：" in first and "下一页" in first and "上一页" in last


def test_a_bank_shows_what_is_nearly_the_same_in_it(app: Flask, organiser: FlaskClient) -> None:
    imported(organiser, workbook([HEADER, SINGLE, REWORDED, JUDGEMENT]))
    page = organiser.get("/console/bank/1").text
    assert '/console/bank/1/alike"' in page
    page = organiser.get("/console/bank/1/alike").text
    assert "1 对相近的题" in page and "/console/bank/questions/1" in page and "/console/bank/questions/2" in page
    assert organiser.get("/console/bank/2/alike").status_code == 404


def test_two_keys_for_one_question_are_pointed_out(app: Flask, organiser: FlaskClient) -> None:
    imported(organiser, workbook([HEADER, SINGLE]))
    page = organiser.get(uploaded(organiser, workbook([HEADER, [*SINGLE[:6], "B", ""]])).location).text
    assert "题干、选项一样，答案不同，请核对哪一个对" in page


def test_nothing_alike_is_said_too(app: Flask, organiser: FlaskClient) -> None:
    url = uploaded(organiser, workbook([HEADER, SINGLE, JUDGEMENT])).location
    assert "没有相近的题" in organiser.get(f"{url}/alike").text
    assert organiser.get("/console/bank/imports/999/alike").status_code == 404


def test_a_judge_has_no_business_here(app: Flask, organiser: FlaskClient) -> None:
    url = uploaded(organiser, workbook([HEADER, SINGLE])).location
    judge = signed_in_as(app, Role.JUDGE)
    assert judge.get(f"{url}/alike").status_code == 403
