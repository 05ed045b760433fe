"""Questions that are nearly the same are found, and none is lost by not comparing each with each."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.content import QuestionContent
from question_bank.differences import differing_words, differs_only_in, marked
from question_bank.kinds import QuestionKind
from question_bank.likeness import THRESHOLD, Likeness, alike, similarity
from question_bank.wording import frame_of


def choice(stem: str, *options: str, right: int = 1) -> QuestionContent:
    return QuestionContent(QuestionKind.SINGLE_CHOICE, stem, options, frozenset({right}))


def judgement(stem: str, is_true: bool = True) -> QuestionContent:
    return QuestionContent(QuestionKind.TRUE_FALSE, stem, choices=frozenset({1 if is_true else 2}))


def numbers(found: Likeness) -> list[tuple[int, int, bool]]:
    return [(pair.one, pair.other, pair.is_held) for pair in found.pairs]


HOTLINE = choice("消费者投诉举报的全国统一电话是（ ）。", "12315", "12345", "12306", "12320")
WARRANTY = judgement("家用汽车产品自交付之日起7日内出现质量问题，消费者可以要求退货。")
METERS = choice("贸易结算用的电能表属于哪一类计量器具？", "强制检定", "非强制检定", "自愿检定", "免于检定")


@pytest.mark.parametrize(
    "other",
    [
        choice("消费者投诉举报全国统一的电话号码是（ ）。", "12315", "12345", "12306", "12320"),
        choice("消费者投诉举报的全国统一电话是：", "12345", "12315", "12320", "12306", right=2),
        choice("消费者投诉、举报的全国统一电话是（　　）", "12315", "12345", "12306", "12300"),
        replace(HOTLINE, kind=QuestionKind.MULTIPLE_CHOICE),
    ],
)
def test_one_question_in_other_words_is_found(other: QuestionContent) -> None:
    assert numbers(alike([METERS, HOTLINE, other])) == [(2, 1, False)]


@pytest.mark.parametrize(
    "other",
    [METERS, choice("消费者享有哪些权利？", "知情权", "选择权"), choice("12315 是什么电话？", "投诉举报", "报警")],
)
def test_another_question_on_the_same_subject_is_not(other: QuestionContent) -> None:
    assert alike([HOTLINE, other]).pairs == ()


@pytest.mark.parametrize(("one", "other"), [("3年", "5年"), ("不得少于", "可以少于"), ("三日", "十五日")])
def test_short_questions_that_differ_in_a_number_or_a_negation_are_found(one: str, other: str) -> None:
    assert numbers(alike([judgement(f"保存期限{one}。"), judgement(f"保存期限{other}。")])) == [(1, 0, False)]


def test_what_the_bank_holds_is_compared_too_but_not_with_itself() -> None:
    reworded = replace(HOTLINE, stem="全国统一的消费者投诉举报电话是（ ）。")
    assert numbers(alike([METERS, HOTLINE], [WARRANTY, reworded])) == [(1, 1, True)]
    assert alike([METERS], [HOTLINE, reworded]).pairs == ()


def test_what_is_told_elsewhere_is_not_told_again() -> None:
    contradiction = replace(HOTLINE, choices=frozenset({2}))
    assert alike([HOTLINE, contradiction], contradictions_too=False).pairs == ()
    assert numbers(alike([HOTLINE, contradiction])) == [(1, 0, False)]
    assert numbers(alike([contradiction], [HOTLINE], contradictions_too=False)) == [(0, 0, True)]
    assert alike([HOTLINE], [HOTLINE]).pairs == ()


def test_pictures_tell_questions_apart() -> None:
    one = replace(HOTLINE, stem="图中标志的名称是（ ）。", pictures=((0, "a" * 64),))
    assert alike([one, replace(one, stem="图中标志名称是（ ）。", pictures=((0, "b" * 64),))]).pairs == ()
    assert numbers(alike([one, replace(one, stem="图中标志名称是（ ）。")])) == [(1, 0, False)]


def test_a_question_is_listed_with_three_others_at_most() -> None:
    pattern = [judgement(f"企业标准第 {number} 条要求产品出厂前逐件检验。") for number in range(40)]
    found = alike(pattern)
    assert found.is_complete
    assert max(sum(pair.one == number for pair in found.pairs) for number in range(40)) == 3


def test_a_search_that_ends_early_says_how_far_it_came() -> None:
    pattern = [judgement(f"企业标准第 {number} 条要求产品出厂前逐件检验。") for number in range(40)]
    found = alike(pattern, most_work=500)
    assert not found.is_complete
    assert (0 < found.compared < 40, found.total) == (True, 40)


# --- nothing is lost -------------------------------------------------------------------------------------------------

words = st.sampled_from(
    ["产品", "质量", "应当", "不得", "7日", "15日", "生产者", "合格", "检验", "退货", "a", "1", "，", ""]
)
texts = st.lists(words, min_size=0, max_size=9).map("".join)
questions = st.builds(choice, texts, texts, texts)


def by_hand(asked: list[QuestionContent], held: list[QuestionContent]) -> Iterator[tuple[int, int, bool]]:
    """Each with each."""
    new = [n for n, one in enumerate(asked) if one.fingerprint not in {other.fingerprint for other in held}]
    for n in new:
        for m, other in enumerate(held):
            if are_alike(asked[n], other):
                yield n, m, True
    for m, n in combinations(new, 2):
        if asked[n].fingerprint != asked[m].fingerprint and are_alike(asked[n], asked[m]):
            yield n, m, False


def are_alike(one: QuestionContent, other: QuestionContent) -> bool:
    return similarity(one, other) >= THRESHOLD or frame_of(one) == frame_of(other) != ""


@given(st.lists(questions, max_size=14), st.lists(questions, max_size=8))
def test_no_pair_is_lost_by_leaving_comparisons_out(asked: list[QuestionContent], held: list[QuestionContent]) -> None:
    found = alike(asked, held, most_partners=100)
    assert sorted(numbers(found)) == sorted(by_hand(asked, held))
    assert all(
        pair.similarity == similarity(asked[pair.one], (held if pair.is_held else asked)[pair.other])
        for pair in found.pairs
    )


@settings(max_examples=12)
@given(st.lists(questions, min_size=60, max_size=90))
def test_nor_in_a_crowd(asked: list[QuestionContent]) -> None:
    assert sorted(numbers(alike(asked, most_partners=1_000))) == sorted(by_hand(asked, []))


# --- what differs ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stem", "only", "words"),
    [
        (WARRANTY.stem.replace("7", "15"), "number", (["7"], ["15"])),
        (WARRANTY.stem.replace("可以", "不得"), "turn", (["可以"], ["不得"])),
        (WARRANTY.stem.replace("可以", "不可以"), "turn", (["可以"], ["不可以"])),
        (WARRANTY.stem.replace("7", "15").replace("可以", "不得"), "both", (["7", "可以"], ["15", "不得"])),
        (WARRANTY.stem.replace("退货", "换货"), "", (["退"], ["换"])),
        (WARRANTY.stem.replace("，", "、"), "", ([], [])),
    ],
)
def test_a_number_or_a_negation_is_named(stem: str, only: str, words: tuple[list[str], list[str]]) -> None:
    other = judgement(stem)
    assert numbers(alike([WARRANTY, other])) == [(1, 0, False)]
    assert differs_only_in(WARRANTY, other) == only
    assert differing_words(WARRANTY, other) == words


def test_numbers_are_marked_whole() -> None:
    assert marked("15 日内退货", "5 日内换货") == (
        [("15", True), (" 日内", False), ("退", True), ("货", False)],
        [("5", True), (" 日内", False), ("换", True), ("货", False)],
    )
