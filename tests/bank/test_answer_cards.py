"""Sheets beside a bank on which people write their answers: recognised, said, and no question of theirs taken."""

from typing import Any

import pytest

from question_bank.check import Report, check_file
from tests.workbooks import HEADER, SEVERAL, SINGLE, hiding, keys, workbook

BANK = [HEADER, SINGLE, SEVERAL]


def read(card: list[list[Any]], name: str = "答题卡") -> Report:
    return check_file(workbook(题库=BANK, **{name: card}), "bank.xlsx")


@pytest.mark.parametrize(
    ("name", "card"),
    [
        ("答题卡", [["答题卡"], ["题号", 1, 2, 3], ["答案"], ["题号", 4, 5, 6], ["答案"]]),
        ("答题卡", [["题号", "答案"], [1, ""], [2, ""], [3, ""]]),
        ("答题卡", [["姓名", "张三", "部门", ""], [1, "A", 2, "B"], [3, "C", 4, "D"], [5, "A", 6, "B"]]),
        ("答题卡", [[1, 2, 3, 4, 5], ["A", "B", "C", "D", "A"], [6, 7, 8, 9, 10], ["A", "B", "C", "D", "A"]]),
        ("答题卡", [["一、单选题（每题 2 分）"], [1, "[A]", "[B]", "[C]"], [2, "[A]", "[B]", "[C]"]]),
        ("Sheet2", [["质量知识竞赛答题卡"], ["姓名：", "", "单位："], [1, "", 2, ""], ["得分", ""]]),
        ("Sheet2", [["题号", 1, 2, 3], ["答案", "", "", ""], ["得分", "", "", ""]]),
        ("Sheet2", [[1, "[A] [B] [C] [D]"], [2, "[A] [B] [C] [D]"]]),
    ],
)
def test_an_answer_card_is_passed_over_and_said(name: str, card: list[list[Any]]) -> None:
    report = read(card, name)
    assert (keys(report), report.problems, report.warnings) == ([["A"], ["A", "B", "D"]], (), ())
    assert {about.sheet: about.skipped for about in report.understood} == {"题库": "", name: "answer_card"}


def test_a_hidden_card_is_a_card() -> None:
    data = hiding(workbook(题库=BANK, 答题卡=[["题号", 1, 2], ["答案"]]), sheets=["答题卡"])
    assert check_file(data, "bank.xlsx").problems == ()


def test_questions_below_that_name_are_questions() -> None:
    report = read([["题干", "A", "B", "答案"], ["经营者应当开具什么样的购货凭证？", "发票", "白条", "A"]])
    assert len(report.questions) == 3


def test_letters_on_a_sheet_of_another_name_may_be_the_keys() -> None:
    report = read([["题号", 1, 2], ["答案", "A", "B"]], "Sheet2")
    assert "answer_card" not in [about.skipped for about in report.understood]
