"""Every format of spreadsheet says the same, written as small as the format allows."""

from collections.abc import Callable
from typing import Any

import pytest

from question_bank.check import check_file
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
