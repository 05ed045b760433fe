# ruff: noqa: E501  (samples stand as they come)
"""Moodle GIFT: read as Moodle reads it, and what cannot be read is named."""

import pytest

from question_bank.check import Report
from question_bank.content import QuestionContent
from tests.workbooks import check_text, codes, keys, kinds, warned


def gift(*lines: str) -> Report:
    return check_text(*lines, name="bank.gift")


def test_gift_of_every_kind() -> None:
    report = gift(
        "// a comment", "", "::Q1:: Which? {=right ~wrong ~other#no}", "", "True? {T#yes}", "", "Not? {FALSE}", "",
        "Two? {~%50%one ~%50%two ~%-100%three}", "", "Type it {=China =%100%PRC =%50%Chine}", "", "Why? {}", "",
        "The {~first =second} of May.",
    )  # fmt: skip
    assert kinds(report) == [
        "single_choice",
        "true_false",
        "true_false",
        "multiple_choice",
        "fill_blank",
        "short_answer",
        "single_choice",
    ]
    assert keys(report) == [["A"], ["对"], ["错"], ["A", "B"], [["China", "PRC"]], [], ["B"]]
    assert report.questions[-1].content.stem == "The ____ of May."
    assert report.questions[0].row == 3


def test_gift_weights_of_zero_are_wrong_and_escapes_are_text() -> None:
    report = gift("Which \\{x\\} \\= 1? {~%0%no ~%100%yes\\: a\\=b}")
    assert (keys(report), report.questions[0].content.options) == ([["B"]], ("no", "yes: a=b"))
    assert report.questions[0].content.stem == "Which {x} = 1?"


def test_gift_kinds_we_have_not_are_named() -> None:
    assert codes(gift("What is 2+2? {#4}", "", "Match {=a -> b =c -> d}", "", "Ok? {T}")) == [
        (1, "kind_not_supported"),
        (3, "kind_not_supported"),
    ]


def test_gift_without_blank_lines_between_questions() -> None:
    report = gift("Sky? {=blue ~red}", "Grass? {=green ~red}", "The earth is round. {T}")
    assert keys(report) == [["A"], ["A"], ["对"]]


def only(*lines: str) -> QuestionContent:
    report = gift(*lines)
    assert (report.total, report.problems) == (1, ())
    return report.questions[0].content


def test_a_category_is_the_domain_of_what_follows() -> None:
    report = gift(
        "甲？ {T}", "", "$CATEGORY: $course$/top/产品/食品/罐头", "", "乙？ {T}", "", "$CATEGORY: $course$/top/Default for 课程", "丙？ {T}",
    )  # fmt: skip
    assert [q.content.domain for q in report.questions] == ["", "产品/食品", ""]


def test_names_formats_and_tags_are_no_part_of_the_stem() -> None:
    content = only(
        "// [id:7] [tag:难度：易] [tag:核对日期：2026-06-20]",
        "::题 1\\: 甲::[html]<p>哪个<b>大</b>？</p>{=[plain]<p> ~[moodle]乙}",
    )
    assert (content.stem, content.options, content.difficulty) == ("哪个大？", ("<p>", "乙"), "易")
    assert str(content.checked_on) == "2026-06-20"


def test_a_name_stands_in_where_the_stem_is_empty() -> None:
    assert only("::首都在哪？::{=北京 ~上海}").stem == "首都在哪？"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("首都是{=北京 ~上海}。", "首都是____。"),
        ("首都是{=北京 ~上海}，不是别处。", "首都是____，不是别处。"),
        ("首都在哪？{=北京 ~上海}", "首都在哪？"),
        ("首都在哪？ {=北京 ~上海}。", "首都在哪？"),
        ("第一行\\n第二行\n第三行{T}", "第一行\n第二行\n第三行"),
        ("和 $\\frac{1}{2}$ 相等。{T}", "和 $\\frac{1}{2}$ 相等。"),
        ("\\\\neq 是不等号。{T}", "\\neq 是不等号。"),
    ],
)
def test_the_stem_has_a_blank_where_words_follow(written: str, shown: str) -> None:
    assert only(written).stem == shown


