"""Headers and footers of pages between the lines of a text."""

import re
from collections import Counter

from question_bank.reading import lines as look
from question_bank.reading.lines import Line

_PAGE = re.compile(r"第\s*\d+\s*页|(?:页|P(?:age)?)\s*\d+\s*(?:/|of)\s*\d+|^\s*\d+\s*/\s*\d+\s*$", re.IGNORECASE)
_PAPER = re.compile(r"题库|试题|试卷|竞赛|考试|手册|资料|培训|公司|委员会|管理局")
_OFTEN = 3
_LONGEST = 50


def without_running_lines(lines: list[Line]) -> list[Line]:
    """The lines less those that stand on page after page: the same each time but for the number of the page."""
    bare = [re.sub(r"\d+", "", _PAGE.sub("", line.text)).strip() for line in lines]
    often = {text for text, count in Counter(bare).items() if count >= _OFTEN and text}
    return [line for line, text in zip(lines, bare, strict=True) if not _is_running(line.text, text, often)]


def _is_running(text: str, bare: str, often: set[str]) -> bool:
    if not _is_aside(text):
        return False
    return (not bare or _names_a_paper(bare)) if _PAGE.search(text) else bare in often and _names_a_paper(bare)


def _is_aside(text: str) -> bool:
    return (
        len(text) <= _LONGEST
        and look.option_letter_of(text) is None
        and look.start_of(text) is None
        and look.answer_of(text) is None
        and look.section_of(text) is None
        and look.explanation_of(text) is None
    )


def _names_a_paper(text: str) -> bool:
    return bool(_PAPER.search(text)) and not re.search(r"[。？?，,；;（(]", text)
