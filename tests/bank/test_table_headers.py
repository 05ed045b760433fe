"""Headers whose names stand over several columns, are missing, or are known to nobody: the cells below tell."""

from typing import Any

import pytest
from openpyxl import Workbook

from question_bank.check import Report, check_file
from tests.workbooks import WITH_KIND, check_rows, codes, keys, kinds, options, saved, warned

ROWS = [["何物？何物？", "红", "绿", "蓝", "紫", "B"], ["何事？何事？", "赤", "青", "黄", "黑", "AD"]]
READ = (["何物？何物？", "何事？何事？"], [["红", "绿", "蓝", "紫"], ["赤", "青", "黄", "黑"]], [["B"], ["A", "D"]])


def read(report: Report) -> tuple[list[str], list[list[str]], list[Any]]:
    assert report.problems == ()
    return [q.content.stem for q in report.questions], options(report), keys(report)


@pytest.mark.parametrize(
    "header",
    [
        ["题目", "选项", "", "", "", "正确答案"],
        ["题目", "答案选项", "", "", "", "正确答案"],
        ["题目", "选项A", "", "", "", "正确答案"],
        ["题目", "选项A", "选项B", "", "", "正确答案"],
        ["题目", "", "", "", "", "正确答案"],
        ["题目", "1", "2", "3", "4", "正确答案"],
        ["题目", "A", "B", "C", "D", ""],
        ["题目", "A", "B", "C", "D", "应选"],
        ["", "A", "B", "C", "D", "答案"],
        ["考察要点", "A", "B", "C", "D", "答案"],
        ["题 目\u200b", "A\u00a0", " B", "C", "D", "\ufeff答 案"],
    ],
)
def test_columns_without_a_known_name_are_told_by_what_stands_in_them(header: list[str]) -> None:
    assert read(check_rows(header, *ROWS)) == READ


def test_an_option_that_only_some_questions_have_may_bear_no_name() -> None:
    header = ["题目", "选项", "", "", "", "正确答案"]
    report = check_rows(header, ["何物？", "红", "绿", "", "", "B"], ["何事？", "赤", "青", "黄", "黑", "AD"])
    assert options(report) == [["红", "绿"], ["赤", "青", "黄", "黑"]]


def test_what_stands_beside_options_in_one_cell_is_no_option() -> None:
    report = check_rows(
        ["题目", "选项", "", "正确答案"], ["何物？", "A.红 B.绿", "", "B"], ["何事？", "A.赤 B.青", "略", "A"]
    )
    assert options(report) == [["红", "绿"], ["赤", "青"]]


@pytest.mark.parametrize("name", ["判断", "正确/错误", "是否正确？", "您的判断"])
def test_verdicts_below_another_name_are_the_keys(name: str) -> None:
    report = check_rows(["序号", "题目", name], [1, "天是蓝的。", "√"], [2, "地是方的。", "×"])
    assert (kinds(report), keys(report)) == (["true_false"] * 2, [["对"], ["错"]])


def test_two_columns_of_letters_leave_open_which_is_the_key() -> None:
    report = check_rows(
        ["题目", "A", "B", "甲", "乙"], ["何物？", "红", "绿", "A", "B"], ["何事？", "赤", "青", "B", "A"]
    )
    assert codes(report) == [(None, "no_key_column")]


def test_a_list_of_choices_for_a_form_holds_no_question() -> None:
    report = check_rows(["题型", "难度", "答案"], ["单选题", "易", "A"], ["多选题", "中", "B"], ["判断题", "难", "C"])
    assert (codes(report), warned(report)) == ([(None, "no_questions")], ["sheet_without_questions"])


@pytest.mark.parametrize(
    "row",
    [
        ["出题人：张三", "", "", "", "", "", "审核：李四"],
        ["填报人：张三", "", "日期：2026年5月"],
        ["", "总分", "", "", "", "", 100],
        ["满分：100"],
    ],
)
def test_a_row_that_signs_or_sums_up_is_no_question(row: list[Any]) -> None:
    report = check_rows(WITH_KIND, ["单选", "何物？", "红", "绿", "蓝", "紫", "B"], row)
    assert (keys(report), report.problems) == ([["B"]], ())


def test_a_sample_may_name_its_kind() -> None:
    report = check_rows(
        WITH_KIND, ["示例：单选题", "何物？", "红", "绿", "", "", "A"], ["单选", "何事？", "赤", "青", "", "", "B"]
    )
    assert (keys(report), warned(report)) == ([["B"]], ["sample_row_skipped"])


