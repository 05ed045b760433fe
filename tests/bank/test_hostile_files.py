"""Files that are locked, lie about themselves, or bring along what is none of our business."""

import struct
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from openpyxl import load_workbook

from question_bank.check import check_file
from question_bank.rest import rest_workbook
from tests import spreadsheets
from tests.workbooks import HEADER, SINGLE, document, workbook, zipped

ROWS = [HEADER, SINGLE]
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def said(data: bytes, name: str = "bank.xlsx") -> list[str]:
    report = check_file(data, name)
    assert report.total == 0
    return [problem.code for problem in report.problems]


def with_part(data: bytes, name: str, text: str | bytes) -> bytes:
    """The same archive with another text in one part."""
    archive = ZipFile(BytesIO(data))
    return zipped({**{part: archive.read(part) for part in archive.namelist()}, name: text})


def test_a_locked_xls_asks_for_the_password_to_be_taken_off() -> None:
    data = spreadsheets.xls({"题库": ROWS})
    sheet, locked = struct.pack("<HH", 0x0085, 12), struct.pack("<HH", 0x002F, 12)
    assert data.count(sheet) == 1
    assert said(data.replace(sheet, locked), "bank.xls") == ["encrypted"]


def test_a_locked_ods_asks_for_the_password_to_be_taken_off() -> None:
    data = spreadsheets.ods({"题库": ROWS})
    manifest = ZipFile(BytesIO(data)).read("META-INF/manifest.xml").decode()
    manifest = manifest.replace("/></manifest", "><manifest:encryption-data/></manifest:file-entry></manifest")
    locked = with_part(with_part(data, "META-INF/manifest.xml", manifest), "content.xml", b"\x8f\x01\x99" * 200)
    assert said(locked, "bank.ods") == ["encrypted"]


def test_a_locked_xlsx_or_docx_asks_for_the_password_to_be_taken_off() -> None:
    assert said(spreadsheets.ole("EncryptedPackage", b"\x17" * 5000)) == ["encrypted"]


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (workbook(ROWS), "xl/workbook.xml"),
        (workbook(ROWS), "xl/worksheets/sheet1.xml"),
        (workbook(ROWS), "xl/styles.xml"),
        (spreadsheets.ods({"题库": ROWS}), "content.xml"),
        (document("1. 哪个？（A）", "A. 甲", "B. 乙"), "word/document.xml"),
    ],
)
def test_entities_in_any_part_open_nothing(data: bytes, part: str) -> None:
    text = ZipFile(BytesIO(data)).read(part).decode()
    for entity in (BOMB, '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>'):
        head, _, body = text.rpartition("?>")
        report = check_file(with_part(data, part, f"{head}{_}{entity}{body.replace('哪个', '&b;')}"), "bank")
        texts = [text for q in report.questions for text in (q.content.stem, *q.content.options)]
        assert not any("aaaa" in text or "root:" in text for text in texts)


