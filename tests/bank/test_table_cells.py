"""Cells as Excel shows them, and cells without a value."""

from datetime import date

from question_bank.check import check_file
from tests.workbooks import PLAIN, check_rows, keys, options, workbook


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
