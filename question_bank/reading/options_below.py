"""Tables whose options stand below their question, in its column or beside their letters, one in a row or several."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from question_bank.reading.drafts import Row
from question_bank.reading.headers import KEY, NUMBER, OPTIONS, STEM, Columns, cell_at
from question_bank.reading.options import label_of, labelled


@dataclass
class _Below:
    """The options in the rows below a question, and the key, where one of those rows has it."""

    options: list[str] = field(default_factory=list)
    key: str = ""
    rows: int = 0


def with_options_above(columns: Columns, rows: Sequence[Row]) -> list[Row]:
    """The rows of the questions, the options below each written into its stem, a line for each."""
    stem = columns.parts.get(STEM)
    are_named = any(column in columns.names for _, column in columns.options)
    if stem is None or are_named or OPTIONS in columns.parts:
        return list(rows)
    result: list[Row] = []
    place = 0
    while place < len(rows):
        number, cells = rows[place]
        below = _below(columns, cells, rows, place + 1) if cell_at(cells, stem).strip() else _Below()
        if len(below.options) > 1 and not _options_in(columns, cells, "A"):
            lines = [cells[stem], *(f"{chr(65 + n)}. {option}" for n, option in enumerate(below.options))]
            result.append((number, _with(columns, cells, "\n".join(lines), below.key)))
            place += below.rows
        else:
            result.append((number, cells))
        place += 1
    if len(result) < len(rows):
        columns.options = []  # columns without a name, which hold options of the rows below
    return result


def _with(columns: Columns, cells: list[str], stem: str, key: str) -> list[str]:
    written = list(cells)
    written[columns.parts[STEM]] = stem
    if key:
        written += [""] * (columns.parts[KEY] + 1 - len(written))
        written[columns.parts[KEY]] = key
    return written


def _below(columns: Columns, question: list[str], rows: Sequence[Row], start: int) -> _Below:
    below = _Below(key="")
    is_open = KEY in columns.parts and not columns.get(KEY, question).strip()
    for _, cells in rows[start : start + 12]:
        key = columns.get(KEY, cells).strip()
        options = _options_in(columns, cells, chr(65 + len(below.options)))
        if not options or (key and (not is_open or below.key)):
            break
        below.options += options
        below.key = below.key or key
        below.rows += 1
    return below


def _options_in(columns: Columns, cells: list[str], letter: str) -> list[str]:
    """The texts of a row that holds nothing but options, from that letter on."""
    filled = {column: cell.strip() for column, cell in enumerate(cells) if cell.strip()}
    filled.pop(columns.parts.get(KEY, -1), None)
    if columns.parts.get(NUMBER) in filled and filled[columns.parts[NUMBER]] != letter:
        return []
    stem = columns.parts[STEM]
    if stem in filled and len(filled) == 2 and letter in filled.values() and filled[stem] != letter:
        return [filled[stem]]
    options: list[str] = []
    for column, text in sorted(filled.items()):
        found = _lettered(text, chr(ord(letter) + len(options))) if column >= stem else []
        if not found:
            return []
        options += found
    return options


def _lettered(text: str, letter: str) -> list[str]:
    """甲 and 乙 for "A.甲 B.乙", where A is the letter; "C.丙 D.丁" where it is C."""
    first, rest = label_of(text)
    if first != letter:
        return []
    shift = ord(letter) - ord("A")
    several = labelled(text if not shift else "\n".join([*(f"{chr(65 + n)}.\u00a0x" for n in range(shift)), text]))
    if several is None or several.before or len(several.options) <= shift + 1:
        return [rest] if rest else []
    expected = [chr(65 + n) for n in range(len(several.labels))]
    return several.options[shift:] if several.labels == expected and all(several.options) else []
