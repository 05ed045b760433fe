"""这道题有误: how much a participant may write about a question, and how often."""

from datetime import timedelta
from enum import StrEnum

LONGEST_NOTE = 300
MOST_IN_A_SPAN = 20
SPAN = timedelta(hours=1)


class Outcome(StrEnum):
    UPHELD = "upheld"
    DISMISSED = "dismissed"

    @property
    def label(self) -> str:
        return {Outcome.UPHELD: "确实有误", Outcome.DISMISSED: "题目没有问题"}[self]


def note_complaint(note: str, what: str = "哪里不对") -> str | None:
    """What is wrong with a tidied note of a participant, or with the answer to it."""
    if not note:
        return f"请写一写{what}。"
    return f"最多写 {LONGEST_NOTE} 个字，现在有 {len(note)} 个。" if len(note) > LONGEST_NOTE else None
