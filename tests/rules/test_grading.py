"""Points for one answer, kind by kind."""

from itertools import combinations
from typing import Any

import pytest

from question_bank.content import FALSE, TRUE, QuestionContent
from question_bank.kinds import QuestionKind
from quiz.rules.contest import MultipleChoice, MultipleChoiceRule
from quiz.rules.grading import multiple_choice_points, points_for

WORTH = 500
ALL_OR_NOTHING = MultipleChoice()


def question(kind: QuestionKind, **key: Any) -> QuestionContent:
    options = ("甲", "乙", "丙", "丁") if kind.has_options else ()
    return QuestionContent(kind=kind, stem="？", options=options, **key)


def points(content: QuestionContent, chosen: list[Any], rule: MultipleChoice = ALL_OR_NOTHING) -> int:
    return points_for(content, chosen, worth=WORTH, multiple=rule)


def partial(earned: int) -> MultipleChoice:
    return MultipleChoice(MultipleChoiceRule.PARTIAL, earned)


def per_option(earned: int) -> MultipleChoice:
    return MultipleChoice(MultipleChoiceRule.PER_OPTION, earned)


@pytest.mark.parametrize(("chosen", "earned"), [([2], WORTH), ([1], 0), ([], 0)])
def test_a_single_choice_is_right_or_wrong(chosen: list[int], earned: int) -> None:
    assert points(question(QuestionKind.SINGLE_CHOICE, choices=frozenset({2})), chosen) == earned


def test_of_two_right_keys_either_is_right_but_not_both_at_once() -> None:
    content = question(QuestionKind.SINGLE_CHOICE, choices=frozenset({2, 3}))
    assert [points(content, chosen) for chosen in ([2], [3], [2, 3], [1])] == [WORTH, WORTH, 0, 0]


def test_true_or_false() -> None:
    content = question(QuestionKind.TRUE_FALSE, choices=frozenset({FALSE}))
    assert [points(content, chosen) for chosen in ([FALSE], [TRUE], [])] == [WORTH, 0, 0]


MULTIPLE = question(QuestionKind.MULTIPLE_CHOICE, choices=frozenset({1, 3, 4}))


@pytest.mark.parametrize(
    ("rule", "incomplete_one", "incomplete_two"),
    [
        (ALL_OR_NOTHING, 0, 0),
        (partial(250), 250, 250),
        (per_option(100), 100, 200),
        (partial(0), 0, 0),
    ],
)
def test_what_an_incomplete_choice_earns_is_the_rule_of_the_contest(
    rule: MultipleChoice, incomplete_one: int, incomplete_two: int
) -> None:
    assert points(MULTIPLE, [3], rule) == incomplete_one
    assert points(MULTIPLE, [1, 4], rule) == incomplete_two
    assert points(MULTIPLE, [1, 3, 4], rule) == WORTH
    assert points(MULTIPLE, [], rule) == 0


@pytest.mark.parametrize("rule", [ALL_OR_NOTHING, partial(250), per_option(100)])
def test_a_wrong_option_always_gives_nothing(rule: MultipleChoice) -> None:
    for size in range(1, 5):
        for chosen in combinations((1, 2, 3, 4), size):
            if 2 in chosen:
                assert points(MULTIPLE, list(chosen), rule) == 0, chosen


def test_an_incomplete_choice_never_earns_more_than_the_question_is_worth() -> None:
    assert multiple_choice_points({1, 3}, {1, 3, 4}, worth=300, rule=per_option(200)) == 300
    assert multiple_choice_points({1}, {1, 3}, worth=300, rule=partial(900)) == 300


BLANKS = question(QuestionKind.FILL_BLANK, blanks=(("12315",), ("3", "三")))


@pytest.mark.parametrize(
    ("texts", "earned"),
    [
        (["12315", "3"], WORTH),
        (["12315", "三"], WORTH),
        (["１２３１５", " 三。"], WORTH),
        (["12315", "四"], 0),
        (["12315", ""], 0),
        (["12315"], 0),
        (["3", "12315"], 0),
        ([], 0),
    ],
)
def test_a_blank_takes_any_accepted_text_after_tidying_and_every_blank_must_be_right(
    texts: list[str], earned: int
) -> None:
    assert points(BLANKS, texts) == earned
