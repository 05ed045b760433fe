"""Titles between two questions that no number of a chapter tells: "（二）产品质量", "消费者权益保护法"."""

import re
from collections.abc import Sequence

from question_bank.reading.lines import Line, is_title
from question_bank.reading.pieces import EXPLANATION, KEY, OPTION, STEM, Piece

_SUBTITLE = re.compile(r"^\s*[（(][一二三四五六七八九十]{1,3}[）)]\s*[^\s，,。；;：:？?_（(]{2,24}\s*$")
_FIRST_OF_LIST = re.compile("[（(]一[）)]")
_BARE_WORDS = re.compile(r"^\s*[^\s，,。；;：:？?！!_（(）)、.．A-Za-z\d√×=<>|/]{3,20}\s*$")
_SENTENCE = re.compile(r"^\s*[一-鿿“《（(].{6,}。\s*$")
_LETTER_ALONE = re.compile(r"^\W*[A-La-lＡ-Ｌ]\W*$")
_ENDS_A_TITLE = re.compile(
    r"(?:法|条例|办法|规定|部分|知识|篇|章|类|标准|规范|制度|管理|常识|专题|模块|文化|安全|质量|计量|服务)\s*$"
)
_ENDS = ("。", "）", ")", "？", "?", "！", "√", "×", "；", "_")
_SHORT_LINE, _LONGEST_SHOWN = 24, 20


def is_title_between(lines: Sequence[Line], place: int, piece: Piece, *, is_whole: bool) -> bool:
    """Whether a line above the next question is a title. What may be one, or a remark, or more of an option, is named.

    Bare words are a title only below a short line, for where a long one was wrapped, they may go on with it.
    """
    text, above = lines[place].text, lines[place - 1].text
    is_subtitle = bool(_SUBTITLE.match(text))
    is_below = len(above.strip()) <= _SHORT_LINE and not _LETTER_ALONE.match(above)
    if is_below and piece.role == OPTION and _SENTENCE.match(text) and _is_last_of(lines, place):
        piece.below_options = text.strip()[:_LONGEST_SHOWN]
    if not (is_subtitle or (is_below and _BARE_WORDS.match(text))) or not _question_follows(lines, place):
        return False
    if is_title(text):
        return False  # which its own rule tells
    if not _has_said_all(piece, above, is_whole=is_whole):
        return False
    if is_subtitle:
        return not any(_FIRST_OF_LIST.search(said) for _, said in piece.parts)
    if piece.role == OPTION and not _ENDS_A_TITLE.search(text):
        piece.below_options = text.strip()
    return bool(_ENDS_A_TITLE.search(text)) and piece.role != EXPLANATION


_LAW = re.compile(
    r"^\s*(?:《[^》]{2,40}》[^。《》]{0,6})?第[一二三四五六七八九十百千零\d]+条[^。]{0,12}?[\s：:，,]\s*\S.{5,}$"
)


def quotes_law(lines: Sequence[Line], place: int) -> bool:
    """Whether the words of a law stand below the last option, which is whole: they say why the key is right."""
    above = lines[place - 1].text.strip()
    return (
        _is_last_of(lines, place)
        and (len(above) <= _SHORT_LINE or above.endswith("。"))
        and _LAW.match(lines[place].text) is not None
    )


def _has_said_all(piece: Piece, above: str, *, is_whole: bool) -> bool:
    """Whether nothing more is due of a question: no end of its stem, no answer on the line below 答案："""
    if piece.role == STEM:
        return is_whole and above.rstrip().endswith(_ENDS) and not piece.section.is_written
    return not piece.section.is_written and (piece.role != KEY or bool("".join(piece.texts(KEY)).strip()))


def _is_last_of(lines: Sequence[Line], place: int) -> bool:
    return place + 1 == len(lines) or _question_follows(lines, place)


def _question_follows(lines: Sequence[Line], place: int) -> bool:
    """Whether the next question begins below, or the heading of the next kind."""
    if place + 1 == len(lines):
        return False
    start = lines[place + 1].start
    return (start is not None and start.is_sure) or lines[place + 1].section is not None
