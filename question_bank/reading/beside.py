"""Tables side by side in one sheet: each is read by itself, its cells in the columns where they stand."""

from collections.abc import Sequence
from dataclasses import replace

from question_bank.reading.drafts import Row, RowProblem, Sheet
from question_bank.reading.header_names import KEY, KIND, KIND_NAMES, NUMBER, STEM, WEAK
from question_bank.reading.headerless import looks_like_key
from question_bank.reading.headers import Columns, cell_at, columns_of, folded

_HEADER_ROWS = 30
_WIDEST = 80


def parted(sheet: Sheet) -> list[Sheet]:
    """The tables of a sheet that stand side by side; the sheet alone where there are none."""
    starts = _starts(sheet.rows)
    if len(starts) < 2 or sheet.own or sheet.is_rest:
        return [sheet]
    ends = [*starts[1:], None]
    return [
        _part(sheet, start if place else 0, end) for place, (start, end) in enumerate(zip(starts, ends, strict=True))
    ]


def _part(sheet: Sheet, start: int, end: int | None) -> Sheet:
    rows = [(number, [*[""] * start, *cells[start:end]]) for number, cells in sheet.rows]
    within = [p for p in sheet.pictures if p.column >= start and (end is None or p.column < end)]
    return replace(sheet, rows=[row for row in rows if any(cell.strip() for cell in row[1])], pictures=within)


def _starts(rows: Sequence[Row]) -> list[int]:
    """The first column of each table; one or none where the sheet has no two of them, or others above or below."""
    for place, (_, cells) in enumerate(rows[:_HEADER_ROWS]):
        starts = starts_in_header(cells)
        if len(starts) > 1:
            others = (starts_in_header(below) for _, below in rows[place + 1 :] if columns_of(below).is_header)
            return starts if all(other == starts for other in others) and _all_ask(starts, rows[place:]) else []
        if columns_of(cells).is_header:
            return []
    return _starts_without_header(rows)


def _all_ask(starts: Sequence[int], rows: Sequence[Row]) -> bool:
    """Whether each table holds a question."""
    ends = [*starts[1:], None]
    (_, header), below = rows[0], rows[1:]
    for start, end in zip(starts, ends, strict=True):
        stem = start + columns_of(header[start:end]).parts[STEM]
        if not any(cell_at(cells, stem).strip() for _, cells in below):
            return False
    return True


def starts_in_header(header: Sequence[str]) -> list[int]:
    """Where tables begin in a row that holds the names of several, each with a stem and a key of its own."""
    names = [folded(cell) if len(cell) < 30 else "" for cell in header[:_WIDEST]]
    if sum(_begins(name) == STEM for name in names) < 2:
        return []
    starts = [0]
    for column, name in enumerate(names):
        if column > starts[-1] and _begins(name):
            left, right = columns_of(list(header[starts[-1] : column])), columns_of(list(header[column:]))
            if _is_whole(left) and _is_whole(right) and _asks_alike(left, right):
                starts.append(column)
    return starts if len(starts) > 1 else []


def _begins(name: str) -> str:
    """STEM for a name that stems bear, and what may stand before it; "" for any other."""
    if not name:
        return ""
    if name in KIND_NAMES:
        return STEM
    parts = columns_of([name]).parts
    return next((part for part in (STEM, NUMBER, KIND) if part in parts), "")


def _is_whole(columns: Columns) -> bool:
    return STEM in columns.parts and (KEY in columns.parts or columns.verdicts is not None)


def _asks_alike(left: Columns, right: Columns) -> bool:
    """标题 and 内容 may tell something else of the same question, unless both tables call their stems so."""
    names = [folded(columns.name(STEM, "")) for columns in (left, right)]
    return names[0] == names[1] or not set(names) & WEAK


def _starts_without_header(rows: Sequence[Row]) -> list[int]:
    """Every other column holds verdicts or letters, and those before them sentences."""
    width = max((len(cells) for _, cells in rows), default=0)
    while width and not any(cell_at(cells, width - 1).strip() for _, cells in rows):
        width -= 1
    if width < 4 or width % 2 or width > _WIDEST or len(rows) < 2:
        return []
    columns = [[text for _, cells in rows if (text := cell_at(cells, column).strip())] for column in range(width)]
    keys = all(texts and all(looks_like_key(text) and not text.isdigit() for text in texts) for texts in columns[1::2])
    stems = all(texts and all(len(text) > 5 for text in texts) for texts in columns[::2])
    return list(range(0, width, 2)) if keys and stems else []


def side_by_side(sheet: str, row: int | None) -> RowProblem:
    """Only the left one was read, so that half the questions would be lost unseen."""
    message = "这张表并排放着几组题，只读了最左边一组。请把右边的几组挪到下面，再重新上传。"
    return RowProblem(sheet, row, "", "tables_side_by_side", message)
