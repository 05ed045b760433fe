"""What the readers say they understood, and what follows from what the organiser says about it."""

import json

import pytest

from question_bank.check import Report, check_file
from tests.workbooks import HEADER, JUDGEMENT, SINGLE, check_rows, check_text, document, workbook

GIFT = "::q1:: 12315 是什么电话？ {=投诉举报电话 ~天气预报}\n"


def parts(report: Report, table: int = 0) -> dict[str, tuple[str, str]]:
    return {column.letter: (column.header, column.part) for column in report.understood[table].columns}


# --- what was understood ---------------------------------------------------------------------------------------------


def test_a_table_names_its_header_row_and_the_part_of_each_column_in_the_files_own_words() -> None:
    report = check_rows(
        ["质量知识题库"], ["序号", "试题内容（必填）", "甲方案", "A", "B", "标准答案", "分值"],
        [1, "问？", "说明文字", "甲", "乙", "A", 5],
    )  # fmt: skip
    (table,) = report.understood
    assert (table.sheet, table.read_as, table.header_row, table.questions) == ("Sheet1", "table", 2, 1)
    assert parts(report) == {
        "A": ("序号", "ignored"),
        "B": ("试题内容（必填）", "stem"),
        "C": ("甲方案", ""),
        "D": ("A", "option:1"),
        "E": ("B", "option:2"),
        "F": ("标准答案", "key"),
        "G": ("分值", "ignored"),
    }
    assert table.columns[1].samples == ("问？",)


def test_two_tables_in_one_sheet_are_two() -> None:
    report = check_rows(
        ["题干", "选项A", "选项B", "答案"], ["问一？", "甲", "乙", "A"], [],
        ["题目", "答案", "解析"], ["发票应当开具。", "对", "法律规定"],
    )  # fmt: skip
    assert [(table.header_row, table.questions) for table in report.understood] == [(1, 1), (4, 1)]
    assert parts(report, 1)["C"] == ("解析", "explanation")


def test_a_table_without_a_header_says_so() -> None:
    report = check_file(
        "单选题,投诉电话是哪个号码呢？,12315,12345,A\n判断题,应当开具发票给消费者。,,,对".encode(), "题.csv"
    )
    (table,) = report.understood
    assert (table.read_as, table.header_row) == ("table", None)
    assert [column.part for column in table.columns][0:2] == ["kind", "stem"]


@pytest.mark.parametrize(
    ("data", "name", "read_as"),
    [
        ("1. 问？\nA. 甲\nB. 乙\n答案：A".encode(), "题.txt", "text"),
        (document("1. 问？", "A. 甲", "B. 乙", "答案：A"), "题.docx", "document"),
        (GIFT.encode(), "题.gift", "gift"),
        (b"<quiz><question type='truefalse'><questiontext><text>x</text></questiontext></question></quiz>", "q.xml",
         "moodle_xml"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_table_says_how_it_was_read(data: bytes, name: str, read_as: str) -> None:
    (only,) = check_file(data, name).understood
    assert (only.sheet, only.read_as, only.columns) == ("", read_as, ())


def test_each_sheet_that_is_passed_over_says_why() -> None:
    report = check_file(
        workbook(
            单选=[HEADER, SINGLE],
            填写说明=[["1. 答案填大写字母"]],
            名单=[["姓名", "电话"], ["王芳", "1"]],
            示例=[["本表为示例，请勿填写"], HEADER, SINGLE],
        ),
        "题.xlsx",
    )
    assert {each.sheet: each.skipped for each in report.understood} == {
        "单选": "", "填写说明": "notes", "名单": "no_questions", "示例": "sample",
    }  # fmt: skip
    assert parts(report, 2) == {"A": ("姓名", ""), "B": ("电话", "")}


def test_the_command_prints_it() -> None:
    first = json.loads(json.dumps(check_rows(HEADER, SINGLE, JUDGEMENT).as_json(), ensure_ascii=False))["understood"][0]
    assert {key: first[key] for key in ("sheet", "read_as", "header_row", "questions", "skipped", "hidden_rows")} == {
        "sheet": "Sheet1", "read_as": "table", "header_row": 1, "questions": 2, "skipped": "", "hidden_rows": 0,
    }  # fmt: skip
    assert first["columns"][0] == {"letter": "A", "header": "题型", "part": "kind", "hidden": False}


def test_a_text_is_one_line_of_what_was_understood() -> None:
    assert [each.as_json()["questions"] for each in check_text("1. 问？", "A. 甲", "B. 乙", "答案：A").understood] == [
        1
    ]
