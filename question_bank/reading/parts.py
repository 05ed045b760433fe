"""The parts of an Office package, and how one refers to another."""

import posixpath
import zipfile
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml import ElementTree


@dataclass(frozen=True)
class Relation:
    """What a part refers to: another part by its path, or something outside of the file."""

    kind: str
    target: str
    is_outside: bool


def relations_of(archive: zipfile.ZipFile, part: str) -> dict[str, Relation]:
    """What a part refers to, by the id it uses for it; nothing where it refers to nothing."""
    folder, name = posixpath.split(part)
    path = f"{folder}/_rels/{name}.rels"
    if path not in archive.NameToInfo:
        return {}
    found = {}
    for relation in ElementTree.fromstring(archive.read(path)):
        target, is_outside = relation.get("Target", ""), relation.get("TargetMode") == "External"
        if not is_outside:
            target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        kind = relation.get("Type", "").rpartition("/")[2]
        found[relation.get("Id", "")] = Relation(kind, target, is_outside)
    return found


def attribute(element: Element, name: str) -> str:
    """An attribute by its local name."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def part_of_sheet(place: int, archive: zipfile.ZipFile) -> str:
    """The path of a worksheet of an .xlsx by its place from 0 on."""
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    sheet = [element for element in book.iter() if local(element) == "sheet"][place]
    reference = next(value for name, value in sheet.attrib.items() if name.endswith("}id"))
    target: str = targets[reference]
    return target.lstrip("/") if target.startswith("/") else "xl/" + target
