# ruff: noqa: E501  (samples stand as they come)
"""Answers as texts write them: below, folded away, line by line, starred; and numbered lines that are no questions."""

import pytest

from tests.workbooks import check_text, codes, keys, kinds, options

ONE = ["1. 哪一月？", "A. 八月", "B. 九月"]


@pytest.mark.parametrize(
    "answer",
    [
        ["参考答案", "B"],
        ["答案：", "B"],
        ["答案：", "**B**"],
        ["答案：", "B. 九月"],
        ["<details><summary>答案</summary>", "B", "</details>"],
        ["<details>", "<summary>点击查看答案</summary>", "", "**B**", "", "</details>"],
        ["我的答案：A  正确答案：B", "得分：0分"],
    ],
)
def test_an_answer_below_its_question(answer: list[str]) -> None:
    report = check_text(
        *ONE,
        *answer,
        "2. 哪一日？",
        "A. 一日",
        "B. 二日",
        *[a.replace("B", "A").replace("九月", "一日") for a in answer],
    )
    assert (keys(report)[0], report.problems) == (["B"], ())


def test_several_right_options_written_out_below_the_answer() -> None:
    report = check_text("1. 哪些？", "A. 红", "B. 绿", "C. 蓝", "答案：", "A. 红", "C. 蓝", "解析：都亮。")
    assert (keys(report), report.questions[0].content.explanation) == ([["A", "C"]], "都亮。")


def test_what_stands_below_a_key_says_why() -> None:
    report = check_text(
        *ONE, "答案：B", "因为每年九月都有活动。", "- 八月太热。", "2. 哪一日？", "A. 一日", "B. 二日", "答案：A"
    )
    assert keys(report) == [["B"], ["A"]]
    assert report.questions[0].content.explanation.startswith("因为每年九月")


@pytest.mark.parametrize("star", ["*", "★"])
def test_a_star_before_the_right_option(star: str) -> None:
    assert keys(check_text("1. 哪一月？", "A. 八月", f"{star}B. 九月", "2. 哪一日？", f"{star}A. 一日", "B. 二日")) == [
        ["B"],
        ["A"],
    ]


def test_options_parted_by_semicolons() -> None:
    report = check_text(
        "1、费用由谁出（ D）", "A.企业；B.个人；C.机构；D.财政，不收费", "2、首先是（A）", "A.顾客；B.领导"
    )
    assert (keys(report), report.questions[0].content.options[3]) == ([["D"], ["A"]], "财政，不收费")


def test_what_the_learner_wrote_line_by_line_is_left_out_and_the_right_answers_are_read() -> None:
    report = check_text(
        "填空题", "1. 在____月，拨____。", "我的答案：", "(1) 8", "(2) 110", "正确答案：", "(1) 9", "(2) 12315；一二三一五"
    )  # fmt: skip
    assert report.questions[0].content.blanks == (("9",), ("12315", "一二三一五"))
    assert report.questions[0].content.stem == "在____月，拨____。"


@pytest.mark.parametrize(
    "stem", ["质量月是____月，电话____。", "精神是____和____。", "有____、____、____。", "在____月____日。"]
)
def test_two_empty_blanks_are_no_answer_between_two_strokes(stem: str) -> None:
    report = check_text("填空题", f"1. {stem}", "2. 电话是____。", "答案：12315")
    assert (keys(report), codes(report)) == ([[["12315"]]], [(2, "key_missing")])


def test_blanks_are_empty_where_another_stem_of_the_file_draws_one_that_is() -> None:
    report = check_text("填空题", "1. 甲____产品____乙。", "2. 电话是____。", "3. 月份是____。", "答案：9")
    assert keys(report) == [[["9"]]]
    assert codes(report) == [(2, "key_missing"), (3, "key_missing")]


def test_an_answer_between_two_strokes() -> None:
    assert keys(check_text("填空题", "1. 在__9__月。", "2. 拨＿＿12315＿＿。")) == [[["9"]], [["12315"]]]


def test_numbers_on_lines_of_their_own_belong_to_the_questions_below() -> None:
    report = check_text("1", "天是蓝的", "A、对", "B、错", "答案：A", "2", "哪个？", "A、红", "B、绿", "答案：B")
    assert [question.content.stem for question in report.questions] == ["天是蓝的", "哪个？"]


def test_numbers_on_lines_of_their_own_between_numbered_questions_are_pages() -> None:
    report = check_text("1、哪些？", "A、红", "B、绿", "答案：AB", "2", "2、哪个？", "A、红", "B、绿", "答案：B")
    assert (keys(report), report.problems) == ([["A", "B"], ["B"]], ())


def test_rules_of_the_exam_are_no_questions() -> None:
    report = check_text("知识竞赛试题", "注意事项：", "1. 请用黑色笔。", "2. 不得抄袭。", "一、单选题", *ONE, "答案：B")
    assert (keys(report), report.problems) == ([["B"]], ())


