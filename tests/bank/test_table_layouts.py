# ruff: noqa: E501  (samples stand as they come)
"""Layouts of other systems: a row for each option, flags, an index, wrong answers apart, quiz sites, import templates."""

from typing import Any

import pytest

from question_bank.check import Report
from tests.workbooks import check_rows, codes, keys, kinds, options, warned

RED = ["红", "绿", "蓝"]


def read(*rows: list[Any]) -> list[tuple[str, list[str], list[Any]]]:
    return summary(check_rows(*rows))


def summary(report: Report) -> list[tuple[str, list[str], list[Any]]]:
    assert report.problems == ()
    return [(q.content.stem, list(q.content.options), q.content.key_as_letters) for q in report.questions]


# --- a row for each option -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        (["题目", "选项", "是否正确"], [["哪个？", "红", "否"], ["哪个？", "绿", "是"], ["哪个？", "蓝", "否"]]),
        (["题目", "选项内容", "是否正确"], [["哪个？", "红", 0], ["", "绿", 1], ["", "蓝", 0]]),
        (["question_id", "question_text", "option_text", "is_correct"], [[7, "哪个？", "红", "FALSE"], [7, "", "绿", "TRUE"], [7, "", "蓝", "FALSE"]]),
        (["题目", "选项", "正确"], [["哪个？", "红", ""], ["", "绿", "√"], ["", "蓝", ""]]),
        (["题号", "题干", "选项标号", "选项内容", "正确答案"], [[1, "哪个？", "A", "红", "B"], [1, "哪个？", "B", "绿", "B"], [1, "哪个？", "C", "蓝", "B"]]),
        (["序号", "题干", "选项", "答案"], [[1, "哪个？", "A. 红", "B"], [1, "哪个？", "B. 绿", "B"], [1, "哪个？", "C. 蓝", "B"]]),
    ],
)  # fmt: skip
def test_a_row_for_each_option(header: list[str], rows: list[list[Any]]) -> None:
    assert read(header, *rows) == [("哪个？", RED, ["B"])]


def test_several_right_rows_make_a_multiple_choice_and_verdicts_a_judgement() -> None:
    report = check_rows(
        ["题目", "选项", "是否正确"],
        ["哪些？", "一", "是"], ["哪些？", "二", "是"], ["哪些？", "三", "否"], ["天是蓝的。", "对", "是"], ["天是蓝的。", "错", "否"],
    )  # fmt: skip
    assert (kinds(report), keys(report)) == (["multiple_choice", "true_false"], [["A", "B"], ["对"]])


def test_a_question_of_rows_without_a_right_one_is_named() -> None:
    report = check_rows(
        ["题目", "选项", "是否正确"],
        ["哪个？", "红", "否"],
        ["哪个？", "绿", "否"],
        ["哪个呢？", "红", "是"],
        ["哪个呢？", "绿", "否"],
    )
    assert (keys(report), codes(report)) == ([["A"]], [(2, "key_missing")])


def test_the_same_stem_with_other_options_in_one_cell_is_another_question() -> None:
    report = check_rows(["题干", "选项", "答案"], ["正确的是", "红|绿", "A"], ["正确的是", "一|二", "B"])
    assert options(report) == [["红", "绿"], ["一", "二"]]


# --- flags, an index, wrong answers apart ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "row"),
    [
        (["题干", "选项A", "A是否正确", "选项B", "B是否正确"], ["哪个？", "红", "否", "绿", "是"]),
        (["题干", "选项A", "选项B", "选项A正确", "选项B正确"], ["哪个？", "红", "绿", "FALSE", "TRUE"]),
        (["题干", "选项A", "是否正确", "选项B", "是否正确"], ["哪个？", "红", 0, "绿", 1]),
        (["question", "option1", "option1_correct", "option2", "option2_correct"], ["哪个？", "红", "", "绿", "√"]),
        (["question", "answer1", "iscorrect1", "answer2", "iscorrect2"], ["哪个？", "红", "no", "绿", "yes"]),
    ],
)
def test_flags_beside_the_options(header: list[str], row: list[Any]) -> None:
    assert read(header, row) == [("哪个？", ["红", "绿"], ["B"])]


