# ruff: noqa: E501  (samples stand as they come)
"""Word documents as people lay them out: tables of many kinds, keys apart from the questions, keys set off by their look."""

from xml.sax.saxutils import escape

import pytest

from question_bank.check import Report, check_file
from tests.workbooks import document, keys, kinds

BOLD, RED = "<w:b/>", '<w:color w:val="FF0000"/>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def lines(*texts: str) -> str:
    return "".join(f"<w:p>{text if text.startswith('<') else run(text)}</w:p>" for text in texts)


def table(*rows: list[str | list[str]]) -> str:
    """A table; a cell of several paragraphs is a list."""
    cells = [[lines(*cell) if isinstance(cell, list) else lines(cell) for cell in row] for row in rows]
    return (
        "<w:tbl>" + "".join(f"<w:tr>{''.join(f'<w:tc>{c}</w:tc>' for c in row)}</w:tr>" for row in cells) + "</w:tbl>"
    )


def read(*blocks: str) -> Report:
    return check_file(document(*blocks), "bank.docx")


def options(report: Report) -> list[list[str]]:
    return [list(question.content.options) for question in report.questions]


def four(mark: str = "（  ）") -> list[str]:
    return [line for n in range(1, 5) for line in (f"{n}. 第 {n} 个问题{mark}", "A.甲 B.乙 C.丙 D.丁")]


def test_a_document_that_holds_nothing_but_a_table() -> None:
    report = read(
        table(
            ["题型", "题目", "A", "B", "C", "答案"],
            ["单选题", "哪一月？", "七月", "八月", "九月", "C"],
            ["", "哪一日？", "一日", "二日", "三日", "A"],
            ["判断题", "天是蓝的。", "", "", "", "对"],
        )
    )
    assert (kinds(report), keys(report)) == (["single_choice", "single_choice", "true_false"], [["C"], ["A"], ["对"]])


def test_options_in_one_cell_of_a_table_each_a_paragraph() -> None:
    report = read(table(["序号", "题目", "选项", "答案"], ["1", "哪一月？", ["A.八月", "B.九月"], "B"]))
    assert (options(report), keys(report)) == ([["八月", "九月"]], [["B"]])


def test_a_table_for_each_question_with_the_names_on_the_left() -> None:
    one = table(["题干", "哪一月？"], ["选项A", "八月"], ["选项B", "九月"], ["答案", "B"])
    two = table(["题干", "哪一日？"], ["选项A", "一日"], ["选项B", "二日"], ["答案", "A"])
    report = read(one, two)
    assert (options(report), keys(report)) == ([["八月", "九月"], ["一日", "二日"]], [["B"], ["A"]])


def test_options_laid_out_in_a_table_below_the_stem() -> None:
    report = read(lines("1. 哪一月（ B ）"), table(["A.八月", "B.九月"], ["C.十月", "D.五月"]))
    assert (options(report), keys(report)) == ([["八月", "九月", "十月", "五月"]], [["B"]])


@pytest.mark.parametrize(
    "rows",
    [
        [["题号", "1", "2", "3", "4"], ["答案", "A", "B", "C", "D"]],
        [["题号", "1", "2"], ["答案", "A", "B"], ["题号", "3", "4"], ["答案", "C", "D"]],
        [["题号", "答案"], ["1", "A"], ["2", "B"], ["3", "C"], ["4", "D"]],
        [["题号", "答案", "题号", "答案"], ["1", "A", "3", "C"], ["2", "B", "4", "D"]],
    ],
)
@pytest.mark.parametrize("title", [[], ["参考答案"]])
def test_a_table_of_keys_at_the_end(rows: list[list[str | list[str]]], title: list[str]) -> None:
    report = read(lines("一、单选题", *four(), *title), table(*rows))
    assert (keys(report), report.problems) == ([["A"], ["B"], ["C"], ["D"]], ())


