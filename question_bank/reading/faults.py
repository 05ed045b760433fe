"""Cells of a workbook that hold no value: errors such as #N/A, and formulas whose result was never stored."""

import re
from io import StringIO

import xlrd

from question_bank.reading.safety import column_number
from question_bank.reading.visibility import records_of_xlsb

Cell = tuple[int, int]
"""Row and column, from 0."""

_CONTENT = re.compile(rb"<(?:\w+:)?c\s([^>]*[^/>])>(.*?)</(?:\w+:)?c>", re.DOTALL)
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]+)(\d+)[\"']")
_TYPE = re.compile(rb"\bt=[\"'](\w+)[\"']")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)<")
_FORMULA = re.compile(rb"<(?:\w+:)?f\b")


class Fault(str):
    """What stands in a cell without a value; ``code`` and ``advice`` say what is wrong with it."""

    __slots__ = ("advice", "code")
    code: str
    advice: str


def error(text: str) -> Fault:
    """A cell that shows an error value."""
    fault = Fault(text)
    fault.code, fault.advice = "cell_error", f"是错误值 {text}。请改成文字或数字。"
    return fault


def formula_without_value() -> Fault:
    """A formula that no spreadsheet program has calculated: the file was written by another."""
    fault = Fault("=")
    fault.code = "formula_without_value"
    fault.advice = "是公式，文件里没有存下它的结果。请在 Excel 或 WPS 中打开，保存一次后重新上传。"
    return fault


def faults_of_xlsx(sheet: bytes) -> dict[Cell, Fault]:
    """The cells without a value, from the XML of a worksheet."""
    faults: dict[Cell, Fault] = {}
    if not (_FORMULA.search(sheet) or re.search(rb"\bt=[\"']e[\"']", sheet)):
        return faults
    for attributes, content in _CONTENT.findall(sheet):
        fault = _fault(attributes, content)
        reference = _REFERENCE.search(attributes) if fault is not None else None
        if fault is not None and reference is not None:
            faults[int(reference[2]) - 1, column_number(reference[1]) - 1] = fault
    return faults


def _fault(attributes: bytes, content: bytes) -> Fault | None:
    kind, value = _TYPE.search(attributes), _VALUE.search(content)
    if kind is not None and kind[1] == b"e":
        return error(value[1].decode("utf-8", "replace") if value else "#N/A")
    # A formula of Excel's whose result is an empty text says t="str".
    if value is None and _FORMULA.search(content) and (kind is None or kind[1] != b"str"):
        return formula_without_value()
    return None


# The two records of BIFF that can hold an error, by their fixed parts: a quick look before xlrd takes its time.
_ERRORS_OF_XLS = re.compile(
    rb"\x05\x02\x08\x00.{7}\x01|\x06\x00.\x00.{6}\x02.[\x00\x07\x0f\x17\x1d\x24\x2a].{3}\xff\xff", re.DOTALL
)


def faults_of_xls(data: bytes, name: str) -> dict[Cell, Fault]:
    """The cells of a sheet of an .xls that show an error value."""
    if not _ERRORS_OF_XLS.search(data):
        return {}
    try:
        with xlrd.open_workbook(file_contents=data, on_demand=True, logfile=StringIO()) as book:
            return _errors_of(book.sheet_by_name(name))
    except Exception:  # xlrd meets files that calamine reads with whatever its own code stumbles over
        return {}


def _errors_of(sheet: xlrd.sheet.Sheet) -> dict[Cell, Fault]:
    return {
        (row, column): error(xlrd.error_text_from_code.get(int(sheet.cell_value(row, column)), "#N/A"))
        for row in range(sheet.nrows)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == xlrd.XL_CELL_ERROR
    }


_ERROR_OF_XLSB, _TEXT_FORMULA, _NUMBER_FORMULA, _ERROR_FORMULA = 3, 8, 9, 11
_TO_BE_CALCULATED = 0x02


def faults_of_xlsb(sheet: bytes) -> dict[Cell, Fault]:
    """The cells without a value, from the binary records of a worksheet.

    A formula keeps some result always; one that was never calculated keeps nothing or 0, and asks to be calculated.
    """
    faults: dict[Cell, Fault] = {}
    row = 0
    for code, record in records_of_xlsb(sheet):
        if code == 0:
            row = int.from_bytes(record[:4], "little")
        elif code in (_ERROR_OF_XLSB, _ERROR_FORMULA):
            text = xlrd.error_text_from_code.get(record[8], "#N/A")
            faults[row, int.from_bytes(record[:4], "little")] = error(text)
        elif code in (_TEXT_FORMULA, _NUMBER_FORMULA) and _was_never_calculated(
            record, 8 if code == _NUMBER_FORMULA else 4
        ):
            faults[row, int.from_bytes(record[:4], "little")] = formula_without_value()
    return faults


def _was_never_calculated(record: bytes, size: int) -> bool:
    """Behind column and style stands a number of eight bytes or the length of a text; 0, and then the flags."""
    is_nothing = len(record) > 8 + size and not any(record[8 : 8 + size])
    return is_nothing and bool(record[8 + size] & _TO_BE_CALCULATED)
