"""Pictures made in memory, and the files that people put them into."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from itertools import count

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from question_bank.check import Report
from tests.workbooks import zipped

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
_SHEET = "xl/worksheets/sheet1.xml"


def png(width: int = 4, height: int = 3, shade: int = 0) -> bytes:
    """A grey picture that every browser shows."""
    rows = b"".join(b"\0" + bytes([shade]) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def noisy_png(size: int) -> bytes:
    """A picture of at least so many bytes."""
    return png()[:-12] + _chunk(b"tEXt", bytes(n * 7 % 251 for n in range(size))) + png()[-12:]


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def jpeg(width: int = 4, height: int = 3) -> bytes:
    """The segments of a JPEG, as far as its size."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04JF" + frame + b"\xff\xda\x00\x02" + b"\x12\x34" + b"\xff\xd9"


def gif(width: int = 4, height: int = 3) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)
    image = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02\x02\x4c\x01\x00"
    return head + b"!\xf9\x04" + bytes(4) + b"\0" + image + b";"


def webp(width: int = 4, height: int = 3) -> bytes:
    bits = (width - 1) | (height - 1) << 14
    content = b"\x2f" + struct.pack("<I", bits) + b"\0"
    chunk = b"VP8L" + struct.pack("<I", len(content)) + content
    return b"RIFF" + struct.pack("<I", 4 + len(chunk)) + b"WEBP" + chunk


def shown(report: Report) -> list[list[tuple[int, bytes]]]:
    """The pictures of each question that a check found: place and bytes."""
    return [
        [(place, report.pictures[sha256].data) for place, sha256 in question.content.pictures]
        for question in report.questions
    ]


EMF = b"\x01\0\0\0" + bytes(36) + b" EMF" + bytes(60)


# --- workbooks -------------------------------------------------------------------------------------------------------


def floating(data: bytes, pictures: Mapping[str, bytes | str], *, one_cell: bool = False) -> bytes:
    """The workbook with pictures over cells of its first sheet; a text in the place of bytes is the address of one."""
    kind = "oneCellAnchor" if one_cell else "twoCellAnchor"
    parts: dict[str, str | bytes] = {}
    relations, anchors = [], []
    for number, (cell, picture) in enumerate(pictures.items(), 1):
        row, column = _place(cell)
        inside = isinstance(picture, bytes)
        if isinstance(picture, bytes):
            parts[f"xl/media/image{number}.png"] = picture
            target = f'Target="../media/image{number}.png"'
        else:
            target = f'Target="{picture}" TargetMode="External"'
        relations.append(f'<Relationship Id="rId{number}" Type="{_R}/image" {target}/>')
        blip = f'<a:blip r:{"embed" if inside else "link"}="rId{number}"/>'
        corner = f"<xdr:from><xdr:col>{column}</xdr:col><xdr:row>{row}</xdr:row></xdr:from>"
        anchors.append(f"<xdr:{kind}>{corner}<xdr:pic><xdr:blipFill>{blip}</xdr:blipFill></xdr:pic></xdr:{kind}>")
    spaces = f'xmlns:xdr="{_XDR}" xmlns:a="{_A}" xmlns:r="{_R}"'
    parts["xl/drawings/drawing1.xml"] = f"<xdr:wsDr {spaces}>{''.join(anchors)}</xdr:wsDr>"
    parts["xl/drawings/_rels/drawing1.xml.rels"] = _relations(*relations)
    drawing = f'<Relationship Id="rId1" Type="{_R}/drawing" Target="/xl/drawings/drawing1.xml"/>'
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = _relations(drawing)
    return _with(data, parts)


def in_cells_of_wps(data: bytes, pictures: Mapping[str, bytes]) -> bytes:
    """The workbook with pictures in cells as WPS writes them: a formula that names one."""
    parts: dict[str, str | bytes] = {}
    images, relations, sheet = [], [], _sheet_of(data)
    for number, (cell, picture) in enumerate(pictures.items(), 1):
        parts[f"xl/media/image{number}.png"] = picture
        relations.append(f'<Relationship Id="rId{number}" Type="{_R}/image" Target="media/image{number}.png"/>')
        fill = f'<xdr:blipFill><a:blip r:embed="rId{number}"/></xdr:blipFill>'
        name = f'<xdr:nvPicPr><xdr:cNvPr id="{number}" name="ID_{number:04}"/></xdr:nvPicPr>'
        images.append(f"<etc:cellImage><xdr:pic>{name}{fill}</xdr:pic></etc:cellImage>")
        call = f"DISPIMG(&quot;ID_{number:04}&quot;,1)"
        sheet = _with_cell(sheet, cell, f'<c r="{cell}" t="str"><f>_xlfn.{call}</f><v>={call}</v></c>')
    spaces = f'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData" xmlns:xdr="{_XDR}" xmlns:a="{_A}"'
    parts["xl/cellimages.xml"] = f'<etc:cellImages {spaces} xmlns:r="{_R}">{"".join(images)}</etc:cellImages>'
    parts["xl/_rels/cellimages.xml.rels"] = _relations(*relations)
    return _with(data, {**parts, _SHEET: sheet})


