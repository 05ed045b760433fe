"""The look of a result workbook: a bold header that stays, widths that fit, and no cell a formula."""

import unicodedata
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import chain, count, islice
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from question_bank.writing import LOOKS_LIKE_FORMULA, exact_text

TEXT, WHOLE, TWO_DECIMALS, SECONDS, RATE = "@", "0", "0.00", "0.000", "0.00%"
MOMENT = "yyyy-mm-dd hh:mm:ss"

ROWS_MEASURED = 500
MOST_ROWS = 1_048_575  # what a sheet of Excel holds, without its header
NARROWEST, WIDEST, MOMENT_WIDTH = 8, 60, 21

Value = str | int | float | datetime | None


@dataclass(frozen=True)
class Column:
    """A column's header and the format of its cells; text stays text whatever it begins with."""

    header: str
    format: str = TEXT


class ResultWorkbook:
    """Sheets are written row by row, so that a long ladder never stands in memory."""

    def __init__(self) -> None:
        self._workbook = Workbook(write_only=True)
        self._styles: dict[str, Any] = {}

    def add(self, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> None:
        """A sheet with its header row, going on in 个人 2, 个人 3 … where Excel ends. Empty texts leave empty cells."""
        rest = iter(rows)
        first = list(islice(rest, ROWS_MEASURED))
        for number in count(1):
            self._sheet(
                title if number == 1 else f"{title} {number}", columns, first, islice(rest, MOST_ROWS - len(first))
            )
            if not (first := list(islice(rest, ROWS_MEASURED))):
                break

    def _sheet(
        self, title: str, columns: Sequence[Column], first: Sequence[Sequence[Value]], rest: Iterable[Sequence[Value]]
    ) -> None:
        sheet = self._workbook.create_sheet(title)
        for place, column in enumerate(columns):
            values = [column.header, *(row[place] for row in first)]
            sheet.column_dimensions[get_column_letter(place + 1)].width = _width(values)
        sheet.freeze_panes = "A2"
        sheet.page_setup.orientation = "landscape"
        sheet.append([self._cell(sheet, column.header, "header") for column in columns])
        for row in chain(first, rest):
            sheet.append([self._cell(sheet, v, c.format) for v, c in zip(row, columns, strict=True)])

    def as_bytes(self) -> bytes:
        stream = BytesIO()
        self._workbook.save(stream)
        return stream.getvalue()

    def _cell(self, sheet: Any, value: Value, form: str) -> Any:
        if value is None or value == "":
            return None
        cell = WriteOnlyCell(sheet)
        if isinstance(value, str):
            cell.value = exact_text(value)
            cell.data_type = "s"  # whatever it begins with
            if value.startswith(LOOKS_LIKE_FORMULA):
                form = "formula-like text"
        else:
            cell.value = value
        cell._style = self._style(sheet, form)
        return cell

    def _style(self, sheet: Any, form: str) -> Any:
        """One style for all cells alike: to make it anew for each cell would take most of the time."""
        if form not in self._styles:
            cell = WriteOnlyCell(sheet)
            if form == "header":
                cell.font = Font(bold=True)
                cell.fill = PatternFill("solid", fgColor="F2E3C6")
                cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            elif form in (TEXT, "formula-like text"):
                cell.number_format = TEXT
                cell.alignment = Alignment(vertical="top", wrap_text=True)
                cell.quotePrefix = form != TEXT
            else:
                cell.number_format = form
                cell.alignment = Alignment(vertical="top")
            self._styles[form] = copy(cell._style)
        return self._styles[form]


def _width(values: Iterable[Value]) -> float:
    return min(max(NARROWEST, *map(_width_of, values)) + 2, WIDEST)


def _width_of(value: Value) -> int:
    """In columns of a fixed-width font; a Chinese character takes two."""
    if isinstance(value, datetime):
        return MOMENT_WIDTH
    if isinstance(value, float):
        return len(f"{value:.3f}")
    lines = str("" if value is None else value).split("\n")
    return max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) for line in lines)
