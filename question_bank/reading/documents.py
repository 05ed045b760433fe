"""Word documents (.docx): paragraphs with their automatic numbers, tables, underlined blanks; deletions left out."""

import re
import zipfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from question_bank.kinds import QuestionKind as Kind
from question_bank.reading import lines as look
from question_bank.reading import safety, tables, texts
from question_bank.reading.albums import Album
from question_bank.reading.document_notes import DocumentNotes
from question_bank.reading.document_pictures import DocumentPictures
from question_bank.reading.document_runs import (
    FALLBACK,
    HIDDEN,
    LEFT_OUT,
    STRUCK,
    W,
    runs_of,
    value_of,
    with_blank,
)
from question_bank.reading.drafts import Found, Sheet
from question_bank.reading.hidden_words import take_hidden_keys
from question_bank.reading.key_blocks import key_lines_of_table
from question_bank.reading.kind_words import heading_of
from question_bank.reading.lines import Line
from question_bank.reading.pictured import left_alone, lifted
from question_bank.reading.set_off import Marked, name_struck_out, take_marked_keys
from question_bank.reading.turned import upright
from question_bank.reading.workbooks import clean

_ON_A_CARD = re.compile(
    r"|\d{1,3}|[一二三四五六七八九十]{1,2}|题号|题目|答案|得分|分数|总分|合计|[评阅]卷人|复核人|满分"
)
_SAYS_HOW = re.compile(r"\s*(?:[（(【]|每|本|请|下列|说明|注)")


def found_in_document(archive: zipfile.ZipFile, hint: Kind | None) -> Found:
    """The questions of a document: of its tables that have a header, and of its paragraphs."""
    try:
        root = ElementTree.fromstring(archive.read("word/document.xml"))
        numbering = _numbering(archive)
        pictures = DocumentPictures(archive)
        notes = DocumentNotes(archive)
    except (ElementTree.ParseError, DefusedXmlException, KeyError, ValueError) as error:
        raise safety.DAMAGED from error
    safety.require_shallow(root)
    body = root.find(W + "body")
    if body is None:
        raise safety.DAMAGED
    document = _Document(numbering, pictures.marks_of, notes)
    document.read(body)
    found = _found_in(document, pictures.album, hint)
    if document.hides_words:
        whole = _Document(_numbering(archive), pictures.marks_of, notes, with_hidden=True)
        whole.read(body)
        take_hidden_keys(found, _found_in(whole, pictures.album, hint))
    return found


def _found_in(document: "_Document", album: Album, hint: Kind | None) -> Found:
    found = Found(album=album)
    for rows in document.tables:
        bare, placed = lifted(rows, album)
        kind = document.kinds.get(rows[0][0], hint)
        _add(found, tables.drafts_of_sheet(sheet := Sheet("", bare, pictures=placed), kind), sheet)
    marked = document.marked
    written = texts.drafts_of_lines(document.lines, hint, finish=lambda drafts: take_marked_keys(drafts, marked))
    _, placed = lifted([(line.number, [line.text]) for line in document.lines], album)
    _add(found, written, Sheet("", [], pictures=placed))
    found.drafts.sort(key=lambda draft: draft.row)
    name_struck_out(found.drafts, marked[STRUCK])
    return found


def _add(found: Found, read: Found, sheet: Sheet) -> None:
    found.add(read)
    found.warnings += left_alone(sheet, read.drafts, found.album)


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
            about = value_of(reference)
            numbering.levels[number.get(W + "numId", "")] = abstract.get(about, {})
            if number.find(W + "lvlOverride") is None:
                numbering.shared[number.get(W + "numId", "")] = "abstract " + about
    if "word/styles.xml" in names:
        for style in ElementTree.fromstring(archive.read("word/styles.xml")).findall(W + "style"):
            properties = style.find(f"{W}pPr/{W}numPr")
            if properties is not None and (number_id := value_of(properties.find(W + "numId"))):
                level = int(value_of(properties.find(W + "ilvl")) or 0)
                numbering.of_style[style.get(W + "styleId", "")] = (number_id, level)
    return numbering


def _levels(abstract: Element) -> dict[int, _Level]:
    levels = {}
    for level in abstract.findall(W + "lvl"):
        start = value_of(level.find(W + "start"))
        levels[int(level.get(W + "ilvl", "0"))] = _Level(
            value_of(level.find(W + "numFmt")) or "decimal",
            value_of(level.find(W + "lvlText")),
            int(start) if start.isdigit() else 1,
        )
    return levels


