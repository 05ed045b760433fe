"""A bank as a QTI 2.1 package: a manifest, and one item for each question."""

import zipfile
from collections.abc import Iterable
from io import BytesIO
from types import MappingProxyType
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from question_bank.content import TRUE, QuestionContent
from question_bank.kinds import QuestionKind as Kind
from question_bank.pictures import PictureFile
from question_bank.reading import notes
from question_bank.reading.qti_2 import OWN_TOOL, STEM_CLASS
from question_bank.writing import exact_text
from question_bank.writing_gift import note_of, tags_of
from question_bank.writing_pictures import Pictures

ITEM, MANIFEST, LOM = (
    "http://www.imsglobal.org/xsd/imsqti_v2p1",
    "http://www.imsglobal.org/xsd/imscp_v1p1",
    "http://ltsc.ieee.org/xsd/LOM",
)
_TEMPLATES = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
_MADE_AT = (2026, 1, 1, 0, 0, 0)  # the same bank gives the same bytes
_TITLE_LENGTH = 60

register_namespace("imsmd", LOM)


def qti_package(contents: Iterable[QuestionContent], pictures: Pictures = MappingProxyType({})) -> bytes:
    """The questions in their order, each as items/q0001.xml, with imsmanifest.xml and their pictures in media/."""
    contents = list(contents)
    digits = max(4, len(str(len(contents))))
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        names = [f"q{number:0{digits}d}" for number in range(1, len(contents) + 1)]
        _put(archive, "imsmanifest.xml", _manifest(names, contents, pictures))
        for name, content in zip(names, contents, strict=True):
            _put(archive, f"items/{name}.xml", _item(name, content, pictures))
        shown = {sha256 for content in contents for _, sha256 in content.pictures}
        for sha256 in sorted(shown & pictures.keys()):
            archive.writestr(zipfile.ZipInfo(_path(pictures[sha256]), _MADE_AT), pictures[sha256].data)
    return stream.getvalue()


def _put(archive: zipfile.ZipFile, path: str, root: Element) -> None:
    about = zipfile.ZipInfo(path, _MADE_AT)
    about.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(about, tostring(root, encoding="utf-8", xml_declaration=True))


def _path(picture: PictureFile) -> str:
    return f"media/{picture.sha256}.{picture.media_type.partition('/')[2]}"


def _manifest(names: list[str], contents: list[QuestionContent], pictures: Pictures) -> Element:
    root = Element("manifest", xmlns=MANIFEST, identifier="bank")
    about = SubElement(root, "metadata")
    SubElement(about, "schema").text = "QTIv2.1 Package"
    SubElement(about, "schemaversion").text = "1.0.0"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for name, content in zip(names, contents, strict=True):
        href = f"items/{name}.xml"
        resource = SubElement(resources, "resource", identifier=name, type="imsqti_item_xmlv2p1", href=href)
        _put_keywords(resource, content)
        SubElement(resource, "file", href=href)
        for _, sha256 in content.pictures:
            if sha256 in pictures:
                SubElement(resource, "file", href=_path(pictures[sha256]))
    indent(root)
    return root


def _put_keywords(resource: Element, content: QuestionContent) -> None:
    keywords = tags_of(content)
    if content.domain:
        keywords.append(notes.DOMAIN + content.domain)
    if keywords:
        general = SubElement(SubElement(SubElement(resource, "metadata"), f"{{{LOM}}}lom"), f"{{{LOM}}}general")
        for keyword in keywords:
            text = SubElement(SubElement(general, f"{{{LOM}}}keyword"), f"{{{LOM}}}string", language="zh-CN")
            text.text = exact_xml(keyword)


# --- items -----------------------------------------------------------------------------------------------------------


