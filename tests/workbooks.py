"""Small files made in memory, of the shapes that people bring."""

import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook, load_workbook

from question_bank.check import Report, check_file

HEADER = ["题型", "题干", "选项A", "选项B", "选项C", "选项D", "答案", "解析"]
SINGLE = ["单选题", "投诉举报电话是（ ）。", "12315", "12345", "12306", "12320", "A", ""]
SEVERAL = ["多选题", "城市质量精神有（ ）。", "诚信", "责任", "随意", "卓越", "ABD", ""]
JUDGEMENT = ["判断题", "经营者应当开具发票。", "", "", "", "", "对", ""]

PLAIN = ["题干", "A", "B", "C", "D", "答案"]
WITH_KIND = ["题型", *PLAIN]

Rows = Sequence[Sequence[Any]]


def workbook(rows: Rows = (), *, formats: dict[str, str] | None = None, **sheets: Rows) -> bytes:
    """An .xlsx: ``rows`` on Sheet1, or sheets by name; ``formats`` set a cell's number format."""
    book = Workbook()
    book.remove(book.active)
    for name, content in (sheets or {"Sheet1": rows}).items():
        sheet = book.create_sheet(name)
        for row in content:
            sheet.append(list(row))
    for place, code in (formats or {}).items():
        book.worksheets[0][place].number_format = code
    return saved(book)


def hiding(data: bytes, *, rows: Iterable[int] = (), columns: str = "", sheets: Iterable[str] = ()) -> bytes:
    """The same workbook with rows and columns of its first sheet, and whole sheets, hidden."""
    book = load_workbook(BytesIO(data))
    for row in rows:
        book.worksheets[0].row_dimensions[row].hidden = True
    for column in columns:
        book.worksheets[0].column_dimensions[column].hidden = True
    for sheet in sheets:
        book[sheet].sheet_state = "hidden"
    return saved(book)


def saved(book: Workbook) -> bytes:
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def many_questions(count: int) -> bytes:
    rows = [[*SINGLE[:1], f"第 {n} 个问题是什么（ ）。", *SINGLE[2:]] for n in range(count)]
    return workbook([HEADER, *rows])


def csv_file(rows: Rows, encoding: str = "utf-8", separator: str = ",") -> bytes:
    return "\n".join(separator.join(map(str, row)) for row in rows).encode(encoding)


def document(*paragraphs: str, numbering: str = "") -> bytes:
    """A .docx whose paragraphs are texts, or WordprocessingML where they begin with <w:."""
    body = "".join(p if p.startswith("<w:") else paragraph(p) for p in paragraphs)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f"<w:document {space}><w:body>{body}</w:body></w:document>",
    }
    if numbering:
        parts["word/numbering.xml"] = f"<w:numbering {space}>{numbering}</w:numbering>"
    return zipped(parts)


def paragraph(text: str, properties: str = "") -> str:
    runs = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # The mimetype of an OpenDocument file stands uncompressed, so that it can be read in place.
            archive.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return stream.getvalue()


def check_rows(*rows: Sequence[Any], name: str = "bank.xlsx", **options: Any) -> Report:
    return check_file(workbook(rows, **options), name)


def check_text(*lines: str, name: str = "bank.txt", encoding: str = "utf-8") -> Report:
    return check_file("\n".join(lines).encode(encoding), name)


def one(*cells: Any, header: Sequence[str] = WITH_KIND) -> Report:
    """What is found in a workbook of a single question."""
    return check_rows(header, cells)


def options(report: Report) -> list[list[str]]:
    return [list(question.content.options) for question in report.questions]


def keys(report: Report) -> list[Any]:
    return [question.content.key_as_letters for question in report.questions]


def kinds(report: Report) -> list[str]:
    return [question.content.kind.value for question in report.questions]


def codes(report: Report) -> list[tuple[int | None, str]]:
    return [(problem.row, problem.code) for problem in report.problems]


def warned(report: Report) -> list[str]:
    return [warning.code for warning in report.warnings]


def a_day() -> date:
    return date(2026, 6, 20)


def texts(values: Iterable[Any]) -> list[str]:
    return [str(value) for value in values]
