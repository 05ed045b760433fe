"""What the readers say they understood, and what follows from what the organiser says about it."""

import json
import struct
import zipfile
from io import BytesIO
from typing import Any

import pytest

from question_bank.check import Choices, Report, check_file
from question_bank.reading.choices import SheetChoice, TableChoice
from question_bank.reading.hidden import spans_of
from question_bank.reading.visibility import Hidden, hidden_in_ods, hidden_in_xlsb, hidden_in_xlsx
from tests.workbooks import (
    HEADER,
    JUDGEMENT,
    SINGLE,
    check_rows,
    check_text,
    codes,
    document,
    hiding,
    keys,
    kinds,
    warned,
    workbook,
    zipped,
)

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


# --- what somebody says about it -------------------------------------------------------------------------------------

ODD = [["题干", "选项A", "选项B", "备注"], ["问一？", "甲", "乙", "A"], ["问二？", "丙", "丁", "B"]]
PARTS = {"A": "stem", "B": "option:1", "C": "option:2", "D": "key"}


def read_as(data: bytes, sheet: str = "Sheet1", name: str = "题.xlsx", **said: Any) -> Report:
    """The report of a file of which one sheet is read as somebody says."""
    choices = Choices({sheet: SheetChoice(**said)})
    assert Choices.from_json(json.loads(json.dumps(choices.as_json()))) == choices
    return check_file(data, name, choices)


def test_a_column_plays_the_part_that_was_chosen_for_it() -> None:
    assert codes(check_rows(*ODD)) == [(None, "no_key_column")]
    report = read_as(workbook(ODD), tables=(TableChoice(1, PARTS),))
    assert (keys(report), report.problems) == ([["A"], ["B"]], ())
    assert parts(report)["D"] == ("备注", "key")


def test_what_somebody_says_outweighs_the_header() -> None:
    rows = [["题干", "A", "B", "答案", "正确答案"], ["问？", "甲", "乙", "B", "A"]]
    other = read_as(workbook(rows), tables=(TableChoice(1, {**PARTS, "D": "ignored", "E": "key"}),))
    assert (codes(check_rows(*rows)), keys(other)) == ([(2, "keys_disagree")], [["A"]])


def test_the_same_choices_give_the_same_digest_and_others_another() -> None:
    data = workbook(ODD)
    once, again = (read_as(data, tables=(TableChoice(1, PARTS),)) for _ in range(2))
    turned = read_as(data, tables=(TableChoice(1, {**PARTS, "B": "option:2", "C": "option:1"}),))
    assert once.digest == again.digest and len({once.digest, turned.digest, check_file(data, "题.xlsx").digest}) == 3


def test_no_choice_changes_nothing() -> None:
    data = workbook([HEADER, SINGLE, JUDGEMENT])
    assert check_file(data, "题.xlsx", Choices()).digest == check_file(data, "题.xlsx").digest


def test_the_parts_as_understood_chosen_outright_give_the_same_questions() -> None:
    """Titles, repeated headers and headers merged over two rows go on being none of the questions."""
    rows = [
        ["题库"], ["题干", "选项", "", "答案"], ["", "A", "B", ""], ["一、单选题"], ["问一？", "甲", "乙", "A"],
        ["题干", "选项", "", "答案"], ["二、判断题"], ["发票应当开具。", "", "", "对"],
    ]  # fmt: skip
    by_itself = check_rows(*rows)
    said = [(table.header_row, {c.letter: c.part for c in table.columns}) for table in by_itself.understood]
    chosen = read_as(workbook(rows), tables=tuple(TableChoice(row, parts) for row, parts in said))
    assert chosen.questions == by_itself.questions and chosen.total == 2 and chosen.problems == ()
    again = check_rows(HEADER, SINGLE, HEADER, JUDGEMENT)
    (table,) = again.understood
    parts_said = {column.letter: column.part for column in table.columns}
    chosen = read_as(workbook([HEADER, SINGLE, HEADER, JUDGEMENT]), tables=(TableChoice(1, parts_said),))
    assert chosen.questions == again.questions and chosen.total == 2