def test_kinds_in_one_character() -> None:
    rows = [
        ["单", "红", "绿", "A"],
        ["多", "红", "绿", "A"],
        ["判", "对", "错", "A"],
        ["填", "", "", "红"],
        ["简", "", "", "红"],
        ["问", "", "", "红"],
    ]
    report = check_rows(
        ["题型", "题干", "A", "B", "答案"], *([row[0], f"何物{n}____", *row[1:]] for n, row in enumerate(rows))
    )
    assert kinds(report) == [
        "single_choice",
        "multiple_choice",
        "true_false",
        "fill_blank",
        "short_answer",
        "short_answer",
    ]


def test_a_remark_without_a_name_behind_the_last_option_is_none() -> None:
    header = ["题目", "A", "B", "C", "", "答案"]
    report = check_rows(header, ["何物？", "红", "绿", "蓝", "难", "B"], ["何事？", "赤", "青", "黄", "易", "A"])
    assert options(report) == [["红", "绿", "蓝"], ["赤", "青", "黄"]]


@pytest.mark.parametrize("name", ["是否启用", "审核", "是否必答"])
def test_a_state_of_the_question_is_not_its_key(name: str) -> None:
    report = check_rows(["题目", "难度", name], ["天是蓝的。", "易", "是"], ["地是方的。", "易", "否"])
    assert codes(report) == [(None, "no_key_column")]


@pytest.mark.parametrize("names", [["选项", "选项", "选项"], ["(A)", "(B)", "(C)"], ["【A】", "【B】", "【C】"]])
def test_names_of_options_in_brackets_or_repeated(names: list[str]) -> None:
    report = check_rows(["题干", *names, "答案"], ["哪个？", "红", "绿", "蓝", "B"])
    assert [(list(q.content.options), q.content.key_as_letters) for q in report.questions] == [
        (["红", "绿", "蓝"], ["B"])
    ]


def test_a_heading_in_each_of_the_cells_that_were_merged() -> None:
    header = ["题干", "A", "B", "答案"]
    report = check_rows(header, ["第一章"] * 4, ["一、多选题"] * 4, ["哪些？", "红", "绿", "A"])
    assert ([q.content.kind.value for q in report.questions], report.problems) == (["multiple_choice"], ())


def test_keys_in_numbered_columns_behind_the_options() -> None:
    header = ["题型", "题干", "A", "B", "C", "答案1", "答案2"]
    report = check_rows(
        header, ["多选题", "哪些？", "红", "绿", "蓝", "A", "C"], ["单选题", "哪个？", "红", "绿", "蓝", "B", ""]
    )
    assert [q.content.key_as_letters for q in report.questions] == [["A", "C"], ["B"]]


@pytest.mark.parametrize(
    ("header", "before"), [(["Title", "Question"], "q1"), (["题目", "题目"], "安全"), (["name", "text"], "one")]
)
def test_the_stem_stands_in_the_plainer_or_longer_of_two_columns(header: list[str], before: str) -> None:
    report = check_rows([*header, "A", "B", "Answer"], [before, "投诉举报电话是（ ）。", "12345", "12315", "B"])
    assert [q.content.stem for q in report.questions] == ["投诉举报电话是（ ）。"]


def test_names_in_traditional_characters() -> None:
    report = check_rows(
        ["題型", "題目", "選項A", "選項B", "答案"],
        ["單選題", "哪个？", "红", "绿", "B"],
        ["判斷題", "天是蓝的。", "", "", "錯誤"],
    )
    assert [(q.content.kind.value, q.content.key_as_letters) for q in report.questions] == [
        ("single_choice", ["B"]), ("true_false", ["错"]),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["答案数", "答案个数", "答案来源", "答案分值", "正确答案数量"])
def test_what_is_said_about_a_key_is_not_the_key(name: str) -> None:
    report = check_rows(["题干", "A", "B", "C", name, "答案"], ["哪些？", "红", "绿", "蓝", 2, "AC"])
    assert [q.content.key_as_letters for q in report.questions] == [["A", "C"]]


def test_a_kind_that_is_merged_over_several_rows() -> None:
    book = Workbook()
    for row in (WITH_KIND, ["多选题", "哪些？", "红", "绿", "", "", "A"], ["", "还有哪些？", "红", "绿", "", "", "B"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    assert [q.content.kind.value for q in check_file(saved(book), "x.xlsx").questions] == ["multiple_choice"] * 2
