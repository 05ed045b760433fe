"""Keys in brackets that stems have for other things too: <A>, {A}, 〔A〕 in a stem or at its end."""

import re

from question_bank.reading.drafts import Draft
from question_bank.reading.keys import letters_in
from question_bank.reading.stems import blanks_in, key_in_stem

_OPEN, _CLOSE = "<{＜｛〔［〈《", ">}＞｝〕］〉》"
_KEY = r"(?P<key>[A-LＡ-Ｌ](?:[\s、,，]*[A-LＡ-Ｌ])*|√|×|✓|✗|对|错|正确|错误)"
_MARK = re.compile(rf"(?<![A-Za-z])(?P<open>[{_OPEN}])\s*{_KEY}\s*(?P<close>[{_CLOSE}])")
_FEW = 2


def take_keys_in_other_brackets(drafts: list[Draft]) -> None:
    """Only where that is how the text states its keys: in one kind of bracket, and hardly a question without one."""
    keyless = [
        draft for draft in drafts if not draft.key and key_in_stem(draft.stem, draft.kind, len(draft.options)) is None
    ]
    marked = [(draft, mark) for draft in keyless if (mark := _mark_of(draft)) is not None]
    brackets = {_OPEN.index(mark["open"]) for _, mark in marked}
    is_the_way = len(marked) * 10 >= len(keyless) * 8 and len(marked) * 2 >= len(drafts)
    if len(marked) < _FEW or len(brackets) > 1 or not is_the_way:
        return
    for draft, mark in marked:
        draft.key = mark["key"]
        draft.stem = f"{draft.stem[: mark.start()]}（  ）{draft.stem[mark.end() :]}"


def _mark_of(draft: Draft) -> re.Match[str] | None:
    """The one such key of a stem that draws no blank besides; None where it may be something else."""
    marks = list(_MARK.finditer(draft.stem))
    if len(marks) != 1 or _OPEN.index(marks[0]["open"]) != _CLOSE.index(marks[0]["close"]) or blanks_in(draft.stem):
        return None
    letters = letters_in(marks[0]["key"])
    if letters is None:
        return marks[0] if len(draft.options) < _FEW else None
    return marks[0] if len(draft.options) >= _FEW and set(letters) <= set(draft.labels) else None
