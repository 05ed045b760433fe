"""Records of separated text that unquoted line breaks or stray quotes have cut or run together."""

from collections.abc import Callable, Sequence

from question_bank.reading.drafts import Row
from question_bank.reading.headers import NUMBER, STEM, Columns, columns_of

Reader = Callable[[str], list[Row]]


def whole_records(text: str, quote: str, read: Reader) -> list[Row]:
    """The records of a text, read as the whole of it shows that they are meant."""
    rows = read(text)
    header = _header_of(rows)
    if header is None:
        return rows
    if f"\\{quote}" in text:
        doubled = read(text.replace(f"\\{quote}", quote * 2))
        rows = max(doubled, rows, key=lambda read_so: _fitting(read_so, len(header[1])))
    if any(_swallows(cells, len(header[1]), read) for _, cells in rows):
        lines = _line_by_line(text, read)
        if _fitting(lines, len(header[1])) > _fitting(rows, len(header[1])):
            return lines
    return _rejoined(rows, header)


def _header_of(rows: Sequence[Row]) -> Row | None:
    return next(((number, cells) for number, cells in rows[:30] if columns_of(cells).is_header), None)


def _fitting(rows: Sequence[Row], width: int) -> int:
    return sum(len(cells) == width for _, cells in rows)


def _swallows(cells: list[str], width: int, read: Reader) -> bool:
    """Whether a quote that nobody closed has taken whole records into a cell."""
    if len(cells) == width:
        return False
    inner = [line for cell in cells for line in cell.split("\n")[1:] if line]
    return any(len(row) == width for line in inner[:3] for _, row in read(line))


def _line_by_line(text: str, read: Reader) -> list[Row]:
    """Each line a record of its own, so that a stray quote spoils no other."""
    lines = ((number, read(line)) for number, line in enumerate(text.splitlines(), 1))
    return [(number, rows[0][1]) for number, rows in lines if rows]


def _rejoined(rows: list[Row], header: Row) -> list[Row]:
    """Records that an unquoted line break has cut in two inside the stem, put together again."""
    columns, width = columns_of(header[1]), len(header[1])
    joined: list[Row] = []
    for number, cells in rows:
        if number > header[0] and (next_table := columns_of(cells)).is_header:
            columns, width = next_table, len(cells)
            joined.append((number, cells))
        elif joined and joined[-1][0] > header[0] and _is_rest(joined[-1][1], cells, columns, width):
            before = joined[-1][1]
            joined[-1] = (joined[-1][0], [*before[:-1], f"{before[-1]}\n{cells[0]}", *cells[1:]])
        else:
            joined.append((number, cells))
    return joined


def _is_rest(before: list[str], cells: list[str], columns: Columns, width: int) -> bool:
    """What is missing of the record above, no more and no less, and no record of its own."""
    stem = columns.parts[STEM]
    begins_anew = NUMBER in columns.parts and columns.parts[NUMBER] == 0 and cells[0].strip().isdigit()
    is_missing = len(before) == stem + 1 and len(before) + len(cells) - 1 == width and len(cells) > 1
    return is_missing and not begins_anew
