"""Keys in brackets behind the last option: "D．丁    [C]"."""

import re

from question_bank.reading.drafts import Draft
from question_bank.reading.keys import letters_in
from question_bank.reading.stems import key_in_stem

_BEHIND = re.compile(r"^(?P<option>.*\S)\s*[（(【\[]\s*(?P<key>[A-L](?:[\s、,，]?[A-L])*)\s*[）)】\]]\s*$", re.DOTALL)


def take_keys_behind(drafts: list[Draft]) -> None:
    """Only where half of the choices that state no key have one there: elsewhere it is part of the option."""
    keyless = [
        draft
        for draft in drafts
        if len(draft.options) > 1 and not draft.key and key_in_stem(draft.stem, None, len(draft.options)) is None
    ]
    behind = [draft for draft in keyless if _key_behind(draft)]
    if len(behind) * 2 < len(keyless):
        return
    for draft in behind:
        found = _BEHIND.match(draft.options[-1])
        assert found is not None
        draft.options[-1], draft.key = found["option"], found["key"]


def _key_behind(draft: Draft) -> bool:
    found = _BEHIND.match(draft.options[-1])
    letters = letters_in(found["key"]) if found else None
    return bool(letters) and set(letters or ()) <= set(draft.labels)
