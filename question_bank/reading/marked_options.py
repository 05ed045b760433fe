"""Options that bear the mark of the right one in their own text: 12315（√）, ☑12315 beside □12345."""

import re
from collections.abc import Sequence

from question_bank.reading.drafts import Draft
from question_bank.reading.keys import letters_in

_BEHIND = re.compile(
    r"(?P<text>.*\S)\s*(?:[（(【\[]\s*(?:√|✓|✔|正确|正确答案|正确选项)\s*[)）】\]]|[√✓✔])\s*", re.DOTALL
)
_BOX = re.compile(r"\s*(?P<label>[A-L]\s*[.．、:：]\s*)?(?P<box>[□☐○◻]|[☑✓✔■●])\s*(?P<text>\S.*)", re.DOTALL)
_DISAGREE = "选项里标出的正确答案和答案一栏不一样。请核对，留下对的那个。"
_AS_A_HABIT = 2
_EMPTY_BOXES = "□☐○◻"


def take_marked_options(drafts: Sequence[Draft]) -> None:
    """Where each question has marked options, those are its key, and the marks go. A stated key must say the same."""
    told = [draft for draft in drafts if sum(bool(option.strip()) for option in draft.options) > 1]
    if len(told) < _AS_A_HABIT or any(draft.choices is not None or draft.exact for draft in told):
        return
    for read in (_behind, _boxes):
        marks = [read(draft.options) for draft in told]
        if all(found is not None and found[1] for found in marks):
            for draft, found in zip(told, marks, strict=True):
                _take(draft, *(found or ([], frozenset())))
            return


def _take(draft: Draft, options: list[str], right: frozenset[int]) -> None:
    draft.options = options
    letters = letters_in(draft.key)
    if draft.key.strip() and letters is not None and {ord(letter) - ord("A") + 1 for letter in letters} != right:
        draft.trouble = draft.trouble or (draft.key_column, "keys_disagree", _DISAGREE)
    elif not draft.key.strip():
        draft.choices = right


def _behind(options: Sequence[str]) -> tuple[list[str], frozenset[int]] | None:
    found = [_BEHIND.fullmatch(option) for option in options]
    texts = [mark["text"] if mark else option for mark, option in zip(found, options, strict=True)]
    return texts, frozenset(number for number, mark in enumerate(found, 1) if mark)


def _boxes(options: Sequence[str]) -> tuple[list[str], frozenset[int]] | None:
    """Every option has a box, empty or not."""
    found = [_BOX.fullmatch(option) for option in options if option.strip()]
    if not all(found) or len(found) < len(options):
        return None
    texts = [(mark["label"] or "") + mark["text"] for mark in found if mark]
    boxes = [mark["box"] for mark in found if mark]
    right = frozenset(number for number, box in enumerate(boxes, 1) if box not in _EMPTY_BOXES)
    return (texts, right) if len(right) < len(options) else None