def test_the_header_may_stand_elsewhere_or_nowhere() -> None:
    rows = [["题目", "甲", "乙", "选择"], ["题干", "选项A", "选项B", "答案"], ["问？", "甲", "乙", "A"]]
    assert keys(read_as(workbook(rows), tables=(TableChoice(2),))) == [["A"]]
    without = read_as(workbook(rows[2:]), tables=(TableChoice(None, PARTS),))
    assert [(q.row, q.content.stem) for q in without.questions] == [(1, "问？")]
    assert without.understood[0].header_row is None


def test_a_header_row_that_holds_nothing_is_named() -> None:
    report = read_as(workbook(ODD), tables=(TableChoice(9, PARTS),))
    assert codes(report) == [(None, "header_row_missing")] and report.may_be_corrected


def test_a_sheet_may_be_left_out_and_a_sample_read() -> None:
    data = workbook(单选=[HEADER, SINGLE], 示例=[["本表为示例，请勿填写"], HEADER, JUDGEMENT])
    assert kinds(read_as(data, "单选", read=False)) == []
    assert kinds(read_as(data, "示例", read=True)) == ["single_choice", "true_false"]


def test_a_sheet_read_as_text_may_be_a_table_after_all() -> None:
    data = workbook([["1. 问？", "答案：A"], ["A. 甲", "B. 乙"]])
    assert check_file(data, "题.xlsx").understood[0].read_as == "text"
    table = read_as(data, tables=(TableChoice(None, {"A": "stem", "B": "explanation"}),)).understood[0]
    assert table.read_as == "table"


# --- what a workbook hides -------------------------------------------------------------------------------------------

OTHER = ["单选题", "火警是（ ）。", "110", "119", "120", "122", "B", ""]
FILTERED = hiding(workbook(单选=[HEADER, SINGLE, OTHER, JUDGEMENT]), rows=[3, 4])


def test_hidden_rows_stay_out_and_are_named_with_their_places() -> None:
    report = check_file(FILTERED, "题.xlsx")
    assert (report.total, codes(report)) == (1, [(None, "rows_hidden")])
    assert "第 3–4 行" in report.problems[0].message
    assert report.understood[0].hidden_rows == (3, 4)


def test_hidden_rows_are_read_for_whoever_wants_them() -> None:
    for report in (
        read_as(FILTERED, "单选", hidden_rows=True),
        check_file(FILTERED, "题.xlsx", Choices(include_hidden=True)),
    ):
        assert (report.total, report.problems) == (3, ())
    assert report.understood[0].hidden_rows == (3, 4)


def test_a_hidden_header_is_a_header_all_the_same() -> None:
    report = check_file(hiding(workbook(单选=[HEADER, SINGLE]), rows=[1]), "题.xlsx")
    assert (report.total, report.problems) == (1, ())


def test_hidden_rows_without_a_question_are_nobodys_business() -> None:
    report = check_file(hiding(workbook(单选=[HEADER, SINGLE, ["单选题"]]), rows=[3]), "题.xlsx")
    assert report.problems == ()


def test_options_in_hidden_rows_belong_to_the_question_above_them() -> None:
    rows = [["题干", "选项", "答案"], ["问？", "甲", "B"], ["", "乙", ""], ["", "丙", ""]]
    report = check_file(hiding(workbook(rows), rows=[3, 4]), "题.xlsx")
    assert [list(q.content.options) for q in report.questions] == [["甲", "乙", "丙"]]
    assert warned(report) == ["hidden_options_read"]


