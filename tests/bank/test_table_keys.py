# ruff: noqa: E501  (samples stand as they come)
"""Keys as people write them into tables."""

from typing import Any

import pytest

from question_bank.check import check_file
from tests.workbooks import HEADER, SEVERAL, SINGLE, WITH_KIND, check_rows, codes, keys, kinds, one, warned, workbook


@pytest.mark.parametrize(
    "key",
    ["AC", "A,C", "A，C", "A;C", "A|C", "A、C", "A C", "A.C", "ＡＣ", "ac", '["A","C"]', "['A', 'C']", "红,蓝", "红；蓝", "1,3",
     "答案：AC", "AC（多选）", "A. 红;C. 蓝", "A和C", "A与C", "A及C", "A·C", "(A)(C)", "【A】、【C】", "红 蓝", "红/蓝", "A\u200bC"],
)  # fmt: skip
def test_keys_of_choice_in_every_form(key: str) -> None:
    assert keys(one("多选", "哪些？", "红", "绿", "蓝", "紫", key)) == [["A", "C"]]


@pytest.mark.parametrize("key", ["B", "b.", "绿", "B. 绿", "B 章节测验 已完成", "2", "B项", "选B", "\u200bB\ufeff"])
def test_keys_of_single_choice(key: str) -> None:
    assert keys(one("单选", "哪个？", "红", "绿", "蓝", "紫", key)) == [["B"]]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "key_missing"),
        ("E", "key_not_among_options"),
        ("黑", "key_not_among_options"),
        ("7", "key_not_among_options"),
    ],
)
def test_keys_that_mean_no_option_are_problems(key: str, code: str) -> None:
    assert codes(one("单选", "哪个？", "红", "绿", "蓝", "紫", key)) == (
        [(2, code)] if key else [(None, "no_key_column")]
    )


def test_a_missing_key_is_named_by_its_row_and_column() -> None:
    report = check_rows(HEADER, SINGLE, [*SEVERAL[:6], "", ""])
    problem = report.problems[0]
    assert (problem.sheet, problem.row, problem.column, problem.code) == ("Sheet1", 3, "答案", "key_missing")


def test_a_number_that_is_both_a_place_and_a_text_is_a_problem() -> None:
    assert codes(one("单选", "几个？", 2, 3, 4, 5, 3)) == [(2, "key_ambiguous")]


def test_where_the_other_keys_are_letters_a_number_is_a_text() -> None:
    report = check_rows(
        WITH_KIND, *[["单选", f"{n}？", "x", "y", "z", "w", "A"] for n in range(4)], ["单选", "几个？", 2, 3, 4, 5, 3]
    )
    assert keys(report)[-1] == ["B"]


def test_numbers_count_from_zero_where_a_zero_is_among_them() -> None:
    report = check_rows(WITH_KIND, ["单选", "一？", "a", "b", "c", "d", 0], ["单选", "二？", "a", "b", "c", "d", 3])
    assert keys(report) == [["A"], ["D"]]


TRUE_WORDS = ["对", "正确", "是", "√", "✓", "T", "TRUE", True, "Y", 1, "A", "对。", "对 章节测验 已完成"]
FALSE_WORDS = ["错", "错误", "否", "×", "✗", "F", "FALSE", False, "N", 0, "B", "错误，应为三年"]


@pytest.mark.parametrize(("word", "verdict"), [*((w, "对") for w in TRUE_WORDS), *((w, "错") for w in FALSE_WORDS)])
def test_verdicts_in_every_form(word: Any, verdict: str) -> None:
    assert keys(check_rows(["题型", "题干", "答案"], ["判断题", "天是蓝的。", word])) == [[verdict]]


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        (["错", "对", "", "", "A"], "错"),
        (["错误", "正确", "", "", "B"], "对"),
        (["", "", "对", "错", "C"], "对"),
        (["", "", "对", "错", "D"], "错"),
        (["对", "错", "", "", "错"], "错"),
        (["A. 错", "B. 对", "", "", "B"], "对"),
    ],
)
def test_a_letter_means_the_option_it_points_at_even_reversed(cells: list[str], verdict: str) -> None:
    assert keys(one("判断", "天是蓝的。", *cells)) == [[verdict]]


def test_a_legend_can_turn_one_and_zero_round() -> None:
    assert keys(check_rows(["题型", "题干", "答案（0对1错）"], ["判断", "甲。", 0], ["判断", "乙。", 1])) == [
        ["对"],
        ["错"],
    ]


def test_verdicts_one_and_two_without_a_legend_are_problems() -> None:
    assert codes(check_rows(["题型", "题干", "答案"], ["判断", "甲。", 1], ["判断", "乙。", 2])) == [
        (2, "verdict_unclear"),
        (3, "verdict_unclear"),
    ]


