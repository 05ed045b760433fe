"""What was understood of a file: which row is the header, which column plays which part, what was passed over."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from openpyxl.utils import get_column_letter

from question_bank.reading import headers
from question_bank.reading.headers import Columns, columns_of

TABLE, TEXT, DOCUMENT, GIFT, MOODLE, QTI = "table", "text", "document", "gift", "moodle_xml", "qti"
"""How a sheet or a file was read."""

HIDDEN, NOTES, SAMPLE, NO_QUESTIONS, BY_CHOICE = "hidden", "notes", "sample", "no_questions", "by_choice"
ANSWER_CARD = "answer_card"
"""Why a sheet was passed over."""

OPTION = "option:"
UNUSED = "ignored"

PART_LABELS = {
    headers.STEM: "题干", headers.KIND: "题型", headers.KEY: "答案", headers.OPTIONS: "选项（都在一格里）",
    headers.EXPLANATION: "解析", headers.SOURCE: "来源", headers.DOMAIN: "领域", headers.DIFFICULTY: "难度",
    headers.CHECKED: "核对日期", headers.VALID: "有效期至", headers.TAGS: "标签", UNUSED: "不用",
}  # fmt: skip

_SAMPLES, _SAMPLE_LENGTH = 3, 40
_COLUMNS_SHOWN = 60


@dataclass(frozen=True)
class ColumnRead:
    """A column: its letter, its header in the file's own words, and the part it plays.

    The part is ``ignored`` where the header is known and tells nothing of a question, "" where nobody knows it.
    """

    letter: str
    header: str
    part: str = ""
    samples: tuple[str, ...] = ()
    hidden: bool = False

    def as_json(self) -> dict[str, object]:
        return {"letter": self.letter, "header": self.header, "part": self.part, "hidden": self.hidden}


@dataclass(frozen=True)
class Understood:
    """How one table was read, or a sheet or a file that is no table. ``header_row`` None: there is no header.

    ``questions`` were read from it, ``hidden_rows`` are rows with questions that the file hides.
    """

    sheet: str
    read_as: str
    questions: int = 0
    header_row: int | None = None
    columns: tuple[ColumnRead, ...] = ()
    skipped: str = ""
    hidden_rows: tuple[int, ...] = ()

    @property
    def may_be_corrected(self) -> bool:
        return bool(self.columns)

    def passed_over(self, why: str) -> "Understood":
        return replace(self, skipped=why)

    def as_json(self) -> dict[str, object]:
        return {
            "sheet": self.sheet,
            "read_as": self.read_as,
            "questions": self.questions,
            "header_row": self.header_row,
            "columns": [column.as_json() for column in self.columns],
            "skipped": self.skipped,
            "hidden_rows": len(self.hidden_rows),
        }


Row = tuple[int, list[str]]


def part_label(part: str) -> str:
    """题干; 选项A; 不用."""
    if part.startswith(OPTION):
        return f"选项{get_column_letter(int(part.removeprefix(OPTION)))}"
    return PART_LABELS.get(part, PART_LABELS[UNUSED])


def columns_read(
    columns: Columns, header: Sequence[str], rows: Sequence[Row], hidden: frozenset[int] = frozenset()
) -> tuple[ColumnRead, ...]:
    """Every column that has a header or holds something, with the part it plays and what stands in it."""
    said = {headers.NUMBER: UNUSED, headers.LABEL: UNUSED, headers.INDEX: headers.KEY}
    parts = {column: said.get(part, part) for part, column in columns.parts.items()}
    parts |= {column: f"{OPTION}{number}" for number, column in columns.options}
    head = rows[:200]
    width = min(max([len(header), *(len(cells) for _, cells in head)]), _COLUMNS_SHOWN)
    read = []
    for column in range(width):
        name = " ".join(header[column].split())[:_SAMPLE_LENGTH] if column < len(header) else ""
        samples = _samples(head, column)
        if name or samples:
            letter = get_column_letter(column + 1)
            part = parts.get(column) or (UNUSED if columns_of([name]).known else "")
            read.append(ColumnRead(letter, name, part, samples, column in hidden))
    return tuple(read)


def layout_of(rows: Sequence[Row], hidden: frozenset[int] = frozenset()) -> tuple[int | None, tuple[ColumnRead, ...]]:
    """For rows in which no table was recognised: the row that may be the header, and the columns under it."""
    place = next((n for n, (_, cells) in enumerate(rows[:30]) if sum(map(bool, map(str.strip, cells))) > 1), None)
    if place is None:
        return None, ()
    number, header = rows[place]
    return number, columns_read(Columns(), header, rows[place + 1 :], hidden)


def _samples(rows: Sequence[Row], column: int) -> tuple[str, ...]:
    """The first texts of a column that differ."""
    found: dict[str, None] = {}
    for _, cells in rows:
        text = " ".join(cells[column].split()) if column < len(cells) else ""
        if text:
            found[text if len(text) <= _SAMPLE_LENGTH else text[: _SAMPLE_LENGTH - 1] + "…"] = None
        if len(found) == _SAMPLES:
            break
    return tuple(found)
