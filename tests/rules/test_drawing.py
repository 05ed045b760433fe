"""Algorithm 1 of DESIGN §5, held against a second writing of it that shares nothing with ours."""

import hashlib
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.kinds import QuestionKind
from quiz.rules.contest import ContestTerms, PaperPlanLine
from quiz.rules.drawing import PoolTooSmall, PoolVersion, draw_paper, matches, pool_digest, shortage
from quiz.rules.terms_reader import read_terms

SINGLE, MULTIPLE, TRUE_FALSE = QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.TRUE_FALSE
SEED = "0123456789abcdef0123456789abcdef"


def terms(plan: list[dict[str, Any]], **changes: Any) -> ContestTerms:
    value = {"plan": plan, **changes}
    return read_terms(value, title="竞赛", opens_at="2026-06-20T09:00", closes_at="2026-07-20T18:00")


def version(number: int, kind: QuestionKind = SINGLE, **changes: Any) -> PoolVersion:
    options = 4 if kind.has_options else 0
    given = {"domain": "产品", "difficulty": "", "options": options, "pinned": (), "digest": f"d{number}", **changes}
    return PoolVersion(version=number, kind=kind, **given)


def line(count: int, kind: str = "single_choice", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "count": count, "points": 5, **more}


# --- the second writing, from the words of DESIGN §5 alone -----------------------------------------------------------


def sha(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def drawn_again(plan: list[dict[str, Any]], pool: list[PoolVersion], seed: str, mix_q: bool, mix_o: bool) -> Any:
    paper: list[PoolVersion] = []
    for each in plan:
        fits = [v for v in pool if v not in paper and v.kind.value == each["kind"]]
        fits = [v for v in fits if each.get("domain") in (None, v.domain, *v.domain.split("/"))]
        fits = [v for v in fits if each.get("difficulty") in (None, v.difficulty)]
        paper += sorted(fits, key=lambda v: sha(f"paper|{seed}|{v.version}"))[: each["count"]]
    if mix_q:
        paper.sort(key=lambda v: sha(f"order|{seed}|{v.version}"))
    shown = []
    for v in paper:
        order = [n for n in range(1, v.options + 1) if not (mix_o and n in v.pinned)]
        if mix_o:
            order.sort(key=lambda n: sha(f"option|{seed}|{v.version}|{n}"))
            order += v.pinned
        shown.append((v.version, order if v.kind.value in ("single_choice", "multiple_choice") else []))
    return shown


POOL = [
    *(version(n, domain="产品/食品") for n in range(1, 6)),
    *(version(n, domain="服务", pinned=(4,)) for n in range(6, 11)),
    *(version(n, MULTIPLE, options=5, pinned=(4, 5)) for n in range(11, 15)),
    *(version(n, TRUE_FALSE) for n in range(15, 19)),
]
PLAN = [line(3, domain="食品"), line(4), line(2, "multiple_choice"), line(2, "true_false")]


@given(seed=st.binary(min_size=16, max_size=16), mix_q=st.booleans(), mix_o=st.booleans())
def test_the_paper_is_what_the_words_of_the_design_say(seed: bytes, mix_q: bool, mix_o: bool) -> None:
    paper = draw_paper(terms(PLAN, mix_questions=mix_q, mix_options=mix_o), POOL, seed.hex())
    assert [(p.version, list(p.options)) for p in paper] == drawn_again(PLAN, POOL, seed.hex(), mix_q, mix_o)


def test_a_paper_that_was_once_drawn_stays_the_same_for_ever() -> None:
    """These numbers stand in published results: they must never change."""
    paper = draw_paper(terms(PLAN), POOL, SEED)
    assert [(p.version, list(p.options)) for p in paper] == [
        (9, [3, 1, 2, 4]),
        (13, [2, 3, 1, 4, 5]),
        (15, []),
        (17, []),
        (1, [4, 1, 2, 3]),
        (2, [2, 3, 1, 4]),
        (14, [3, 2, 1, 4, 5]),
        (4, [4, 1, 2, 3]),
        (7, [2, 3, 1, 4]),
        (6, [3, 1, 2, 4]),
        (5, [4, 3, 1, 2]),
    ]


def test_the_order_of_the_pool_does_not_matter() -> None:
    assert draw_paper(terms(PLAN), POOL[::-1], SEED) == draw_paper(terms(PLAN), POOL, SEED)


def test_options_that_speak_of_all_stay_last_in_their_own_order() -> None:
    pool = [version(1, MULTIPLE, options=6, pinned=(2, 4))]
    orders = {draw_paper(terms([line(1, "multiple_choice")]), pool, f"{n:032x}")[0].options for n in range(40)}
    assert {order[-2:] for order in orders} == {(2, 4)}
    assert len(orders) > 10  # the others are mixed


def test_without_mixing_options_stand_as_the_author_wrote_them() -> None:
    pool = [version(1, pinned=(2,))]
    assert draw_paper(terms([line(1)], mix_options=False), pool, SEED)[0].options == (1, 2, 3, 4)


def test_without_mixing_questions_stand_in_the_order_of_the_plan() -> None:
    plan = [line(2, "true_false"), line(2)]
    paper = draw_paper(terms(plan, mix_questions=False), POOL, SEED)
    kinds = {v.version: v.kind for v in POOL}
    assert [kinds[p.version] for p in paper] == [TRUE_FALSE, TRUE_FALSE, SINGLE, SINGLE]


def test_true_or_false_is_never_mixed_and_carries_no_options() -> None:
    assert draw_paper(terms([line(1, "true_false")]), POOL, SEED)[0].options == ()


def test_each_question_is_worth_what_its_line_says() -> None:
    plan = [line(2, points=2.5), line(2, "multiple_choice", points=10)]
    paper = draw_paper(terms(plan, mix_questions=False), POOL, SEED)
    assert [p.points for p in paper] == [250, 250, 1000, 1000]


def test_no_question_comes_twice_though_two_lines_match_it() -> None:
    paper = draw_paper(terms([line(3, domain="食品"), line(7)]), POOL, SEED)
    assert len({p.version for p in paper}) == 10


# --- which version fits which line -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("domain", "wanted", "fits"),
    [
        ("产品", "产品", True),
        ("产品/食品", "产品", True),
        ("产品/食品", "食品", True),
        ("产品/食品", "产品/食品", True),
        ("产品/食品", "服务", False),
        ("产品/食品", "品", False),
        ("产品", "食品", False),
        ("农产品", "产品", False),
        ("", "产品", False),
        ("", None, True),
    ],
)
def test_a_domain_matches_its_own_name_and_what_lies_under_it(domain: str, wanted: str | None, fits: bool) -> None:
    assert matches(PaperPlanLine(SINGLE, 1, 500, domain=wanted), version(1, domain=domain)) is fits


