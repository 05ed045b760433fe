# ruff: noqa: E501  (samples stand as they come)
"""Workbooks as people lay them out: where the header stands, what its columns mean, how keys are written."""

from datetime import date
from typing import Any

import pytest

from question_bank.check import Report, check_file
from tests.workbooks import (
    HEADER,
    JUDGEMENT,
    SEVERAL,
    SINGLE,
    check_rows,
    codes,
    csv_file,
    keys,
    kinds,
    warned,
    workbook,
)

PLAIN = ["题干", "A", "B", "C", "D", "答案"]
WITH_KIND = ["题型", *PLAIN]


def one(*cells: Any, header: list[str] = WITH_KIND) -> Report:
    return check_rows(header, cells)


def options(report: Report) -> list[list[str]]:
    return [list(question.content.options) for question in report.questions]


# --- header ----------------------------------------------------------------------------------------------------------


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


# --- kinds -----------------------------------------------------------------------------------------------------------


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


# --- keys ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "key",
    ["AC", "A,C", "A，C", "A;C", "A|C", "A、C", "A C", "A.C", "ＡＣ", "ac", '["A","C"]', "['A', 'C']", "红,蓝", "红；蓝", "1,3",
     "答案：AC", "AC（多选）", "A. 红;C. 蓝"],
)  # fmt: skip
def test_keys_of_choice_in_every_form(key: str) -> None:
    assert keys(one("多选", "哪些？", "红", "绿", "蓝", "紫", key)) == [["A", "C"]]


@pytest.mark.parametrize("key", ["B", "b.", "绿", "B. 绿", "B 章节测验 已完成", "2"])
def test_keys_of_single_choice(key: str) -> None:
    assert keys(one("单选", "哪个？", "红", "绿", "蓝", "紫", key)) == [["B"]]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "key_missing"),
        ("E", "key_not_among_options"),
        ("黑", "key_not_among_options"),
        ("7", "key_not_among_options"),
    ],
)
def test_keys_that_mean_no_option_are_problems(key: str, code: str) -> None:
    assert codes(one("单选", "哪个？", "红", "绿", "蓝", "紫", key)) == (
        [(2, code)] if key else [(None, "no_key_column")]
    )


def test_a_missing_key_is_named_by_its_row_and_column() -> None:
    report = check_rows(HEADER, SINGLE, [*SEVERAL[:6], "", ""])
    problem = report.problems[0]
    assert (problem.sheet, problem.row, problem.column, problem.code) == ("Sheet1", 3, "答案", "key_missing")


def test_a_number_that_is_both_a_place_and_a_text_is_a_problem() -> None:
    assert codes(one("单选", "几个？", 2, 3, 4, 5, 3)) == [(2, "key_ambiguous")]


def test_where_the_other_keys_are_letters_a_number_is_a_text() -> None:
    report = check_rows(
        WITH_KIND, *[["单选", f"{n}？", "x", "y", "z", "w", "A"] for n in range(4)], ["单选", "几个？", 2, 3, 4, 5, 3]
    )
    assert keys(report)[-1] == ["B"]


def test_numbers_count_from_zero_where_a_zero_is_among_them() -> None:
    report = check_rows(WITH_KIND, ["单选", "一？", "a", "b", "c", "d", 0], ["单选", "二？", "a", "b", "c", "d", 3])
    assert keys(report) == [["A"], ["D"]]


TRUE_WORDS = ["对", "正确", "是", "√", "✓", "T", "TRUE", True, "Y", 1, "A", "对。", "对 章节测验 已完成"]
FALSE_WORDS = ["错", "错误", "否", "×", "✗", "F", "FALSE", False, "N", 0, "B", "错误，应为三年"]


@pytest.mark.parametrize(("word", "verdict"), [*((w, "对") for w in TRUE_WORDS), *((w, "错") for w in FALSE_WORDS)])
def test_verdicts_in_every_form(word: Any, verdict: str) -> None:
    assert keys(check_rows(["题型", "题干", "答案"], ["判断题", "天是蓝的。", word])) == [[verdict]]


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        (["错", "对", "", "", "A"], "错"),
        (["错误", "正确", "", "", "B"], "对"),
        (["", "", "对", "错", "C"], "对"),
        (["", "", "对", "错", "D"], "错"),
        (["对", "错", "", "", "错"], "错"),
        (["A. 错", "B. 对", "", "", "B"], "对"),
    ],
)
def test_a_letter_means_the_option_it_points_at_even_reversed(cells: list[str], verdict: str) -> None:
    assert keys(one("判断", "天是蓝的。", *cells)) == [[verdict]]


def test_a_legend_can_turn_one_and_zero_round() -> None:
    assert keys(check_rows(["题型", "题干", "答案（0对1错）"], ["判断", "甲。", 0], ["判断", "乙。", 1])) == [
        ["对"],
        ["错"],
    ]