def _item(name: str, content: QuestionContent, pictures: Pictures) -> Element:
    title = exact_xml(" ".join(content.stem.split())[:_TITLE_LENGTH])
    root = Element(
        "assessmentItem", xmlns=ITEM, identifier=name, title=title, adaptive="false", timeDependent="false",
        toolName=OWN_TOOL, toolVersion="1",
    )  # fmt: skip
    note = note_of(content)
    _declare_responses(root, content)
    score = SubElement(root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
    SubElement(SubElement(score, "defaultValue"), "value").text = "0"
    if note:
        shown = SubElement(root, "outcomeDeclaration", identifier="SHOWN", cardinality="single", baseType="identifier")
        SubElement(SubElement(shown, "defaultValue"), "value").text = "note"
    body = SubElement(root, "itemBody")
    stem = SubElement(body, "p", {"class": STEM_CLASS})
    _put_lines(stem, content.stem)
    _put_interactions(body, content)
    _put_pictures([stem, *body.iter("simpleChoice")], content, pictures)
    _put_processing(root, content)
    if note:
        feedback = SubElement(root, "modalFeedback", outcomeIdentifier="SHOWN", identifier="note", showHide="show")
        _put_lines(feedback, note)
    return root


def _put_lines(element: Element, text: str) -> None:
    """A text whose line breaks are <br/>."""
    first, *others = exact_xml(text).split("\n")
    element.text = first
    for line in others:
        SubElement(element, "br").tail = line


def _put_pictures(places: list[Element], content: QuestionContent, pictures: Pictures) -> None:
    """Behind the words of the stem and of the options, which come in their order."""
    for place, sha256 in content.pictures:
        if sha256 in pictures:
            SubElement(places[place], "img", src=f"../{_path(pictures[sha256])}", alt="图")


def exact_xml(text: str) -> str:
    """What XML can carry of a text."""
    return exact_text(text).replace("_x005F_", "_")


def _responses(content: QuestionContent) -> list[str]:
    count = len(content.blanks) if content.kind is Kind.FILL_BLANK else 1
    return ["RESPONSE"] if count == 1 else [f"RESPONSE{number}" for number in range(1, count + 1)]


def _declare_responses(root: Element, content: QuestionContent) -> None:
    several = "multiple" if content.kind is Kind.MULTIPLE_CHOICE else "single"
    is_typed = content.kind in (Kind.FILL_BLANK, Kind.SHORT_ANSWER)
    for place, ident in enumerate(_responses(content)):
        declaration = SubElement(
            root, "responseDeclaration", identifier=ident, cardinality=several,
            baseType="string" if is_typed else "identifier",
        )  # fmt: skip
        if values := _correct(content, place):
            correct = SubElement(declaration, "correctResponse")
            for value in values:
                SubElement(correct, "value").text = exact_xml(value)
        if content.kind is Kind.FILL_BLANK:
            mapping = SubElement(declaration, "mapping", defaultValue="0")
            for text in content.blanks[place]:
                SubElement(mapping, "mapEntry", mapKey=exact_xml(text), mappedValue="1", caseSensitive="false")


def _correct(content: QuestionContent, place: int) -> list[str]:
    if content.kind is Kind.FILL_BLANK:
        return [content.blanks[place][0]]
    if content.kind is Kind.SHORT_ANSWER:
        return [content.model_answer] if content.model_answer else []
    if content.kind is Kind.TRUE_FALSE:
        return ["true" if TRUE in content.choices else "false"]
    return [_ident(number) for number in sorted(content.choices)]


def _ident(number: int) -> str:
    return f"choice{number}"


def _put_interactions(body: Element, content: QuestionContent) -> None:
    if content.kind is Kind.SHORT_ANSWER:
        SubElement(body, "extendedTextInteraction", responseIdentifier="RESPONSE")
    elif content.kind is Kind.FILL_BLANK:
        line = SubElement(body, "p")
        for ident in _responses(content):
            SubElement(line, "textEntryInteraction", responseIdentifier=ident).tail = " "
    else:
        most = "0" if content.kind is Kind.MULTIPLE_CHOICE else "1"
        interaction = SubElement(
            body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle="false", maxChoices=most
        )
        for ident, text in _choices(content):
            _put_lines(SubElement(interaction, "simpleChoice", identifier=ident), text)


def _choices(content: QuestionContent) -> list[tuple[str, str]]:
    if content.kind is Kind.TRUE_FALSE:
        return [("true", "对"), ("false", "错")]
    return [(_ident(number), text) for number, text in enumerate(content.options, 1)]


def _put_processing(root: Element, content: QuestionContent) -> None:
    """All right or nothing for choices; one point for each blank; 简答 is marked by a person."""
    if content.kind is Kind.FILL_BLANK:
        processing = SubElement(root, "responseProcessing")
        total = SubElement(SubElement(processing, "setOutcomeValue", identifier="SCORE"), "sum")
        for ident in _responses(content):
            SubElement(total, "mapResponse", identifier=ident)
    elif content.kind is not Kind.SHORT_ANSWER:
        SubElement(root, "responseProcessing", template=_TEMPLATES + "match_correct")
