"""All sheets of a workbook to drafts: as tables, or as text where questions were pasted line by line."""

import re

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import texts
from question_bank.reading.albums import Album
from question_bank.reading.answer_cards import is_answer_card
from question_bank.reading.choices import AS_UNDERSTOOD, Choices, SheetChoice
from question_bank.reading.chosen import drafts_as_chosen
from question_bank.reading.drafts import Found, RowProblem, Sheet
from question_bank.reading.headers import Columns
from question_bank.reading.hidden import rows_hidden
from question_bank.reading.joined_keys import join_keys
from question_bank.reading.joined_sheets import joined
from question_bank.reading.keys_under_table import take_keys_under_tables
from question_bank.reading.kind_words import kind_in_name
from question_bank.reading.lines import Line
from question_bank.reading.pictured import left_alone, with_pictures
from question_bank.reading.reasons import WHOLE_SHEETS, read_as_before, without_reasons
from question_bank.reading.understanding import (
    ANSWER_CARD,
    BY_CHOICE,
    HIDDEN,
    NO_QUESTIONS,
    NOTES,
    TABLE,
    TEXT,
    Row,
    Understood,
    layout_of,
)
from question_bank.reading.workbooks import NOTES_SHEET

_NAMED = re.compile(r"(?:^|\n)(?:题目|题干|试题|问题|题型|题号|序号)\s{2,}\S")
_NOT_PARTED = "这道题的各栏上下排列，有的栏目缺了或重复了，分不清哪些属于它。请补全栏目，或改成一行一题。"


def drafts_of_sheets(
    sheets: list[Sheet], hint: Kind | None = None, choices: Choices = AS_UNDERSTOOD, album: Album | None = None
) -> Found:
    """All questions of a workbook. A sheet without any is passed over, and said."""
    sheets = [without_reasons(sheet) for sheet in sheets if sheet.name != WHOLE_SHEETS]
    together = joined(sheets, choices)
    take_keys_under_tables(together, choices)
    join_keys(together, choices)
    sheets = together.sheets
    found, without = Found(sheets=sheets, album=album or Album()), []
    found.add(together.found)
    for sheet in sheets:
        if sheet.name in together.taken_in:
            continue
        choice = choices.of(sheet.name)
        if choice.read is None and not choice.tables and not sheet.own and is_answer_card(sheet):
            found.understood += _passed_over(sheet, Found(), ANSWER_CARD)
            continue
        sheet.read_hidden = choices.reads_hidden_rows(sheet.name)
        read = read_as_before(_read(sheet, hint, choice), sheet) if sheet.rows else Found()
        together.mark(read)
        holds_something = bool(read.drafts or read.problems or read.warnings)
        if choice.read is False:
            found.understood += _passed_over(sheet, read, BY_CHOICE)
        elif sheet.hidden and not choices.reads_hidden_sheet(sheet.name):
            if read.drafts or read.problems:
                found.problems.append(_hidden(sheet))
                found.understood += _passed_over(sheet, read, HIDDEN)
        elif holds_something:
            found.add(read)
            found.warnings += left_alone(sheet, read.drafts, found.album)
        elif sheet.rows:
            is_notes = sheet.name == NOTES_SHEET
            found.understood += _passed_over(sheet, read, NOTES if is_notes else NO_QUESTIONS)
            if not is_notes:
                without.append(sheet.name)
    found.warnings += [_without_questions(name) for name in without]
    return found


def _read(sheet: Sheet, hint: Kind | None, choice: SheetChoice) -> Found:
    read = drafts_as_chosen(sheet, hint, choice)
    if read.drafts or read.problems or read.warnings or choice.tables:
        return read
    pasted = _drafts_of_pasted_text(sheet, hint)
    return pasted if pasted.drafts or pasted.problems else read


def _drafts_of_pasted_text(sheet: Sheet, hint: Kind | None) -> Found:
    """A document pasted into cells, less what is hidden of it."""
    found = _drafts_of_rows(sheet, sheet.rows, hint)
    hidden = [number for number, _ in sheet.rows if number in sheet.hidden_rows]
    if not found.drafts or not hidden:
        return found
    if not sheet.read_hidden:
        seen = [(number, cells) for number, cells in sheet.rows if number not in sheet.hidden_rows]
        found = _drafts_of_rows(sheet, seen, hint)
        found.problems.append(rows_hidden(sheet.name, hidden))
    row, columns = layout_of(sheet.rows, sheet.hidden_columns)
    found.understood = [
        Understood(sheet.name, TEXT, len(found.drafts), row, columns, hidden_rows=tuple(hidden)),
    ]
    return found


def _drafts_of_rows(sheet: Sheet, rows: list[Row], hint: Kind | None) -> Found:
    """Taken only where most of what is found there looks like questions."""
    rows = with_pictures(rows, sheet.pictures, Columns())
    lines = [
        Line(number, line)
        for number, cells in rows
        for line in "    ".join(cell.strip() for cell in cells if cell.strip()).split("\n")
    ]
    found = texts.drafts_of_lines(lines, kind_in_name(sheet.name) or hint)
    sound = [draft for draft in found.drafts if draft.key or len(draft.options) > 1]
    full = sum(sum(bool(cell.strip()) for cell in cells) > 2 for _, cells in rows)
    is_grid = full * 10 >= len(rows) * 9  # a table whose columns nobody understood, unless each row is a question
    if len(sound) * 2 < len(found.drafts) or not sound or (is_grid and len(sound) * 2 < len(rows)):
        return Found()
    for draft in found.drafts:
        draft.sheet = sheet.name
        if _NAMED.search(draft.stem):
            draft.trouble = draft.trouble or ("题干", "fields_not_parted", _NOT_PARTED)
    found.understood = [Understood(sheet.name, TEXT, len(found.drafts), *layout_of(sheet.rows, sheet.hidden_columns))]
    return found


def _passed_over(sheet: Sheet, read: Found, why: str) -> list[Understood]:
    """What would have been read, as it is shown to whoever may want it after all."""
    if read.understood:
        return [understood.passed_over(why) for understood in read.understood]
    row, columns = layout_of(sheet.rows, sheet.hidden_columns)
    return [Understood(sheet.name, TABLE, 0, row, columns, why)]


def _hidden(sheet: Sheet) -> RowProblem:
    message = f"工作表“{sheet.name}”是隐藏的，没有读取。要用它，请选择读取这张表，或先取消隐藏再上传；不要就不用管。"
    return RowProblem(sheet.name, None, "", "sheet_hidden", message)


def _without_questions(name: str) -> RowProblem:
    return RowProblem(name, None, "", "sheet_without_questions", f"工作表“{name}”里没有认出试题，已跳过。")
