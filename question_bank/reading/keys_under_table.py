"""Keys below the questions on the same sheet: "答案：1-5 ABCDA", a small table 题号 | 答案, or just as many keys."""

from collections.abc import Sequence
from dataclasses import replace

from question_bank.reading import lines as look
from question_bank.reading.choices import Choices
from question_bank.reading.drafts import Row, RowProblem, Sheet
from question_bank.reading.headers import KEY, NUMBER, STEM, Columns, columns_of
from question_bank.reading.joined_keys import lacks_keys, questions_of, with_keys
from question_bank.reading.joined_sheets import Joined
from question_bank.reading.key_blocks import is_title_of_keys, keys_in_line
from question_bank.reading.key_sheets import KeyOnSheet, keys_on
from question_bank.reading.keys_in_order import answers_in_order, is_row_of_keys

_HEADER_ROWS, _LONGEST_NAME = 12, 6
_TAKEN = "表格下面的答案已按题号归到各题，请核对。"
_TAKEN_IN_ORDER = "表格下面的答案没有题号，个数和题型与上面的题一致，已按顺序归到各题，请核对。"


def take_keys_under_tables(together: Joined, choices: Choices) -> None:
    """Only where each question of the sheet has a number of its own, and the keys below are for just these numbers.

    Keys without numbers must be as many as the questions, and each one of its question's kind.
    """
    for place, sheet in enumerate(together.sheets):
        is_free = not (
            sheet.own or sheet.is_rest or sheet.hidden or sheet.hidden_rows or choices.sheets.get(sheet.name)
        )
        start = _start_of_keys(sheet.rows) if is_free else None
        if start is None:
            continue
        questions, below = replace(sheet, rows=sheet.rows[:start]), replace(sheet, rows=_bare(sheet.rows[start:]))
        answers = _answers(questions, keys_on(below)) if lacks_keys(questions) else {}
        message = _TAKEN if answers else _TAKEN_IN_ORDER
        if not answers and lacks_keys(questions, with_numbers=False):
            answers = answers_in_order(questions, below)
        if answers:
            together.sheets[place] = with_keys(questions, answers)
            together.found.warnings.append(RowProblem(sheet.name, None, "", "keys_joined", message))


def _start_of_keys(rows: Sequence[Row]) -> int | None:
    """The first row below a header with stems that begins keys; None where there is none."""
    columns = Columns()
    for place, (_, cells) in enumerate(rows):
        if STEM not in columns.parts:
            columns = said if place < _HEADER_ROWS and (said := columns_of(cells)).is_header else columns
        elif _begins_keys(cells):
            return place
        elif columns.get(KEY, cells).strip():
            return None
    return None


def _begins_keys(cells: Sequence[str]) -> bool:
    told = [cell.strip() for cell in cells if cell.strip()]
    if len(told) == 1:
        return is_title_of_keys(told[0]) or len(keys_in_line(look.answer_of(told[0]) or told[0])) > 1
    if is_row_of_keys(told):
        return True
    names = [next(iter(columns_of([cell]).parts), "") for cell in told[:2] if len(cell) <= _LONGEST_NAME]
    return names == [NUMBER, KEY] or (names[:1] == [NUMBER] and all(cell.isdigit() for cell in told[1:]))


def _bare(rows: Sequence[Row]) -> list[Row]:
    """The rows with 答案： taken off the keys behind it."""
    return [(number, [look.answer_of(cell) or cell for cell in cells]) for number, cells in rows]


def _answers(sheet: Sheet, keys: Sequence[KeyOnSheet]) -> dict[tuple[str, int], KeyOnSheet]:
    questions = list(questions_of(sheet))
    asked = {question.number: question for question in questions}
    stated = {key.number: key for key in keys}
    if len(asked) < len(questions) or len(stated) < len(keys) or set(asked) != set(stated):
        return {}
    return {(sheet.name, question.row): stated[number] for number, question in asked.items()}
