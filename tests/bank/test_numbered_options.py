"""Options that Word numbers on as it numbers the stems, and those typed in that way."""

import pytest

from question_bank.check import check_file
from tests.workbooks import check_text, codes, document, keys, kinds, options, paragraph

NUMBERING = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
    '<w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def item(text: str) -> str:
    return paragraph(text, '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')


def test_options_that_word_numbers_on_after_their_stem() -> None:
    asked = [item("哪一月（ ）"), item("八月"), item("九月"), "答案：B"]
    more = [item("哪些是质量精神？"), item("诚信"), item("随意"), item("责任"), "答案：AC", "解析：见第三条。"]
    report = check_file(document(*asked, *more, numbering=NUMBERING), "bank.docx")
    assert (options(report), keys(report)) == ([["八月", "九月"], ["诚信", "随意", "责任"]], [["B"], ["A", "C"]])
    assert report.problems == ()


def test_keys_in_the_stems_and_judgements_below() -> None:
    asked = ["1. 哪一月（B）", "2. 八月", "3. 九月", "4. 哪一日（A）", "5. 一日", "6. 二日"]
    report = check_text("一、单选题", *asked, "二、判断题", "1. 水是湿的。（√）", "2. 火是冷的。（×）")
    assert kinds(report) == ["single_choice"] * 2 + ["true_false"] * 2
    assert (options(report)[:2], report.problems) == ([["八月", "九月"], ["一日", "二日"]], ())


@pytest.mark.parametrize(
    "odd",
    [["7. 哪一年（C）", "8. 今年", "9. 明年"], ["7. 哪一年", "8. 今年", "9. 明年"], ["9. 哪一年（A）", "3. 今年"]],
)
def test_where_one_question_does_not_fit_nothing_is_guessed(odd: list[str]) -> None:
    report = check_text(
        "一、单选题", "1. 哪一月（B）", "2. 八月", "3. 九月", "4. 哪一日（A）", "5. 一日", "6. 二日", *odd
    )
    assert (report.questions, {code for _, code in codes(report)} <= {"options_missing", "no_keys"}) == ((), True)
