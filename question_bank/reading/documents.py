"""Word documents (.docx): paragraphs with their automatic numbers, tables, underlined blanks; deletions left out."""

import re
import zipfile
from collections import defaultdict
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import safety, tables, texts
from question_bank.reading.drafts import Found, Sheet
from question_bank.reading.lines import Line
from question_bank.reading.workbooks import clean

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = {W + "del", W + "moveFrom", W + "pPr", W + "rPr", W + "instrText", W + "delText", _FALLBACK}
_BLANK = "____"


def found_in_document(archive: zipfile.ZipFile, hint: Kind | None) -> Found:
    """The questions of a document: of its tables that have a header, and of its paragraphs."""
    try:
        body = ElementTree.fromstring(archive.read("word/document.xml")).find(W + "body")
        numbering = _numbering(archive)
    except (ElementTree.ParseError, DefusedXmlException, KeyError, ValueError, RecursionError) as error:
        raise safety.DAMAGED from error
    if body is None:
        raise safety.DAMAGED
    reader = _Document(numbering)
    reader.read(body)
    found = Found()
    for rows in reader.tables:
        found.add(tables.drafts_of_sheet(Sheet("", rows), hint))
    found.add(texts.drafts_of_lines(reader.lines, hint))
    found.drafts.sort(key=lambda draft: draft.row)
    return found


@dataclass
class _Level:
    """One level of an automatic numbering."""

    form: str = "decimal"
    text: str = "%1."
    start: int = 1


