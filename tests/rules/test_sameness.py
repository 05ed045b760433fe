"""Organisers are told when a pool is so small that everybody gets nearly the same paper."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import combinations

import pytest

from question_bank.kinds import QuestionKind
from quiz.rules.contest import ContestTerms, PaperPlanLine
from quiz.rules.drawing import PoolVersion, draw_paper
from quiz.rules.sameness import Sameness, percent, sameness

SINGLE, TRUE_FALSE = QuestionKind.SINGLE_CHOICE, QuestionKind.TRUE_FALSE


def a_pool(singles: int, judged: int = 0, *, domain: str = "产品") -> list[PoolVersion]:
    kinds = [SINGLE] * singles + [TRUE_FALSE] * judged
    return [PoolVersion(n, kind, domain, "", 4, (), "") for n, kind in enumerate(kinds, 1)]


def line(count: int, kind: QuestionKind = SINGLE, domain: str | None = None) -> PaperPlanLine:
    return PaperPlanLine(kind=kind, count=count, points=500, domain=domain)


def of(plan: list[PaperPlanLine], pool: list[PoolVersion]) -> Sameness:
    found = sameness(plan, pool)
    assert found
    return found


def test_the_share_is_the_sum_of_squares_over_what_is_there() -> None:
    found = of([line(10), line(5, TRUE_FALSE)], a_pool(40, 10))
    assert found.lines == (Fraction(1, 4), Fraction(1, 2))
    assert found.whole == (Fraction(10 * 10, 40) + Fraction(5 * 5, 10)) / 15


@pytest.mark.parametrize(
    ("singles", "said"),
    [(21, ""), (20, "约有 50 % 的题相同"), (12, "几乎一样"), (11, "几乎一样"), (10, "完全一样")],
)
def test_it_is_said_from_one_half_on_and_louder_the_nearer_it_comes(singles: int, said: str) -> None:
    sentence = of([line(10)], a_pool(singles)).sentence
    assert said in sentence and bool(sentence) == bool(said)


def test_a_line_drawn_from_too_few_is_named_though_the_paper_as_a_whole_differs() -> None:
    found = of([line(10), line(2, TRUE_FALSE)], a_pool(100, 2))
    assert not found.sentence
    assert found.sentences == ["第 2 行 判断题抽 2 道，符合的有 2 道，每份都是这些题。"]


def test_lines_that_share_their_questions_count_together() -> None:
    assert of([line(2), line(2)], a_pool(4)).whole == 1
    assert of([line(2, domain="产品"), line(2)], a_pool(8)).whole == Fraction(1, 2)


@pytest.mark.parametrize(
    ("plan", "over"),
    [
        ([line(5, domain="工程"), line(3, domain="产品")], 0),
        ([line(5), line(3, domain="工程")], 0),
        ([line(3, domain="产品"), line(5)], 0.04),
    ],
)
def test_the_share_is_what_drawing_gives(plan: list[PaperPlanLine], over: float) -> None:
    pool = [*a_pool(6), *(replace(v, version=v.version + 50, domain="工程") for v in a_pool(10))]
    moment = datetime(2026, 6, 20, tzinfo=UTC)
    terms = ContestTerms("竞赛", moment, moment, date(2026, 12, 31), tuple(plan))
    papers = [{each.version for each in draw_paper(terms, pool, f"{seed:032x}")} for seed in range(120)]
    shares = [len(one & other) / 8 for one, other in combinations(papers, 2)]
    assert float(of(plan, pool).whole) == pytest.approx(sum(shares) / len(shares) + over, abs=0.015)


def test_nothing_is_said_about_a_paper_that_cannot_be_drawn() -> None:
    assert sameness([line(3)], a_pool(2)) is None
    assert sameness([], a_pool(2)) is None


def test_what_is_not_all_is_never_called_all() -> None:
    assert (percent(Fraction(1)), percent(Fraction(999, 1000)), percent(Fraction(5, 6))) == ("100 %", "99 %", "83 %")
