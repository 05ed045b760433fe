"""Letters shown and option numbers stored; and CONTRACT §4, "Repeats and quarrels", branch by branch."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from question_bank.kinds import QuestionKind
from quiz.rules.answering import LONGEST_TEXT, AnswerForm, BadAnswerForm, Stored, Verdict, settle

SINGLE = AnswerForm(QuestionKind.SINGLE_CHOICE, (3, 1, 4, 2))
MULTIPLE = AnswerForm(QuestionKind.MULTIPLE_CHOICE, (3, 1, 4, 2))
TRUE_FALSE = AnswerForm(QuestionKind.TRUE_FALSE)
ONE_BLANK = AnswerForm(QuestionKind.FILL_BLANK, blanks=1)
TWO_BLANKS = AnswerForm(QuestionKind.FILL_BLANK, blanks=2)


@pytest.mark.parametrize(
    ("form", "sent", "stored", "shown"),
    [
        (SINGLE, ["A"], [3], ["A"]),
        (SINGLE, ["D"], [2], ["D"]),
        (SINGLE, ["D", "D"], [2], ["D"]),
        (SINGLE, [], [], []),
        (SINGLE, "", [], []),
        (MULTIPLE, ["C", "A"], [3, 4], ["A", "C"]),
        (MULTIPLE, ["A", "B", "A"], [1, 3], ["A", "B"]),
        (MULTIPLE, ["B"], [1], ["B"]),
        (TRUE_FALSE, ["A"], [1], ["A"]),
        (TRUE_FALSE, ["B"], [2], ["B"]),
        (ONE_BLANK, "12315", ["12315"], "12315"),
        (ONE_BLANK, ["12315"], ["12315"], "12315"),
        (ONE_BLANK, " 12315 ", ["12315"], "12315"),
        (ONE_BLANK, "", [], ""),
        (ONE_BLANK, [], [], ""),
        (ONE_BLANK, "  ", [], ""),
        (TWO_BLANKS, ["诚信", "责任"], ["诚信", "责任"], ["诚信", "责任"]),
        (TWO_BLANKS, ["诚信", ""], ["诚信", ""], ["诚信", ""]),
        (TWO_BLANKS, ["", ""], [], []),
        (TWO_BLANKS, "", [], []),
        (TWO_BLANKS, [], [], []),
    ],
)
def test_an_answer_is_stored_by_identity_and_shown_by_letter(
    form: AnswerForm, sent: Any, stored: list[Any], shown: Any
) -> None:
    assert form.read(sent) == stored
    assert form.show(stored) == shown


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        (SINGLE, ["E"]),
        (SINGLE, ["a"]),
        (SINGLE, ["A", "B"]),
        (SINGLE, "A"),
        (SINGLE, [1]),
        (SINGLE, [["A"]]),
        (SINGLE, [None]),
        (SINGLE, ["AB"]),
        (SINGLE, [""]),
        (SINGLE, ["@"]),
        (SINGLE, None),
        (SINGLE, {"A": True}),
        (SINGLE, 1),
        (MULTIPLE, ["A", "E"]),
        (MULTIPLE, "AB"),
        (TRUE_FALSE, ["C"]),
        (TRUE_FALSE, ["A", "B"]),
        (TRUE_FALSE, True),
        (ONE_BLANK, ["一", "二"]),
        (ONE_BLANK, 12315),
        (ONE_BLANK, None),
        (ONE_BLANK, [12315]),
        (ONE_BLANK, "好" * (LONGEST_TEXT + 1)),
        (ONE_BLANK, "a\x00b"),
        (ONE_BLANK, "\ud800"),
        (TWO_BLANKS, ["一"]),
        (TWO_BLANKS, ["一", "二", "三"]),
        (TWO_BLANKS, "一"),
    ],
)
def test_an_answer_of_another_form_or_a_letter_that_is_not_shown_is_refused(form: AnswerForm, sent: Any) -> None:
    with pytest.raises(BadAnswerForm):
        form.read(sent)


@given(order=st.permutations(range(1, 7)), picks=st.sets(st.sampled_from("ABCDEF")))
def test_letters_go_to_numbers_and_back_unchanged(order: list[int], picks: set[str]) -> None:
    form = AnswerForm(QuestionKind.MULTIPLE_CHOICE, tuple(order))
    assert form.show(form.read(list(picks))) == sorted(picks)


# --- repeats and quarrels --------------------------------------------------------------------------------------------

HELD = Stored(revision=3, device="phone", seq=7)


@pytest.mark.parametrize(
    ("revision", "device", "seq", "verdict"),
    [
        # (a) the same device as wrote this position last
        (3, "phone", 8, Verdict.TAKE),
        (0, "phone", 8, Verdict.TAKE),  # higher: taken, whatever revision says
        (99, "phone", 8, Verdict.TAKE),
        (None, "phone", 8, Verdict.TAKE),
        (3, "phone", 7, Verdict.REPEAT),
        (2, "phone", 7, Verdict.REPEAT),
        (3, "phone", 1, Verdict.REPEAT),
        (None, "phone", 0, Verdict.REPEAT),
        # (b) another device, or none
        (2, "tablet", 9, Verdict.SUPERSEDED),
        (0, "tablet", 1, Verdict.SUPERSEDED),
        (3, "tablet", 1, Verdict.TAKE),
        (None, "tablet", 1, Verdict.TAKE),
        (4, "tablet", 1, Verdict.AHEAD),
        (2, None, None, Verdict.SUPERSEDED),
        (2, None, 8, Verdict.SUPERSEDED),  # no device counts as another device
        (3, None, None, Verdict.TAKE),
        (None, None, None, Verdict.TAKE),
        (4, None, None, Verdict.AHEAD),
        # the same device without a number cannot be told from a quarrel
        (2, "phone", None, Verdict.SUPERSEDED),
        (3, "phone", None, Verdict.TAKE),
    ],
)
def test_a_save_is_taken_repeated_or_refused(
    revision: int | None, device: str | None, seq: int | None, verdict: Verdict
) -> None:
    assert settle(HELD, revision=revision, device=device, seq=seq) is verdict


@pytest.mark.parametrize(("revision", "verdict"), [(0, Verdict.TAKE), (None, Verdict.TAKE), (1, Verdict.AHEAD)])
def test_the_first_save_of_a_position_starts_from_revision_nought(revision: int | None, verdict: Verdict) -> None:
    assert settle(Stored(), revision=revision, device="phone", seq=0) is verdict


def test_a_position_that_a_form_wrote_last_belongs_to_no_device() -> None:
    assert settle(Stored(3, None, None), revision=2, device="phone", seq=9) is Verdict.SUPERSEDED
