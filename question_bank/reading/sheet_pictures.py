"""Pictures of an Excel or WPS workbook: those that float over cells, and those that stand in them."""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from struct import error as StructError
from xml.etree.ElementTree import Element, ParseError

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from question_bank.reading.albums import LINKED, MISSING, Album
from question_bank.reading.drafts import PlacedPicture
from question_bank.reading.parts import Relation, attribute, local, relations_of
from question_bank.reading.safety import column_number

UNREADABLE = (KeyError, ValueError, IndexError, StopIteration, StructError, ParseError, DefusedXmlException)
"""What parts that are not as they should be raise here."""


def floating(archive: zipfile.ZipFile, sheet: str, album: Album) -> list[PlacedPicture]:
    """The pictures over a sheet, each in the cell where its upper left corner lies."""
    drawings = [relation for relation in relations_of(archive, sheet).values() if relation.kind == "drawing"]
    return [picture for drawing in drawings for picture in _of_drawing(archive, drawing.target, album)]


def _of_drawing(archive: zipfile.ZipFile, part: str, album: Album) -> Iterator[PlacedPicture]:
    relations = relations_of(archive, part)
    for anchor in ElementTree.fromstring(archive.read(part)):
        row, column = _corner(anchor)
        for blip in _blips(anchor):
            yield PlacedPicture(row + 1, column, mark_of(blip, relations, archive, album))


def _corner(anchor: Element) -> tuple[int, int]:
    """Row and column from 0; what is anchored to no cell lies in the first."""
    corner = next((element for element in anchor if local(element) == "from"), None)
    numbers = {local(element): int(element.text or 0) for element in corner} if corner is not None else {}
    return numbers.get("row", 0), numbers.get("col", 0)


def _blips(element: Element) -> Iterator[Element]:
    """The picture data in an element; what stands there a second time for older programs is left out."""
    for child in element:
        if local(child) == "blip":
            yield child
        elif local(child) != "Fallback":
            yield from _blips(child)


def mark_of(blip: Element, relations: dict[str, Relation], archive: zipfile.ZipFile, album: Album) -> str:
    """The mark of the picture that an element refers to, by r:embed or r:id; a link alone cannot be followed."""
    relation = relations.get(attribute(blip, "embed") or attribute(blip, "id"))
    if relation is None or relation.is_outside:
        is_link = relation is not None or attribute(blip, "link") or attribute(blip, "href")
        return album.refuse(LINKED if is_link else MISSING)
    return album.add_part(relation.target, archive.read)


# --- pictures in cells, as WPS has them: =DISPIMG("ID_…",1) ----------------------------------------------------------

_DISPIMG = re.compile(r"DISPIMG\(\s*\"([^\"]+)\"")
_FORMULA = re.compile(rb"<c\b[^>]*\br=\"([A-Z]+)(\d+)\"[^>]*>\s*<f[^>]*>[^<]*DISPIMG\((?:&quot;|\")([^\"&]+)")
_CELL_IMAGES = "xl/cellimages.xml"


class CellImages:
    """The pictures of a whole workbook that cells show by name."""

    def __init__(self, archive: zipfile.ZipFile, album: Album) -> None:
        self.album, self.marks = album, dict[str, str]()
        self.are_there = _CELL_IMAGES in archive.NameToInfo
        if self.are_there:
            with suppress(*UNREADABLE):
                self.marks = _marks_by_name(archive, album)

    def placed(self, cells: list[list[object]], xml: bytes) -> list[PlacedPicture]:
        """By the texts of cells, and by the formulas of those that hold no text."""
        names = {
            (row, column): found[1]
            for row, values in enumerate(cells, 1)
            for column, value in enumerate(values)
            if isinstance(value, str) and "DISPIMG(" in value and (found := _DISPIMG.search(value))
        }
        for letters, number, name in _FORMULA.findall(xml):
            names[int(number), column_number(letters) - 1] = name.decode("utf-8", "replace")
        return [PlacedPicture(row, column, self._mark(name)) for (row, column), name in names.items()]

    def _mark(self, name: str) -> str:
        return self.marks.get(name) or self.album.refuse(MISSING)


