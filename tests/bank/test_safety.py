"""Files that cannot be taken: a clear sentence each, and hostile ones stopped before they are in memory."""

import resource
import struct
import time

import pytest

from question_bank.check import check_file
from question_bank.reading.safety import MOST_BYTES
from tests.workbooks import HEADER, SINGLE, workbook, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refusal(data: bytes, name: str = "bank.xlsx") -> tuple[str, str]:
    report = check_file(data, name)
    assert (report.readable, report.total, len(report.problems)) == (False, 0, 1)
    problem = report.problems[0]
    assert problem.row is None
    return problem.code, problem.message


@pytest.mark.parametrize(
    ("data", "code", "advice"),
    [
        (b"", "empty_file", "空的"),
        (b" \n\n", "empty_file", "空的"),
        (b"x" * (MOST_BYTES + 1), "too_large", "20 MB"),
        (b"%PDF-1.7\n...", "pdf", "另存为 .docx"),
        (OLE + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "old_document", "另存为 .docx"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted", "去掉密码"),
        (OLE + b"\0" * 600 + "Workbook".encode("utf-16-le"), "damaged", "另存一份"),
        (OLE + b"\0" * 600, "not_a_question_file", "请上传"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "not_a_question_file", "请上传"),
        (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 9, "not_a_question_file", "请上传"),
        (b"PK\x03\x04 and then nothing", "damaged", "另存一份"),
        (zipped({"readme.txt": "x"}), "not_a_question_file", "不要打包"),
        (zipped({"xl/workbook.xml": "<nothing"}), "damaged", "另存一份"),
        (zipped({"word/document.xml": "<w:document"}), "damaged", "另存一份"),
        (b"<?xml version='1.0'?><quiz><question></quiz>", "damaged_xml", "重新导出"),
        (b"<?xml version='1.0'?><catalogue/>", "unknown_xml", "Moodle"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, code: str, advice: str) -> None:
    found, message = refusal(data)
    assert found == code and advice in message


def test_a_truncated_workbook_is_said_to_be_damaged() -> None:
    whole = workbook([HEADER, SINGLE])
    for part in (len(whole) // 3, len(whole) - 30):
        assert refusal(whole[:part])[0] == "damaged"


def test_an_encrypted_zip_asks_for_no_password() -> None:
    data = bytearray(zipped({"xl/workbook.xml": "x"}))
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    assert refusal(bytes(data))[0] == "encrypted"


def test_a_zip_bomb_that_declares_its_size() -> None:
    assert (
        refusal(zipped({"xl/workbook.xml": "x", "xl/worksheets/sheet1.xml": b"0" * (300 << 20)}))[0]
        == "too_large_unpacked"
    )


def test_a_zip_bomb_that_lies_about_its_size_is_stopped_before_it_is_in_memory() -> None:
    data = bytearray(zipped({"xl/workbook.xml": b"\0" * (400 << 20)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = data.index(mark)
        data[place + offset : place + offset + 4] = struct.pack("<I", 1000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert refusal(bytes(data))[0] in ("too_large_unpacked", "damaged")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10


def test_a_lone_cell_in_the_far_corner_is_refused() -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    row = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    sheet = f'<worksheet xmlns="{space}"><sheetData>{row}</sheetData></worksheet>'
    assert (
        refusal(zipped({"xl/workbook.xml": f'<workbook xmlns="{space}"/>', "xl/worksheets/sheet1.xml": sheet}))[0]
        == "too_many_rows"
    )


def test_rows_that_are_only_formatted_are_no_matter() -> None:
    from io import BytesIO

    from openpyxl import load_workbook
    from openpyxl.styles import Font

    from tests.workbooks import saved

    book = load_workbook(BytesIO(workbook([HEADER, SINGLE])))
    book.active["A65533"].font = Font(bold=True)
    assert check_file(saved(book), "bank.xlsx").total == 1


@pytest.mark.parametrize("root", ["quiz", "questestinterop"])
def test_entities_are_refused(root: str) -> None:
    bomb = f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><{root}>&b;</{root}>'
    assert refusal(bomb.encode())[0] == "hostile_xml"
    outside = f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY a SYSTEM "file:///etc/passwd">]><{root}>&a;</{root}>'
    assert refusal(outside.encode())[0] == "hostile_xml"


def test_entities_in_a_document_are_refused() -> None:
    xml = '<!DOCTYPE w [<!ENTITY a "aaaa">]><w>&a;</w>'
    assert refusal(zipped({"word/document.xml": xml}))[0] == "damaged"


def test_a_workbook_without_a_question_is_one_problem() -> None:
    report = check_file(workbook([["街道", "人数"], ["东街", 3]]), "x.xlsx")
    assert (report.readable, report.total, [p.code for p in report.problems]) == (True, 0, ["no_questions"])


def test_prose_is_no_bank() -> None:
    report = check_file("今天天气很好。\n我们去散步。\n".encode(), "x.txt")
    assert (report.total, [p.row for p in report.problems]) == (0, [None])


def test_a_formula_counts_by_its_cached_value_only() -> None:
    report = check_file(workbook([HEADER, [*SINGLE[:6], '="A"', ""]]), "x.xlsx")
    assert (report.total, len(report.problems)) == (0, 1)


@pytest.mark.parametrize("cell", ["A99999999", "ZZZZ1", "xfd9999"])
def test_impossible_cell_references_are_refused(cell: str) -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData><row r="1"><c r="{cell}"><v>1</v></c></row></sheetData></worksheet>'
    parts = {"xl/workbook.xml": f'<workbook xmlns="{space}"/>', "xl/worksheets/sheet1.xml": sheet}
    assert refusal(zipped(parts))[0] == "too_many_rows"


@pytest.mark.parametrize(
    "junk",
    [
        "（" * 50_000,
        "_" * 50_000,
        "A. " * 30_000,
        "答案：" * 30_000,
        "x\n" * 10_000,
        " " * 50_000 + "x",
        "1.A " * 30_000,
    ],
)
def test_long_junk_takes_no_long_time(junk: str) -> None:
    start = time.process_time()
    assert check_file(junk.encode(), "x.txt").total == 0
    assert time.process_time() - start < 5