def test_verdicts_have_their_words_and_two_feedbacks() -> None:
    report = gift(
        "甲 {T}",
        "",
        "乙 {false}",
        "",
        "丙 {对}",
        "",
        "丁 {TRUE#不对#对了}",
        "",
        "戊 {F#不对####总的}",
        "",
        "己 {~对 =错}",
    )
    assert kinds(report) == ["true_false"] * 6
    assert keys(report) == [["对"], ["错"], ["对"], ["对"], ["错"], ["错"]]
    assert [q.content.explanation for q in report.questions] == ["", "", "", "对了", "总的", ""]


def test_an_answer_worth_a_part_is_wrong_and_that_is_said() -> None:
    report = gift(
        "哪个？ {~甲 ~%50%乙 =丙}",
        "",
        "哪些？ {~%33.33333%甲 ~%33.33333%乙 ~%33.33333%丙 ~%-100%丁}",
        "",
        "填 {=甲 =%50%乙}",
    )
    assert (kinds(report), keys(report)) == (
        ["single_choice", "multiple_choice", "fill_blank"],
        [["C"], ["A", "B", "C"], [["甲"]]],
    )
    assert warned(report) == ["partial_credit", "partial_credit"]


def test_two_whole_answers_to_a_choice_of_one_are_a_problem() -> None:
    assert codes(gift("哪个？ {=甲 =乙 ~丙}", "", "对吗？ {T}")) == [(1, "kind_and_key_disagree")]


def test_feedback_holds_explanation_source_and_model_answer() -> None:
    content = only("为什么？ {####参考答案：因为\\n解析：说明\\n来源：某法}")
    assert (content.model_answer, content.explanation, content.source) == ("因为", "说明", "某法")
    content = only("哪个？ {=甲#对了 ~乙#错了}")
    assert (content.explanation, content.source) == ("对了", "")


def test_several_blanks_are_one_typed_answer_with_every_combination() -> None:
    assert only("____的首都是____。{=中国；北京 =我国；北京}").blanks == (("中国", "我国"), ("北京",))
    assert only("____和____的次序。{=甲；乙 =乙；甲}").blanks == (("甲；乙", "乙；甲"),)


def test_a_dash_and_a_bracket_in_a_choice_are_no_matching_question() -> None:
    assert only("哪个？ {=p->next ~p.next}").options == ("p->next", "p.next")


@pytest.mark.parametrize(
    "block",
    [
        "没有合上 {=甲 ~乙",
        "没有打开 =甲 ~乙}",
        "两处 {=甲} 答案 {=乙}。",
        "等号没有写作转义？ {\n~x=5\n=7\n}",
        "忘了答案？",
        "首都是____",
    ],
)
def test_what_is_not_well_formed_is_named_and_what_follows_is_read(block: str) -> None:
    report = gift("对吗？ {T}", "", block, "", "最后？ {=甲 ~乙}")
    assert codes(report) == [(3, "not_well_formed")]
    assert keys(report) == [["对"], ["A"]]


def test_a_description_is_no_question_and_is_said() -> None:
    report = gift("下面几题是关于消防的。", "", "对吗？ {T}")
    assert (report.total, codes(report), warned(report)) == (1, [], ["description"])


def test_a_blank_line_and_a_comment_inside_the_braces_part_nothing() -> None:
    assert only("哪个？ {", "~甲", "", "// 注释", "=乙", "}").options == ("甲", "乙")


def test_lines_may_end_as_on_windows() -> None:
    report = check_text("哪个？ {\r", "~甲\r", "=乙\r", "}\r", "\r", "对吗？ {T}\r", name="x.txt")
    assert keys(report) == [["B"], ["对"]]
