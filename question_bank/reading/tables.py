"""A sheet of cells to drafts: the header row wherever it stands, and what its columns mean."""

import re
from dataclasses import replace
from itertools import zip_longest

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.asides import is_guidance
from question_bank.reading.beside import parted
from question_bank.reading.drafts import Found, Row, RowProblem, Sheet
from question_bank.reading.headerless import columns_without_header
from question_bank.reading.headers import OPTIONS, STEM, Columns, columns_of
from question_bank.reading.kind_words import KindWord, heading_of, kind_in_name
from question_bank.reading.table_rows import Table
from question_bank.reading.ticks import settle_ticks
from question_bank.reading.turned import upright
from question_bank.reading.understanding import SAMPLE, TABLE, Understood
from question_bank.reading.unnamed_columns import header_without_stem, settle_unnamed

_SAMPLE_SHEET = re.compile(
    r"(?:是|为)示例.{0,6}(?:不要|请勿|勿)填|不要填写内容|示例[sS]heet|本表(?:为|是)(?:示例|说明)"
)

_EXPLAINS = re.compile("说明|示例|样例|范例|须知|字段|模板")


def drafts_of_sheet(sheet: Sheet, hint: Kind | None = None, *, though_sample: bool = False) -> Found:
    """The questions of one sheet, table by table; none of a sheet that calls itself a sample, unless it is wanted."""
    if not though_sample and any(_SAMPLE_SHEET.search(cell) for _, cells in sheet.rows[:3] for cell in cells):
        note = f"工作表“{sheet.name}”自称是示例，已跳过。"
        skipped = Understood(sheet.name, TABLE, skipped=SAMPLE)
        return Found(warnings=[RowProblem(sheet.name, None, "", "sample_sheet_skipped", note)], understood=[skipped])
    is_plain = not (sheet.own or sheet.pictures or sheet.hidden_rows or sheet.hidden_columns)
    turned = upright(sheet.rows) if is_plain and not _EXPLAINS.search(sheet.name) else None
    if turned is not None:
        sheet = replace(sheet, rows=turned)
    found = Found()
    for table in [t for part in parted(sheet) for t in _tables(part, kind_in_name(sheet.name) or hint)]:
        if not sheet.own:
            settle_ticks(table.columns, table.header, table.rows, table.hint)
            settle_unnamed(table.columns, table.header, table.rows)
        found.add(table.found())
    if turned is not None:  # its columns are none of the sheet's, and nobody could say more of them
        found.understood = [replace(understood, columns=()) for understood in found.understood]
    return found


def looks_like_table(rows: list[Row]) -> bool:
    """Whether rows hold a header or are questions without one: what tells a csv from a text."""
    return any(columns_of(cells).is_header and columns_of(cells).known >= 2 for _, cells in rows[:30])


def looks_like_questions(rows: list[Row]) -> bool:
    """Whether rows without a header are questions, each with its options and its key in columns of their own."""
    if len(rows) < 2 or any(len(cells) != len(rows[0][1]) or not any(cells) for _, cells in rows):
        return False
    columns = columns_without_header(rows)
    return columns is not None and (len(columns.options) > 1 or OPTIONS in columns.parts) and _asks(columns, rows)


def _asks(columns: Columns, rows: list[Row]) -> bool:
    stems = [columns.get(STEM, cells).strip() for _, cells in rows]
    return all(len(stem) > 2 and heading_of(stem) is None for stem in stems)


def _tables(sheet: Sheet, hint: Kind | None) -> list[Table]:
    tables: list[Table] = []
    before: list[Row] = []
    heading = hint
    for number, cells in sheet.rows:
        columns = columns_of(cells) if not (sheet.own and tables) else Columns()
        if tables and not tables[-1].rows and tables[-1].columns.take_row_below(cells):
            tables[-1].header = [
                " ".join(filter(None, pair)) for pair in zip_longest(tables[-1].header, cells, fillvalue="")
            ]
            continue  # the second row of a header whose cells are merged
        if tables and not tables[-1].rows and is_guidance(tables[-1].columns, cells):
            continue
        if columns.is_header and (not tables or columns.known >= 3 or columns.known == columns.filled > 1):
            if tables and columns.parts == tables[-1].columns.parts and columns.options == tables[-1].columns.options:
                continue  # the header again, as a page break would have it
            tables.append(Table(sheet, columns, cells, before, heading, number))
            before = []
        elif not sheet.own and (title := title_of(cells)) is not None:
            heading = title.kind or hint
            if tables:
                tables[-1].hint_from_here(number, heading)
            before.append((number, cells))
        elif tables:
            tables[-1].rows.append((number, cells))
        else:
            before.append((number, cells))
    if not tables and (headed := header_without_stem(sheet.rows)):
        place, named = headed
        number, cells = sheet.rows[place]
        tables.append(Table(sheet, named, cells, sheet.rows[:place], hint, number))
        tables[0].rows = sheet.rows[place + 1 :]
    if not tables and (guessed := columns_without_header(sheet.rows)):
        tables.append(Table(sheet, guessed, [], [], hint))
        tables[0].rows = sheet.rows
    return tables


def title_of(cells: list[str]) -> KindWord | None:
    """A row that holds nothing but a heading such as 一、单选题, once or in each of the cells that were merged."""
    filled = {cell.strip() for cell in cells if cell.strip()}
    text = next(iter(filled), "")
    return heading_of(text) if len(filled) == 1 and len(text) <= 60 else None
