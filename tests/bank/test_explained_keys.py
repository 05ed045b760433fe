"""Keys that explanations state: they must agree with the stated one, and may stand in for one that is missing."""

import pytest

from question_bank.check import Report
from tests.workbooks import WITH_KIND, check_rows, check_text, codes, keys, one, warned

HEADER = [*WITH_KIND, "解析"]
OPTIONS = ["红红", "绿绿", "蓝蓝", "紫紫"]


def choice(explanation: str, key: str = "A", kind: str = "单选题") -> Report:
    return one(kind, "哪个对（ ）。", *OPTIONS, key, explanation, header=HEADER)


def judgement(explanation: str, key: str) -> Report:
    return one("判断题", "水是湿的。", "", "", "", "", key, explanation, header=HEADER)


@pytest.mark.parametrize(
    "explanation",
    [
        "正确答案是B", "故选B。", "根据规定，所以选 B。", "答案:Ｂ", "本题的正确答案为B项。", "应选b。",
        "故B为正确答案。", "选B。因为红不对。", "综上所述，本题应选B", "问的是错的，选B。", "故本题答案为B、C。",
        "因此选BC两项，其余皆错。", "故选E。",
    ],
)  # fmt: skip
def test_an_explanation_that_states_another_key_is_named(explanation: str) -> None:
    assert codes(choice(explanation)) == [(2, "keys_disagree")]


@pytest.mark.parametrize(
    "explanation",
    [
        "B选项错误", "故B不选", "不选B", "故不选B。", "B、C、D正确，A错误，故选A", "若选B，则错。",
        "很多人选B，其实不对。", "故选项B错误。", "故B正确", "答案是B股", "答案是CPU", "有人认为答案是B。",
        "选A或B", "如果问绿，应选B。本题选A。", "第2题答案是B", "正确答案不是B", "变故B项", "易错选B。", "B。",
    ],
)  # fmt: skip
def test_what_an_explanation_says_of_other_options_is_no_key(explanation: str) -> None:
    assert keys(choice(explanation)) == [["A"]]


def test_an_explanation_may_state_the_right_options_one_by_one() -> None:
    assert keys(choice("红在第三条，故选A。蓝在第四条，故选C。", "AC", "多选题")) == [["A", "C"]]
    assert codes(choice("红在第三条，故选A。蓝在第四条，故选C。", "AB", "多选题")) == [(2, "keys_disagree")]


def test_an_explanation_that_contradicts_itself_is_only_warned_of() -> None:
    report = choice("所以选项A正确，选项BCD错误，故选C。")
    assert (keys(report), warned(report)) == ([["A"]], ["keys_disagree"])
    assert codes(choice("所以选项B正确，选项ACD错误，故选C。")) == [(2, "keys_disagree")]


@pytest.mark.parametrize(
    ("explanation", "key", "other"),
    [
        ("本题说法错误。", "错", "对"),
        ("错误，应为干的。", "错", "对"),
        ("干的才对，故本题错误", "错", "对"),
        ("该说法正确。", "对", "错"),
        ("正确答案：对", "对", "错"),
        ("故选B。", "错", "对"),
    ],
)
def test_an_explanation_that_states_another_verdict_is_named(explanation: str, key: str, other: str) -> None:
    assert keys(judgement(explanation, key)) == [[key]]
    assert codes(judgement(explanation, other)) == [(2, "keys_disagree")]


@pytest.mark.parametrize("explanation", ["正确的是：干的。", "正确：干的", "题干错在“湿”字", "正确说法见第三条"])
def test_what_the_right_statement_would_be_is_no_verdict(explanation: str) -> None:
    assert keys(judgement(explanation, "错")) == [["错"]]


def test_a_key_that_stands_only_in_the_explanation_is_read_where_it_is_plain() -> None:
    report = check_rows(
        HEADER,
        ["单选题", "哪个对（ ）。", *OPTIONS, "", "见第三条，故选B。"],
        ["多选题", "哪些对（ ）。", *OPTIONS, "", "本题答案为ABD"],
        ["单选题", "哪个不对（ ）。", *OPTIONS, "", "B选项错误"],
        ["单选题", "哪个最对（ ）。", *OPTIONS, "", "故选B。第二版改为：故选C。"],
        ["判断题", "水是湿的。", "", "", "", "", "", "本题正确。"],
    )
    assert (keys(report), codes(report)) == (
        [["B"], ["A", "B", "D"], ["对"]],
        [(4, "key_missing"), (5, "key_missing")],
    )


def test_the_same_holds_in_a_text() -> None:
    asked = ["1、哪里最高", "A、山顶", "B、山腰", "解析：看第三条，故选A。", "2、哪里最低", "A、山顶", "B、谷底"]
    report = check_text(*asked, "解析：本题答案为B。", "3、哪里", "A、甲", "B、乙", "答案：A", "解析：故选B。")
    assert (keys(report), codes(report)) == ([["A"], ["B"]], [(9, "keys_disagree")])
