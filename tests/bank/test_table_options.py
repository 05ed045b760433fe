# ruff: noqa: E501  (samples stand as they come)
"""Options in columns, in one cell, in the stem, in rows."""

import pytest

from tests.workbooks import check_rows, codes, keys, one, options


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
