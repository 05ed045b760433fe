"""Questions on one sheet and their keys on another: joined by number, or each question named."""

from typing import Any

import pytest

from question_bank.check import Choices, Report, check_file
from question_bank.reading.choices import SheetChoice
from tests.workbooks import check_rows, hiding, warned, workbook

HEADER = ["题号", "题型", "题干", "A", "B", "C"]
QUESTIONS = [
    HEADER,
    [1, "单选题", "投诉举报电话是（ ）。", "12345", "12315", "12306"],
    [2, "多选题", "城市质量精神有（ ）。", "诚信", "随意", "责任"],
    [3, "判断题", "经营者应当开具发票。", "", "", ""],
]
ALL = [["B"], ["A", "C"], ["对"]]
CHOICES = [["题号", "题干", "A", "B"], [1, "哪个是红的？", "血", "雪"], [2, "哪个是白的？", "血", "雪"]]
VERDICTS = [["题号", "题干"], [1, "天是蓝的。"], [2, "地是方的。"]]


def read(keys: list[list[Any]], questions: list[list[Any]] = QUESTIONS, name: str = "答案") -> Report:
    return check_file(workbook(**{"题目": questions, name: keys}), "x.xlsx")


def keys(report: Report) -> list[Any]:
    return [question.content.key_as_letters for question in report.questions]


def codes(report: Report) -> list[tuple[str, int | None, str]]:
    return [(problem.sheet, problem.row, problem.code) for problem in report.problems]


@pytest.mark.parametrize(
    "sheet",
    [
        [["题号", "答案"], [1, "B"], [2, "AC"], [3, "√"]],
        [["知识竞赛参考答案"], ["序号", "正确答案"], ["3.", "√"], ["第1题", "B"], ["02", "A、C"]],
        [["题号", "答案", "题号", "答案"], [1, "B", 3, "√"], [2, "AC"]],
        [["题号", 1, 2, 3], ["答案", "B", "AC", "√"]],
        [[1, "B"], [2, "AC"], [3, "√"]],
        [["1-2：B AC"], ["3、√"]],
    ],
)  # fmt: skip
def test_keys_are_joined_by_the_number_of_their_question(sheet: list[list[Any]]) -> None:
    report = read(sheet)
    assert (keys(report), report.problems) == (ALL, ())
    assert [(q.sheet, q.row) for q in report.questions] == [("题目", 2), ("题目", 3), ("题目", 4)]
    assert [warning.code for warning in report.warnings] == ["keys_joined"]


def test_an_empty_column_of_keys_is_filled_and_explanations_come_along() -> None:
    questions = [[*QUESTIONS[0], "答案"], *QUESTIONS[1:]]
    report = read([["题号", "答案", "解析"], [1, "B", "依据目录"], [2, "AC", ""], [3, "√", ""]], questions)
    assert (keys(report), [q.content.explanation for q in report.questions]) == (ALL, ["依据目录", "", ""])


