"""What a workbook hides: rows stay out unless somebody wants them, columns are read, and both are said."""

from collections.abc import Iterable

from question_bank.reading.drafts import Draft, Row, RowProblem, Sheet
from question_bank.reading.headers import OPTIONS, STEM, Columns, cell_at
from question_bank.reading.understanding import UNUSED, Understood, part_label

_SPANS_SHOWN = 20
Pair = tuple[Draft, list[str]]


def visible(sheet: Sheet, drafts: list[Pair]) -> tuple[list[Pair], tuple[int, ...]]:
    """The drafts that are read, and the rows of all that are hidden."""
    hidden = tuple(draft.row for draft, _ in drafts if draft.row in sheet.hidden_rows)
    if sheet.read_hidden or not hidden:
        return drafts, hidden
    return [(draft, cells) for draft, cells in drafts if draft.row not in sheet.hidden_rows], hidden


def options_hidden(sheet: Sheet, columns: Columns, rows: list[Row], drafts: list[Pair]) -> RowProblem | None:
    """Options in hidden rows below a question that is seen are read with it, and said."""
    own = {draft.row for draft, _ in drafts}
    places = {column for _, column in columns.options} | {columns.parts.get(OPTIONS, -1)}
    below = [
        number
        for number, cells in rows
        if number in sheet.hidden_rows
        and number not in own
        and any(cell_at(cells, place).strip() for place in places if place >= 0)
        and not columns.get(STEM, cells).strip()
    ]
    if not below or sheet.read_hidden:
        return None
    message = f"第 {spans_of(below)} 行是隐藏的，里面是上面那道题的选项，仍读取了，请核对。"
    return RowProblem(sheet.name, below[0], "", "hidden_options_read", message)


def rows_hidden(sheet: str, rows: Iterable[int]) -> RowProblem:
    """Often a filter is left on and nobody sees it: a problem, so that no row is lost unseen."""
    rows = list(rows)
    message = (
        f"有 {len(rows)} 行的题是隐藏的，没有读取：第 {spans_of(rows)} 行。多半是筛选还开着。"
        "要这些题，请选择连隐藏的行一起读，或在 Excel 里取消筛选、取消隐藏后再上传；不要就不用管。"
    )
    return RowProblem(sheet, None, "", "rows_hidden", message)


def hidden_columns_read(understood: Understood) -> list[RowProblem]:
    """People hide the answers before they print: such a column is read like any other."""
    return [
        RowProblem(
            understood.sheet,
            None,
            column.header,
            "hidden_column_read",
            f"{column.letter} 列（{column.header or '没有表头'}）是隐藏的，仍作为“{part_label(column.part)}”读取了。",
        )
        for column in understood.columns
        if column.hidden and column.samples and column.part not in ("", UNUSED)
    ]


def spans_of(rows: Iterable[int], most: int = _SPANS_SHOWN) -> str:
    """Row numbers as people say them: 5–12、20、23–25. Past ``most`` spans: 等."""
    spans: list[list[int]] = []
    for row in sorted(set(rows)):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    said = "、".join(str(first) if first == last else f"{first}–{last}" for first, last in spans[:most])
    return said + (" 等" if len(spans) > most else "")
