"""Cells that speak for the rows below them: a kind or a domain written once over all its questions."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from question_bank.reading.drafts import Row
from question_bank.reading.headers import DOMAIN, KIND, STEM, Columns, cell_at
from question_bank.reading.kind_words import kind_named


def filled_down(columns: Columns, rows: Sequence[Row]) -> list[Row]:
    """The rows with kind and domain written into each, where the file writes them only at the first of a run."""
    speaking = [column for part in (KIND, DOMAIN) if (column := columns.parts.get(part)) is not None
                and _is_written_once(columns, rows, column, is_kind=part == KIND)]  # fmt: skip
    if not speaking:
        return list(rows)
    last = dict.fromkeys(speaking, "")
    filled = []
    for number, cells in rows:
        cells = [*cells, *[""] * (max(speaking) + 1 - len(cells))]
        for column in speaking:
            last[column] = cells[column] = cells[column].strip() or last[column]
        filled.append((number, cells))
    return filled


def _is_written_once(columns: Columns, rows: Sequence[Row], column: int, *, is_kind: bool) -> bool:
    """Fewer than half of the questions have it, the first has, and no two that follow each other say the same."""
    texts = [cell_at(cells, column).strip() for _, cells in rows if columns.get(STEM, cells).strip()]
    told = [text for text in texts if text]
    if not told or not texts[0] or len(told) * 2 >= len(texts) + (len(texts) < 4):
        return False
    if is_kind and not all(kind_named(text) for text in told):
        return False
    return all(text != following for text, following in pairwise(told))


def with_merged(columns: Columns, rows: Sequence[Row], merged: Mapping[tuple[int, int], int]) -> list[Row]:
    """The rows with kind and domain written into each that is merged with the one above."""
    if not merged:
        return list(rows)
    told = [column for part in (KIND, DOMAIN) if (column := columns.parts.get(part)) is not None]
    by_number = dict(rows)
    filled = []
    for number, cells in rows:
        above = {column: by_number.get(merged.get((number, column), number), cells) for column in told}
        width = max([len(cells), *(column + 1 for column in told)])
        own = [*cells, *[""] * (width - len(cells))]
        for column, first in above.items():
            own[column] = own[column].strip() or cell_at(first, column)
        filled.append((number, own))
    return filled
