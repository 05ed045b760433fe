"""Pictures in workbooks come in with the question they belong to, or are named."""

import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from question_bank.check import check_file
from question_bank.content import QuestionContent
from question_bank.kinds import QuestionKind
from question_bank.pictures import picture_of
from question_bank.reading.albums import Album
from question_bank.writing import bank_workbook
from tests import spreadsheets
from tests.picture_files import EMF, floating, in_cells_of_excel, in_cells_of_wps, jpeg, noisy_png, png, shown
from tests.workbooks import HEADER, JUDGEMENT, SINGLE, codes, options, warned, workbook, zipped

STEM_PICTURE, SECOND, THIRD = png(40, 30), png(8, 8, shade=100), jpeg(9, 9)
BIG = picture_of(noisy_png(20_000)).data
OFFICE = shutil.which("soffice")
PICTURES_ONLY = ["单选题", "下列标志中表示有机产品的是（ ）。", "", "", "", "", "B", ""]


@pytest.mark.parametrize("one_cell", [False, True])
def test_a_picture_over_a_cell_belongs_to_the_question_of_its_row(one_cell: bool) -> None:
    data = floating(workbook([HEADER, SINGLE, JUDGEMENT]), {"B2": STEM_PICTURE, "D2": SECOND}, one_cell=one_cell)
    report = check_file(data, "bank.xlsx")
    assert shown(report) == [[(0, STEM_PICTURE), (2, SECOND)], []]
    assert options(report)[0] == ["12315", "12345", "12306", "12320"]
    assert not report.problems and not report.warnings


def test_a_picture_in_a_column_of_its_own_belongs_to_the_stem() -> None:
    data = floating(workbook([[*HEADER, "配图"], SINGLE, JUDGEMENT]), {"I2": STEM_PICTURE, "L3": SECOND})
    assert shown(check_file(data, "bank.xlsx")) == [[(0, STEM_PICTURE)], [(0, SECOND)]]


@pytest.mark.parametrize("put_in", [floating, in_cells_of_wps, in_cells_of_excel])
def test_options_that_are_pictures_alone_are_taken(put_in: Callable[..., bytes]) -> None:
    data = put_in(workbook([HEADER, PICTURES_ONLY]), {"C2": STEM_PICTURE, "D2": SECOND, "E2": THIRD})
    report = check_file(data, "bank.xlsx")
    assert not report.problems
    assert shown(report) == [[(1, STEM_PICTURE), (2, SECOND), (3, THIRD)]]
    assert options(report) == [["", "", ""]]
    assert report.questions[0].content.choices == {2}


def test_pictures_in_rows_of_their_own_are_the_options_of_a_table_by_rows() -> None:
    header = ["题干", "选项", "答案"]
    rows = [
        header,
        ["哪一个是有机产品标志？", "A. 甲", "B"],
        ["", "B. 乙", ""],
        ["哪一个是绿色食品标志？", "", "A"],
        [],
    ]
    data = floating(workbook([*rows]), {"B4": SECOND, "B5": STEM_PICTURE})
    report = check_file(data, "bank.xlsx")
    assert shown(report) == [[], [(1, SECOND), (2, STEM_PICTURE)]]


def test_a_judgement_keeps_pictures_of_its_option_columns_with_the_stem() -> None:
    data = floating(workbook([HEADER, JUDGEMENT]), {"C2": SECOND})
    report = check_file(data, "bank.xlsx")
    assert shown(report) == [[(0, SECOND)]]
    assert report.questions[0].content.key_as_letters == ["对"]


@pytest.mark.parametrize(
    ("picture", "code"),
    [(EMF, "picture_not_supported"), ("http://example.org/a.png", "picture_linked"), (png()[:40], "picture_damaged")],
)
def test_a_picture_that_cannot_be_taken_makes_its_question_a_problem(picture: bytes | str, code: str) -> None:
    report = check_file(floating(workbook([HEADER, SINGLE, JUDGEMENT]), {"B2": picture}), "bank.xlsx")
    assert codes(report) == [(2, code)]
    assert report.total == 1


def test_a_name_that_leads_to_no_picture_is_a_problem() -> None:
    rows = [HEADER, [*SINGLE[:1], "标志是？", '_=DISPIMG("ID_9",1)', *SINGLE[3:]]]
    assert codes(check_file(workbook(rows), "bank.xlsx")) == [(2, "picture_missing")]


@pytest.mark.parametrize("cell", ["G2", "H2"])
def test_a_picture_beside_the_key_or_in_the_explanation_might_give_it_away(cell: str) -> None:
    report = check_file(floating(workbook([HEADER, SINGLE, JUDGEMENT]), {cell: SECOND}), "bank.xlsx")
    assert codes(report) == [(2, "picture_misplaced")]


def test_a_picture_that_belongs_to_no_question_is_said() -> None:
    rows = [["质量知识竞赛题库"], HEADER, SINGLE]
    report = check_file(floating(workbook(rows), {"B1": SECOND, "J40": THIRD}), "bank.xlsx")
    assert [(w.row, w.code) for w in report.warnings] == [
        (1, "picture_without_question"),
        (40, "picture_without_question"),
    ]
    assert report.total == 1 and not report.pictures


