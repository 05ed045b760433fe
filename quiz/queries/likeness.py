"""Questions that are nearly the same: in a file about to be imported, and in a bank."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from question_bank.check import FoundQuestion, Report
from question_bank.likeness import Likeness, alike
from question_bank.models import QuestionVersion
from question_bank.queries import bank_named, counts, live_versions
from quiz.queries.keeping import Kept, kept

MOST_AT_ONCE = 2_000
"""So many questions, with those of the bank, are compared while a page is made: well under a second."""
MOST_KEPT = 8


@dataclass(frozen=True)
class Alike:
    """What is alike, and both lists that its pairs count in. Of a bank, ``asked`` and ``held`` are the same list."""

    likeness: Likeness
    asked: Sequence[FoundQuestion | QuestionVersion]
    held: Sequence[QuestionVersion]


def alike_in_file(report: Report, bank_name: str) -> Alike:
    """The questions of a checked file that are like an earlier one of it, or like one that the bank holds."""
    bank = bank_named(bank_name)
    held = live_versions(bank.id) if bank else []

    def found() -> Likeness:
        contents = [question.content for question in report.questions]
        return alike(contents, [version.content for version in held], contradictions_too=False)

    return Alike(_kept(f"{report.digest} {_state(held)}", found), report.questions, held)


def alike_in_bank(bank_id: int) -> Alike:
    """The questions of a bank that are like an earlier one of it."""
    held = live_versions(bank_id)
    return Alike(_kept(_state(held), lambda: alike([version.content for version in held])), held, held)


def is_quick(report: Report, bank_name: str) -> bool:
    """Whether a page may wait for ``alike_in_file``."""
    if report.total > MOST_AT_ONCE:
        return False
    bank = bank_named(bank_name)
    return report.total + (sum(counts(bank.id).values()) if bank else 0) <= MOST_AT_ONCE


def _state(held: Sequence[QuestionVersion]) -> str:
    """What a bank says now: a version never changes, so their ids are enough."""
    return hashlib.sha256(" ".join(str(version.id) for version in held).encode()).hexdigest()


def _kept(key: str, find: Callable[[], Likeness]) -> Likeness:
    store: Kept[Likeness] = kept("likeness", MOST_KEPT)
    found = store.get(key, find)
    assert found is not None  # find gives one
    return found
