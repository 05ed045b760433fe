"""Columns under a header that bear no name, or one that nobody knows: what they mean, by what stands in them."""

import re
from collections.abc import Sequence

from question_bank.reading.drafts import Row
from question_bank.reading.headerless import looks_like_key
from question_bank.reading.headers import INDEX, KEY, KIND, NUMBER, OPTIONS, STEM, Columns, cell_at, columns_of, folded
from question_bank.reading.keys import letters_in
from question_bank.reading.kind_words import verdict_in
from question_bank.reading.options import are_several

_HEADER_ROWS = 12


def settle_unnamed(columns: Columns, header: Sequence[str], rows: Sequence[Row]) -> None:
    """Give a part to the columns between stem and key that hold options, and to the one that can only be the key."""
    if not header or not rows:
        return
    _take_longest_stem(columns, header, rows)
    _take_options(columns, header, rows)
    if KEY in columns.parts or INDEX in columns.parts or columns.verdicts:
        return
    if len(columns.flags) == 1 and not columns.options and OPTIONS not in columns.parts:
        columns.parts[KEY] = columns.flags.pop()[1]  # 是否正确 beside the stem: what it says is said of the stem
    elif not columns.flags:
        _take_key(columns, header, rows)


def _take_longest_stem(columns: Columns, header: Sequence[str], rows: Sequence[Row]) -> None:
    """题目 | 题目: of two columns of one name the stems are in the one whose texts are far longer."""
    first = columns.parts.get(STEM)
    if first is None:
        return
    same = [column for column, name in enumerate(header) if name.strip() and folded(name) == folded(header[first])]
    lengths = [(sum(len(cell_at(cells, column).strip()) for _, cells in rows), column) for column in same]
    of_first = sum(length for length, column in lengths if column == first)
    if len(same) > 1 and max(lengths)[0] > 2 * of_first:
        columns.parts[STEM] = max(lengths)[1]


def _take_options(columns: Columns, header: Sequence[str], rows: Sequence[Row]) -> None:
    """A name merged over all options (or over none) leaves the cells beside it empty."""
    first = columns.parts.get(OPTIONS, columns.options[-1][1] if columns.options else columns.parts.get(STEM))
    if first is None:
        return
    end = next((c for c in range(first + 1, len(header)) if header[c].strip()), None)
    run = [c for c in range(first + 1, end or 0) if any(cell_at(cells, c).strip() for _, cells in rows)]
    asked = [cells for _, cells in rows if columns.get(STEM, cells).strip()]
    if OPTIONS in columns.parts and any(are_several(cell_at(cells, first)) for cells in asked):
        return
    if not run or run[0] != first + 1 or not _is_filled(asked, run[0], first if OPTIONS in columns.parts else None):
        return
    if columns.options:
        last = columns.options[-1][0]
        asked_for = {letter for cells in asked for letter in letters_in(columns.get(KEY, cells)) or ()}
        if last > 1 and max(asked_for, default="A") <= chr(64 + last):
            return  # A to D have names, and no key asks for more: a remark
        columns.options += [(last + place, column) for place, column in enumerate(run, 1)]
    elif OPTIONS in columns.parts:
        columns.options = list(enumerate([columns.parts.pop(OPTIONS), *run], 1))
    elif len(run) > 1:
        columns.options = list(enumerate(run, 1))


def _is_filled(rows: Sequence[list[str]], column: int, beside: int | None) -> bool:
    """Whether half of the questions that have a first option have the next one too."""
    told = [cells for cells in rows if beside is None or cell_at(cells, beside).strip()]
    return sum(bool(cell_at(cells, column).strip()) for cells in told) * 2 >= len(told) > 0


def _take_key(columns: Columns, header: Sequence[str], rows: Sequence[Row]) -> None:
    """The only column without a known name in which every question has what looks like a key."""
    used = {*columns.parts.values(), *(column for _, column in columns.options)}
    if KIND in columns.parts and verdict_in(_first(rows, columns.parts[KIND])) is not None:
        used.discard(columns.parts[KIND])  # 判断: the name of a kind over verdicts
    asked = [cells for _, cells in rows if columns.get(STEM, cells).strip()]
    width = max(len(header), *(len(cells) for cells in asked), 0) if asked else 0
    free = [c for c in range(width) if c not in used and not _is_state(cell_at(list(header), c))]
    keys = [c for c in free if _holds_keys([cell_at(cells, c).strip() for cells in asked])]
    if len(keys) != 1:
        return
    if columns.parts.get(KIND) == keys[0]:
        del columns.parts[KIND]
    columns.parts[KEY] = keys[0]


def _is_state(name: str) -> bool:
    """是否启用, 审核: 是 and 否 below it say nothing of what is asked."""
    return bool(re.search("是否|审核|启用|状态|公开|必答|必考", name)) and not re.search(
        "正确|判断|答案|对错|正误", name
    )


def _holds_keys(texts: Sequence[str]) -> bool:
    """Letters or verdicts; bare numbers may count anything."""
    return bool(texts) and all(looks_like_key(text) and not re.fullmatch(r"[\d\s,]+", text) for text in texts)


def _first(rows: Sequence[Row], column: int) -> str:
    return next((text for _, cells in rows if (text := cell_at(cells, column).strip())), "")


def header_without_stem(rows: Sequence[Row]) -> tuple[int, Columns] | None:
    """Place and meaning of a header that names the key and the options, and calls the stems by no name we know."""
    for place, (_, cells) in enumerate(rows[:_HEADER_ROWS]):
        columns = columns_of(cells)
        if STEM in columns.parts or KEY not in columns.parts:
            continue
        if len(columns.options) < 2 and OPTIONS not in columns.parts and KIND not in columns.parts:
            continue
        below = [below for _, below in rows[place + 1 :]]
        stem = _longest(columns, below)
        if stem is not None:
            columns.parts[STEM] = stem
            return place, columns
    return None


def _longest(columns: Columns, rows: Sequence[list[str]]) -> int | None:
    """The one column without a part that holds words in nearly every row, longer than a name."""
    used = {*columns.parts.values(), *(column for _, column in columns.options)} - {columns.parts.get(NUMBER)}
    width = max((len(cells) for cells in rows), default=0)
    words = []
    for column in range(width):
        texts = [cell_at(cells, column).strip() for cells in rows if any(cell.strip() for cell in cells)]
        told = [text for text in texts if text]
        if column not in used and len(told) * 10 >= len(texts) * 8 and sum(map(len, told)) >= 6 * len(told) > 0:
            words.append(column)
    return words[0] if len(words) == 1 else None
