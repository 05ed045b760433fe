"""Tables whose names stand in a column: questions side by side in columns, or below each other in blocks."""

from typing import Any

import pytest

from question_bank.check import Report, check_file
from tests.workbooks import check_rows, codes, csv_file, keys, kinds, options, workbook

ONE = [["题目", "投诉举报电话是（ ）。"], ["选项A", "12345"], ["选项B", "12315"], ["答案", "B"]]
TWO = [["题目", "城市质量精神有（ ）。"], ["选项A", "诚信"], ["选项B", "责任"], ["答案", "AB"]]
READ = ([["12345", "12315"], ["诚信", "责任"]], [["B"], ["A", "B"]])


def read(report: Report) -> tuple[list[list[str]], list[Any]]:
    assert report.problems == ()
    return options(report), keys(report)


@pytest.mark.parametrize(
    "rows",
    [
        [*ONE, *TWO],
        [["质量知识题库"], *ONE, [], *TWO],
        [[f"{name}：", text] for name, text in [*ONE, *TWO]],
        [["序号", 1], *ONE, ["序号", 2], *TWO],
        [["题型", "单选题"], *ONE, ["题型", "多选题"], *TWO],
        [[1, *ONE[0]], *(["", *row] for row in ONE[1:]), [2, *TWO[0]], *(["", *row] for row in TWO[1:])],
        [[*one, two[1]] for one, two in zip(ONE, TWO, strict=True)],
        [ONE[0], ["选项", "A. 12345"], ["", "B. 12315"], ONE[-1], TWO[0], ["选项", "A. 诚信\nB. 责任"], TWO[-1]],
    ],
)  # fmt: skip
def test_blocks_and_columns_are_questions(rows: list[list[Any]]) -> None:
    assert read(check_rows(*rows)) == READ


def test_a_csv_of_blocks() -> None:
    assert read(check_file(csv_file([*ONE, *TWO]), "bank.csv")) == READ


def test_judgements_have_no_options() -> None:
    rows = [["题干", "天是蓝的。", "地是方的。"], ["答案", "对", "错"], ["解析", "看得见", ""]]
    report = check_rows(*rows)
    assert (kinds(report), keys(report)) == (["true_false"] * 2, [["对"], ["错"]])


def test_a_block_without_a_key_is_named_and_leaves_the_others_alone() -> None:
    report = check_rows(*ONE[:-1], *TWO)
    assert (keys(report), codes(report)) == ([["A", "B"]], [(1, "key_missing")])


def test_a_name_twice_in_a_block_leaves_open_what_belongs_together() -> None:
    assert check_rows(*ONE, ["答案", "A"], *TWO).total == 0


def test_a_name_is_never_taken_for_the_beginning_of_a_stem() -> None:
    report = check_rows(*ONE, ["选项A", "诚信"], ["选项B", "责任"], ["答案", "AB"])
    assert report.total == 0 and report.problems
    letters = check_rows(
        ["题目", "哪个？"], ["A", "红"], ["B", "绿"], ["答案", "B"], ["A", "上"], ["B", "下"], ["答案", "A"]
    )
    assert letters.total == 0 and letters.problems


def test_a_sheet_that_explains_the_columns_holds_no_question() -> None:
    example = [["题型", "单选题"], ["题干", "示例题目"], ["选项A", "选项一"], ["选项B", "选项二"], ["答案", "A"]]
    bank = [["题干", "A", "B", "答案"], ["哪个？", "红", "绿", "B"]]
    assert keys(check_file(workbook(填写说明=example, 题库=bank), "x.xlsx")) == [["B"]]
