"""回执: one number over all that was handed in, by which a later change of what is stored can be found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from question_bank.content import QuestionContent
from question_bank.digests import digest_of
from quiz.rules.drawing import PaperLine
from quiz.rules.grading import Chosen

SHOWN = 12
"""How much of a receipt people see: enough to tell two apart, short enough to copy from a screen."""


@dataclass(frozen=True)
class StoredAnswer:
    """What is stored at one position at the end, empty answers too."""

    chosen: Chosen
    revision: int
    first_at: datetime
    last_at: datetime


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
    answers: Mapping[int, StoredAnswer],
    ending: Ending,
) -> str:
    """Hex SHA-256 of a JSON array without spaces, in UTF-8 (docs/rules.md): paper, answers, moments, score."""
    value = [
        "receipt", 1, entry_code, seed,
        [[version, contents[version].digest, options, points] for version, options, points in paper],
        [
            [at, list(answer.chosen), answer.revision, _moment(answer.first_at), _moment(answer.last_at)]
            for at, answer in sorted(answers.items())
        ],
        _moment(ending.started_at), _moment(ending.ended_at), ending.score, ending.full,
    ]  # fmt: skip
    return digest_of(value)


def _moment(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and Z."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
