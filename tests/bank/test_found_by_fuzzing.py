"""What made-up files showed to be read wrongly, each kept as the smallest file that shows it."""

import pytest

from question_bank.check import check_file
from tests.workbooks import check_rows, check_text, codes, csv_file, keys, one, options


@pytest.mark.parametrize("label", ["B.", "B、", "B．", "(B)"])
def test_an_option_that_begins_with_a_number_of_three_digits_is_an_option_of_its_own(label: str) -> None:
    report = check_text("1. 哪一年？", "A.三年前", f"{label}2024年", "C.100 元以下", "答案：B")
    assert options(report) == [["三年前", "2024年", "100 元以下"]]


def test_numbers_that_go_on_under_the_next_heading_may_stand_close_before_a_digit() -> None:
    report = check_text(
        "一、判断题", "1．发票应当开具。", "答案：对", "二、填空题", "2．12315的接听时间是____。", "答案：全天"
    )
    assert [question.content.stem for question in report.questions] == ["发票应当开具。", "12315的接听时间是____。"]
    assert codes(report) == []


@pytest.mark.parametrize("stem", ["维生素 A 和 B 都溶于脂肪。", "点 A 到 B 到 C 一样远。", "若 A < B 则 B > A。"])
def test_letters_in_the_middle_of_a_statement_are_no_options(stem: str) -> None:
    for lines in (["一、判断题", f"1. {stem}", "答案：对"], [f"1. {stem}", "答案：对"]):
        report = check_text(*lines)
        assert [question.content.stem for question in report.questions] == [stem]
    assert [question.content.stem for question in one("", stem, "", "", "", "", "对").questions] == [stem]


def test_a_comparison_is_no_label() -> None:
    for lines in (["a < b", "三年", "甲"], ["A 级", "a < b", "2024年"]):
        assert options(check_rows(["题干", "选项", "答案"], ["哪个？", "\n".join(lines), lines[1]])) == [lines]


def test_a_question_close_behind_options_in_one_line_begins_a_question() -> None:
    report = check_text(
        "一、单选题", "1、哪个？", "（A）甲    （B）乙", "解析：无", "2、12315是什么（A）。", "（A）丙    （B）丁",
        "参考答案", "1. B",
    )  # fmt: skip
    assert options(report) == [["甲", "乙"], ["丙", "丁"]]
    assert keys(report) == [["B"], ["A"]]


def test_a_second_table_in_a_csv_is_not_joined_to_records_of_the_first() -> None:
    first = [["题型", "来源", "难度", "题干", "选项A", "选项B", "答案"], ["单选题", "", "", "哪个？", "甲", "乙", "A"]]
    second = [
        ["题目描述", "正确项", "题型", "解析"],
        ["发票应当开具。", "对", "判断题", ""],
        ["可以涨价。", "错", "判断题", ""],
    ]
    report = check_file(csv_file([*first, *second]), "bank.csv")
    assert [question.content.stem for question in report.questions] == ["哪个？", "发票应当开具。", "可以涨价。"]


def test_an_option_in_brackets_that_is_a_decimal_is_no_numbered_question_with_its_key_before() -> None:
    report = check_text(
        "一、单选题", "6．怎样处理是（A）的。", "（A）0.5%", "（B）1.5 倍", "（C）国务院",
        "7．误差不超过（B）的。", "（A）2.5mm", "（B）3.5mm", "（C）12.25",
    )  # fmt: skip
    assert options(report) == [["0.5%", "1.5 倍", "国务院"], ["2.5mm", "3.5mm", "12.25"]]
    assert keys(report) == [["A"], ["B"]]


def test_a_question_that_begins_with_a_year_or_a_number_keeps_the_key_before_its_own() -> None:
    report = check_text(
        "（B）1.2023 年的主题是？", "A.甲", "B.乙", "（A）2.315 晚会在几月？", "A.三", "B.五",
        "（A）3.12315 是什么？", "A.甲", "B.乙",
    )  # fmt: skip
    stems = [question.content.stem for question in report.questions]
    assert stems == ["2023 年的主题是？", "315 晚会在几月？", "12315 是什么？"]
    assert keys(report) == [["B"], ["A"], ["A"]]
