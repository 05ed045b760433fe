# ruff: noqa: E501  (samples stand as they come)
"""Moodle XML: every question right, or named."""

from base64 import b64encode

import pytest

from question_bank.check import Report, check_file
from tests.picture_files import png, shown
from tests.workbooks import check_text, codes, keys, kinds, warned


def test_moodle_xml() -> None:
    def question(kind: str, text: str, rest: str) -> str:
        return f'<question type="{kind}"><questiontext format="html"><text><![CDATA[<p>{text}</p>]]></text></questiontext>{rest}</question>'

    answers = '<answer fraction="100"><text>甲</text></answer><answer fraction="0"><text>乙</text></answer>'
    xml = "<?xml version='1.0' encoding='UTF-8'?><quiz>" + "".join(
        [
            '<question type="category"><category><text>x</text></category></question>',
            question("multichoice", "哪个？", "<single>true</single>" + answers),
            question("multichoice", "哪些？", "<single>false</single>" + answers.replace('"0"', '"50"').replace('"100"', '"50"')),
            question("truefalse", "对吗？", '<answer fraction="0"><text>true</text></answer><answer fraction="100"><text>false</text></answer>'),
            question("shortanswer", "填？", answers),
            question("essay", "写？", ""),
            question("matching", "配？", ""),
        ]
    ) + "</quiz>"  # fmt: skip
    report = check_file(xml.encode(), "bank.xml")
    assert keys(report) == [["A"], ["A", "B"], ["错"], [["甲"]], []]
    assert (codes(report), report.questions[0].content.stem) == ([(6, "kind_not_supported")], "哪个？")


def test_moodle_sets_of_choices_are_several_choices() -> None:
    answers = "".join(
        f'<answer fraction="{fraction}"><text>{text}</text></answer>'
        for text, fraction in [("a", 100), ("b", 100), ("c", 0)]
    )
    body = f'<quiz><question type="multichoiceset"><questiontext><text>Which?</text></questiontext>{answers}</question></quiz>'
    assert keys(check_text(body, name="bank.xml")) == [["A", "B"]]


def quiz(*questions: str) -> Report:
    return check_text("<?xml version='1.0' encoding='UTF-8'?><quiz>", *questions, "</quiz>", name="bank.xml")


def one(kind: str, *answers: tuple[object, str], rest: str = "") -> str:
    """A question whose answers are (fraction, text)."""
    written = "".join(f'<answer fraction="{worth}"><text><![CDATA[{text}]]></text></answer>' for worth, text in answers)
    return f'<question type="{kind}"><name><text>名</text></name><questiontext format="html"><text>题干？</text></questiontext>{rest}{written}</question>'


def category(path: str) -> str:
    return f'<question type="category"><category><text>{path}</text></category></question>'


def test_a_category_is_the_domain_of_what_follows() -> None:
    verdict = one("truefalse", (100, "true"), (0, "false"))
    report = quiz(category("$course$/top/产品/食品"), verdict, category("top"), verdict.replace("题干", "题"))
    assert [q.content.domain for q in report.questions] == ["产品/食品", ""]


def test_a_choice_of_true_and_false_is_a_judgement() -> None:
    report = quiz(one("multichoice", (0, "<p>对</p>"), (100, "<p>错</p>"), rest="<single>true</single>"))
    assert (kinds(report), keys(report)) == (["true_false"], [["错"]])


def test_an_answer_worth_a_part_is_wrong_and_that_is_said() -> None:
    report = quiz(one("multichoice", (100, "甲"), (50, "乙"), (0, "丙")), one("multichoice", (100, "丁"), (100, "戊")))
    assert (keys(report), warned(report), codes(report)) == (
        [["A"]],
        ["partial_credit"],
        [(2, "kind_and_key_disagree")],
    )


def test_a_choice_of_several_takes_all_that_earn() -> None:
    single = "<single>false</single>"
    report = quiz(one("multichoice", ("33.33333", "甲"), ("66,66667", "乙"), (-100, "丙"), rest=single))
    assert (kinds(report), keys(report)) == (["multiple_choice"], [["A", "B"]])


@pytest.mark.parametrize(
    ("answers", "accepted"),
    [
        ([(100, "北京"), (100, "Beijing"), (50, "北平"), (0, "*")], ("北京", "Beijing")),
        ([(100, "a\\*b")], ("a*b",)),
        ([(100, "x < y")], ("x < y",)),
    ],
)
def test_typed_answers_that_earn_everything_are_accepted(
    answers: list[tuple[int, str]], accepted: tuple[str, ...]
) -> None:
    assert quiz(one("shortanswer", *answers)).questions[0].content.blanks == (accepted,)


def test_a_wildcard_is_named() -> None:
    assert codes(quiz(one("shortanswer", (100, "*北京*")), one("essay"))) == [(1, "not_well_formed")]


def test_feedback_source_tags_and_hidden_questions() -> None:
    rest = (
        "<generalfeedback format='html'><text>&lt;p&gt;因为&lt;/p&gt;&lt;p&gt;来源：某法&lt;/p&gt;</text></generalfeedback><hidden>1</hidden>"
        "<tags><tag><text>难度：难</text></tag></tags>"
    )
    report = quiz(one("truefalse", (100, "true"), (0, "false"), rest=rest))
    content = report.questions[0].content
    assert (content.explanation, content.source, content.difficulty) == ("因为", "某法", "难")
    assert warned(report) == ["question_hidden"]


def test_a_model_answer_is_the_graders_information() -> None:
    report = quiz(one("essay", rest="<graderinfo format='html'><text>要点</text></graderinfo>"))
    assert (kinds(report), keys(report)) == (["short_answer"], [["要点"]])


def with_file(data: bytes) -> Report:
    file = f"<file name='a b.png' path='/' encoding='base64'>{b64encode(data).decode()}</file>"
    text = f"<text>&lt;p&gt;图中&lt;img src='@@PLUGINFILE@@/a%20b.png'/&gt;是？&lt;/p&gt;</text>{file}"
    stem = f"<questiontext format='html'>{text}</questiontext>"
    return quiz(f"<question type='truefalse'>{stem}<answer fraction='100'><text>true</text></answer></question>")


def test_pictures_lie_beside_the_text_that_shows_them() -> None:
    report = with_file(png())
    assert report.questions[0].content.stem == "图中是？"
    assert shown(report) == [[(0, png())]]


def test_a_file_that_is_no_picture_makes_its_question_a_problem() -> None:
    assert codes(with_file(b"ABC")) == [(1, "picture_not_supported")]


def test_descriptions_are_said_and_other_kinds_named() -> None:
    kinds_we_have_not = ["matching", "numerical", "cloze", "ddwtos", "ordering", "mtf", "something"]
    report = quiz(one("description"), *(one(kind) for kind in kinds_we_have_not))
    assert codes(report) == [(row, "kind_not_supported") for row in range(1, 8)]
    assert warned(report) == ["description"]
