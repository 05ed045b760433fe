"""Pictures that HTML and XML refer to: beside the text, in the same package, in the address itself, or out of reach."""

import posixpath
import re
import zipfile
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from question_bank.pictures import DAMAGED
from question_bank.reading.albums import LINKED, MISSING, Album
from question_bank.reading.parts import local

MarkOf = Callable[[str], str]
"""From the address of a picture to the mark that stands for it."""

# GIFT writes a backslash before each =, :, # and {.
_IMAGE = re.compile(
    r"<img\b[^>]*?\bsrc\s*\\?=\s*(?:\"([^\"]*)\"|'([^']*)')[^>]*>|!\[[^\]\n]{0,200}\]\((@@PLUGINFILE@@[^)\s]*)[^)]*\)",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"data:image/[\w.+-]+;base64,(.*)", re.DOTALL)
_PLUGIN_FILE = re.compile(r"@@PLUGINFILE@@/")
_BASE_OF_CANVAS = re.compile(r"^\$?(?:IMS[-_]CC[-_]FILEBASE|CANVAS_OBJECT_REFERENCE)\$?/(?:\.\./)*", re.IGNORECASE)


def marked(html: str, mark_of: MarkOf) -> str:
    """HTML, or Markdown as Moodle writes it, with a mark in the place of each picture."""
    return _IMAGE.sub(lambda image: mark_of(unquote(next(filter(None, image.groups()), "").replace("\\", ""))), html)


def mark_elements(root: Element, mark_of: MarkOf) -> None:
    """The same in XML, whose texts may hold HTML."""
    for element in root.iter():
        name, source = local(element).lower(), _source_of(element)
        if source and name in ("img", "object"):
            element.tag, element.text = "span", mark_of(unquote(source)) + (element.text or "")
        elif name == "matimage":
            is_inside = element.get("embedded") == "base64" or not source
            address = f"data:image/any;base64,{element.text or ''}" if is_inside else unquote(source)
            element.text = mark_of(address)
        elif element.text and "<img" in element.text:
            element.text = marked(element.text, mark_of)


def _source_of(element: Element) -> str:
    if local(element).lower() == "object" and not (element.get("type") or "").startswith("image"):
        return ""
    return element.get("src") or element.get("data") or element.get("uri") or ""


def by_itself(album: Album) -> MarkOf:
    """Of a file that stands alone: what is not in the address itself is out of reach."""
    return lambda address: _mark_of_inside(address, album) or album.refuse(LINKED)


def in_package(archive: zipfile.ZipFile, folder: str, album: Album) -> MarkOf:
    """Of a file in this folder of a package. Some systems write addresses from the top, or from a folder for media."""
    names = archive.NameToInfo

    def mark_of(address: str) -> str:
        if inside := _mark_of_inside(address, album):
            return inside
        if re.match(r"(?:https?:)?//", address):
            return album.refuse(LINKED)
        bare = _BASE_OF_CANVAS.sub("", address.partition("?")[0])
        paths = [posixpath.normpath(posixpath.join(above, bare)) for above in (folder, "", "web_resources")]
        path = next((path for path in paths if path in names), None)
        return album.add_part(path, archive.read) if path else album.refuse(MISSING)

    return mark_of


def mark_moodle_files(root: Element, album: Album) -> None:
    """Moodle puts the files that a text shows beside it, in base64."""
    for holder in root.iter():
        text = holder.find("text")
        if text is not None and text.text and ("<img" in text.text or "@@PLUGINFILE@@" in text.text):
            files = {
                (file.get("path") or "/") + file.get("name", ""): file.text or "" for file in holder.findall("file")
            }
            text.text = marked(text.text, _beside(files, album))


def _beside(files: dict[str, str], album: Album) -> MarkOf:
    def mark_of(address: str) -> str:
        if not _PLUGIN_FILE.match(address):
            return by_itself(album)(address)
        name = "/" + _PLUGIN_FILE.sub("", address).partition("?")[0]
        return _decoded(files[name], album) if name in files else album.refuse(MISSING)

    return mark_of


def _mark_of_inside(address: str, album: Album) -> str:
    inside = _INSIDE.match(address.strip())
    return _decoded(inside[1], album) if inside else ""


def _decoded(text: str, album: Album) -> str:
    try:
        return album.add(b64decode(text))
    except (NotBase64, ValueError):
        return album.refuse(DAMAGED)
