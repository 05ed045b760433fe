"""Pictures of an .xls: the workbook keeps their bytes, and each sheet says which lies over which cell."""

import struct
from collections.abc import Iterator

from xlrd.compdoc import CompDoc

from question_bank.pictures import PictureRefused, unsupported
from question_bank.reading.albums import MISSING, Album
from question_bank.reading.drafts import PlacedPicture

_BEGIN, _END, _SHEET, _CONTINUED = 0x0809, 0x000A, 0x0085, 0x003C
_GROUP, _DRAWING = 0x00EB, 0x00EC
_SHAPE, _ENTRY, _PROPERTIES, _ANCHOR = 0xF004, 0xF007, 0xF00B, 0xF010
_PICTURE = 0x0104  # the property that names a picture by its number
_SHAPES = b"\x0f\x00\x04\xf0"
_NAMES = {0xF01A: " EMF 格式", 0xF01B: " WMF 格式", 0xF01C: " PICT 格式", 0xF01F: " BMP 格式"}


class PicturesOfXls:
    """The drawings of a workbook, by the places of its sheets."""

    def __init__(self, data: bytes, album: Album) -> None:
        self.album = album
        self.pictures: list[bytes | PictureRefused] = []
        self.drawings: dict[int, bytes] = {}
        if _SHAPES in data:
            self._read(CompDoc(data, logfile=_Silence()).get_named_stream("Workbook") or b"")

    def _read(self, stream: bytes) -> None:
        group, before, starts = b"", 0, []
        for code, content in _records(stream):
            if code == _SHEET and len(content) >= 4:
                starts.append(struct.unpack_from("<I", content)[0])
            elif code == _GROUP or (code == _CONTINUED and before == _GROUP):
                group, code = group + content, _GROUP
            before = code
        self.pictures = [_picture(body) for kind, _, body in _atoms(group) if kind == _ENTRY]
        self.drawings = {number: _drawing(stream, start) for number, start in enumerate(starts)}

    def of_sheet(self, place: int) -> list[PlacedPicture]:
        return list(self._placed(self.drawings.get(place, b"")))

    def _placed(self, drawing: bytes) -> Iterator[PlacedPicture]:
        number = 0
        for kind, instance, body in _atoms(drawing):
            if kind == _SHAPE:
                number = 0
            elif kind == _PROPERTIES:
                number = _number_of_picture(body, instance) or number
            elif kind == _ANCHOR and number and len(body) >= 8:
                _flags, column, _x, row = struct.unpack_from("<4H", body)
                yield PlacedPicture(row + 1, column, self._mark(number))

    def _mark(self, number: int) -> str:
        found = self.pictures[number - 1] if number <= len(self.pictures) else MISSING
        return self.album.refuse(found) if isinstance(found, PictureRefused) else self.album.add(found)


class _Silence:
    def write(self, _text: str) -> None: ...


def _records(stream: bytes, place: int = 0) -> Iterator[tuple[int, bytes]]:
    """(code, content) of each record from a place on."""
    while place + 4 <= len(stream):
        code, size = struct.unpack_from("<HH", stream, place)
        yield code, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _drawing(stream: bytes, start: int) -> bytes:
    """All that one sheet says of its drawing, put together; charts inside of the sheet have drawings of their own."""
    drawing, depth, before = b"", 0, 0
    for code, content in _records(stream, start):
        depth += (code == _BEGIN) - (code == _END)
        if depth == 0:
            break
        if depth == 1 and (code == _DRAWING or (code == _CONTINUED and before == _DRAWING)):
            drawing, code = drawing + content, _DRAWING
        before = code
    return drawing


def _atoms(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """(type, instance, content) of what stands in the containers of a drawing; of a shape its beginning too."""
    place = 0
    while place + 8 <= len(data):
        about, kind, size = struct.unpack_from("<HHI", data, place)
        place += 8
        if about & 0xF == 0xF:  # a container: what is inside comes next
            if kind == _SHAPE:
                yield kind, 0, b""
            continue
        yield kind, about >> 4, data[place : place + size]
        place += size


def _number_of_picture(properties: bytes, count: int) -> int:
    """Which picture a shape shows, from 1 on; 0 for none."""
    for place in range(0, min(count * 6, len(properties) - 5), 6):
        name, value = struct.unpack_from("<HI", properties, place)
        if name & 0x3FFF == _PICTURE:
            return int(value)
    return 0


def _picture(entry: bytes) -> bytes | PictureRefused:
    """The bytes of a picture, which stand behind 36 bytes about it, a header and one or two sums."""
    if len(entry) < 34 or len(entry) < 44 + entry[33]:
        return MISSING
    about, kind, size = struct.unpack_from("<HHI", entry, 36 + entry[33])
    if kind in _NAMES:
        return unsupported(_NAMES[kind])
    start = 36 + entry[33] + 8
    sums = 2 if about >> 4 & 1 else 1
    return entry[start + 16 * sums + 1 : start + size]
