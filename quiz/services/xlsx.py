"""A workbook written straight into a file, row by row: no cell ever stands in memory, and none is a formula.

openpyxl's write-only mode takes no more memory but more than twice as long. Texts stand in their cells (inline
strings), because a table of all texts would have to be kept until the end. Only what Excel, WPS and LibreOffice all
read is written; ``tests/services/test_libreoffice.py`` lists it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.utils import get_column_letter

from question_bank.writing import LOOKS_LIKE_FORMULA, exact_text

Value = str | int | float | datetime | None

COMPRESSION = 3  # twice as fast as the usual 6, for a tenth more
CHUNK = 256 * 1024
DAY_ZERO, DAY = datetime(1899, 12, 30), timedelta(days=1)
SOURCE = "http://schemas.openxmlformats.org"
MAIN = f"{SOURCE}/spreadsheetml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
PAPER_A4 = 9
MOST_OF_TITLE = 60  # the header of a printed page holds 255 characters in all


@dataclass
class SheetLook:
    """What a sheet says of itself beside its cells. Rows of the header come again on every printed page."""

    title: str
    widths: Sequence[float]
    is_filtered: bool = False
    is_landscape: bool = True
    row_height: float = 18


@dataclass
class Package:
    """The parts of a workbook in the order they are written; ``finish`` writes those that name the others."""

    file: IO[bytes]
    title: str
    made_at: datetime
    styles: str
    _zip: ZipFile = field(init=False)
    _sheets: list[tuple[SheetLook, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._zip = ZipFile(self.file, "w", ZIP_DEFLATED, compresslevel=COMPRESSION)

    def sheet(self, look: SheetLook, rows: Iterable[str]) -> None:
        """One sheet from rows that ``row_writer`` has made; the first is its header."""
        with self._part(f"xl/worksheets/sheet{len(self._sheets) + 1}.xml") as part:
            part.write(_before(look).encode())
            count, waiting, size = 0, [], 0
            for count, row in enumerate(rows, 1):  # noqa: B007  (how many there were)
                waiting.append(row)
                size += len(row)
                if size > CHUNK:
                    part.write("".join(waiting).encode())
                    waiting, size = [], 0
            area = f"A1:{get_column_letter(len(look.widths))}{max(count, 1)}"
            part.write(("".join(waiting) + _after(look, area, self.title)).encode())
        self._sheets.append((look, area))

    def finish(self) -> None:
        whole = {
            "xl/styles.xml": self.styles,
            "xl/workbook.xml": _workbook(self._sheets),
            "xl/_rels/workbook.xml.rels": _relations_of_workbook(len(self._sheets)),
            "docProps/core.xml": _core(self.title, self.made_at),
            "_rels/.rels": _RELATIONS,
            "[Content_Types].xml": _content_types(len(self._sheets)),
        }
        for name, text in whole.items():
            with self._part(name) as part:
                part.write((HEAD + text).encode())
        self._zip.close()

    @contextmanager
    def _part(self, name: str) -> Iterator[IO[bytes]]:
        info = ZipInfo(name, self.made_at.timetuple()[:6])
        info.compress_type = ZIP_DEFLATED
        info._compresslevel = COMPRESSION  # type: ignore[attr-defined]  # ZipInfo offers no other way
        with self._zip.open(info, "w") as part:
            yield part


# --- rows ------------------------------------------------------------------------------------------------------------


def row_writer(styles: Sequence[tuple[int, int]]) -> Callable[[int, Sequence[Value], float | None], str]:
    """Makes rows of cells with these styles, one for each column; the second is that of texts like a formula.

    Empty cells are written too, for their lines. Without a height the row has that of the sheet.
    """
    columns = [(f'<c r="{get_column_letter(place)}', *pair) for place, pair in enumerate(styles, 1)]

    def row(number: int, values: Sequence[Value], height: float | None = None) -> str:
        cells = [
            f'{start}{number}"{_content(value, style, careful)}'
            for (start, style, careful), value in zip(columns, values, strict=True)
        ]
        tall = f' ht="{height:g}" customHeight="1"' if height else ""
        return f'<row r="{number}"{tall}>{"".join(cells)}</row>'

    return row


def _content(value: Value, style: int, careful: int) -> str:
    if value is None or value == "":
        return f' s="{style}"/>'
    if isinstance(value, str):
        return f' s="{careful if value.startswith(LOOKS_LIKE_FORMULA) else style}" t="inlineStr">{_text(value)}</c>'
    number = (value - DAY_ZERO) / DAY if isinstance(value, datetime) else value
    return f' s="{style}"><v>{number!r}</v></c>'


_PLAIN = re.compile(r"[^&<>_\x00-\x20\ud800-\udfff\ufffe\uffff]+")


@lru_cache(maxsize=8192)  # streets, units and classes come again and again
def _text(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return f"<is><t>{text}</t></is>"
    return f'<is><t xml:space="preserve">{escape(exact_text(text))}</t></is>'


# --- what stands around them -----------------------------------------------------------------------------------------


def _before(look: SheetLook) -> str:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{width:g}" customWidth="1"/>'
        for place, width in enumerate(look.widths, 1)
    )
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="{look.row_height:g}" customHeight="1"/><cols>{widths}</cols><sheetData>'
    )


def _after(look: SheetLook, area: str, title: str) -> str:
    """The print: A4, as wide as the paper and as many pages as it takes, numbered."""
    filtered = f'<autoFilter ref="{area}"/>' if look.is_filtered else ""
    orientation = "landscape" if look.is_landscape else "portrait"
    said = escape(exact_text(title)[:MOST_OF_TITLE].replace("&", "&&"))
    return (
        f"</sheetData>{filtered}"
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="{PAPER_A4}" orientation="{orientation}" fitToWidth="1" fitToHeight="0"/>'
        f"<headerFooter><oddHeader>&amp;L {said}&amp;R&amp;A</oddHeader>"
        "<oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"
    )


def _workbook(sheets: Sequence[tuple[SheetLook, str]]) -> str:
    listed = "".join(
        f'<sheet name="{escape(look.title)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, (look, _area) in enumerate(sheets, 1)
    )
    names = []
    for place, (look, area) in enumerate(sheets):
        sheet = f"'{escape(look.title)}'"
        if look.is_filtered:
            fixed = re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", area)
            names.append(
                f'<definedName name="_xlnm._FilterDatabase" localSheetId="{place}" hidden="1">{sheet}!{fixed}'
                "</definedName>"
            )
        names.append(f'<definedName name="_xlnm.Print_Titles" localSheetId="{place}">{sheet}!$1:$1</definedName>')
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{SOURCE}/officeDocument/2006/relationships">'
        '<bookViews><workbookView activeTab="0"/></bookViews>'
        f"<sheets>{listed}</sheets><definedNames>{''.join(names)}</definedNames></workbook>"
    )


_PACKAGE = f"{SOURCE}/package/2006"
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{SOURCE}/officeDocument/2006/relationships/officeDocument"'
    ' Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)


def _relations_of_workbook(sheets: int) -> str:
    office = f"{SOURCE}/officeDocument/2006/relationships"
    targets = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, sheets + 1)]
    listed = "".join(
        f'<Relationship Id="rId{number}" Type="{office}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate([*targets, ("styles", "styles.xml")], 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _content_types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "/xl/workbook.xml": f"{kind}.sheet.main+xml",
        "/xl/styles.xml": f"{kind}.styles+xml",
        "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
        **{f"/xl/worksheets/sheet{number}.xml": f"{kind}.worksheet+xml" for number in range(1, sheets + 1)},
    }
    listed = "".join(f'<Override PartName="{part}" ContentType="{content}"/>' for part, content in parts.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )


def _core(title: str, made_at: datetime) -> str:
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(exact_text(title))}</dc:title>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made_at:%Y-%m-%dT%H:%M:%SZ}</dcterms:created>'
        "</cp:coreProperties>"
    )
