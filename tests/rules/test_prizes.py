"""抽奖: who is in, who wins, who steps in, and what is wrong with a draw that somebody has touched."""

import copy
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.rules import check_codes, prize_plans
from quiz.rules.prizes import (
    FORMAT,
    DrawPlan,
    Listed,
    Method,
    Tier,
    by_rank,
    check_draw,
    drawn,
    is_listed,
    list_digest,
    list_lines,
    marks_reached,
    pick_winners,
    seed_digest,
    stepping_in,
    ticket,
    tidied_number,
)

SEED, PUBLIC = "5eed" * 8, "07,12,19,23,28,31+05"
TIERS = (Tier("一等奖", 1, 1, "电水壶", least=9_000), Tier("二等奖", 2, 2, least=8_000))
PLAN = DrawPlan(Method.CHANCE, TIERS)


def listed(*scores: int, counted: int = 1) -> list[Listed]:
    """Entries with these scores in hundredths, ranked: equal scores share the rank."""
    ordered = sorted(scores, reverse=True)
    return [
        Listed(f"E{number:03d}", ordered.index(score) + 1, score * counted, counted)
        for number, score in enumerate(ordered, 1)
    ]


def counting(entries: Iterable[Listed]) -> Callable[[int, int | None], int]:
    rows = list(entries)
    return lambda mark, below: sum(entry.lies_in(mark, below) for entry in rows)


def codes_of(entries: list[Listed]) -> Callable[[int, int | None], list[str]]:
    return lambda mark, below: [entry.code for entry in entries if entry.lies_in(mark, below)]


# --- who is in -------------------------------------------------------------------------------------------------------


def test_a_mark_is_reached_by_the_exact_score_and_not_by_a_rounded_one() -> None:
    almost = Listed("A", 1, 26_999, 3)  # 89.99666…, which is shown as 90.00
    assert not almost.lies_in(9_000, None) and Listed("B", 1, 27_000, 3).lies_in(9_000, None)
    assert almost.lies_in(8_000, 9_000) and not Listed("B", 1, 27_000, 3).lies_in(8_000, 9_000)


def test_a_mark_that_enough_reach_stays() -> None:
    plan = replace(PLAN, step=500, floor=6_000)
    assert marks_reached(plan, counting(listed(9_500, 9_000, 8_500, 8_000))) == (9_000, 8_000)


def test_a_mark_that_too_few_reach_steps_down_to_the_floor_and_no_further() -> None:
    plan = replace(PLAN, step=700, floor=6_000)
    assert marks_reached(plan, counting(listed(8_800, 7_400, 7_300))) == (8_300, 7_300)
    assert marks_reached(plan, counting(listed(8_800))) == (8_300, 6_000)
    assert marks_reached(PLAN, counting(listed(8_800))) == (9_000, 8_000)  # without a step it stays


def test_what_a_higher_tier_may_take_does_not_count_for_the_lower_one() -> None:
    """Two at 80 fill two second prizes only if neither of them can win the first."""
    plan = replace(PLAN, step=1_000, floor=6_000)
    assert marks_reached(plan, counting(listed(9_500, 8_500, 7_000))) == (9_000, 7_000)
    bands = replace(plan, tiers=(TIERS[0], replace(TIERS[1], below=9_000)))
    assert marks_reached(bands, counting(listed(9_500, 8_500, 8_000))) == (9_000, 8_000)


def test_only_who_qualifies_for_some_tier_is_listed() -> None:
    bands = DrawPlan(Method.CHANCE, (Tier("甲", 1, least=9_000), Tier("乙", 1, least=6_000, below=8_000)))
    inside = [is_listed(bands, (9_000, 6_000), entry) for entry in listed(9_000, 8_999, 8_000, 7_999, 6_000, 5_999)]
    assert inside == [True, False, False, True, True, False]
    by_place = DrawPlan(Method.RANK, (Tier("甲", 1), Tier("乙", 1)))
    assert [is_listed(by_place, (0, 0), entry) for entry in listed(9, 8, 8, 7)] == [True, True, True, False]


def test_the_list_as_text_and_its_digest() -> None:
    lines = list(list_lines(PLAN, (9_000, 8_000), listed(9_500), contest="zl-2026", number=2))
    assert lines == [
        "draw|zl-2026|2|chance|0|0",
        "tier|一等奖|1|1|9000||9000|电水壶",
        "tier|二等奖|2|2|8000||8000|",
        "entry|E001|1|9500|1",
    ]
    assert list_digest(lines) == hashlib.sha256(("\n".join(lines) + "\n").encode()).hexdigest()


# --- who wins --------------------------------------------------------------------------------------------------------


