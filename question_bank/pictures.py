"""Pictures told by their content: what they are, how large, whether they are whole. Names count for nothing."""

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 16_000_000  # what old phones still decode
LONGEST_SIDE = 10_000

PNG, JPEG, GIF, WEBP = "image/png", "image/jpeg", "image/gif", "image/webp"

AS_PNG = "请把它粘贴为 PNG 图片（剪切后用“选择性粘贴”，选 PNG），或换成 PNG、JPEG 文件。"


class PictureRefused(Exception):
    """A picture that cannot be taken. ``message`` says what to do, in Chinese."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code)
        self.code, self.message = code, message


@dataclass(frozen=True)
class PictureFile:
    """The bytes of a picture that were found to be one. Width and height are in pixels."""

    data: bytes
    media_type: str
    width: int
    height: int

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


DAMAGED = PictureRefused("picture_damaged", "图片已损坏或不完整。请重新插入这张图。")
TOO_MANY_BYTES = PictureRefused(
    "picture_too_large", f"图片超过 {MOST_BYTES // 1024 // 1024} MB。请用“压缩图片”缩小后再试。"
)
TOO_MANY_PIXELS = PictureRefused(
    "picture_too_large", f"图片的尺寸过大（最多 {MOST_PIXELS // 10_000} 万像素）。请缩小后再试。"
)


def picture_of(data: bytes) -> PictureFile:
    """The picture that these bytes are. Raises PictureRefused where they are none, or one beyond all bounds."""
    form = media_type_of(data)
    if form is None:
        raise unsupported(_name_of_other(data))
    if len(data) > MOST_BYTES:
        raise TOO_MANY_BYTES
    try:
        width, height = _SIZES[form](data)
    except (struct.error, IndexError, ValueError) as error:
        raise DAMAGED from error
    if width < 1 or height < 1:
        raise DAMAGED
    if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
        raise TOO_MANY_PIXELS
    return PictureFile(data, form, width, height)


def unsupported(name: str) -> PictureRefused:
    return PictureRefused("picture_not_supported", f"图片是{name}，网页上显示不了。{AS_PNG}")


def media_type_of(data: bytes) -> str | None:
    """By the first bytes alone; None for whatever is not among the four forms."""
    if data.startswith(_PNG_SIGNATURE):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    return WEBP if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _name_of_other(data: bytes) -> str:
    if data.startswith(b"\xd7\xcd\xc6\x9a") or data.startswith(b"\x01\x00\x09\x00"):
        return " WMF 格式"
    if data.startswith(b"\x01\x00\x00\x00") and data[40:44] == b" EMF":
        return " EMF 格式"
    if data.startswith(b"BM"):
        return " BMP 格式"
    if data.startswith((b"II*\0", b"MM\0*")):
        return " TIFF 格式"
    return " SVG 格式" if b"<svg" in data[:1000] else "不认识的格式"


# --- each form: its size, or ValueError where it is not whole --------------------------------------------------------

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _size_of_png(data: bytes) -> tuple[int, int]:
    names = []
    for name, content in _chunks_of_png(data):
        names.append(name)
        if len(names) == 1 and (name != b"IHDR" or len(content) != 13):
            raise ValueError
        if name == b"IEND":
            break
    if names[-1:] != [b"IEND"] or b"IDAT" not in names:
        raise ValueError
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _chunks_of_png(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each with a check sum of its own."""
    place = len(_PNG_SIGNATURE)
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        body = data[place + 4 : place + 8 + length]
        (check,) = struct.unpack_from(">I", data, place + 8 + length)
        if zlib.crc32(body) != check:
            raise ValueError
        yield body[:4], body[4:]
        place += 12 + length


_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
_SCAN, _END = 0xDA, b"\xff\xd9"


def _size_of_jpeg(data: bytes) -> tuple[int, int]:
    """By the frame's header, which stands before the first scan."""
    place, size = 2, (0, 0)
    while True:
        if data[place] != 0xFF:
            raise ValueError
        marker = data[place + 1]
        if marker == 0xFF:  # a filling byte
            place += 1
            continue
        (length,) = struct.unpack_from(">H", data, place + 2)
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            size = width, height
        if marker == _SCAN:
            break
        place += 2 + length
    if data.rfind(_END) < place:
        raise ValueError
    return size


def _size_of_gif(data: bytes) -> tuple[int, int]:
    width, height, packed = struct.unpack_from("<HHB", data, 6)
    place, images = 13 + _table(packed), 0
    while data[place] != 0x3B:
        if data[place] == 0x2C:
            images += 1
            place = _past_blocks(data, place + 11 + _table(data[place + 9]))
        elif data[place] == 0x21:
            place = _past_blocks(data, place + 2)
        else:
            raise ValueError
    if not images:
        raise ValueError
    return width, height


def _table(packed: int) -> int:
    """Bytes of a table of colours."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _past_blocks(data: bytes, place: int) -> int:
    while size := data[place]:
        place += 1 + size
    return place + 1


def _size_of_webp(data: bytes) -> tuple[int, int]:
    end = 8 + int.from_bytes(data[4:8], "little")
    place, size, has_image = 12, (0, 0), False
    if end > len(data) + 1:
        raise ValueError
    while place + 8 <= end:
        name, length = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        content = data[place + 8 : place + 8 + length]
        if len(content) < length:
            raise ValueError
        has_image |= name in (b"VP8 ", b"VP8L", b"ANMF")
        if name in (b"VP8X", b"VP8 ", b"VP8L") and not size[0]:
            size = _size_of_webp_chunk(name, content)
        place += 8 + length + length % 2
    if not has_image:
        raise ValueError
    return size


def _size_of_webp_chunk(name: bytes, content: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        return 1 + int.from_bytes(content[4:7], "little"), 1 + int.from_bytes(content[7:10], "little")
    if name == b"VP8L":
        if content[0] != 0x2F:
            raise ValueError
        bits = int.from_bytes(content[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if content[3:6] != b"\x9d\x01\x2a":
        raise ValueError
    width, height = struct.unpack_from("<HH", content, 6)
    return width & 0x3FFF, height & 0x3FFF


_SIZES = {PNG: _size_of_png, JPEG: _size_of_jpeg, GIF: _size_of_gif, WEBP: _size_of_webp}
