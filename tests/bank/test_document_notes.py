"""Footnotes and endnotes that state the keys of the questions which refer to them."""

from typing import Any
from xml.sax.saxutils import escape

import pytest

from question_bank.check import Report, check_file
from question_bank.reading.document_runs import W
from tests.workbooks import codes, keys, zipped

SPACE = f'xmlns:w="{W.strip("{}")}"'


def paragraph(text: str, note: str = "") -> str:
    return f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r>{f'<w:r>{note}</w:r>' if note else ''}</w:p>"


def read(*texts: str, kind: str = "footnote", notes: dict[int, str]) -> Report:
    """A document in which the text of each number refers to its note."""
    body = "".join(
        paragraph(text, f'<w:{kind}Reference w:id="{place}"/>' if place in notes else "")
        for place, text in enumerate(texts)
    )
    written = "".join(f'<w:{kind} w:id="{place}">{paragraph(text)}</w:{kind}>' for place, text in notes.items())
    parts: dict[str, Any] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {SPACE}><w:body>{body}</w:body></w:document>",
        f"word/{kind}s.xml": f"<w:{kind}s {SPACE}>{written}</w:{kind}s>",
    }
    return check_file(zipped(parts), "bank.docx")


ASKED = ["1. 哪里最高（ ）", "A. 山顶", "B. 山腰", "2. 水是湿的。", "3. 质量月是___月。"]


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_note_may_state_the_key_of_its_question(kind: str) -> None:
    report = read(*ASKED, kind=kind, notes={0: "答案：A", 3: "答案：对", 4: "答案：九"})
    assert (keys(report), report.problems) == ([["A"], ["对"], [["九"]]], ())


def test_a_bare_letter_is_a_key_where_all_notes_are_keys() -> None:
    assert keys(read(*ASKED[:4], notes={2: "A", 3: "√"})) == [["A"], ["对"]]
    assert codes(read(*ASKED[:3], "2. 哪里最低（B）", *ASKED[1:3], notes={0: "A", 3: "见教材"})) == [(1, "key_missing")]
