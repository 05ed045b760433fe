"""Options that stand together in one cell of a table, or in its stem."""

import re
from collections import Counter

from question_bank.reading.drafts import Draft
from question_bank.reading.keys import letters_in
from question_bank.reading.options import (
    MOST_LETTERS,
    SEPARATORS,
    circled,
    items_of_list,
    label_of,
    labelled,
    separator_of,
    split_at,
)  # fmt: skip

Cells = list[tuple[Draft, str]]

_LETTERED = re.compile(r"(?:^|(?<=\s))([A-H])\s*[.．、:：]\s*")
_SURE = ("$;$", "|||", "$$", "||", "┋", "\n", "|", "；", ";")


def part_options(cells: Cells) -> None:
    """Options that stand in one cell, or in the stem."""
    cells = [(draft, cell.strip()) for draft, cell in cells]
    loose = []
    for draft, cell in cells:
        if cell and not draft.options and not _take_marked(draft, cell):
            loose.append((draft, cell))
    if loose:
        _part_loose(loose, Counter(len(draft.options) for draft, _ in cells if draft.options))
    for draft, _ in cells:
        if draft.options or draft.exact:
            continue
        if inside := options_in_stem(draft.stem, draft.key):
            draft.stem, draft.options, draft.labels = inside
        elif behind := _options_behind_stem(draft.stem, draft.key):
            draft.stem, draft.options = behind


def _take_marked(draft: Draft, cell: str) -> bool:
    """Options that the file itself tells apart: in rows below, as a list, line by line, by letters, by ①."""
    if draft.rows_of_options:
        draft.options = [cell, *draft.rows_of_options]
    elif (items := items_of_list(cell)) is not None or (items := _lines(cell)) or (items := circled(cell)):
        draft.options = list(items)
    elif (parts := labelled(cell)) and not parts.before:
        draft.options, draft.labels = _wrongly_lettered(cell, len(parts.options)) or (parts.options, parts.labels)
    return bool(draft.options)


def _lines(cell: str) -> list[str] | None:
    """Lines of which some bear the letter of their place and others none: each is an option."""
    lines = [line.strip() for line in cell.split("\n") if line.strip()]
    pairs = [label_of(line) for line in lines]
    labels = [label for label, _ in pairs]
    places = [chr(65 + place) for place in range(len(lines))]
    if len(lines) < 2 or not all(label in ("", place) for label, place in zip(labels, places, strict=True)):
        return None
    return [text for _, text in pairs] if any(labels) and labels[-1] and "" in labels else None


def _wrongly_lettered(cell: str, count: int) -> tuple[list[str], list[str]] | None:
    """More options than letters in order, because a letter stands twice ("A.甲 B.乙 C.丙 C.丁"): the letters tell."""
    marks = list(_LETTERED.finditer(cell))
    letters = [mark[1] for mark in marks]
    if len(marks) <= count or marks[0].start() != 0 or letters != sorted(letters) or letters[0] != "A":
        return None
    ends = [mark.start() for mark in marks[1:]] + [len(cell)]
    return [cell[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)], letters


def _part_loose(loose: Cells, counts: Counter[int]) -> None:
    """Options without marks: parted as the whole column is, else each cell by a separator that leaves no doubt."""
    separator = separator_of([cell for _, cell in loose])
    rest = []
    for draft, cell in loose:
        parts = split_at(cell, separator) if separator else []
        if len(parts) > 1:
            draft.options = _without_bare_letters(parts)
            counts[len(parts)] += 1
        else:
            rest.append((draft, cell))
    for draft, cell in rest:
        draft.options = _parted_alone(cell, counts, draft.key.strip()) or [cell]


_BARE_LETTER = re.compile(r"\s*([A-HＡ-Ｈ])\s*[-—－]?\s*(?=\S)")


def _without_bare_letters(parts: list[str]) -> list[str]:
    """ "A甲", "B乙" without their letters; A级, B级 and C级 differ by nothing else, and keep them."""
    marks = [_BARE_LETTER.match(part) for part in parts]
    letters = [chr((ord(mark[1]) - 0xFEE0) if ord(mark[1]) > 0xFF00 else ord(mark[1])) for mark in marks if mark]
    if letters != [chr(65 + place) for place in range(len(parts))]:
        return parts
    texts = [part[mark.end() :].strip() for part, mark in zip(parts, marks, strict=True) if mark]
    return texts if len(set(texts)) == len(texts) else parts


def _parted_alone(cell: str, counts: Counter[int], key: str) -> list[str] | None:
    for separator in SEPARATORS:
        parts = split_at(cell, separator)
        if 2 <= len(parts) <= MOST_LETTERS and (separator in _SURE or len(parts) in counts or key in parts):
            return _without_bare_letters(parts)
    return None


def _options_behind_stem(stem: str, key: str) -> tuple[str, list[str]] | None:
    """ "哪些是？&甲&乙&丙" with the key "甲&丙": what the key repeats are options, parted as in the stem."""
    for separator in ("$;$", "|||", "||", "|", "&", "#"):
        texts = split_at(stem, separator)
        keys = split_at(key, separator)
        if len(texts) > 2 and keys and set(keys) <= set(texts[1:]):
            return texts[0], texts[1:]
    return None


def options_in_stem(stem: str, key: str = "") -> tuple[str, list[str], list[str]] | None:
    """A stem that carries its options: (stem, options, labels)."""
    if not re.search(r"[AＡ]\s*[.．、:：)）\s]", stem):
        return None
    parts = labelled(stem, behind_stem=True)
    if parts is None or not parts.before or not all(parts.options):
        return None
    if len(parts.options) < 3 and not (set(letters_in(key) or "?") <= {"A", "B"} and parts.labels == ["A", "B"]):
        return None
    return parts.before, parts.options, parts.labels