def test_a_number_with_its_kind_and_the_stem_on_the_next_line() -> None:
    report = check_text(
        "\\1. [多选题]", "", "哪些？", "", "A.", "", "红", "", "B.", "", "绿", "", "正确答案：AB",
        "\\2. [单选题]", "", "哪个？", "", "A.", "", "红", "", "B.", "", "绿", "", "正确答案：A",
    )  # fmt: skip
    assert (kinds(report), keys(report)) == (["multiple_choice", "single_choice"], [["A", "B"], ["A"]])


def test_a_table_of_keys_drawn_with_strokes() -> None:
    report = check_text(
        "# 单选题", "1. 一", "   - A. 甲", "   - B. 乙", "2. 二", "   - A. 甲", "   - B. 乙",
        "# 答案", "", "| 题号 | 1 | 2 |", "|---|---|---|", "| 答案 | A | B |",
    )  # fmt: skip
    assert keys(report) == [["A"], ["B"]]


def test_a_key_that_stands_in_the_stem_too_is_hidden_there() -> None:
    report = check_text("1. 哪一月（B）？", "A. 八月", "B. 九月", "（答案：B）")
    assert (report.questions[0].content.stem, keys(report)) == ("哪一月（  ）？", [["B"]])


def test_another_letter_in_a_bracket_of_the_stem_stays() -> None:
    report = check_text("1. 维生素（A）缺乏会怎样？", "A. 甲", "B. 乙", "答案：B")
    assert report.questions[0].content.stem == "维生素（A）缺乏会怎样？"


def test_the_right_option_written_out_in_the_bracket_of_the_stem() -> None:
    report = check_text("1. 电话是（12315）。", "A. 110", "B. 12315", "2. 月份是（九月）。", "A. 九月", "B. 八月")
    assert ([question.content.stem for question in report.questions], keys(report)) == (
        ["电话是（  ）。", "月份是（  ）。"],
        [["B"], ["A"]],
    )


def test_a_first_question_whose_number_cannot_be_read_is_not_lost() -> None:
    report = check_text(
        "知识竞赛", "l、哪一月？", "A、八月", "B、九月", "答案：B", "2、哪个？", "A、红", "B、绿", "答案：A"
    )
    assert keys(report) == [["B"], ["A"]]


@pytest.mark.parametrize(
    ("line", "key", "explanation", "source"),
    [
        ("1. 质量月是八月。（×）理由：应为九月。", "错", "应为九月。", ""),
        ("1. 质量月是八月（×）应为九月", "错", "应为九月", ""),
        ("1. 质量月是八月。（×）（应为九月）", "错", "应为九月", ""),
        ("1. 质量月是八月。（×） 正确的是：九月", "错", "九月", ""),
        ("1. 质量月是九月（√）（《产品质量法》第八条）", "对", "", "《产品质量法》第八条"),
        ("1. 质量月是九月。（√）依据：《产品质量法》第八条", "对", "", "《产品质量法》第八条"),
        ("1. 质量月是八月。（×）\n理由：应为九月。", "错", "应为九月。", ""),
    ],
)
def test_words_behind_the_verdict_of_a_stem_are_no_part_of_it(
    line: str, key: str, explanation: str, source: str
) -> None:
    (question,) = check_text(line).questions
    content = question.content
    assert (content.stem.endswith("（  ）"), content.key_as_letters) == (True, [key])
    assert (content.explanation, content.source) == (explanation, source)


def test_a_sentence_may_go_on_behind_the_verdict_or_begin_with_it() -> None:
    report = check_text("一、判断题", "1. 质量月是（√）九月", "2.（×）应为八月的是质量月。")
    assert [q.content.stem for q in report.questions] == ["质量月是（  ）九月", "（  ）应为八月的是质量月。"]


def test_two_verdicts_in_one_stem_are_those_of_two_questions() -> None:
    report = check_text("一、判断题", "1. 质量月是八月。（×）质量月是九月。（√）", "2. 水是湿的。（√）")
    assert (codes(report), keys(report)) == ([(2, "key_ambiguous")], [["对"]])


def test_a_reason_below_the_last_option_is_no_part_of_it() -> None:
    report = check_text("1. 哪里最高（A）", "A. 山顶", "B. 山腰", "理由：山腰在下面。")
    assert (options(report), report.questions[0].content.explanation) == ([["山顶", "山腰"]], "山腰在下面。")


@pytest.mark.parametrize(
    "line", ["（出自《质量法》第三条）", "《质量法》第三条", "【出处】《质量法》第三条", "依据：《质量法》第三条"]
)
def test_a_law_named_below_the_options_is_the_source(line: str) -> None:
    report = check_text("1. 哪里最高（A）", "A. 山顶", "B. 山腰", line, "2. 哪里最低（B）", "A. 山顶", "B. 谷")
    assert (options(report)[0], report.questions[0].content.source) == (["山顶", "山腰"], "《质量法》第三条")


