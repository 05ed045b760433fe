"""Stems on one sheet and options by the question's number on another: joined, or each question named."""

from typing import Any

import pytest

from question_bank.check import AS_UNDERSTOOD, Choices, Report, check_file
from question_bank.reading.choices import SheetChoice
from question_bank.reading.drafts import Sheet
from question_bank.reading.joined_sheets import joined
from tests.picture_files import floating, png
from tests.workbooks import hiding, workbook

STEMS = [
    ["题号", "题型", "题干", "答案"],
    ["101", "单选题", "投诉举报电话是（ ）。", "B"],
    ["102", "多选题", "城市质量精神有（ ）。", "AC"],
    ["103", "判断题", "经营者应当开具发票。", "对"],
]
OPTIONS = [
    ["试题编号", "选项标号", "选项内容"],
    ["101", "A", "12345"], ["101", "B", "12315"],
    ["102", "A", "诚信"], ["102", "B", "随意"], ["102", "C", "责任"],
]  # fmt: skip
BOTH = [(["12345", "12315"], ["B"]), (["诚信", "随意", "责任"], ["A", "C"]), ([], ["对"])]


def read(stems: list[list[Any]], options: list[list[Any]]) -> Report:
    return check_file(workbook(题目=stems, 选项=options), "x.xlsx")


def questions(report: Report) -> list[tuple[list[str], list[Any]]]:
    return [(list(q.content.options), q.content.key_as_letters) for q in report.questions]


def codes(report: Report) -> list[tuple[str, int | None, str]]:
    return [(problem.sheet, problem.row, problem.code) for problem in report.problems]


def test_options_are_joined_by_the_number_of_their_question() -> None:
    report = read(STEMS, OPTIONS)
    assert (questions(report), report.problems) == (BOTH, ())
    assert [(q.sheet, q.row) for q in report.questions] == [("题目", 2), ("题目", 3), ("题目", 4)]
    assert [warning.code for warning in report.warnings] == ["options_joined"]


def test_their_order_is_that_of_their_letters() -> None:
    assert questions(read(STEMS, [OPTIONS[0], *reversed(OPTIONS[1:])])) == BOTH


def test_options_may_stand_in_one_row() -> None:
    options = [["题号", "A", "B", "C"], ["102", "诚信", "随意", "责任"], ["101", "12345", "12315", ""]]
    assert questions(read(STEMS, options)) == BOTH


def test_marks_beside_the_options_are_the_key() -> None:
    stems = [[*row[:3], *row[4:]] for row in STEMS[:3]]
    flags = ["是否正确", "否", "是", "是", "否", "是"]
    options = [[*row, flag] for row, flag in zip(OPTIONS, flags, strict=True)]
    assert questions(read(stems, options)) == BOTH[:2]
    stated = read(STEMS[:3], [*options[:2], [*options[2][:3], "否"], *options[3:]])
    assert codes(stated) == [] and questions(stated) == BOTH[:2]  # nothing marked: the stated key holds
    against = read([STEMS[0], [*STEMS[1][:3], "A"], STEMS[2]], options)
    assert codes(against) == [("题目", 2, "options_not_joined")]


def test_a_key_by_the_id_of_an_option_is_no_place_among_them() -> None:
    ids = ["选项id", "7", "8", "1", "2", "3"]
    options = [[number, *row] for number, row in zip(ids, OPTIONS, strict=True)]
    report = read([STEMS[0], [*STEMS[1][:3], "8"], STEMS[2]], options)
    assert questions(report) == BOTH[:2]
    swapped = [options[0], ["2", *options[1][1:]], ["1", *options[2][1:]]]
    report = read([STEMS[0], [*STEMS[1][:3], "2"]], swapped)
    assert codes(report) == [("题目", 2, "options_not_joined")]


