"""申诉: what a participant may write about a result, and what may be answered."""

from enum import StrEnum

from quiz.rules.reports import note_complaint
from quiz.rules.rulings import holds_phone


class Outcome(StrEnum):
    UPHELD = "upheld"
    DISMISSED = "dismissed"

    @property
    def label(self) -> str:
        return {Outcome.UPHELD: "申诉成立", Outcome.DISMISSED: "维持原来的结果"}[self]


def complaints(text: str, what: str = "有什么疑问") -> list[str]:
    """What is wrong with a tidied text of a participant, or with the answer to it."""
    if complaint := note_complaint(text, what):
        return [complaint]
    return ["请不要写手机号。"] if holds_phone(text) else []
