"""题目分析: how a question did in an ended contest, and what looks wrong with it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import sqrt

FEW = 30
"""Under so many attempts chance says more than the question: no discrimination, no hints."""

GROUP = Fraction(27, 100)
"""The strong and the weak, as Kelley (1939) parts them: the upper and the lower 27 %."""

TOO_EASY, TOO_HARD = Fraction(97, 100), Fraction(10, 100)
TELLS_APART, SPEAKS_AGAINST = 0.1, -0.1


@dataclass(frozen=True)
class Seen:
    """One question in one ended attempt. Points in hundredths; ``chosen`` are option numbers of the version."""

    points: int
    worth: int
    score: int  # of the whole attempt
    chosen: frozenset[int] = frozenset()
    answered: bool = True

    @property
    def is_right(self) -> bool:
        return self.points == self.worth

    @property
    def rest(self) -> int:
        """The score without this question: a question must not be held against itself."""
        return self.score - self.points


class Hint(StrEnum):
    KEY_MAY_BE_WRONG = "key_may_be_wrong"
    NOBODY_CHOOSES = "nobody_chooses"
    TOO_EASY = "too_easy"
    TOO_HARD = "too_hard"
    DOES_NOT_TELL_APART = "does_not_tell_apart"


@dataclass(frozen=True)
class ItemAnalysis:
    """``chosen``, ``upper`` and ``lower`` count attempts by option number; 0 stands for those that left it empty."""

    attempts: int
    right_rate: Fraction | None
    discrimination: float | None  # -1 … 1; None under FEW attempts, or where all did alike
    chosen: Counter[int]
    upper: Counter[int]
    lower: Counter[int]
    hints: tuple[tuple[Hint, int], ...]  # with the option it is about, else 0

    @property
    def is_enough(self) -> bool:
        return self.attempts >= FEW


def analysed(seen: Sequence[Seen], *, options: int, key: frozenset[int]) -> ItemAnalysis:
    """What many attempts say of one question with so many options."""
    right = sum(each.is_right for each in seen)
    rate = Fraction(right, len(seen)) if seen else None
    apart = point_biserial(seen) if len(seen) >= FEW else None
    upper, lower = _groups(seen)
    counts = _counted(seen), _counted(upper), _counted(lower)
    hints = (
        tuple(_hints(rate, apart, counts[0], counts[1], options, key)) if len(seen) >= FEW and rate is not None else ()
    )
    return ItemAnalysis(len(seen), rate, apart, *counts, hints)


def point_biserial(seen: Sequence[Seen]) -> float | None:
    """The correlation between being right here and the score on the rest of the paper (corrected item–rest).

    r = (M₁ − M₀) / s · √(p·q): the mean rest score of those who were right less that of the others, over the standard
    deviation of all (divided by n), times the root of the shares. None where all were right, all wrong, or all alike.
    """
    rests = [each.rest for each in seen]
    right = [each.rest for each in seen if each.is_right]
    n, k = len(rests), len(right)
    if k in (0, n):
        return None
    # Whole numbers until the last step: n²·variance, and n·k·(n−k)·(M₁ − M₀) without a rounding.
    spread = n * sum(rest * rest for rest in rests) - sum(rests) ** 2
    if spread == 0:
        return None
    difference = (n - k) * sum(right) - k * (sum(rests) - sum(right))
    return float(Fraction(difference, k * (n - k))) / sqrt(spread / (n * n)) * sqrt(k * (n - k)) / n


def _groups(seen: Sequence[Seen]) -> tuple[list[Seen], list[Seen]]:
    """The strong and the weak by score; whoever ties with the last of a group belongs to it."""
    if not seen:
        return [], []
    scores = sorted(each.score for each in seen)
    size = max(1, round(len(seen) * GROUP))
    return [each for each in seen if each.score >= scores[-size]], [
        each for each in seen if each.score < scores[size - 1] + 1
    ]


def _counted(seen: Sequence[Seen]) -> Counter[int]:
    return Counter(option for each in seen for option in (each.chosen or ([] if each.answered else [0])))


def _hints(
    rate: Fraction, apart: float | None, chosen: Counter[int], upper: Counter[int], options: int, key: frozenset[int]
) -> list[tuple[Hint, int]]:
    hints = []
    wrong = [option for option in range(1, options + 1) if option not in key]
    favoured = [option for option in wrong if key and upper[option] > max(upper[right] for right in key)]
    if favoured or (apart is not None and apart < SPEAKS_AGAINST):
        hints.append((Hint.KEY_MAY_BE_WRONG, max(favoured, key=lambda o: (upper[o], -o)) if favoured else 0))
    hints += [(Hint.NOBODY_CHOOSES, option) for option in wrong if not chosen[option]]
    if rate >= TOO_EASY:
        hints.append((Hint.TOO_EASY, 0))
    elif rate <= TOO_HARD:
        hints.append((Hint.TOO_HARD, 0))
    elif apart is not None and SPEAKS_AGAINST <= apart < TELLS_APART:
        hints.append((Hint.DOES_NOT_TELL_APART, 0))
    return hints