@pytest.mark.parametrize(
    ("stems", "options", "problems"),
    [
        (STEMS, OPTIONS[:3], [("题目", 3, "options_missing")]),
        (STEMS, [*OPTIONS, ["109", "A", "甲"]], [("选项", 7, "options_without_question")]),
        (STEMS, [*OPTIONS, ["101", "B", "再一个"]], [("题目", 2, "options_not_joined")]),
        (STEMS, [*OPTIONS[:2], ["101", "C", "12315"], *OPTIONS[3:]], [("题目", 2, "options_not_joined")]),
        ([*STEMS, ["101", "单选题", "又一道（ ）。", "A"]], OPTIONS,
         [("题目", 2, "number_twice"), ("题目", 5, "number_twice")]),
        (STEMS, [["题号", "A", "B"], ["101", "12345", "12315"], ["101", "甲", "乙"], ["102", "甲", "乙丙"]],
         [("题目", 2, "options_not_joined"), ("题目", 3, "key_not_among_options")]),
        (STEMS[:3], [[f"x{row[0]}" if n else row[0], *row[1:]] for n, row in enumerate(OPTIONS)],
         [("题目", 2, "options_not_joined"), ("题目", 3, "options_not_joined")]),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_named(
    stems: list[list[Any]], options: list[list[Any]], problems: list[tuple[str, int, str]]
) -> None:
    assert sorted(codes(read(stems, options))) == sorted(problems)


def test_an_answer_sheet_beside_a_bank_is_no_sheet_of_options() -> None:
    bank = Sheet("题目", [(1, ["题号", "题干", "答案"]), (2, ["1", "甲是乙。", "对"])])
    for rows in (
        (["题号", "A", "B"], ["1", "", "√"]),
        (["题号", "A", "B"], ["1", "50%", "12"]),
        (["题号", "选项"], ["1", "A"]),
    ):
        sheets = [bank, Sheet("答题卡", list(enumerate(rows, 1)))]
        assert joined(sheets, AS_UNDERSTOOD).sheets == sheets


def test_a_sheet_of_whole_questions_gives_its_options_to_nobody() -> None:
    whole = [["题号", "题干", "A", "B", "答案"], ["101", "该打哪个电话？", "火警", "热线", "B"]]
    report = check_file(workbook(判断=[["题号", "题干", "答案"], ["101", "天是蓝的。", "对"]], 单选=whole), "x.xlsx")
    assert questions(report) == [([], ["对"]), (["火警", "热线"], ["B"])]


def test_a_hidden_sheet_or_one_that_is_not_wanted_gives_no_options() -> None:
    lost = [("题目", 2, "options_missing"), ("题目", 3, "options_missing")]
    data = workbook(题目=STEMS, 选项=OPTIONS)
    hidden = check_file(hiding(data, sheets=["选项"]), "x.xlsx")
    unwanted = check_file(data, "x.xlsx", Choices({"选项": SheetChoice(read=False)}))
    assert codes(hidden) == codes(unwanted) == lost


def test_of_two_sheets_of_options_neither_is_joined() -> None:
    report = check_file(workbook(题目=STEMS, 选项=OPTIONS, 旧选项=OPTIONS), "x.xlsx")
    assert codes(report) == [("题目", 2, "options_missing"), ("题目", 3, "options_missing")]


def test_options_whose_numbers_hardly_meet_those_of_the_questions_are_not_joined() -> None:
    options = [OPTIONS[0], *([f"{number}9", *row] for number, *row in OPTIONS[1:4]), *OPTIONS[4:]]
    assert codes(read(STEMS, options)) == [("题目", row, "options_not_joined") for row in (2, 3, 4)]


def test_of_two_columns_of_numbers_that_meet_the_one_that_repeats_is_the_questions_own() -> None:
    stems = [*STEMS, ["104", "判断题", "地是方的。", "错"], ["105", "判断题", "水是湿的。", "对"]]
    ids = ["id", "105", "104", "103", "102", "101"]
    report = read(stems, [[number, *row] for number, row in zip(ids, OPTIONS, strict=True)])
    assert questions(report)[:2] == BOTH[:2]


def test_options_in_hidden_rows_or_with_pictures_are_not_guessed() -> None:
    data = workbook(选项=OPTIONS, 题目=STEMS)
    assert codes(check_file(hiding(data, rows=[3]), "x.xlsx")) == [("题目", 2, "options_not_joined")]
    assert codes(check_file(floating(data, {"C3": png()}), "x.xlsx")) == [("题目", 2, "options_not_joined")]


def test_a_mark_that_nobody_understands_is_named() -> None:
    stems = [[*row[:3], *row[4:]] for row in STEMS[:3]]
    flags = ["是否正确", "否", "是", "是", "也许", "是"]
    report = read(stems, [[*row, flag] for row, flag in zip(OPTIONS, flags, strict=True)])
    assert codes(report) == [("题目", 3, "options_not_joined")]


def test_the_key_may_stand_beside_options_in_one_row() -> None:
    options = [
        ["题号", "A", "B", "C", "答案"],
        ["102", "诚信", "随意", "责任", "AC"],
        ["101", "12345", "12315", "", "B"],
    ]
    assert questions(read([[*row[:3], *row[4:]] for row in STEMS[:3]], options)) == BOTH[:2]


def test_more_options_than_letters_are_named_and_none_is_lost() -> None:
    options = [["题号", "选项内容"], *(["101", f"第 {n} 个"] for n in range(27)), *([n, t] for n, _, t in OPTIONS[3:])]
    assert codes(read(STEMS, options)) == [("题目", 2, "too_many_options")]


def test_a_trouble_of_the_question_itself_comes_first() -> None:
    stems = [*STEMS, ["101", "单选题", "=1+1", "A"]]
    assert codes(read(stems, OPTIONS)) == [("题目", 2, "number_twice"), ("题目", 5, "formula_without_value")]


def test_the_sheet_of_options_is_among_what_was_understood() -> None:
    about = read(STEMS, OPTIONS).understood
    assert [(each.sheet, each.questions, each.skipped) for each in about] == [("选项", 0, ""), ("题目", 3, "")]
