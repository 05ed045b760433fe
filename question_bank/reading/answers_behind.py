"""Answers in brackets behind the stems whose blanks they fill: "质量月是___月。（九）"."""

import re

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.drafts import Draft
from question_bank.reading.stems import key_in_stem

_BEHIND = re.compile(
    r"^(?P<stem>.*(?:_{2,}|＿{2,}|[（(]\s*[）)]).*?)\s*[（(【]\s*(?P<answer>[^（）()【】\n]{1,60})\s*[）)】]\s*[。.]?$",
    re.DOTALL,
)
_SAYS_HOW = re.compile(r"《|\d\s*分$|^(?:请|填|写|注|单位|提示|多选|单选|不|含|见|按|以)")
_FEW = 2


def take_answers_behind(drafts: list[Draft]) -> None:
    """Only where hardly one of the questions that have blanks and no key lacks such a bracket: else it is a remark."""
    waiting = [draft for draft in drafts if _waits(draft)]
    found = [
        (draft, mark)
        for draft in waiting
        if (mark := _BEHIND.match(draft.stem)) and not _SAYS_HOW.search(mark["answer"])
    ]
    if len(found) < _FEW or len(found) * 10 < len(waiting) * 8:
        return
    for draft, mark in found:
        draft.stem, draft.key = mark["stem"], mark["answer"]


def _waits(draft: Draft) -> bool:
    is_blank = (draft.kind or draft.hint) is Kind.FILL_BLANK and not draft.key and draft.blanks is None
    return is_blank and not draft.options and key_in_stem(draft.stem, Kind.FILL_BLANK, 0) is None
