# ruff: noqa: E501  (samples stand as they come)
"""QTI 1.2 as each maker writes it, 2.x and 3.0, single items and packages: every question right, or named."""

import pytest

from question_bank.check import Report, check_file
from tests.workbooks import check_text, codes, keys, kinds, warned, zipped

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


# --- QTI 1.2 ---------------------------------------------------------------------------------------------------------


def item(body: str, processing: str = "", *, kind: str = "", ident: str = "i1", feedback: str = "") -> str:
    about = (
        f"<itemmetadata><qtimetadata><qtimetadatafield><fieldlabel>question_type</fieldlabel><fieldentry>{kind}</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>"
        if kind
        else ""
    )
    stem = (
        ""
        if "<material>" in body[:10]
        else '<material><mattext texttype="text/html">&lt;p&gt;题干？&lt;/p&gt;</mattext></material>'
    )
    return f'<item ident="{ident}">{about}<presentation>{stem}{body}</presentation><resprocessing><outcomes><decvar varname="SCORE" maxvalue="1"/></outcomes>{processing}</resprocessing>{feedback}</item>'


def choices(*texts: str, cardinality: str = "Single") -> str:
    labels = "".join(
        f'<response_label ident="x{n}"><material><mattext texttype="text/plain">{text}</mattext></material></response_label>'
        for n, text in enumerate(texts, 1)
    )
    return (
        f'<response_lid ident="r" rcardinality="{cardinality}"><render_choice>{labels}</render_choice></response_lid>'
    )


def earns(condition: str, points: str = "100", attributes: str = 'action="Set"', more: str = "") -> str:
    return f"<respcondition><conditionvar>{condition}</conditionvar><setvar {attributes}>{points}</setvar>{more}</respcondition>"


def equal(value: str, response: str = "r") -> str:
    return f'<varequal respident="{response}">{value}</varequal>'


def qti(*items: str) -> Report:
    return check_text("<questestinterop>", *items, "</questestinterop>", name="quiz.xml")


@pytest.mark.parametrize(
    "words", [("True", "False"), ("对", "错"), ("错误", "正确"), ("true_false.true", "true_false.false")]
)
@pytest.mark.parametrize("kind", ["", "multiple_choice_question", "true_false_question"])
def test_a_choice_of_two_verdicts_is_a_judgement(words: tuple[str, str], kind: str) -> None:
    report = qti(item(choices(*words), earns(equal("x1")), kind=kind))
    assert (kinds(report), keys(report)) == (["true_false"], [["错" if words[0] == "错误" else "对"]])


def test_two_options_in_a_language_we_do_not_know_stay_a_choice() -> None:
    report = qti(item(choices("Vrai", "Faux"), earns(equal("x2")), kind="true_false_question"))
    assert (kinds(report), keys(report)) == (["single_choice"], [["B"]])


def test_the_best_answer_to_a_choice_of_one_is_right_and_the_others_are_said() -> None:
    report = qti(
        item(choices("甲", "乙", "丙"), earns(equal("x1"), "50") + earns(equal("x2"), "10") + earns(equal("x3"), "0"))
    )
    assert (keys(report), warned(report)) == ([["A"]], ["partial_credit"])


def test_two_right_answers_to_a_choice_of_one_are_a_problem() -> None:
    assert codes(qti(item(choices("甲", "乙"), earns(f"<or>{equal('x1')}{equal('x2')}</or>")))) == [
        (1, "kind_and_key_disagree")
    ]


@pytest.mark.parametrize(
    "processing",
    [
        earns(f"<and>{equal('x1')}<not>{equal('x2')}</not>{equal('x3')}</and>"),
        earns(f"<and>{equal('x1')}<not>{equal('x2')}</not>{equal('x3')}</and>", "SCORE.max", 'variablename="SCORE" action="Set"'),
        earns(equal("x1"), "50", 'action="Add"') + earns(equal("x2"), "-50", 'action="Add"') + earns(equal("x3"), "50", 'action="Add"'),
        earns(equal("x1"), "1", 'varname="D2L_Correct" action="Add"') + earns(equal("x2"), "1", 'varname="D2L_Incorrect" action="Add"')
        + earns(equal("x3"), "1", 'varname="D2L_Correct" action="Add"'),
    ],
)  # fmt: skip
def test_several_right_answers_as_canvas_blackboard_and_d2l_write_them(processing: str) -> None:
    report = qti(item(choices("甲", "乙", "丙", cardinality="Multiple"), processing))
    assert (kinds(report), keys(report)) == (["multiple_choice"], [["A", "C"]])


