"""QTI's elements by their names, whatever the version and its way of spelling them."""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, tostring

from question_bank.reading.markup import local


def name(element: Element) -> str:
    """An element's name in one spelling: choiceInteraction, qti-choice-interaction and CHOICE_INTERACTION are one."""
    return local(element).lower().removeprefix("qti-").replace("-", "").replace("_", "")


def every(element: Element, *wanted: str) -> list[Element]:
    return [e for e in element.iter() if name(e) in wanted]


def first(element: Element, wanted: str) -> Element | None:
    return next((e for e in element.iter() if name(e) == wanted), None)


def attribute(element: Element, *spellings: str) -> str:
    return next((element.get(key, "") for key in spellings if element.get(key)), "")


def identifier(item: Element) -> str:
    return attribute(item, "ident", "identifier")


def number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def inner_markup(element: Element) -> str:
    """What stands inside an element, as markup."""
    return (element.text or "") + "".join(tostring(child, encoding="unicode") for child in element)


def own_lines(element: Element) -> str:
    """A text of ours: as it stands, a line break where <br/> is."""
    return "".join(_pieces(element))


def _pieces(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        yield "\n" if name(child) == "br" else "".join(_pieces(child))
        yield child.tail or ""


KINDS = [
    (re.compile(r"match|association", re.IGNORECASE), "匹配题"),
    (re.compile(r"order|sequence", re.IGNORECASE), "排序题"),
    (re.compile(r"dropdown|jumbled|inline", re.IGNORECASE), "选词填空"),
    (re.compile(r"categori[sz]ation", re.IGNORECASE), "分类题"),
    (re.compile(r"hot.?spot", re.IGNORECASE), "热区题"),
    (re.compile(r"file.?upload", re.IGNORECASE), "上传题"),
    (re.compile(r"calculated|formula|arithmetic", re.IGNORECASE), "计算题（公式）"),
    (re.compile(r"numeric|significant", re.IGNORECASE), "数值题"),
    (re.compile(r"likert|opinion", re.IGNORECASE), "量表题"),
]
"""What the metadata of QTI 1.2 call the kinds that the product has not."""
