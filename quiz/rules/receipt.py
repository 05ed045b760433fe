"""回执: one number over all that was handed in, by which a later change of what is stored can be found."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from question_bank.content import QuestionContent
from question_bank.digests import digest_of
from quiz.rules.drawing import PaperLine

SHOWN = 12
"""How much of a receipt people see: enough to tell two apart, short enough to copy from a screen."""


AnswerLine = list[Any]
"""What is stored at one position at the end, empty answers too: the position, what was chosen, the revision, its first
and its last moment as text (ISO 8601 in UTC with milliseconds and Z)."""


@dataclass(frozen=True)
class Ending:
    """When the attempt began and ended, and what it earned of what it could, in hundredths."""

    started_at: datetime
    ended_at: datetime
    score: int
    full: int


def receipt_of(
    entry_code: str,
    seed: str,
    paper: Sequence[PaperLine],
    contents: Mapping[int, QuestionContent],
    answers: Iterable[AnswerLine],
    ending: Ending,
) -> str:
    """Hex SHA-256 of a JSON array without spaces, in UTF-8 (docs/rules.md): paper, answers, moments, score."""
    value = [
        "receipt", 1, entry_code, seed,
        [[version, contents[version].digest, options, points] for version, options, points in paper],
        sorted(answers),
        _moment(ending.started_at), _moment(ending.ended_at), ending.score, ending.full,
    ]  # fmt: skip
    return digest_of(value)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