def test_hidden_rows_of_pasted_text_stay_out_too() -> None:
    rows = [["1. 问一？"], ["A. 甲"], ["B. 乙"], ["答案：A"], ["2. 问二？"], ["A. 甲"], ["B. 乙"], ["答案：B"]]
    data = hiding(workbook(rows), rows=[5, 6, 7, 8])
    report = check_file(data, "题.xlsx")
    assert (report.total, codes(report)) == (1, [(None, "rows_hidden")])
    assert check_file(data, "题.xlsx", Choices(include_hidden=True)).total == 2


def test_a_hidden_column_is_read_and_said() -> None:
    """The answers are hidden before the paper is printed."""
    report = check_file(hiding(workbook(单选=[HEADER, SINGLE]), columns="GH"), "题.xlsx")
    assert (keys(report), warned(report)) == ([["A"]], ["hidden_column_read"])
    assert "G 列（答案）" in report.warnings[0].message
    assert [column.letter for column in report.understood[0].columns if column.hidden] == ["G", "H"]


def test_a_hidden_sheet_is_read_for_whoever_wants_it() -> None:
    data = hiding(workbook(单选=[HEADER, SINGLE], 旧题=[HEADER, OTHER]), sheets=["旧题"])
    assert codes(check_file(data, "题.xlsx")) == [(None, "sheet_hidden")]
    assert check_file(data, "题.xlsx").understood[1].skipped == "hidden"
    for report in (read_as(data, "旧题", read=True), check_file(data, "题.xlsx", Choices(include_hidden=True))):
        assert (report.total, report.problems) == (2, ())


ODS = """<office:document-content xmlns:office="o" xmlns:table="t"><office:body><office:spreadsheet><table:table>
<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
<table:table-row/><table:table-row table:number-rows-repeated="2"/><table:table-row-group>
<table:table-row table:visibility="filter"/>
<table:table-row table:visibility="collapse" table:number-rows-repeated="2"/>
</table:table-row-group><table:table-row/></table:table></office:spreadsheet></office:body></office:document-content>"""


def test_an_open_document_says_collapse_or_filter() -> None:
    assert hidden_in_ods(ODS.encode(), 0) == Hidden(frozenset({4, 5, 6}), frozenset({2}))


def test_the_xml_of_a_sheet_hides_by_a_mark_or_by_a_height_of_nothing() -> None:
    xml = b"""<worksheet><cols><col min="2" max="3" width="0"/><col min="5" max="5" hidden="1" width="9"/></cols>
    <sheetData><row r="1"/><row hidden="1"/><row r="7" ht="0" customHeight="1"/><row r="8" ht="20"/></sheetData>
    </worksheet>"""
    assert hidden_in_xlsx(xml) == Hidden(frozenset({2, 7}), frozenset({1, 2, 4}))


def test_a_binary_workbook_hides_in_its_records() -> None:
    def record(code: int, content: bytes) -> bytes:
        return bytes([code] if code < 128 else [code & 0x7F | 0x80, code >> 7]) + bytes([len(content)]) + content

    name = "rId1".encode("utf-16-le")
    book = record(156, struct.pack("<III", 0, 1, 4) + name)
    row = [struct.pack("<IIHBB", number, 0, 300, 0, 0x10 * (number == 4)) + b"\0" * 5 for number in range(6)]
    columns = struct.pack("<IIIIH", 1, 2, 0, 0, 1)
    sheet = record(60, columns) + b"".join(record(0, each) for each in row)
    relations = '<Relationships xmlns="r"><Relationship Id="rId1" Target="worksheets/sheet1.bin"/></Relationships>'
    data = zipped({"xl/workbook.bin": book, "xl/_rels/workbook.bin.rels": relations, "xl/worksheets/sheet1.bin": sheet})
    assert hidden_in_xlsb(zipfile.ZipFile(BytesIO(data)), 0) == Hidden(frozenset({5}), frozenset({1, 2}))


def test_rows_are_said_in_spans() -> None:
    assert spans_of([5, 6, 7, 12, 20, 21]) == "5–7、12、20–21"
    assert spans_of(range(1, 100, 2), most=2) == "1、3 等"
