"""Another program reads in the judges' workbook what we wrote, and the package holds nothing that WPS does not know."""

import csv
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook

from question_bank.database import transaction
from quiz.models import Ruling, Unit
from quiz.services import exports
from tests.conftest import MORNING, new_database, settings_for
from tests.contest_builders import a_bank, a_published, a_question, a_register
from tests.players import a_player, play

OFFICE = shutil.which("soffice")
NAMES = ["=1+1", "+86 755", "@SUM(A1)", "-1", "𠮷野家", "欧阳 娜", "O'Neil & <b>", "_x0041_", "两行\n名字"]
LONG_DIGITS = "00440306198001011234"
SHEETS = ["封面", "规程", "个人", "单位", "街道", "类别", "试题", "裁定", "抽奖"]


@dataclass(frozen=True)
class Result:
    file: Path
    codes: list[str]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Result]:
    """The workbook of a contest with people and units of every awkward name."""
    from flask_migrate import upgrade

    from quiz.app import create_app

    folder = tmp_path_factory.mktemp("results")
    app: Flask = create_app(settings_for(new_database("sqlite", folder, "results"), folder))
    with app.app_context():
        upgrade()
        file = folder / "results.xlsx"
        file.write_bytes(_workbook())
        yield Result(file, [LONG_DIGITS, *(f"={number}" for number in range(len(NAMES)))])


def _workbook() -> bytes:
    a_register()
    a_bank(MORNING, *(a_question(stem=f"{name}（ ）。\n选一项。", source=name) for name in NAMES))
    with transaction() as session:
        session.add(Unit(code=LONG_DIGITS, name="长编码单位", unit_class="企业", headcount=3))
        for number, name in enumerate(NAMES):
            session.add(Unit(code=f"={number}", name=name, unit_class="学校" if number % 2 else "", headcount=7))
    plan = [{"kind": "single_choice", "count": len(NAMES), "points": 3.33}]
    contest = a_published(MORNING, title="=质量&“知识”竞赛", terms={"plan": plan})
    for number, name in enumerate(NAMES):
        person = a_player(name, unit=f"={number}", now=MORNING)
        play(contest, person, now=MORNING, right=range(1, number + 2), seconds=61.234 + number)
    play(contest, a_player("王芳", unit=LONG_DIGITS, now=MORNING), now=MORNING, right=[1])
    with transaction() as session:
        session.add(
            Ruling(
                contest_id=contest.id, kind="extra_time", value={"ms": 90_000}, reason="=停电\n两分钟", made_at=MORNING
            )
        )
    return exports.judges_workbook(contest.id, now=MORNING)


# --- another program -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def converted(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as LibreOffice saves it: an .ods of everything, and a .csv of each sheet with what its cells show."""
    if OFFICE is None:
        without = pytest.fail if os.environ.get("CI") else pytest.skip
        without("LibreOffice (soffice) is not installed here; .ci/run installs it")
    folder = tmp_path_factory.mktemp("office")
    # 44 comma, 34 quotes, 76 UTF-8, from line 1, as formatted, every sheet in a file of its own
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    for form in ("ods", as_csv):
        subprocess.run(
            [OFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", form,
             "--outdir", folder, result.file],
            check=True, capture_output=True, timeout=240,
        )  # fmt: skip
    return folder


def test_libreoffice_reads_the_same_values_in_every_sheet(result: Result, converted: Path) -> None:
    ours, theirs = (CalamineWorkbook.from_path(str(f)) for f in (result.file, converted / "results.ods"))
    assert theirs.sheet_names == ours.sheet_names == SHEETS
    for sheet in SHEETS:
        mine, read = ours.get_sheet_by_name(sheet).to_python(), theirs.get_sheet_by_name(sheet).to_python()
        assert len(mine) == len(read)
        for number, (row, other) in enumerate(zip(mine, read, strict=True), 1):
            assert [_alike(value) for value in row] == [_alike(value) for value in other], f"{sheet} row {number}"


def _alike(value: object) -> object:
    if isinstance(value, datetime):  # an .ods holds moments to the hundredth of a second
        return value.replace(microsecond=value.microsecond // 10_000)
    return round(value, 9) if isinstance(value, float) else value


def test_names_codes_dates_and_rates_look_as_they_should(result: Result, converted: Path) -> None:
    people = _shown(converted, "个人")
    assert {row["姓名"] for row in people} == {*NAMES, "王芳"}
    units = {row["编码"]: row for row in _shown(converted, "单位")}
    assert set(result.codes) <= set(units)
    assert units[LONG_DIGITS]["参与率"] == "33.33%"
    first = people[0]
    assert first["交卷时间"] == "2026-06-20 09:01:09" and first["用时（秒）"] == "69.234"
    assert first["得分"] == "29.97" and first["名次"] == "1"
    assert re.fullmatch(r"138\d{8}", first["手机号"])
    assert [row["理由"] for row in _shown(converted, "裁定")] == ["=停电\n两分钟"]


def _shown(folder: Path, sheet: str) -> list[dict[str, str]]:
    with (folder / f"results-{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_cell_has_become_a_formula(converted: Path) -> None:
    with ZipFile(converted / "results.ods") as package:
        assert b"table:formula" not in package.read("content.xml")


# --- nothing that WPS lacks ------------------------------------------------------------------------------------------

PARTS = {
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/core.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    *(f"xl/worksheets/sheet{number}.xml" for number in range(1, len(SHEETS) + 1)),
}
ELEMENTS = {
    "workbook": "bookViews workbookView sheets sheet definedNames definedName",
    "worksheet": "sheetPr pageSetUpPr sheetViews sheetView pane sheetFormatPr cols col sheetData row c v is t"
    " autoFilter printOptions pageMargins pageSetup headerFooter oddHeader oddFooter",
    "styleSheet": "numFmts numFmt fonts font b sz name charset fills fill patternFill fgColor borders border left right"
    " top bottom diagonal color cellStyleXfs cellXfs xf alignment cellStyles cellStyle",
}
"""All of the first edition of ECMA-376 (2006), in use since Excel 2007 and WPS 2009."""


def test_the_package_holds_no_part_and_no_element_beyond_the_first_edition(result: Result) -> None:
    with ZipFile(result.file) as package:
        assert set(package.namelist()) == PARTS
        for part in PARTS:
            root = ElementTree.fromstring(package.read(part))
            name = _local(root.tag)
            if name in ELEMENTS:
                assert {_local(element.tag) for element in root.iter()} <= {name, *ELEMENTS[name].split()}
            attributes = {attribute for element in root.iter() for attribute in element.attrib}
            assert not [a for a in attributes if a.startswith("{") and not a.startswith(KNOWN_NAMESPACES)]


KNOWN_NAMESPACES = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://www.w3.org/XML/1998/namespace}",
    "{http://www.w3.org/2001/XMLSchema-instance}",
)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def test_sheets_print_on_a4_across_with_their_header_and_page_numbers(result: Result) -> None:
    with ZipFile(result.file) as package:
        names = package.read("xl/workbook.xml").decode()
        for number, sheet in enumerate(SHEETS, 1):
            text = package.read(f"xl/worksheets/sheet{number}.xml").decode()
            across = "portrait" if sheet == "封面" else "landscape"
            assert f'<pageSetup paperSize="9" orientation="{across}" fitToWidth="1" fitToHeight="0"/>' in text
            assert "第 &amp;P 页，共 &amp;N 页" in text and '<pageSetUpPr fitToPage="1"/>' in text
            assert f"'{sheet}'!$1:$1</definedName>" in names
