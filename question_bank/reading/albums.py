"""The pictures of one file, and the marks that stand for them in its texts until each question is judged."""

import re
from collections.abc import Callable

from question_bank.pictures import PictureFile, PictureRefused, picture_of

MOST_PICTURES = 2_000
MOST_BYTES_TOGETHER = 64 * 1024 * 1024

_FIRST, _LAST = 0x108000, 0x10FFFD  # private to nobody's script: no text of a question is written with these
_MARK = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")

LINKED = PictureRefused("picture_linked", "图片只是一个链接，不在文件里。请把图片本身插入文件（粘贴为 PNG），再上传。")
MISSING = PictureRefused("picture_missing", "图片在文件里找不到。请重新插入这张图。")
TOO_MANY = PictureRefused(
    "too_many_pictures",
    f"文件里的图片太多（最多 {MOST_PICTURES} 张，合计 {MOST_BYTES_TOGETHER // 1024 // 1024} MB）。请分成几个文件上传。",
)


class Album:
    """Each picture once, whatever it was found to be, by the one character that stands for it in texts."""

    def __init__(self) -> None:
        self._found: dict[str, PictureFile | PictureRefused] = {}
        self._marks: dict[bytes | str, str] = {}
        self._by_place: dict[str, str] = {}
        self._bytes = 0

    def __bool__(self) -> bool:
        return bool(self._found)

    def __contains__(self, mark: str) -> bool:
        return mark in self._found

    def __getitem__(self, mark: str) -> PictureFile | PictureRefused:
        return self._found[mark]

    def add(self, data: bytes) -> str:
        """Look at a picture's bytes; the mark that stands for it from now on, even if it cannot be taken."""
        if data in self._marks:
            return self._marks[data]
        if len(self._found) >= MOST_PICTURES or self._bytes + len(data) > MOST_BYTES_TOGETHER:
            return self.refuse(TOO_MANY)
        try:
            picture = picture_of(data)
        except PictureRefused as why:
            return self.refuse(why)
        self._bytes += len(data)
        return self._marked(data, picture)

    def add_part(self, name: str, read: Callable[[str], bytes]) -> str:
        """The same of a part of an archive, read once."""
        if name not in self._by_place:
            try:
                self._by_place[name] = self.add(read(name))
            except KeyError:
                self._by_place[name] = self.refuse(MISSING)
        return self._by_place[name]

    def refuse(self, why: PictureRefused) -> str:
        """The mark of a picture that cannot be taken."""
        return self._marks.get(why.message) or self._marked(why.message, why)

    def _marked(self, key: bytes | str, found: PictureFile | PictureRefused) -> str:
        mark = chr(_FIRST + len(self._found))
        self._found[mark], self._marks[key] = found, mark
        return mark

    def part(self, text: str, *, exact: bool = False) -> tuple[str, str]:
        """A text without the marks in it, and the marks. A line that held nothing else goes too, unless ``exact``."""
        marks = "".join(mark for mark in _MARK.findall(text) if mark in self._found)
        if not marks:
            return text, ""
        if not exact:
            text = re.sub(rf"^[^\S\n]*[{marks}][{marks} \t]*(?:\n|$)", "", text, flags=re.MULTILINE).rstrip("\n")
        return re.sub(f"[{marks}]", "", text), marks

    def pictures(self, marks: str) -> list[PictureFile]:
        """Those that the marks stand for, less what cannot be taken."""
        return [found for mark in marks if isinstance(found := self._found[mark], PictureFile)]

    @property
    def by_sha256(self) -> dict[str, PictureFile]:
        return {found.sha256: found for found in self._found.values() if isinstance(found, PictureFile)}