def test_the_lowest_digests_win() -> None:
    text = f"draw|{SEED}|{PUBLIC}|一等奖|E001"
    assert ticket(SEED, PUBLIC, "一等奖", "E001") == hashlib.sha256(text.encode()).hexdigest()
    codes = [f"E{number:03d}" for number in range(50)]
    best = sorted(codes, key=lambda c: hashlib.sha256(f"draw|{SEED}|{PUBLIC}|一等奖|{c}".encode()).hexdigest())
    picked = pick_winners(iter(codes), prizes=5, seed=SEED, public=PUBLIC, tier="一等奖")
    assert picked == best[:5]
    assert pick_winners(codes[:2], prizes=5, seed=SEED, public=PUBLIC, tier="一等奖") == sorted(
        codes[:2], key=best.index
    )


def test_winners_of_a_higher_tier_leave_the_lower_draws_and_substitutes_do_not() -> None:
    entries = listed(*[9_000] * 4)
    first, second = drawn(PLAN, (9_000, 8_000), codes_of(entries), seed=SEED, public=PUBLIC)
    assert len(first.winners) == len(first.substitutes) == 1
    assert set(first.winners).isdisjoint((*second.winners, *second.substitutes))
    assert set(first.substitutes) <= {*second.winners, *second.substitutes}
    assert len(second.winners) == 2 and len(second.substitutes) == 1  # three were left


@given(st.integers(0, 40), st.integers(1, 5), st.integers(0, 5), st.text("0123456789", min_size=1, max_size=6))
def test_nobody_wins_twice_and_no_prize_is_kept_back(people: int, prizes: int, substitutes: int, public: str) -> None:
    tiers = tuple(Tier(name, prizes, substitutes) for name in "甲乙丙")
    entries = listed(*range(people))
    picked = drawn(DrawPlan(Method.CHANCE, tiers), (0, 0, 0), codes_of(entries), seed=SEED, public=public)
    winners = Counter(code for tier in picked for code in tier.winners)
    assert all(count == 1 for count in winners.values())
    assert len(winners) == min(people, 3 * prizes)
    assert all(set(tier.winners).isdisjoint(tier.substitutes) for tier in picked)


def test_another_number_gives_other_winners() -> None:
    codes = [f"E{number:03d}" for number in range(1_000)]
    found = {tuple(pick_winners(codes, prizes=3, seed=SEED, public=str(n), tier="甲")) for n in range(20)}
    assert len(found) == 20


def test_awards_by_rank_go_down_as_far_as_the_prizes_and_all_who_are_equal_are_in() -> None:
    plan = DrawPlan(Method.RANK, (Tier("一等奖", 1), Tier("二等奖", 2), Tier("三等奖", 2, least=60)))
    first, second, third = by_rank(plan, listed(99, 90, 90, 90, 60, 59))
    assert first.winners == ("E001",)
    assert second.winners == ("E002", "E003", "E004")  # rank 2 three times
    assert third.winners == ("E005",)
    everybody_equal = by_rank(plan, listed(80, 80, 80, 80))
    assert [tier.winners for tier in everybody_equal] == [("E001", "E002", "E003", "E004"), (), ()]


def test_the_next_substitute_is_one_who_never_held_a_prize() -> None:
    assert stepping_in(["A", "B", "C"], ["X", "A"]) == "B"
    assert stepping_in(["A"], ["A"]) is None and stepping_in([], []) is None


# --- what may be set up ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (DrawPlan(Method.CHANCE, ()), "奖级要有"),
        (DrawPlan(Method.CHANCE, (Tier("甲", 1), Tier("甲", 2))), "不能同名"),
        (DrawPlan(Method.CHANCE, (Tier("甲|乙", 1),)), "竖线"),
        (DrawPlan(Method.CHANCE, (Tier("甲\n乙", 1),)), "竖线"),
        (DrawPlan(Method.CHANCE, (Tier("", 1),)), "没有名称的奖级"),
        (DrawPlan(Method.CHANCE, (Tier("甲", 1, prize="茶|杯"),)), "奖品"),
        (DrawPlan(Method.CHANCE, (Tier("甲", 0),)), "名额"),
        (DrawPlan(Method.CHANCE, (Tier("甲", 1, least=90, below=90),)), "上限要高于下限"),
        (DrawPlan(Method.CHANCE, (Tier("甲", 1, least=60),), step=5, floor=61), "最低下调到"),
        (DrawPlan(Method.CHANCE, (Tier("甲", 1, least=9_000),), step=1), "太小"),
        (DrawPlan(Method.RANK, (Tier("甲", 1, 1),)), "没有候补"),
        (DrawPlan(Method.RANK, (Tier("甲", 1, least=60),), step=5), "不下调"),
    ],
)
def test_a_plan_that_makes_no_sense_is_named(plan: DrawPlan, said: str) -> None:
    assert said in "".join(prize_plans.complaints(plan))