@pytest.mark.parametrize(
    ("stem", "shown", "key"),
    [
        ("由(AC)组成", "由(  )组成", ["A", "C"]),
        ("下列（ B ）是", "下列（  ）是", ["B"]),
        ("正确的是__D__。", "正确的是____。", ["D"]),
    ],
)
def test_a_key_inside_the_stem_is_taken_out_of_it(stem: str, shown: str, key: list[str]) -> None:
    report = check_rows(["题干", "A", "B", "C", "D"], [stem, "甲", "乙", "丙", "丁"])
    assert ([q.content.stem for q in report.questions], keys(report)) == ([shown], [key])


def test_a_letter_without_options_and_without_a_kind_is_no_judgement() -> None:
    assert codes(check_rows(["题目", "答案"], ("哪个是对的？", "A"))) == [(2, "options_missing")]


def test_judgements_of_a_named_sheet_keyed_1_and_2_say_nothing() -> None:
    data = workbook(判断题=[["题干", "答案"], ["天是蓝的", 1], ["地是平的", 2]])
    assert codes(check_file(data, "bank.xlsx")) == [(2, "verdict_unclear"), (3, "verdict_unclear")]


@pytest.mark.parametrize(
    ("key", "letters"), [("Option B", ["B"]), ("选项B", ["B"]), ("option c", ["C"]), ("B and C", ["B", "C"])]
)
def test_keys_that_say_option_before_the_letter(key: str, letters: list[str]) -> None:
    header = ["Question", "Option A", "Option B", "Option C", "Answer"]
    assert keys(check_rows(header, ("Which?", "red", "green", "blue", key))) == [letters]


@pytest.mark.parametrize("key", ["AC D", "A,C；D", "ACD.", "ACD 解析：因为B错", "答案：A、C、D。", "A┋C┋D"])
def test_several_letters_however_parted(key: str) -> None:
    assert keys(one("多选", "哪些？", "红", "绿", "蓝", "紫", key)) == [["A", "C", "D"]]


def test_an_explanation_glued_to_the_key_is_kept_as_such() -> None:
    report = one("多选", "哪些？", "红", "绿", "蓝", "紫", "AC 解析：见第三条")
    assert [q.content.explanation for q in report.questions] == ["见第三条"]


@pytest.mark.parametrize("key", ["B、蓝", "A或B", "A/红", "略"])
def test_a_letter_beside_the_text_of_another_option_is_a_problem(key: str) -> None:
    assert codes(one("单选", "哪个？", "红", "绿", "蓝", "紫", key))[0][0] == 2


def test_texts_as_keys_in_a_list_where_no_options_are() -> None:
    report = check_rows(["题目", "答案"], ["始于（ ）。", "[' 1921年']"], ["有（ ）。", "['一', '二']"])
    assert (kinds(report), keys(report)) == (["fill_blank", "short_answer"], [[["1921年"]], ["一\n二"]])


def test_verdicts_1_and_0_without_a_legend_are_taken_with_a_warning() -> None:
    rows = ["判断", "甲。", 1], ["判断", "乙。", 0]
    report = check_rows(["题型", "题干", "答案"], *rows)
    assert (keys(report), warned(report)) == ([["对"], ["错"]], ["verdicts_assumed"])
    assert warned(check_rows(["题型", "题干", "答案（1对0错）"], *rows)) == []


def test_a_key_that_two_options_share_names_neither() -> None:
    report = check_rows(
        ["题干", "A", "B", "C", "答案"], ["哪个？", "红", "红", "绿", "红"], ["几个？", "红", "红", "绿", "绿"]
    )
    assert (keys(report), codes(report)) == ([["C"]], [(2, "key_not_among_options")])


@pytest.mark.parametrize("key", ["ABCD全选", "ABCD（全选）", "全选", "（全选）", "以上全选"])
def test_a_key_that_says_all(key: str) -> None:
    assert keys(one("多选", "哪些？", "红", "绿", "蓝", "紫", key)) == [["A", "B", "C", "D"]]
    assert codes(one("单选", "哪个？", "红", "绿", "蓝", "紫", key)) == [(2, "kind_and_key_disagree")]
    assert keys(one("单选", "哪个？", "红", "绿", "蓝", "全选", "全选")) == [["D"]]


@pytest.mark.parametrize(
    ("key", "verdict"), [("A正确", "对"), ("B.错误", "错"), ("A、√", "对"), ("B 错", "错"), ("A错误", "错")]
)
def test_a_verdict_behind_its_letter(key: str, verdict: str) -> None:
    assert keys(one("判断", "天是蓝的。", "", "", "", "", key)) == [[verdict]]
    turned = one("判断", "天是蓝的。", "错误", "正确", "", "", "A正确")
    assert codes(turned) == [(2, "key_not_understood")]