INDEXED = ["question", "option1", "option2", "option3"]


@pytest.mark.parametrize(
    ("name", "numbers", "letters"),
    [
        ("correct_index", [0, 2], ["A", "C"]),
        ("answer_index", [3, 2], ["C", "B"]),
        ("correct_index (1-based)", [1, 2], ["A", "B"]),
        ("答案序号（从0开始）", [1, 2], ["B", "C"]),
    ],
)
def test_an_index_counts_from_where_its_header_or_its_numbers_say(
    name: str, numbers: list[int], letters: list[str]
) -> None:
    report = check_rows([*INDEXED, name], *[[f"第{n}题？", *RED, number] for n, number in enumerate(numbers)])
    assert keys(report) == [[letter] for letter in letters]


@pytest.mark.parametrize("numbers", [[1, 2], [0, 3]])
def test_an_index_that_could_count_from_0_or_from_1_is_a_problem(numbers: list[int]) -> None:
    report = check_rows(
        [*INDEXED, "correct_index"], *[[f"第{n}题？", *RED, number] for n, number in enumerate(numbers)]
    )
    assert codes(report) == [(2, "key_base_unclear"), (3, "key_base_unclear")]


def test_verdicts_1_and_0_do_not_shift_the_numbers_of_options() -> None:
    report = check_rows(
        ["题型", "题干", "选项1", "选项2", "选项3", "答案"],
        ["判断题", "一。", "对", "错", "", 0], ["单选题", "二？", *RED, 2], ["单选题", "三？", *RED, 1],
    )  # fmt: skip
    assert keys(report) == [["错"], ["B"], ["A"]]


@pytest.mark.parametrize(
    "header",
    [
        ["Question", "Correct Answer", "Incorrect Answer 1", "Incorrect Answer 2 (Optional)"],
        ["Question", "Answer", "Distractor 1", "Distractor 2"],
        ["question", "correct_answer", "incorrect_answers/0", "incorrect_answers/1"],
        ["题目", "正确答案", "错误答案1", "干扰项2"],
    ],
)
def test_wrong_answers_in_columns_of_their_own(header: list[str]) -> None:
    assert read(header, ["Who?", "me", "you", "he"], ["What?", "B", "A", "C"]) == [
        ("Who?", ["me", "you", "he"], ["A"]),
        ("What?", ["B", "A", "C"], ["A"]),
    ]


def test_multiple_beside_wrong_answers_means_a_choice_among_several() -> None:
    report = check_rows(
        ["type", "question", "correct_answer", "incorrect_answers"],
        ["multiple", "Who?", "me", "['you', 'he']"],
        ["boolean", "The sky is blue.", "True", "['False']"],
    )
    assert (kinds(report), keys(report)) == (["single_choice", "true_false"], [["A"], ["对"]])


# --- quiz sites ------------------------------------------------------------------------------------------------------


def test_a_sheet_for_quizizz() -> None:
    report = check_rows(
        ["Question Text", "Question Type", "Option 1", "Option 2", "Option 3", "Correct Answer", "Time in seconds"],
        ["Text of the question (required)", "Type (default is Multiple Choice)", "Text (required)", "Text (required)", "Text (optional)", "The option (between 1-3). Leave blank for Poll", "Time (optional)"],
        ["Pick one", "Multiple Choice", *RED, "2", 30], ["Pick some", "Checkbox", *RED, "1,3", 30],
        ["Capital?", "Fill-in-the-Blank", "Paris", "paree", "", "", 30], ["Why?", "Open-Ended", "", "", "", "", 30],
        ["Favourite?", "Poll", *RED, "", 30],
    )  # fmt: skip
    assert kinds(report) == ["single_choice", "multiple_choice", "fill_blank", "short_answer"]
    assert keys(report) == [["B"], ["A", "C"], [["Paris", "paree"]], []]
    assert codes(report) == [(7, "kind_not_supported")]


def test_a_sheet_for_blooket() -> None:
    header = [
        "Question #",
        "Question Text",
        "Answer 1",
        "Answer 2",
        "Answer 3\n(Optional)",
        "Time Limit (sec)\n(Max: 300)",
        "Correct Answer(s)\n(Only include Answer #)",
    ]
    assert read(["Blooket\nImport Template"], header, [1, "One?", *RED, 20, 2], [2, "Two?", *RED, 20, "1,3"], [3]) == [
        ("One?", RED, ["B"]),
        ("Two?", RED, ["A", "C"]),
    ]


