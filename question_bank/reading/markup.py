"""HTML and XML: their text, and tables that were saved as .xls."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from question_bank.reading.drafts import Sheet, Unreadable
from question_bank.reading.safety import MOST_COLUMNS, MOST_ROWS, require_shallow, too_many_rows
from question_bank.reading.workbooks import clean

_BLOCKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "table"}
_UNKNOWN_SECTION = re.compile(
    r"<!\[(?!(?:temp|cdata|ignore|include|rcdata|if|else|endif)(?![-\w.]))", re.IGNORECASE
)  # Python's parser stops at these
_UNSEEN = {"script", "style", "head", "title"}

BAD_XML = Unreadable("damaged_xml", "文件不是完整的 XML，无法读取。请从原系统重新导出后再上传。")
HOSTILE_XML = Unreadable("hostile_xml", "XML 文件里有实体定义，出于安全不读取。请从原系统重新导出后再上传。")


def xml_of(data: bytes | str) -> Element:
    """The root of an XML file; entities, which can fill the memory or reach for other files, are refused."""
    try:
        root: Element = ElementTree.fromstring(data, forbid_dtd=False)
    except DefusedXmlException as error:
        raise HOSTILE_XML from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise BAD_XML from error
    require_shallow(root)
    return root


def without_declaration(text: str) -> str:
    """XML text without its first line of declaration, which names an encoding it no longer has."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"))


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        elif tag == "img":
            self.parts.append(f"［图：{dict(attrs).get('alt')}］" if dict(attrs).get("alt") else "［图］")
        self.unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n")
        self.unseen = max(0, self.unseen - (tag in _UNSEEN))

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.parts.append(data)


def _feed(parser: HTMLParser, html: str) -> None:
    parser.feed(_UNKNOWN_SECTION.sub("&lt;![", html))
    parser.close()


def text_of_html(html: str) -> str:
    """What a reader of the HTML would see, line by line."""
    if "<" not in html:
        return clean(unescape(html)).strip()
    parser = _Text()
    _feed(parser, html)
    lines = [re.sub(r"[ \t\xa0]+", " ", line).strip() for line in clean("".join(parser.parts)).split("\n")]
    return "\n".join(line for line in lines if line)


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


# --- tables ----------------------------------------------------------------------------------------------------------


_UNSHOWN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.cell: list[str] | None = None
        self.below: dict[int, int] = {}  # columns that a cell of a row above still covers, and for how many rows
        self.hidden: set[int] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self._close()
            self.rows.append([])
            if len(self.rows) > MOST_ROWS:
                raise too_many_rows()
            if "hidden" in dict(attrs) or _UNSHOWN.search(dict(attrs).get("style") or ""):
                self.hidden.add(len(self.rows))
        elif tag in ("td", "th"):
            self._close()
            self.cell = []
            self.span, self.depth = dict(attrs).get("colspan") or "1", dict(attrs).get("rowspan") or "1"
        elif tag in _BLOCKS and self.cell is not None:
            self.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr"):
            self._close()

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def _close(self) -> None:
        if self.cell is None:
            return
        if not self.rows:
            self.rows.append([])
        row = self.rows[-1]
        while self.below.get(len(row), 0) > 0:
            self.below[len(row)] -= 1
            row.append("")
        width = _whole(self.span) if 1 < _whole(self.span) <= MOST_COLUMNS else 1
        if _whole(self.depth) > 1:
            self.below.update(dict.fromkeys(range(len(row), len(row) + width), _whole(self.depth) - 1))
        row.append(clean("".join(self.cell)).replace("\xa0", " ").strip())
        row += [""] * (width - 1)
        self.cell = None


def sheets_of_html(text: str) -> list[Sheet]:
    """The tables of an HTML page as one sheet, as Excel opens it."""
    parser = _Tables()
    _feed(parser, text)
    rows = [(number, row) for number, row in enumerate(parser.rows, 1) if any(row)]
    return [Sheet("", rows, hidden_rows=frozenset(parser.hidden))] if rows else []


def sheets_of_spreadsheet_xml(root: Element) -> list[Sheet]:
    """The worksheets of a SpreadsheetML 2003 file."""
    return [_sheet_of(element) for element in root if local(element) == "Worksheet"]


def _sheet_of(worksheet: Element) -> Sheet:
    hidden: set[int] = set()
    rows = _rows_of(worksheet, hidden)
    visible = next((e.text for e in worksheet.iter() if local(e) == "Visible"), None)
    is_hidden = visible in ("SheetHidden", "SheetVeryHidden")
    columns = frozenset(_hidden_columns(worksheet))
    name = _attribute(worksheet, "Name")
    return Sheet(name, rows, hidden=is_hidden, hidden_rows=frozenset(hidden), hidden_columns=columns)


def _hidden_columns(worksheet: Element) -> Iterator[int]:
    """Columns, from 0, that are hidden; a ``Span`` says for how many more of them the same holds."""
    place = 0
    for column in (element for element in worksheet.iter() if local(element) == "Column"):
        first = (_whole(_attribute(column, "Index")) or place + 1) - 1
        place = min(first + 1 + _whole(_attribute(column, "Span")), MOST_COLUMNS)
        if _attribute(column, "Hidden") == "1":
            yield from range(first, place)


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _whole(text: str) -> int:
    """A whole number as such files write one; 0 for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _rows_of(sheet: Element, hidden: set[int]) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    number = 0
    for row in (element for element in sheet.iter() if local(element) == "Row"):
        number = _whole(_attribute(row, "Index")) or number + 1
        cells: list[str] = []
        for cell in (element for element in row if local(element) == "Cell"):
            place = _whole(_attribute(cell, "Index")) or len(cells) + 1
            merged = _whole(_attribute(cell, "MergeAcross"))
            if place + merged > MOST_COLUMNS or number > 1_048_576 or len(rows) > MOST_ROWS:
                raise too_many_rows()
            cells += [""] * (place - 1 - len(cells))
            data = next((e for e in cell if local(e) == "Data"), None)
            text = "".join(data.itertext()) if data is not None else ""
            is_number = data is not None and _attribute(data, "Type") == "Number"
            cells.append(re.sub(r"\.0+$", "", text) if is_number else clean(text))
            cells += [""] * merged
        if any(cells):
            rows.append((number, cells))
            if _attribute(row, "Hidden") == "1":
                hidden.add(number)
    return rows
