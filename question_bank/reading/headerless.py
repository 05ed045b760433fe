"""Tables without a header: what their columns mean, by what stands in them."""

import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise

from question_bank.reading import headers
from question_bank.reading.drafts import Row
from question_bank.reading.headers import Columns, columns_of
from question_bank.reading.kind_words import kind_named, verdict_in
from question_bank.reading.options import are_several, items_of_list


def columns_without_header(rows: list[Row]) -> Columns | None:
    """What the columns mean, by what stands in them: kinds, keys, a long text with shorter ones beside it."""
    if _are_labels([cells[0].strip() for _, cells in rows if cells]) or _names_no_stem(rows):
        return None
    width = max((len(cells) for _, cells in rows), default=0)
    if width < 2 or width > 40 or not rows:
        return None
    columns = [[cells[c].strip() for _, cells in rows if c < len(cells) and cells[c].strip()] for c in range(width)]
    full = [c for c in range(width) if len(columns[c]) * 2 > len(rows)]
    kind = next((c for c in full if _mostly(columns[c], lambda t: len(t) < 12 and kind_named(t) is not None)), None)
    keys = [c for c in full if c != kind and _mostly(columns[c], looks_like_key)] or _repeating_an_option(rows, full)
    texts = [c for c in full if c not in keys and c != kind and not _mostly(columns[c], str.isdigit)]
    texts = [c for c in texts if not _mostly(columns[c], are_several)] or texts
    if not keys or not texts:
        return None
    stem = max(texts, key=lambda c: sum(map(len, columns[c])) / len(columns[c]))
    key = _key_among(keys, columns, stem)
    found = Columns(parts={headers.STEM: stem, headers.KEY: key})
    if kind is not None:
        found.parts[headers.KIND] = kind
    between = range(stem + 1, key) if key > stem + 1 else range(max(stem, key) + 1, width)
    options = [c for c in between if c not in (kind, key) and columns[c]]
    found.options = [(number, column) for number, column in enumerate(options, 1)]
    if len(options) == 1:
        found.parts[headers.OPTIONS], found.options = options[0], []
    return found


def _names_no_stem(rows: list[Row]) -> bool:
    """A list of choices for a form, 题型 | 难度 over its words: each column has a name, and none is the stem's."""
    columns = columns_of(rows[0][1]) if rows else Columns()
    return columns.known == columns.filled > 1 and headers.STEM not in columns.parts and len(columns.options) < 2


def _are_labels(texts: list[str]) -> bool:
    """A, B, C below each other: each option has a row, beside its letter, and no column is a part of a question."""
    return any(first == "A" and second == "B" for first, second in pairwise(texts))


def _repeating_an_option(rows: list[Row], full: list[int]) -> list[int]:
    """The last column, where each of its texts stands in another column of the same row too."""
    last = full[-1] if len(full) > 3 else None
    if last is None:
        return []
    said = [cells[last].strip() in map(str.strip, cells[1:last]) for _, cells in rows if len(cells) > last]
    return [last] if sum(said) * 10 >= len(rows) * 8 else []


def _key_among(keys: list[int], columns: list[list[str]], stem: int) -> int:
    """Of several columns that look like keys, the last that varies: numbers in front are only numbers."""
    varied = [c for c in keys if 1 < len(set(columns[c])) <= 40 or len(columns[c]) < 3]
    lettered = [c for c in varied if _mostly(columns[c], lambda t: not t.isdigit())]
    behind = [c for c in lettered or varied or keys if c > stem]
    return (behind or lettered or varied or keys)[-1]


def looks_like_key(text: str) -> bool:
    """Letters, a verdict, an option's number or a list: what stands in a column of keys."""
    if items_of_list(text) is not None:
        return True
    folded = unicodedata.normalize("NFKC", text)
    return verdict_in(folded) is not None or bool(
        re.fullmatch(r"[A-Ha-h](?:[\s,;、|/.]*[A-Ha-h])*|[0-9](?:,[0-9])*", folded)
    )


def _mostly(texts: list[str], test: Callable[[str], bool]) -> bool:
    return bool(texts) and sum(map(test, texts)) * 10 >= len(texts) * 8
