"""Several columns that each state a key: 正确答案1 and 正确答案2 together, or two that ought to agree."""

import re
from collections.abc import Sequence

from question_bank.content import tidied
from question_bank.reading.drafts import Draft
from question_bank.reading.headers import BLANK_NAME, KEY, Columns, cell_at, folded
from question_bank.reading.keys import letters_in
from question_bank.reading.kind_words import verdict_in
from question_bank.reading.options import label_of
from question_bank.reading.stems import blanks_in

_NUMBERED = re.compile(r"(?:正确|标准|参考)?(?:答案|选项)(\d|[一二三四五六])")


_FEWER = "题干里的空比填写的答案多，看不出缺的是哪个空的答案。请把每个空的答案都填上。"


def settle_second_keys(columns: Columns, drafts: Sequence[tuple[Draft, list[str]]], header: Sequence[str]) -> None:
    """Join what numbered columns state; where two others contradict each other, the question is a problem."""
    first = columns.parts.get(KEY)
    if first is None or not columns.second_keys:
        return
    names = [folded(cell_at(list(header), column)) for column in (first, *columns.second_keys)]
    are_blanks = all(map(BLANK_NAME.fullmatch, names))
    are_numbered = are_blanks or all(map(_NUMBERED.fullmatch, names))
    for draft, cells in drafts:
        others = [text for c in columns.second_keys if (text := cell_at(cells, c).strip())]
        answered = len(others) + bool(draft.key.strip())
        if are_blanks and not draft.options and 0 < answered < blanks_in(draft.stem):
            draft.trouble = (draft.key_column, "blanks_differ", _FEWER)
        if are_numbered:
            draft.key = "；".join(filter(None, [draft.key.strip(), *others]))
            continue
        for other in others:
            if draft.key.strip() and draft.trouble is None and _contradict(draft, other):
                message = f"两栏答案不一样：“{draft.key.strip()[:20]}”和“{other[:20]}”。请改成同一个答案，或删去一栏。"
                draft.trouble = (draft.key_column, "keys_disagree", message)


def _contradict(draft: Draft, other: str) -> bool:
    key = draft.key
    letters, others = _letters(draft, key), _letters(draft, other)
    if letters is not None and others is not None:
        return set(letters) != set(others)
    verdicts = verdict_in(key), verdict_in(other)
    return None not in verdicts and verdicts[0] is not verdicts[1]


def _letters(draft: Draft, key: str) -> list[str] | None:
    """The letters of a key, or the letter of the only option that it repeats."""
    letters = letters_in(key)
    if letters is not None:
        return letters
    places = [place for place, option in enumerate(draft.options) if tidied(label_of(option)[1]) == tidied(key)]
    return [chr(65 + places[0])] if len(places) == 1 else None
