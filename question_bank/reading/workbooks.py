"""Spreadsheets (.xlsx, .xls, .xlsb, .ods) to sheets of texts, each number as Excel shows it."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element

import xlrd
from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
from xlrd.compdoc import CompDoc

from question_bank.reading import safety
from question_bank.reading.albums import Album
from question_bank.reading.drafts import Sheet, Shown, Unreadable
from question_bank.reading.faults import Cell, Fault, faults_of_xls, faults_of_xlsb, faults_of_xlsx
from question_bank.reading.number_formats import BUILT_IN, plain, shown
from question_bank.reading.ods_cells import shown_in_ods
from question_bank.reading.parts import part_of_sheet
from question_bank.reading.placing import SheetPictures
from question_bank.reading.visibility import (
    Hidden,
    cells_of_xlsb,
    hidden_in_ods,
    hidden_in_xls,
    hidden_in_xlsb,
    hidden_in_xlsx,
    part_of_xlsb,
)

OWN_SHEET = "题库（导出）"
NOTES_SHEET = "填写说明"  # in every workbook of ours
"""The sheet that ``question_bank.writing`` writes: its texts are meant as they stand."""

Formats = Callable[[int, int], str | None]
"""The number format of a cell (row and column from 0); None where it is General."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
_LONGEST_GAP = 500  # nobody means more, and patterns that look for what stands behind a gap would take for ever
_LONG_GAP = re.compile(rf"(?<!\s)\s{{{_LONGEST_GAP},}}")


def sheets_of(data: bytes, archive: zipfile.ZipFile | None, album: Album | None = None) -> list[Sheet]:
    """Every sheet of a workbook with its rows, numbered as Excel numbers them; with an album, its pictures too."""
    if archive is not None:
        _require_bounded(archive)
    else:
        _require_bounded_xls(data)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(data))
        pictures = SheetPictures(data, archive, album) if album is not None else None
        return [_sheet(workbook, place, data, archive, pictures) for place in range(len(workbook.sheet_names))]
    except Unreadable:
        raise
    except (CalamineError, OSError, ValueError) as error:
        if "assword" in str(error) or "ncrypt" in str(error):
            raise safety.ENCRYPTED from error
        raise safety.DAMAGED from error
    except BaseException as error:
        # Where calamine's Rust panics, what comes out is no Exception and can be told by its name alone.
        if type(error).__name__ != "PanicException":
            raise
        raise safety.DAMAGED from error


def _require_bounded(archive: zipfile.ZipFile) -> None:
    for name in archive.namelist():
        if re.fullmatch(r"xl/worksheets/[^/]*\.xml", name):
            safety.require_bounded_sheet(archive.read(name))
        if re.fullmatch(r"xl/worksheets/[^/]*\.bin", name):
            _require_bounded_records(archive.read(name))
        if name == "content.xml":
            _require_bounded_table(archive.read(name))


def _require_bounded_records(part: bytes) -> None:
    """The same for a sheet of an .xlsb: calamine takes the process down where there is no memory for its corner."""
    try:
        safety.require_bounded(cells_of_xlsb(part))
    except IndexError as error:  # the last record is cut off
        raise safety.DAMAGED from error


def _require_bounded_xls(data: bytes) -> None:
    try:
        container = CompDoc(data, logfile=_Silence())
        stream = container.get_named_stream("Workbook") or container.get_named_stream("Book")
    except Exception as error:  # whatever the parser stumbles over
        raise safety.DAMAGED from error
    if stream is None:
        raise safety.DAMAGED
    safety.require_bounded_stream(bytes(stream))


_REPEATED_ROW = re.compile(rb"number-rows-repeated=[\"'](\d+)[\"'][^>]*(?<!/)>")
_REPEATED_CELL = re.compile(rb"number-columns-repeated=[\"'](\d+)[\"']")
_HOLDS_SOMETHING = re.compile(rb"office:value|<(?:\w+:)?p[\s>]")


