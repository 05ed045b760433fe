"""Ticks that say what is right: under 对 or 错, behind each option, or under the letters once more."""

from typing import Any

import pytest

from question_bank.check import AS_UNDERSTOOD, Choices, check_file
from question_bank.reading.choices import SheetChoice, TableChoice
from tests.workbooks import check_rows, codes, keys, kinds, options, workbook

TRUE, FALSE = "经营者应当开具发票。", "消费者无权索要发票。"


@pytest.mark.parametrize(
    ("header", "ticked_right", "ticked_wrong"),
    [
        (["对", "错"], ["√", ""], ["", "√"]),
        (["正确", "错误"], ["✓", ""], ["", "✓"]),
        (["错误", "正确"], ["", "√"], ["√", ""]),
        (["对（√）", "错（×）"], ["√", ""], ["", "×"]),
        (["√", "×"], ["√", ""], ["", "√"]),
        (["是", "否"], [1, 0], [0, 1]),
    ],
)
def test_a_judgement_is_what_the_ticked_column_says(
    header: list[str], ticked_right: list[Any], ticked_wrong: list[Any]
) -> None:
    report = check_rows(["题目", *header], [TRUE, *ticked_right], [FALSE, *ticked_wrong])
    assert (kinds(report), keys(report), report.problems) == (["true_false"] * 2, [["对"], ["错"]], ())


def test_the_two_columns_may_stand_below_a_merged_name() -> None:
    report = check_rows(["序号", "题干", "答案", ""], ["", "", "对", "错"], [1, TRUE, "√", ""], [2, FALSE, "", "√"])
    assert (keys(report), report.problems) == ([["对"], ["错"]], ())


def test_no_tick_or_two_leave_the_verdict_open() -> None:
    report = check_rows(
        ["题干", "对", "错"], [TRUE, "√", ""], [FALSE, "√", "√"], ["发票可以不开。", "", ""], ["发票要开。", "×", ""]
    )
    assert keys(report) == [["对"]]
    assert codes(report) == [(3, "key_not_understood"), (4, "kind_unknown"), (5, "key_not_understood")]


def test_a_list_of_what_to_look_at_holds_no_judgements() -> None:
    report = check_rows(["内容", "是", "否"], ["灭火器在有效期内", "√", ""], ["通道畅通", "", "√"])
    assert report.total == 0


def test_texts_below_right_and_wrong_are_no_ticks() -> None:
    report = check_rows(["题干", "正确", "错误"], ["投诉举报电话是（ ）。", "12315", "12345"])
    assert "true_false" not in kinds(report)


def test_a_tick_is_understood_when_a_person_says_which_row_is_the_header() -> None:
    data = workbook([["题干", "对", "错"], [TRUE, "√", ""], [FALSE, "", "√"]])
    chosen = Choices({"Sheet1": SheetChoice(tables=(TableChoice(1),))})
    assert (
        keys(check_file(data, "x.xlsx", chosen)) == keys(check_file(data, "x.xlsx", AS_UNDERSTOOD)) == [["对"], ["错"]]
    )


@pytest.mark.parametrize("name", ["正确", "答案", "是否正确", "√", ""])
def test_marks_behind_each_option(name: str) -> None:
    report = check_rows(
        ["题干", "A", name, "B", name, "C", name],
        ["投诉举报电话是（ ）。", "12345", "", "12315", "√", "12306", ""],
        ["城市质量精神有（ ）。", "诚信", "√", "随意", "", "责任", "√"],
    )
    assert (kinds(report), keys(report)) == (["single_choice", "multiple_choice"], [["B"], ["A", "C"]])
    assert options(report) == [["12345", "12315", "12306"], ["诚信", "随意", "责任"]]


def test_ticks_under_the_letters_once_more() -> None:
    report = check_rows(["题干", "选项A", "选项B", "A", "B"], ["投诉举报电话是（ ）。", "12345", "12315", "", "√"])
    assert (options(report), keys(report)) == ([["12345", "12315"]], [["B"]])


def test_a_tick_beside_one_row_of_each_question() -> None:
    rows = [["1", "投诉举报电话是（ ）。", "A. 12345", ""], ["", "", "B. 12315", "√"], ["", "", "C. 12306", ""]]
    report = check_rows(["题号", "题干", "选项", "√"], *rows)
    assert (options(report), keys(report)) == ([["12345", "12315", "12306"]], [["B"]])


KINDS = ["题干", "单选", "多选", "判断", "A", "B", "C", "答案"]


def test_a_tick_under_the_name_of_a_kind_states_the_kind() -> None:
    report = check_rows(
        KINDS,
        ["质量月是（ ）月。", "√", "", "", "八", "九", "十", "B"],
        ["质量要素有（ ）。", "", "√", "", "人", "机", "车", "A"],
        [TRUE, "", "", "√", "", "", "", "√"],
    )
    assert kinds(report) == ["single_choice", "multiple_choice", "true_false"]
    assert ([warning.code for warning in report.warnings], report.problems) == (["single_right_option"], ())


def test_a_ticked_kind_that_the_key_contradicts_or_a_second_tick_is_named() -> None:
    report = check_rows(
        KINDS,
        ["质量要素有（ ）。", "√", "", "", "人", "机", "车", "AB"],
        ["质量月是（ ）月。", "√", "√", "", "八", "九", "十", "B"],
        ["质量日是（ ）日。", "", "√", "", "八", "九", "十", "AB"],
    )
    assert codes(report) == [(2, "kind_and_key_disagree"), (3, "kind_unknown")]


def test_texts_below_the_names_of_kinds_state_none() -> None:
    report = check_rows(
        ["题干", "单选", "多选", "A", "B", "答案"], ["质量要素有（ ）。", "2分", "4分", "人", "机", "AB"]
    )
    assert (kinds(report), report.problems) == (["multiple_choice"], ())
