# ruff: noqa: E501  (samples stand as they come)
"""GIFT, Moodle XML, QTI, Kahoot: what other quiz systems export."""

from question_bank.check import check_file
from tests.workbooks import check_rows, check_text, codes, keys, kinds, zipped


def gift(*lines: str):  # type: ignore[no-untyped-def]
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


ITEM_2 = """<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="{ident}" title="t">
<responseDeclaration identifier="R" cardinality="{cardinality}" baseType="identifier"><correctResponse>{values}</correctResponse></responseDeclaration>
<itemBody><p>哪个？</p><choiceInteraction responseIdentifier="R" maxChoices="0"><prompt>选：</prompt>
<simpleChoice identifier="x7">红</simpleChoice><simpleChoice identifier="x9">绿</simpleChoice></choiceInteraction></itemBody></assessmentItem>"""


def test_qti_2_identifiers_are_not_letters() -> None:
    one = ITEM_2.format(ident="i1", cardinality="single", values="<value>x9</value>")
    two = ITEM_2.format(ident="i2", cardinality="multiple", values="<value>x7</value><value>x9</value>")
    manifest = '<manifest><resources><resource href="not-there.xml"/></resources></manifest>'
    report = check_file(zipped({"imsmanifest.xml": manifest, "a.xml": one, "b.xml": two}), "package.zip")
    assert (kinds(report), keys(report)) == (["single_choice", "multiple_choice"], [["B"], ["A", "B"]])
    assert report.questions[0].content.stem == "哪个？\n选："


def test_qti_3_by_its_own_names() -> None:
    item = """<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="i">
    <qti-response-declaration identifier="R" cardinality="single"><qti-correct-response><qti-value>北京</qti-value></qti-correct-response></qti-response-declaration>
    <qti-item-body><p>首都是<qti-text-entry-interaction response-identifier="R"/>。</p></qti-item-body></qti-assessment-item>"""
    report = check_file(item.encode(), "item.xml")
    assert (kinds(report), keys(report), report.questions[0].content.stem) == (
        ["fill_blank"],
        [[["北京"]]],
        "首都是____。",
    )


def test_qti_1_2_and_a_quiz_that_stands_twice_in_its_package() -> None:
    quiz = """<questestinterop><assessment ident="q1"><section><item ident="i1"><presentation><material><mattext texttype="text/html">&lt;p&gt;哪个？&lt;/p&gt;</mattext></material>
    <response_lid ident="r1" rcardinality="Single"><render_choice><response_label ident="4501"><material><mattext>红</mattext></material></response_label>
    <response_label ident="4502"><material><mattext>绿</mattext></material></response_label></render_choice></response_lid></presentation>
    <resprocessing><respcondition><conditionvar><varequal respident="r1">4502</varequal></conditionvar><setvar action="Set">100</setvar></respcondition></resprocessing></item></section></assessment></questestinterop>"""
    report = check_file(zipped({"q1/assessment_qti.xml": quiz, "non_cc_assessments/q1.xml.qti": quiz}), "quiz.imscc")
    assert (report.total, report.duplicates, keys(report)) == (1, 0, [["B"]])


def test_a_kahoot_sheet() -> None:
    report = check_rows(
        [], ["", "Quiz template"],
        ["", "Question - max 120 characters", "Answer 1 - max 75 characters", "Answer 2 - max 75 characters", "Answer 3 - max 75 characters",
         "Time limit (sec) – 5, 10, 20 secs", "Correct answer(s) - choose at least one"],
        [1, "Which?", "red", "green", "blue", 20, "2"], [2, "Which ones?", "red", "green", "blue", 20, "1,3"], [3], [4],
    )  # fmt: skip
    assert (keys(report), report.problems) == ([["B"], ["A", "C"]], ())


def test_gift_without_blank_lines_between_questions() -> None:
    report = gift("Sky? {=blue ~red}", "Grass? {=green ~red}", "The earth is round. {T}")
    assert keys(report) == [["A"], ["A"], ["对"]]


def test_moodle_sets_of_choices_are_several_choices() -> None:
    answers = "".join(
        f'<answer fraction="{fraction}"><text>{text}</text></answer>'
        for text, fraction in [("a", 100), ("b", 100), ("c", 0)]
    )
    body = f'<quiz><question type="multichoiceset"><questiontext><text>Which?</text></questiontext>{answers}</question></quiz>'
    assert keys(check_text(body, name="bank.xml")) == [["A", "B"]]
