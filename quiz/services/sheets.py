"""The look of a result workbook: a bold header that stays and comes again in print, widths that fit, a Chinese font."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, count, islice
from typing import IO

from quiz.services.xlsx import MAIN, Package, SheetLook, Value, row_writer

TEXT, WHOLE, TWO_DECIMALS, SECONDS, RATE = "@", "0", "0.00", "0.000", "0.00%"
MOMENT = "yyyy-mm-dd hh:mm:ss"
DATA = "data"  # long text that stays on one line, for programs
LABEL = "label"  # text in bold, for the names of things in the first column

ROWS_MEASURED = 500
MOST_ROWS = 1_048_575  # what a sheet of Excel holds, without its header
NARROWEST, WIDEST, MOMENT_WIDTH, MARGIN = 7, 60, 21, 3
LINE_HEIGHT, HEADER_HEIGHT, TALLEST = 15, 22, 409  # points; Excel allows no more

FONT = "宋体"  # on every office machine; LibreOffice puts its own Song face in its place
_HEADER, _LIKE_FORMULA = 1, 3
_STYLE_OF = {TEXT: 2, WHOLE: 4, TWO_DECIMALS: 5, SECONDS: 6, RATE: 7, MOMENT: 8, LABEL: 9, DATA: 10}


@dataclass(frozen=True)
class Column:
    """A column's header and the format of its cells; text stays text whatever it begins with."""

    header: str
    format: str = TEXT
    width: float | None = None


class ResultWorkbook:
    """Sheets are written into the file row by row, so that a long ladder never stands in memory."""

    def __init__(self, file: IO[bytes], *, title: str = "", made_at: datetime | None = None) -> None:
        self._package = Package(file, title, made_at or datetime(2026, 1, 1, tzinfo=UTC), STYLES)

    def __enter__(self) -> "ResultWorkbook":
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            self._package.finish()

    def add(
        self,
        title: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Value]],
        *,
        is_filtered: bool = False,
        is_landscape: bool = True,
        row_height: float = 18,
    ) -> None:
        """A sheet with its header row, going on in 个人 2, 个人 3 … where Excel ends. Empty texts leave empty cells."""
        rest = iter(rows)
        first = list(islice(rest, ROWS_MEASURED))
        for number in count(1):
            name = title if number == 1 else f"{title} {number}"
            look = SheetLook(name, _widths(columns, first), is_filtered, is_landscape, row_height)
            self._package.sheet(look, _rows(columns, look, chain(first, islice(rest, MOST_ROWS - len(first)))))
            if not (first := list(islice(rest, ROWS_MEASURED))):
                break


def _rows(columns: Sequence[Column], look: SheetLook, rows: Iterable[Sequence[Value]]) -> Iterable[str]:
    """The header, then the rows; those whose texts need several lines say how tall they are."""
    headers = [column.header for column in columns]
    everywhere = list(enumerate(look.widths))
    yield row_writer([(_HEADER, _HEADER)] * len(columns))(1, headers, _height(headers, everywhere) or HEADER_HEIGHT)
    texts = [(place, width) for place, width in everywhere if columns[place].format in (TEXT, LABEL)]
    row = row_writer([(_STYLE_OF[column.format], _LIKE_FORMULA) for column in columns])
    for number, values in enumerate(rows, 2):
        yield row(number, values, _height(values, texts))


def _height(values: Sequence[Value], texts: Sequence[tuple[int, float]]) -> float | None:
    """In points; None where one line is enough. LibreOffice does not look by itself, and Excel not always."""
    lines = 1
    for place, width in texts:
        value = values[place]
        # Most texts are short enough whatever they hold: measuring each would cost more than writing it.
        if isinstance(value, str) and (len(value) * 2 > width - MARGIN or "\n" in value):
            room = max(1, int(width - MARGIN))
            lines = max(lines, sum(max(1, -(-_columns_of(line) // room)) for line in value.split("\n")))
    return min(lines * LINE_HEIGHT + 4, TALLEST) if lines > 1 else None


def _widths(columns: Sequence[Column], first: Sequence[Sequence[Value]]) -> list[float]:
    return [
        column.width or _width([column.header, *(row[place] for row in first)]) for place, column in enumerate(columns)
    ]


def _width(values: Iterable[Value]) -> float:
    return min(max(NARROWEST, *map(_width_of, values)) * 1.08 + MARGIN, WIDEST)


def _width_of(value: Value) -> int:
    """In columns of a fixed-width font; a Chinese character takes two."""
    if isinstance(value, datetime):
        return MOMENT_WIDTH
    if isinstance(value, float):
        return len(f"{value:.3f}")
    return max(map(_columns_of, str("" if value is None else value).split("\n")))


def _columns_of(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in line)


def _styles() -> str:
    """The style sheet; a cell names its style by the number in ``_STYLE_OF``."""
    bold = f'<font><b/><sz val="11"/><name val="{FONT}"/><charset val="134"/></font>'
    plain = f'<font><sz val="11"/><name val="{FONT}"/><charset val="134"/></font>'
    sides = "".join(f'<{side} style="thin"><color rgb="FFB9B2A6"/></{side}>' for side in ("left", "right", "top"))
    lines = f'<border>{sides}<bottom style="thin"><color rgb="FFB9B2A6"/></bottom><diagonal/></border>'
    wrapped = '<alignment horizontal="left" vertical="center" wrapText="1" indent="1"/>'
    number = '<alignment vertical="center"/>'
    cells = [
        _cell_style(0, borders=0),
        _cell_style(49, '<alignment horizontal="center" vertical="center" wrapText="1"/>', font=1, fill=2),
        _cell_style(49, wrapped),
        _cell_style(49, wrapped, quoted=True),
        _cell_style(1, number),
        _cell_style(2, number),
        _cell_style(164, number),
        _cell_style(10, number),
        _cell_style(165, number),
        _cell_style(49, wrapped, font=1),
        _cell_style(49, number),
    ]
    return (
        f'<styleSheet xmlns="{MAIN}">'
        f'<numFmts count="2"><numFmt numFmtId="164" formatCode="{SECONDS}"/>'
        f'<numFmt numFmtId="165" formatCode="{MOMENT}"/></numFmts>'
        f'<fonts count="2">{plain}{bold}</fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFF2E3C6"/></patternFill></fill></fills>'
        '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
        f"{lines}</borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(cells)}">{"".join(cells)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _cell_style(
    form: int, alignment: str = "", *, font: int = 0, fill: int = 0, borders: int = 1, quoted: bool = False
) -> str:
    quote = ' quotePrefix="1"' if quoted else ""
    return (
        f'<xf numFmtId="{form}" fontId="{font}" fillId="{fill}" borderId="{borders}" xfId="0"{quote}'
        f' applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">{alignment}</xf>'
    )


STYLES = _styles()