def test_kind_and_difficulty_must_be_those_of_the_line() -> None:
    hard = PaperPlanLine(SINGLE, 1, 500, difficulty="难")
    assert matches(hard, version(1, difficulty="难"))
    assert not matches(hard, version(1, difficulty="易"))
    assert not matches(hard, version(1, MULTIPLE, difficulty="难"))


# --- whether a pool is enough ----------------------------------------------------------------------------------------


def test_a_pool_too_small_names_the_line_and_what_is_there() -> None:
    with pytest.raises(PoolTooSmall) as refused:
        draw_paper(terms([line(2), line(5, "true_false")]), POOL, SEED)
    assert (refused.value.line, refused.value.wanted.count, refused.value.available) == (1, 5, 4)
    assert shortage(terms([line(2), line(5, "true_false")]).plan, POOL) == [0, 1]


def test_a_line_is_short_when_the_lines_before_it_may_take_what_it_needs() -> None:
    pool = [version(1, domain="服务"), version(2, domain="服务"), version(3)]
    wide_first = terms([line(2), line(2, domain="服务")]).plan
    narrow_first = terms([line(2, domain="服务"), line(1)]).plan
    assert shortage(wide_first, pool) == [0, 2]
    assert shortage(narrow_first, pool) == [0, 0]


def test_what_two_earlier_lines_may_take_together_is_not_counted_twice() -> None:
    """食品·难 takes both hard ones on food, so 难 takes the other two, and 食品 keeps its easy one."""
    food = [version(n, domain="产品/食品", difficulty="难") for n in (1, 2)]
    other = [version(n, domain="服务", difficulty="难") for n in (3, 4)]
    pool = [*food, *other, version(5, domain="产品/食品", difficulty="易")]
    plan = terms([line(2, domain="食品", difficulty="难"), line(2, difficulty="难"), line(1, domain="食品")]).plan
    assert shortage(plan, pool) == [0, 0, 0]


small_versions = st.lists(
    st.tuples(st.sampled_from(["产品", "产品/食品", "服务"]), st.sampled_from(["易", "难"])), min_size=1, max_size=6
)
small_plans = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from([None, "产品", "食品", "服务"]), st.sampled_from([None, "易", "难"])),
    min_size=1,
    max_size=3,
)


def every_draw(plan: tuple[PaperPlanLine, ...], pool: list[PoolVersion]) -> Iterator[int]:
    """For each way the hashes may fall: the number of the line that found too few, or -1."""

    def go(number: int, left: list[PoolVersion]) -> Iterator[int]:
        if number == len(plan):
            yield -1
            return
        fits = [v for v in left if matches(plan[number], v)]
        if len(fits) < plan[number].count:
            yield number
            return
        for taken in combinations(fits, plan[number].count):
            yield from go(number + 1, [v for v in left if v not in taken])

    return go(0, pool)


@settings(max_examples=300)
@given(places=small_versions, lines=small_plans)
def test_a_plan_is_short_exactly_where_some_seed_would_leave_it_short(places: Any, lines: Any) -> None:
    pool = [version(n, domain=domain, difficulty=hard) for n, (domain, hard) in enumerate(places, 1)]
    plan = tuple(PaperPlanLine(SINGLE, count, 500, domain=d, difficulty=h) for count, d, h in lines)
    missing = shortage(plan, pool)
    first_short = next((number for number, short in enumerate(missing) if short), None)
    failing = {number for number in every_draw(plan, pool) if number >= 0}
    assert (min(failing) if failing else None) == first_short


@given(places=small_versions, lines=small_plans, seed=st.binary(min_size=16, max_size=16))
def test_every_seed_fills_a_plan_that_is_not_short(places: Any, lines: Any, seed: bytes) -> None:
    pool = [version(n, domain=domain, difficulty=hard) for n, (domain, hard) in enumerate(places, 1)]
    plan = [line(count, domain=d, difficulty=h) for count, d, h in lines]
    if not any(shortage(terms(plan).plan, pool)):
        assert len(draw_paper(terms(plan), pool, seed.hex())) == sum(count for count, _, _ in lines)


# --- the digest of a pool --------------------------------------------------------------------------------------------


def test_the_digest_of_a_pool_is_that_of_its_lines_in_order_of_id() -> None:
    assert pool_digest([version(10), version(9)]) == sha("9:d9\n10:d10")
    assert pool_digest([version(9), version(10, digest="another")]) != pool_digest([version(9), version(10)])


def test_a_version_survives_its_json() -> None:
    for each in POOL:
        assert PoolVersion.from_json(each.as_json()) == each
