# ruff: noqa: E501  (samples stand as they come)
"""Workbooks as people lay them out: where the header stands, what its columns mean, which kind a row is."""

import pytest

from question_bank.check import check_file
from tests.workbooks import (
    HEADER,
    JUDGEMENT,
    PLAIN,
    SEVERAL,
    SINGLE,
    WITH_KIND,
    check_rows,
    codes,
    keys,
    kinds,
    one,
    options,
    warned,
    workbook,
)


def test_a_plain_workbook() -> None:
    report = check_rows(HEADER, SINGLE, SEVERAL, JUDGEMENT)
    assert (kinds(report), keys(report)) == (
        ["single_choice", "multiple_choice", "true_false"],
        [["A"], ["A", "B", "D"], ["对"]],
    )
    assert [(q.sheet, q.row) for q in report.questions] == [("Sheet1", 2), ("Sheet1", 3), ("Sheet1", 4)]
    assert (report.problems, report.duplicates, report.total) == ((), 0, 3)


def test_the_header_is_found_below_titles_and_blank_rows() -> None:
    report = check_rows(["质量知识题库（2026）"], [], ["填写说明：答案填大写字母"], HEADER, SINGLE)
    assert [question.row for question in report.questions] == [5]


@pytest.mark.parametrize(
    "stem", ["题干（必填）", "*试题内容", "题目 (勿删)", "大题题干", "Question - max 120 characters"]
)
@pytest.mark.parametrize("key", ["正确答案*", "标准答案（大写字母）", "正确选项", "Correct answer(s) - choose one"])
def test_headers_go_by_alias_without_their_decoration(stem: str, key: str) -> None:
    assert keys(check_rows([stem, "选项A", "选项B", key], ["问？", "甲", "乙", "B"])) == [["B"]]


@pytest.mark.parametrize(
    "names",
    [
        ["选项A", "选项B"],
        ["A选项", "B选项"],
        ["option_a", "option_b"],
        ["Answer 1", "Answer 2"],
        ["备选答案A", "备选答案B"],
    ],
)
def test_option_columns_have_many_names(names: list[str]) -> None:
    assert options(check_rows(["题目", *names, "正确答案"], ["问？", "甲", "乙", "A"])) == [["甲", "乙"]]


def test_the_plainer_name_wins_where_two_columns_could_be_the_stem() -> None:
    report = check_rows(["标题", "题干", "A", "B", "答案"], ["第一章", "问？", "甲", "乙", "A"])
    assert [question.content.stem for question in report.questions] == ["问？"]


def test_letters_under_a_merged_header_are_options() -> None:
    assert options(check_rows(["题干", "选项", "", "答案"], ["", "A", "B", ""], ["问？", "甲", "乙", "A"])) == [
        ["甲", "乙"]
    ]


def test_two_tables_in_one_sheet_each_with_its_kind() -> None:
    report = check_rows(
        ["一、单选题"], ["题干", "选项A", "选项B", "答案"], ["问？", "甲", "乙", "A"], [],
        ["二、判断题"], ["题干", "答案"], ["天是蓝的。", "对"], ["题干", "答案"], ["地是平的。", "错"],
    )  # fmt: skip
    assert (kinds(report), keys(report)) == (["single_choice", "true_false", "true_false"], [["A"], ["对"], ["错"]])
    assert report.problems == ()


def test_a_sheet_name_gives_the_kind() -> None:
    report = check_file(workbook(多选题=[PLAIN, ["问？", "甲", "乙", "丙", "丁", "A"]]), "bank.xlsx")
    assert (kinds(report), warned(report)) == (["multiple_choice"], ["single_right_option"])


def test_sheets_without_questions_are_passed_over_and_said() -> None:
    report = check_file(workbook(题目=[HEADER, SINGLE], 参数=[["单选题"], ["多选题"]]), "bank.xlsx")
    assert (report.total, report.problems, warned(report)) == (1, (), ["sheet_without_questions"])


def test_placeholders_and_sample_sheets_are_no_questions() -> None:
    sample = [["此sheet是示例,不要填写内容"], PLAIN, ["这里填题干", "这里填选项", "", "", "", "A"]]
    report = check_file(workbook(说明=sample, 题目=[PLAIN, ["问？", "甲", "乙", "", "", "A"]]), "bank.xlsx")
    assert [(q.sheet, q.content.stem) for q in report.questions] == [("题目", "问？")]
    assert report.problems == ()


def test_a_hidden_sheet_with_questions_is_named_not_taken() -> None:
    from io import BytesIO

    from openpyxl import load_workbook

    from tests.workbooks import saved

    book = load_workbook(BytesIO(workbook(题目=[HEADER, SINGLE], 旧题=[HEADER, SEVERAL])))
    book["旧题"].sheet_state = "hidden"
    report = check_file(saved(book), "bank.xlsx")
    assert (report.total, codes(report)) == (1, [(None, "sheet_hidden")])


def test_a_sheet_without_keys_is_one_problem_not_many() -> None:
    assert codes(check_rows(["题型", "题干", "A", "B"], *[["单选", f"问{n}？", "甲", "乙"] for n in range(9)])) == [
        (None, "no_key_column")
    ]


