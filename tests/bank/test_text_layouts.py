"""Layouts of texts, each read as a careful person would read it: ``layouts/*.txt`` hold texts and what is in them.

There ``=== name`` begins a text, and ``→`` what is read in it, a line for a question: kind｜key｜stem｜options｜解析.
"""

from pathlib import Path
from typing import Any

import pytest

from question_bank.check import FoundQuestion, check_file
from question_bank.kinds import QuestionKind as Kind
from tests.workbooks import check_text, codes, document, keys


def _layouts() -> list[Any]:
    files = sorted((Path(__file__).parent / "layouts").glob("*.txt"))
    samples = [sample for file in files for sample in file.read_text("utf-8").split("=== ")[1:]]
    return [_layout(sample) for sample in samples]


def _layout(sample: str) -> Any:
    name, _, rest = sample.partition("\n")
    text, _, questions = rest.partition("\n→\n")
    return pytest.param(text, questions.split("\n\n")[0].strip().split("\n"), id=name)


def _as_line(question: FoundQuestion) -> str:
    content = question.content
    parts = [
        content.kind.label[:2],
        _key(question),
        content.stem,
        "／".join(content.options) if content.kind.has_options else "",
        f"解析 {content.explanation}" if content.explanation else "",
    ]
    return "｜".join(filter(None, parts)).replace("\n", "⏎")


def _key(question: FoundQuestion) -> str:
    key: Any = question.as_json()["key"]
    if question.content.kind is Kind.FILL_BLANK:
        return "；".join("|||".join(texts) for texts in key)
    return "".join(key).replace("\n", "⏎")


@pytest.mark.parametrize(("text", "questions"), _layouts())
def test_a_layout_is_read_as_a_person_reads_it(text: str, questions: list[str]) -> None:
    report = check_file(text.encode(), "题库.txt")
    assert [_as_line(question) for question in report.questions] == questions
    assert report.problems == ()


def test_a_verdict_below_its_question_is_no_title_of_keys() -> None:
    report = check_text(
        *("一、判断题", "1. 甲是乙。", "【答案】×", "2. 丙是丁。", "【答案】√"),
        *("二、填空题", "1. 戊是____。", "【答案】己", "2. 庚是____。", "【答案】辛"),
    )
    assert (keys(report), report.problems) == ([["错"], ["对"], [["己"]], [["辛"]]], ())


@pytest.mark.parametrize(("text", "questions"), _layouts())
def test_a_document_in_that_layout_is_read_alike(text: str, questions: list[str]) -> None:
    if "|---" in text or "<" in text or "[x]" in text:
        pytest.skip("a layout of Markdown")
    report = check_file(document(*text.split("\n")), "题库.docx")
    assert [_as_line(question) for question in report.questions] == questions
    assert report.problems == ()


def test_an_answer_below_an_explanation_that_is_another_is_a_problem() -> None:
    lines = [
        "1. 哪里最高（ ）",
        "A. 山顶",
        "B. 山腰",
        "答案：A",
        "解析：略",
        "哪里有树（ ）",
        "A. 山顶",
        "B. 山腰",
        "答案：B",
    ]
    report = check_text(*lines, "2. 哪里最低（ ）", "A. 山顶", "B. 山腰", "答案：B")
    assert ([problem.code for problem in report.problems], keys(report)) == (["keys_disagree"], [["B"]])
    again = check_text(*lines[:5], "故9009：A", "2. 哪里最低（ ）", "A. 山顶", "B. 山腰", "答案：B")
    assert (again.problems, keys(again)) == ((), [["A"], ["B"]])


def test_numbers_of_questions_may_be_long() -> None:
    asked = [line for n in (99_999, 100_000, 100_001) for line in (f"{n}、第几题？", f"A. {n}", "B. 都不是")]
    report = check_text(*asked, "参考答案", "99999-100000 AB", "100001.A")
    assert (keys(report), report.problems) == ([["A"], ["B"], ["A"]], ())


def test_an_answer_that_draws_a_blank_holds_another_question() -> None:
    report = check_text("一、填空题", "1. 甲是___。答案：乙 丙是___。答案：丁", "2. 戊是___。答案：己")
    assert (codes(report), keys(report)) == ([(2, "questions_glued")], [[["己"]]])


def test_a_first_question_that_lacks_its_number_is_not_lost() -> None:
    report = check_text("判断题", "水是湿的。", "答案：对", "2. 山比天高。", "答案：错", "3. 火是冷的。", "答案：错")
    assert keys(report) == [["对"], ["错"], ["错"]]