def test_a_stem_that_is_a_picture_alone_is_a_problem() -> None:
    rows = [HEADER, ["单选题", "", *SINGLE[2:]], JUDGEMENT]
    report = check_file(floating(workbook(rows), {"B2": SECOND}), "bank.xlsx")
    assert codes(report) == [(2, "stem_missing")]


def test_options_that_differ_in_their_pictures_alone_are_not_equal() -> None:
    rows = [HEADER, ["单选题", "哪一个？", "图", "图", "", "", "A", ""]]
    report = check_file(floating(workbook(rows), {"C2": SECOND, "D2": THIRD}), "bank.xlsx")
    assert warned(report) == []


def test_a_key_may_still_be_the_text_of_an_option_with_a_picture() -> None:
    rows = [HEADER, ["单选题", "哪一个？", "有机产品", "绿色食品", "", "", "绿色食品", ""]]
    report = check_file(floating(workbook(rows), {"C2": SECOND, "D2": THIRD}), "bank.xlsx")
    assert report.questions[0].content.choices == {2}


def test_the_same_picture_is_kept_once() -> None:
    data = floating(workbook([HEADER, SINGLE, JUDGEMENT]), {"B2": SECOND, "B3": SECOND})
    report = check_file(data, "bank.xlsx")
    assert list(report.pictures) == [picture_of(SECOND).sha256]


def test_the_digest_of_a_report_covers_its_pictures() -> None:
    reports = [check_file(floating(workbook([HEADER, SINGLE]), {"B2": p}), "bank.xlsx") for p in (SECOND, THIRD)]
    assert reports[0].digest != reports[1].digest


def test_an_xls_keeps_its_pictures_over_cells_too() -> None:
    data = spreadsheets.xls({"题": [HEADER, SINGLE, PICTURES_ONLY]}, {(1, 1): BIG, (2, 2): SECOND, (2, 3): THIRD})
    report = check_file(data, "bank.xls")
    assert shown(report) == [[(0, BIG)], [(1, SECOND), (2, THIRD)]]
    cut = check_file(data.replace(b"\x89PNG", b"\x88PNG"), "bank.xls")
    assert codes(cut) == [(2, "picture_not_supported"), (3, "picture_not_supported")]


def test_an_ods_keeps_its_pictures_inside_of_cells() -> None:
    with ZipFile(BytesIO(spreadsheets.ods({"题": [HEADER, SINGLE, JUDGEMENT]}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    spaces = 'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink"'
    frames = [
        f'<draw:frame {spaces}><draw:image xlink:href="{a}"/></draw:frame>' for a in ("Pictures/1.png", "../1.png")
    ]
    content = parts["content.xml"].decode()
    for text, frame in zip((SINGLE[2], JUDGEMENT[1]), frames, strict=True):
        content = content.replace(f"<text:p>{text}</text:p>", f"<text:p>{text}</text:p>{frame}")
    report = check_file(zipped({**parts, "content.xml": content, "Pictures/1.png": SECOND}), "bank.ods")
    assert shown(report) == [[(1, SECOND)]]
    assert codes(report) == [(3, "picture_linked")]


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice (soffice) is not installed here")
@pytest.mark.parametrize("ending", ["xlsx", "xls", "ods"])
def test_pictures_survive_an_office_program(tmp_path: Path, ending: str) -> None:
    pictures = {picture.sha256: picture for picture in map(picture_of, (STEM_PICTURE, SECOND))}
    first, second = pictures
    bank = [
        QuestionContent(
            QuestionKind.SINGLE_CHOICE, "哪个？", ("", "乙"), frozenset({1}), pictures=((0, first), (1, second))
        )
    ]
    (tmp_path / "bank.xlsx").write_bytes(bank_workbook(bank, pictures))
    command = [
        str(OFFICE), f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", ending,
        "--outdir", str(tmp_path / "again"), str(tmp_path / "bank.xlsx"),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    report = check_file((tmp_path / "again" / f"bank.{ending}").read_bytes(), f"bank.{ending}")
    assert [[place for place, _ in question.content.pictures] for question in report.questions] == [[0, 1]]


def test_a_picture_over_a_cell_that_no_sheet_has_takes_no_memory() -> None:
    report = check_file(floating(workbook([HEADER, SINGLE]), {"XFD2": SECOND, "B1048576": THIRD}), "bank.xlsx")
    assert shown(report) == [[(0, SECOND)]]
    far = floating(workbook([HEADER, SINGLE]), {"B2": SECOND})
    far = with_part(far, "xl/drawings/drawing1.xml", b"<xdr:col>1<", b"<xdr:col>999999999<")
    assert shown(check_file(far, "bank.xlsx")) == [[(0, SECOND)]]


def with_part(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    with ZipFile(BytesIO(data)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    assert old in parts[name]
    return zipped({**parts, name: parts[name].replace(old, new)})


def test_an_album_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("question_bank.reading.albums.MOST_PICTURES", 1)
    report = check_file(floating(workbook([HEADER, SINGLE, JUDGEMENT]), {"B2": SECOND, "B3": THIRD}), "bank.xlsx")
    assert codes(report) == [(3, "too_many_pictures")]
    assert not Album()
