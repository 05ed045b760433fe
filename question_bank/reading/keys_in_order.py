"""Keys below the questions of a sheet, in their order and without numbers: one row or one column of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Sheet
from question_bank.reading.headers import KIND, OPTIONS, STEM, Columns, columns_of
from question_bank.reading.key_blocks import is_title_of_keys
from question_bank.reading.key_sheets import KeyOnSheet, title_in
from question_bank.reading.keys import letters_in
from question_bank.reading.kind_words import KindWord, heading_of, kind_in_name, kind_named, verdict_in

_FEWEST = 2


@dataclass(frozen=True)
class _Asked:
    row: int
    word: KindWord | None
    options: int  # 0 where they stand in one cell, and nobody has counted them yet

    def fits(self, key: str) -> bool:
        """Whether a key is one that a question of its kind has."""
        letters, kind = letters_in(key), self.word.kind if self.word else None
        reaches = letters is not None and all(ord(letter) - 64 <= (self.options or 26) for letter in letters)
        if kind is Kind.TRUE_FALSE or (kind is None and not self.options):
            return verdict_in(key) is not None
        if kind in (None, Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE):
            return reaches and kind in (None, Kind.SINGLE_CHOICE if len(letters or "") == 1 else Kind.MULTIPLE_CHOICE)
        return False


def answers_in_order(sheet: Sheet, below: Sheet) -> dict[tuple[str, int], KeyOnSheet]:
    """The key of each question; {} unless there are just as many keys, and each is one for its question's kind."""
    asked, keys = list(_questions_of(sheet)), _keys_in(below)
    if not _FEWEST <= len(asked) == len(keys) or not all(q.fits(key) for q, key in zip(asked, keys, strict=True)):
        return {}
    return {
        (sheet.name, question.row): KeyOnSheet(sheet.name, below.rows[0][0], "", "", key)
        for question, key in zip(asked, keys, strict=True)
    }


def is_row_of_keys(told: Sequence[str]) -> bool:
    """答案 | A | B | …"""
    return len(told) > _FEWEST and is_title_of_keys(told[0]) and all(map(_is_key, told[1:]))


def _is_key(text: str) -> bool:
    return letters_in(text) is not None or verdict_in(text) is not None


def _keys_in(below: Sheet) -> list[str]:
    """What stands below 答案 in one column, or behind it in one row; [] where anything else does."""
    rows = [[cell.strip() for cell in cells if cell.strip()] for _, cells in below.rows]
    first, *others = [row for row in rows if row]
    keys = first[1:] if len(first) > 1 else [row[0] for row in others if len(row) == 1]
    whole = is_title_of_keys(first[0]) and len(keys) + 1 == sum(map(len, rows))
    return keys if whole and all(map(_is_key, keys)) else []


def _questions_of(sheet: Sheet) -> Iterable[_Asked]:
    columns, named = Columns(), kind_in_name(sheet.name)
    around = KindWord(named) if named else None
    for row, cells in sheet.rows:
        said = columns_of(cells)
        if said.is_header:
            columns = said
        elif title := title_in(cells):
            around = heading_of(title) or around
        elif columns.get(STEM, cells).strip():
            filled = [column for _, column in columns.options if column < len(cells) and cells[column].strip()]
            yield _Asked(row, kind_named(columns.get(KIND, cells)) or around, len(filled))
        elif OPTIONS not in columns.parts and any(cell.strip() for cell in cells):
            yield _Asked(row, KindWord(unsupported="?"), 0)  # whatever it is, the keys cannot be counted off