def _turned(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """A table of two columns, the names on the left and one question on the right, as a header with a row below."""
    if len(rows) < 3 or any(len(cells) != 2 for _, cells in rows):
        return []
    return [(rows[0][0], [cells[0] for _, cells in rows]), (rows[0][0], [cells[1] for _, cells in rows])]


def _is_to_be_filled_in(rows: list[tuple[int, list[str]]]) -> bool:
    cells = [cell.strip() for _, told in rows for cell in told]
    return {"题号", "题目"} & set(cells) != set() and all(map(_ON_A_CARD.fullmatch, cells))


class _Document:
    """Walks a document's body; paragraphs are numbered as they come, those in tables too."""

    def __init__(
        self,
        numbering: _Numbering,
        marks_of: Callable[[Element], str],
        notes: DocumentNotes,
        *,
        with_hidden: bool = False,
    ) -> None:
        self.numbering, self.marks_of, self.notes, self.with_hidden = numbering, marks_of, notes, with_hidden
        self.hides_words = False
        self.count = 0
        self.lines: list[Line] = []
        self.tables: list[list[tuple[int, list[str]]]] = []
        self.marked: Marked = defaultdict(list)
        self.kinds: dict[int, Kind] = {}  # what the heading right above a table says, by the table's first row

    def read(self, block: Element) -> None:
        for element in block:
            if element.tag == W + "p":
                self.lines += self._paragraph(element)
            elif element.tag == W + "tbl":
                self._table(element)
            elif element.tag not in LEFT_OUT:
                self.read(element)  # content controls, insertions

    def _table(self, table: Element) -> None:
        rows: list[tuple[int, list[str]]] = []
        cells_as_lines: list[Line] = []
        above = [line.text for line in self.lines[-2:]]
        if len(above) > 1 and _SAYS_HOW.match(above[-1]):
            above.pop()
        heading = heading_of(above[-1]) if above else None
        kind = heading.kind if heading is not None else None
        for row in table.iter(W + "tr"):
            first, cells = self.count + 1, []
            for cell in row.findall(W + "tc"):
                lines = [line for paragraph in cell.iter(W + "p") for line in self._paragraph(paragraph)]
                cells_as_lines += lines
                cells.append("\n".join(line.text.strip() for line in lines).strip())
                span = value_of(cell.find(f"{W}tcPr/{W}gridSpan"))
                cells += [""] * (int(span) - 1 if span.isdigit() and int(span) < 64 else 0)
            if any(cells):
                rows.append((first, cells))
        if rows and kind is not None:
            self.kinds[rows[0][0]] = kind
        if tables.looks_like_table(rows):
            self.tables.append(rows)
        elif blocks := upright(rows):
            self.tables.append(blocks)
        elif (turned := _turned(rows)) and tables.looks_like_table(turned):
            self.tables.append(turned)
        elif keys := key_lines_of_table([cells for _, cells in rows]):
            self.lines += [Line(rows[0][0], line) for line in keys]
        elif _is_to_be_filled_in(rows):
            pass  # with answers or points
        elif self.tables and rows and len(rows[0][1]) == len(self.tables[-1][0][1]) and len(rows[0][1]) > 2:
            self.tables[-1] += rows  # the same table, broken in two
        elif tables.looks_like_questions(rows):
            self.tables.append(rows)
        else:
            self.lines += cells_as_lines

    def _paragraph(self, paragraph: Element) -> list[Line]:
        self.count += 1
        runs = self._runs(paragraph)
        explains = look.explanation_of("".join(run for run, _ in runs)) is not None  # what is set off there is no key
        for run, marks in runs:
            for mark in (marks & {STRUCK} if explains else marks) if run.strip(" _\t\xa0\u3000") else ():
                self.marked[mark].append((self.count, run.strip(" _\t\xa0\u3000")))
        text = "".join(with_blank(run, marks) for run, marks in runs)
        label = self._label(paragraph) if not _is_deleted(paragraph) else ""  # an empty paragraph has its number too
        label = label if text.strip() else ""
        parts = clean(label + text).replace("\xa0", " ").split("\n")
        inside = [
            line
            for box in paragraph.iter(W + "txbxContent")
            if not _is_fallback(box, paragraph)
            for line in self._box(box)
        ]
        parts += self.notes.lines_of(paragraph)
        return [Line(self.count, part) for part in parts if part.strip()] + inside

    def _runs(self, paragraph: Element) -> list[tuple[str, frozenset[str]]]:
        """The runs that are seen; the hidden ones too where they are wanted."""
        runs = runs_of(paragraph, self.marks_of)
        seen = [(text, marks) for text, marks in runs if HIDDEN not in marks]
        self.hides_words = self.hides_words or len(seen) < len(runs)
        return [(text, marks - {HIDDEN}) for text, marks in runs] if self.with_hidden else seen

    def _box(self, box: Element) -> list[Line]:
        """The paragraphs of a text box, numbered as the one that it hangs on."""
        texts_inside = ("".join(run for run, _ in self._runs(paragraph)) for paragraph in box.findall(W + "p"))
        return [Line(self.count, clean(text)) for text in texts_inside if text.strip()]

    def _label(self, paragraph: Element) -> str:
        properties = paragraph.find(W + "pPr")
        if properties is None:
            return ""
        number, level = self.numbering.of_style.get(value_of(properties.find(W + "pStyle")), ("", 0))
        own = properties.find(W + "numPr")
        if own is not None:
            number = value_of(own.find(W + "numId")) or number
            level = int(value_of(own.find(W + "ilvl")) or level)
        label = self.numbering.label(number, level) if number not in ("", "0") else ""
        return label + " " if label else ""


def _is_deleted(paragraph: Element) -> bool:
    """Whether a paragraph is gone once the changes are accepted: its mark is deleted, and it takes no number."""
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None


def _is_fallback(box: Element, paragraph: Element) -> bool:
    """A text box is written twice, for newer and for older programs; the older one is left out."""
    return any(box in fallback.iter() for fallback in paragraph.iter(FALLBACK))
