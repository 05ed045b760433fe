"""The workbook of streets, communities and units (CONTRACT §2) to rows, every problem named."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from question_bank.reading import safety, workbooks
from question_bank.reading.drafts import RowProblem, Sheet, Unreadable
from quiz.models import AreaKind
from quiz.rules import accounts as rules

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_WITHIN = 10
"""A title or a note may stand above the header."""

STREETS, COMMUNITIES, UNITS = "街道", "社区", "单位"
COLUMNS = {
    STREETS: ("街道编码", "街道", "应参加人数"),
    COMMUNITIES: ("社区编码", "社区", "街道编码"),
    UNITS: ("单位编码", "单位", "类别", "街道编码", "应参加人数"),
}
MOST_HEADCOUNT = 100_000_000
NOT_A_WORKBOOK = Unreadable(
    "not_a_workbook", "这不是 Excel 工作簿。请上传 .xlsx 或 .xls 文件，里面有“街道”“单位”两个工作表。"
)


@dataclass(frozen=True)
class PlaceRow:
    """One street, community or unit as the workbook states it; ``row`` is what Excel shows."""

    row: int
    code: str
    name: str
    street: str = ""
    unit_class: str = ""
    headcount: int = 0


@dataclass
class Found:
    """All rows of the workbook; None for a sheet that it does not have."""

    streets: list[PlaceRow] | None = None
    communities: list[PlaceRow] | None = None
    units: list[PlaceRow] | None = None
    problems: list[RowProblem] = field(default_factory=list)
    unread: tuple[str, ...] = ()

    def unknown_streets(self, known: Container[str]) -> list[RowProblem]:
        """Rows whose street is neither in the workbook nor in the register."""
        here = {row.code for row in self.streets or ()}
        return [
            RowProblem(
                sheet, row.row, "街道编码", "unknown_street", f"没有编码为“{row.street}”的街道，请先在“街道”表里加上。"
            )
            for sheet, rows in ((COMMUNITIES, self.communities), (UNITS, self.units))
            for row in rows or ()
            if row.street and row.street not in here and row.street not in known
        ]

    def codes_of_another_kind(self, known: Mapping[str, Container[str]]) -> list[RowProblem]:
        """Streets and communities share one row of codes: a code that already means the other kind."""
        streets = {row.code for row in self.streets or ()}
        return [
            RowProblem(sheet, row.row, f"{sheet}编码", "code_in_use", f"编码“{row.code}”已经是一个{other}的编码。")
            for sheet, rows, other, taken in (
                (STREETS, self.streets, COMMUNITIES, known[AreaKind.COMMUNITY.value]),
                (COMMUNITIES, self.communities, STREETS, known[AreaKind.STREET.value]),
            )
            for row in rows or ()
            if row.code in taken or (sheet == COMMUNITIES and row.code in streets)
        ]


def read_register(data: bytes) -> Found:
    """Everything the workbook says, with what is wrong in it. Raises Unreadable."""
    sheets = {sheet.name.strip(): sheet for sheet in _sheets(data)}
    found = Found(unread=tuple(name for name, sheet in sheets.items() if name not in COLUMNS and sheet.rows))
    if STREETS not in sheets and UNITS not in sheets:
        message = "没有找到“街道”或“单位”工作表。请把工作表的名称改成“街道”“社区”“单位”，再上传一次。"
        found.problems.append(RowProblem("", None, "", "no_sheet", message))
        return found
    found.streets, found.communities, found.units = (
        _rows(sheets[name], found.problems) if name in sheets else None for name in COLUMNS
    )
    if not found.problems and not (found.streets or found.communities or found.units):
        found.problems.append(RowProblem("", None, "", "empty", "工作表里没有一行数据。请填好后再上传。"))
    return found


def require_small(size: int) -> None:
    """Refuse a file by its size, before any of it is read."""
    if size > safety.MOST_BYTES:
        raise Unreadable("too_large", f"文件超过 {safety.MOST_BYTES // 1024 // 1024} MB。请删去图片和空白行，再上传。")


def _sheets(data: bytes) -> list[Sheet]:
    safety.require_size(data)
    if data.startswith(_ZIP):
        archive = safety.open_zip(data)
        names = set(archive.namelist())
        if not names & {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}:
            raise NOT_A_WORKBOOK
        return workbooks.sheets_of(data, archive)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise safety.ENCRYPTED
        return workbooks.sheets_of(data, None)
    raise NOT_A_WORKBOOK


def _rows(sheet: Sheet, problems: list[RowProblem]) -> list[PlaceRow]:
    header = _header(sheet, problems)
    if header is None:
        return []
    number_of_header, columns = header
    reader = _Reader(sheet.name.strip(), columns, problems)
    return [row for number, cells in sheet.rows if number > number_of_header and (row := reader.row(number, cells))]


def _header(sheet: Sheet, problems: list[RowProblem]) -> tuple[int, dict[str, int]] | None:
    """The row of column names and where each column stands; None, with the problem named, without one."""
    name = sheet.name.strip()
    wanted = COLUMNS[name]
    best: tuple[int, dict[str, int]] | None = None
    for number, cells in sheet.rows[:_HEADER_WITHIN]:
        titles = {_title(cell): place for place, cell in reversed(list(enumerate(cells)))}
        columns = {column: titles[column] for column in wanted if column in titles}
        if len(columns) > (len(best[1]) if best else 0):
            best = number, columns
    if best is None:
        message = f"没有找到表头。第一行应是：{'、'.join(wanted)}。"
        problems.append(RowProblem(name, None, "", "no_header", message))
        return None
    missing = [column for column in wanted if column not in best[1]]
    for column in missing:
        message = f"第 {best[0]} 行是表头，但没有“{column}”列。请加上这一列，再上传一次。"
        problems.append(RowProblem(name, best[0], column, "column_missing", message))
    return None if missing else best


def _title(cell: str) -> str:
    return rules.tidy_typed(cell).replace(" ", "").strip("*:：")


class _Reader:
    """Reads the rows of one sheet, remembering the codes it has met."""

    def __init__(self, sheet: str, columns: Mapping[str, int], problems: list[RowProblem]) -> None:
        self.sheet, self.columns, self.problems = sheet, columns, problems
        self.seen: dict[str, int] = {}

    def row(self, number: int, cells: list[str]) -> PlaceRow | None:
        texts = {column: cells[place] if place < len(cells) else "" for column, place in self.columns.items()}
        if not any(text.strip() for text in texts.values()):
            return None
        before = len(self.problems)
        row = PlaceRow(
            row=number,
            code=self._code(number, texts[f"{self.sheet}编码"]),
            name=self._name(number, texts[self.sheet]),
            street=self._street(number, texts),
            unit_class=self._class(number, texts),
            headcount=self._headcount(number, texts),
        )
        return row if len(self.problems) == before else None

    def _say(self, number: int, column: str, code: str, message: str) -> None:
        self.problems.append(RowProblem(self.sheet, number, column, code, message))

    def _code(self, number: int, text: str) -> str:
        code, column = rules.tidy_typed(text), f"{self.sheet}编码"
        if not code:
            self._say(number, column, "code_missing", f"请填写{column}。")
        elif len(code) > rules.LONGEST_NAME or not rules.is_readable(code):
            self._say(number, column, "bad_code", f"编码最多 {rules.LONGEST_NAME} 个字符，不能有看不见的符号。")
        elif code in self.seen:
            self._say(number, column, "duplicate_code", f"编码“{code}”和第 {self.seen[code]} 行重复。")
        self.seen.setdefault(code, number)
        return code

    def _name(self, number: int, text: str) -> str:
        name = rules.tidy_name(text)
        if not name:
            self._say(number, self.sheet, "name_missing", f"请填写{self.sheet}的名称。")
        elif complaint := rules.unit_name_complaint(name):
            self._say(number, self.sheet, "bad_name", complaint.replace("单位", self.sheet))
        return name

    def _street(self, number: int, texts: Mapping[str, str]) -> str:
        street = rules.tidy_typed(texts.get("街道编码", "")) if self.sheet != STREETS else ""
        if self.sheet == COMMUNITIES and not street:
            self._say(number, "街道编码", "street_missing", "请填写社区所在街道的编码。")
        return street

    def _class(self, number: int, texts: Mapping[str, str]) -> str:
        unit_class = rules.tidy_name(texts.get("类别", ""))
        if len(unit_class) > rules.LONGEST_NAME or not rules.is_readable(unit_class):
            self._say(number, "类别", "bad_class", f"类别最多 {rules.LONGEST_NAME} 个字，不能有看不见的符号。")
        return unit_class

    def _headcount(self, number: int, texts: Mapping[str, str]) -> int:
        """应参加人数: a whole number from 0 up, however the cell is formatted."""
        if self.sheet == COMMUNITIES:
            return 0
        cell = texts["应参加人数"]
        text = rules.tidy_typed(getattr(cell, "precise", cell)).replace(",", "").removesuffix("人").strip()
        if text.isascii() and text.isdecimal() and int(text[:12]) <= MOST_HEADCOUNT:
            return int(text)
        shown = f"，这里是“{text[:20]}”" if text else ""
        self._say(number, "应参加人数", "bad_headcount", f"应参加人数要填 0 或正整数{shown}。")
        return 0