def test_a_sound_plan_has_no_complaints_and_is_kept_as_it_is() -> None:
    plan = DrawPlan(Method.CHANCE, (*TIERS, Tier("纪念奖", 50, least=6_000, below=8_000)), step=500, floor=5_000)
    assert prize_plans.complaints(plan) == []
    assert DrawPlan.from_json(plan.as_json()) == plan


def test_the_public_number_is_tidied_and_must_be_one() -> None:
    assert tidied_number(" ３ ５\t8 ") == "358"
    assert tidied_number("07 12，19") == "0712,19"
    assert prize_plans.number_complaints("358") == []
    for wrong in ("", "3|5", "9" * 81):
        assert prize_plans.number_complaints(wrong) != []


def test_a_moment_that_is_here_is_too_late_for_the_announcement() -> None:
    soonest = datetime(2026, 6, 20, tzinfo=UTC)
    assert prize_plans.announcement_complaints("3D", soonest, soonest) == []
    assert len(prize_plans.announcement_complaints(" ", soonest - timedelta(seconds=1), soonest)) == 2


def test_a_reason_that_everybody_reads_holds_no_phone() -> None:
    assert prize_plans.reason_complaints("奖品没有到货") == []
    assert "手机号" in "".join(prize_plans.reason_complaints("请打 13812345678"))


def test_a_check_code_is_read_however_it_was_typed() -> None:
    assert check_codes.tidied(" abcd－efgh ") == "ABCDEFGH" == check_codes.tidied(check_codes.shown("ABCDEFGH"))


# --- what an outsider checks -----------------------------------------------------------------------------------------


def published(plan: DrawPlan | None = None, scores: Iterable[int] = range(7_000, 9_900, 100)) -> dict[str, Any]:
    """The public JSON of a draw in which one winner of the second tier was replaced."""
    plan = plan or replace(PLAN, step=500, floor=5_000)
    everybody = listed(*scores)
    marks = marks_reached(plan, counting(everybody))
    entries = [entry for entry in everybody if is_listed(plan, marks, entry)]
    lines = list(list_lines(plan, marks, entries, contest="zl", number=1))
    if plan.method is Method.RANK:
        picked = by_rank(plan, entries)
    else:
        picked = drawn(plan, marks, codes_of(entries), seed=SEED, public=PUBLIC)
    value: dict[str, Any] = {
        "format": FORMAT, "contest": "zl", "number": 1, "list": lines, "list_sha256": list_digest(lines),
        "fixed_at": "2026-08-01T01:00:00.000Z", "announced_at": "2026-08-01T02:00:00.000Z",
        "seed_sha256": seed_digest(SEED), "seed": SEED, "public_number": PUBLIC,
        "public_at": "2026-08-02T13:15:00.000Z", "drawn_at": "2026-08-02T13:20:00.000Z", "abandoned_at": None,
        "changes": [],
        "tiers": [
            {"name": tier.name, "drawn": [*p.winners], "substitutes": [*p.substitutes], "winners": [*p.winners]}
            for tier, p in zip(plan.tiers, picked, strict=True)
        ],
    }  # fmt: skip
    if plan.method is Method.RANK:
        return {**value, **dict.fromkeys(["announced_at", "seed_sha256", "seed", "public_number", "public_at"])}
    second, held = picked[1], [code for p in picked for code in p.winners]
    successor = stepping_in(second.substitutes, held)
    value["changes"] = [
        {"tier": "二等奖", "entry_code": second.winners[0], "reason": "declined", "at": "", "substitute": successor}
    ]
    value["tiers"][1]["winners"] = [*second.winners[1:], *([successor] if successor else [])]
    return value


RANKED = DrawPlan(Method.RANK, (Tier("一等奖", 1), Tier("二等奖", 3)))


def test_what_was_published_fits() -> None:
    for whole in (published(), published(scores=[9_000, 6_400]), published(RANKED)):
        assert check_draw(whole) is None
    waiting = {**published(), "drawn_at": None, "seed": None, "public_number": None, "tiers": [], "changes": []}
    assert check_draw(waiting) is None
    assert check_draw({**waiting, "abandoned_at": "2026-08-01T03:00:00.000Z"}) is None
    assert check_draw({**waiting, "list": None, "list_sha256": None}) is None


def relisted(value: dict[str, Any], change: Callable[[list[str]], None]) -> None:
    """A list changed by somebody who made its digest anew, too."""
    change(value["list"])
    value["list_sha256"] = list_digest(value["list"])


def swap(lines: list[str]) -> None:
    lines[4], lines[5] = lines[5], lines[4]


