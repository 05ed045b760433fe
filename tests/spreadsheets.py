"""Sheets of texts written in the formats that spreadsheet programs write, each as small as the format allows."""

import csv
import struct
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

Sheets = dict[str, Iterable[Sequence[str]]]


def xlsx(sheets: Sheets) -> bytes:
    book = Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_as_text(sheet, cell) for cell in row])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _as_text(sheet: object, cell: str) -> object:
    """A text that begins with = would be written as a formula."""
    if not cell.startswith("="):
        return cell or None
    from openpyxl.cell import WriteOnlyCell

    text = WriteOnlyCell(sheet)
    text._value, text.data_type = cell, "s"
    return text


def csv_text(rows: Iterable[Sequence[str]], separator: str = ",", encoding: str = "utf-8") -> bytes:
    stream = StringIO()
    csv.writer(stream, delimiter=separator, lineterminator="\n").writerows(rows)
    return stream.getvalue().encode(encoding)


def html(rows: Iterable[Sequence[str]]) -> bytes:
    body = "".join("<tr>" + "".join(f"<td>{_broken(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><meta charset='utf-8'><body><table>{body}</table></body></html>".encode()


def _broken(text: str) -> str:
    return escape(text).replace("\n", "<br>")


_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)


def ods(sheets: Sheets) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        with archive.open("content.xml", "w") as part:
            part.write(_ODS.encode())
            for name, rows in sheets.items():
                part.write(f'<table:table table:name="{escape(name)}">'.encode())
                for row in rows:
                    part.write(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>".encode())
                part.write(b"</table:table>")
            part.write(b"</office:spreadsheet></office:body></office:document-content>")
        archive.writestr("META-INF/manifest.xml", _MANIFEST)
    return stream.getvalue()


_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
    'manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    "</manifest:manifest>"
)


def _ods_cell(text: str) -> str:
    if not text:
        return "<table:table-cell/>"
    body = "".join(f"<text:p>{escape(line).replace('  ', ' <text:s/>')}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell office:value-type="string">{body}</table:table-cell>'


# --- .xlsb: records of [code, size, body] -----------------------------------------------------------------------------

_ROW, _CELL_TEXT, _SHEET = 0, 6, 156


def xlsb(sheets: Sheets, formulas: Mapping[tuple[int, int], tuple[int, bytes]] | None = None) -> bytes:
    """``formulas`` are the type of a record and what stands in it behind column and style, by row and column from 0."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as archive:
        names = list(sheets)
        entries = b"".join(
            _record(_SHEET, struct.pack("<II", 0, number) + _wide(f"rId{number}") + _wide(name))
            for number, name in enumerate(names, 1)
        )
        archive.writestr("xl/workbook.bin", _record(131) + _record(143) + entries + _record(144) + _record(132))
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
        relations = "".join(
            f'<Relationship Id="rId{number}" Type="{kind}" Target="worksheets/sheet{number}.bin"/>'
            for number in range(1, len(names) + 1)
        )
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}'
            "</Relationships>",
        )
        for number, rows in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{number}.bin", _xlsb_sheet(rows, formulas or {}))
    return stream.getvalue()


def _xlsb_sheet(rows: Iterable[Sequence[str]], formulas: Mapping[tuple[int, int], tuple[int, bytes]]) -> bytes:
    records, last, width = [], 0, 1
    for number, row in enumerate(rows):
        records.append(_record(_ROW, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0)))
        last, width = number, max(width, len(row))
        for column, text in enumerate(row):
            if (number, column) in formulas:
                code, content = formulas[number, column]
                records.append(_record(code, struct.pack("<II", column, 0) + content))
            elif text:
                records.append(_record(_CELL_TEXT, struct.pack("<II", column, 0) + _wide(text)))
    bounds = _record(148, struct.pack("<IIII", 0, last, 0, width - 1))
    return _record(129) + bounds + _record(145) + b"".join(records) + _record(146) + _record(130)


def _record(code: int, body: bytes = b"") -> bytes:
    head = bytes([code]) if code < 128 else bytes([code & 0x7F | 0x80, code >> 7])
    size, count = b"", len(body)
    while True:
        count, low = count >> 7, count & 0x7F
        size += bytes([low | (0x80 if count else 0)])
        if not count:
            return head + size + body


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


# --- .xls: the same idea, in one stream of an OLE file ----------------------------------------------------------------

MOST_ROWS_OF_XLS = 65_536
_SECTOR, _PLACES = 512, 128
_FREE, _END, _FAT, _LISTING = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC


def xls(
    sheets: Sheets,
    pictures: Mapping[tuple[int, int], bytes] | None = None,
    hidden_rows: Iterable[int] = (),
    results: Mapping[tuple[int, int], bytes] | None = None,
) -> bytes:
    """BIFF8. A sheet holds at most ``MOST_ROWS_OF_XLS`` rows; ``pictures`` lie over cells of each, counted from 0.

    ``hidden_rows`` count from 1. ``results`` are eight bytes each, as a formula in that cell keeps what came out.
    """
    texts: dict[str, int] = {}
    drawing = b"".join(map(_xls_hidden_row, hidden_rows)) + b"".join(
        _xls_formula(*formula) for formula in (results or {}).items()
    )
    drawing += _xls_drawing(list(pictures or {}))
    bodies = [_xls_sheet(rows, texts, drawing) for rows in sheets.values()]
    names = [name.encode("utf-16-le") for name in sheets]
    begin, end = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 1997, 0, 6)), _biff(0x000A)
    shared = _xls_texts(list(texts)) + _xls_pictures(list((pictures or {}).values()))
    place = len(begin) + sum(4 + 8 + len(name) for name in names) + len(shared) + len(end)
    entries = b""
    for name, body in zip(names, bodies, strict=True):
        entries += _biff(0x0085, struct.pack("<IBBBB", place, 0, 0, len(name) // 2, 1) + name)
        place += len(body)
    return ole("Workbook", begin + entries + shared + end + b"".join(bodies))


def _xls_sheet(rows: Iterable[Sequence[str]], texts: dict[str, int], drawing: bytes) -> bytes:
    cells, last, width = [], 0, 1
    for number, row in enumerate(rows):
        last, width = number + 1, max(width, len(row))
        for column, text in enumerate(row):
            if text:
                shared = texts.setdefault(text, len(texts))
                cells.append(_biff(0x00FD, struct.pack("<HHHI", number, column, 0, shared)))
    bounds = _biff(0x0200, struct.pack("<IIHHH", 0, last, 0, width, 0))
    begin = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 1997, 0, 6))
    return begin + bounds + b"".join(cells) + drawing + _biff(0x000A)


def _xls_hidden_row(number: int) -> bytes:
    return _biff(0x0208, struct.pack("<HHHHHHHH", number - 1, 0, 0, 300, 0, 0, 0x0120, 0x0F))


def _xls_formula(place: tuple[int, int], result: bytes) -> bytes:
    """=1+1, whatever is kept as its result."""
    body = bytes([0x1E, 1, 0, 0x1E, 1, 0, 0x03])
    return _biff(0x0006, struct.pack("<HHH", *place, 0) + result + struct.pack("<HIH", 0, 0, len(body)) + body)


def _xls_pictures(pictures: list[bytes]) -> bytes:
    """What the whole workbook keeps of its pictures, in records of at most 8224 bytes."""
    entries = b""
    for picture in pictures:
        content = bytes(17) + picture  # a sum and a byte stand before it
        blip = struct.pack("<HHI", 0x6E0 << 4, 0xF01E, len(content)) + content
        entries += struct.pack("<HHI", 6 << 4 | 2, 0xF007, 36 + len(blip)) + bytes(36) + blip
    store = struct.pack("<HHI", len(pictures) << 4 | 15, 0xF001, len(entries)) + entries
    group = struct.pack("<HHI", 15, 0xF000, len(store)) + store
    parts = [group[start : start + 8224] for start in range(0, len(group), 8224)] if pictures else []
    return b"".join(_biff(0x003C if number else 0x00EB, part) for number, part in enumerate(parts))


def _xls_drawing(places: list[tuple[int, int]]) -> bytes:
    """The shapes over a sheet, each showing the picture of its number."""
    records = b""
    for number, (row, column) in enumerate(places, 1):
        properties = struct.pack("<HHIHI", 1 << 4 | 3, 0xF00B, 6, 0x4104, number)
        anchor = struct.pack("<HHI9H", 0, 0xF010, 18, 0, column, 0, row, 0, column + 1, 0, row + 1, 0)
        shape = struct.pack("<HHI", 15, 0xF004, len(properties + anchor)) + properties + anchor
        records += _biff(0x00EC, shape) + _biff(0x005D, bytes(8))
    return records


def _xls_texts(texts: Sequence[str]) -> bytes:
    """The texts that cells share: records of at most 8224 bytes, none of which parts a text."""
    records, body = [], struct.pack("<II", len(texts), len(texts))
    for text in texts:
        piece = struct.pack("<HB", len(text.encode("utf-16-le")) // 2, 1) + text.encode("utf-16-le")
        if len(body) + len(piece) > 8224:
            records.append(body)
            body = b""
        body += piece
    return b"".join(_biff(0x003C if number else 0x00FC, body) for number, body in enumerate([*records, body]))


def _biff(code: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", code, len(body)) + body


def ole(name: str, stream: bytes) -> bytes:
    """An OLE file that holds one stream: header, allocation table, what lists its sectors, directory, stream."""
    sectors = -(-max(len(stream), 4096) // _SECTOR)
    fats = listing = 0
    while fats * _PLACES < fats + listing + 1 + sectors:
        fats += 1
        listing = -(-max(0, fats - 109) // (_PLACES - 1))
    start = fats + listing + 1
    chain = [_FAT] * fats + [_LISTING] * listing + [_END, *range(start + 1, start + sectors), _END]
    chain += [_FREE] * (fats * _PLACES - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    first = fats if listing else _END
    header += struct.pack("<IIIIIIIII", 0, fats, start - 1, 0, 4096, _END, 0, first, listing)
    numbers = [*range(fats), *[_FREE] * (109 + listing * _PLACES)]
    header += struct.pack("<109I", *numbers[:109])
    lists = b""
    for number in range(listing):
        begin = 109 + number * (_PLACES - 1)
        following = fats + number + 1 if number + 1 < listing else _END
        lists += struct.pack(f"<{_PLACES}I", *numbers[begin : begin + _PLACES - 1], following)
    directory = _ole_entry("Root Entry", 5, _END, 0, child=1) + _ole_entry(name, 2, start, max(len(stream), 4096))
    table = struct.pack(f"<{len(chain)}I", *chain)
    return header + table + lists + directory.ljust(_SECTOR, b"\0") + stream.ljust(sectors * _SECTOR, b"\0")


def _ole_entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    wide = name.encode("utf-16-le")
    head = wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide) + 2, kind, 1, _FREE, _FREE, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)
