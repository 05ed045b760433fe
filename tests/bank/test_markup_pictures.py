# ruff: noqa: E501  (samples stand as they come)
"""Pictures that HTML, QTI and GIFT refer to: those within reach come in, the others are named."""

from base64 import b64encode

from question_bank.check import check_file
from tests.picture_files import png, shown
from tests.workbooks import check_text, codes, options, zipped

INSIDE = f"data:image/png;base64,{b64encode(png()).decode()}"
ITEM = (
    '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i"><responseDeclaration identifier="R" '
    'cardinality="single"><correctResponse><value>b</value></correctResponse></responseDeclaration><itemBody><p>{stem}</p>'
    '<choiceInteraction responseIdentifier="R" maxChoices="1"><simpleChoice identifier="a">{a}</simpleChoice>'
    '<simpleChoice identifier="b">{b}</simpleChoice></choiceInteraction></itemBody></assessmentItem>'
)


def test_a_package_holds_the_pictures_of_its_items() -> None:
    item = ITEM.format(
        stem="哪一个？<img src='../media/s%20t.png' alt=''/>",
        a="<img src='../media/a.png' alt='甲'/>",
        b="<object data='../media/b.png' type='image/png'/>",
    )
    media = {"media/s t.png": png(shade=1), "media/a.png": png(shade=2), "media/b.png": png(shade=3)}
    report = check_file(zipped({"items/1.xml": item, **media}), "bank.zip")
    assert shown(report) == [[(0, png(shade=1)), (1, png(shade=2)), (2, png(shade=3))]]
    assert options(report) == [["", ""]]


def test_what_a_package_lacks_and_what_lies_on_the_web_are_problems() -> None:
    lacking = ITEM.format(stem="<img src='none.png'/>哪？", a="甲", b="乙")
    linked = ITEM.format(stem="<img src='https://example.org/a.png'/>哪个？", a="甲", b="乙").replace('"i"', '"j"')
    report = check_file(zipped({"1.xml": lacking, "2.xml": linked}), "bank.zip")
    assert codes(report) == [(1, "picture_missing"), (2, "picture_linked")]


def test_html_within_qti_1_may_show_pictures_of_its_package() -> None:
    material = (
        "<material><mattext texttype='text/html'>哪个？&lt;img src=\"$IMS-CC-FILEBASE$/a.png\"&gt;</mattext></material>"
    )
    labels = "".join(
        f"<response_label ident='{n}'><material><mattext>{t}</mattext></material></response_label>"
        for n, t in ("1甲", "2乙")
    )
    quiz = (
        f"<questestinterop><item ident='q'><presentation>{material}<response_lid ident='r' rcardinality='Single'>"
        f"<render_choice>{labels}</render_choice></response_lid></presentation><resprocessing><respcondition><conditionvar>"
        "<varequal respident='r'>1</varequal></conditionvar><setvar>100</setvar></respcondition></resprocessing></item>"
        "</questestinterop>"
    )
    report = check_file(zipped({"quiz.xml": quiz, "web_resources/a.png": png()}), "bank.zip")
    assert shown(report) == [[(0, png())]]


def test_gift_shows_pictures_that_stand_in_the_address_itself() -> None:
    inside = (
        f'[html]<p>图中<img src\\="{INSIDE.replace(":", chr(92) + ":").replace("=", chr(92) + "=")}">是？</p> {{T}}'
    )
    beside = '[html]<p>图中<img src\\="@@PLUGINFILE@@/a.png">呢？</p> {F}'
    report = check_text(inside, "", beside, name="bank.gift")
    assert shown(report) == [[(0, png())]]
    assert [code for _, code in codes(report)] == ["picture_linked"]


def test_a_table_of_a_web_page_keeps_its_pictures() -> None:
    rows = [["题干", "答案"], [f"图中<img src='{INSIDE}'>是？", "对"], ["<img src='a_files/1.png'>这个呢？", "错"]]
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    report = check_file(f"<html><table>{body}</table></html>".encode(), "bank.xls")
    assert shown(report) == [[(0, png())]]
    assert codes(report) == [(3, "picture_linked")]
