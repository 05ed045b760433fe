"""题目分析: right rate, point-biserial correlation with the rest of the paper, distractors, hints."""

from fractions import Fraction
from math import isclose
from random import Random
from statistics import correlation

from hypothesis import given
from hypothesis import strategies as st

from quiz.rules.items import FEW, Hint, Seen, analysed, point_biserial, together

RIGHT, A_WRONG_ONE = frozenset({2}), frozenset({1})


def seen(rest: int, *, right: bool, chosen: frozenset[int] | None = None) -> Seen:
    points = 500 if right else 0
    return Seen(points, 500, rest + points, chosen or (RIGHT if right else A_WRONG_ONE))


def hints(*attempts: Seen, options: int = 2) -> list[tuple[Hint, int]]:
    return list(analysed(attempts, options=options, key=RIGHT).hints)


def test_a_worked_example_to_the_ninth_place() -> None:
    """Right with rests 8, 7, 5; wrong with 6, 4, 3, 2: M₁ = 20/3, M₀ = 15/4, s² = 4 (n = 7, mean 5).

    r = (20/3 − 15/4) / 2 · √(12/49) = 35/12 / 2 · 2√3/7 = 5√3/12 = 0.721687836…
    """
    attempts = [*(seen(r, right=True) for r in (8, 7, 5)), *(seen(r, right=False) for r in (6, 4, 3, 2))]
    found = point_biserial(attempts)
    assert found is not None and isclose(found, 0.7216878364870322, abs_tol=1e-9)


samples = st.lists(st.builds(seen, st.integers(0, 9_500), right=st.booleans()), min_size=3, max_size=60)


@given(samples)
def test_it_is_the_correlation_of_right_and_rest(attempts: list[Seen]) -> None:
    found = point_biserial(attempts)
    if found is None:
        assert len({a.is_right for a in attempts}) == 1 or len({a.rest for a in attempts}) == 1
    else:
        plain = correlation([float(a.is_right) for a in attempts], [float(a.rest) for a in attempts])
        assert isclose(found, plain, abs_tol=1e-9) and -1 - 1e-12 <= found <= 1 + 1e-12


@given(samples, st.randoms())
def test_the_order_of_attempts_changes_nothing(attempts: list[Seen], chance: Random) -> None:
    mixed = list(attempts)
    chance.shuffle(mixed)
    assert analysed(mixed, options=2, key=RIGHT) == analysed(attempts, options=2, key=RIGHT)


def test_under_thirty_attempts_it_says_too_few() -> None:
    attempts = [seen(rest, right=rest % 2 == 0) for rest in range(FEW - 1)]
    found = analysed(attempts, options=2, key=RIGHT)
    assert (found.is_enough, found.discrimination, found.hints) == (False, None, ())
    assert found.right_rate == Fraction(15, 29)
    assert analysed([*attempts, seen(9, right=True)], options=2, key=RIGHT).is_enough


def test_nobody_at_all() -> None:
    found = analysed([], options=4, key=RIGHT)
    assert (found.attempts, found.right_rate, found.hints) == (0, None, ())


def test_a_wrong_option_that_the_strong_prefer_speaks_against_the_key() -> None:
    strong = [seen(9_000 + n, right=False) for n in range(20)]
    weak = [seen(1_000 + n, right=True) for n in range(20)]
    found = analysed([*strong, *weak], options=2, key=RIGHT)
    assert found.discrimination is not None and found.discrimination < -0.9
    assert found.hints[0] == (Hint.KEY_MAY_BE_WRONG, 1)
    assert (found.upper[1], found.lower[2]) == (11, 11)  # 27 % of forty


def test_a_distractor_nobody_chooses_and_an_easy_question() -> None:
    attempts = [seen(n, right=n > 0) for n in range(40)]
    assert hints(*attempts, options=3) == [(Hint.NOBODY_CHOOSES, 3), (Hint.TOO_EASY, 0)]


def test_too_hard_and_telling_nobody_apart() -> None:
    assert hints(*(seen(n, right=n > 37) for n in range(40)))[-1][0] is Hint.TOO_HARD
    assert hints(*(seen(n // 2, right=n % 2 == 0) for n in range(40))) == [(Hint.DOES_NOT_TELL_APART, 0)]


def test_what_was_left_empty_is_counted_as_no_option() -> None:
    empty = Seen(0, 500, 0, answered=False)
    assert analysed([empty, seen(1, right=True)], options=2, key=RIGHT).chosen == {0: 1, 2: 1}


@given(st.lists(st.builds(seen, st.sampled_from([0, 5_000, 9_000]), right=st.booleans()), max_size=60))
def test_nobody_is_strong_and_weak_at_once(attempts: list[Seen]) -> None:
    """Each attempt chose an option of its own score, so that the groups show whom they hold."""
    by_score = {score: number for number, score in enumerate(sorted({each.score for each in attempts}), 1)}
    own = [Seen(each.points, 500, each.score, frozenset({by_score[each.score]})) for each in attempts]
    found = analysed(own, options=9, key=RIGHT)
    assert not set(found.upper) & set(found.lower)
    assert not found.upper or not found.lower or min(found.upper) > max(found.lower)


def test_where_nearly_all_score_alike_they_are_in_neither_group() -> None:
    alike = [Seen(0, 500, 5_000, A_WRONG_ONE) for _ in range(60)]
    found = analysed([*alike, *(seen(9_000, right=True) for _ in range(20))], options=2, key=RIGHT)
    assert (found.upper, found.lower) == ({2: 20}, {})


def test_the_mean_share_counts_part_of_the_points() -> None:
    found = analysed([Seen(500, 500, 500), Seen(250, 500, 250), Seen(0, 500, 0)], options=4, key=RIGHT)
    assert (found.right_rate, found.mean_share) == (Fraction(1, 3), Fraction(1, 2))


def test_together_rates_go_by_attempts_and_discrimination_by_its_mean() -> None:
    small = analysed([seen(1, right=True) for _ in range(10)], options=2, key=RIGHT)
    large = analysed([seen(n, right=n >= 20) for n in range(40)], options=2, key=RIGHT)
    both = together([small, large])
    assert (both.attempts, both.right_rate, both.discrimination) == (50, Fraction(3, 5), large.discrimination)
    assert together([]).right_rate is None