MUTATIONS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a winner": (lambda v: v["tiers"][0].update(drawn=[v["tiers"][0]["substitutes"][0]]), "一等奖, drawn 1"),
    "a winner more": (lambda v: v["tiers"][0]["drawn"].append("E099"), "一等奖, drawn 2: E099"),
    "a winner less": (lambda v: v["tiers"][1]["drawn"].pop(), "二等奖, drawn 2: nobody"),
    "a substitute": (lambda v: v["tiers"][1]["substitutes"].reverse(), "二等奖, substitutes 1"),
    "who stepped in": (lambda v: v["changes"][0].update(substitute="E099"), "change 1"),
    "who left": (lambda v: v["changes"][0].update(entry_code="E099"), "was no winner"),
    "who holds a prize now": (lambda v: v["tiers"][1].update(winners=v["tiers"][1]["drawn"]), "winners are not those"),
    "the number": (lambda v: v.update(public_number="1"), "drawn 1"),
    "the seed": (lambda v: v.update(seed="0" * 32), "seed_sha256"),
    "the digest of the seed": (lambda v: v.update(seed_sha256="0" * 64), "seed_sha256"),
    "a score": (lambda v: v["list"].__setitem__(4, v["list"][4].replace("9700", "9701")), "list_sha256"),
    "an entry taken out": (lambda v: v["list"].pop(), "list_sha256"),
    "an entry taken out of a new list": (
        lambda v: relisted(v, lambda lines: lines.pop(4)), "E003 has rank 3, but only 1 stand before it"),
    "an entry twice": (lambda v: relisted(v, lambda lines: lines.append(lines[-1])), "twice"),
    "two rows swapped": (lambda v: relisted(v, swap), "E003 has rank 3, but only 1 stand before it"),
    "a score that does not fit its rank": (
        lambda v: relisted(v, lambda lines: lines.__setitem__(4, "entry|E002|2|9900|1")), "does not fit its rank"),
    "somebody below the mark": (
        lambda v: relisted(v, lambda lines: lines.append("entry|E999|99|100|1")), "qualifies for no tier"),
    "a mark": (lambda v: relisted(v, lambda rows: rows.__setitem__(1, rows[1].replace("||9000|", "||8500|"))),
               "came down to 8500, but should to 9000"),
    "the draw of another contest": (lambda v: v.update(contest="other"), "names another draw"),
    "a tier renamed": (lambda v: v["tiers"][0].update(name="特等奖"), "tiers are not those"),
    "a number before its moment": (lambda v: v.update(drawn_at="2026-08-02T13:00:00.000Z"), "order"),
    "a list fixed after its announcement": (lambda v: v.update(fixed_at="2026-08-01T03:00:00.000Z"), "order"),
    "no announcement": (lambda v: v.update(announced_at=None), "order"),
    "winners without a number": (lambda v: v.update(public_number=None), "belong together"),
    "winners before the draw": (lambda v: v.update(drawn_at=None, seed=None, public_number=None), "before anything"),
    "drawn and abandoned": (lambda v: v.update(abandoned_at="2026-08-03T00:00:00.000Z"), "both"),
    "no list": (lambda v: v.update(list=None), "no list"),
    "a line of something else": (lambda v: relisted(v, lambda lines: lines.append("note|x")), "neither a tier"),
    "a line of nothing": (lambda v: v.update(list=[], list_sha256=list_digest([])), "cannot be read"),
    "a key taken out": (lambda v: v.pop("tiers"), "cannot be read"),
    "another format": (lambda v: v.update(format="x"), "format"),
}  # fmt: skip


@pytest.mark.parametrize("name", MUTATIONS)
def test_whatever_somebody_changes_is_found_and_named(name: str) -> None:
    change, said = MUTATIONS[name]
    value = copy.deepcopy(published())
    change(value)
    found = check_draw(value)
    assert found and said in found


def test_equals_stand_in_order_of_their_codes() -> None:
    value = published(scores=[9_500, 9_500, 9_000, 8_000])
    relisted(value, lambda lines: lines.__setitem__(slice(3, 5), [lines[4], lines[3]]))
    assert check_draw(value) == "entry E001 stands in the wrong place"


def test_awards_by_rank_are_checked_too() -> None:
    value = published(RANKED)
    value["tiers"][1]["drawn"][0] = "E099"
    assert "二等奖, drawn 1" in (check_draw(value) or "")
    assert "neither a number nor a seed" in (check_draw({**published(RANKED), "seed": SEED}) or "")


@pytest.mark.parametrize("nonsense", [None, [], "x", 7, {}, {"format": FORMAT}, {"format": FORMAT, "list": 3}])
def test_what_is_no_draw_is_said_to_be_none(nonsense: Any) -> None:
    assert check_draw(nonsense)
