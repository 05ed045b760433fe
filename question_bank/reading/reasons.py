"""The column of reasons in a workbook of questions that were not taken: written for people, never read as content.

Its header says how the keys of the whole file were understood. The few rows that came back cannot show that any more,
and a key mended to 2 must not mean another option than it would have meant among the others.
"""

from collections.abc import Iterable
from dataclasses import replace

from question_bank.reading.drafts import Draft, Found, Sheet

REASONS = "没有导入的原因"
WHOLE_SHEETS = "整张表的问题"
"""The sheet with the problems that no single row has."""

_ROWS_OF_HEADERS = 60
_KEYS = {
    "（答案写选项的字母）": (-1, True),
    "（答案写选项的字母或文字）": (-1, False),
    "（答案写选项的编号，从 1 数起）": (1, False),
    "（答案写选项的编号，从 0 数起）": (0, False),
    "（答案写选项的字母或编号，编号从 1 数起）": (1, True),
    "（答案写选项的字母或编号，编号从 0 数起）": (0, True),
}
"""What stands behind the header, with ``key_base`` and ``keys_are_letters`` of the drafts."""


def header_of_reasons(drafts: Iterable[Draft]) -> str | None:
    """The header for these questions; None where their keys were understood in different ways."""
    choices = [draft for draft in drafts if sum(map(bool, draft.options)) > 1 or draft.key_base == 0]
    ways = {(draft.key_base, draft.keys_are_letters) for draft in choices}
    if len(ways) > 1:
        return None
    return REASONS + next((text for text, way in _KEYS.items() if way in ways), "")


def without_reasons(sheet: Sheet) -> Sheet:
    """The sheet as it was before the column of reasons was added to it."""
    for _, cells in sheet.rows[:_ROWS_OF_HEADERS]:
        for column, cell in enumerate(cells):
            if cell.startswith(REASONS):
                way = _KEYS.get(cell.removeprefix(REASONS))
                return replace(sheet, rows=_without(sheet, column), is_rest=True, keys_are=way)
    return sheet


def _without(sheet: Sheet, column: int) -> list[tuple[int, list[str]]]:
    rows = [(number, [*cells[:column], *cells[column + 1 :]]) for number, cells in sheet.rows]
    return [(number, cells) for number, cells in rows if any(cells)]


def read_as_before(found: Found, sheet: Sheet) -> Found:
    """The keys of what was found, understood as the header of the reasons says."""
    if sheet.keys_are is not None:
        for draft in found.drafts:
            draft.key_base, draft.keys_are_letters = sheet.keys_are
    return found