def in_cells_of_excel(data: bytes, pictures: Mapping[str, bytes]) -> bytes:
    """The workbook with pictures in cells as Excel writes them: an error whose rich value is a picture."""
    parts: dict[str, str | bytes] = {}
    relations, sheet = [], _sheet_of(data)
    for number, (cell, picture) in enumerate(pictures.items(), 1):
        parts[f"xl/media/image{number}.png"] = picture
        relations.append(f'<Relationship Id="rId{number}" Type="{_R}/image" Target="../media/image{number}.png"/>')
        sheet = _with_cell(sheet, cell, f'<c r="{cell}" t="e" vm="{number}"><v>#VALUE!</v></c>')
    each = range(len(pictures))
    rich, main = "http://schemas.microsoft.com/office/spreadsheetml", "xmlns='http://x/main'"
    parts["xl/metadata.xml"] = (
        f"<metadata {main} xmlns:xlrd='{rich}/2017/richdata'><futureMetadata name='XLRICHVALUE'>"
        + "".join(f"<bk><extLst><ext><xlrd:rvb i='{n}'/></ext></extLst></bk>" for n in each)
        + "</futureMetadata><valueMetadata>" + "".join(f"<bk><rc t='1' v='{n}'/></bk>" for n in each)
        + "</valueMetadata></metadata>"
    )  # fmt: skip
    values = "".join(f"<rv s='0'><v>{n}</v><v>5</v></rv>" for n in each)
    parts["xl/richData/rdrichvalue.xml"] = f"<rvData {main}>{values}</rvData>"
    keys = "<k n='_rvRel:LocalImageIdentifier' t='i'/><k n='CalcOrigin' t='i'/>"
    parts["xl/richData/rdrichvaluestructure.xml"] = f"<rvStructures {main}><s t='_localImage'>{keys}</s></rvStructures>"
    rels = "".join(f"<rel r:id='rId{n + 1}'/>" for n in each)
    parts["xl/richData/richValueRel.xml"] = f"<richValueRels {main} xmlns:r='{_R}'>{rels}</richValueRels>"
    parts["xl/richData/_rels/richValueRel.xml.rels"] = _relations(*relations)
    return _with(data, {**parts, _SHEET: sheet})


def _place(cell: str) -> tuple[int, int]:
    """C2 → (1, 2)."""
    letters, row = coordinate_from_string(cell)
    return row - 1, column_index_from_string(letters) - 1


def _with_cell(sheet: str, cell: str, xml: str) -> str:
    """The sheet with a cell at the end of its row; spreadsheet programs keep them in order, readers need not."""
    _, row = coordinate_from_string(cell)
    start = sheet.index(f'<row r="{row}"')
    end = sheet.index("</row>", start)
    return sheet[:end] + xml + sheet[end:]


def _sheet_of(data: bytes) -> str:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(_SHEET).decode()


def _with(data: bytes, parts: Mapping[str, str | bytes]) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        own = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**own, **parts})


def _relations(*relations: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}">{"".join(relations)}</Relationships>'


# --- documents -------------------------------------------------------------------------------------------------------


def document(*paragraphs: str | bytes | list[str | bytes]) -> bytes:
    """A .docx: a paragraph is a text, a picture, or both in turn; a text that begins with < is WordprocessingML."""
    parts: dict[str, str | bytes] = {"[Content_Types].xml": "<Types/>"}
    relations: list[str] = []
    numbers = count(1)

    def run(piece: str | bytes) -> str:
        if isinstance(piece, str):
            return piece if piece.startswith("<") else f"<w:r><w:t>{piece}</w:t></w:r>"
        number = next(numbers)
        parts[f"word/media/image{number}.png"] = piece
        relations.append(f'<Relationship Id="rId{number}" Type="{_R}/image" Target="media/image{number}.png"/>')
        return f'<w:r><w:drawing><a:graphic><a:blip r:embed="rId{number}"/></a:graphic></w:drawing></w:r>'

    body = "".join(_paragraph(run, each) for each in paragraphs)
    spaces = (
        f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:a="{_A}" xmlns:r="{_R}" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    parts["word/document.xml"] = f"<w:document {spaces}><w:body>{body}</w:body></w:document>"
    parts["word/_rels/document.xml.rels"] = _relations(*relations)
    return zipped(parts)


def _paragraph(run: object, pieces: str | bytes | list[str | bytes]) -> str:
    if isinstance(pieces, str) and pieces.startswith("<w:tbl>"):
        return pieces
    pieces = pieces if isinstance(pieces, list) else [pieces]
    return f"<w:p>{''.join(run(piece) for piece in pieces)}</w:p>"  # type: ignore[operator]  # the caller's function, typed as object
