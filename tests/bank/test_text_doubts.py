"""Texts that can mean two things, and are named instead of read: nothing is guessed."""

import pytest

from tests.workbooks import check_text, codes, keys, options


def test_a_set_in_braces_is_no_key_where_other_questions_state_theirs_otherwise() -> None:
    sets = ["1、集合{A}的元素有几个", "A、一 B、二", "2、集合{B}的元素有几个", "A、一 B、二"]
    others = [line for n in (3, 4, 5, 6) for line in (f"{n}、第几题（A）", f"A、{n} B、都不是")]
    report = check_text(*sets, *others)
    assert (codes(report), keys(report)) == ([(1, "key_missing"), (3, "key_missing")], [["A"]] * 4)


def test_verdicts_that_do_not_fit_the_judgements_above_are_nobodys() -> None:
    asked = ["一、判断题", "1、质量月是九月。", "2、投诉电话是12306。", "3、水是湿的。"]
    report = check_text(*asked, "1、√ 4、×", "二、判断题", "1、山比水高。×")
    assert ((3, "key_missing") in codes(report), (4, "key_missing") in codes(report)) == (True, True)
    assert keys(report) == [["对"], ["错"]]


def test_two_verdicts_to_choose_from_are_no_key() -> None:
    report = check_text("一、判断题", "1、山比水高。 对 错", "2、水比山高。 √ ×", "3、水是湿的，这个说法正确。 对")
    assert (codes(report), keys(report)) == ([(2, "key_missing"), (3, "key_missing")], [["对"]])


def test_a_letter_before_an_empty_bracket_is_no_key() -> None:
    asked = ["1、缺乏维生素（A）会引起（ ）。", "A、夜盲", "B、近视", "2、哪里最高（A）", "A、山顶", "B、山腰"]
    report = check_text(*asked)
    assert (codes(report), keys(report)) == ([(1, "key_missing")], [["A"]])


def test_what_a_learner_answered_is_no_key() -> None:
    report = check_text(
        "1、哪里最高", "A、山顶", "B、山腰", "考生答案：B", "2、哪里最低", "A、山顶", "B、谷底", "答案：B"
    )
    assert (codes(report), keys(report)) == ([(1, "key_missing")], [["B"]])


def test_a_crossed_box_beside_ticked_ones_may_say_wrong() -> None:
    report = check_text("1、哪里最高", "☑A、山顶", "☒B、山腰", "□C、山脚", "2、哪里最低（B）", "A、山顶", "B、谷底")
    assert (codes(report)[0][0], keys(report)) == (1, [["B"]])


def test_two_blocks_of_keys_that_contradict_each_other_are_named() -> None:
    asked = [line for n in (1, 2, 3) for line in (f"{n}. 第 {n} 题（ ）", "A. 甲 B. 乙")]
    report = check_text("一、单选题", *asked, "答案：1-3 ABA", "参考答案：1-3 ABB")
    assert (codes(report), keys(report)) == ([(6, "keys_disagree")], [["A"], ["B"]])


def test_keys_of_one_chapter_are_not_those_of_another() -> None:
    asked = [line for n in (1, 2) for line in (f"{n}. 第 {n} 题（ ）", "A. 甲 B. 乙")]
    again = [line for n in (1, 2) for line in (f"{n}. 又 {n} 题（ ）", "A. 甲 B. 乙")]
    report = check_text(
        "第一章", "一、单选题", *asked, "第二章", "一、单选题", *again, "答案", "第一章", "一、单选题", "1.A 2.B"
    )
    assert (codes(report), keys(report)) == ([(9, "key_missing"), (11, "key_missing")], [["A"], ["B"]])


def test_two_verdicts_of_no_judgement_make_none() -> None:
    report = check_text("1、哪里最高（A）", "A、山顶", "B、山腰", "二、判断题", "1.√ 2.×")
    assert keys(report) == [["A"]]


def test_questions_that_share_their_options_are_named() -> None:
    report = check_text(
        "（1-2题共用备选答案）", "A. 甲法", "B. 乙法", "1. 质量依据（A）", "2. 计量依据（B）", "3. 水是湿的。√"
    )
    assert [problem.code for problem in report.problems] == ["kind_not_supported"] * 2
    assert keys(report) == [["对"]]


def test_an_answer_between_strokes_beside_another_below_is_named_where_blanks_lack_answers() -> None:
    report = check_text("填空题", "1. 甲是____乙____，丙是____。答案：丁", "2. 在____月____日。答案：9月1日")
    assert (codes(report), keys(report)) == ([(2, "blanks_differ")], [[["9月1日"]]])


def test_keys_in_order_that_are_not_as_many_as_the_questions_are_no_part_of_the_last_one() -> None:
    asked = ["一、单选题", "1. 甲（ ）", "A. 一 B. 二", "2. 乙（ ）", "A. 一 B. 二", "二、判断题", "1. 水是湿的。（ ）"]
    report = check_text(*asked, "2. 火是冷的。（ ）", "答案", "一、单选题", "ABA", "二、判断题", "√×")
    assert (codes(report), keys(report)) == ([(2, "key_missing"), (4, "key_missing")], [["对"], ["错"]])
    assert report.questions[1].content.stem == "火是冷的。（ ）"


def test_words_in_the_place_of_an_answer_are_none() -> None:
    report = check_text(
        "填空题", "1. 质量月是____。", "答案：略", "2. 电话是____。", "答案：12315", "3. 甲是____。答案：见教材"
    )
    assert (codes(report), keys(report)) == ([(2, "key_missing"), (6, "key_missing")], [[["12315"]]])


