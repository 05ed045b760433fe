"""单位榜、街道榜: measures brought to 0–100, their weighted mean, and the chain that settles ties (CONTRACT §3)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, cmp_to_key
from itertools import groupby
from math import lcm
from types import MappingProxyType
from typing import Any, NamedTuple

from quiz.rules.contest import LadderRule, Measure, WeightedMeasure
from quiz.rules.ranking import Place, places

Ratio = tuple[int, int]
"""Numerator and denominator, exact and not reduced: fractions of a whole ladder are too dear for a page."""

NOUGHT: Ratio = (0, 1)


class Tally(NamedTuple):
    """What one unit or street brings to its ladder. ``total`` sums the counted scores in hundredths, exactly.

    ``excellent`` counts participants at or above a mark (hundredths); ``best`` sums the best n counted scores.
    """

    code: str
    name: str
    unit_class: str = ""
    headcount: int = 0
    participants: int = 0
    nonzero: int = 0
    entries: int = 0
    total: Fraction = Fraction(0)
    excellent: Mapping[int, int] = MappingProxyType({})
    best: Mapping[int, Fraction] = MappingProxyType({})

    @property
    def mean(self) -> Fraction:
        """平均成绩 of those taking part, in hundredths; 0 without any."""
        return self.total / self.participants if self.participants else Fraction(0)

    @property
    def participation_rate(self) -> Fraction:
        """参与率 from 0 to 1, capped; 0 without a headcount."""
        return min(Fraction(1), Fraction(self.participants, self.headcount)) if self.headcount else Fraction(0)


@dataclass(frozen=True)
class LadderRow:
    """A unit or street with its place, and what it earns of each measure that the rule weighs."""

    place: Place
    tally: Tally
    earned: tuple[Ratio, ...]
    scale: "Scale"

    @cached_property
    def score(self) -> Fraction:
        """From 0 to 100."""
        return Fraction(*self.scale.score(self.earned))

    @cached_property
    def measures(self) -> Mapping[Measure, Fraction]:
        """Each from 0 to 100."""
        rule = self.scale.rule
        return {m.measure: Fraction(*ratio) for m, ratio in zip(rule.measures, self.earned, strict=True)}


def ladder(tallies: Sequence[Tally], rule: LadderRule, *, full: int) -> list[LadderRow]:
    """The ladder in order; rows of equal rank by code, rows below the least headcount last and without a rank."""
    ranked = [t for t in tallies if t.headcount >= rule.least_headcount]
    below = sorted((t for t in tallies if t.headcount < rule.least_headcount), key=lambda t: t.code)
    scale, of_the_small = Scale(rule, full, ranked), Scale(rule, full, below)
    ordered = list(_in_order(ranked, scale))
    rows = [LadderRow(place, t, earned, scale) for place, (t, earned, _) in places(ordered, lambda row: row[2])]
    return rows + [LadderRow(Place(None, False), t, of_the_small.earned(t), of_the_small) for t in below]


def by_class(tallies: Sequence[Tally], rule: LadderRule, *, full: int) -> list[tuple[str, list[LadderRow]]]:
    """单位分类排名: each class in order of its name with a ladder of its own; units without a class come last.

    Where a measure is a share of the largest, it is the largest of the same class.
    """
    classes: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        classes[tally.unit_class].append(tally)
    named = sorted(classes, key=lambda unit_class: (not unit_class, unit_class))
    return [(unit_class, ladder(classes[unit_class], rule, full=full)) for unit_class in named]


def _in_order(tallies: Sequence[Tally], scale: "Scale") -> Iterator[tuple[Tally, tuple[Ratio, ...], int]]:
    """Best first, each with what it earned, and with a number that those share who share a rank.

    Python divides integers with correct rounding, so that a larger score is never a smaller float: floats order all
    save those with the same one, and only these are compared as fractions.
    """
    scored = [(scale.rounded_score(earned := scale.earned(tally)), tally, earned) for tally in tallies]
    scored.sort(key=lambda row: -row[0])
    number = 0
    for _, group in groupby(scored, key=lambda row: row[0]):
        equals = [(tally, earned) for _, tally, earned in group]
        if len(equals) == 1:
            yield *equals[0], (number := number + 1)
            continue
        exact = sorted(((scale.exact(tally, earned), tally, earned) for tally, earned in equals), key=_by_code)
        if any(ratios != exact[0][0] for ratios, _, _ in exact):  # those that brought nothing are all alike
            exact.sort(key=_BEST_FIRST)
        for place, (ratios, tally, earned) in enumerate(exact):
            before = exact[place - 1][0]
            number += place == 0 or (ratios != before and _compared(before, ratios) != 0)
            yield tally, earned, number


def _by_code(row: tuple[Any, Tally, Any]) -> str:
    return row[1].code


def _compared(left: Sequence[Ratio], right: Sequence[Ratio]) -> int:
    """Below 0 where the left one stands first: the first ratio that differs is larger there."""
    for (a, b), (c, d) in zip(left, right, strict=True):
        if difference := c * b - a * d:
            return difference
    return 0


def _compared_rows(left: tuple[Sequence[Ratio], Any, Any], right: tuple[Sequence[Ratio], Any, Any]) -> int:
    return _compared(left[0], right[0])


_BEST_FIRST = cmp_to_key(_compared_rows)


class Scale:
    """A rule, and what counts as 100 among those ranked together."""

    def __init__(self, rule: LadderRule, full: int, together: Sequence[Tally]) -> None:
        self.rule = rule
        self._full = full
        asked = {weighted.measure for weighted in rule.measures} | set(rule.ties)
        self._largest = {
            measure: max((amount(tally) for tally in together), key=_as_fraction, default=NOUGHT)
            for measure, amount in _AMOUNTS.items()
            if measure in asked
        }
        common = lcm(*(weighted.weight.denominator for weighted in rule.measures))
        self._weights = [int(weighted.weight * common) for weighted in rule.measures]
        self._together = sum(self._weights)
        # In the chain, what is weighed means the weighted one: 优秀率 and 前 n 名 with its mark and n.
        place = {weighted.measure: number for number, weighted in enumerate(rule.measures)}
        self._chain = [(place.get(measure), WeightedMeasure(measure)) for measure in rule.ties]

    def earned(self, tally: Tally) -> tuple[Ratio, ...]:
        """The measures that the rule weighs, in its order."""
        return tuple([self._measure(tally, weighted) for weighted in self.rule.measures])

    def score(self, earned: Sequence[Ratio]) -> Ratio:
        above, below = 0, 1
        for weight, (part, whole) in zip(self._weights, earned, strict=True):
            above, below = above * whole + weight * part * below, below * whole
        return above, below * self._together

    def rounded_score(self, earned: Sequence[Ratio]) -> float:
        """To the nearest float."""
        above, below = self.score(earned)
        return above / below

    def exact(self, tally: Tally, earned: Sequence[Ratio]) -> tuple[Ratio, ...]:
        """The score, then the chain of measures that settles ties."""
        chain = [self._measure(tally, weighted) if at is None else earned[at] for at, weighted in self._chain]
        return self.score(earned), *chain

    def _measure(self, tally: Tally, weighted: WeightedMeasure) -> Ratio:
        measure = weighted.measure
        if measure is Measure.PARTICIPATION_RATE:
            return _share((min(tally.participants, tally.headcount), 1), (tally.headcount, 1))
        if measure is Measure.MEAN_SCORE:
            return _share(tally.total.as_integer_ratio(), (tally.participants * self._full, 1))
        if measure is Measure.EXCELLENT_RATE:
            return _share((tally.excellent.get(weighted.mark or 0, 0), 1), (tally.participants, 1))
        if measure is Measure.BEST_N:
            n = weighted.n or 1
            return _share(tally.best.get(n, Fraction(0)).as_integer_ratio(), (n * self._full, 1))
        return _share(_AMOUNTS[measure](tally), self._largest[measure])


def _share(part: Ratio, whole: Ratio) -> Ratio:
    return (100 * part[0] * whole[1], part[1] * whole[0]) if part[0] and whole[0] else NOUGHT


def _as_fraction(ratio: Ratio) -> Fraction | int:
    return ratio[0] if ratio[1] == 1 else Fraction(*ratio)


_AMOUNTS: dict[Measure, Callable[[Tally], Ratio]] = {
    Measure.PARTICIPANTS: lambda tally: (tally.participants, 1),
    Measure.NONZERO: lambda tally: (tally.nonzero, 1),
    Measure.ENTRIES: lambda tally: (tally.entries, 1),
    Measure.TOTAL_SCORE: lambda tally: tally.total.as_integer_ratio(),
    Measure.ENTRIES_PER_HEAD: lambda tally: (tally.entries, tally.headcount) if tally.headcount else NOUGHT,
}
"""What has no 100 of its own: the largest among those ranked together counts as 100."""
