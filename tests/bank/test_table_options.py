# ruff: noqa: E501  (samples stand as they come)
"""Options in columns, in one cell, in the stem, in rows."""

from typing import Any

import pytest

from tests.workbooks import PLAIN, check_rows, codes, keys, kinds, one, options


@pytest.mark.parametrize(
    "cell",
    ["A.红 B.绿 C.蓝", "A.红\nB.绿\nC.蓝", "A、红B、绿C、蓝", "红|绿|蓝", "红 | 绿 | 蓝", "红$;$绿$;$蓝", "红；绿；蓝", "红/绿/蓝", "红&绿&蓝",
     "红,绿,蓝", "红\n绿\n蓝", '["红","绿","蓝"]', '["A.红","B.绿","C.蓝"]', '{"A":"红","B":"绿","C":"蓝"}', "Ａ．红 Ｂ．绿 Ｃ．蓝",
     "A红;B绿;C蓝", "A-红,B-绿,C-蓝", "（A）红（B）绿（C）蓝", "【A】红【B】绿【C】蓝", "a.红\nb.绿\nc.蓝"],
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


@pytest.mark.parametrize(
    ("cell", "key"),
    [
        ("①红 ②绿 ③蓝", "②"), ("A.红\n绿\nC.蓝", "B"), ("1.红\n2.绿\n3.蓝", "2"), ("a) 红 b) 绿 c) 蓝", "b"), ("A、红;B、绿;C、蓝", "B"),
        ("红┋绿┋蓝", "绿"),
    ],
)  # fmt: skip
def test_options_in_one_cell_under_other_marks(cell: str, key: str) -> None:
    report = check_rows(["题干", "选项", "答案"], ["哪个？", cell, key], ["哪个呢？", cell, key])
    assert (options(report), keys(report)) == ([["红", "绿", "蓝"]] * 2, [["B"]] * 2)


def test_separators_may_differ_within_a_column() -> None:
    cells = ["红|绿|蓝", "红;绿;蓝", "A.红 B.绿 C.蓝", "红\n绿\n蓝"]
    report = check_rows(["题干", "选项", "答案"], *[[f"第{n}题？", cell, "C"] for n, cell in enumerate(cells)])
    assert options(report) == [["红", "绿", "蓝"]] * 4


@pytest.mark.parametrize(
    ("stem", "read", "key"), [("天是蓝的吗？A.对 B.错", [], ["对"]), ("选哪个？ A.甲 B.乙", ["甲", "乙"], ["A"])]
)
def test_two_options_inside_the_stem(stem: str, read: list[str], key: list[str]) -> None:
    report = check_rows(["题目", "答案"], [stem, "A"])
    assert (options(report), keys(report)) == ([read], [key])


def test_x_and_y_are_options_not_verdicts() -> None:
    report = check_rows(["题干", "A", "B", "答案"], ["横轴是？", "x", "y", "A"], ["纵轴是？", "x", "y", "B"])
    assert (options(report), keys(report)) == ([["x", "y"]] * 2, [["A"], ["B"]])


def test_answers_in_the_option_columns_of_the_only_blank_are_all_accepted() -> None:
    report = check_rows(
        ["题型", "题干", "A", "B", "答案"], ["填空", "是____。", "甲", "乙", ""], ["填空", "有____。", "丙", "", ""]
    )
    assert keys(report) == [[["甲", "乙"]], [["丙"]]]


def test_letters_that_alone_tell_options_apart_are_theirs() -> None:
    report = check_rows(["题干", "选项", "答案"], ["哪级？", "A级;B级;C级", "B"], ["哪类？", "A类;B类;C类", "C"])
    assert options(report) == [["A级", "B级", "C级"], ["A类", "B类", "C类"]]


@pytest.mark.parametrize(
    ("header", "first", "below"),
    [
        (["题号", "题目", "答案"], ["1", "哪个？", "B"], [["", "A.红", ""], ["", "B.绿", ""], ["", "C.蓝", ""]]),
        (
            ["题号", "", "题目", "答案"],
            ["1", "", "哪个？", "B"],
            [["", "A", "红", ""], ["", "B", "绿", ""], ["", "C", "蓝", ""]],
        ),
    ],
)
def test_options_below_the_stem_in_its_own_column(header: list[str], first: list[str], below: list[list[str]]) -> None:
    report = check_rows(header, first, *below, ["2", *first[1:]], *below[:2])
    assert (options(report), keys(report)) == ([["红", "绿", "蓝"], ["红", "绿"]], [["B"], ["B"]])
    assert [(question.row, question.content.stem) for question in report.questions] == [(2, "哪个？"), (6, "哪个？")]


def test_a_stem_that_begins_with_a_letter_is_no_option_of_the_one_above() -> None:
    report = check_rows(
        ["题目", "答案"], ["天是蓝的。", "对"], ["A. 类火灾最常见。", "错"], ["B. 类火灾最少见。", "错"]
    )
    assert keys(report) == [["对"], ["错"], ["错"]]


@pytest.mark.parametrize(
    ("header", "question", "below"),
    [
        (["题号", "题目", "答案"], [1, "哪个？", "B"], [["", "A. 红  B. 绿  C. 蓝"]]),
        (["题号", "题目", "答案"], [1, "哪个？", "B"], [["", "A. 红  B. 绿"], ["", "C. 蓝"]]),
        (["题号", "题目", "答案"], [1, "哪个？", ""], [["", "A. 红  B. 绿  C. 蓝", "B"]]),
        (["题号", "题目", "", "", "答案"], [1, "哪个？", "", "", "B"], [["", "A. 红", "B. 绿", "C. 蓝"]]),
    ],
)
def test_several_options_in_the_row_below_the_stem(header: list[str], question: list[Any], below: list[Any]) -> None:
    report = check_rows(header, question, *below, [2, "地是方的。", *question[2:-1], "错"])
    assert (options(report), keys(report), report.problems) == ([["红", "绿", "蓝"], []], [["B"], ["错"]], ())


def test_options_that_go_on_below_without_letters_are_named() -> None:
    report = check_rows(
        ["序号", "题干", "A", "B", "答案"],
        [1, "哪个？", "红", "绿", "B"],
        ["", "", "蓝", "黄", ""],
        [2, "哪个呢？", "红", "绿", "B"],
    )
    assert (keys(report), codes(report)) == ([["B"]], [(2, "options_torn"), (3, "stem_missing")])


def test_a_stem_that_goes_on_below_is_named_and_a_chapter_is_none() -> None:
    header = ["序号", "题干", "A", "B", "答案"]
    report = check_rows(
        header,
        [1, "下列颜色中", "红", "绿", "B"],
        ["", "哪个是草的颜色？"],
        [2, "哪个呢", "红", "绿", "A"],
        ["", "第二章 颜色"],
    )
    assert keys(report) == [["A"]]
    assert codes(report)[:2] == [(2, "stem_torn"), (3, "kind_unknown")]


def test_a_letter_that_some_options_have_lost() -> None:
    assert options(check_rows(PLAIN, ["哪个？", "A. 红", "绿", "C. 蓝", "", "B"])) == [["红", "绿", "蓝"]]
    alone = ["哪家？", "A.O.史密斯", "美的", "海尔", "", "B"]
    assert options(check_rows(PLAIN, alone)) == [["A.O.史密斯", "美的", "海尔"]]


@pytest.mark.parametrize(
    "marked",
    [
        (["红", "绿（√）", "蓝"], ["上（正确答案）", "中", "下"]),
        (["红", "绿√", "蓝"], ["上 ✓", "中", "下"]),
        (["□红", "☑绿", "□蓝"], ["☑上", "□中", "□下"]),
        (["A. □红", "B. ☑绿", "C. □蓝"], ["A. ☑上", "B. □中", "C. □下"]),
    ],
)
def test_a_mark_in_the_text_of_the_right_option(marked: tuple[list[str], list[str]]) -> None:
    header, (one, two) = ["题干", "A", "B", "C"], marked
    report = check_rows(header, ["哪个？", *one], ["哪里？", *two])
    assert (options(report), keys(report)) == ([["红", "绿", "蓝"], ["上", "中", "下"]], [["B"], ["A"]])
    stated = check_rows([*header, "答案"], ["哪个？", *one, "B"], ["哪里？", *two, "C"])
    assert (options(stated), codes(stated)) == ([["红", "绿", "蓝"]], [(3, "keys_disagree")])


def test_a_mark_that_some_questions_lack_is_part_of_the_text() -> None:
    rows = [["哪个？", "红", "绿（正确）", "B"], ["哪里？", "上", "下", "A"]]
    assert options(check_rows(["题干", "A", "B", "答案"], *rows)) == [["红", "绿（正确）"], ["上", "下"]]


@pytest.mark.parametrize("kind", ["多选题", "填空题", "简答题"])
def test_a_key_that_goes_on_below_is_named(kind: str) -> None:
    row = [kind, "城市质量精神有____和____。", *(["诚信", "责任"] if kind == "多选题" else ["", ""])]
    report = check_rows(
        ["题型", "题干", "A", "B", "答案"], [*row, "A"], ["", "", "", "", "B"], ["判断题", "天是蓝的。", "", "", "对"]
    )
    assert (keys(report), codes(report)) == ([["对"]], [(2, "key_torn")])


def test_an_explanation_that_goes_on_below_is_kept() -> None:
    report = check_rows(
        ["题干", "答案", "解析"], ["天是蓝的。", "对", "看得见，"], ["", "", "摸不着。"], ["地是方的。", "错", ""]
    )
    assert [question.content.explanation for question in report.questions] == ["看得见，\n摸不着。", ""]


def test_questions_about_a_text_beside_them_are_named() -> None:
    header = ["题型", "材料", "题干", "A", "B", "答案"]
    report = check_rows(
        header,
        ["单选题", "", "哪个？", "红", "绿", "A"],
        ["单选题", "阅读材料。", "第一问？", "一", "二", "A"],
        ["单选题", "", "第二问？", "一", "二", "B"],
    )
    assert (keys(report), codes(report)) == ([["A"]], [(3, "shared_material"), (4, "shared_material")])
    parts = ["大题题干", "小题题干", "正确答案", "选项A", "选项B"]
    report = check_rows(parts, ["哪个？", "", "A", "红", "绿"], ["阅读材料。", "第一问？", "B", "一", "二"])
    assert (keys(report), codes(report)) == ([["A"]], [(3, "shared_material")])


def test_the_second_half_of_a_question_is_no_question() -> None:
    report = check_rows(
        ["序号", "题干", "答案"], [1, "经营者应当", ""], ["", "开具发票。", "对"], [2, "天是蓝的。", "对"]
    )
    assert (keys(report), codes(report)) == ([["对"]], [(2, "kind_unknown"), (3, "stem_torn")])


def test_options_in_rows_below_are_no_questions_where_a_kind_speaks_for_the_rows_below() -> None:
    report = check_rows(
        ["题型", "题干", "答案"],
        ["单选题", "投诉举报电话是（ ）。", "B"],
        *[["", "A. 12345", ""], ["", "B. 12315", ""]],
        ["", "质量月是（ ）月。", "A"],
        *[["", "A. 九", ""], ["", "B. 十", ""]],
        ["判断题", "水是湿的。", "A"],
        *[["", "A. 正确", ""], ["", "B. 错误", ""]],
        ["", "火是冷的。", "B"],
        *[["", "A. 正确", ""], ["", "B. 错误", ""]],
    )
    assert (kinds(report), keys(report)) == (
        ["single_choice"] * 2 + ["true_false"] * 2,
        [["B"], ["A"], ["对"], ["错"]],
    )
