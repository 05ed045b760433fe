"""Kinds as columns: 单选 | 多选 | 判断, of which each question has a tick in one."""

from collections.abc import Iterator, Sequence

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft
from question_bank.reading.flags import flag_in
from question_bank.reading.headers import KIND, Columns, cell_at, folded
from question_bank.reading.kind_words import KindWord, kind_named

_SEVERAL = "“{}”都打了勾，分不清是哪种题。请只在一栏打勾。"


def take_ticked_kinds(columns: Columns, header: Sequence[str], drafts: Sequence[tuple[Draft, list[str]]]) -> None:
    """The kind whose column is ticked; two ticks make the question a problem, none leaves the kind open."""
    kinds = _kinds(columns, header)
    told = [[column for column in kinds if flag_in(cell_at(cells, column))] for _, cells in drafts]
    if len(kinds) < 2 or not any(told):
        return
    if any(flag_in(cell_at(cells, column)) is None for _, cells in drafts for column in kinds):
        return
    for (draft, _), ticked in zip(drafts, told, strict=True):
        names = "、".join(columns.names[column] for column in ticked)
        if len(ticked) > 1:
            draft.trouble = draft.trouble or ("题型", "kind_unknown", _SEVERAL.format(names))
        elif ticked:
            word = kinds[ticked[0]]
            draft.kind, draft.is_choice, draft.unsupported = word.kind, word.is_choice, word.unsupported


def _kinds(columns: Columns, header: Sequence[str]) -> dict[int, KindWord]:
    """The columns that bear the name of a kind and play no part; none beside a column 题型, or where two are alike."""
    used = {*columns.parts.values(), *(column for _, column in columns.options)}
    found = {column: word for column, word in _named(header) if column not in used}
    kinds = [word.kind for word in found.values()]
    return found if KIND not in columns.parts and len(set(kinds)) == len(kinds) else {}


def _named(header: Sequence[str]) -> Iterator[tuple[int, KindWord]]:
    for column, name in enumerate(header):
        word = kind_named(folded(name)) if 0 < len(name.strip()) <= len("单项选择题（打√）") else None
        if word is not None and (word.kind in set(Kind) or word.unsupported):
            yield column, word
