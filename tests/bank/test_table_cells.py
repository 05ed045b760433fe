# ruff: noqa: E501  (samples stand as they come)
"""Cells as Excel shows them, and cells without a value."""

import struct
from datetime import date

import pytest

from question_bank.check import check_file
from question_bank.rest import name_of_rest, rest_workbook
from tests import spreadsheets
from tests.workbooks import PLAIN, WITH_KIND, check_rows, codes, keys, options, workbook, zipped


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
        ["填空", "质量月是____月。", "", "", "九|9|九"],
        ["简答", "为何？", "因为", "", "A"],
    )
    assert keys(report) == [
        [["12315"]],
        [["诚信"], ["责任", "担当"]],
        [["甲"], ["乙"]],
        [["丙"]],
        [["FF00::/8"]],
        [["九", "9"]],
        ["因为"],
    ]


def test_a_formula_that_was_never_calculated_is_named_by_its_cell() -> None:
    report = check_rows(
        WITH_KIND, ["单选", "几？", "=1+1", "3", "", "", "A"], ["单选", "几个？", "1", "2", "", "=A2", "A"]
    )
    assert codes(report) == [(2, "formula_without_value"), (3, "formula_without_value")]
    assert "C2" in report.problems[0].message and "F3" in report.problems[1].message


@pytest.mark.parametrize(
    ("record", "content", "code"),
    [
        (9, bytes(8) + b"\x02\x00", "formula_without_value"),
        (8, bytes(4) + b"\x02\x00", "formula_without_value"),
        (3, b"\x2a", "cell_error"),
        (11, b"\x07\x02\x00", "cell_error"),
        (9, struct.pack("<d", 4) + b"\x02\x00", None),
        (9, bytes(8) + b"\x00\x00", None),
    ],
)
def test_a_cell_of_an_xlsb_that_holds_no_value_is_named(record: int, content: bytes, code: str | None) -> None:
    rows = [PLAIN, ["几？", "1", "2", "3", "4", "A"], ["几个？", "1", "2", "3", "4", "A"]]
    report = check_file(spreadsheets.xlsb({"题库": rows}, {(1, 4): (record, content)}), "bank.xlsb")
    assert codes(report) == ([(2, code)] if code else [])
    assert all("E2" in problem.message for problem in report.problems)


def test_an_error_in_a_cell_is_named_even_as_the_last_option() -> None:
    report = check_rows(PLAIN, ["几？", "1", "2", "3", "#N/A", "A"], ["几个？", "1", "2", "3", "4", "A"])
    assert (codes(report), report.total) == ([(2, "cell_error")], 1)


def ods(*rows: str) -> bytes:
    space = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    content = f'<office:document-content {space}><office:body><office:spreadsheet><table:table table:name="题目">{table}</table:table></office:spreadsheet></office:body></office:document-content>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = f'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def ods_cell(shown: str, value: str = "", kind: str = "string") -> str:
    stated = f' office:value="{value}"' if value else ""
    return f'<table:table-cell office:value-type="{kind}"{stated}><text:p>{shown}</text:p></table:table-cell>'


def test_an_ods_shows_what_its_cells_show() -> None:
    header = "".join(map(ods_cell, ["题干", "A", "B", "C", "答案"]))
    row = (
        ods_cell("几？")
        + ods_cell("20%", "0.2", "percentage")
        + ods_cell("007", "7", "float")
        + ods_cell("¥1.50", "1.5", "currency")
        + ods_cell("B")
    )
    report = check_file(ods(header, row), "bank.ods")
    assert (options(report), keys(report)) == ([["20%", "007", "¥1.50"]], [["B"]])


@pytest.mark.parametrize("place", range(1, 7))
def test_a_row_with_a_faulty_cell_brought_again_as_it_is_stays_a_problem(place: int) -> None:
    row = ["单选", "几？", "1", "2", "3", "4", "A"]
    row[place] = "#N/A"
    report = check_rows(WITH_KIND, row)
    again = check_file(rest_workbook(report), name_of_rest("bank.xlsx"))
    assert (report.total, again.total, len(again.problems)) == (0, 0, 1)


def test_a_shifted_record_brought_again_as_it_is_stays_a_problem() -> None:
    report = check_file(b"question,A,B,C,answer\nOne, or two?,a,b,c,B\nThree?,a,b,c,A\nFour?,a,b,c,C\n", "bank.csv")
    again = check_file(rest_workbook(report), name_of_rest("bank.csv"))
    assert (report.total, again.total, len(again.problems)) == (2, 0, 1)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.5, "# ?/?", "1/2"),
        (2.75, "# ?/?", "2 3/4"),
        (0.5, "# ?/4", "2/4"),
        (3, "# ?/?", "3"),
        (0.3125, "# ??/??", "5/16"),
    ],
)
def test_fractions_come_out_as_excel_shows_them(value: float, code: str, text: str) -> None:
    data = workbook([["题干", "A", "B", "答案"], ["多少？", value, "没有", "A"]], formats={"B2": code})
    assert [question.content.options for question in check_file(data, "x.xlsx").questions] == [(text, "没有")]