def _marks_by_name(archive: zipfile.ZipFile, album: Album) -> dict[str, str]:
    relations, marks = relations_of(archive, _CELL_IMAGES), {}
    for image in ElementTree.fromstring(archive.read(_CELL_IMAGES)):
        name = next((attribute(e, "name") for e in image.iter() if local(e) == "cNvPr"), "")
        for blip in _blips(image):
            marks[name] = mark_of(blip, relations, archive, album)
    return marks


# --- pictures in cells, as Excel has them: rich values ---------------------------------------------------------------

_VALUE = re.compile(rb"<c\b([^>]*\bvm=\"(\d+)\"[^>]*)>")
_REFERENCE = re.compile(rb"\br=\"([A-Z]+)(\d+)\"")
_RICH_PICTURES = "xl/richData/richValueRel.xml"


class RichValues:
    """The values beside cells, by the number that a cell gives: it leads to a rich value, a relation, a picture."""

    def __init__(self, archive: zipfile.ZipFile, album: Album) -> None:
        self.marks: dict[int, str] = {}
        if _RICH_PICTURES in archive.NameToInfo:
            with suppress(*UNREADABLE):
                self.marks = _marks_by_number(archive, album)

    def placed(self, xml: bytes) -> list[PlacedPicture]:
        found = []
        for attributes, number in _VALUE.findall(xml) if self.marks else ():
            reference = _REFERENCE.search(attributes)
            if reference and int(number) in self.marks:
                mark = self.marks[int(number)]
                found.append(PlacedPicture(int(reference[2]), column_number(reference[1]) - 1, mark))
        return found


def _marks_by_number(archive: zipfile.ZipFile, album: Album) -> dict[int, str]:
    relations = relations_of(archive, _RICH_PICTURES)
    pictures = list(ElementTree.fromstring(archive.read(_RICH_PICTURES)))
    keys, marks = _keys_of_pictures(archive), {}
    values = [e for e in ElementTree.fromstring(archive.read("xl/richData/rdrichvalue.xml")) if local(e) == "rv"]
    for number, place in enumerate(_rich_value_places(archive), 1):
        value = values[place]
        if (key := keys[int(attribute(value, "s"))]) is not None:
            picture = pictures[int(value[key].text or 0)]
            marks[number] = mark_of(picture, relations, archive, album)
    return marks


def _keys_of_pictures(archive: zipfile.ZipFile) -> list[int | None]:
    """For each structure of rich values, which of its values names a picture."""
    root = ElementTree.fromstring(archive.read("xl/richData/rdrichvaluestructure.xml"))
    names = [[attribute(key, "n") for key in structure] for structure in root]
    wanted = "_rvRel:LocalImageIdentifier"
    return [keys.index(wanted) if wanted in keys else None for keys in names]


def _rich_value_places(archive: zipfile.ZipFile) -> list[int]:
    """For each value of the metadata, the place of its rich value."""
    root = ElementTree.fromstring(archive.read("xl/metadata.xml"))
    future = [e for e in root if local(e) == "futureMetadata" and attribute(e, "name") == "XLRICHVALUE"]
    places = [int(attribute(e, "i")) for block in future for e in block.iter() if local(e) == "rvb"]
    values = [e for e in root if local(e) == "valueMetadata"]
    return [places[int(attribute(rc, "v"))] for block in values for rc in block.iter() if local(rc) == "rc"]


# --- the workbook ----------------------------------------------------------------------------------------------------


class PicturesOfWorkbook:
    """All ways in which a workbook of Excel or WPS holds pictures.

    Where the parts that say which picture a cell shows are damaged, the cell is left with its error or its formula,
    which makes its question a problem.
    """

    def __init__(self, archive: zipfile.ZipFile, album: Album) -> None:
        self.archive, self.album = archive, album
        self.by_name, self.rich = CellImages(archive, album), RichValues(archive, album)

    def in_cells(self, cells: list[list[object]], sheet: Callable[[], bytes]) -> list[PlacedPicture]:
        """``sheet`` gives the XML of the worksheet, which is large and seldom wanted here."""
        xml = sheet() if self.by_name.are_there or self.rich.marks else b""
        return self.by_name.placed(cells, xml) + self.rich.placed(xml)

    def floating(self, part: Callable[[], str]) -> list[PlacedPicture]:
        if not any("/media/" in name or "/drawings/" in name for name in self.archive.NameToInfo):
            return []
        return floating(self.archive, part(), self.album)
