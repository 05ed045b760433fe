"""Every format of spreadsheet says the same, written as small as the format allows."""

import struct
from collections.abc import Callable
from typing import Any

import pytest

from question_bank.check import Choices, check_file
from tests import spreadsheets
from tests.workbooks import HEADER, JUDGEMENT, SEVERAL, SINGLE

ROWS = [HEADER, SINGLE, SEVERAL, JUDGEMENT]


@pytest.mark.parametrize("write", [spreadsheets.xlsx, spreadsheets.xls, spreadsheets.xlsb, spreadsheets.ods])
def test_the_same_rows_are_the_same_questions_in_every_format(write: Callable[[Any], bytes]) -> None:
    report = check_file(
        write({"题库": ROWS, "再来": [HEADER, ["判断题", "甲是乙。", "", "", "", "", "错", ""]]}), "bank"
    )
    same = check_file(spreadsheets.csv_text(ROWS), "bank.csv")
    assert report.problems == () and report.total == 4
    assert [question.content for question in report.questions[:3]] == [question.content for question in same.questions]
    assert {(question.sheet, question.row) for question in report.questions[2:]} == {("题库", 4), ("再来", 2)}


def test_hidden_rows_of_an_xls_stay_out_and_are_named() -> None:
    report = check_file(spreadsheets.xls({"题库": ROWS}, hidden_rows=[3]), "bank.xls")
    assert (report.total, [problem.code for problem in report.problems]) == (2, ["rows_hidden"])
    assert "第 3 行" in report.problems[0].message
    wanted = Choices(include_hidden=True)
    assert check_file(spreadsheets.xls({"题库": ROWS}, hidden_rows=[3]), "bank.xls", wanted).total == 3


def test_options_in_hidden_rows_of_an_xls_are_read_with_a_word() -> None:
    rows = [["题干", "选项", "答案"], ["问？", "甲", "B"], ["", "乙", ""], ["", "丙", ""]]
    report = check_file(spreadsheets.xls({"题库": rows}, hidden_rows=[3, 4]), "bank.xls")
    assert [list(question.content.options) for question in report.questions] == [["甲", "乙", "丙"]]
    assert [(warning.row, warning.code) for warning in report.warnings] == [(3, "hidden_options_read")]


def test_of_a_formula_in_an_xls_what_it_came_to_counts() -> None:
    rows = [HEADER, [*SINGLE[:2], "", *SINGLE[3:]]]
    number = spreadsheets.xls({"题库": rows}, results={(1, 2): struct.pack("<d", 12315)})
    assert check_file(number, "bank.xls").questions[0].content.options[0] == "12315"
    error = spreadsheets.xls({"题库": rows}, results={(1, 2): bytes([2, 0, 0x2A, 0, 0, 0, 0xFF, 0xFF])})
    assert [problem.code for problem in check_file(error, "bank.xls").problems] == ["cell_error"]
