"""What a person sends for one position, held against the paper: letters shown become option numbers and back.

Whether a save is taken, repeats an earlier one, or quarrels with another device is settled here too (CONTRACT §4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from question_bank.content import FALSE, TRUE, letter
from question_bank.kinds import QuestionKind
from quiz.rules.grading import Chosen

LONGEST_TEXT = 500
LONGEST_AWAY_MS = 24 * 3600 * 1000


class BadAnswerForm(ValueError):
    """The answer has not the form its question asks for, or names a letter that is not shown."""


@dataclass(frozen=True)
class AnswerForm:
    """What an answer at one position looks like: the kind, its option numbers in the order shown, and its blanks."""

    kind: QuestionKind
    options: tuple[int, ...] = ()
    blanks: int = 0

    @property
    def shown(self) -> tuple[int, ...]:
        """Option numbers behind the letters A, B, C … of this paper."""
        return (TRUE, FALSE) if self.kind is QuestionKind.TRUE_FALSE else self.options

    def read(self, answer: Any) -> list[int] | list[str]:
        """From the answer as sent to what is stored: option numbers in order, or a text for each blank; [] clears.

        Raises BadAnswerForm.
        """
        if self.kind is QuestionKind.FILL_BLANK:
            return _texts(answer, self.blanks)
        if answer == "":
            return []
        if not isinstance(answer, list):
            raise BadAnswerForm
        numbers = sorted({_number(item, self.shown) for item in answer})
        if self.kind is not QuestionKind.MULTIPLE_CHOICE and len(numbers) > 1:
            raise BadAnswerForm
        return numbers

    def show(self, chosen: Chosen) -> Any:
        """From what is stored to letters of this paper in order, or text (a list for several blanks)."""
        if self.kind is not QuestionKind.FILL_BLANK:
            return [letter(place) for place, number in enumerate(self.shown, 1) if number in chosen]
        if self.blanks == 1:
            return chosen[0] if chosen else ""
        return list(chosen)


def _number(item: Any, shown: Sequence[int]) -> int:
    if not isinstance(item, str) or len(item) != 1:
        raise BadAnswerForm
    place = ord(item) - ord("A")
    if not 0 <= place < len(shown):
        raise BadAnswerForm
    return shown[place]


def _texts(answer: Any, blanks: int) -> list[str]:
    texts = [answer] if isinstance(answer, str) else answer
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BadAnswerForm
    texts = [_clean(text) for text in texts]
    if not any(texts):
        return []
    if len(texts) != blanks:
        raise BadAnswerForm
    return texts


def _clean(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_TEXT or any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 for c in text):
        raise BadAnswerForm
    return text


class Verdict(StrEnum):
    TAKE = "take"
    REPEAT = "repeat"
    SUPERSEDED = "superseded"
    AHEAD = "ahead"


@dataclass(frozen=True)
class Stored:
    """What stands at a position; revision 0 when nothing was ever saved there."""

    revision: int = 0
    device: str | None = None
    seq: int | None = None


def settle(stored: Stored, *, revision: int | None, device: str | None, seq: int | None) -> Verdict:
    """CONTRACT §4, "Repeats and quarrels": first the same device by its rising numbers, then by revision."""
    if device is not None and seq is not None and device == stored.device and stored.seq is not None:
        return Verdict.TAKE if seq > stored.seq else Verdict.REPEAT
    if revision is None or revision == stored.revision:
        return Verdict.TAKE
    return Verdict.SUPERSEDED if revision < stored.revision else Verdict.AHEAD