def _require_bounded_table(xml: bytes) -> None:
    """.ods repeats rows and cells by number; only what holds something counts, and calamine spreads that out."""
    for repeated in re.findall(rb"number-columns-repeated=[\"'](\d+)[\"'][^>]*?office:value", xml):
        if int(repeated[:12]) > safety.MOST_COLUMNS:
            raise safety.too_many_rows()
    cells = 0
    for row in _REPEATED_ROW.finditer(xml):
        inside = xml[row.end() : max(xml.find(b"table-row>", row.end()), row.end())]
        if _HOLDS_SOMETHING.search(inside):
            width = inside.count(b"table-cell") + sum(int(n[:12]) for n in _REPEATED_CELL.findall(inside))
            cells += int(row[1][:12]) * width
            if int(row[1][:12]) > safety.MOST_ROWS or cells > safety.MOST_CELLS:
                raise safety.too_many_rows()


def _sheet(
    workbook: Any, place: int, data: bytes, archive: zipfile.ZipFile | None, pictures: SheetPictures | None
) -> Sheet:
    about = workbook.sheets_metadata[place]
    if about.typ is not SheetTypeEnum.WorkSheet:
        return Sheet(about.name, [], hidden=True)
    sheet = workbook.get_sheet_by_index(place)
    if sheet.total_height > safety.MOST_ROWS or sheet.total_height * sheet.total_width > safety.MOST_CELLS:
        raise safety.too_many_rows()
    cells = sheet.to_python(skip_empty_area=False)
    formats = _formats(place, about.name, cells, data, archive)
    _set_what_is_shown(cells, place, about.name, data, archive)
    placed = pictures.take_from(cells, place, about.name) if pictures is not None else []
    rows = [
        (number, [_text(value, formats, number - 1, column) for column, value in enumerate(row)])
        for number, row in enumerate(cells, 1)
        if any(value != "" for value in row)
    ]
    unseen = _hidden(place, about.name, data, archive) if rows else Hidden()
    return Sheet(
        about.name,
        rows,
        hidden=about.visible is not SheetVisibleEnum.Visible,
        hidden_rows=unseen.rows & {number for number, _ in rows},
        hidden_columns=unseen.columns,
        own=about.name == OWN_SHEET,
        pictures=placed,
        merged=_merged_below(sheet) if rows else {},
    )


_MOST_MERGED = 20_000


def _merged_below(sheet: Any) -> dict[tuple[int, int], int]:
    """Row and column of each cell that is merged with one above it, with the number of that row."""
    merged: dict[tuple[int, int], int] = {}
    try:
        ranges = sheet.merged_cell_ranges or ()
    except BaseException as error:  # formats of which calamine does not tell it, and damaged ones where Rust panics
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        return merged
    for (top, left), (bottom, right) in ranges:
        if left == right and bottom - top + len(merged) <= _MOST_MERGED:
            merged.update({(row + 1, left): top + 1 for row in range(top + 1, bottom + 1)})
    return merged


def _set_what_is_shown(
    cells: list[list[Any]], place: int, name: str, data: bytes, archive: zipfile.ZipFile | None
) -> None:
    """Put in what calamine leaves out: errors, formulas never calculated, and the texts that .ods shows for numbers."""
    texts, faults = _beside_calamine(place, name, data, archive)
    for (row, column), text in texts.items():
        if row < len(cells) and column < len(cells[row]) and not isinstance(value := cells[row][column], str):
            cells[row][column] = Shown(text, plain(value))
    for (row, column), fault in faults.items():
        if row < len(cells):
            cells[row] += [""] * (column + 1 - len(cells[row]))
            cells[row][column] = fault


def _beside_calamine(
    place: int, name: str, data: bytes, archive: zipfile.ZipFile | None
) -> tuple[dict[Cell, str], dict[Cell, Fault]]:
    try:
        if archive is None:
            return {}, faults_of_xls(data, name)
        if "xl/workbook.xml" in archive.namelist():
            return {}, faults_of_xlsx(archive.read(part_of_sheet(place, archive)))
        if "xl/workbook.bin" in archive.namelist():
            return {}, faults_of_xlsb(archive.read(part_of_xlsb(archive, place)))
        if "content.xml" in archive.namelist():
            return shown_in_ods(archive, name)
    except (KeyError, ValueError, IndexError, StopIteration, ElementTree.ParseError, DefusedXmlException):
        pass  # a workbook that calamine reads and others do not: what calamine gives is what is left
    return {}, {}


def _text(value: Any, formats: Formats, row: int, column: int) -> str:
    if isinstance(value, str):
        return value if isinstance(value, (Fault, Shown)) else clean(value)
    code = formats(row, column)
    return plain(value) if code is None else shown(value, code)


