"""A bank that goes out as GIFT or QTI imports again unchanged, and what a format cannot carry is said."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from xml.etree.ElementTree import Element
from zipfile import ZipFile

import pytest
from defusedxml import ElementTree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from question_bank.check import check_file
from question_bank.content import QuestionContent
from question_bank.exporting import Format, exported, format_of
from question_bank.kinds import QuestionKind as Kind
from question_bank.reading.markup import local
from tests.bank.test_writing import contents

OTHERS = [Format.GIFT, Format.QTI]
NASTY = "{=甲 ~乙}\n::名::\\n \\= %50% #对 // $CATEGORY: x <b>&amp;</b> 𠮷 =1+1"

SINGLE = QuestionContent(
    Kind.SINGLE_CHOICE, "哪个？", ("A. 红", "B. 绿"), frozenset({2}), explanation="因为\n所以", source="某法第 3 条",
    domain="产品/食品", difficulty="易", checked_on=date(2026, 6, 20), valid_until=date(2027, 1, 1),
)  # fmt: skip
SEVERAL = QuestionContent(Kind.MULTIPLE_CHOICE, "哪些？", tuple("甲乙丙丁戊己庚辛"), frozenset({1, 3, 8}))
ONE_OF_SEVERAL = QuestionContent(Kind.MULTIPLE_CHOICE, "哪些是？", ("对", "错"), frozenset({1}))
VERDICT = QuestionContent(
    Kind.TRUE_FALSE, "对吗？", choices=frozenset({2}), explanation="解析：解析：来源：\n来源：不是来源"
)
BLANKS = QuestionContent(Kind.FILL_BLANK, "____的首都是____。", blanks=(("中国", "我国"), ("北京", "Beijing", "北平")))
ESSAY = QuestionContent(Kind.SHORT_ANSWER, "为什么？", model_answer="因为\n\n所以", explanation="说明", source="教材")
LONG = QuestionContent(Kind.FILL_BLANK, "字" * 1_990 + "____。", blanks=((NASTY,),))
NASTY_ONE = QuestionContent(
    Kind.SINGLE_CHOICE, "[html]" + NASTY, (NASTY, "[plain]%100%甲", "%-100%乙", "=丙", "//丁"), frozenset({3}),
    explanation=NASTY, source=NASTY, domain="top", difficulty="a]b\\c",
)  # fmt: skip
BANK = [SINGLE, SEVERAL, ONE_OF_SEVERAL, VERDICT, BLANKS, ESSAY, LONG, NASTY_ONE]


def back(bank: list[QuestionContent], form: Format) -> list[QuestionContent]:
    report = check_file(exported(bank, form).data, f"bank.{form.ending}")
    assert (report.problems, report.duplicates) == ((), 0)
    return [question.content for question in report.questions]


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("content", BANK, ids=lambda content: content.stem[:6])
def test_each_kind_comes_back_as_it_was(content: QuestionContent, form: Format) -> None:
    assert back([content], form) == [content]
    assert exported([content], form).lost == ()


@pytest.mark.parametrize("form", Format)
def test_a_whole_bank_comes_back_in_its_order(form: Format) -> None:
    assert back(BANK, form) == BANK


def cannot_be_gift(content: QuestionContent) -> bool:
    """GIFT has one answer for several blanks: their texts stand in it with ； between them. An arrow makes a pair."""
    texts = [text for accepted in content.blanks for text in accepted]
    return any("->" in text for text in texts) or (len(content.blanks) > 1 and any("；" in text for text in texts))


def without_repeats(content: QuestionContent) -> QuestionContent:
    return replace(content, blanks=tuple(tuple(dict.fromkeys(texts)) for texts in content.blanks))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(contents(), min_size=1, max_size=3, unique_by=lambda c: c.fingerprint), st.sampled_from(OTHERS))
def test_a_bank_comes_back_or_it_is_said(bank: list[QuestionContent], form: Format) -> None:
    bank = [without_repeats(content) for content in bank]
    is_lost = bool(exported(bank, form).lost)
    if form is not Format.GIFT:
        assert not is_lost
    elif any(map(cannot_be_gift, bank)):
        assert is_lost
    else:  # 对 and x as the two options of a 单选 are read as the verdicts of a 判断, and that is said
        assert not is_lost or any(len(content.options) == 2 for content in bank)


def test_what_gift_cannot_carry_is_said_by_field_and_question() -> None:
    blanks = QuestionContent(Kind.FILL_BLANK, "____和____", blanks=(("a；b",), ("c",)))
    lost = exported([VERDICT, blanks], Format.GIFT).lost
    assert len(lost) == 1 and "答案" in lost[0] and "第 2 题" in lost[0]
    assert exported([VERDICT, blanks], Format.QTI).lost == ()


def test_a_picture_that_is_not_in_the_file_is_said() -> None:
    lost = exported([replace(SINGLE, pictures=((0, "0" * 64),))], Format.GIFT).lost
    assert len(lost) == 1 and "图" in lost[0]


def test_gift_is_what_moodle_reads() -> None:
    text = exported([SINGLE, SEVERAL, VERDICT, BLANKS], Format.GIFT).data.decode()
    assert "$CATEGORY: $course$/top/产品/食品\n" in text
    assert "[tag:难度：易]" in text
    assert "[plain]哪个？ {\n\t~A. 红\n\t=B. 绿\n####因为\\n所以\\n来源：某法第 3 条}" in text
    assert "~%33.33333%甲" in text and "~%-100%乙" in text
    assert "{FALSE####" in text
    assert "=中国；北京\n" in text and "=我国；Beijing\n" in text


def elements(package: bytes, path: str) -> Element:
    root: Element = ElementTree.fromstring(ZipFile(BytesIO(package)).read(path))
    return root


def test_a_qti_package_names_each_item_and_its_parts_stand_in_the_order_of_the_schema() -> None:
    package = exported(BANK, Format.QTI).data
    manifest = elements(package, "imsmanifest.xml")
    hrefs = [e.get("href") for e in manifest.iter() if local(e) == "resource"]
    assert hrefs == [name for name in ZipFile(BytesIO(package)).namelist() if name != "imsmanifest.xml"]
    order = ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback"]
    for href in hrefs:
        places = [order.index(local(part)) for part in elements(package, str(href))]
        assert places == sorted(places)


def test_each_item_declares_what_it_asks_and_marks() -> None:
    package = exported(BANK, Format.QTI).data
    for number in range(1, len(BANK) + 1):
        item = elements(package, f"items/q{number:04d}.xml")
        declared = {e.get("identifier") for e in item if local(e) == "responseDeclaration"}
        asked = {e.get("responseIdentifier") for e in item.iter() if e.get("responseIdentifier")}
        idents = {e.get("identifier") for e in item.iter() if local(e) == "simpleChoice"}
        correct = {e.text for c in item.iter() if local(c) == "correctResponse" for e in c}
        assert declared == asked
        assert not idents or correct <= idents


def test_the_same_bank_gives_the_same_bytes() -> None:
    for form in OTHERS:
        assert exported(BANK, form).data == exported(BANK, form).data


def test_the_ending_chooses_the_format() -> None:
    assert [format_of(f"x.{ending}") for ending in ("XLSX", "gift", "txt", "zip", "doc")] == [
        Format.WORKBOOK, Format.GIFT, Format.GIFT, Format.QTI, None,
    ]  # fmt: skip
