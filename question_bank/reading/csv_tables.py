"""Separated text (.csv, .tsv) to a sheet, whatever its separator and its quotes."""

import csv
import re
from io import StringIO

from question_bank.reading.csv_records import whole_records
from question_bank.reading.drafts import Row, Sheet, Unreadable
from question_bank.reading.headerless import columns_without_header
from question_bank.reading.safety import MOST_COLUMNS, MOST_ROWS, too_many_rows
from question_bank.reading.tables import looks_like_table
from question_bank.reading.workbooks import clean

_SEPARATORS = (",", "\t", ";", "|", "，")
_LARGEST_FIELD = 1_000_000


def sheet_of_csv(text: str, *, named_csv: bool) -> Sheet | None:
    """The table in a text: the way of parting it that shows a header; None where no way shows a table."""
    csv.field_size_limit(_LARGEST_FIELD)
    head = "\n".join(text.splitlines()[:200])
    for separator in _SEPARATORS:
        if separator not in head:
            continue
        for quote in _quotes(head, separator):
            rows = _first_rows(head, separator, quote)
            if looks_like_table(rows):
                return _whole(text, separator, quote)
    if named_csv or _is_parted_by_tabs(head):
        for separator in _SEPARATORS if named_csv else "\t":
            quote = _quotes(head, separator)[0]
            rows = _first_rows(head, separator, quote)
            if len(rows) and columns_without_header(rows):
                return _whole(text, separator, quote)
    return None


def sheet_as_parted(text: str) -> Sheet | None:
    """The table in a text of which nobody knows what its columns mean, for a person to say; None where lines differ."""
    csv.field_size_limit(_LARGEST_FIELD)
    head = "\n".join(text.splitlines()[:200])
    for separator in _SEPARATORS:
        quote = _quotes(head, separator)[0]
        rows = _first_rows(head, separator, quote)
        widths = [len(cells) for _, cells in rows]
        if len(rows) > 1 and max(widths) > 1 and widths.count(max(widths)) * 2 > len(widths):
            return _whole(text, separator, quote)
    return None


def _is_parted_by_tabs(head: str) -> bool:
    """As many tabs in each line, three or more: rows copied from a table."""
    counts = {line.count("\t") for line in head.split("\n") if line.strip()}
    return len(counts) == 1 and min(counts) > 2


def _quotes(head: str, separator: str) -> list[str]:
    """Which quote to try first: ' where fields begin and end with it and " is not used so."""
    singles = head.count(f"{separator}'") + head.count(f"'{separator}")
    doubles = head.count(f'{separator}"') + head.count(f'"{separator}')
    return ["'", '"'] if singles > doubles and singles > 3 else ['"']


def _first_rows(head: str, separator: str, quote: str) -> list[Row]:
    """The same of the beginning of a text that may be no table at all."""
    try:
        return _rows(head, separator, quote)
    except Unreadable:
        return []


def _rows(text: str, separator: str, quote: str) -> list[Row]:
    rows = []
    source = StringIO(text.replace("\0", ""), newline="")
    try:
        for number, record in enumerate(csv.reader(source, delimiter=separator, quotechar=quote), 1):
            if number > MOST_ROWS or len(record) > MOST_COLUMNS:
                raise too_many_rows()
            cells = [clean(cell) for cell in record]
            if any(cell.strip() for cell in cells) and not _is_rule(cells):
                rows.append((number, cells))
    except csv.Error:
        return []
    return rows


def _is_rule(cells: list[str]) -> bool:
    """The line |---|---| under the header of a Markdown table."""
    return all(re.fullmatch(r"\s*:?-*:?\s*", cell) for cell in cells)


def _whole(text: str, separator: str, quote: str) -> Sheet:
    return Sheet("", whole_records(text, quote, lambda part: _rows(part, separator, quote)), separated=True)
