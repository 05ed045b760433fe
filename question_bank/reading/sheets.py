"""All sheets of a workbook to drafts: as tables, or as text where questions were pasted line by line."""

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import texts
from question_bank.reading.drafts import Found, RowProblem, Sheet
from question_bank.reading.kind_words import kind_in_name
from question_bank.reading.lines import Line
from question_bank.reading.tables import drafts_of_sheet
from question_bank.reading.understanding import HIDDEN, NO_QUESTIONS, NOTES, TABLE, TEXT, Understood, layout_of
from question_bank.reading.workbooks import NOTES_SHEET


def drafts_of_sheets(sheets: list[Sheet], hint: Kind | None = None) -> Found:
    """All questions of a workbook. A sheet without any is passed over, and said."""
    found, without = Found(), []
    for sheet in sheets:
        read = drafts_of_sheet(sheet, hint) if sheet.rows else Found()
        if not (read.drafts or read.problems or read.warnings):
            read = _drafts_of_pasted_text(sheet, hint)
        if sheet.hidden and (read.drafts or read.problems):
            found.problems.append(_hidden(sheet))
            found.understood += [understood.passed_over(HIDDEN) for understood in read.understood]
        elif read.drafts or read.problems or read.warnings:
            found.add(read)
        elif sheet.rows and not sheet.hidden:
            found.understood.append(_passed_over(sheet))
            if sheet.name != NOTES_SHEET:
                without.append(sheet.name)
    found.warnings += [_without_questions(name) for name in without]
    return found


def _drafts_of_pasted_text(sheet: Sheet, hint: Kind | None) -> Found:
    """A document pasted into cells; taken only where most of what is found there looks like questions."""
    lines = [
        Line(number, line)
        for number, cells in sheet.rows
        for line in "    ".join(cell.strip() for cell in cells if cell.strip()).split("\n")
    ]
    found = texts.drafts_of_lines(lines, kind_in_name(sheet.name) or hint)
    sound = [draft for draft in found.drafts if draft.key or len(draft.options) > 1]
    if len(sound) * 2 < len(found.drafts) or not sound:
        return Found()
    for draft in found.drafts:
        draft.sheet = sheet.name
    found.understood = [Understood(sheet.name, TEXT, len(found.drafts), *layout_of(sheet.rows, sheet.hidden_columns))]
    return found


def _passed_over(sheet: Sheet) -> Understood:
    row, columns = layout_of(sheet.rows, sheet.hidden_columns)
    why = NOTES if sheet.name == NOTES_SHEET else NO_QUESTIONS
    return Understood(sheet.name, TABLE, 0, row, columns, why)


def _hidden(sheet: Sheet) -> RowProblem:
    message = f"工作表“{sheet.name}”是隐藏的，没有读取。要用它，请先取消隐藏。"
    return RowProblem(sheet.name, None, "", "sheet_hidden", message)


def _without_questions(name: str) -> RowProblem:
    return RowProblem(name, None, "", "sheet_without_questions", f"工作表“{name}”里没有认出试题，已跳过。")