def test_verdicts_one_and_two_without_a_legend_are_problems() -> None:
    assert codes(check_rows(["题型", "题干", "答案"], ["判断", "甲。", 1], ["判断", "乙。", 2])) == [
        (2, "verdict_unclear"),
        (3, "verdict_unclear"),
    ]


@pytest.mark.parametrize(
    ("stem", "shown", "key"),
    [
        ("由(AC)组成", "由(  )组成", ["A", "C"]),
        ("下列（ B ）是", "下列（  ）是", ["B"]),
        ("正确的是__D__。", "正确的是____。", ["D"]),
    ],
)
def test_a_key_inside_the_stem_is_taken_out_of_it(stem: str, shown: str, key: list[str]) -> None:
    report = check_rows(["题干", "A", "B", "C", "D"], [stem, "甲", "乙", "丙", "丁"])
    assert ([q.content.stem for q in report.questions], keys(report)) == ([shown], [key])


# --- options ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    ["A.红 B.绿 C.蓝", "A.红\nB.绿\nC.蓝", "A、红B、绿C、蓝", "红|绿|蓝", "红 | 绿 | 蓝", "红$;$绿$;$蓝", "红；绿；蓝", "红/绿/蓝", "红&绿&蓝",
     "红,绿,蓝", "红\n绿\n蓝", '["红","绿","蓝"]', '["A.红","B.绿","C.蓝"]', '{"A":"红","B":"绿","C":"蓝"}', "Ａ．红 Ｂ．绿 Ｃ．蓝"],
)  # fmt: skip
def test_options_in_one_cell(cell: str) -> None:
    report = check_rows(["题干", "选项", "答案"], ["哪个？", cell, "B"], ["哪个呢？", cell, "C"])
    assert options(report) == [["红", "绿", "蓝"]] * 2


def test_options_inside_the_stem() -> None:
    report = check_rows(["题目", "答案"], ["哪个？\nA. 红\nB. 绿\nC. 蓝", "B"])
    assert (report.questions[0].content.stem, options(report)) == ("哪个？", [["红", "绿", "蓝"]])


def test_options_in_the_rows_below() -> None:
    report = check_rows(
        ["题干", "选项", "答案"],
        ["哪个？", "A. 红", "B"],
        ["", "B. 绿", ""],
        ["哪些？", "A. 一", "AB"],
        ["", "B. 二", ""],
    )
    assert (options(report), keys(report)) == ([["红", "绿"], ["一", "二"]], [["B"], ["A", "B"]])


def test_labels_before_options_are_taken_off() -> None:
    assert options(one("单选", "哪个？", "A.红", "B、绿", "C: 蓝", "D）紫", "A")) == [["红", "绿", "蓝", "紫"]]


def test_a_letter_that_stands_twice_means_nothing() -> None:
    header, cell = ["题干", "选项", "答案"], "A.红\nB.绿\nC.蓝\nC.紫"
    assert keys(check_rows(header, ["哪个？", cell, "B"])) == [["B"]]
    assert codes(check_rows(header, ["哪个？", cell, "C"])) == [(2, "key_not_among_options")]
    assert codes(check_rows(header, ["哪个？", cell, "D"])) == [(2, "key_not_among_options")]


def test_a_gap_among_the_options_is_named() -> None:
    assert codes(one("单选", "哪个？", "红", "", "蓝", "紫", "C")) == [(2, "option_empty")]


def test_code_and_html_survive() -> None:
    report = one("单选", "输出 <b>a[3]</b> && b|c？", "<h1>", "&lt;", "a, b", "A|B", "B")
    assert report.questions[0].content.stem == "输出 <b>a[3]</b> && b|c？"
    assert options(report) == [["<h1>", "&lt;", "a, b", "A|B"]]


# --- numbers as Excel shows them -------------------------------------------------------------------------------------


def test_numbers_and_dates_come_out_as_excel_shows_them() -> None:
    data = workbook(
        [PLAIN, ["几？", 0.2, 0.9791666667, date(2026, 6, 30), 2, "A"], ["几几？", 12315, 0.125, 1234.5, 3.0, "A"]],
        formats={"B2": "0%", "C2": "h:mm", "D2": 'm"月"d"日"', "C3": "0.0%", "D3": "#,##0.00"},
    )
    assert options(check_file(data, "x.xlsx")) == [
        ["20%", "23:30", "6月30日", "2"],
        ["12315", "12.5%", "1,234.50", "3"],
    ]


def test_options_that_are_equal_when_rounded_keep_their_digits() -> None:
    data = workbook([PLAIN, ["几？", 0.1234, 0.1231, 0.5, "", "A"]], formats={"B2": "0.00", "C2": "0.00"})
    assert options(check_file(data, "x.xlsx")) == [["0.1234", "0.1231", "0.5"]]


