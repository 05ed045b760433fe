"""A bank that goes out as GIFT or QTI imports again unchanged, and what a format cannot carry is said."""

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from question_bank.check import check_file
from question_bank.content import QuestionContent
from question_bank.exporting import Format, exported
from tests.bank.test_writing import contents


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(contents(), min_size=1, max_size=4, unique_by=lambda content: content.fingerprint), st.sampled_from([Format.GIFT, Format.QTI]))
def test_a_bank_comes_back_or_it_is_said(bank: list[QuestionContent], form: Format) -> None:
    export = exported(bank, form)
    report = check_file(export.data, f"bank.{form.ending}")
    assert export.lost or [question.content for question in report.questions] == bank
