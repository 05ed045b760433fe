"""Tables whose names stand in a column: a question in each column beside them, or one below the other in blocks."""

from collections.abc import Sequence

from question_bank.reading.drafts import Row
from question_bank.reading.header_names import KEY, OPTION, OPTIONS, STEM
from question_bank.reading.headers import cell_at, columns_of, role_of

Role = tuple[str, int]
_LEAST = 3


def upright(rows: Sequence[Row]) -> list[Row] | None:
    """The questions of such a table as a header and rows below it, each under the number of its first row; else None.

    A name twice within one block, or a line that has no name, leaves open what belongs together: None.
    """
    filled = [(number, [cell.strip() for cell in cells]) for number, cells in rows if any(c.strip() for c in cells)]
    while filled and sum(map(bool, filled[0][1])) == 1 and not role_of(max(filled[0][1])):
        filled = filled[1:]  # a title
    if len(filled) < _LEAST or any(columns_of(cells).is_header for _, cells in filled[:2]):
        return None
    for column in (0, 1):
        told = _with_lines_below(filled, column)
        names = [cell_at(cells, column) for _, cells in told]
        roles = [role_of(name) for name in names]
        if column and any(not _is_number(cell_at(cells, 0)) for _, cells in told):
            continue
        if all(roles) and _asks([role for role in roles if role]):
            return _in_columns(told, names, column) or _in_blocks(told, names, column)
    return None


def _with_lines_below(rows: Sequence[Row], column: int) -> list[Row]:
    """A row without a name that holds one text goes on with what stands above it."""
    told: list[Row] = []
    for number, cells in rows:
        if told and not any(cells[: column + 1]) and not any(cells[column + 2 :]):
            above = told[-1][1]
            told[-1] = (told[-1][0], [*above[: column + 1], f"{cell_at(above, column + 1)}\n{cells[column + 1]}"])
        else:
            told.append((number, cells))
    return told


def _is_number(text: str) -> bool:
    return not text or text.isdigit()


def _asks(roles: Sequence[Role]) -> bool:
    """Stem and key, and nothing that stands for a list of headers."""
    parts = [part for part, _ in roles]
    return STEM in parts and KEY in parts and (OPTION in parts or OPTIONS in parts or len(parts) >= _LEAST)


def _in_columns(rows: Sequence[Row], names: Sequence[str], column: int) -> list[Row] | None:
    """Each name once: every further column is a question."""
    if len({role_of(name) for name in names}) < len(names):
        return None
    stem = next(n for n, name in enumerate(names) if (role_of(name) or ("", 0))[0] == STEM)
    width = max(len(cells) for _, cells in rows)
    return [
        (rows[stem][0], list(names)),
        *((rows[stem][0], [cell_at(cells, place) for _, cells in rows])
          for place in range(column + 1, width)
          if any(cell_at(cells, place) for _, cells in rows)),
    ]  # fmt: skip


def _in_blocks(rows: Sequence[Row], names: Sequence[str], column: int) -> list[Row] | None:
    """The same name begins each block; names are those of all blocks, in the order of the fullest."""
    if any(any(cells[column + 2 :]) for _, cells in rows):
        return None
    first = role_of(names[0])
    blocks: list[dict[Role, str]] = []
    numbers: list[int] = []
    header: dict[Role, str] = {}
    for (number, cells), name in zip(rows, names, strict=True):
        role = role_of(name)
        assert role is not None
        if role == first:
            blocks.append({})
            numbers.append(number)
        if role in blocks[-1]:
            return None
        blocks[-1][role] = cell_at(cells, column + 1)
        header.setdefault(role, name)
    if any((STEM, 0) not in block for block in blocks):
        return None
    return [
        (numbers[0], list(header.values())),
        *((number, [block.get(role, "") for role in header]) for number, block in zip(numbers, blocks, strict=True)),
    ]  # fmt: skip