@pytest.mark.parametrize(
    ("sheet", "kept", "problems"),
    [
        ([["题号", "答案"], [1, "B"], [2, "AC"]], ALL[:2], [("题目", 4, "key_missing")]),
        ([["题号", "答案"], [1, "B"], [2, "AC"], [3, "√"], [4, "A"]], ALL, [("答案", 5, "key_without_question")]),
        ([["题号", "答案"], [1, "B"], [2, "AC"], [3, "√"], [3, "×"]], ALL[:2], [("题目", 4, "number_twice")]),
        ([["题号", "答案"], [7, "B"], [8, "AC"], [9, "√"]], [], [("题目", None, "no_key_column")]),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_named(sheet: list[list[Any]], kept: list[Any], problems: list[Any]) -> None:
    report = read(sheet)
    assert (keys(report), codes(report)) == (kept, problems)


@pytest.mark.parametrize(
    "answers",
    [
        {"答案": [["一、单选题"], ["题号", "答案"], [1, "A"], [2, "B"], ["二、判断题"], [1, "√"], [2, "×"]]},
        {"答案": [["单选题", "", "判断题", ""], ["题号", "答案", "题号", "答案"], [1, "A", 1, "√"], [2, "B", 2, "×"]]},
        {"答案": [["题型", "题号", "答案"], ["单选", 1, "A"], ["单选", 2, "B"], ["判断", 1, "√"], ["判断", 2, "×"]]},
        {"单选题答案": [["题号", "答案"], [1, "A"], [2, "B"]], "判断题答案": [["题号", "答案"], [1, "√"], [2, "×"]]},
        {"答案": [["一、单选题"], ["1-2 AB"], ["二、判断题"], ["1-2 √×"]]},
    ],
)  # fmt: skip
def test_where_numbers_restart_the_kind_tells_whose_a_key_is(answers: dict[str, list[list[Any]]]) -> None:
    report = check_file(workbook(**{"单选题": CHOICES, "判断题": VERDICTS, **answers}), "x.xlsx")
    assert (keys(report), report.problems) == ([["A"], ["B"], ["对"], ["错"]], ())
    together = [["一、单选题"], *CHOICES, ["二、判断题"], *VERDICTS]
    report = check_file(workbook(**{"题目": together, **answers}), "x.xlsx")
    assert (keys(report), report.problems) == ([["A"], ["B"], ["对"], ["错"]], ())


def test_where_they_restart_and_no_kind_tells_none_is_joined() -> None:
    answers = [["题号", "答案"], [1, "A"], [2, "B"]]
    report = check_file(workbook(单选题=CHOICES, 判断题=VERDICTS, 答案=answers), "x.xlsx")
    assert (report.total, {code for _, _, code in codes(report)}) == (0, {"no_key_column"})


def test_a_sheet_of_keys_may_name_the_sheet_it_answers() -> None:
    key = ["题号", "答案"]
    two = {
        "甲卷": CHOICES,
        "乙卷": VERDICTS,
        "甲卷答案": [key, [1, "A"], [2, "B"]],
        "乙卷答案": [key, [1, "对"], [2, "错"]],
    }
    assert keys(check_file(workbook(**two), "x.xlsx")) == [["A"], ["B"], ["对"], ["错"]]
    stated = [[*row, cell] for row, cell in zip(VERDICTS, ["答案", "对", "错"], strict=True)]
    other = {"甲卷": CHOICES, "乙卷": stated, "乙卷答案": [key, [1, "A"], [2, "B"]]}
    assert ("甲卷", None, "no_key_column") in codes(check_file(workbook(**other), "x.xlsx"))


@pytest.mark.parametrize("name", ["我的答案", "学生作答", "答题卡"])
def test_what_somebody_answered_is_not_the_key(name: str) -> None:
    report = read([["题号", "答案"], [1, "B"], [2, "AC"], [3, "√"]], name=name)
    assert (report.total, codes(report)) == (0, [("题目", None, "no_key_column")])


def test_questions_that_state_a_key_of_their_own_need_none() -> None:
    stated = [[*row, cell] for row, cell in zip(QUESTIONS, ["答案", "A", "", ""], strict=True)]
    report = read([["题号", "答案"], [1, "B"], [2, "AC"], [3, "√"]], stated)
    assert (keys(report), len(report.problems)) == ([["A"]], 2)


def test_a_hidden_sheet_or_one_that_is_not_wanted_gives_no_keys() -> None:
    data = workbook(题目=QUESTIONS, 答案=[["题号", "答案"], [1, "B"], [2, "AC"], [3, "√"]])
    assert check_file(hiding(data, sheets=["答案"]), "x.xlsx").total == 0
    assert check_file(data, "x.xlsx", Choices({"答案": SheetChoice(read=False)})).total == 0


ASKED = [["题号", "题干", "A", "B"], [1, "哪里最高（ ）", "山顶", "山腰"], [2, "哪里最低（ ）", "山顶", "谷"]]


@pytest.mark.parametrize(
    "below",
    [
        [["答案：1-2 AB"]],
        [[], ["参考答案"], ["1.A 2.B"]],
        [["题号", "答案"], [1, "A"], [2, "B"]],
        [["题号", 1, 2], ["答案", "A", "B"]],
    ],
)
def test_keys_below_the_questions_of_a_sheet_go_by_their_numbers(below: list[list[Any]]) -> None:
    report = check_rows(*ASKED, *below)
    assert (keys(report), report.problems, warned(report)) == ([["A"], ["B"]], (), ["keys_joined"])


def test_keys_below_that_are_not_for_just_these_questions_are_nobodys() -> None:
    named = [("Sheet1", None, "no_key_column")]
    assert codes(check_rows(*ASKED, ["答案：1-3 ABA"])) == named
    assert codes(check_rows(*ASKED, [2, "哪里有树（ ）", "山腰", "谷"], ["答案：1-2 AB"])) == named


BARE = [row[1:] for row in ASKED]


@pytest.mark.parametrize("asked", [ASKED, BARE, [["题型", *BARE[0]], *(["单选题", *row] for row in BARE[1:])]])
@pytest.mark.parametrize("below", [[["答案"], ["A"], ["B"]], [[], ["参考答案", "A", "B"]]])
def test_keys_below_without_numbers_go_in_order_where_they_are_as_many(asked: Any, below: list[list[Any]]) -> None:
    report = check_rows(*asked, *below)
    assert (keys(report), report.problems, warned(report)) == ([["A"], ["B"]], (), ["keys_joined"])


@pytest.mark.parametrize("below", [["A"], ["A", "B", "A"], ["A", "C"], ["A", "对"], ["A", "AB", "见教材"]])
def test_keys_in_order_that_do_not_fit_are_nobodys(below: list[str]) -> None:
    report = check_rows(*BARE, ["答案"], *([key] for key in below))
    assert (report.total, bool(report.problems)) == (0, True)


def test_keys_in_order_are_of_the_kinds_of_their_questions() -> None:
    asked = [["题型", "题干", "A", "B"], ["多选题", "哪些高（ ）", "山顶", "山腰"], ["判断题", "水是湿的。"]]
    assert keys(check_rows(*asked, ["答案", "AB", "√"])) == [["A", "B"], ["对"]]
    assert check_rows(*asked, ["答案", "A", "√"]).total == 0
    assert check_rows(*asked, ["答案", "√", "AB"]).total == 0