def test_a_choice_of_several_blanks_and_several_texts() -> None:
    report = check_rows(
        ["题型", "题干", "A", "B", "答案"],
        ["填空", "电话是____。", "", "", 12315],
        ["填空", "有____和____。", "", "", "诚信；责任|||担当"],
        ["填空", "在____和____。", "甲", "乙", ""],
        ["填空", "是____。", "丙", "", "A"],
        ["填空", "组播是____。", "", "", "FF00::/8"],
        ["简答", "为何？", "因为", "", "A"],
    )
    assert keys(report) == [
        [["12315"]],
        [["诚信"], ["责任", "担当"]],
        [["甲"], ["乙"]],
        [["丙"]],
        [["FF00::/8"]],
        ["因为"],
    ]


# --- duplicates ------------------------------------------------------------------------------------------------------


def test_a_repeat_counts_as_a_duplicate_and_another_key_is_a_warning() -> None:
    again = [*SINGLE[:1], " 投诉举报电话是（　）。", *SINGLE[2:]]
    report = check_rows(HEADER, SINGLE, again, [*SINGLE[:6], "B", ""])
    assert (report.total, report.duplicates, [(w.row, w.code) for w in report.warnings]) == (
        2,
        1,
        [(4, "contradicts_row")],
    )


# --- csv and tables under other names --------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_csv_in_any_encoding(encoding: str, separator: str) -> None:
    report = check_file(csv_file([HEADER, SINGLE, JUDGEMENT], encoding, separator), "bank.csv")
    assert [(q.sheet, q.row, q.content.kind.value) for q in report.questions] == [
        ("", 2, "single_choice"),
        ("", 3, "true_false"),
    ]


def test_csv_with_single_quotes_and_line_breaks_inside() -> None:
    text = "'题干','A','B','C','答案'\n'第一行\n第二行','甲, 乙','丙','丁','A'\n'问','1','2','3','C'\n"
    report = check_file(text.encode(), "bank.csv")
    assert [(q.row, q.content.stem, q.content.options[0]) for q in report.questions] == [
        (2, "第一行\n第二行", "甲, 乙"),
        (3, "问", "1"),
    ]


def test_csv_without_a_header() -> None:
    rows = [
        ["1", "哪一个是投诉电话？", "12315", "12345", "A"],
        ["2", "哪一个是火警电话？", "119", "110", "A"],
        ["3", "哪一个是报警电话？", "119", "110", "B"],
    ]
    assert keys(check_file(csv_file(rows), "bank.csv")) == [["A"], ["A"], ["B"]]


def test_an_xls_that_is_really_html() -> None:
    table = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEADER, SINGLE])
    assert keys(check_file(f"<html><body><table>{table}</table></body></html>".encode(), "bank.xls")) == [["A"]]


def test_an_xls_that_is_really_xml() -> None:
    def row(cells: list[str]) -> str:
        return "<Row>" + "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in cells) + "</Row>"

    space = "urn:schemas-microsoft-com:office:spreadsheet"
    xml = (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Worksheet ss:Name="题目"><Table>'
        f"{row(HEADER)}{row(SINGLE)}</Table></Worksheet></Workbook>"
    )
    report = check_file(xml.encode(), "bank.xls")
    assert [(q.sheet, q.row) for q in report.questions] == [("题目", 2)]


def test_the_ending_does_not_matter() -> None:
    assert check_file(workbook([HEADER, SINGLE]), "bank.xls").total == 1
    assert check_file(workbook([HEADER, SINGLE]), "bank.txt").total == 1


def test_a_csv_record_broken_inside_its_stem() -> None:
    text = "序号,题干,A,B,答案\n1,第一行\n第二行,甲,乙,A\n2,问？,丙,丁,B\n"
    report = check_file(text.encode(), "bank.csv")
    assert [(q.row, q.content.stem, q.content.key_as_letters) for q in report.questions] == [
        (2, "第一行\n第二行", ["A"]),
        (4, "问？", ["B"]),
    ]


def test_short_csv_records_stay_apart() -> None:
    text = "题型,题干,A,B,C,D,答案\n判断,甲。,,,,,对\n判断,乙。\n判断,丙。,,,,,错\n"
    report = check_file(text.encode(), "bank.csv")
    assert ([q.row for q in report.questions], codes(report)) == ([2, 4], [(3, "key_missing")])


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


def test_a_letter_without_options_and_without_a_kind_is_no_judgement() -> None:
    assert codes(check_rows(["题目", "答案"], ("哪个是对的？", "A"))) == [(2, "options_missing")]


def test_judgements_of_a_named_sheet_keyed_1_and_2_say_nothing() -> None:
    data = workbook(判断题=[["题干", "答案"], ["天是蓝的", 1], ["地是平的", 2]])
    assert codes(check_file(data, "bank.xlsx")) == [(2, "verdict_unclear"), (3, "verdict_unclear")]


@pytest.mark.parametrize(
    ("key", "letters"), [("Option B", ["B"]), ("选项B", ["B"]), ("option c", ["C"]), ("B and C", ["B", "C"])]
)
def test_keys_that_say_option_before_the_letter(key: str, letters: list[str]) -> None:
    header = ["Question", "Option A", "Option B", "Option C", "Answer"]
    assert keys(check_rows(header, ("Which?", "red", "green", "blue", key))) == [letters]
