"""Questions that go on in the row below: what stands there belongs to them, and nobody can say as what."""

import re
from collections.abc import Sequence

from question_bank.reading.drafts import Draft, Row
from question_bank.reading.headers import EXPLANATION, KEY, KIND, NUMBER, STEM, Columns, cell_at

_OPTIONS = "这道题下面一行还有选项，却没有题号和题干，分不清是第几个选项。请把选项都写在题目的同一行。"
_STEM = "这道题的题干没有写完，下面一行像是它的后半句。请把题干并到一格里。"
_KEY = "这道题下面一行还有一格答案，没有题号和题干，分不清是不是这道题的。请把答案写在一格里。"
_HALF = "这道题像是上一行的后半句：上一行的题干没有写完，也没有答案。请把两行并成一道题。"
_ENDED = re.compile(r"[。．.？?！!：:；;）)】\]”\"’》_＿…—]\s*$")
_APART = re.compile(
    r"\s*(?:第[一二三四五六七八九十百\d]+[章节部编篇]|[一二三四五六七八九十]+[、.．]|[（(【*※—-]|注|备注|说明|以[上下])"
)


def name_torn(columns: Columns, rows: Sequence[Row], drafts: Sequence[Draft]) -> None:
    """Make a problem of each question whose options, stem or key go on in a row below; explanations just go on."""
    by_row = {draft.row: draft for draft in drafts}
    above: tuple[Draft, list[str]] | None = None
    for number, cells in rows:
        stem = columns.get(STEM, cells).strip()
        told = {column for column, cell in enumerate(cells) if cell.strip()}
        if above is not None and told == {columns.parts.get(KEY)}:
            above[0].trouble = above[0].trouble or (above[0].key_column, "key_torn", _KEY)
        elif above is not None and told == {columns.parts.get(EXPLANATION)}:
            above[0].explanation += "\n" + columns.get(EXPLANATION, cells).strip()
        elif above is not None and not any(columns.get(part, cells).strip() for part in (KEY, NUMBER, KIND)):
            if not stem and any(cell_at(cells, column).strip() for _, column in columns.options):
                above[0].trouble = above[0].trouble or ("选项", "options_torn", _OPTIONS)
            elif stem and sum(bool(cell.strip()) for cell in cells) == 1 and _goes_on(columns, above[1], stem):
                above[0].trouble = above[0].trouble or (above[0].stem_column, "stem_torn", _STEM)
            continue
        if above is not None and not stem:
            continue
        draft = by_row.get(number)
        if draft is not None and above is not None and _is_second_half(columns, above[1], cells):
            draft.trouble = draft.trouble or (draft.stem_column, "stem_torn", _HALF)
        above = (draft, cells) if draft is not None and stem else None


def _is_second_half(columns: Columns, above: list[str], cells: list[str]) -> bool:
    """A row with the key but without a number, below one with a number but without a key or an end of its stem."""
    has_key, has_number = (bool(columns.get(part, above).strip()) for part in (KEY, NUMBER))
    return (
        not has_key
        and has_number
        and not columns.get(NUMBER, cells).strip()
        and (_goes_on(columns, above, columns.get(STEM, cells)))
    )


def _goes_on(columns: Columns, above: list[str], text: str) -> bool:
    """A numbered stem without an end, and below it a text without a number that is no heading and no remark."""
    return (
        bool(columns.get(NUMBER, above).strip())
        and not _ENDED.search(columns.get(STEM, above))
        and not (_APART.match(text))
    )
