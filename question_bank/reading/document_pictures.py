"""Pictures of a Word document: those of today's kind, and those that older programs and formula editors left."""

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from question_bank.reading.albums import Album
from question_bank.reading.parts import local, relations_of
from question_bank.reading.sheet_pictures import mark_of

_PART = "word/document.xml"
_LEFT_OUT = ("txbxContent", "Fallback")  # a text box has paragraphs of its own; a fallback says all a second time


class DocumentPictures:
    """Gives the marks that stand for the pictures in an element."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.album = archive, Album()
        self.relations = relations_of(archive, _PART)

    def marks_of(self, element: Element) -> str:
        return "".join(mark_of(e, self.relations, self.archive, self.album) for e in _picture_data(element))


def _picture_data(element: Element) -> Iterator[Element]:
    for child in element:
        if local(child) in ("blip", "imagedata"):
            yield child
        elif local(child) not in _LEFT_OUT:
            yield from _picture_data(child)
