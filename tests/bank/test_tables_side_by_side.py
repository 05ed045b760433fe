"""Two tables or more beside each other in one sheet: each is read, or the sheet is named."""

from question_bank.check import AS_UNDERSTOOD, Choices, check_file
from question_bank.reading.choices import SheetChoice, TableChoice
from tests.workbooks import check_rows, codes, keys, kinds, options, workbook

CHOICE = ["题干", "A", "B", "答案"]
ONE, TWO = ["哪个是红的？", "血", "雪", "A"], ["哪个是白的？", "血", "雪", "B"]


def test_the_same_header_twice() -> None:
    half = ["题目", "答案"]
    report = check_rows([*half, "", *half], ["天是蓝的。", "对", "", "地是方的。", "错"], ["水是湿的。", "对"])
    assert [q.content.stem for q in report.questions] == ["天是蓝的。", "水是湿的。", "地是方的。"]
    assert (keys(report), report.problems) == ([["对"], ["对"], ["错"]], ())


def test_headers_that_differ_with_a_title_of_its_own_over_each() -> None:
    report = check_rows(
        ["一、单选题", "", "", "", "", "二、判断题"],
        [*CHOICE, "", "序号", "题目", "答案"],
        [*ONE, "", 1, "天是蓝的。", "√"],
        [*TWO, "", 2, "地是方的。", "×"],
    )
    assert kinds(report) == ["single_choice"] * 2 + ["true_false"] * 2
    assert (options(report)[:2], keys(report)) == ([["血", "雪"]] * 2, [["A"], ["B"], ["对"], ["错"]])


def test_names_of_kinds_over_the_stems() -> None:
    report = check_rows(["单选题", *CHOICE[1:], "判断题", "答案"], [*ONE, "天是蓝的。", "对"])
    assert (kinds(report), report.problems) == (["single_choice", "true_false"], ())


def test_without_a_header() -> None:
    report = check_rows(
        ["天空是蓝色的。", "对", "大地是方形的。", "错"], ["河水是湿润的。", "对", "火焰是冰冷的。", "错"]
    )
    assert (keys(report), report.problems) == ([["对"], ["对"], ["错"], ["错"]], ())


def test_a_title_and_its_text_are_one_table() -> None:
    report = check_rows(["标题", "答案", "内容", "正确答案"], ["颜色", "A", "天是蓝的。", "对"])
    assert report.total <= 1


def test_below_another_table_they_are_named() -> None:
    report = check_rows(
        [*CHOICE, "难度"], [*ONE, "易"], ["题目", "答案", "题目", "答案"], ["天是蓝的。", "对", "地是方的。", "错"]
    )
    assert (3, "tables_side_by_side") in codes(report)


def test_they_are_named_where_a_person_says_which_row_is_the_header() -> None:
    data = workbook([["题目", "答案", "题目", "答案"], ["天是蓝的。", "对", "地是方的。", "错"]])
    chosen = Choices({"Sheet1": SheetChoice(tables=(TableChoice(1),))})
    assert codes(check_file(data, "x.xlsx", chosen)) == [(1, "tables_side_by_side")]
    assert check_file(data, "x.xlsx", AS_UNDERSTOOD).total == 2
