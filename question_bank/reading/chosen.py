"""A sheet of cells to drafts where a person has said which row is the header and which column plays which part."""

from collections.abc import Sequence

from openpyxl.utils import column_index_from_string

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import headers
from question_bank.reading.choices import SheetChoice, TableChoice
from question_bank.reading.drafts import Found, RowProblem, Sheet
from question_bank.reading.headerless import columns_without_header
from question_bank.reading.headers import Columns, columns_of
from question_bank.reading.kind_words import kind_in_name
from question_bank.reading.table_rows import Table
from question_bank.reading.tables import drafts_of_sheet, title_of
from question_bank.reading.ticks import settle_ticks
from question_bank.reading.understanding import OPTION, TABLE, UNUSED, Row, Understood, layout_of


def drafts_as_chosen(sheet: Sheet, hint: Kind | None, choice: SheetChoice) -> Found:
    """The questions of one sheet: its tables as they were chosen, or as they show themselves where none was."""
    if not choice.tables:
        return drafts_of_sheet(sheet, hint, though_sample=choice.read is True)
    found = Found()
    for table in _tables(sheet, kind_in_name(sheet.name) or hint, choice.tables):
        settle_ticks(table.columns, table.header, table.rows, table.hint)
        found.add(table.found())
    numbers = {number for number, _ in sheet.rows}
    missing = [table.header_row for table in choice.tables if table.header_row not in {None, *numbers}]
    for row in missing:
        found.problems.append(_no_such_row(sheet.name, row))
    if missing and not found.understood:
        first, columns = layout_of(sheet.rows, sheet.hidden_columns)
        found.understood.append(Understood(sheet.name, TABLE, 0, first, columns))
    return found


def _no_such_row(sheet: str, row: int | None) -> RowProblem:
    message = f"第 {row} 行没有内容，不能作表头。请改成表头真正所在的行，没有表头就留空。"
    return RowProblem(sheet, None, "", "header_row_missing", message)


def _tables(sheet: Sheet, hint: Kind | None, choices: Sequence[TableChoice]) -> list[Table]:
    chosen = {choice.header_row: choice for choice in choices}
    tables: list[Table] = []
    before: list[Row] = []
    heading = hint
    if None in chosen:
        tables.append(Table(sheet, _columns(chosen[None], [], sheet.rows), [], [], hint))
    for number, cells in sheet.rows:
        if number in chosen:
            tables.append(Table(sheet, _columns(chosen[number], cells), cells, before, heading, number))
            before = []
        elif not sheet.own and (title := title_of(cells)) is not None:
            heading = title.kind or hint
            if tables:
                tables[-1].hint_from_here(number, heading)
        elif not tables:
            before.append((number, cells))
        elif not _belongs_to_header(tables[-1], cells):
            tables[-1].rows.append((number, cells))
    return tables


def _belongs_to_header(table: Table, cells: list[str]) -> bool:
    """The second row of a header whose cells are merged, or the header again, as a page break would have it."""
    if table.header_row is None:
        return False
    return cells == table.header or (not table.rows and columns_of(table.header).take_row_below(cells))


def _columns(choice: TableChoice, header: list[str], rows: Sequence[Row] = ()) -> Columns:
    if choice.parts is None:
        return columns_of(header) if header else columns_without_header(list(rows)) or Columns()
    columns = Columns(names=columns_of(header).names)
    for letter, part in choice.parts.items():
        column = column_index_from_string(letter) - 1
        if part.startswith(OPTION):
            columns.options.append((int(part.removeprefix(OPTION)), column))
        elif part:
            columns.parts[headers.IGNORED if part == UNUSED else part] = column
    columns.options.sort()
    return columns
