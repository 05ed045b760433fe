"""Keys that a stem shows beside the stated ones: taken out of the stem where they agree, named where they do not."""

import pytest

from question_bank.check import Report
from tests.workbooks import WITH_KIND, check_rows, codes, keys, one


def stems(report: Report) -> list[str]:
    return [question.content.stem for question in report.questions]


@pytest.mark.parametrize(
    ("kind", "shown", "hidden", "options", "key"),
    [
        ("判断题", "水是湿的。（√）", "水是湿的。（  ）", [""] * 4, "对"),
        ("判断题", "（√）水是湿的。", "（  ）水是湿的。", [""] * 4, "√"),
        ("判断题", "水是湿的（正确）", "水是湿的（  ）", ["对", "错", "", ""], "A"),
        ("填空题", "质量月是__九__月。", "质量月是____月。", [""] * 4, "九"),
        ("填空题", "电话是（12315）。", "电话是（  ）。", [""] * 4, "12315"),
        ("单选题", "电话是（12315）。", "电话是（  ）。", ["12306", "12315", "", ""], "B"),
        ("单选题", "电话是（B）。", "电话是（  ）。", ["12306", "12315", "", ""], "12315"),
        ("多选题", "甲（A）和乙（C）。", "甲（  ）和乙（  ）。", ["一", "二", "三", ""], "AC"),
    ],
)
def test_a_key_that_the_stem_shows_is_hidden(kind: str, shown: str, hidden: str, options: list[str], key: str) -> None:
    report = one(kind, shown, *options, key)
    assert (stems(report), report.problems) == ([hidden], ())


@pytest.mark.parametrize(
    ("kind", "stem", "options", "key"),
    [
        ("判断题", "水是湿的。（√）", [""] * 4, "错"),
        ("判断题", "水是湿的（√）", ["对", "错", "", ""], "B"),
        ("单选题", "电话是__A__。", ["12315", "12306", "", ""], "B"),
    ],
)
def test_a_stem_that_shows_another_key_is_named(kind: str, stem: str, options: list[str], key: str) -> None:
    assert codes(one(kind, stem, *options, key)) == [(2, "keys_disagree")]


def test_what_a_stem_says_in_brackets_may_be_no_key() -> None:
    rows = [
        ["判断题", "标志（√）表示合格", "", "", "", "", "错"],
        ["填空题", "市监总局（国务院）的电话是___。", "", "", "", "", "12315"],
        ["单选题", "总局（国务院直属）是（ ）。", "国务院直属", "省直属", "", "", "A"],
    ]
    report = check_rows(WITH_KIND, *rows)
    assert (stems(report), keys(report)) == ([row[1] for row in rows], [["错"], [["12315"]], ["A"]])
