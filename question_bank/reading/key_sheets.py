"""Keys on a sheet of their own: parted into number and key, whatever shape the sheet has."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from question_bank.reading.answer_cards import is_answer_card
from question_bank.reading.drafts import Row, Sheet
from question_bank.reading.headers import EXPLANATION, KEY, KIND, NUMBER, STEM, cell_at, columns_of, folded
from question_bank.reading.key_blocks import is_title_of_keys, keys_in_line, keys_of_table
from question_bank.reading.kind_words import KindWord, heading_of, kind_in_name, kind_named

_OF_PERSONS = re.compile(r"我的|你的|您的|学生|考生|学员|用户|作答|答卷|提交|错题|成绩|姓名|学号|工号|得分|班级|准考证")
_NUMBER = re.compile(r"第?0*(\d{1,6})(?:题|[.、)])?")
_NEW_KEYS = 2


@dataclass(frozen=True)
class KeyOnSheet:
    """A key as a sheet of keys states it, with the kind under whose heading it stands ("" where there is none).

    ``sheet`` is the one whose questions it answers, if the name of its own says so.
    """

    source: str
    row: int
    kind: str
    number: str
    key: str
    explanation: str = ""
    sheet: str = ""


def keys_on(sheet: Sheet) -> list[KeyOnSheet]:
    """The keys of a sheet that holds nothing but keys and what belongs to them; [] for any other."""
    if is_answer_card(sheet) or _OF_PERSONS.search(
        " ".join([sheet.name, *(c for _, row in sheet.rows[:3] for c in row)])
    ):
        return []
    named = kind_in_name(sheet.name)
    kind = named.value if named else ""
    return _under_header(sheet, kind) or _without_header(sheet, kind)


def plain_number(text: str) -> str:
    """1 for "01", "1.", "第1题"; any other text as it is."""
    folded_text = unicodedata.normalize("NFKC", text).strip().lower()
    found = _NUMBER.fullmatch(folded_text)
    return found[1] if found else folded_text


def name_of_kind(word: KindWord | None) -> str:
    """What tells the questions of one heading from those of another."""
    if word is None:
        return ""
    return word.kind.value if word.kind else "choice" if word.is_choice else word.unsupported


def title_in(cells: Sequence[str]) -> str | None:
    """The heading of a row that holds nothing else, though each of its merged cells may repeat it."""
    told = {cell.strip() for cell in cells if cell.strip()}
    text = next(iter(told)) if len(told) == 1 else ""
    return text if text and len(text) <= 60 and heading_of(text) is not None else None


# --- under a header: 题号 | 答案, once or several times beside each other --------------------------------------------


@dataclass(frozen=True)
class _Pair:
    number: int
    key: int
    kind: str = ""


def _under_header(sheet: Sheet, kind: str) -> list[KeyOnSheet]:
    found: list[KeyOnSheet] = []
    pairs: list[_Pair] = []
    above: list[str] = []
    header: list[str] = []
    for number, cells in sheet.rows:
        columns = columns_of(cells)
        if columns.is_header or (not pairs and (STEM in columns.parts or len(columns.options) > 1)):
            return []
        if new := _pairs(cells, above):
            pairs, header = new, cells
        elif title := title_in(cells):
            kind = name_of_kind(heading_of(title)) or kind
        elif pairs:
            found += _keys_in_row(sheet.name, (number, cells), header, pairs, kind)
        above = cells
    return found


def _pairs(cells: Sequence[str], above: Sequence[str]) -> list[_Pair]:
    """The columns of numbers, each with that of its keys; a kind's name may stand above each."""
    parts = [_part(cell) for cell in cells]
    numbers = [column for column, part in enumerate(parts) if part == NUMBER]
    pairs = []
    for start, end in pairwise([*numbers, len(cells)]):
        keys = [column for column in range(start + 1, end) if parts[column] == KEY]
        if len(keys) != 1:
            return []
        label = cell_at(list(above), start).strip() or cell_at(list(above), keys[0]).strip()
        word = heading_of(label) if label and len(numbers) > 1 else None
        pairs.append(_Pair(start, keys[0], name_of_kind(word)))
    return pairs


def _part(cell: str) -> str:
    if not cell.strip() or len(cell) > 20:
        return ""
    parts = columns_of([cell]).parts
    return next((part for part in (NUMBER, KEY, KIND, EXPLANATION) if part in parts), "")


def _keys_in_row(sheet: str, row: Row, header: Sequence[str], pairs: Sequence[_Pair], kind: str) -> list[KeyOnSheet]:
    cells, beside = row[1], {}
    if len(pairs) == 1:
        beside = {_part(name): cell_at(cells, column).strip() for column, name in enumerate(header)}
    kind = name_of_kind(kind_named(beside.get(KIND, ""))) or kind
    return [
        KeyOnSheet(sheet, row[0], pair.kind or kind, plain_number(number), key, beside.get(EXPLANATION, ""))
        for pair in pairs
        if (number := cell_at(cells, pair.number).strip()) and (key := cell_at(cells, pair.key).strip())
    ]


# --- without one: numbers over keys, beside them, or "1-5 ABCDA" -----------------------------------------------------


def _without_header(sheet: Sheet, kind: str) -> list[KeyOnSheet]:
    found: list[KeyOnSheet] = []
    group: list[Row] = []
    for number, cells in [*sheet.rows, (0, ["一、单选题"])]:  # a last heading closes the last group
        title = title_in(cells)
        told = [cell.strip() for cell in cells if cell.strip()]
        if title is None and len(told) == 1 and is_title_of_keys(told[0]):
            continue
        if title is None:
            group.append((number, cells))
            continue
        keys = _keys_of_group(group)
        if group and not keys:
            return []
        found += [KeyOnSheet(sheet.name, row, kind, str(number), key) for row, number, key in keys]
        kind, group = name_of_kind(heading_of(title)) or kind, []
    return found


def _keys_of_group(rows: Sequence[Row]) -> list[tuple[int, int, str]]:
    """(row, number, key); [] where anything else stands there, or a number twice."""
    if keys := keys_of_table([cells for _, cells in rows]):
        said = sum(cell.strip().isdigit() for _, cells in rows for cell in cells)
        return [(rows[0][0], number, key) for number, key in keys.items()] if said == len(keys) else []
    found: list[tuple[int, int, str]] = []
    for row, cells in rows:
        for cell in filter(str.strip, cells):
            if folded(cell) in ("答案", "参考答案"):
                continue
            in_line = keys_in_line(cell)
            if not in_line:
                return []
            found += [(row, number, key) for number, key in in_line.items()]
    return found if len({number for _, number, _ in found}) == len(found) >= _NEW_KEYS else []
