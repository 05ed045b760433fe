"""单位榜、街道榜: measures brought to 0–100, their weighted mean, and the chain that settles ties (CONTRACT §3)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from quiz.rules.contest import LadderRule, Measure, WeightedMeasure
from quiz.rules.ranking import Place, places

HUNDRED = Fraction(100)


@dataclass(frozen=True)
class Tally:
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
    excellent: Mapping[int, int] = field(default_factory=dict)
    best: Mapping[int, Fraction] = field(default_factory=dict)

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
    place: Place
    tally: Tally
    score: Fraction
    measures: Mapping[Measure, Fraction]


def ladder(tallies: Sequence[Tally], rule: LadderRule, *, full: int) -> list[LadderRow]:
    """The ladder in order; rows of equal rank by code, rows below the least headcount last and without a rank."""
    ranked = [t for t in tallies if t.headcount >= rule.least_headcount]
    below = sorted((t for t in tallies if t.headcount < rule.least_headcount), key=lambda t: t.code)
    largest = _largest(ranked)
    scored = [(t, _measures(t, rule, full, largest)) for t in ranked]

    def order(pair: tuple[Tally, dict[tuple[Measure, int | None], Fraction]]) -> tuple[Fraction, ...]:
        return (-_score(pair[1], rule), *(-pair[1][(measure, None)] for measure in rule.ties))

    scored.sort(key=lambda pair: (order(pair), pair[0].code))
    rows = [_row(place, tally, measures, rule) for place, (tally, measures) in places(scored, order)]
    unranked = _largest(below)
    return rows + [_row(Place(None, False), t, _measures(t, rule, full, unranked), rule) for t in below]


def by_class(tallies: Sequence[Tally], rule: LadderRule, *, full: int) -> list[tuple[str, list[LadderRow]]]:
    """单位分类排名: each class in order of its name with a ladder of its own; units without a class come last.

    Where a measure is a share of the largest, it is the largest of the same class.
    """
    classes: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        classes[tally.unit_class].append(tally)
    named = sorted(classes, key=lambda unit_class: (not unit_class, unit_class))
    return [(unit_class, ladder(classes[unit_class], rule, full=full)) for unit_class in named]


def _row(
    place: Place, tally: Tally, measures: Mapping[tuple[Measure, int | None], Fraction], rule: LadderRule
) -> LadderRow:
    shown = {m.measure: measures[_key(m)] for m in rule.measures}
    return LadderRow(place, tally, _score(measures, rule), shown)


def _key(weighted: WeightedMeasure) -> tuple[Measure, int | None]:
    if weighted.measure is Measure.EXCELLENT_RATE:
        return (weighted.measure, weighted.mark)
    return (weighted.measure, weighted.n if weighted.measure is Measure.BEST_N else None)


def _score(measures: Mapping[tuple[Measure, int | None], Fraction], rule: LadderRule) -> Fraction:
    weights = sum((m.weight for m in rule.measures), Fraction(0))
    return sum((m.weight * measures[_key(m)] for m in rule.measures), Fraction(0)) / weights


def _measures(
    tally: Tally, rule: LadderRule, full: int, largest: Mapping[Measure, Fraction]
) -> dict[tuple[Measure, int | None], Fraction]:
    """Every measure the rule weighs or settles ties by. In ``ties``, 优秀率 and 前 n 名 mean the weighted ones."""
    values: dict[tuple[Measure, int | None], Fraction] = {}
    for weighted in rule.measures:
        values[_key(weighted)] = values[(weighted.measure, None)] = _measure(tally, weighted, full, largest)
    for measure in rule.ties:
        if (measure, None) not in values:
            values[(measure, None)] = _measure(tally, WeightedMeasure(measure), full, largest)
    return values


def _measure(tally: Tally, weighted: WeightedMeasure, full: int, largest: Mapping[Measure, Fraction]) -> Fraction:
    measure = weighted.measure
    if measure is Measure.PARTICIPATION_RATE:
        return tally.participation_rate * 100
    if measure is Measure.MEAN_SCORE:
        return _share(tally.mean, Fraction(full))
    if measure is Measure.EXCELLENT_RATE:
        return _share(Fraction(tally.excellent.get(weighted.mark or 0, 0)), Fraction(tally.participants))
    if measure is Measure.BEST_N:
        n = weighted.n or 1
        return _share(tally.best.get(n, Fraction(0)), Fraction(n * full))
    return _share(_amount(tally, measure), largest[measure])


def _share(part: Fraction, whole: Fraction) -> Fraction:
    return part / whole * HUNDRED if whole else Fraction(0)


_AMOUNTS = (Measure.PARTICIPANTS, Measure.NONZERO, Measure.ENTRIES, Measure.TOTAL_SCORE, Measure.ENTRIES_PER_HEAD)


def _amount(tally: Tally, measure: Measure) -> Fraction:
    if measure is Measure.PARTICIPANTS:
        return Fraction(tally.participants)
    if measure is Measure.NONZERO:
        return Fraction(tally.nonzero)
    if measure is Measure.ENTRIES:
        return Fraction(tally.entries)
    if measure is Measure.TOTAL_SCORE:
        return tally.total
    return Fraction(tally.entries, tally.headcount) if tally.headcount else Fraction(0)


def _largest(tallies: Sequence[Tally]) -> dict[Measure, Fraction]:
    """Of each plain amount the largest among those ranked together, which counts as 100."""
    return {m: max((_amount(t, m) for t in tallies), default=Fraction(0)) for m in _AMOUNTS}
