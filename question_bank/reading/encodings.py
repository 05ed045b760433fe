"""Bytes to text, in the encodings that Chinese files come in."""

from question_bank.reading.drafts import Unreadable

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decoded(data: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, UTF-16 (by its zero bytes) or GB18030."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _as(data, encoding)
    if b"\0" in data[:4096]:
        return _mostly_whole(max((data.decode(e, "replace") for e in ("utf-16-le", "utf-16-be")), key=_plainness))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > 200 and len(data) - error.start < 4:
            return data[: error.start].decode("utf-8")  # cut in the middle of its last character
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        utf8, gbk = data.decode("utf-8", "replace"), data.decode("gb18030", "replace")
        return _mostly_whole(min(utf8, gbk, key=lambda text: text.count("\ufffd")))


def _plainness(text: str) -> int:
    """How much of a text are the commonest signs: read with its bytes the wrong way round it holds none of them."""
    return sum(map(text.count, "\n ,.1A、。，"))


def _as(data: bytes, encoding: str) -> str:
    return _mostly_whole(data.decode(encoding, "replace"))


def _mostly_whole(text: str) -> str:
    if text.count("\ufffd") * 100 > len(text):
        raise Unreadable("unknown_encoding", "认不出文件的文字编码。请用记事本打开，另存为 UTF-8 编码后重新上传。")
    return text.replace("\ufffd", "�")
