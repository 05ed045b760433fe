# ruff: noqa: E501  (samples stand as they come)
"""What other quiz systems export and that is neither GIFT, Moodle XML nor QTI: Aiken, and sheets of Kahoot."""

import pytest

from tests.workbooks import check_rows, check_text, codes, keys


def test_a_kahoot_sheet() -> None:
    report = check_rows(
        [], ["", "Quiz template"],
        ["", "Question - max 120 characters", "Answer 1 - max 75 characters", "Answer 2 - max 75 characters", "Answer 3 - max 75 characters",
         "Time limit (sec) – 5, 10, 20 secs", "Correct answer(s) - choose at least one"],
        [1, "Which?", "red", "green", "blue", 20, "2"], [2, "Which ones?", "red", "green", "blue", 20, "1,3"], [3], [4],
    )  # fmt: skip
    assert (keys(report), report.problems) == ([["B"], ["A", "C"]], ())


@pytest.mark.parametrize(
    "lines",
    [
        ["哪个？", "A. 甲", "B. 乙", "ANSWER: B"],
        ["哪个？", "A) 甲", "B) 乙", "ANSWER: B"],
        ["哪个？", "a. 甲", "b. 乙", "answer: b"],
        ["哪个？", "A．甲", "B．乙", "答案：B"],
        ["哪个？", "A、甲", "B、乙", "ANSWER：Ｂ"],
        ["哪个？\r", "A. 甲\r", "B. 乙\r", "ANSWER: B\r"],
    ],
)
def test_aiken_in_its_variations(lines: list[str]) -> None:
    report = check_text(*lines, "", "对吗，哪个？", "A. 丙", "B. 丁", "C. 戊", "ANSWER: C", "")
    assert (keys(report), report.problems) == ([["B"], ["C"]], ())
    assert [q.content.options for q in report.questions] == [("甲", "乙"), ("丙", "丁", "戊")]


def test_aiken_without_an_answer_is_named() -> None:
    report = check_text(
        "哪个？",
        "A. 甲",
        "B. 乙",
        "",
        "哪个大？",
        "A. 丙",
        "B. 丁",
        "ANSWER: C",
        "",
        "第三？",
        "A. 己",
        "B. 庚",
        "ANSWER: A",
    )
    assert (keys(report), [code for _, code in codes(report)]) == ([["A"]], ["key_missing", "key_not_among_options"])


def test_aiken_with_faults_names_each_and_reads_the_rest() -> None:
    report = check_text(
        "只有一个选项？", "A) 甲", "ANSWER: A", "", "好题一？", "A) 甲", "B) 乙", "ANSWER: B", "", "没写答案？", "A) 丙", "B) 丁", "",
        "好题二？", "A)戊", "B)己", "ANSWER: A", "", "标题一行", "", "乱序？", "A) 庚", "C) 辛", "ANSWER: C", "", "选项分行？", "A) 壬", "接着", "B) 癸", "ANSWER: A",
    )  # fmt: skip
    assert [q.content.stem for q in report.questions] == ["好题一？", "好题二？", "乱序？", "选项分行？"]
    assert (keys(report)[:2], report.questions[2].content.options) == ([["B"], ["A"]], ("庚", "辛"))
    assert codes(report) == [(1, "options_missing"), (10, "key_missing"), (19, "not_well_formed")]