def test_judgements_keyed_by_the_number_of_their_option() -> None:
    rows = [["判断", f"天是{n}。", "正确", "错误", "", "", n] for n in (1, 2)]
    assert keys(check_rows(WITH_KIND, *rows)) == [["对"], ["错"]]


@pytest.mark.parametrize(
    ("key", "blanks"),
    [
        ("①甲②乙", [["甲"], ["乙"]]),
        ("第一空：甲；第二空：乙", [["甲"], ["乙"]]),
        ("第1空:甲 第2空:乙", [["甲"], ["乙"]]),
    ],
)
def test_blanks_by_their_place(key: str, blanks: list[list[str]]) -> None:
    assert keys(one("填空", "____和____。", "", "", "", "", key)) == [blanks]


def test_columns_with_a_key_each_belong_together() -> None:
    header = ["题干", "A", "B", "C", "正确答案1", "正确答案2"]
    report = check_rows(header, ["哪些？", "红", "绿", "蓝", "A", "C"], ["哪个？", "红", "绿", "蓝", "B", ""])
    assert (kinds(report), keys(report)) == (["multiple_choice", "single_choice"], [["A", "C"], ["B"]])


def test_a_column_for_each_blank() -> None:
    header = ["序号", "题目", "空1", "空2"]
    rows = [["1", "质量月是____。", "九月", ""], ["2", "火警电话是____，急救电话是____。", "119", "120"]]
    report = check_rows(header, *rows, ["3", "甲是____，乙是____。", "", "丙"], ["4", "戊是____，己是____。", "庚", ""])
    assert keys(report) == [[["九月"]], [["119"], ["120"]]]
    assert codes(report) == [(4, "blanks_differ"), (5, "blanks_differ")]


def test_two_columns_that_contradict_each_other_are_a_problem() -> None:
    header = ["题干", "A", "B", "答案", "参考答案"]
    rows = [["哪个？", "红", "绿", "A", "B"], ["哪一个？", "红", "绿", "B", "b."], ["是吗？", "", "", "对", "错误"]]
    report = check_rows(header, *rows, ["何物？", "红", "绿", "A", "因为它红"])
    assert (codes(report), keys(report)) == ([(2, "keys_disagree"), (4, "keys_disagree")], [["B"], ["A"]])


@pytest.mark.parametrize("stem", ["电话是（A）", "电话是（ A ）。", "哪个是电话(A)？"])
def test_a_letter_in_the_blank_that_contradicts_the_key_is_a_problem(stem: str) -> None:
    assert codes(one("单选", stem, "红", "绿", "蓝", "紫", "B")) == [(2, "keys_disagree")]
    assert keys(one("单选", stem, "红", "绿", "蓝", "紫", "A")) == [["A"]]


@pytest.mark.parametrize("stem", ["维生素（A）缺乏时要（ ）。", "由（A）股转为 B 股的是什么"])
def test_a_letter_that_fills_no_blank_is_part_of_the_stem(stem: str) -> None:
    report = one("单选", stem, "红", "绿", "蓝", "紫", "B")
    assert (keys(report), report.questions[0].content.stem) == ([["B"]], stem)


def test_the_keys_of_two_questions_are_none_of_one() -> None:
    assert codes(one("多选", "哪些？", "红", "绿", "蓝", "紫", "AB AC")) == [(2, "key_not_among_options")]


def test_a_second_key_in_words_may_contradict_the_letter() -> None:
    header = ["题干", "A", "B", "答案", "参考答案"]
    report = check_rows(header, ["哪个？", "红", "绿", "B", "绿"], ["哪个呢？", "红", "绿", "B", "红"])
    assert (keys(report), codes(report)) == ([["B"]], [(3, "keys_disagree")])


def test_a_short_word_among_verdicts_is_no_model_answer() -> None:
    rows = [["天是蓝的。", "对"], ["地是方的。", "错"], ["水是湿的。", "成立"], ["火是冷的。", "错"]]
    assert codes(check_rows(["题干", "答案"], *rows)) == [(4, "key_not_understood")]
    named = [["简答题" if row[1] == "成立" else "判断题", *row] for row in rows]
    assert check_rows(["题型", "题干", "答案"], *named).problems == ()


def test_keys_beside_numbers_of_their_own_are_those_of_these_numbers() -> None:
    header = ["题号", "题干", "A", "B", "", "题号", "答案"]
    report = check_rows(
        header,
        [1, "哪个？", "红", "绿", "", 1, "A"],
        [2, "哪里？", "上", "下", "", 3, "B"],
        [3, "何时？", "早", "晚", "", 2, "A"],
    )
    assert (keys(report), codes(report)) == ([["A"]], [(3, "numbers_differ"), (4, "numbers_differ")])