@dataclass
class _Numbering:
    levels: dict[str, dict[int, _Level]] = field(default_factory=dict)
    of_style: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    shared: dict[str, str] = field(default_factory=dict)  # numbering → the abstract one whose count it continues

    def label(self, number: str, level: int) -> str:
        """The next label of a numbering, as Word would print it."""
        levels = self.levels.get(number)
        if levels is None or level not in levels:
            return ""
        counts = self.counts[self.shared.get(number, number)]
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [place for place in counts if place > level]:
            del counts[deeper]
        if levels[level].form in ("bullet", "none"):
            return ""
        return re.sub(r"%(\d)", lambda mark: self._count(levels, counts, int(mark[1]) - 1), levels[level].text)

    @staticmethod
    def _count(levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
        about = levels.get(level, _Level())
        return _written(counts.get(level, about.start), about.form)


def _written(number: int, form: str) -> str:
    if form in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        return chr((65 if form == "upperLetter" else 97) + number - 1)
    if "hinese" in form or form in ("japaneseCounting", "ideographTraditional", "taiwaneseCountingThousand"):
        return _chinese(number)
    if form == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    return str(number)


def _chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    if number < 10:
        return digits[number]
    if number < 100:
        ten, one = divmod(number, 10)
        return ("" if ten == 1 else digits[ten]) + "十" + (digits[one] if one else "")
    return str(number)


def _numbering(archive: zipfile.ZipFile) -> _Numbering:
    numbering = _Numbering()
    names = archive.namelist()
    if "word/numbering.xml" in names:
        root = ElementTree.fromstring(archive.read("word/numbering.xml"))
        abstract = {e.get(W + "abstractNumId", ""): _levels(e) for e in root.findall(W + "abstractNum")}
        for number in root.findall(W + "num"):
            reference = number.find(W + "abstractNumId")
            about = _value(reference)
            numbering.levels[number.get(W + "numId", "")] = abstract.get(about, {})
            if number.find(W + "lvlOverride") is None:
                numbering.shared[number.get(W + "numId", "")] = "abstract " + about
    if "word/styles.xml" in names:
        for style in ElementTree.fromstring(archive.read("word/styles.xml")).findall(W + "style"):
            properties = style.find(f"{W}pPr/{W}numPr")
            if properties is not None and (number_id := _value(properties.find(W + "numId"))):
                level = int(_value(properties.find(W + "ilvl")) or 0)
                numbering.of_style[style.get(W + "styleId", "")] = (number_id, level)
    return numbering


def _levels(abstract: Element) -> dict[int, _Level]:
    levels = {}
    for level in abstract.findall(W + "lvl"):
        start = _value(level.find(W + "start"))
        levels[int(level.get(W + "ilvl", "0"))] = _Level(
            _value(level.find(W + "numFmt")) or "decimal",
            _value(level.find(W + "lvlText")),
            int(start) if start.isdigit() else 1,
        )
    return levels


def _value(element: Element | None) -> str:
    return element.get(W + "val", "") if element is not None else ""


class _Document:
    """Walks a document's body; paragraphs are numbered as they come, those in tables too."""

    def __init__(self, numbering: _Numbering) -> None:
        self.numbering = numbering
        self.count = 0
        self.lines: list[Line] = []
        self.tables: list[list[tuple[int, list[str]]]] = []

    def read(self, block: Element) -> None:
        for element in block:
            if element.tag == W + "p":
                self.lines += self._paragraph(element)
            elif element.tag == W + "tbl":
                self._table(element)
            elif element.tag not in _LEFT_OUT:
                self.read(element)  # content controls, insertions

    def _table(self, table: Element) -> None:
        rows: list[tuple[int, list[str]]] = []
        cells_as_lines: list[Line] = []
        for row in table.iter(W + "tr"):
            first, cells = self.count + 1, []
            for cell in row.findall(W + "tc"):
                lines = [line for paragraph in cell.iter(W + "p") for line in self._paragraph(paragraph)]
                cells_as_lines += lines
                cells.append("\n".join(line.text.strip() for line in lines).strip())
                span = _value(cell.find(f"{W}tcPr/{W}gridSpan"))
                cells += [""] * (int(span) - 1 if span.isdigit() and int(span) < 64 else 0)
            if any(cells):
                rows.append((first, cells))
        if tables.looks_like_table(rows):
            self.tables.append(rows)
        elif self.tables and rows and len(rows[0][1]) == len(self.tables[-1][0][1]) and len(rows[0][1]) > 2:
            self.tables[-1] += rows  # the same table, broken in two
        else:
            self.lines += cells_as_lines

    def _paragraph(self, paragraph: Element) -> list[Line]:
        self.count += 1
        text = "".join(_text_of(paragraph))
        label = self._label(paragraph) if text.strip() else ""
        parts = clean(label + text).replace("\xa0", " ").split("\n")
        return [Line(self.count, part) for part in parts if part.strip()]

    def _label(self, paragraph: Element) -> str:
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return ""
        number, level = self.numbering.of_style.get(_value(properties.find(W + "pStyle")), ("", 0))
        own = properties.find(W + "numPr")
        if own is not None:
            number = _value(own.find(W + "numId")) or number
            level = int(_value(own.find(W + "ilvl")) or level)
        label = self.numbering.label(number, level) if number not in ("", "0") else ""
        return label + " " if label else ""


def _text_of(element: Element) -> list[str]:
    """The texts of a paragraph as it reads with all changes accepted; an underlined gap is a blank."""
    pieces: list[tuple[str, bool]] = []
    _collect(element, pieces, underlined=False)
    merged: list[tuple[str, bool]] = []
    for text, underlined in pieces:
        if merged and merged[-1][1] == underlined:
            merged[-1] = (merged[-1][0] + text, underlined)
        else:
            merged.append((text, underlined))
    return [_as_blank(text) if underlined else text for text, underlined in merged]


def _as_blank(text: str) -> str:
    bare = text.strip("_ \t\xa0\u3000")
    if not bare:
        return _BLANK if len(text) > 1 else text
    # An answer printed on its line: the blank with the answer in it.
    return f"__{bare}__" if len(bare) <= 60 and "\n" not in text else text


def _collect(element: Element, pieces: list[tuple[str, bool]], *, underlined: bool) -> None:
    for child in element:
        if child.tag in _LEFT_OUT:
            continue
        if child.tag == W + "t":
            pieces.append((child.text or "", underlined))
        elif child.tag in (W + "tab", W + "ptab"):
            pieces.append(("\t", underlined))
        elif child.tag in (W + "br", W + "cr"):
            pieces.append(("\n", underlined))
        elif child.tag == W + "noBreakHyphen":
            pieces.append(("-", underlined))
        elif child.tag == W + "sym":
            pieces.append((_symbol(child), underlined))
        elif child.tag == W + "r":
            mark = child.find(f"{W}rPr/{W}u")
            _collect(child, pieces, underlined=mark is not None and _value(mark) not in ("", "none"))
        elif not child.tag.endswith(("}txbxContent", "}drawing", "}pict")):
            _collect(child, pieces, underlined=underlined)


def _symbol(element: Element) -> str:
    """Ticks and crosses from Wingdings, the only symbols that matter here."""
    code = element.get(W + "char", "").upper().replace("F0", "", 1)
    return {"FC": "√", "FB": "×", "FE": "√", "FD": "×", "50": "√", "4F": "×", "52": "√", "51": "×"}.get(code, "")
