"""What an OpenDocument spreadsheet shows in its cells: it holds the text beside the value."""

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from question_bank.reading.faults import Cell, Fault, error, formula_without_value
from question_bank.reading.safety import MOST_COLUMNS


def shown_in_ods(archive: zipfile.ZipFile, name: str) -> tuple[dict[Cell, str], dict[Cell, Fault]]:
    """(texts of the cells of a sheet that hold numbers, dates and the like; its cells without a value)."""
    root = ElementTree.fromstring(archive.read("content.xml"))
    texts: dict[Cell, str] = {}
    faults: dict[Cell, Fault] = {}
    table = next((e for e in root.iter() if _local(e.tag) == "table" and _attribute(e, "name") == name), None)
    for row, element in repeated(table, {"table-row"}):
        for column, cell in repeated(element, {"table-cell", "covered-table-cell"}):
            text = "\n".join("".join(p.itertext()) for p in cell if _local(p.tag) == "p")
            kind = _attribute(cell, "value-type")
            if any(value == "error" for key, value in cell.attrib.items() if _local(key) == "value-type"):
                faults[row, column] = error(text or "#N/A")
            elif _attribute(cell, "formula") and not kind:
                faults[row, column] = formula_without_value()
            elif kind not in ("", "string") and text:
                texts[row, column] = text
    return texts, faults


def repeated(parent: Element | None, names: set[str]) -> Iterator[tuple[int, Element]]:
    """(place from 0, element) of rows or cells, each as often as the file repeats it; long repeats are empty space."""
    place = 0
    for element in parent.iter() if parent is not None else ():
        if _local(element.tag) not in names:
            continue
        count = int(_attribute(element, "number-rows-repeated") or _attribute(element, "number-columns-repeated") or 1)
        for offset in range(count if count <= MOST_COLUMNS else 0):
            yield place + offset, element
        place += count


def _local(name: object) -> str:
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if _local(key) == name), "")
