"""Unit and street ladders: each measure of CONTRACT §3 by an example worked by hand."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.contest import LadderRule, Measure, WeightedMeasure
from quiz.rules.participation import LadderRow, Tally, by_class, ladder

FULL = 10_000  # 100 points, in hundredths


def unit(code: str, **more: Any) -> Tally:
    """Scores in points: ``total`` of all, ``best`` of the best n."""
    total = Fraction(more.pop("total", 0)) * 100
    best = {n: Fraction(points) * 100 for n, points in more.pop("best", {}).items()}
    return Tally(code=code, name=f"单位{code}", total=total, best=best, **more)


def weighing(*measures: WeightedMeasure | Measure, ties: tuple[Measure, ...] = (), least: int = 0) -> LadderRule:
    weighted = tuple(m if isinstance(m, WeightedMeasure) else WeightedMeasure(m) for m in measures)
    return LadderRule(weighted, least, ties)


def scores(rows: list[LadderRow]) -> dict[str, Fraction]:
    return {row.tally.code: row.score for row in rows}


def ranks(rows: list[LadderRow]) -> list[tuple[str, int | None, bool]]:
    return [(row.tally.code, row.place.rank, row.place.tied) for row in rows]


# School: 40 heads, 30 of 32 entries took part, 28 above nought, 2 400 points. Firm: 10 heads, 12 of 15. Office: nobody.
SCHOOL = unit(
    "A", headcount=40, participants=30, nonzero=28, entries=32, total=2_400, excellent={9_000: 6}, best={5: 480}
)
FIRM = unit(
    "B", headcount=10, participants=12, nonzero=12, entries=15, total=1_000, excellent={9_000: 3}, best={5: 450}
)
OFFICE = unit("C", headcount=8)
ALL = [SCHOOL, FIRM, OFFICE]


@pytest.mark.parametrize(
    ("measure", "school", "firm"),
    [
        (WeightedMeasure(Measure.PARTICIPATION_RATE), Fraction(75), Fraction(100)),  # 12 of 10 is capped
        (WeightedMeasure(Measure.MEAN_SCORE), Fraction(80), Fraction(250, 3)),  # 1 000 ÷ 12
        (WeightedMeasure(Measure.EXCELLENT_RATE, mark=9_000), Fraction(20), Fraction(25)),
        (WeightedMeasure(Measure.BEST_N, n=5), Fraction(96), Fraction(90)),
        (WeightedMeasure(Measure.PARTICIPANTS), Fraction(100), Fraction(40)),
        (WeightedMeasure(Measure.NONZERO), Fraction(100), Fraction(1_200, 28)),
        (WeightedMeasure(Measure.ENTRIES), Fraction(100), Fraction(1_500, 32)),
        (WeightedMeasure(Measure.TOTAL_SCORE), Fraction(100), Fraction(1_000, 24)),
        # 32 ÷ 40 = 0.8 a head; 15 ÷ 10 = 1.5 a head is the largest
        (WeightedMeasure(Measure.ENTRIES_PER_HEAD), Fraction(80, Fraction(3, 2)), Fraction(100)),
    ],
)
def test_each_measure_by_hand(measure: WeightedMeasure, school: Fraction, firm: Fraction) -> None:
    rows = ladder(ALL, weighing(measure), full=FULL)
    assert scores(rows) == {"A": school, "B": firm, "C": 0}
    assert {row.tally.code: row.measures[measure.measure] for row in rows} == scores(rows)


def test_every_measure_has_its_example() -> None:
    named = test_each_measure_by_hand.pytestmark[0].args[1]  # type: ignore[attr-defined]  # pytest keeps marks there
    assert {case[0].measure for case in named} == set(Measure)


def test_the_well_known_rule_weighs_rate_and_mean_by_half_each() -> None:
    rows = ladder(ALL, LadderRule(), full=FULL)
    assert scores(rows) == {"A": Fraction(155, 2), "B": Fraction(275, 3), "C": 0}
    assert ranks(rows) == [("B", 1, False), ("A", 2, False), ("C", 3, False)]


def test_weights_are_shares_of_their_sum() -> None:
    rule = weighing(
        WeightedMeasure(Measure.PARTICIPATION_RATE, Fraction(1)), WeightedMeasure(Measure.MEAN_SCORE, Fraction(2))
    )
    assert scores(ladder([SCHOOL], rule, full=FULL))["A"] == Fraction(75 + 2 * 80, 3)


def test_without_a_headcount_the_rates_are_nought() -> None:
    crowd = unit("A", headcount=0, participants=5, entries=5, total=500)
    rule = weighing(Measure.PARTICIPATION_RATE, Measure.ENTRIES_PER_HEAD)
    assert scores(ladder([crowd], rule, full=FULL)) == {"A": 0}
    assert crowd.participation_rate == 0


def test_where_nobody_took_part_nothing_is_divided_by_nought() -> None:
    measures = [WeightedMeasure(m, mark=9_000, n=3) for m in Measure]
    assert scores(ladder([OFFICE], weighing(*measures), full=FULL)) == {"C": 0}


def test_below_the_least_headcount_a_unit_is_listed_last_without_a_rank() -> None:
    rows = ladder([OFFICE, FIRM, SCHOOL], weighing(Measure.MEAN_SCORE, least=20), full=FULL)
    assert ranks(rows) == [("A", 1, False), ("B", None, False), ("C", None, False)]


def test_the_largest_is_sought_among_those_ranked_together() -> None:
    """The firm has more entries a head, but it is too small to be ranked with the school."""
    rows = ladder([SCHOOL, FIRM], weighing(Measure.ENTRIES_PER_HEAD, least=20), full=FULL)
    assert scores(rows)["A"] == 100


def test_ties_go_down_the_chain() -> None:
    left = unit("B", headcount=10, participants=5, total=400)
    right = unit("A", headcount=10, participants=5, total=350)
    behind = unit("C", headcount=20, participants=5, total=500)
    rows = ladder(
        [right, left, behind],
        weighing(Measure.PARTICIPANTS, ties=(Measure.PARTICIPATION_RATE, Measure.MEAN_SCORE)),
        full=FULL,
    )
    assert {row.score for row in rows} == {100}
    assert ranks(rows) == [("B", 1, False), ("A", 2, False), ("C", 3, False)]


def test_equal_beyond_the_chain_share_the_rank_in_order_of_code() -> None:
    rows = ladder(
        [unit("C", headcount=1), unit("A", headcount=1), SCHOOL, unit("B", headcount=1)], LadderRule(), full=FULL
    )
    codes = ranks(rows)
    assert codes == [("A", 1, False), ("A", 2, True), ("B", 2, True), ("C", 2, True)]


def test_nothing_is_ranked_on_a_rounded_number() -> None:
    """Both means read 33.33, but a third of a hundred is more."""
    third = unit("B", headcount=3, participants=3, total=100)
    less = unit("A", headcount=3, participants=100, total=Fraction(3_333))
    rows = ladder([less, third], weighing(Measure.MEAN_SCORE), full=FULL)
    assert ranks(rows) == [("B", 1, False), ("A", 2, False)]


tallies = st.builds(
    Tally,
    code=st.text("ABC", min_size=1, max_size=3),
    name=st.just("单位"),
    headcount=st.integers(0, 4),
    participants=st.integers(0, 4),
    nonzero=st.integers(0, 3),
    entries=st.integers(0, 5),
    total=st.fractions(0, 3, max_denominator=3),
)
weights = st.fractions(1, 3, max_denominator=3)
weighted = st.builds(WeightedMeasure, st.sampled_from(Measure), weights, st.just(0), st.just(1))
rules = st.builds(
    LadderRule,
    st.lists(
        weighted,
        min_size=1,
        max_size=3,
        unique_by=lambda each: each.measure,
    ).map(tuple),
    st.integers(0, 1),
    st.lists(st.sampled_from(Measure), max_size=2).map(tuple),
)


@given(st.lists(tallies, max_size=8, unique_by=lambda tally: tally.code), rules)
def test_the_order_is_that_of_exact_fractions_down_the_chain(given_tallies: list[Tally], rule: LadderRule) -> None:
    rows = [row for row in ladder(given_tallies, rule, full=3) if row.place.rank is not None]

    def exact(row: LadderRow) -> tuple[Fraction, ...]:
        weights = sum((m.weight for m in rule.measures), Fraction(0))
        score = sum((m.weight * row.measures[m.measure] for m in rule.measures), Fraction(0)) / weights
        assert row.score == score
        alone = [
            ladder([*(r.tally for r in rows)], LadderRule((WeightedMeasure(m, Fraction(1), 0, 1),)), full=3)
            for m in rule.ties
        ]
        return (-score, *(-next(r.score for r in each if r.tally.code == row.tally.code) for each in alone))

    keys = [(exact(row), row.tally.code) for row in rows]
    assert keys == sorted(keys)
    for (key, _), row in zip(keys, rows, strict=True):
        assert row.place.rank == 1 + sum(other < key for other, _ in keys)
        assert row.place.tied == (sum(other == key for other, _ in keys) > 1)


# --- classes apart ---------------------------------------------------------------------------------------------------


def test_each_class_has_a_ladder_of_its_own_and_units_without_one_come_last() -> None:
    units = [
        unit("1", unit_class="学校", headcount=10, participants=4),
        unit("2", unit_class="企业", headcount=10, participants=9),
        unit("3", unit_class="学校", headcount=10, participants=8),
        unit("4", headcount=10, participants=10),
    ]
    classes = by_class(units, weighing(Measure.PARTICIPATION_RATE), full=FULL)
    assert [(name, ranks(rows)) for name, rows in classes] == [
        ("企业", [("2", 1, False)]),
        ("学校", [("3", 1, False), ("1", 2, False)]),
        ("", [("4", 1, False)]),
    ]


def test_a_share_of_the_largest_is_of_the_largest_in_the_class() -> None:
    units = [unit("1", unit_class="学校", participants=30), unit("2", unit_class="企业", participants=60)]
    classes = by_class(units, weighing(Measure.PARTICIPANTS), full=FULL)
    assert [scores(rows) for _name, rows in classes] == [{"2": Fraction(100)}, {"1": Fraction(100)}]
