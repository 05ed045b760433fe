"""The runs of a Word paragraph: its texts as they read with all changes accepted, each with how it is set off."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from question_bank.reading.formulas import MATH, raised_or_lowered, text_of_field, text_of_formula

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LEFT_OUT = {W + "del", W + "moveFrom", W + "pPr", W + "rPr", W + "delText", W + "rt", FALLBACK}
BLANK = "____"
_SIGNS = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
UNDERLINED, BOLD, HIGHLIGHTED, COLOURED, STRUCK = "underlined", "bold", "highlighted", "coloured", "struck out"
HIDDEN = "hidden"
_NO_FILL = ("", "AUTO", "FFFFFF")
_RAISED, _LOWERED = "raised", "lowered"
_INSTRUCTION = frozenset({"instruction"})


def value_of(element: Element | None) -> str:
    return element.get(W + "val", "") if element is not None else ""


def runs_of(element: Element, marks_of: Callable[[Element], str]) -> list[tuple[str, frozenset[str]]]:
    """The runs of a paragraph as it reads with all changes accepted, each with how it is set off.

    ``marks_of`` gives what stands in the text for the pictures in an element.
    """
    pieces: list[tuple[str, frozenset[str]]] = []
    _collect(element, pieces, frozenset(), marks_of)
    merged: list[tuple[str, frozenset[str]]] = []
    for text, marks in pieces:
        if merged and merged[-1][1] == marks:
            merged[-1] = (merged[-1][0] + text, marks)
        else:
            merged.append((text, marks))
    return [(text_of_field(text), frozenset()) if marks == _INSTRUCTION else (text, marks) for text, marks in merged]


def with_blank(text: str, marks: frozenset[str]) -> str:
    """An underlined gap is a blank."""
    is_gap = UNDERLINED in marks and len(text) > 1 and not text.strip(" \t\xa0\u3000")
    return BLANK if is_gap else text


def _collect(
    element: Element,
    pieces: list[tuple[str, frozenset[str]]],
    marks: frozenset[str],
    marks_of: Callable[[Element], str],
) -> None:
    for child in element:
        if child.tag in LEFT_OUT:
            continue
        if child.tag == W + "t":
            pieces.append(_text_of(child.text or "", marks))
        elif child.tag == W + "instrText":
            pieces.append((child.text or "", _INSTRUCTION))
        elif child.tag == MATH + "oMath":
            pieces.append((text_of_formula(child), marks))
        elif child.tag in _SIGNS:
            pieces.append((_SIGNS[child.tag], marks))
        elif child.tag == W + "sym":
            pieces.append((_symbol(child), marks))
        elif child.tag == W + "r":
            _collect(child, pieces, _marks_of(child.find(W + "rPr")), marks_of)
        elif child.tag.endswith(("}drawing", "}pict", "}object")):
            pieces.append((marks_of(child), frozenset()))
        elif not child.tag.endswith("}txbxContent"):
            _collect(child, pieces, marks, marks_of)


def _text_of(text: str, marks: frozenset[str]) -> tuple[str, frozenset[str]]:
    """10³ is not 103: raised and lowered digits stay so in plain text."""
    if marks & {_RAISED, _LOWERED}:
        text = raised_or_lowered(text, is_raised=_RAISED in marks)
    return text, marks - {_RAISED, _LOWERED}


def _marks_of(properties: Element | None) -> frozenset[str]:
    if properties is None:
        return frozenset()
    marks = set()
    underline, bold = properties.find(W + "u"), properties.find(W + "b")
    if underline is not None and value_of(underline) not in ("", "none"):
        marks.add(UNDERLINED)
    if bold is not None and value_of(bold) not in ("0", "false"):
        marks.add(BOLD)
    shading = properties.find(W + "shd")
    fill = shading.get(W + "fill", "") if shading is not None else ""
    if value_of(properties.find(W + "highlight")) not in ("", "none", "white") or fill.upper() not in _NO_FILL:
        marks.add(HIGHLIGHTED)
    if value_of(properties.find(W + "color")).upper() not in ("", "AUTO", "000000"):
        marks.add(COLOURED)
    strokes = [*properties.findall(W + "strike"), *properties.findall(W + "dstrike")]
    if any(value_of(stroke) not in ("0", "false") for stroke in strokes):
        marks.add(STRUCK)
    hidden = properties.find(W + "vanish")
    if hidden is not None and value_of(hidden) not in ("0", "false"):
        marks.add(HIDDEN)
    if (place := value_of(properties.find(W + "vertAlign"))) in ("superscript", "subscript"):
        marks.add(_RAISED if place == "superscript" else _LOWERED)
    return frozenset(marks)


def _symbol(element: Element) -> str:
    """Ticks and crosses from Wingdings, the only symbols that matter here."""
    code = element.get(W + "char", "").upper().replace("F0", "", 1)
    return {"FC": "√", "FB": "×", "FE": "√", "FD": "×", "50": "√", "4F": "×", "52": "√", "51": "×"}.get(code, "")