def test_a_key_that_points_at_no_option_is_named() -> None:
    report = qti(
        item(choices("甲", "乙"), earns(f"<and>{equal('x0')}{equal('x2')}</and>"), kind="multiple_answers_question")
    )
    assert codes(report) == [(1, "not_well_formed")]


def test_either_of_several_in_a_choice_of_many_is_named() -> None:
    condition = f"<or>{equal('x1')}{equal('x2')}</or>"
    assert codes(qti(item(choices("甲", "乙", "丙", cardinality="Multiple"), earns(condition)))) == [
        (1, "not_well_formed")
    ]


def fib(ident: str = "r", more: str = "") -> str:
    return f'<response_str ident="{ident}"><render_fib {more}/></response_str>'


def test_typed_answers_and_their_spellings() -> None:
    report = qti(item(fib(), earns(equal("北京") + equal("Beijing")), kind="short_answer_question"))
    assert (kinds(report), keys(report), report.questions[0].content.stem) == (
        ["fill_blank"],
        [[["北京", "Beijing"]]],
        "题干？",
    )


def test_blackboards_blanks_are_called_correct_and_carry_no_points() -> None:
    shown = '<displayfeedback linkrefid="correct"/>'
    condition = f"<respcondition><conditionvar>{equal('北京')}</conditionvar>{shown}</respcondition>"
    wrong = earns("<other/>", "0", more='<displayfeedback linkrefid="incorrect"/>')
    assert keys(qti(item(fib(more='prompt="Box"'), condition + wrong))) == [[["北京"]]]


def test_blanks_amid_the_words_and_by_their_names() -> None:
    def words(text: str) -> str:
        return f"<material><mattext>{text}</mattext></material>"

    amid = item(
        words("甲是") + fib("a") + words("，乙是") + fib("b") + words("。"),
        earns(equal("1", "a")) + earns(equal("2", "b")),
    )
    label = '<response_label ident="{0}"><material><mattext>{0}</mattext></material></response_label>'
    lids = "".join(
        f'<response_lid ident="response_{name}">{words(name)}<render_choice>{"".join(map(label.format, texts))}</render_choice></response_lid>'
        for name, texts in (("c1", ["红", "赤"]), ("c2", ["蓝"]))
    )
    named = item(
        words("[c1]和[c2]") + lids,
        earns(equal("红", "response_c1"), "50"),
        kind="fill_in_multiple_blanks_question",
        ident="i2",
    )
    report = qti(amid, named)
    assert [q.content.stem for q in report.questions] == ["甲是 ____ ，乙是 ____ 。", "____和____"]
    assert keys(report) == [[["1"], ["2"]], [["红", "赤"], ["蓝"]]]


def test_an_essay_has_its_solution_as_model_answer() -> None:
    solution = '<itemfeedback ident="s"><solution><solutionmaterial><material><mattext>要点</mattext></material></solutionmaterial></solution></itemfeedback>'
    report = qti(item(fib(), kind="essay_question", feedback=solution))
    assert (kinds(report), keys(report)) == (["short_answer"], [["要点"]])


def test_feedback_for_everybody_before_feedback_for_the_right() -> None:
    def feedback(ident: str, text: str) -> str:
        return f'<itemfeedback ident="{ident}"><material><mattext>{text}</mattext></material></itemfeedback>'

    right = earns(equal("x1"), more='<displayfeedback linkrefid="right"/>')
    wrong = '<respcondition><conditionvar/><displayfeedback linkrefid="wrong"/></respcondition>'
    canvas = wrong.replace("wrong", "general_fb") + wrong.replace("wrong", "general_incorrect_fb")
    both = feedback("right", "对了") + feedback("wrong", "错了")
    report = qti(
        item(choices("甲", "乙"), right + wrong, feedback=both + feedback("all", "总的")),
        item(choices("丙", "丁"), right + wrong, feedback=both, ident="i2"),
        item(
            choices("戊", "己"),
            right + canvas,
            feedback=feedback("general_fb", "都看") + feedback("general_incorrect_fb", "错了"),
            ident="i3",
        ),
    )
    assert [q.content.explanation for q in report.questions] == ["总的", "对了", "都看"]


def test_text_in_blackboards_own_element() -> None:
    stem = '<flow><flow><material><mat_extension><mat_formattedtext type="HTML">&lt;b&gt;哪个&lt;/b&gt;？</mat_formattedtext></mat_extension></material></flow></flow>'
    report = qti(
        f"<item><presentation>{stem}{choices('甲', '乙')}</presentation><resprocessing>{earns(equal('x2'))}</resprocessing></item>"
    )
    assert (report.questions[0].content.stem, keys(report)) == ("哪个？", [["B"]])


