"""What made-up files showed to be read wrongly, each kept as the smallest file that shows it."""

import pytest

from tests.workbooks import check_text, codes, options


@pytest.mark.parametrize("label", ["B.", "B、", "B．", "(B)"])
def test_an_option_that_begins_with_a_number_of_three_digits_is_an_option_of_its_own(label: str) -> None:
    report = check_text("1. 哪一年？", "A.三年前", f"{label}2024年", "C.100 元以下", "答案：B")
    assert options(report) == [["三年前", "2024年", "100 元以下"]]


def test_numbers_that_go_on_under_the_next_heading_may_stand_close_before_a_digit() -> None:
    report = check_text(
        "一、判断题", "1．发票应当开具。", "答案：对", "二、填空题", "2．12315的接听时间是____。", "答案：全天"
    )
    assert [question.content.stem for question in report.questions] == ["发票应当开具。", "12315的接听时间是____。"]
    assert codes(report) == []
