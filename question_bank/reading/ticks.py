"""Ticks that say what is right: under 对 or 错, in a column behind each option, or under the letters once more."""

import unicodedata
from collections.abc import Sequence

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft, Row
from question_bank.reading.flags import are_flags, flag_in
from question_bank.reading.header_names import KEY, KIND, OPTIONS, STEM
from question_bank.reading.headers import Columns, cell_at, folded

_BEHIND_OPTIONS = {"", "正确", "答案", "是否正确", "是否答案", "正误", "对错", "√", "✓", "✔", "right", "correct"}
_UNCLEAR = "看不出勾在“对”还是“错”。请只在其中一栏打√，或加一列“答案”写明对、错。"


def settle_ticks(columns: Columns, header: Sequence[str], rows: Sequence[Row], hint: Kind | None) -> None:
    """Give the columns of ticks their part, where they hold nothing but ticks."""
    asked = [cells for _, cells in rows if columns.get(STEM, cells).strip()]
    if not asked:
        return
    if columns.verdicts and not _are_verdicts(columns, header, asked, hint):
        columns.verdicts = None
    if columns.verdicts:
        if columns.parts.get(KEY) in columns.verdicts:
            del columns.parts[KEY]
        columns.flags = [(number, column) for number, column in columns.flags if column not in columns.verdicts]
        return
    flags = _behind_each_option(columns, header, asked) or _in_second_options(columns, asked)
    if flags:
        columns.flags = flags
        columns.second_keys = []
        if columns.parts.get(KEY) in dict(flags).values():
            del columns.parts[KEY]


def _are_verdicts(columns: Columns, header: Sequence[str], rows: Sequence[list[str]], hint: Kind | None) -> bool:
    """Ticks and no key of another column; 是 and 否 are asked in lists that hold no questions, too."""
    pair = columns.verdicts or (0, 0)
    if columns.parts.get(KEY, pair[0]) not in pair or columns.options or OPTIONS in columns.parts:
        return False
    cells = [cell_at(row, column) for row in rows for column in pair]
    if any(flag_in(cell) is None for cell in cells) or not any(cell.strip() for cell in cells):
        return False
    names = {folded(cell_at(list(header), column)) for column in pair}
    says_so = "题" in columns.name(STEM, "") or KIND in columns.parts or hint is Kind.TRUE_FALSE
    return says_so or not names & {"是", "否", "y", "n", "yes", "no"}


def take_ticks(columns: Columns, drafts: Sequence[tuple[Draft, list[str]]]) -> None:
    """The verdict of each judgement by the column that is ticked; neither or both is nobody's verdict."""
    if columns.verdicts is None:
        return
    right, wrong = columns.verdicts
    for draft, cells in drafts:
        draft.key_column = columns.names.get(right, draft.key_column)
        marks = [_mark(cell_at(cells, column)) for column in (right, wrong)]
        if marks == ["", ""] or draft.trouble is not None:
            continue
        verdict = _verdict(*marks)
        if verdict is None:
            draft.trouble = (draft.key_column, "key_not_understood", _UNCLEAR)
        else:
            draft.key = "对" if verdict else "错"


def _mark(cell: str) -> str:
    word = unicodedata.normalize("NFKC", cell).strip()
    return "" if not word else "yes" if flag_in(word) else "no"


def _verdict(right: str, wrong: str) -> bool | None:
    """A cross under 错 repeats its name; a cross under 对 alone may say either."""
    if (right, wrong) in (("yes", ""), ("yes", "no")):
        return True
    return False if (right, wrong) in (("", "yes"), ("no", "yes"), ("", "no")) else None


def _behind_each_option(
    columns: Columns, header: Sequence[str], rows: Sequence[list[str]]
) -> list[tuple[int, int]] | None:
    """A column of its own behind each option, all of the same name, which hold marks and nothing else."""
    places = [(number, column + 1) for number, column in columns.options]
    names = {folded(cell_at(list(header), column)) for _, column in places}
    if len(places) < 2 or columns.flags or len(names) != 1 or not names <= _BEHIND_OPTIONS:
        return None
    if columns.parts.get(KEY, places[0][1]) not in dict(places).values():
        return None
    return places if are_flags(cell_at(cells, column) for cells in rows for _, column in places) else None


def _in_second_options(columns: Columns, rows: Sequence[list[str]]) -> list[tuple[int, int]] | None:
    """选项A | 选项B | A | B: the letters once more, with a tick under the right ones."""
    places = columns.second_options
    if KEY in columns.parts or columns.flags or [n for n, _ in places] != [n for n, _ in columns.options]:
        return None
    cells = [cell_at(row, column) for row in rows for _, column in places]
    return list(places) if are_flags(cells) else None