def test_names_that_climb_out_of_an_archive_write_nothing_and_macros_never_run() -> None:
    archive = ZipFile(BytesIO(workbook(ROWS)))
    parts: dict[str, str | bytes] = {part: archive.read(part) for part in archive.namelist()}
    report = check_file(zipped({**parts, "../../evil.txt": "x", "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), "bank.xlsm")
    assert report.total == 1


@pytest.mark.parametrize("name", ["长" * 5_000 + ".xlsx", "../../x.xlsx", "a\x00b\n.xlsx", "\u202excod.exe", ""])
def test_any_file_name_will_do(name: str) -> None:
    assert check_file(workbook(ROWS), name).total == 1


@pytest.mark.parametrize("row", [b"\xff\xff\xff\x7f", b"\xff\xff\x0f\x00"])
def test_a_lone_cell_in_the_far_corner_of_an_xlsb_is_refused_before_memory_is_reserved(row: bytes) -> None:
    data = spreadsheets.xlsb({"题库": ROWS})
    sheet = ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.bin")
    second = sheet.rindex(b"\x00\x11\x01\x00\x00\x00")
    far = sheet[: second + 2] + row + sheet[second + 6 :]
    assert said(with_part(data, "xl/worksheets/sheet1.bin", far), "bank.xlsb") == ["too_many_rows"]


def test_a_record_that_is_cut_off_in_an_xlsb_is_refused_before_what_stands_before_it_is_taken_for_a_row() -> None:
    data = spreadsheets.xlsb({"题库": ROWS})
    sheet = ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.bin")
    second = sheet.rindex(b"\x00\x11\x01\x00\x00\x00")
    cut_off = sheet[:second] + b"\x00\x00" + sheet[second + 19 :]
    assert said(with_part(data, "xl/worksheets/sheet1.bin", cut_off), "bank.xlsb") == ["damaged"]


@pytest.mark.parametrize(("rows", "columns"), [("1000000", "1"), ("100000", "900"), ("10", "1000000")])
def test_rows_and_cells_that_an_ods_repeats_by_number_are_refused_before_they_are_spread_out(
    rows: str, columns: str
) -> None:
    data = spreadsheets.ods({"题库": ROWS})
    xml = ZipFile(BytesIO(data)).read("content.xml").decode()
    cell = f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string"><text:p>题</text:p>'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-cell></table:table-row>'
    end = xml.rindex("</table:table>")
    assert said(with_part(data, "content.xml", xml[:end] + row + xml[end:]), "bank.ods") == ["too_many_rows"]


def test_an_archive_that_names_a_part_twice_is_refused() -> None:
    """One reader would take the first, another the last."""
    out, source = BytesIO(), ZipFile(BytesIO(workbook(ROWS)))
    with ZipFile(out, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        for part in [*source.namelist(), "xl/worksheets/sheet1.xml"]:
            archive.writestr(part, source.read(part))
    assert said(out.getvalue()) == ["damaged"]


def test_a_part_that_goes_by_another_name_where_it_lies_is_refused() -> None:
    data = workbook(ROWS)
    name = b"xl/worksheets/sheet1.xml"
    assert said(data.replace(name, b"xl/worksheets/sheet9.xml", 1)) == ["damaged"]


def test_parts_that_share_their_bytes_are_counted_each() -> None:
    """Overlapping parts make a small file that unpacks to a large one."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (8 << 20))
        first = archive.infolist()[0]
        for number in range(100):
            copy = ZipInfo(f"xl/media/{number}")
            copy.compress_type, copy.header_offset = ZIP_DEFLATED, first.header_offset
            copy.CRC, copy.file_size, copy.compress_size = first.CRC, first.file_size, first.compress_size
            archive.filelist.append(copy)
    assert said(out.getvalue())[0] in ("damaged", "too_large_unpacked")


@pytest.mark.parametrize("write", [spreadsheets.xls, spreadsheets.xlsb, spreadsheets.ods], ids=["xls", "xlsb", "ods"])
def test_no_format_runs_what_looks_like_a_formula(write: Callable[[dict[str, Any]], bytes]) -> None:
    stem = '=HYPERLINK("http://example.com","哪个部门负责？")'
    report = check_file(write({"题库": [HEADER, [SINGLE[0], stem, *SINGLE[2:]]]}), "bank.bin")
    assert [question.content.stem for question in report.questions] == [stem]


def test_what_could_not_be_taken_comes_back_as_text() -> None:
    """The workbook of refused rows is opened in Excel: nothing in it may run."""
    rows = [HEADER, ["单选题", "=1+1", "@SUM(A1)", "+乙", "-丙", "\t丁", "", ""]]
    report = check_file(spreadsheets.xls({"题库": rows}), "bank.xls")
    book = load_workbook(BytesIO(rest_workbook(report)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "=1+1" in [cell.value for cell in cells]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
