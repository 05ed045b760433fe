"""How a file was understood, as a form: each sheet read or not, each header row, the part of each column."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from question_bank.check import Choices, Report
from question_bank.content import MOST_OPTIONS
from question_bank.reading.choices import SheetChoice, TableChoice
from question_bank.reading.understanding import (
    ANSWER_CARD,
    BY_CHOICE,
    DOCUMENT,
    GIFT,
    HIDDEN,
    MOODLE,
    NO_QUESTIONS,
    NOTES,
    OPTION,
    PART_LABELS,
    QTI,
    SAMPLE,
    TABLE,
    TEXT,
    UNUSED,
    ColumnRead,
    Understood,
    part_label,
)

READ_AS = {
    TABLE: "按表格读取",
    TEXT: "按文本读取",
    DOCUMENT: "按文档读取",
    GIFT: "按 GIFT 格式读取",
    MOODLE: "按 Moodle XML 读取",
    QTI: "按 QTI 试题包读取",
}
SKIPPED = {
    HIDDEN: "是隐藏的工作表，没有读取",
    NOTES: "是填写说明，没有读取",
    SAMPLE: "自称是示例，没有读取",
    ANSWER_CARD: "是答题卡，里面没有试题",
    NO_QUESTIONS: "没有认出试题",
    BY_CHOICE: "按您的选择没有读取",
}

_USUAL_OPTIONS = 8
_LAST_ROW = 1_048_576
_FIELD = re.compile(r"sheet-\d+-(?:read|hidden)|table-\d+-\d+-(?:row|[A-Z]{1,3})")


@dataclass(frozen=True)
class Block:
    """One table as the page shows it: where its header stands, and the part chosen for each column."""

    name: str
    understood: Understood
    header_row: str
    parts: Mapping[str, str]

    @property
    def row_field(self) -> str:
        return f"{self.name}-row"

    def field(self, column: ColumnRead) -> str:
        return f"{self.name}-{column.letter}"

    @property
    def has_stem(self) -> bool:
        return "stem" in self.parts.values()

    @property
    def used(self) -> set[str]:
        return set(self.parts.values()) - {UNUSED}

    def is_left_to(self, old: "Block") -> bool:
        """Another header row, and the columns as they were: then the new row says what they are."""
        return self.header_row != old.header_row and self.parts == old.parts

    @property
    def needs_a_look(self) -> bool:
        """Something in it is not used, and nobody has said so."""
        return not self.understood.questions or any(
            not column.part and column.header and column.samples for column in self.understood.columns
        )

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What a column can be: (value, words)."""
        used = [int(part.removeprefix(OPTION)) for part in self.parts.values() if part.startswith(OPTION)]
        options = [f"{OPTION}{n}" for n in range(1, min(max([_USUAL_OPTIONS, *used]), MOST_OPTIONS) + 1)]
        names = list(PART_LABELS)
        place = names.index("options")
        return [(part, part_label(part)) for part in [*names[:place], *options, *names[place:]]]


@dataclass(frozen=True)
class SheetBlocks:
    """One sheet with its tables. ``hidden_rows``: the rows that the file hides are read too."""

    name: str
    sheet: str
    read: bool
    hidden_rows: bool
    blocks: tuple[Block, ...]

    @property
    def read_field(self) -> str:
        return f"{self.name}-read"

    @property
    def hidden_field(self) -> str:
        return f"{self.name}-hidden"

    @property
    def rows_hidden(self) -> tuple[int, ...]:
        return tuple(row for block in self.blocks for row in block.understood.hidden_rows)

    @property
    def said(self) -> str:
        """按表格读取，认出 12 道题; or why it was passed over."""
        first = self.blocks[0].understood
        if first.skipped:
            return SKIPPED[first.skipped]
        questions = sum(block.understood.questions for block in self.blocks)
        return f"{READ_AS.get(first.read_as, f'按 {first.read_as} 读取')}，认出 {questions} 道题"

    @property
    def needs_a_look(self) -> bool:
        return self.read and any(block.needs_a_look for block in self.blocks if block.understood.columns)

    @property
    def is_text(self) -> bool:
        return all(block.understood.read_as == TEXT for block in self.blocks)

    @property
    def has_fields(self) -> bool:
        return any(block.understood.columns for block in self.blocks) or bool(self.blocks[0].understood.skipped)


def sheets_shown(report: Report, choices: Choices) -> list[SheetBlocks]:
    """What the page shows of a report: each sheet with its tables, chosen as it was read."""
    by_sheet: dict[str, list[Understood]] = {}
    for understood in report.understood:
        by_sheet.setdefault(understood.sheet, []).append(understood)
    shown = []
    for number, (sheet, tables) in enumerate(by_sheet.items()):
        blocks = tuple(_block(f"table-{number}-{place}", understood) for place, understood in enumerate(tables))
        is_read = not any(understood.skipped for understood in tables)
        shown.append(SheetBlocks(f"sheet-{number}", sheet, is_read, choices.reads_hidden_rows(sheet), blocks))
    return shown


def _block(name: str, understood: Understood) -> Block:
    row = "" if understood.header_row is None else str(understood.header_row)
    return Block(name, understood, row, {column.letter: column.part or UNUSED for column in understood.columns})


def sheets_posted(shown: list[SheetBlocks], form: Mapping[str, str]) -> list[SheetBlocks]:
    """The same sheets as the organiser wants them read."""
    return [_sheet_posted(sheet, form) for sheet in shown]


