"""What was not taken of a file, as a workbook to mend and bring again: in the file's own layout where that can be."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from question_bank.check import Report, check_safely
from question_bank.reading.albums import Album
from question_bank.reading.drafts import Draft, RowProblem
from question_bank.reading.reasons import REASONS, header_of_reasons
from question_bank.rest_layout import mark_fault, same_layout, told_apart
from question_bank.tags import as_text
from question_bank.writing import OPTIONS_OF_BLANK_WORKBOOK, headers, new_workbook, saved, write_cell
from question_bank.writing_pictures import put_pictures

REST_PREFIX = "没有导入的题-"
REST_SHEET = "没有导入的题"
_WHERE = (("原工作表", 16), ("原位置", 12), (REASONS, 60))


def rest_workbook(report: Report) -> bytes:
    """The questions that have problems, with their reasons; in the file's own layout if that is read as the file was.

    Of documents and texts, of tables without a header, and where the few rows would be understood in another way than
    among the others, in the layout of the blank workbook.
    """
    as_it_was = same_layout(report)
    if as_it_was is not None and _is_read_the_same(as_it_was, report):
        return as_it_was
    return _own_layout(report.problems, report.refused, report.album)


def name_of_rest(filename: str) -> str:
    """没有导入的题-试题.xlsx, also for what is left of such a workbook itself."""
    stem = filename.rpartition(".")[0] or filename
    return f"{REST_PREFIX}{stem.removeprefix(REST_PREFIX)}.xlsx"


def _is_read_the_same(data: bytes, report: Report) -> bool:
    """Whether the workbook gives the same questions with the same problems, and nothing that could be taken."""
    again = check_safely(data, name_of_rest(report.file))
    same_drafts = _wherever_in(again) == _wherever_in(report)
    return same_drafts and not again.done_with and _reasons(again) == _reasons(report)


def _wherever_in(report: Report) -> list[tuple[Draft, list[tuple[int, list[str]]]]]:
    """The refused drafts, and their pictures by content."""
    album = report.album
    return [
        (_wherever(draft), [(place, [p.sha256 for p in album.pictures(mark)]) for place, mark in draft.pictures])
        for draft in report.refused
    ]


def _wherever(draft: Draft) -> Draft:
    """A draft apart from where it stands, and, where it has no options, from how keys point at options."""
    draft = replace(
        draft, pictures=[], sheet="", row=0, options=[told_apart(text, draft.options) for text in draft.options]
    )
    if sum(map(bool, draft.options)) > 1:
        return draft
    return replace(draft, key_base=1, keys_are_letters=False)


def _reasons(report: Report) -> list[tuple[str, str, str]]:
    """Rows have other numbers now; what is wrong with a whole sheet may speak of them."""
    return sorted((p.column, p.code, p.message if p.row else "") for p in report.problems)


# --- in the layout of the blank workbook -----------------------------------------------------------------------------


def _own_layout(problems: Iterable[RowProblem], refused: Sequence[Draft], album: Album) -> bytes:
    """Each question with where it stood and why.

    A problem of a whole sheet, or of a row in which no question was recognised, has a row of its own.
    """
    reasons: dict[tuple[str, int | None], list[RowProblem]] = defaultdict(list)
    for problem in problems:
        reasons[problem.sheet, problem.row].append(problem)
    options = max([OPTIONS_OF_BLANK_WORKBOOK, *(len(draft.options) for draft in refused)])
    workbook, sheet = new_workbook(REST_SHEET, options)
    header = header_of_reasons(refused)
    for column, (name, width) in enumerate(_WHERE, len(headers(options)) + 1):
        sheet.cell(1, column, header or REASONS if name == REASONS else name).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    rows = [
        (_cells(draft, options), reasons.pop((draft.sheet, draft.row), []), header is None and draft.key_base == 0)
        for draft in refused
    ]
    empty: list[Any] = [None] * len(headers(options))
    rows += [(empty, left, False) for left in reasons.values()]
    for number, (cells, why, is_from_zero) in enumerate(rows, 2):
        for column, value in enumerate([*cells, *_where(why, is_from_zero)], 1):
            write_cell(sheet.cell(number, column), value)
            if column <= len(cells) and any(p.column and p.column == sheet.cell(1, column).value for p in why):
                mark_fault(sheet.cell(number, column))
    for number, draft in enumerate(refused, 2):
        for place, mark in draft.pictures:
            put_pictures(sheet, number, 2 + place, album.pictures(mark))
    return saved(workbook)


def _cells(draft: Draft, options: int) -> list[Any]:
    kind = draft.kind or draft.hint
    texts = [*(told_apart(text, draft.options) for text in draft.options), *[""] * (options - len(draft.options))]
    return [
        kind.label if kind else "", draft.stem, *texts, draft.key, draft.explanation, draft.source,
        draft.domain, draft.difficulty, draft.checked_on, draft.valid_until, as_text(draft.tags),
    ]  # fmt: skip


def _where(why: list[RowProblem], is_from_zero: bool) -> list[Any]:
    place = why[0] if why else None
    row = f"第 {place.row} 行" if place and place.row else ""
    more = ["原表的答案从 0 数起，请改写成选项的字母。"] if is_from_zero else []
    reasons = dict.fromkeys([*(problem.message for problem in why), *more])
    return [place.sheet if place else "", row, " ".join(reasons)]
