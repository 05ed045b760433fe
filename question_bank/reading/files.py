"""Which reader a file needs, told by its content and never by its ending alone."""

import re
import zipfile

from question_bank.kinds import QuestionKind
from question_bank.reading import (
    aiken,
    csv_tables,
    documents,
    gift,
    markup,
    markup_pictures,
    moodle,
    qti,
    safety,
    texts,
    workbooks,
)
from question_bank.reading.albums import Album
from question_bank.reading.choices import AS_UNDERSTOOD, Choices
from question_bank.reading.chosen import drafts_as_chosen
from question_bank.reading.drafts import Found, Sheet, Unreadable
from question_bank.reading.encodings import decoded
from question_bank.reading.kind_words import kind_in_name
from question_bank.reading.lines import Line, plain_lines
from question_bank.reading.pictured import lifted
from question_bank.reading.reasons import read_as_before, without_reasons
from question_bank.reading.sheets import drafts_of_sheets
from question_bank.reading.understanding import (
    DOCUMENT,
    GIFT,
    MOODLE,
    NO_QUESTIONS,
    QTI,
    TABLE,
    TEXT,
    Understood,
    layout_of,
)
from question_bank.reading.workbooks import clean

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"


def found_in(data: bytes, filename: str, choices: Choices = AS_UNDERSTOOD) -> Found:
    """All that can be read from a file. ``Unreadable`` says why nothing can.

    What a damaged file makes its parser raise is caught where that parser is called (zip, XML, calamine, xlrd, csv).
    Anything else that comes out of here is a mistake of ours, and is to be seen.
    """
    safety.require_size(data)
    hint = kind_in_name(filename.rpartition(".")[0])
    if data.startswith(_OLE):
        return _found_in_ole(data, hint, choices)
    if data.startswith(_ZIP):
        return _found_in_zip(data, hint, choices)
    if data.startswith(b"%PDF"):
        raise Unreadable("pdf", "PDF 文件不能读取。请用 Word 或 WPS 打开它，另存为 .docx 后重新上传。")
    _refuse_other_binaries(data)
    return _found_in_text(decoded(data), filename, hint, choices)


def _found_in_ole(data: bytes, hint: QuestionKind | None, choices: Choices) -> Found:
    names = data.decode("utf-16-le", "ignore") + data[1:].decode("utf-16-le", "ignore")
    if "EncryptedPackage" in names:
        raise safety.ENCRYPTED
    if "Workbook" in names or "\0Book\0" in names or "B\0o\0o\0k" in names:
        return _of_workbook(data, None, hint, choices)
    if "WordDocument" in names:
        raise Unreadable(
            "old_document",
            "这是旧格式的 Word 文档（.doc 或 .wps）。请在 Word 或 WPS 中打开它，另存为 .docx 后重新上传。",
        )
    raise Unreadable("not_a_question_file", "这不是题库文件。请上传 .xlsx、.xls、.csv、.docx 或文本文件。")


def _found_in_zip(data: bytes, hint: QuestionKind | None, choices: Choices) -> Found:
    archive = safety.open_zip(data)
    names = set(archive.namelist())
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise safety.ENCRYPTED  # an OpenDocument with a password
    if names & {"xl/workbook.xml", "xl/workbook.bin"} or _is_open_document(archive):
        return _of_workbook(data, archive, hint, choices)
    if "word/document.xml" in names:
        return _read_as(DOCUMENT, documents.found_in_document(archive, hint))
    if (package := qti.found_in_package(archive)) is not None:
        return _read_as(QTI, package)
    raise Unreadable("not_a_question_file", "压缩包里没有认出题库。请直接上传 .xlsx、.docx 或文本文件，不要打包。")


def _of_workbook(data: bytes, archive: zipfile.ZipFile | None, hint: QuestionKind | None, choices: Choices) -> Found:
    album = Album()
    return drafts_of_sheets(workbooks.sheets_of(data, archive, album), hint, choices, album)


def _is_open_document(archive: zipfile.ZipFile) -> bool:
    names = archive.namelist()
    return "mimetype" in names and b"opendocument.spreadsheet" in archive.read("mimetype")[:200]


def _refuse_other_binaries(data: bytes) -> None:
    pictures = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\x7fELF", b"MZ")
    if data.startswith(pictures) or (b"\0" in data[:4096] and not _is_utf16(data[:4096])):
        raise Unreadable("not_a_question_file", "这不是题库文件。请上传 .xlsx、.xls、.csv、.docx 或文本文件。")