def _sheet_posted(sheet: SheetBlocks, form: Mapping[str, str]) -> SheetBlocks:
    blocks = tuple(_posted(block, form) for block in sheet.blocks)
    # Whoever says what the columns of a passed-over sheet mean wants it read, ticked or not.
    is_read = form.get(sheet.read_field) == "1" or (not sheet.read and blocks != sheet.blocks)
    return replace(
        sheet,
        read=is_read if sheet.sheet else sheet.read or is_read,
        hidden_rows=form.get(sheet.hidden_field) == "1" if sheet.rows_hidden else sheet.hidden_rows,
        blocks=blocks,
    )


def _posted(block: Block, form: Mapping[str, str]) -> Block:
    parts = {letter: form.get(f"{block.name}-{letter}", part) for letter, part in block.parts.items()}
    return replace(block, header_row=form.get(block.row_field, block.header_row).strip(), parts=parts)


def mistakes_in(shown: list[SheetBlocks], posted: list[SheetBlocks], form: Mapping[str, str]) -> list[str]:
    """What is wrong with the corrections, in sentences that say what to do."""
    known = {field for sheet in shown for field in _fields_of(sheet)}
    if any(_FIELD.fullmatch(name) and name not in known for name in form):
        return ["有一列或一张表不在这个文件里。请刷新页面，再选一次。"]
    return [
        sentence
        for before, sheet in zip(shown, posted, strict=True)
        if sheet.read and (sheet.blocks != before.blocks or not before.read)
        for sentence in _mistakes_of(before, sheet)
    ]


def _fields_of(sheet: SheetBlocks) -> Iterator[str]:
    yield from (sheet.read_field, sheet.hidden_field)
    for block in sheet.blocks:
        yield block.row_field
        yield from (block.field(column) for column in block.understood.columns)


def _mistakes_of(before: SheetBlocks, sheet: SheetBlocks) -> Iterator[str]:
    rows = [block.header_row for block in sheet.blocks if block.parts]
    if len(set(rows)) < len(rows):
        yield f"{_named(sheet)}两个表格的表头不能在同一行。"
    open_ones = []
    for old, block in zip(before.blocks, sheet.blocks, strict=True):
        yield from _mistakes_of_block(_named(sheet, block), block)
        if block.parts and not block.has_stem and not block.is_left_to(old):
            open_ones.append(block)
    if open_ones and (len(open_ones) == len(sheet.blocks) or any(block.used for block in open_ones)):
        where = _named(sheet, open_ones[0]) if any(block.used for block in open_ones) else _named(sheet)
        yield f"{where}还没有选哪一列是“题干”。"


def _mistakes_of_block(where: str, block: Block) -> Iterator[str]:
    offered = {part for part, _ in block.choices} | {f"{OPTION}{n}" for n in range(1, MOST_OPTIONS + 1)}
    row = block.header_row
    if row and not (row.isdecimal() and row.isascii() and 1 <= int(row[:9]) <= _LAST_ROW):
        yield f"{where}表头所在的行要填行号，例如 1；没有表头就留空。"
    letters: dict[str, str] = {}
    for letter, part in block.parts.items():
        if part not in offered:
            yield f"{where}{letter} 列选的内容不认识。请重新选一次。"
        elif part in letters and part != UNUSED:
            yield f"{where}{letters[part]} 列和 {letter} 列都选了“{part_label(part)}”，只能留一列。"
        letters.setdefault(part, letter)


def _named(sheet: SheetBlocks, block: Block | None = None) -> str:
    name = f"工作表“{sheet.sheet}”" if sheet.sheet else "文件"
    if block is None or len(sheet.blocks) == 1:
        return f"{name}："
    return f"{name}第 {sheet.blocks.index(block) + 1} 个表格："


def corrected(shown: list[SheetBlocks], posted: list[SheetBlocks], choices: Choices) -> Choices:
    """The choices with what was changed on the page; a sheet left as it was goes on being read as it was."""
    sheets = dict(choices.sheets)
    for before, sheet in zip(shown, posted, strict=True):
        said = choices.of(sheet.sheet)
        if sheet.read != before.read:
            said = replace(said, read=sheet.read)
        if sheet.hidden_rows != before.hidden_rows:
            said = replace(said, hidden_rows=sheet.hidden_rows)
        if sheet.read and sheet.blocks != before.blocks:
            said = replace(said, tables=_tables(before, sheet))
        if said != SheetChoice():
            sheets[sheet.sheet] = said
    return replace(choices, sheets=sheets)


def with_hidden_rows(shown: list[SheetBlocks], choices: Choices) -> Choices:
    """The choices, with every hidden row of the sheets that are read."""
    wanted = {
        sheet.sheet: replace(choices.of(sheet.sheet), hidden_rows=True)
        for sheet in shown
        if sheet.rows_hidden and sheet.read
    }
    return replace(choices, sheets={**choices.sheets, **wanted})


def _tables(before: SheetBlocks, sheet: SheetBlocks) -> tuple[TableChoice, ...]:
    tables = []
    for old, block in zip(before.blocks, sheet.blocks, strict=True):
        if not block.parts:
            continue
        row = int(block.header_row) if block.header_row else None
        tables.append(TableChoice(row, None if block.is_left_to(old) else dict(block.parts)))
    return tuple(tables)
