"""Numbers of pages between the lines of a text: dropped where they count pages, named where they may be content."""

import pytest

from tests.workbooks import check_text, codes, keys, options

ONE, TWO = ["1. 第一题（ ）", "A. 甲", "B. 乙", "答案：A"], ["2. 第二题（ ）", "A. 丙", "B. 丁", "答案：B"]


@pytest.mark.parametrize("first", range(1, 5))
@pytest.mark.parametrize("second", range(2, 5))
@pytest.mark.parametrize("page", ["{}", " {} ", "- {} -", "第 {} 页 共 20 页", "{}/20"])
def test_numbers_that_count_the_pages_are_no_part_of_a_question(page: str, first: int, second: int) -> None:
    lines = [*ONE[:first], page.format(12), *ONE[first:], *TWO[:second], page.format(13), *TWO[second:]]
    report = check_text("一、单选题", *lines)
    assert (options(report), keys(report), report.problems) == ([["甲", "乙"], ["丙", "丁"]], [["A"], ["B"]], ())


@pytest.mark.parametrize("name", ["2026年质量知识竞赛题库 第 {} 页", "质量知识竞赛题库 - {} -", "第 {} 页 质量题库"])
def test_the_name_of_the_paper_beside_the_number_goes_too(name: str) -> None:
    report = check_text(*ONE[:2], name.format(1), *ONE[2:], *TWO[:2], name.format(2), *TWO[2:3], name.format(3), TWO[3])
    assert (options(report), report.problems) == ([["甲", "乙"], ["丙", "丁"]], ())


@pytest.mark.parametrize("place", [1, 2])
def test_a_number_that_may_be_content_is_named(place: int) -> None:
    report = check_text("一、单选题", *ONE[:place], "12", *ONE[place:], *TWO)
    assert (codes(report), keys(report)) == ([(2, "bare_number")], [["B"]])


def test_numbers_are_content_where_an_option_or_an_answer_is_due() -> None:
    asked = ["1. 几月（ ）", "A.", "8", "B.", "9", "答案：B", "2. 几日（ ）", "A.", "10", "B.", "11", "答案：A"]
    assert options(check_text("一、单选题", *asked)) == [["8", "9"], ["10", "11"]]
    blanks = check_text("填空题", "1. 质量月是____月。", "答案：", "9", "2. 一年有____月。", "答案：", "12")
    assert keys(blanks) == [[["9"]], [["12"]]]
