"""Keys to the right of the questions, beside numbers of their own: they belong to the question of that number."""

from collections.abc import Sequence

from question_bank.reading.drafts import Draft
from question_bank.reading.headers import KEY, NUMBER, Columns, cell_at

_DIFFER = "答案旁边的题号是“{}”，题目的题号是“{}”，分不清答案是哪一道的。请让两边的题号一致。"


def name_keys_of_others(columns: Columns, drafts: Sequence[tuple[Draft, list[str]]]) -> None:
    """Make a problem of each question beside whose key stands the number of another one."""
    number, key = columns.parts.get(NUMBER), columns.parts.get(KEY)
    beside = [column for column in columns.second_numbers if key is not None and column < key]
    if number is None or not beside:
        return
    for draft, cells in drafts:
        own, other = cell_at(cells, number).strip(), cell_at(cells, beside[-1]).strip()
        if own and other and own != other:
            draft.trouble = draft.trouble or (draft.key_column, "numbers_differ", _DIFFER.format(other[:12], own[:12]))