@pytest.mark.parametrize(
    "line",
    [
        "（二）处理知识",
        "（本题库由质量科整理，仅供内部学习）",
        "以上共2题，每题5分，共10分。",
        "——完——",
        "试卷结束",
        "Page 1",
        "END",
        "（本题2分）",
    ],
)
def test_what_ends_a_part_or_the_text_is_no_part_of_the_last_option(line: str) -> None:
    one, two = ["1. 哪里最高（A）", "A. 山顶", "B. 山腰"], ["2. 哪里最低（B）", "A. 山顶", "B. 谷底"]
    report = check_text("一、单选题", *one, line, *two, line if "二" not in line else "")
    assert (options(report), report.problems) == ([["山顶", "山腰"], ["山顶", "谷底"]], ())


ASKED = [
    ["1. 哪里最高（A）", "A. 山顶", "B. 山腰"],
    ["1. 哪里最高（ ）", "A. 山顶", "B. 山腰", "答案：A"],
    ["一、判断题", "1. 山顶最高。（√）"],
    ["一、判断题", "1. 山顶最高。", "答案：对"],
    ["一、填空题", "1. 最高的是__山顶__。"],
]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("title", ["产品质量法", "（二）消费者权益", "第二节 计量", "第二套"])
def test_a_title_between_two_questions_is_part_of_neither(asked: list[str], title: str) -> None:
    whole, parted = check_text(*asked, "", "2. 火是热的。√"), check_text(*asked, title, "2. 火是热的。√")
    assert parted.questions[0].content == whole.questions[0].content
    assert codes(parted) == codes(whole)


def test_bare_words_below_a_short_last_option_may_be_a_title_or_more_of_it() -> None:
    report = check_text(
        *ASKED[0],
        "向阳的一面",
        "2. 哪里最低（B）",
        "A. 山顶",
        "B. 谷底",
        "3. 哪里（B）",
        "A.",
        "甲甲甲",
        "B.",
        "乙乙乙",
    )
    assert (codes(report)[0], options(report)[0]) == ((1, "words_below_options"), ["山顶", "谷底"])
    wrapped = check_text("1. 哪里最高（A）", "A. 山顶", "B. 山的另一边" + "那一面" * 8, "向阳的地方", "2. 水是湿的。√")
    assert wrapped.problems == ()


def test_the_last_item_of_a_list_in_an_explanation_is_no_title() -> None:
    report = check_text(*ASKED[1], "解析：有两处：", "（一）山顶", "（二）山腰", "2. 水是____的。答案：湿")
    assert report.questions[0].content.explanation.endswith("（二）山腰")


def test_answers_by_number_that_are_not_for_just_these_questions_are_nobodys() -> None:
    asked = ["一、填空题", "1. 质量月是____月。", "2. 电话是____。", "3. 制度是____。"]
    below = check_text(*asked, "参考答案：1.九 2.12315")
    assert codes(below) == [(2, "key_missing"), (3, "key_missing"), (4, "keys_glued")]
    assert check_text(*asked, "参考答案", "1.九 2.12315").total == 0
    own = check_text("填空题", "1. 在____月____日。", "2. 电话是____和____。", "答案：1.12315 2.12345")
    assert (codes(own), keys(own)) == ([(2, "key_missing")], [[["12315"], ["12345"]]])


SHIFTED = [
    "一、单选题",
    "1. 甲（ ）",
    "A. 一 B. 二",
    "二、判断题",
    "2. 水是湿的。（ ）",
    "3. 火是冷的。（ ）",
    "4. 水往低处流。（ ）",
]


@pytest.mark.parametrize("keys_below", [["1.√ 2.× 3.√"], ["1.√", "解析：略", "2.×", "3.√", "解析：见教材"]])
def test_keys_numbered_anew_for_questions_numbered_on_are_nobodys(keys_below: list[str]) -> None:
    report = check_text(*SHIFTED, "参考答案", "一、单选题", "1.A", "二、判断题", *keys_below)
    assert (codes(report), keys(report)) == ([(5, "key_missing"), (6, "key_missing"), (7, "key_missing")], [["A"]])


def test_a_remark_in_brackets_is_no_answer_of_a_blank() -> None:
    report = check_text(
        "填空题", "1. 产品质量法（以下简称本法）自（1993年9月1日）起施行。", "2. 质量法（简称本法）有效。"
    )
    assert (codes(report), keys(report)) == ([(3, "key_missing")], [[["1993年9月1日"]]])


def test_answers_above_their_questions_are_named_where_the_last_one_has_none() -> None:
    report = check_text("答案：A", *ASKED[1][:3], "答案：B", "2. 哪里最低（ ）", "A. 山顶", "B. 谷底")
    assert (codes(report), report.total) == ([(2, "key_ambiguous"), (6, "key_missing")], 0)


def test_keys_without_headings_are_not_those_of_the_last_section_alone() -> None:
    asked = ["一、单选题", "1. 甲（ ）", "A. 一 B. 二", "2. 乙（ ）", "A. 一 B. 二", "二、判断题", "1. 水是湿的。（ ）"]
    assert check_text(*asked, "2. 火是冷的。（ ）", "参考答案", "1.A 2.B 3.√ 4.×").total == 0


def test_a_sentence_below_a_short_last_option_may_be_a_remark() -> None:
    report = check_text(*ASKED[0], "因为山顶比山腰高，所以如此。", "2. 水是湿的。√")
    assert (codes(report), keys(report)) == ([(1, "words_below_options")], [["对"]])
    wrapped = check_text(
        "1. 哪里最高（A）", "A. 山顶", "B. 山的另一边" + "那一面" * 8, "以及向阳的那一个地方。", "2. 水是湿的。√"
    )
    assert wrapped.problems == ()
