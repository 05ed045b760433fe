"""数据包 in the judges' workbook: the lines of the sealed bundle as text, by which the workbook verifies itself."""

import re
from collections.abc import Iterable, Iterator, Sequence

from quiz.models import Seal
from quiz.queries.seals import parts_of
from quiz.rules.bundle import opening
from quiz.services.bundles import lines_in
from quiz.services.sheets import DATA, WHOLE, Column
from quiz.services.xlsx import Value

TITLE = "数据包"
COLUMNS = [Column("行", WHOLE, 9), Column("段", WHOLE, 6), Column("内容", DATA, 120)]
MOST_IN_A_CELL = 30_000  # Excel holds 32,767 characters

# What XML cannot carry, or a spreadsheet reads as something else, JSON can say otherwise.
_DELICATE = re.compile("_(?=x)|[\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def bundle_sheet(sealed: Seal) -> tuple[str, Sequence[Column], Iterable[Sequence[Value]]]:
    """Row 0 is the opening line with the digest; a line that no cell can hold goes on in the next row."""
    return TITLE, COLUMNS, _rows(sealed)


def _rows(sealed: Seal) -> Iterator[Sequence[Value]]:
    yield 0, 1, opening(sealed.digest).strip()
    for number, line in enumerate(lines_in(parts_of(sealed.id)), 1):
        text = _DELICATE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
        for part, start in enumerate(range(0, len(text), MOST_IN_A_CELL), 1):
            yield number, part, text[start : start + MOST_IN_A_CELL]