@pytest.mark.parametrize(
    "unsupported",
    [
        item(choices("甲", "乙", cardinality="Ordered"), earns(equal("x1"))),
        item(choices("甲", "乙") + choices("甲", "乙"), earns(equal("x1"))),
        item(fib(), earns('<vargte respident="r">3</vargte>')),
        item(choices("甲", "乙"), kind="matching_question"),
        item(fib(), kind="numerical_question"),
        item("", kind="file_upload_question"),
        item(""),
    ],
)
def test_kinds_of_1_2_we_have_not_are_named(unsupported: str) -> None:
    assert codes(qti(unsupported, item(choices("甲", "乙"), earns(equal("x1")), ident="i2"))) == [
        (1, "kind_not_supported")
    ]


def test_a_text_that_asks_nothing_is_said() -> None:
    report = qti(item("", kind="text_only_question"), item(choices("甲", "乙"), earns(equal("x1")), ident="i2"))
    assert (report.total, report.problems, warned(report)) == (1, (), ["description"])


# --- QTI 2 and 3 -----------------------------------------------------------------------------------------------------


def item_2(declarations: str, body: str, more: str = "", ident: str = "i") -> str:
    return f'<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p2" identifier="{ident}" title="t">{declarations}<itemBody>{body}</itemBody>{more}</assessmentItem>'


def declared(inside: str, cardinality: str = "single", ident: str = "R") -> str:
    return f'<responseDeclaration identifier="{ident}" cardinality="{cardinality}" baseType="identifier">{inside}</responseDeclaration>'


def correct(*values: str) -> str:
    return "<correctResponse>" + "".join(f"<value>{value}</value>" for value in values) + "</correctResponse>"


def mapped(**points: float) -> str:
    return (
        "<mapping>"
        + "".join(f'<mapEntry mapKey="{key}" mappedValue="{worth}"/>' for key, worth in points.items())
        + "</mapping>"
    )


def asked(*texts: str, most: int = 1) -> str:
    return f'<p>哪个？</p><choiceInteraction responseIdentifier="R" maxChoices="{most}">' + "".join(
        f'<simpleChoice identifier="x{n}">{text}</simpleChoice>' for n, text in enumerate(texts, 1)
    ) + "</choiceInteraction>"  # fmt: skip


def read(*items: str) -> Report:
    return check_file(zipped({f"q{n}.xml": each for n, each in enumerate(items, 1)}), "package.zip")


def test_keys_by_mapping_and_by_processing() -> None:
    match = (
        "<responseProcessing><responseCondition><responseIf><match><variable identifier='R'/><baseValue>x2</baseValue></match>"
        "<setOutcomeValue identifier='SCORE'><baseValue>1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>"
    )
    report = read(
        item_2(declared(mapped(x1=1, x2=1, x3=-1), "multiple"), asked("甲", "乙", "丙", most=0), ident="a"),
        item_2(declared(mapped(x1=0.5, x2=1)), asked("甲", "乙"), ident="b"),
        item_2(declared(""), asked("丁", "戊"), match, ident="c"),
    )
    assert (kinds(report), keys(report)) == (
        ["multiple_choice", "single_choice", "single_choice"],
        [["A", "B"], ["B"], ["B"]],
    )
    assert warned(report) == ["partial_credit"]


def test_two_verdicts_are_a_judgement_in_2_too() -> None:
    assert kinds(read(item_2(declared(correct("x1")), asked("True ", "False ")))) == ["true_false"]


def test_a_key_of_several_for_a_choice_of_one_and_a_key_of_none() -> None:
    report = read(
        item_2(declared(correct("x1", "x2")), asked("甲", "乙"), ident="a"),
        item_2(declared(correct("x9")), asked("甲", "乙"), ident="b"),
        item_2(declared(correct("x1")), asked("丙", "丁"), ident="c"),
    )
    assert codes(report) == [(1, "kind_and_key_disagree"), (2, "not_well_formed")]


def test_several_blanks_with_their_spellings() -> None:
    body = '<p>甲<textEntryInteraction responseIdentifier="a"/>乙<textEntryInteraction responseIdentifier="b"/></p>'
    report = read(item_2(declared(correct("1") + mapped(一=1), ident="a") + declared(correct("2"), ident="b"), body))
    assert (keys(report), report.questions[0].content.stem) == ([[["1", "一"], ["2"]]], "甲____乙____")


