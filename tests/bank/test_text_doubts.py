"""Texts that can mean two things, and are named instead of read: nothing is guessed."""

from tests.workbooks import check_text, codes, keys


def test_a_set_in_braces_is_no_key_where_other_questions_state_theirs_otherwise() -> None:
    sets = ["1、集合{A}的元素有几个", "A、一 B、二", "2、集合{B}的元素有几个", "A、一 B、二"]
    others = [line for n in (3, 4, 5, 6) for line in (f"{n}、第几题（A）", f"A、{n} B、都不是")]
    report = check_text(*sets, *others)
    assert (codes(report), keys(report)) == ([(1, "key_missing"), (3, "key_missing")], [["A"]] * 4)


def test_verdicts_that_do_not_fit_the_judgements_above_are_nobodys() -> None:
    asked = ["一、判断题", "1、质量月是九月。", "2、投诉电话是12306。", "3、水是湿的。"]
    report = check_text(*asked, "1、√ 2、×", "二、判断题", "1、山比水高。√")
    assert (2, "key_missing") in codes(report)
    assert (3, "key_missing") in codes(report)
    assert keys(report) == [["对"]]
