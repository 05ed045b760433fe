"""题目分析: how a question did in an ended contest, and what looks wrong with it."""

from collections import Counter
from collections.abc import Iterable, Sequence
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
    """One question in one ended attempt. Points in hundredths; ``chosen`` are option numbers of the version.

    ``points`` is what the answer earns by itself; ``gift`` what a ruling gave beyond that.
    """

    points: int
    worth: int
    score: int  # of the whole attempt
    chosen: frozenset[int] = frozenset()
    answered: bool = True
    gift: int = 0

    @property
    def is_right(self) -> bool:
        return self.points == self.worth

    @property
    def rest(self) -> int:
        """The score without this question: a question must not be held against itself."""
        return self.score - self.points - self.gift


class Tally:
    """What many attempts said of one question, added up as they come.

    It grows with the different scores and choices, not with the attempts.
    """

    def __init__(self, seen: Iterable[Seen] = ()) -> None:
        self.attempts = self.right = self.points = self.worth = 0
        self.rest = self.rest_squared = self.rest_of_right = 0
        self.given: dict[int, Counter[frozenset[int]]] = {}  # by score: how often each choice; {0} for none
        for each in seen:
            self.add(each)

    def add(self, seen: Seen) -> None:
        self.attempts += 1
        self.points += seen.points
        self.worth += seen.worth
        self.rest += seen.rest
        self.rest_squared += seen.rest**2
        if seen.is_right:
            self.right += 1
            self.rest_of_right += seen.rest
        self.given.setdefault(seen.score, Counter())[seen.chosen if seen.answered else LEFT_EMPTY] += 1


LEFT_EMPTY = frozenset({0})


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
    mean_share: Fraction | None  # of the points it is worth: 多选 may give part of them
    discrimination: float | None  # -1 … 1; None under FEW attempts, or where all did alike
    chosen: Counter[int]
    upper: Counter[int]
    lower: Counter[int]
    hints: tuple[tuple[Hint, int], ...]  # with the option it is about, else 0
    everybody_full: bool = False  # a ruling gave all of them full marks; the rates are those of the answers themselves

    @property
    def is_enough(self) -> bool:
        return self.attempts >= FEW


def analysed(seen: Tally | Iterable[Seen], *, options: int, key: frozenset[int]) -> ItemAnalysis:
    """What many attempts say of one question with so many options."""
    tally = seen if isinstance(seen, Tally) else Tally(seen)
    rate = Fraction(tally.right, tally.attempts) if tally.attempts else None
    is_enough = tally.attempts >= FEW
    apart = point_biserial(tally) if is_enough else None
    chosen, upper, lower = _counted(tally.given.values()), *map(_counted, _groups(tally))
    return ItemAnalysis(
        attempts=tally.attempts,
        right_rate=rate,
        mean_share=Fraction(tally.points, tally.worth) if tally.worth else None,
        discrimination=apart,
        chosen=chosen,
        upper=upper,
        lower=lower,
        hints=tuple(_hints(rate, apart, chosen, upper, options, key)) if is_enough and rate is not None else (),
    )


def point_biserial(seen: Tally | Iterable[Seen]) -> float | None:
    """The correlation between being right here and the score on the rest of the paper (corrected item–rest).

    r = (M₁ − M₀) / s · √(p·q): the mean rest score of those who were right less that of the others, over the standard
    deviation of all (divided by n), times the root of the shares. None where all were right, all wrong, or all alike.
    """
    tally = seen if isinstance(seen, Tally) else Tally(seen)
    n, k = tally.attempts, tally.right
    if k in (0, n):
        return None
    # Whole numbers until the last step: n²·variance, and n·k·(n−k)·(M₁ − M₀) without a rounding.
    spread = n * tally.rest_squared - tally.rest**2
    if spread == 0:
        return None
    difference = (n - k) * tally.rest_of_right - k * (tally.rest - tally.rest_of_right)
    return float(Fraction(difference, k * (n - k))) / sqrt(spread / (n * n)) * sqrt(k * (n - k)) / n


Choices = Counter[frozenset[int]]


def _groups(tally: Tally) -> tuple[list[Choices], list[Choices]]:
    """The choices of the strong and of the weak: from the top, and from the bottom, score by score up to ``GROUP``.

    Equal scores stay together. A score that reaches into both groups belongs to neither: where most did equally well
    there are no strong and no weak among them. It can be one score only, for two would hold more than twice ``GROUP``.
    """
    size = max(1, round(tally.attempts * GROUP))
    scores = sorted(tally.given)
    upper, lower = _up_to(size, reversed(scores), tally), _up_to(size, scores, tally)
    both = set(upper) & set(lower)
    return (
        [tally.given[score] for score in upper if score not in both],
        [tally.given[score] for score in lower if score not in both],
    )


def _up_to(size: int, scores: Iterable[int], tally: Tally) -> list[int]:
    taken, count = [], 0
    for score in scores:
        if count >= size:
            break
        taken.append(score)
        count += tally.given[score].total()
    return taken


def _counted(choices: Iterable[Choices]) -> Counter[int]:
    counted: Counter[int] = Counter()
    for each in choices:
        for options, count in each.items():
            for option in options:
                counted[option] += count
    return counted


def together(found: Sequence[ItemAnalysis]) -> ItemAnalysis:
    """The same question over several contests; discrimination is the mean of theirs, weighed by their attempts.

    Scores of different contests cannot be compared, so there are no groups, and no hints.
    """
    attempts = sum(each.attempts for each in found)
    told = [(each.attempts, each.discrimination) for each in found if each.discrimination is not None]
    weight = sum(n for n, _apart in told)
    return ItemAnalysis(
        attempts=attempts,
        right_rate=_mean([(each.attempts, each.right_rate) for each in found]),
        mean_share=_mean([(each.attempts, each.mean_share) for each in found]),
        discrimination=sum(n * apart for n, apart in told) / weight if weight else None,
        chosen=Counter(),
        upper=Counter(),
        lower=Counter(),
        hints=(),
    )


def _mean(parts: Sequence[tuple[int, Fraction | None]]) -> Fraction | None:
    known = [(n, rate) for n, rate in parts if rate is not None]
    total = sum(n for n, _rate in known)
    return sum((n * rate for n, rate in known), Fraction(0)) / total if total else None


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
