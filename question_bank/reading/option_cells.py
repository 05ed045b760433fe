"""Options that stand together in one cell of a table, or in its stem."""

import re

from question_bank.reading.drafts import Draft
from question_bank.reading.options import items_of_list, labelled, separator_of, split_at


def part_options(cells: list[tuple[Draft, str]]) -> None:
    """Options that stand in one cell, or in the stem."""
    cells = [(draft, cell.strip()) for draft, cell in cells]
    loose = []
    for draft, cell in cells:
        if not cell or draft.options:
            continue
        if draft.rows_of_options:
            draft.options = [cell, *draft.rows_of_options]
            continue
        if (items := items_of_list(cell)) is not None:
            draft.options = list(items)
        elif (parts := labelled(cell)) and not parts.before:
            draft.options, draft.labels = parts.options, parts.labels
        else:
            loose.append((draft, cell))
    separator = separator_of([cell for _, cell in loose]) if loose else None
    for draft, cell in loose:
        parts_of_cell = split_at(cell, separator) if separator else [cell]
        draft.options = parts_of_cell if len(parts_of_cell) > 1 else [cell]
    for draft, _ in cells:
        if not draft.options and not draft.exact and (inside := options_in_stem(draft.stem)):
            draft.stem, draft.options, draft.labels = inside


def options_in_stem(stem: str) -> tuple[str, list[str], list[str]] | None:
    """A stem that carries its options: (stem, options, labels)."""
    if not re.search(r"[AＡ]\s*[.．、:：)）\s]", stem):
        return None
    parts = labelled(stem)
    if parts is None or not parts.before or len(parts.options) < 3 or not all(parts.options):
        return None
    return parts.before, parts.options, parts.labels
