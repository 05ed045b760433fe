"""Stops hostile files before they are in memory."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from xml.etree.ElementTree import Element

from question_bank.reading.drafts import Unreadable

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 256 * 1024 * 1024
MOST_PARTS = 50_000  # a QTI package has a file for each question
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
MOST_CELLS = 8_000_000
MOST_LEVELS = 200
_SUSPICIOUS_RATIO, _SMALL = 250, 16 * 1024 * 1024
_CHUNK = 1 << 20

DAMAGED = Unreadable("damaged", "文件已损坏，打不开。请在 Excel 或 WPS 中打开它，另存一份后重新上传。")
TOO_LARGE_INSIDE = Unreadable(
    "too_large_unpacked", "文件解压后过大，已停止读取。请删去图片和空白行，或拆成几个文件再上传。"
)
ENCRYPTED = Unreadable("encrypted", "文件有打开密码。请在 Excel 或 WPS 中去掉密码，另存后重新上传。")


def require_size(data: bytes) -> None:
    """Refuse what is empty or too large to look at."""
    if not data.strip(b"\0\r\n\t "):
        raise Unreadable("empty_file", "文件是空的。请检查是否选对了文件。")
    if len(data) > MOST_BYTES:
        raise Unreadable("too_large", f"文件超过 {MOST_BYTES // 1024 // 1024} MB。请删去图片，或拆成几个文件再上传。")


_BAD_ZIP = (
    zipfile.BadZipFile, zlib.error, struct.error, ValueError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip
"""What zipfile raises at damaged archives: nothing of ours runs where this is caught."""


class Archive(zipfile.ZipFile):
    """A zip whose damaged parts say so in our words."""

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        try:
            return super().read(name, pwd)
        except _BAD_ZIP as error:
            raise DAMAGED from error


def open_zip(data: bytes) -> Archive:
    """A zip whose parts were all unpacked once, a piece at a time, and found to be of bearable size."""
    try:
        archive = Archive(BytesIO(data))
        parts = archive.infolist()
        if len(parts) > MOST_PARTS:
            raise TOO_LARGE_INSIDE
        if any(part.flag_bits & 1 for part in parts):
            raise ENCRYPTED
        if len({part.filename for part in parts}) < len(parts):
            raise DAMAGED  # two readers of the archive might take two different parts of one name
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise TOO_LARGE_INSIDE
        total = 0
        for part in parts:
            for piece in unpacked(data, part):
                total += piece
                if total > MOST_UNPACKED or (total > _SMALL and total > len(data) * _SUSPICIOUS_RATIO):
                    raise TOO_LARGE_INSIDE
    except _BAD_ZIP as error:
        raise DAMAGED from error
    return archive


def require_shallow(root: Element) -> None:
    """Refuse XML that is nested deeper than any document is: walking it would use up the stack."""
    level, depth = [root], 0
    while level:
        depth += 1
        if depth > MOST_LEVELS:
            raise DAMAGED
        level = [child for element in level for child in element]


def unpacked(data: bytes, part: zipfile.ZipInfo) -> Iterator[int]:
    """Sizes of the pieces a part really unpacks to: what the directory declares may be a lie."""
    start = part.header_offset
    if data[start : start + 4] != b"PK\x03\x04":
        raise zipfile.BadZipFile("no local header")
    name, extra = struct.unpack("<HH", data[start + 26 : start + 30])
    coding = "utf-8" if part.flag_bits & 0x800 else "cp437"
    if data[start + 30 : start + 30 + name] != part.orig_filename.encode(coding):
        raise zipfile.BadZipFile("another name")
    body = memoryview(data)[start + 30 + name + extra :][: part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED:
        yield len(body)
        return
    if part.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("unusual compression")
    inflate, waiting, size = zlib.decompressobj(-15), bytes(body), 0
    while waiting and not inflate.eof:
        piece = inflate.decompress(waiting, _CHUNK)
        waiting = inflate.unconsumed_tail
        size += len(piece)
        yield len(piece)
    if size > part.file_size:
        raise zipfile.BadZipFile("larger than declared")


_FILLED = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br\s*=\s*[\"']([A-Za-z]*)(\d+)[\"'][^>]*(?<!/)>")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br\s*=\s*[\"'](\d+)[\"'][^>]*(?<!/)>\s*<(?:\w+:)?c\b(?![^>]*\br\s*=)")


def require_bounded_sheet(xml: bytes) -> None:
    """Refuse a sheet with a lone cell in a far corner: spread out, it would fill the memory."""
    places = [(int(number[:12]), column_number(letters[:12].upper())) for letters, number in _FILLED.findall(xml)]
    places += [(int(number[:12]), 1) for number in _ROW.findall(xml)]
    require_bounded(places)


def require_bounded(places: Iterable[tuple[int, int]]) -> None:
    """Refuse cells (row and column from 1) that lie too far apart."""
    rows = columns = 0
    for row, column in places:
        rows, columns = max(rows, row), max(columns, column)
    if rows > MOST_ROWS or columns > MOST_COLUMNS or rows * columns > MOST_CELLS:
        raise too_many_rows()


_CELLS_OF_XLS = {0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0003, 0x0004, 0x0005, 0x0002}


_BEGIN, _SHEET, _DIMENSIONS, _LOCKED = 0x0809, 0x0085, 0x0200, 0x002F
_ROWS_OF_XLS, _COLUMNS_OF_XLS = 65_536, 256


def require_bounded_stream(stream: bytes) -> None:
    """The same for the records of an .xls, whose sheets must lie where they are said to and be of possible size."""
    place, places = 0, []
    begins: set[int] = set()
    said: set[int] = set()
    while place + 8 <= len(stream):
        code, size, row, column = struct.unpack_from("<HHHH", stream, place)
        if code in _CELLS_OF_XLS and size >= 4:
            last = struct.unpack_from("<H", stream, place + 4 + size - 2)[0] if code == 0x00BD else column
            places.append((row + 1, max(column, last) + 1))
        if code == _LOCKED and begins:
            raise ENCRYPTED
        if code == _BEGIN:
            begins.add(place)
        elif code == _SHEET and size >= 4:
            said.add(struct.unpack_from("<I", stream, place + 4)[0])
        elif code == _DIMENSIONS:
            _require_possible(stream[place + 4 : place + 4 + size])
        place += 4 + size
    if not said <= begins:
        raise DAMAGED
    require_bounded(places)


def _require_possible(dimensions: bytes) -> None:
    """calamine reserves memory for what this record claims, and takes the process down where there is none."""
    if len(dimensions) not in (10, 14):
        return
    first, last, left, right = struct.unpack("<HHHHxx" if len(dimensions) == 10 else "<IIHHxx", dimensions)
    if last and right and not (first < last <= _ROWS_OF_XLS and left < right <= _COLUMNS_OF_XLS):
        raise DAMAGED


def column_number(letters: bytes) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def too_many_rows() -> Unreadable:
    return Unreadable(
        "too_many_rows", f"工作表超出了范围（最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列）。请拆成几个文件再上传。"
    )
