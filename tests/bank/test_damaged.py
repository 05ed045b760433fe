"""Damaged files are refused where they are parsed; a mistake of our own shows in tests and is a sentence for people."""

import random
import struct
from collections.abc import Callable
from contextlib import nullcontext
from io import BytesIO
from zipfile import ZipFile

import pytest

from question_bank import check
from question_bank.check import check_file, check_safely
from question_bank.exporting import Format, exported
from question_bank.reading import safety, workbooks
from question_bank.reading.drafts import Unreadable
from tests import picture_files
from tests.bank.test_exported_pictures import PICTURED, PICTURES
from tests.bank.test_exporting import BANK
from tests.picture_files import png
from tests.spreadsheets import xls
from tests.workbooks import HEADER, SINGLE, csv_file, document, workbook, zipped

MOODLE = (
    "<quiz><question type='truefalse'><questiontext><text>对吗？</text></questiontext>"
    "<answer fraction='100'><text>true</text></answer></question></quiz>"
)
SPREADSHEET = (
    "<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet Name='a'><Table>"
    "<Row Index='2'><Cell Index='3' MergeAcross='2'><Data Type='String'>题干</Data></Cell></Row></Table>"
    "</Worksheet></Workbook>"
)
SAMPLES: dict[str, Callable[[], bytes]] = {
    "bank.xlsx": lambda: workbook([HEADER, SINGLE]),
    "bank.docx": lambda: document("一、单选题", "1. 哪个？（A）", "A. 甲", "B. 乙"),
    "bank.csv": lambda: csv_file([HEADER, SINGLE]),
    "bank.zip": lambda: exported(BANK, Format.QTI).data,
    "bank.gift": lambda: exported(BANK, Format.GIFT).data,
    "bank.xml": lambda: MOODLE.encode(),
    "table.xml": lambda: SPREADSHEET.encode(),
    "pictures.xlsx": lambda: picture_files.floating(workbook([HEADER, SINGLE]), {"B2": png(), "C2": png(shade=9)}),
    "wps.xlsx": lambda: picture_files.in_cells_of_wps(workbook([HEADER, SINGLE]), {"H2": png()}),
    "excel.xlsx": lambda: picture_files.in_cells_of_excel(workbook([HEADER, SINGLE]), {"H2": png()}),
    "pictures.xls": lambda: xls({"题": [HEADER, SINGLE]}, {(1, 1): png(), (1, 2): png(shade=9)}),
    "pictures.docx": lambda: picture_files.document("1. 哪个？（A）", png(), ["A. 甲", png()], "B. 乙"),
    "pictures.zip": lambda: exported([PICTURED], Format.QTI, PICTURES).data,
    "table.html": lambda: "<html><table><tr><td colspan='2'>题干</td><td>答案</td></tr></table></html>".encode(),
}
SCRAPS = [b"<", b">", b'"', b"&#x0;", b"{", b"}", b"9" * 30, b"<![x[", b"\xff\xfe", "²".encode()]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, cut out or put in."""
    spoilt = bytearray(data)
    for _ in range(chance.choice([1, 1, 3, 20])):
        place, length = chance.randrange(len(spoilt)), chance.randrange(0, 40)
        spoilt[place : place + length] = chance.choice([*SCRAPS, bytes([chance.randrange(256)])])
    return bytes(spoilt)


@pytest.mark.parametrize("name", SAMPLES)
def test_whatever_is_damaged_the_readers_say_so_and_never_stumble(name: str) -> None:
    whole, chance = SAMPLES[name](), random.Random(name)
    for _ in range(60):
        check_file(damaged(whole, chance), name)
        if whole.startswith(b"PK"):  # inside the archive, where a broken checksum does not hide it
            archive = ZipFile(BytesIO(whole))
            parts: dict[str, str | bytes] = {part: archive.read(part) for part in archive.namelist()}
            part = chance.choice(list(parts))
            check_file(zipped({**parts, part: damaged(archive.read(part), chance)}), name)


@pytest.mark.parametrize("root", ["quiz", "questestinterop"])
def test_xml_nested_too_deep_to_walk_is_refused(root: str) -> None:
    deep = f"<?xml version='1.0'?><{root}>" + "<flow>" * 50_000 + "</flow>" * 50_000 + f"</{root}>"
    assert [problem.code for problem in check_file(deep.encode(), "x.xml").problems] == ["damaged"]


def test_a_mistake_of_our_own_shows_here_and_is_a_sentence_for_people(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def mistaken(*_of: object) -> None:
        raise TypeError("not what was meant")

    monkeypatch.setattr(check, "found_in", mistaken)
    with pytest.raises(TypeError):
        check_file(b"x", "x.txt")
    report = check_safely(b"x", "x.txt")
    assert (report.readable, [problem.code for problem in report.problems]) == (False, ["reader_failed"])
    assert "not what was meant" in caplog.text


def test_a_panic_of_the_parser_is_a_damaged_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the bindings raise it: no Exception, and to be told by its name alone."""
    panic = type("PanicException", (BaseException,), {})

    def panics(*_given: object) -> None:
        raise panic("attempt to subtract with overflow")

    monkeypatch.setattr(workbooks, "_sheet", panics)
    assert [problem.code for problem in check_file(workbook([HEADER, SINGLE]), "x.xlsx").problems] == ["damaged"]


def record(code: int, body: bytes) -> bytes:
    return struct.pack("<HH", code, len(body)) + body


@pytest.mark.parametrize(
    ("bounds", "is_sound"),
    [((0, 65_536, 0, 256), True), ((0, 0, 0, 0), True), ((0, 2**32 - 1, 0, 2), False), ((9, 3, 0, 2), False)],
)
def test_an_xls_that_claims_impossible_bounds_is_refused_before_memory_is_reserved(
    bounds: tuple[int, int, int, int], is_sound: bool
) -> None:
    stream = record(0x0809, b"\0" * 16) + record(0x0200, struct.pack("<IIHHxx", *bounds))
    with nullcontext() if is_sound else pytest.raises(Unreadable):
        safety.require_bounded_stream(stream)


def test_an_xls_whose_sheet_lies_inside_another_record_is_refused() -> None:
    with pytest.raises(Unreadable):
        safety.require_bounded_stream(record(0x0809, b"\0" * 16) + record(0x0085, struct.pack("<IHBB", 7, 0, 1, 0)))