# --- import templates ------------------------------------------------------------------------------------------------


def test_guidance_above_the_header_and_kinds_in_rows_with_verdicts_as_options() -> None:
    report = check_rows(
        ["填写说明：\n1、题型为单选题、多选题、判断题、填空题。\n2、判断题答案填写正确/错误。"],
        ["题目类型", "题干", "正确答案", "答案解析", "选项A", "选项B", "选项C"],
        ["单选题", "哪个？", "B", "", *RED], ["判断题", "天是蓝的。", "正确", "", "正确", "错误", ""], ["填空题", "有___和___。", "甲;乙", "", "", "", ""],
    )  # fmt: skip
    assert keys(report) == [["B"], ["对"], [["甲"], ["乙"]]]


@pytest.mark.parametrize("row", [["", "示例：一加一？"], ["示例", "一加一？"], ["", "【样题】一加一？"]])
def test_a_row_that_calls_itself_a_sample_is_skipped_and_said(row: list[str]) -> None:
    report = check_rows(["序号", "题干", "A", "B", "答案"], [*row, "1", "2", "B"], ["1", "真的？", "1", "2", "B"])
    assert ([q.row for q in report.questions], warned(report), codes(report)) == ([3], ["sample_row_skipped"], [])


def test_remarks_and_totals_between_questions_are_no_questions() -> None:
    report = check_rows(
        ["题型", "题干", "A", "B", "答案"],
        ["单选题", "一？", "甲", "乙", "A"], ["备注：以下为新增题目"], ["单选题", "二？", "甲", "乙", "B"], ["小计", "", "", "", "2"], ["", "合计：2题"],
    )  # fmt: skip
    assert ([q.row for q in report.questions], codes(report)) == ([2, 4], [])


def test_a_kind_written_once_speaks_for_the_rows_below() -> None:
    report = check_rows(
        ["题型", "题干", "A", "B", "C", "答案"],
        ["单选题", "一？", *RED, "A"], ["", "二？", *RED, "B"], ["", "二半？", *RED, "B"],
        ["多选题", "三？", *RED, "A"], ["", "四？", *RED, "AB"], ["", "五？", *RED, "B"],
    )  # fmt: skip
    assert kinds(report) == ["single_choice"] * 3 + ["multiple_choice"] * 3


def test_a_participants_own_answers_are_not_the_key() -> None:
    assert read(["题目", "A", "B", "我的答案", "正确答案"], ["一？", "甲", "乙", "A", "B"]) == [
        ("一？", ["甲", "乙"], ["B"])
    ]


def test_options_behind_the_stem_are_known_by_the_key_that_repeats_them() -> None:
    assert read(["题目", "答案"], ["哪些？&甲&乙&丙", "甲&丙"], ["哪个？&甲&乙", "乙"]) == [
        ("哪些？", ["甲", "乙", "丙"], ["A", "C"]),
        ("哪个？", ["甲", "乙"], ["B"]),
    ]


def test_a_mark_that_nobody_understands_spoils_its_own_row_only() -> None:
    header = ["题目", "选项A", "A是否正确", "选项B", "B是否正确"]
    report = check_rows(
        header, ["一？", "甲", "是", "乙", "?"], *[[f"第{n}题？", "甲", "是", "乙", "否"] for n in range(4)]
    )
    assert (report.total, codes(report)) == (4, [(2, "key_not_understood")])


def test_a_question_about_forms_is_no_guidance() -> None:
    assert read(["题干", "A", "B", "答案"], ["带星号的是必填项吗？", "必填", "选填", "A"]) == [
        ("带星号的是必填项吗？", ["必填", "选填"], ["A"])
    ]


def test_a_row_that_holds_names_of_columns_is_no_question() -> None:
    report = check_rows(["题目", "甲是什么", "答案", "一"], ["题目", "乙是什么", "答案", "二"])
    assert codes(report) == [(2, "fields_not_parted")]
