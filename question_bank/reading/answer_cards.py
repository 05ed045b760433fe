"""Answer cards: sheets on which people write or mark their answers. They hold numbers and letters, and no question."""

import re
import unicodedata

from question_bank.reading.drafts import Sheet
from question_bank.reading.kind_words import heading_of

_CALLED = re.compile(r"答题[卡卷纸]|涂卡|机读卡|answer\s*(?:card|sheet)", re.IGNORECASE)
_FIELD = re.compile(
    r"(?:题\s*号|序\s*号|答\s*案|选\s*项|姓\s*名|单\s*位|部\s*门|班\s*级|学\s*号|座位号|准考证号|考\s*号|工\s*号|电\s*话|手机号?码?|日\s*期|"
    r"得\s*分|总\s*分|分\s*数|评卷人|阅卷人)\s*[:：]?"
)
_EMPTY = re.compile(r"\d{1,4}|(?:[\[(【]\s*[A-L√×对错]?\s*[\])】]\s*)+|_+|[□○]+")
_LONGEST_WORD = 12


def is_answer_card(sheet: Sheet) -> bool:
    """Whether a sheet calls itself an answer card and holds nothing that could be a question, or is an empty grid.

    What is filled in on a card are somebody's answers, not the keys. A grid with letters that does not call itself
    a card may hold the keys, and is none.
    """
    cells = [unicodedata.normalize("NFKC", cell).strip() for _, row in sheet.rows for cell in row if cell.strip()]
    title = " ".join(cell for _, row in sheet.rows[:2] for cell in row)
    if _CALLED.search(sheet.name) or _CALLED.search(title):
        return all(_is_short(cell) for cell in cells)
    return sum(cell.isdigit() for cell in cells) > 1 and all(
        _FIELD.fullmatch(cell) or _EMPTY.fullmatch(cell) for cell in cells
    )


def _is_short(cell: str) -> bool:
    return _is_mark(cell) or len(cell) <= _LONGEST_WORD or bool(_CALLED.search(cell)) or heading_of(cell) is not None


def _is_mark(cell: str) -> bool:
    """A number, the bubbles to mark, or what was marked."""
    return bool(_EMPTY.fullmatch(cell) or re.fullmatch(r"(?:[A-L√×对错]\s*)+", cell))
