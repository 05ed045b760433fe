"""A plan made from shares holds them exactly, and asks for what the pool has where it can."""

from collections import Counter

import pytest

from question_bank.kinds import QuestionKind
from quiz.rules.contest import PaperPlanLine
from quiz.rules.drawing import PoolVersion
from quiz.rules.filling import shortages
from quiz.rules.quotas import KindQuota, by_shares, plan_by_quotas, spread

SINGLE, MULTIPLE, TRUE_FALSE = (
    QuestionKind.SINGLE_CHOICE,
    QuestionKind.MULTIPLE_CHOICE,
    QuestionKind.TRUE_FALSE,
)
KINDS = [KindQuota(SINGLE, 12, 500), KindQuota(MULTIPLE, 4, 500), KindQuota(TRUE_FALSE, 4, 250)]
DOMAINS = {"产品": 30, "工程": 20, "服务": 30, "环境": 20}
LEVELS = {"易": 50, "中": 35, "难": 15}


def a_pool(*cells: tuple[QuestionKind, str, str], each: int = 5) -> list[PoolVersion]:
    return [
        PoolVersion(number * each + n, kind, domain, level, 4, (), "")
        for number, (kind, domain, level) in enumerate(cells)
        for n in range(each)
    ]


def everything() -> list[PoolVersion]:
    return a_pool(*((q.kind, f"{domain}/一", level) for q in KINDS for domain in DOMAINS for level in LEVELS))


def sums(plan: tuple[PaperPlanLine, ...], part: str) -> Counter[object]:
    found: Counter[object] = Counter()
    for line in plan:
        found[getattr(line, part)] += line.count
    return found


@pytest.mark.parametrize(
    ("total", "shares", "given"),
    [
        (20, {"产品": 30, "工程": 20, "服务": 30, "环境": 20}, [6, 4, 6, 4]),
        (20, {"易": 50, "中": 35, "难": 15}, [10, 7, 3]),
        (10, {"易": 33, "中": 33, "难": 34}, [3, 3, 4]),
        (7, {"a": 25, "b": 25, "c": 25, "d": 25}, [2, 2, 2, 1]),
        (1, {"a": 50, "b": 50}, [1, 0]),
        (5, {"a": 100, "b": 0}, [5, 0]),
    ],
)
def test_shares_are_rounded_by_the_largest_remainder(total: int, shares: dict[str, int], given: list[int]) -> None:
    assert list(by_shares(total, shares).values()) == given


def test_every_sum_is_exact_over_the_whole_paper() -> None:
    plan = plan_by_quotas(KINDS, DOMAINS, LEVELS, everything())
    assert sums(plan, "kind") == {SINGLE: 12, MULTIPLE: 4, TRUE_FALSE: 4}
    assert sums(plan, "domain") == {"产品": 6, "工程": 4, "服务": 6, "环境": 4}
    assert sums(plan, "difficulty") == {"易": 10, "中": 7, "难": 3}
    assert {line.points for line in plan if line.kind is TRUE_FALSE} == {250}
    assert not shortages(plan, everything())


def test_without_shares_any_domain_and_any_difficulty_will_do() -> None:
    plan = plan_by_quotas(KINDS, {}, {}, [])
    assert [(line.kind, line.domain, line.difficulty, line.count) for line in plan] == [
        (SINGLE, None, None, 12),
        (MULTIPLE, None, None, 4),
        (TRUE_FALSE, None, None, 4),
    ]
    assert {line.domain for line in plan_by_quotas(KINDS, {}, LEVELS, [])} == {None}


def test_what_the_pool_lacks_is_asked_for_elsewhere_while_the_sums_allow_it() -> None:
    pool = [v for v in everything() if not (v.kind is TRUE_FALSE and v.domain.startswith("产品"))]
    plan = plan_by_quotas(KINDS, DOMAINS, LEVELS, pool)
    assert not shortages(plan, pool)
    assert sums(plan, "domain")["产品"] == 6 and sums(plan, "kind")[TRUE_FALSE] == 4


def test_a_table_is_near_its_parts_and_has_its_sums() -> None:
    room = [[99] * 4] * 3
    table = spread([12, 4, 4], [6, 4, 6, 4], room)
    assert [sum(row) for row in table] == [12, 4, 4]
    assert [sum(column) for column in zip(*table, strict=True)] == [6, 4, 6, 4]
    ideal = [[r * c / 20 for c in (6, 4, 6, 4)] for r in (12, 4, 4)]
    off = [abs(x - y) for a, b in zip(table, ideal, strict=True) for x, y in zip(a, b, strict=True)]
    assert max(off) < 1