def test_feedback_is_the_explanation_and_rubrics_are_not_read() -> None:
    more = (
        '<modalFeedback identifier="wrong">错了</modalFeedback><modalFeedback identifier="correct">对了</modalFeedback>'
    )
    body = '<rubricBlock view="scorer"><p>评分</p></rubricBlock>' + asked("甲", "乙")
    content = read(item_2(declared(correct("x1")), body, more)).questions[0].content
    assert (content.stem, content.explanation) == ("哪个？", "对了")


@pytest.mark.parametrize(
    "kind", ["match", "order", "gapMatch", "inlineChoice", "hottext", "hotspot", "upload", "slider", "custom"]
)
def test_kinds_of_2_we_have_not_are_named(kind: str) -> None:
    unsupported = item_2(declared(correct("x")), f'<p>题</p><{kind}Interaction responseIdentifier="R"/>', ident="a")
    assert codes(read(unsupported, item_2(declared(correct("x1")), asked("甲", "乙")))) == [(1, "kind_not_supported")]


def test_a_question_with_variables_is_named() -> None:
    assert codes(read(item_2(declared(correct("x1")), asked('<printedVariable identifier="T"/>', "乙")))) == [
        (1, "kind_not_supported")
    ]


# --- packages --------------------------------------------------------------------------------------------------------


def test_quizzes_that_share_an_identifier_are_all_read() -> None:
    def quiz(stem: str) -> str:
        words = f"<material><mattext>{stem}</mattext></material>"
        return f'<questestinterop><assessment ident="A1"><section>{item(words + choices("甲", "乙"), earns(equal("x1")))}</section></assessment></questestinterop>'

    report = check_file(zipped({"a/q.xml": quiz("一"), "b/q.xml": quiz("二"), "c/q.xml": quiz("一")}), "quizzes.imscc")
    assert [q.content.stem for q in report.questions] == ["一", "二"]


def test_a_bank_of_items_and_blackboards_files_are_read() -> None:
    bank = f'<questestinterop><objectbank ident="b">{item(choices("甲", "乙"), earns(equal("x2")))}</objectbank></questestinterop>'
    assert keys(
        check_file(zipped({"folder/imsmanifest.xml": "<manifest/>", "folder/res00001.dat": bank}), "pool.zip")
    ) == [["B"]]


def test_a_file_that_the_manifest_names_and_the_package_lacks_is_said() -> None:
    manifest = '<manifest><resources><resource type="imsqti_item_xmlv2p1" href="gone.xml"/><resource type="webcontent" href="a.png"/></resources></manifest>'
    report = check_file(
        zipped({"imsmanifest.xml": manifest, "q.xml": item_2(declared(correct("x1")), asked("甲", "乙"))}), "p.zip"
    )
    assert (report.total, warned(report)) == (1, ["file_missing"])


def test_a_damaged_file_in_a_package_is_a_problem_and_the_others_are_read() -> None:
    sound = item_2(declared(correct("x1")), asked("甲", "乙"))
    report = check_file(zipped({"a.xml": sound, "b.xml": sound[:-30], "c.xml": "<other"}), "p.zip")
    assert (report.total, codes(report)) == (1, [(None, "damaged_xml")])


def test_a_declaration_that_is_not_quite_right_is_read_past() -> None:
    sound = '<?xml version="1.0"encoding="UTF-8"?>' + item_2(declared(correct("x1")), asked("甲", "乙"))
    assert check_file(zipped({"a.xml": sound}), "p.zip").total == check_text(sound, name="a.xml").total == 1


@pytest.mark.parametrize(
    ("mapping", "processing"),
    [
        ('<mapping><mapEntry mapKey="x7" mappedValue="0"/><mapEntry mapKey="x9" mappedValue="1"/></mapping>', '<responseProcessing template="http://x/map_response"/>'),
        ("", '<responseProcessing><responseCondition><responseIf><match><variable identifier="R"/><baseValue>x9</baseValue></match><setOutcomeValue identifier="SCORE"><baseValue>1</baseValue></setOutcomeValue></responseIf></responseCondition></responseProcessing>'),
    ],
)  # fmt: skip
def test_a_right_answer_that_earns_nothing_is_named(mapping: str, processing: str) -> None:
    item = ITEM_2.format(ident="i", cardinality="single", values="<value>x7</value>")
    item = item.replace("</correctResponse>", f"</correctResponse>{mapping}").replace(
        "</itemBody>", f"</itemBody>{processing}"
    )
    assert codes(check_file(item.encode(), "item.xml")) == [(1, "not_well_formed")]