def _is_utf16(head: bytes) -> bool:
    """Text in UTF-16: decoded, it holds no control characters."""
    head = head[: len(head) // 2 * 2]
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head.decode(encoding, "replace")
        strange = sum((character < " " and character not in "\r\n\t") or character == "\ufffd" for character in text)
        if strange * 50 < len(text):
            return True
    return False


def _found_in_text(text: str, filename: str, hint: QuestionKind | None, choices: Choices) -> Found:
    if text.lstrip("\ufeff \t\r\n").startswith("<") and (found := _found_in_markup(text, hint, choices)):
        return found
    if gift.is_gift(text):
        album = Album()
        found = gift.drafts_of_gift(markup_pictures.marked(clean(text), markup_pictures.by_itself(album)))
        found.album = album
        return _read_as(GIFT, found)
    if aiken.is_aiken(plain := clean(text)):
        return _read_as(TEXT, aiken.drafts_of_aiken(plain, hint))
    named_csv = filename.lower().endswith((".csv", ".tsv"))
    sheet = csv_tables.sheet_of_csv(text, named_csv=named_csv)
    if sheet is None and choices.of("").tables:
        sheet = csv_tables.sheet_as_parted(text)
    if sheet is not None:
        return _of_csv(sheet, hint, choices)
    lines = [Line(number, line) for number, line in enumerate(plain_lines(clean(text).split("\n")), 1)]
    found = texts.drafts_of_lines(lines, hint)
    if named_csv and not found.drafts and not found.problems and (sheet := csv_tables.sheet_as_parted(text)):
        return _of_csv(sheet, hint, choices)
    return _read_as(TEXT, found)


def _of_csv(sheet: Sheet, hint: QuestionKind | None, choices: Choices) -> Found:
    """The questions of separated text; where there are none, its columns, for a person to say what they mean."""
    sheet = without_reasons(sheet)
    found = read_as_before(drafts_as_chosen(sheet, hint, choices.of(sheet.name)), sheet)
    found.sheets = [sheet]
    if not found.understood:
        row, columns = layout_of(sheet.rows)
        found.understood = [Understood(sheet.name, TABLE, 0, row, columns, NO_QUESTIONS)]
    return found


_HTML = re.compile(r"<(?:!doctype )?html|<table|^\s*<(?:p|div|h[1-6]|ol|ul|body|meta)\b")


def _found_in_markup(text: str, hint: QuestionKind | None, choices: Choices) -> Found | None:
    """XML by its root, HTML by its tables; None for a text that merely begins with <."""
    head = text[:2000].lower()
    if _HTML.search(head) and "<workbook" not in head:
        return _of_html(text, hint, choices)
    if not re.search(r"<\?xml|<quiz\b|<questestinterop\b|assessment-?item\b|<workbook\b", head):
        return None
    root = markup.xml_of(markup.without_declaration(text))
    if qti.is_qti(root):
        return _read_as(QTI, qti.found_in_file(root))
    if markup.local(root) == "quiz":
        return _read_as(MOODLE, moodle.drafts_of_moodle(root))
    if markup.local(root) == "Workbook":
        return drafts_of_sheets(markup.sheets_of_spreadsheet_xml(root), hint, choices)
    raise Unreadable("unknown_xml", "认不出这种 XML。能读取的有 Moodle XML、QTI 和 Excel 的 XML 表格。")


def _of_html(text: str, hint: QuestionKind | None, choices: Choices) -> Found:
    """The tables of a page; where they hold no question, what a reader of it sees, line by line.

    Pictures are inside of it, or out of reach.
    """
    album = Album()
    sheets = markup.sheets_of_html(markup_pictures.marked(text, markup_pictures.by_itself(album)))
    for sheet in sheets if album else ():
        sheet.rows, sheet.pictures = lifted(sheet.rows, album)
    found = drafts_of_sheets(sheets, hint, choices, album)
    if not found.drafts and not found.problems:
        lines = [Line(number, line) for number, line in enumerate(markup.text_of_html(text).split("\n"), 1)]
        written = texts.drafts_of_lines(lines, hint)
        found = _read_as(TEXT, written) if written.drafts or written.problems else found
    found.album = album
    return found


def _read_as(form: str, found: Found) -> Found:
    """What was found, with the one line that says how the file was read."""
    found.understood = found.understood or [Understood("", form, len(found.drafts))]
    return found
