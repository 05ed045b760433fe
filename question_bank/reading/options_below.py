"""Tables whose options stand below their question, in its column or beside their letters, each in a row of its own."""

from collections.abc import Sequence

from question_bank.reading.drafts import Row
from question_bank.reading.headers import KEY, OPTIONS, STEM, Columns, cell_at
from question_bank.reading.options import label_of


def with_options_above(columns: Columns, rows: Sequence[Row]) -> list[Row]:
    """The rows of the questions, the options below each written into its stem, a line for each."""
    stem = columns.parts.get(STEM)
    if stem is None or columns.options or OPTIONS in columns.parts:
        return list(rows)
    result: list[Row] = []
    place = 0
    while place < len(rows):
        number, cells = rows[place]
        options = _options_from(columns, rows[place + 1 :]) if cell_at(cells, stem).strip() else []
        if len(options) > 1 and not _option(columns, cells, "A"):
            lines = [cells[stem], *(f"{chr(65 + n)}. {option}" for n, option in enumerate(options))]
            result.append((number, [*cells[:stem], "\n".join(lines), *cells[stem + 1 :]]))
            place += len(options)
        else:
            result.append((number, cells))
        place += 1
    return result


def _options_from(columns: Columns, rows: Sequence[Row]) -> list[str]:
    options: list[str] = []
    for _, cells in rows:
        option = _option(columns, cells, chr(65 + len(options)))
        if not option:
            break
        options.append(option)
    return options


def _option(columns: Columns, cells: list[str], letter: str) -> str:
    """The text of a row that holds nothing but the option of that letter."""
    filled = {column: cell.strip() for column, cell in enumerate(cells) if cell.strip()}
    stem = columns.parts[STEM]
    if columns.parts.get(KEY) in filled or stem not in filled:
        return ""
    text = filled.pop(stem)
    if not filled:
        label, rest = label_of(text)
        return rest if label == letter else ""
    return text if list(filled.values()) == [letter] else ""
