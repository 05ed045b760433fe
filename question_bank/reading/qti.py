"""QTI 1.2, 2.1, 2.2 and 3.0: single files, and the packages and cartridges that hold many."""

import posixpath
import re
import zipfile
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from question_bank.content import tidied
from question_bank.reading import notes, qti_1, qti_2
from question_bank.reading.drafts import Found, RowProblem, Unreadable
from question_bank.reading.encodings import decoded
from question_bank.reading.markup import without_declaration, xml_of
from question_bank.reading.markup_pictures import by_itself, in_package, mark_elements
from question_bank.reading.qti_elements import every, identifier, name

_QTI_INSIDE = re.compile(rb"questestinterop|assessment-?item\b", re.IGNORECASE)
_ITEMS = ("item", "assessmentitem")


def is_qti(root: Element) -> bool:
    return name(root) in ("questestinterop", "assessmentitem")


def found_in_file(root: Element) -> Found:
    """The items of one file."""
    found = Found()
    mark_elements(root, by_itself(found.album))
    for item in every(root, *_ITEMS):
        _add(found, item, set())
    return found


def found_in_package(archive: zipfile.ZipFile) -> Found | None:
    """The items of all QTI files in a package; None if it holds none. An item that stands there twice counts once."""
    found, seen, files = Found(), set[tuple[str, str]](), 0
    tags = _tags_of_manifests(archive, found)
    for path in sorted(archive.namelist(), key=_fullest_first):
        if not re.search(r"\.(xml|qti|dat)$", path, re.IGNORECASE) or _is_manifest(path):
            continue
        root = _root(archive, path, found)
        if root is None or not is_qti(root):
            continue
        files += 1
        mark_elements(root, in_package(archive, posixpath.dirname(path), found.album))
        for item in every(root, *_ITEMS):
            _add(found, item, seen, tags.get(path, []))
    return found if files or found.problems else None


def _add(found: Found, item: Element, seen: set[tuple[str, str]], tags: list[str] | None = None) -> None:
    """Judge an item by its version. The same identifier with the same words is the same item in another file."""
    row = len(found.drafts) + 1
    said = len(found.warnings)
    draft = qti_1.draft_of(row, item, found) if name(item) == "item" else qti_2.draft_of(row, item, found)
    if draft is None:
        return
    mark = (identifier(item), tidied(draft.stem))
    if identifier(item) and mark in seen:
        del found.warnings[said:]
        return
    seen.add(mark)
    notes.take_tags(draft, tags or [])
    found.drafts.append(draft)


# --- packages --------------------------------------------------------------------------------------------------------


def _is_manifest(path: str) -> bool:
    return posixpath.basename(path).lower() == "imsmanifest.xml"


def _fullest_first(path: str) -> list[tuple[int, str]]:
    """Canvas's own form of a quiz before the one for other systems; q2 before q10."""
    parts = [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", path)]
    return [(0 if "non_cc_assessments" in path else 1, ""), *parts]


def _root(archive: zipfile.ZipFile, path: str, found: Found) -> Element | None:
    """An XML file of a package. One that is damaged and was meant to hold questions is a problem."""
    data = archive.read(path)
    try:
        try:
            return xml_of(data)
        except Unreadable as why:
            if why.code == "hostile_xml":
                raise
            return xml_of(without_declaration(decoded(data)))
    except Unreadable as why:
        if why.code == "hostile_xml":
            raise
        if _QTI_INSIDE.search(data):
            message = f"压缩包里的 {path} 不是完整的 XML，其中的试题没有读到。请从原系统重新导出。"
            found.problems.append(RowProblem("", None, "", "damaged_xml", message))
    return None


def _tags_of_manifests(archive: zipfile.ZipFile, found: Found) -> dict[str, list[str]]:
    """The keywords of each file by its path. An item that a manifest names and the package lacks is said."""
    tags: dict[str, list[str]] = {}
    names = set(archive.namelist())
    for path in filter(_is_manifest, archive.namelist()):
        root = _root(archive, path, found)
        for resource in every(root, "resource") if root is not None else []:
            href = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(resource.get("href") or "")))
            keywords = ["".join(e.itertext()).strip() for e in every(resource, "keyword")]
            tags.setdefault(href, []).extend(keywords)
            if resource.get("href") and href not in names and "item" in (resource.get("type") or ""):
                message = f"清单里的 {href} 不在压缩包里，其中的试题没有读到。"
                found.warnings.append(RowProblem("", None, "", "file_missing", message))
    return tags