def test_a_table_without_a_header_is_understood_by_what_stands_in_it() -> None:
    report = check_rows(
        ["单选题", "哪一个？", "红", "绿", "蓝", "紫", "B"],
        ["多选题", "哪些？", "红", "绿", "蓝", "紫", "AB"],
        ["判断题", "天是蓝的吗？", "", "", "", "", "对"],
    )
    assert [(q.row, q.content.key_as_letters) for q in report.questions] == [(1, ["B"]), (2, ["A", "B"]), (3, ["对"])]


def test_a_document_pasted_into_cells() -> None:
    report = check_rows(
        ["一、单选题"],
        ["1. 哪个？"],
        ["A. 红", "B. 绿", "C. 蓝"],
        ["答案：B"],
        ["2. 哪个呢？"],
        ["A. 红", "B. 绿", "C. 蓝"],
        ["答案：C"],
    )
    assert [(q.sheet, q.row, q.content.key_as_letters) for q in report.questions] == [
        ("Sheet1", 2, ["B"]),
        ("Sheet1", 5, ["C"]),
    ]


@pytest.mark.parametrize("name", ["计算机基础", "案例库", "综合"])
def test_names_that_merely_sound_like_a_kind_say_nothing(name: str) -> None:
    assert kinds(check_file(workbook(**{name: [PLAIN, ["问？", "甲", "乙", "", "", "A"]]}), f"{name}.xlsx")) == [
        "single_choice"
    ]


def test_rows_whose_options_are_letters_are_no_header() -> None:
    report = check_rows(
        WITH_KIND, ["单选题", "一？", "A", "B", "C", "D", "A"], ["单选题", "二？", "A", "B", "C", "D", "B"]
    )
    assert [q.row for q in report.questions] == [2, 3]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("单项选择题", "single_choice"),
        ("多选", "multiple_choice"),
        ("不定项选择题", "multiple_choice"),
        ("选择题", "multiple_choice"),
        ("MULTIPLE_CHOICE", "multiple_choice"),
        ("", "multiple_choice"),
    ],
)
def test_kinds_of_choice(word: str, kind: str) -> None:
    letters = "A" if kind == "single_choice" else "AB"
    assert kinds(one(word, "问？", "甲", "乙", "丙", "丁", letters)) == [kind]


@pytest.mark.parametrize("word", ["简答题", "论述", "案例分析题", "问答题"])
def test_written_kinds_are_kept_as_short_answer(word: str) -> None:
    report = one(word, "何为质量？", "", "", "", "", "满足要求的程度")
    assert (kinds(report), keys(report)) == (["short_answer"], [["满足要求的程度"]])


def test_the_legend_in_the_header_says_what_numbers_mean() -> None:
    report = check_rows(
        ["题型（0单选，1判断，2多选）", *PLAIN],
        [0, "甲？", "a", "b", "c", "d", "A"], [2, "乙？", "a", "b", "c", "d", "A"], [1, "丙。", "", "", "", "", "对"],
    )  # fmt: skip
    assert kinds(report) == ["single_choice", "multiple_choice", "true_false"]


def test_without_a_legend_numbers_mean_what_their_rows_look_like() -> None:
    report = check_rows(
        WITH_KIND,
        [2, "甲？", "a", "b", "c", "d", "A"], [3, "乙？", "a", "b", "c", "d", "AB"], [3, "丙？", "a", "b", "c", "d", "C"],
        [2, "戊？", "a", "b", "c", "d", "D"],
    )  # fmt: skip
    assert kinds(report) == ["single_choice", "multiple_choice", "multiple_choice", "single_choice"]


@pytest.mark.parametrize("word", ["匹配题", "排序题", "材料题"])
def test_kinds_we_have_not_are_named(word: str) -> None:
    assert codes(one(word, "问？", "a", "b", "", "", "A")) == [(2, "kind_not_supported")]


def test_contradictions_are_problems_not_guesses() -> None:
    assert codes(one("单选", "问？", "a", "b", "c", "d", "AB")) == [(2, "kind_and_key_disagree")]
    assert codes(one("判断", "问？", "a", "b", "c", "d", "A")) == [(2, "kind_and_options_disagree")]


def test_a_repeat_counts_as_a_duplicate_and_another_key_is_a_warning() -> None:
    again = [*SINGLE[:1], " 投诉举报电话是（　）。", *SINGLE[2:]]
    report = check_rows(HEADER, SINGLE, again, [*SINGLE[:6], "B", ""])
    assert (report.total, report.duplicates, [(w.row, w.code) for w in report.warnings]) == (
        2,
        1,
        [(4, "contradicts_row")],
    )


def test_another_model_answer_is_another_key() -> None:
    report = check_rows(
        ["题型", "题干", "答案"],
        ["简答", "什么是质量？", "满足要求的程度"],
        ["简答", "什么是质量？", "一组固有特性"],
        ["简答", "什么是质量？", "满足要求 的程度"],
        ["简答", "什么是质量？", ""],
    )
    assert (report.total, report.duplicates) == (3, 1)
    assert [(w.row, w.code) for w in report.warnings if w.code == "contradicts_row"] == [
        (3, "contradicts_row"),
        (5, "contradicts_row"),
    ]
