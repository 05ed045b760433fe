"""The rows of a spreadsheet that could not be taken, in the layout of the file they come from."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from question_bank.check import Report
from question_bank.reading import headers
from question_bank.reading.drafts import Draft, RowProblem, Sheet, Shown
from question_bank.reading.headers import Columns, columns_of
from question_bank.reading.kind_words import heading_of
from question_bank.reading.reasons import WHOLE_SHEETS, header_of_reasons
from question_bank.writing import saved, write_cell
from question_bank.writing_pictures import put_pictures

MOST_COMMENTS = 500
_NARROWEST, _WIDEST, _REASONS_WIDTH = 8, 50, 60
_LONGEST_TITLE = 31
_AUTHOR = "题库检查"

Row = tuple[int, list[str]]


def same_layout(report: Report) -> bytes | None:
    """None where the file is no spreadsheet, or where a refused question stands under no header."""
    names = [sheet.name for sheet in report.sheets]
    if not names or len(set(names)) < len(names):
        return None
    workbook = Workbook()
    workbook.remove(workbook.active)
    whole = [problem for problem in report.problems if problem.row is None]
    if whole:
        _write_problems_of_sheets(workbook, whole)
    for sheet in report.sheets:
        part = _Part(sheet, report)
        if not part.has_problems:
            continue
        if not part.all_under_headers:
            return None
        part.write(workbook)
    return saved(workbook) if workbook.worksheets else None


def mark_fault(cell: Cell, reason: str = "") -> None:
    """Colour the cell to be mended; a comment says why."""
    cell.fill = PatternFill("solid", fgColor="F8D7DA")
    if reason:
        cell.comment = Comment(reason, _AUTHOR, height=80, width=260)


def _write_problems_of_sheets(workbook: Workbook, problems: Sequence[RowProblem]) -> None:
    sheet = workbook.create_sheet(WHOLE_SHEETS)
    rows = [("工作表", "问题"), *((problem.sheet, problem.message) for problem in problems)]
    for number, cells in enumerate(rows, 1):
        for column, text in enumerate(cells, 1):
            write_cell(sheet.cell(number, column), text)
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 100


@dataclass
class _Frame:
    """What stands around questions: the header rows of a sheet, and under which columns each row stands."""

    rows: set[int] = field(default_factory=set)
    headers: set[int] = field(default_factory=set)
    columns_at: dict[int, Columns] = field(default_factory=dict)


def _frame_of(sheet: Sheet) -> _Frame:
    """Headers, a second header row under a merged one, and headings such as 一、单选题."""
    frame, current, is_first = _Frame(), None, False
    for number, cells in sheet.rows:
        if current is not None and is_first and current.take_row_below(cells):
            frame.rows.add(number)
            continue
        columns = columns_of(cells) if not (sheet.own and current) else Columns()
        if columns.is_header and (current is None or columns.known >= 3 or columns.known == columns.filled > 1):
            current, is_first = columns, True
            frame.rows.add(number)
            frame.headers.add(number)
            continue
        filled = [cell for cell in cells if cell.strip()]
        if not sheet.own and len(filled) == 1 and len(filled[0]) <= 60 and heading_of(filled[0]) is not None:
            frame.rows.add(number)
        elif current is not None:
            is_first = False
            frame.columns_at[number] = current
    return frame


class _Part:
    """One sheet: what of it comes back."""

    def __init__(self, sheet: Sheet, report: Report) -> None:
        self.sheet, self.album = sheet, report.album
        self.refused = {draft.row: draft for draft in report.refused if draft.sheet == sheet.name}
        self.done_with = {row for name, row in report.done_with if name == sheet.name}
        self.reasons: dict[int, list[RowProblem]] = defaultdict(list)
        for problem in report.problems:
            if problem.sheet == sheet.name and problem.row is not None:
                self.reasons[problem.row].append(problem)
        self.has_problems = bool(self.refused) or any(problem.sheet == sheet.name for problem in report.problems)
        self.frame = _frame_of(sheet)
        self.header = header_of_reasons(self.refused.values())

    @property
    def all_under_headers(self) -> bool:
        return self.header is not None and all(row in self.frame.columns_at for row in [*self.refused, *self.reasons])

    def rows(self) -> list[Row]:
        """All rows but those of questions that were taken, and empty rows that bear a number only.

        A question goes on to the next one, or to the next header or heading.
        """
        kept, is_done = [], False
        for number, cells in self.sheet.rows:
            if number in self.frame.rows or number in self.refused:
                is_done = False
            elif number in self.done_with:
                is_done = True
            is_hidden = number in self.sheet.hidden_rows and number not in self.done_with
            is_number = number in self.frame.columns_at and all(not c.strip() or c.strip().isdigit() for c in cells)
            if number in self.refused or is_hidden or not (is_done or is_number):
                kept.append((number, cells))
        return kept

    def write(self, workbook: Workbook) -> None:
        rows = self.rows()
        sheet = workbook.create_sheet(_title(self.sheet.name))
        sheet.sheet_state = "hidden" if self.sheet.hidden else "visible"
        width = max((len(cells) for _, cells in rows), default=0)
        for number, (was, cells) in enumerate(rows, 1):
            for column, text in enumerate(cells, 1):
                write_cell(sheet.cell(number, column), told_apart(text, cells))
            sheet.row_dimensions[number].hidden = was in self.sheet.hidden_rows
            if self.refused and was in self.frame.headers:
                sheet.cell(number, width + 1, self.header)
                for cell in sheet[number]:
                    cell.font = Font(bold=True)
            if was in self.reasons:
                self._write_reasons(sheet, number, was, width + 1)
            for picture in self.sheet.pictures:
                if picture.row == was:
                    put_pictures(sheet, number, picture.column + 1, self.album.pictures(picture.mark))
        _set_widths(sheet, rows, self.sheet.hidden_columns)
        sheet.column_dimensions[get_column_letter(width + 1)].width = _REASONS_WIDTH

    def _write_reasons(self, sheet: Worksheet, number: int, was: int, column: int) -> None:
        problems = self.reasons[was]
        reasons = " ".join(dict.fromkeys(problem.message for problem in problems))
        write_cell(sheet.cell(number, column), f"原第 {was} 行：{reasons}")
        for problem in problems:
            for place in _columns_at_fault(problem, self.refused.get(was), self.frame.columns_at[was]):
                mark_fault(sheet.cell(number, place + 1), problem.message if number <= MOST_COMMENTS else "")


def _columns_at_fault(problem: RowProblem, draft: Draft | None, columns: Columns) -> list[int]:
    """The columns, from 0, that hold what is wrong: of options those that are empty, if any are."""
    options = [column for _, column in columns.options]
    if problem.column == "选项" and options:
        filled = draft.options if draft else []
        empty = [c for n, c in columns.options if n > len(filled) or not filled[n - 1]]
        return empty if problem.code in ("option_empty", "options_missing") and empty else options
    parts = {"题型": headers.KIND, "选项": headers.OPTIONS, "答案": headers.KEY, "题干": headers.STEM}
    part = parts.get(problem.column, "")
    if draft is not None:
        part = {draft.key_column: headers.KEY, draft.stem_column: headers.STEM}.get(problem.column, part)
    place = columns.parts.get(part, columns.parts.get(headers.STEM))
    return [] if place is None else [place]


def told_apart(text: str, cells: Sequence[str]) -> str:
    """Numbers as they are shown; where two of a row would look alike, as they are."""
    is_unclear = isinstance(text, Shown) and sum(str(cell) == str(text) for cell in cells) > 1
    return text.precise if isinstance(text, Shown) and is_unclear else str(text)


def _title(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\]", " ", name).strip("'")[:_LONGEST_TITLE] or "Sheet1"


def _set_widths(sheet: Worksheet, rows: Sequence[Row], hidden: frozenset[int]) -> None:
    """By the longest line of each column; Chinese characters are two wide."""
    longest: dict[int, int] = defaultdict(int)
    for _, cells in rows:
        for column, text in enumerate(cells):
            lines = text.split("\n")
            longest[column] = max(longest[column], *(len(line.encode("gbk", "replace")) for line in lines))
    for column, length in longest.items():
        dimension = sheet.column_dimensions[get_column_letter(column + 1)]
        dimension.width = min(max(length + 2, _NARROWEST), _WIDEST)
        dimension.hidden = column in hidden