def clean(text: str) -> str:
    """A text without control characters and endless gaps, its line breaks as one character."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _LONG_GAP.sub(lambda gap: gap[0][:_LONGEST_GAP], _CONTROL.sub("", text))


def _formats(place: int, name: str, cells: list[list[Any]], data: bytes, archive: zipfile.ZipFile | None) -> Formats:
    """Number formats are read beside calamine, which has none; only where a sheet holds numbers at all."""
    if not any(isinstance(value, (float, date, datetime, time, timedelta)) for row in cells for value in row):
        return _general
    try:
        if archive is None:
            return _formats_of_xls(name, data)
        if "xl/workbook.xml" in archive.namelist():
            return _formats_of_xlsx(place, archive)
    except (
        xlrd.XLRDError, KeyError, ValueError, IndexError, AssertionError, StopIteration, ElementTree.ParseError,
        DefusedXmlException,
    ):  # fmt: skip
        return _general  # a workbook that calamine reads and others do not: plain numbers are what is left
    except Exception as error:  # xlrd meets damaged files with whatever its own code stumbles over
        if archive is not None:
            raise
        del error
    return _general


def _general(_row: int, _column: int) -> None:
    return None


def _formats_of_xls(name: str, data: bytes) -> Formats:
    with _xls(data) as book:
        sheet = book.sheet_by_name(name)
        codes = {}
        for index, style in enumerate(book.xf_list):
            key = style.format_key
            code = BUILT_IN.get(key) or book.format_map[key].format_str
            codes[index] = None if code.lower() in ("general", "@") else code

    def of(row: int, column: int) -> str | None:
        if row >= sheet.nrows or column >= sheet.row_len(row):
            return None
        return codes.get(sheet.cell_xf_index(row, column))

    return of


def _xls(data: bytes) -> xlrd.book.Book:
    return xlrd.open_workbook(file_contents=data, formatting_info=True, on_demand=True, logfile=_Silence())


def _hidden(place: int, name: str, data: bytes, archive: zipfile.ZipFile | None) -> Hidden:
    """What is hidden in a sheet; in a workbook that calamine reads and others do not, nothing is known to be."""
    try:
        if archive is None:
            with _xls(data) as book:
                return hidden_in_xls(book.sheet_by_name(name))
        names = archive.namelist()
        if "xl/workbook.xml" in names:
            return hidden_in_xlsx(archive.read(part_of_sheet(place, archive)))
        if "xl/workbook.bin" in names:
            return hidden_in_xlsb(archive, place)
        return hidden_in_ods(archive.read("content.xml"), place)
    except Exception:  # xlrd and damaged files: whatever a parser's own code stumbles over
        return Hidden()


class _Silence:
    def write(self, _text: str) -> None: ...


_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>")
_REFERENCE = re.compile(rb"\br=[\"']([A-Z]+)(\d+)[\"']")
_STYLE = re.compile(rb"\bs=[\"'](\d+)[\"']")


def _formats_of_xlsx(place: int, archive: zipfile.ZipFile) -> Formats:
    codes = _codes_of_styles(archive)
    if not codes:
        return _general
    formats: dict[tuple[int, int], str] = {}
    for cell in _CELL.findall(archive.read(part_of_sheet(place, archive))):
        style = _STYLE.search(cell)
        code = codes.get(int(style[1])) if style else None
        reference = _REFERENCE.search(cell) if code else None
        if code and reference:
            formats[int(reference[2]) - 1, safety.column_number(reference[1]) - 1] = code
    return lambda row, column: formats.get((row, column))


def _codes_of_styles(archive: zipfile.ZipFile) -> dict[int, str]:
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    own = {int(e.get("numFmtId", "0")): e.get("formatCode", "") for e in _all(root, "numFmt")}
    styles = next((e for e in root if e.tag.endswith("}cellXfs")), ())
    codes = {}
    for index, style in enumerate(styles):
        number = int(style.get("numFmtId", "0"))
        code = own.get(number) or BUILT_IN.get(number, "")
        if code and code.lower() not in ("general", "@"):
            codes[index] = code
    return codes


def _all(root: Element, name: str) -> list[Element]:
    return [element for element in root.iter() if element.tag.endswith("}" + name)]
