"""Keys as people write them around the letter: in brackets, behind 选 or 答, as digits without a space."""

from typing import Any

import pytest

from tests.workbooks import check_rows, codes, keys, kinds, one

ONE = ["单选题", "投诉举报电话是（ ）。", "12345", "12315", "12306", ""]
SEVERAL = ["多选题", "城市质量精神有（ ）。", "诚信", "随意", "责任", ""]
NUMBERED = ["题干", "选项1", "选项2", "选项3", "选项4", "答案"]


@pytest.mark.parametrize(
    "key",
    [
        "<B>",
        "《B》",
        "“B”",
        "{B}",
        "B）",
        "B选项",
        "应选B",
        "选择B",
        "本题选B",
        "故选B",
        "答：B",
        "B、",
        "〔B〕",
        "选项B。",
    ],
)
def test_a_letter_with_what_stands_around_it(key: str) -> None:
    assert keys(one(*ONE, key)) == [["B"]]


@pytest.mark.parametrize(
    "key", ["<A><C>", "{A,C}", "《AC》", "“AC”", "A）C）", "A项、C项", "选项A、选项C", "A选项和C选项", "A\\C", "选AC"]
)
def test_several_letters_with_what_stands_around_each(key: str) -> None:
    assert keys(one(*SEVERAL, key)) == [["A", "C"]]


@pytest.mark.parametrize("key", ["A-C", "A—C", "A——C"])
def test_two_letters_and_a_dash_may_mean_all_between_them(key: str) -> None:
    assert codes(one(*SEVERAL, key)) == [(2, "key_not_among_options")]
    assert keys(one(*SEVERAL, key.replace("C", "B"))) == [["A", "B"]]


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ("<√>", "对"),
        ("{错}", "错"),
        ("《对》", "对"),
        ("答案：错", "错"),
        ("答：对", "对"),
        ("对、", "对"),
        ("V", "对"),
    ],
)
def test_a_verdict_with_what_stands_around_it(key: str, verdict: str) -> None:
    assert keys(one("判断题", "经营者应当开具发票。", "", "", "", "", key)) == [[verdict]]


@pytest.mark.parametrize("key", ["V", "○", "O"])
def test_a_mark_that_may_say_either_is_no_answer_in_words(key: str) -> None:
    report = check_rows(["题干", "答案"], ["经营者应当开具发票。", key], ["发票可以不开。", "×"])
    assert (keys(report), codes(report)) == ([["错"]], [(2, "key_not_understood")])


def glued(*rows: list[Any], header: list[str] = NUMBERED) -> tuple[list[Any], list[tuple[int | None, str]]]:
    report = check_rows(header, *rows)
    return keys(report), codes(report)


def test_digits_without_a_space_are_numbers_of_options_where_all_keys_are() -> None:
    which = ["城市质量精神有（ ）。", "诚信", "随意", "责任", "卓越"]
    found = glued(
        [*which, 134],
        ["哪个不是？", "诚信", "随意", "责任", "卓越", 2],
        ["前两个是（ ）。", "甲", "乙", "丙", "丁", "12"],
    )
    assert found == ([["A", "C", "D"], ["B"], ["A", "B"]], [])


def test_digits_that_fall_or_name_no_option_leave_all_of_them_open() -> None:
    which = ["城市质量精神有（ ）。", "诚信", "随意", "责任", "卓越"]
    assert glued([*which, 134], ["哪些？", "诚信", "随意", "责任", "卓越", 42])[0] == []
    assert glued([*which, 134], ["哪些？", "诚信", "随意", "责任", "卓越", 25])[0] == []


def test_a_number_that_is_an_answer_in_words_is_none_of_options() -> None:
    report = check_rows(
        ["题型", *NUMBERED],
        ["填空题", "共有（ ）条。", "", "", "", "", 134],
        ["单选题", "哪个？", "甲", "乙", "丙", "丁", 2],
    )
    assert (kinds(report), keys(report)) == (["fill_blank", "single_choice"], [[["134"]], ["B"]])
    text = glued(["数量是（ ）。", "12", "14", "13", "24", "12"], ["哪些？", "甲", "乙", "丙", "丁", "34"])
    assert text == ([["C", "D"]], [(2, "key_ambiguous")])


def test_a_key_may_be_the_name_of_an_options_column() -> None:
    rows = [["甲是（ ）。", "一", "二", "三", "选项2"], ["乙是（ ）。", "一", "二", "三", "选项1、选项3"]]
    report = check_rows(
        ["题目", "选项1", "选项2", "选项3", "答案"], *rows, ["丙是（ ）。", "一", "二", "三", "Option3"]
    )
    assert (keys(report), report.problems) == ([["B"], ["A", "C"], ["C"]], ())


@pytest.mark.parametrize("key", ["【九】【12315】", "九##12315", "九 $$ 12315"])
def test_answers_of_several_blanks_may_be_set_apart_by_brackets_or_signs(key: str) -> None:
    assert keys(one("填空题", "质量月是____月，电话是____。", "", "", "", "", key)) == [[["九"], ["12315"]]]


def test_a_legend_in_the_keys_header_tells_judgements_that_have_no_options() -> None:
    report = check_rows(["题干", "答案（A错误，B正确）"], ["水是湿的。", "B"], ["火是冷的。", "A"])
    assert (kinds(report), keys(report)) == (["true_false"] * 2, [["对"], ["错"]])


def test_right_options_written_out_with_their_letters_on_one_line() -> None:
    assert keys(one(*SEVERAL, "A.诚信 C.责任")) == [["A", "C"]]
    assert codes(one(*SEVERAL, "A.诚信 C.随意")) == [(2, "key_not_among_options")]
