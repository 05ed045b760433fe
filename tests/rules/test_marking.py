"""A marking follows from the paper, the answers and the rulings about its questions."""

from typing import Any

import pytest

from question_bank.content import QuestionContent
from question_bank.kinds import QuestionKind
from quiz.rules.contest import MultipleChoice, MultipleChoiceRule
from quiz.rules.drawing import PaperLine
from quiz.rules.marking import Marked, QuestionRuling, RulingKind, mark

SINGLE = QuestionContent(QuestionKind.SINGLE_CHOICE, "？", ("甲", "乙", "丙"), choices=frozenset({2}))
MULTIPLE = QuestionContent(QuestionKind.MULTIPLE_CHOICE, "？", ("甲", "乙", "丙"), choices=frozenset({1, 2}))
BLANK = QuestionContent(QuestionKind.FILL_BLANK, "？____", blanks=(("12315",),))
CONTENTS = {11: SINGLE, 12: MULTIPLE, 13: BLANK}
PAPER = [PaperLine(12, (3, 1, 2), 500), PaperLine(11, (2, 1, 3), 300), PaperLine(13, (), 250)]
RIGHT: dict[int, Any] = {1: [1, 2], 2: [2], 3: ["12315"]}


def marked(answers: dict[int, Any], **more: Any) -> Marked:
    return mark(PAPER, CONTENTS, answers, **{"multiple": MultipleChoice(), **more})


def test_points_and_worth_stand_in_order_of_position() -> None:
    found = marked(RIGHT)
    assert (found.points, found.worth) == ((500, 300, 250), (500, 300, 250))
    assert (found.score, found.full) == (1_050, 1_050)


def test_what_is_unanswered_or_wrong_earns_nothing_and_still_counts() -> None:
    found = marked({1: [1, 3], 3: ["12365"]})
    assert (found.score, found.full) == (0, 1_050)


def test_the_rule_for_incomplete_choices_is_that_of_the_terms() -> None:
    found = marked({1: [1]}, multiple=MultipleChoice(MultipleChoiceRule.PARTIAL, 200))
    assert found.points == (200, 0, 0)


@pytest.mark.parametrize(
    ("ruling", "answers", "points", "full"),
    [
        (QuestionRuling(RulingKind.ANOTHER_KEY, choices=frozenset({3})), {2: [3]}, (0, 300, 0), 1_050),
        (QuestionRuling(RulingKind.ANOTHER_KEY, choices=frozenset({3})), {2: [2]}, (0, 0, 0), 1_050),
        (QuestionRuling(RulingKind.ANOTHER_KEY, choices=frozenset({2, 3})), {2: [3]}, (0, 300, 0), 1_050),
        (QuestionRuling(RulingKind.FULL_MARKS), {2: [1]}, (0, 300, 0), 1_050),
        (QuestionRuling(RulingKind.FULL_MARKS), {}, (0, 300, 0), 1_050),
        (QuestionRuling(RulingKind.OUT_OF_TOTAL), {2: [2]}, (0, 0, 0), 750),
    ],
)
def test_rulings(ruling: QuestionRuling, answers: dict[int, Any], points: tuple[int, ...], full: int) -> None:
    found = marked(answers, rulings={11: ruling})
    assert (found.points, found.full) == (points, full)


def test_another_key_for_a_blank() -> None:
    ruling = QuestionRuling(RulingKind.ANOTHER_KEY, blanks=(("12345", "12315"),))
    assert marked({3: ["12345"]}, rulings={13: ruling}).points == (0, 0, 250)


def test_a_ruling_leaves_the_version_itself_as_it_was() -> None:
    marked(RIGHT, rulings={11: QuestionRuling(RulingKind.ANOTHER_KEY, choices=frozenset({3}))})
    assert CONTENTS[11] == SINGLE and SINGLE.choices == {2}


def test_the_digest_says_what_the_marking_was_made_from() -> None:
    ruling = {11: QuestionRuling(RulingKind.FULL_MARKS)}
    different = [
        marked(RIGHT),
        marked({**RIGHT, 2: [1]}),
        marked(RIGHT, rulings=ruling),
        marked(RIGHT, multiple=MultipleChoice(MultipleChoiceRule.PARTIAL, 200)),
        mark(PAPER[:2], CONTENTS, RIGHT, multiple=MultipleChoice()),
    ]
    assert len({found.made_from for found in different}) == len(different)
    assert marked(dict(reversed(RIGHT.items()))).made_from == marked(RIGHT).made_from


def test_a_ruling_about_another_question_leaves_a_marking_as_it_was() -> None:
    elsewhere = {99: QuestionRuling(RulingKind.FULL_MARKS)}
    assert marked(RIGHT, rulings=elsewhere) == marked(RIGHT)
