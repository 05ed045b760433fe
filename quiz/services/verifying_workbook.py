"""核验 the judges' workbook: its 数据包 is recomputed, and the rows of 个人, 单位 and 街道 are held against it."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zipfile import BadZipFile
from zoneinfo import ZoneInfo

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from quiz.rules.bundle import Record, line_of
from quiz.rules.bundle_check import Misfit
from quiz.rules.bundle_file import OPENING, Unreadable, Verified, Verifying
from quiz.rules.ranking import rounded
from quiz.services.bundle_sheet import TITLE

PERSONS, PLACES = "个人", {"unit": "单位", "street": "街道"}
A_MOMENT = timedelta(milliseconds=20)  # what a spreadsheet's dates are exact to

Row = Mapping[str, Any]


def verify_workbook(file: Path, published: str | None) -> Verified:
    """Raises Misfit, Unreadable."""
    with _readable():
        book = openpyxl.load_workbook(file, read_only=True)
        if TITLE not in book.sheetnames:
            raise Unreadable("工作簿里没有数据包：下载它的时候，成绩还没有封存。")
        lines = _lines(book)
        opened = OPENING.fullmatch(next(lines, ""))
        if not opened:
            raise Unreadable("数据包那一页的第一行不对。")
        verifying, sheets = Verifying(), _Sheets(book)
        for text in lines:
            sheets.compare(verifying.take(_canonical(text)))
        sheets.end()
        return verifying.end(opened[1], published)


@contextmanager
def _readable() -> Iterator[None]:
    """Whatever is wrong with the file as a workbook makes it unreadable."""
    try:
        yield
    except (BadZipFile, InvalidFileException, KeyError, ValueError, SyntaxError, EOFError) as error:
        raise Unreadable(f"工作簿损坏，读不了（{error}）。") from error


def _canonical(text: str) -> str:
    try:
        return line_of(json.loads(text))
    except (ValueError, RecursionError):
        raise Unreadable("数据包那一页里有一行不是 JSON。") from None


def _rows(book: Any, title: str) -> Iterator[tuple[str, Row]]:
    """The rows of a sheet and of those it goes on in, each with its place in words and its cells by header."""
    for name in book.sheetnames:
        if name == title or (name.startswith(f"{title} ") and name.removeprefix(f"{title} ").isdecimal()):
            rows = book[name].iter_rows(values_only=True)
            headers = next(rows, ())
            for number, values in enumerate(rows, 2):
                yield f"{name} 第 {number} 行", dict(zip(headers, values, strict=False))


def _lines(book: Any) -> Iterator[str]:
    """The lines of 数据包, those that were split put together."""
    at: Any = -1
    parts: list[str] = []
    for where, row in _rows(book, TITLE):
        number, part, text = row.get("行"), row.get("段"), row.get("内容")
        if not isinstance(text, str) or (number, part) not in ((at + 1, 1), (at, len(parts) + 1)):
            raise Misfit(where, "行号或段号不连续，内容缺了或多了")
        if part == 1 and parts:
            yield "".join(parts)
        at, parts = (number, [text]) if part == 1 else (at, [*parts, text])
    if parts:
        yield "".join(parts)


class _Sheets:
    """The three ladders of the workbook, gone through beside the records."""

    def __init__(self, book: Any) -> None:
        self._persons = _rows(book, PERSONS)
        self._places = {by: _rows(book, title) for by, title in PLACES.items()}
        self._known: dict[tuple[str, str], Record] = {}
        self._zone = ZoneInfo("UTC")

    def compare(self, record: Record) -> None:
        """Hold the next row of the sheet that the record belongs to against it. Raises Misfit."""
        kind = record["record"]
        if kind == "terms" and record["value"]:
            self._zone = ZoneInfo(json.loads(record["value"])["terms"]["time_zone"])
        elif kind in ("area", "unit"):
            by = "unit" if kind == "unit" else record["kind"]
            self._known[by, record["code"]] = record
        elif kind == "entry" and record["rank"] is not None:
            self._hold(next(self._persons, None), PERSONS, self._person(record))
        elif kind == "ladder":
            self._hold(next(self._places[record["by"]], None), PLACES[record["by"]], self._place(record))

    def end(self) -> None:
        """Nothing may be left on the sheets."""
        for rows in (self._persons, *self._places.values()):
            if left := next(rows, None):
                raise Misfit(left[0], "数据包里没有这一行")

    def _person(self, record: Record) -> Row:
        finished = datetime.fromisoformat(record["finished_at"]).astimezone(self._zone).replace(tzinfo=None)
        wanted: dict[str, Any] = {
            "名次": record["rank"],
            "参赛编号": record["entry"],
            "得分": record["score"],
            "用时（秒）": rounded(Fraction(record["exact"]["elapsed_ms"]) / 1000, 3),
            "交卷时间": finished,
        }
        for by, header in (("street", "街道"), ("unit", "单位")):
            if record[by] is not None:
                wanted[header] = self._known[by, record[by]]["name"]
        return wanted

    def _place(self, record: Record) -> Row:
        place = self._known[record["by"], record["code"]]
        rate = min(1.0, record["participants"] / place["headcount"]) if place["headcount"] else 0
        return {
            "名次": record["rank"],
            "编码": record["code"],
            "名称": place["name"],
            "应参加人数": place["headcount"],
            "参与人数": record["participants"],
            "参与率": rate,
            "平均成绩": record["mean"],
            "得分": record["score"],
        }

    def _hold(self, found: tuple[str, Row] | None, title: str, wanted: Row) -> None:
        if found is None:
            raise Misfit(f"{title}页", f"缺少 {_named(wanted)} 这一行")
        where, row = found
        for header, value in wanted.items():
            if not _same(row.get(header), value):
                said = f"{header}写着 {_shown(row.get(header))}，数据包里是 {_shown(value)}"
                raise Misfit(f"{where}（{_named(wanted)}）", said)


def _named(wanted: Row) -> str:
    return f"参赛编号 {wanted['参赛编号']}" if "参赛编号" in wanted else f"编码 {wanted['编码']}"


def _same(found: Any, wanted: Any) -> bool:
    """Whether a cell holds the value; numbers and dates to what a spreadsheet keeps of them."""
    if isinstance(wanted, datetime):
        return isinstance(found, datetime) and abs(found - wanted) <= A_MOMENT
    if isinstance(wanted, int | float):
        return isinstance(found, int | float) and not isinstance(found, bool) and abs(found - wanted) < 1e-9
    return bool((found or "") == (wanted or ""))


def _shown(value: Any) -> str:
    return "空" if value is None else str(value)
