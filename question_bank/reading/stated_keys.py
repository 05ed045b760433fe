"""Keys that columns state otherwise than by a letter: flags beside options, an index, wrong answers apart."""

import re
import unicodedata

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft
from question_bank.reading.flags import are_mostly_flags, right_ones
from question_bank.reading.headers import INDEX, KEY, KIND, Columns, cell_at, folded
from question_bank.reading.options import items_of_list
from question_bank.reading.stems import blanks_in

Drafts = list[tuple[Draft, list[str]]]

_UNCLEAR_FLAG = "看不懂哪个选项标为正确。请用“是”“否”标明每个选项，或填写“答案”列。"
_UNCLEAR_BASE = "答案写作序号，看不出是从 0 还是从 1 数起。请把答案改成选项的字母，例如 A。"
_NO_SUCH = "答案的序号不在选项里。请改成选项的字母，例如 A。"


def settle_stated_keys(columns: Columns, drafts: Drafts, header: list[str]) -> None:
    """Give ``choices`` to the drafts of a table whose columns state its keys outright."""
    if columns.flags and columns.options:
        _settle_flags(columns, drafts)
    elif columns.wrong and not columns.options and KEY in columns.parts:
        _settle_wrong_answers(columns, drafts)
    elif INDEX in columns.parts and KEY not in columns.parts:
        _settle_index(columns.parts[INDEX], drafts, header)
    elif KEY in columns.parts and _base_said(cell_at(header, columns.parts[KEY])) is not None:
        _settle_index(columns.parts[KEY], drafts, header)
    _settle_alternatives(columns, drafts)


def _settle_alternatives(columns: Columns, drafts: Drafts) -> None:
    """In sheets of the English quiz sites the option columns of a Fill-in-the-Blank are its accepted answers."""
    if not folded(columns.name(KIND, "题型")).isascii():
        return
    for draft, _ in drafts:
        texts = tuple(option.strip() for option in draft.options if option.strip())
        if draft.kind is Kind.FILL_BLANK and not draft.key.strip() and texts and blanks_in(draft.stem) <= 1:
            draft.blanks = (texts,)


# --- flags beside the options ----------------------------------------------------------------------------------------


def _settle_flags(columns: Columns, drafts: Drafts) -> None:
    places = _flag_places(columns)
    if places is None or not are_mostly_flags([cell_at(c, column) for _, c in drafts for column in places.values()]):
        return
    for draft, cells in drafts:
        if draft.key.strip() or not any(draft.options):
            continue
        marks = [cell_at(cells, places.get(number)) for number in range(1, len(draft.options) + 1)]
        flag_draft(draft, marks, columns.names.get(next(iter(places.values())), draft.key_column))


def flag_draft(draft: Draft, marks: list[str], column: str) -> None:
    """Give a draft the choices that marks beside its options state."""
    draft.key, draft.key_column = "", column
    draft.choices = right_ones(marks)
    if draft.choices is None:
        draft.trouble = (column, "key_not_understood", _UNCLEAR_FLAG)


def _flag_places(columns: Columns) -> dict[int, int] | None:
    """Which column flags which option: by its number, or the one that stands behind it."""
    numbers = [number for number, _ in columns.options]
    if all(number for number, _ in columns.flags):
        places = dict(columns.flags)
        if 0 in places or (set(places) - set(numbers)):
            return None
        return places
    if len(columns.flags) != len(columns.options):
        return None
    flags = sorted(column for _, column in columns.flags)
    return dict(zip(sorted(numbers, key=dict(columns.options).__getitem__), flags, strict=True))


# --- the right answer and the wrong ones apart -----------------------------------------------------------------------


def _settle_wrong_answers(columns: Columns, drafts: Drafts) -> None:
    """Options in the order of their columns; the right one is the one whose column says so."""
    key = columns.parts[KEY]
    places = sorted([key, *(column for _, column in columns.wrong)])
    for draft, cells in drafts:
        texts = [(column == key, text) for column in places for text in _texts(cell_at(cells, column), column == key)]
        if not draft.key.strip() or len(texts) < 2:
            continue
        draft.options = [text for _, text in texts]
        draft.choices = frozenset(number for number, (is_right, _) in enumerate(texts, 1) if is_right)
        if draft.kind is Kind.MULTIPLE_CHOICE:  # "multiple" is said there of a choice among several
            draft.kind, draft.is_choice = None, True


def _texts(cell: str, is_right: bool) -> list[str]:
    items = None if is_right else items_of_list(cell)
    return [text for text in map(str.strip, items if items is not None else [cell]) if text]


# --- an index --------------------------------------------------------------------------------------------------------


def _settle_index(column: int, drafts: Drafts, header: list[str]) -> None:
    numbers = [_numbers(cell_at(cells, column)) for _, cells in drafts]
    counts = [len(draft.options) for draft, _ in drafts]
    base = _base_said(cell_at(header, column))
    if base is None:
        base = _base_shown(numbers, counts)
    for (draft, _), found, count in zip(drafts, numbers, counts, strict=True):
        draft.key_column = " ".join(cell_at(header, column).split())[:40] or draft.key_column
        if not found or not count:
            continue
        if base is None:
            draft.trouble = (draft.key_column, "key_base_unclear", _UNCLEAR_BASE)
        elif all(1 <= number - base + 1 <= count for number in found):
            draft.choices = frozenset(number - base + 1 for number in found)
        else:
            draft.trouble = (draft.key_column, "key_not_among_options", _NO_SUCH)


def _numbers(text: str) -> list[int]:
    folded = unicodedata.normalize("NFKC", text).strip("[]() ")
    if not re.fullmatch(r"\d{1,2}(?:\s*[,;|、/]\s*\d{1,2})*", folded):
        return []
    return [int(number) for number in re.findall(r"\d+", folded)]


def _base_said(header: str) -> int | None:
    """What the header says of where counting begins: "（从0开始）", "(1-based)", "0-3"."""
    folded = unicodedata.normalize("NFKC", header).lower()
    found = re.search(r"(?:从|以|由|自)\s*([01])\s*(?:开始|起|计)|([01])\s*-?\s*based|starts?\s*(?:at|from)?\s*([01])"
                      r"|\b([01])\s*[-~—至到]\s*[3-9]|([01])\s*[=:表代]\s*(?:第一|a\b|first)", folded)  # fmt: skip
    return int(next(group for group in found.groups() if group)) if found else None


def _base_shown(numbers: list[list[int]], counts: list[int]) -> int | None:
    """Where counting begins, by a 0 or by a number as high as the options; None where neither shows, or both do."""
    has_zero = any(0 in found for found in numbers)
    has_last = any(count in found for found, count in zip(numbers, counts, strict=True) if count)
    return None if has_zero == has_last else 0 if has_zero else 1
