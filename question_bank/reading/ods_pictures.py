"""Pictures of an OpenDocument spreadsheet: each stands inside the cell that it is fixed to."""

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from question_bank.reading.albums import LINKED, Album
from question_bank.reading.drafts import PlacedPicture
from question_bank.reading.ods_cells import repeated
from question_bank.reading.parts import attribute, local


def pictures_of_ods(archive: zipfile.ZipFile, name: str, album: Album) -> list[PlacedPicture]:
    """The pictures of one sheet; what is fixed to the page and to no cell lies in its first row."""
    content = archive.read("content.xml")
    if b"<draw:image" not in content:
        return []
    root = ElementTree.fromstring(content)
    table = next((e for e in root.iter() if local(e) == "table" and attribute(e, "name") == name), None)
    if table is None:
        return []
    loose = (image for shapes in table if local(shapes) == "shapes" for image in _images(shapes))
    places = [(1, 0, image) for image in loose] + [
        (row + 1, column, image)
        for row, element in repeated(table, {"table-row"})
        for column, cell in repeated(element, {"table-cell", "covered-table-cell"})
        for image in _images(cell)
    ]
    return [PlacedPicture(row, column, _mark(image, archive, album)) for row, column, image in places]


def _images(element: Element) -> Iterator[Element]:
    """The pictures in an element, less those that stand for an object such as a chart."""
    for frame in element.iter():
        inside = [local(child) for child in frame]
        if local(frame) == "frame" and "object" not in inside and "image" in inside:
            yield frame[inside.index("image")]


def _mark(image: Element, archive: zipfile.ZipFile, album: Album) -> str:
    address = attribute(image, "href").removeprefix("./")
    is_outside = "://" in address or address.startswith(("/", "../"))
    return album.refuse(LINKED) if is_outside else album.add_part(address, archive.read)