def test_numbers_that_begin_anew_without_a_heading_lose_no_question() -> None:
    chosen = ["1. 哪里最高（A）", "A. 山顶 B. 山腰", "2. 哪里最低（B）", "A. 山顶 B. 谷"]
    report = check_text(*chosen, "1. 水是湿的。（√）", "2. 山比天高。（×）")
    assert (keys(report), report.problems) == ([["A"], ["B"], ["对"], ["错"]], ())
    asked = check_text(*chosen, "1. 什么是质量", "2. 什么是计量")
    assert (keys(asked), codes(asked)) == ([["A"]], [(3, "questions_glued")])


@pytest.mark.parametrize(
    "heading",
    [
        "判断题（A为错误，B为正确）",
        "判断题（A.错误 B.正确）",
        "判断题（正确的选B，错误的选A）",
        "判断题\n说明：A表示错误，B表示正确",
    ],
)
def test_a_heading_may_say_what_letters_mean_below_it(heading: str) -> None:
    stated = check_text(f"一、{heading}", "1. 水是湿的。", "答案：B", "2. 火是冷的。", "答案：A")
    in_stems = check_text(f"一、{heading}", "1. 水是湿的。（B）", "2. 火是冷的。（A）")
    assert keys(stated) == keys(in_stems) == [["对"], ["错"]]


def test_letters_that_nobody_sees_around_and_numbers_inside_an_answer() -> None:
    report = check_text(
        "1. 哪里最高（\u200bA\u200b）", "A. 山顶", "B. 山腰", "2. 三包是____、____。", "答案：（1）包修（2）包换"
    )
    assert keys(report) == [["A"], [["包修"], ["包换"]]]


def test_boxes_before_right_and_wrong_in_a_survey() -> None:
    report = check_text(
        "1. 水是湿的 [判断题] *", "○对（正确答案）", "○错", "2. 火是冷的 [判断题] *", "○对", "○错（正确答案）"
    )
    assert (kinds(report), keys(report)) == (["true_false"] * 2, [["对"], ["错"]])


@pytest.mark.parametrize(("first", "second"), [("四    B", "丁    A"), ("四 [B]", "丁 [A]"), ("四\nB", "丁\nA")])
def test_letters_behind_the_last_option_are_keys(first: str, second: str) -> None:
    report = check_text(
        "1. 几（ ）", "A. 一 B. 二", f"C. 三 D. {first}", "2. 哪个（ ）", "A. 甲 B. 乙", f"C. 丙 D. {second}"
    )
    assert (keys(report), options(report)[0]) == ([["B"], ["A"]], ["一", "二", "三", "四"])


def test_letters_behind_the_bracket_of_a_stem_are_keys_where_nearly_all_have_them() -> None:
    asked = check_text("1. 哪里最高（ ） A", "A. 山顶", "B. 山腰", "2. 哪里最低（ ）B", "A. 山顶", "B. 谷")
    assert (keys(asked), asked.questions[0].content.stem) == ([["A"], ["B"]], "哪里最高（ ）")
    one = check_text(
        "1. 哪里最高（ ） A", "A. 山顶", "B. 山腰", "2. 哪里最低（ ）", "A. 山顶", "B. 谷", "3. 水是湿的。√"
    )
    assert (codes(one), keys(one)) == ([(1, "key_missing"), (4, "key_missing")], [["对"]])


def test_verdicts_in_letters_at_the_end_of_sentences() -> None:
    report = check_text("一、判断题", "1.水是湿的。T", "2.火是冷的。 F", "3.山高。V", "4.海深。X", "5.求 x")
    assert (keys(report), codes(report)) == ([["对"], ["错"], ["对"], ["错"]], [(6, "key_missing")])


def test_answers_in_square_brackets_or_behind_all_the_blanks() -> None:
    report = check_text("填空题", "1、质量月是每年的[9]月。", "2、电话是[12315]。")
    assert keys(report) == [[["9"]], [["12315"]]]
    report = check_text(
        "填空题", "1、质量月是（  ）月，电话是（  ）。（9；12315）", "2、三包是（  ）、（  ）。（包修、包换）"
    )
    assert keys(report) == [[["9"], ["12315"]], [["包修"], ["包换"]]]


def test_an_answer_that_the_stem_holds_in_brackets_too_fills_a_blank() -> None:
    report = check_text("1. 质量月是（九）月。", "答案：九", "2. 什么是质量（定义）", "答案：特性满足要求的程度")
    assert (kinds(report), report.questions[0].content.stem) == (["fill_blank", "short_answer"], "质量月是（  ）月。")


@pytest.mark.parametrize(
    "law", ["第十二条 产品质量应当检验合格。", "《产品质量法》第十二条：产品质量应当检验合格，不得冒充。"]
)
def test_the_words_of_a_law_below_the_last_option_say_why(law: str) -> None:
    report = check_text("1. 哪里最高（A）", "A. 山顶", "B. 山腰", law, "2. 哪里最低（B）", "A. 山顶", "B. 谷")
    assert (options(report)[0], report.questions[0].content.explanation) == (["山顶", "山腰"], law)
