"""Keys behind the last option ("D．丁    [C]", "D．丁    C", "C" below it), and behind a stem's empty bracket."""

import re

from question_bank.reading.drafts import Draft
from question_bank.reading.keys import letters_in
from question_bank.reading.stems import key_in_stem

_BEHIND = re.compile(r"^(?P<option>.*\S)\s*[（(【\[]\s*(?P<key>[A-L](?:[\s、,，]?[A-L])*)\s*[）)】\]]\s*$", re.DOTALL)
_BARE = re.compile(r"^(?P<option>.*\S)(?:\s{2,}|\n)(?P<key>[A-L]{1,8})\s*$", re.DOTALL)
_BEHIND_STEM = re.compile(r"^(?P<stem>.*[（(]\s*[）)][。.？?]?)\s*(?P<key>[A-L]{1,8})\s*$", re.DOTALL)
_FEW = 2


def take_keys_behind(drafts: list[Draft]) -> None:
    """Only where half of the choices that state no key have one there: elsewhere it is part of the option.

    A letter without brackets is a key only where nearly all of them have one.
    """
    keyless = [
        draft
        for draft in drafts
        if len(draft.options) > 1 and not draft.key and key_in_stem(draft.stem, None, len(draft.options)) is None
    ]
    in_brackets = [draft for draft in keyless if _letters(_BEHIND.match(draft.options[-1]), draft)]
    if in_brackets and len(in_brackets) * 2 >= len(keyless):
        _take_behind_options(in_brackets, _BEHIND)
        return
    bare = [draft for draft in keyless if _letters(_BARE.match(draft.options[-1]), draft)]
    behind = [draft for draft in keyless if _letters(_BEHIND_STEM.match(draft.stem), draft)]
    if len(bare) >= _FEW and len(bare) * 10 >= len(keyless) * 8:
        _take_behind_options(bare, _BARE)
    elif len(behind) >= _FEW and len(behind) * 10 >= len(keyless) * 8:
        for draft in behind:
            found = _BEHIND_STEM.match(draft.stem)
            assert found is not None
            draft.stem, draft.key = found["stem"], found["key"]


def _take_behind_options(drafts: list[Draft], pattern: re.Pattern[str]) -> None:
    for draft in drafts:
        found = pattern.match(draft.options[-1])
        assert found is not None
        draft.options[-1], draft.key = found["option"], found["key"]


def _letters(found: re.Match[str] | None, draft: Draft) -> bool:
    letters = letters_in(found["key"]) if found else None
    return bool(letters) and set(letters or ()) <= set(draft.labels)