def test_a_table_of_other_numbers_is_no_table_of_keys() -> None:
    report = read(lines("一、单选题", *four("（B）")), table(["年份", "2024", "2025"], ["产量", "A", "B"]))
    assert (keys(report), [problem.code for problem in report.problems]) == ([["B"]] * 3, ["bare_number"])


def test_only_the_letter_of_the_right_option_is_set_off() -> None:
    blocks = [
        lines(f"{n}. 问题", "A. 甲", run("B", BOLD) + run(". 乙"), "C. 丙").replace("问题", f"问题 {n}")
        for n in (1, 2, 3)
    ]
    assert keys(read(*blocks)) == [["B"]] * 3


def test_a_colour_is_no_key_where_keys_are_written() -> None:
    """A learner's choice in red, the key below."""
    blocks = [
        lines(f"{n}. 问题 {n}", "A. 甲", run("B. 乙", RED), "C. 丙", f"正确答案：{key}")
        for n, key in enumerate("ABC", 1)
    ]
    assert keys(read(*blocks)) == [["A"], ["B"], ["C"]]


def test_an_answer_in_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{lines('答案：B')}</w:txbxContent>"
    both = (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
    )
    report = read(lines("1. 哪一月？", "A. 八月", "B. 九月", both, "2. 哪一日？", "A. 一日", "B. 二日", "答案：A"))
    assert (keys(report), report.problems) == ([["B"], ["A"]], ())


def test_a_table_of_questions_without_a_header() -> None:
    rows = [[str(n), f"第 {n} 个问题", ["A.甲", "B.乙", "C.丙"], key] for n, key in ((1, "B"), (2, "C"), (3, "AC"))]
    report = read(table(*rows))
    assert (options(report), keys(report)) == ([["甲", "乙", "丙"]] * 3, [["B"], ["C"], ["A", "C"]])


def test_a_table_of_keys_parted_by_headings() -> None:
    keys_below = table(
        ["一、单选题", "", ""],
        ["题号", "1", "2"],
        ["答案", "A", "C"],
        ["二、判断题", "", ""],
        ["题号", "1", "2"],
        ["答案", "√", "×"],
    )
    report = read(*lines_of_two_sections(), "参考答案", keys_below)
    assert (keys(report), report.problems) == ([["A"], ["C"], ["对"], ["错"]], ())


def lines_of_two_sections() -> list[str]:
    choice = [line for n in (1, 2) for line in (f"{n}. 第 {n} 个问题（ ）", "A.甲 B.乙 C.丙")]
    return ["一、单选题", *choice, "二、判断题", "1. 天是蓝的。", "2. 地是方的。"]


def test_the_heading_above_a_table_gives_its_kind() -> None:
    report = read(lines("一、多选题"), table(["题干", "选项", "答案"], ["哪些？", "A.红 B.绿 C.蓝", "A"]))
    assert (kinds(report), keys(report)) == (["multiple_choice"], [["A"]])


def test_questions_in_blocks_of_name_and_value_in_one_table() -> None:
    one, two = (
        (["题目", "哪个是红的？"], ["选项", "A.血 B.雪"], ["答案", "A"]),
        (["题目", "天是蓝的。"], ["答案", "对"]),
    )
    report = read(table(*one, *two))
    assert (kinds(report), keys(report)) == (["single_choice", "true_false"], [["A"], ["对"]])


@pytest.mark.parametrize(
    "rows", [[["题号", "1", "2"], ["答案", "", ""]], [["题号", "一", "二", "总分"], ["得分", "", "", ""]]]
)
def test_a_table_to_be_filled_in_is_part_of_no_question(rows: list[list[str | list[str]]]) -> None:
    report = read(lines("一、单选题", *four("（B）")), table(*rows), lines("二、判断题", "1. 天是蓝的。（√）"))
    assert (options(report)[3], keys(report), report.problems) == (["甲", "乙", "丙", "丁"], [["B"]] * 4 + [["对"]], ())
