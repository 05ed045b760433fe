"""Footnotes and endnotes of a Word document that state keys, as lines below the paragraphs that refer to them."""

import zipfile
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from question_bank.reading import lines as look
from question_bank.reading.document_runs import W
from question_bank.reading.keys import letters_in
from question_bank.reading.kind_words import verdict_in

_KINDS = ("footnote", "endnote")
_FEW = 2


class DocumentNotes:
    """The notes by kind and number; a bare letter or verdict is a key where all notes are keys."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        names = archive.namelist()
        self.texts: dict[tuple[str, str], str] = {}
        for kind in _KINDS:
            if f"word/{kind}s.xml" in names:
                for note in ElementTree.fromstring(archive.read(f"word/{kind}s.xml")).findall(W + kind):
                    text = "".join(part.text or "" for part in note.iter(W + "t")).strip()
                    self.texts[kind, note.get(W + "id", "")] = text
        told = [text for text in self.texts.values() if text]
        self.are_keys = len(told) >= _FEW and all(map(_is_key, told))

    def lines_of(self, paragraph: Element) -> list[str]:
        """What the notes say that a paragraph refers to, where it is said of its question."""
        if not self.texts:
            return []
        references = ((kind, mark) for kind in _KINDS for mark in paragraph.iter(f"{W}{kind}Reference"))
        texts = (self.texts.get((kind, mark.get(W + "id", "")), "") for kind, mark in references)
        return [line for text in texts for line in self._line(text)]

    def _line(self, text: str) -> list[str]:
        if look.answer_of(text) is not None or look.explanation_of(text) is not None:
            return [text]
        return [f"答案：{text}"] if self.are_keys and text else []


def _is_key(text: str) -> bool:
    return look.answer_of(text) is not None or letters_in(text) is not None or verdict_in(text) is not None
