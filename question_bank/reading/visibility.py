"""Which rows and columns a workbook hides, by hand or by a filter; calamine, which reads the cells, does not say."""

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import xlrd
from defusedxml import ElementTree

from question_bank.reading.safety import MOST_COLUMNS, MOST_ROWS


@dataclass(frozen=True)
class Hidden:
    """Rows from 1, columns from 0."""

    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


_TAG = re.compile(rb"<(?:\w+:)?(row|col)\b([^>]*)>")
_ATTRIBUTE = re.compile(rb"\b(r|min|max|hidden|ht|width)=[\"']([^\"']*)[\"']")


def hidden_in_xlsx(xml: bytes) -> Hidden:
    """By the XML of one worksheet. A height or width of nothing hides too."""
    rows: set[int] = set()
    columns: set[int] = set()
    number = 0
    for kind, inside in _TAG.findall(xml):
        attributes = dict(_ATTRIBUTE.findall(inside))
        is_hidden = attributes.get(b"hidden") in (b"1", b"true") or _is_nothing(
            attributes.get(b"ht" if kind == b"row" else b"width", b"")
        )
        if kind == b"row":
            number = int(attributes.get(b"r", number + 1))
            if is_hidden:
                rows.add(number)
        elif is_hidden:
            last = min(int(attributes[b"max"]), MOST_COLUMNS)
            columns.update(range(int(attributes[b"min"]) - 1, last))
    return Hidden(frozenset(rows), frozenset(columns))


def _is_nothing(size: bytes) -> bool:
    return bool(re.fullmatch(rb"0(?:\.0*)?", size))


def hidden_in_xls(sheet: xlrd.sheet.Sheet) -> Hidden:
    """By the records that xlrd keeps of a sheet opened with its formatting."""
    rows = (number + 1 for number, row in sheet.rowinfo_map.items() if row.hidden or row.height == 0)
    columns = (number for number, column in sheet.colinfo_map.items() if column.hidden or column.width == 0)
    return Hidden(frozenset(rows), frozenset(columns))


# --- .ods ------------------------------------------------------------------------------------------------------------


def hidden_in_ods(content: bytes, place: int) -> Hidden:
    """By the ``content.xml``; a hidden row says ``collapse``, one that a filter leaves out ``filter``."""
    root = ElementTree.fromstring(content)
    table = [element for element in root.iter() if element.tag.endswith("}table")][place]
    rows = frozenset(number + 1 for number in _hidden_places(table, "row", MOST_ROWS))
    return Hidden(rows, frozenset(_hidden_places(table, "column", MOST_COLUMNS)))


def _hidden_places(table: Element, kind: str, most: int) -> Iterator[int]:
    place = 0
    for element in table.iter():
        if not element.tag.endswith("}table-" + kind):
            continue
        about = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
        last = min(place + int(about.get(f"number-{kind}s-repeated", "1")), most)
        if about.get("visibility", "visible") != "visible":
            yield from range(place, last)
        place = last


# --- .xlsb -----------------------------------------------------------------------------------------------------------

_ROW, _COLUMNS, _SHEET = 0, 60, 156
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x10, 0x01


def hidden_in_xlsb(archive: zipfile.ZipFile, place: int) -> Hidden:
    """By the binary records of one worksheet."""
    rows: set[int] = set()
    columns: set[int] = set()
    for code, record in records_of_xlsb(archive.read(part_of_xlsb(archive, place))):
        if code == _ROW and record[11] & _HIDDEN_ROW:
            rows.add(struct.unpack_from("<I", record)[0] + 1)
        elif code == _COLUMNS and record[16] & _HIDDEN_COLUMN:
            first, last = struct.unpack_from("<II", record)
            columns.update(range(first, min(last + 1, MOST_COLUMNS)))
    return Hidden(frozenset(rows), frozenset(columns))


def cells_of_xlsb(part: bytes) -> Iterator[tuple[int, int]]:
    """Row and column (from 1) of each cell of a sheet, and the far corner that the sheet claims for itself.

    IndexError where a record is cut off: calamine would take what stands in the one before it for the number of a row.
    """
    row = 0
    for code, record in records_of_xlsb(part):
        if code in range(12) and len(record) < 4:
            raise IndexError(code)
        if code == 0:
            row = int.from_bytes(record[:4], "little")
        elif code in range(1, 12):
            yield row + 1, int.from_bytes(record[:4], "little") + 1
        elif code == 148 and len(record) >= 16:
            yield int.from_bytes(record[4:8], "little") + 1, int.from_bytes(record[12:16], "little") + 1


def part_of_xlsb(archive: zipfile.ZipFile, place: int) -> str:
    sheets = [record for code, record in records_of_xlsb(archive.read("xl/workbook.bin")) if code == _SHEET]
    length = struct.unpack_from("<I", sheets[place], 8)[0]
    reference = sheets[place][12 : 12 + 2 * length].decode("utf-16-le")
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.bin.rels"))
    target: str = next(r.get("Target", "") for r in relations if r.get("Id") == reference)
    return target.lstrip("/") if target.startswith("/") else "xl/" + target


def records_of_xlsb(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, content): both the type and the length are written seven bits to a byte."""
    place = 0
    while place < len(data):
        code, place = data[place], place + 1
        if code & 0x80:
            code, place = (code & 0x7F) | (data[place] & 0x7F) << 7, place + 1
        size = shift = 0
        while True:
            byte, place = data[place], place + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield code, data[place : place + size]
        place += size
