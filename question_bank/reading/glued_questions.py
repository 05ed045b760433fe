"""Several questions on one line, as in texts that lost their line breaks: each on a line of its own."""

import re
from collections.abc import Sequence
from itertools import pairwise

from question_bank.reading.lines import Line
from question_bank.reading.stems import blanks_in

_NUMBER_INSIDE = re.compile(
    r"(?:(?<![\d.．A-Za-z])|(?<=】[A-L])|(?<=[:：][A-L])|(?<=[A-L][A-L]))(\d{1,4})\s*[.．、](?!\d)"
)
_HEADING_INSIDE = re.compile(
    r"[一二三四五六七八九十]{1,3}、\s*(?:单项?|多项?|不定项|判断|填空|简答|问答|论述|案例|选择)[^，。、\d]{0,8}?题"
)
_ENDS = ("。", "；", ";", "）", ")", "】", "_", "？", "?", "！", "!", "√", "×")
_BRACKET = re.compile(r"[（(【][^（）()【】\n]{0,40}[）)】]")
_SHORTEST, _SHORTEST_STEM = 20, 6


def parted(lines: list[Line]) -> list[Line]:
    """A text that lost its line breaks: cut before each heading, and before each number that follows a question."""
    result: list[Line] = []
    last = 0
    for line in lines:
        text = line.text
        numbers = list(_NUMBER_INSIDE.finditer(text)) if len(text) > _SHORTEST_STEM else []
        places: Sequence[int] = ()
        if len(numbers) > 1:
            places = (_cuts(text, numbers) if len(text) > _SHORTEST else ()) or _cuts_behind_brackets(text, numbers)
        elif numbers and line.answer is not None:
            places = _cut_behind_answer(text, numbers, last)
        if places:
            texts = (text[a:b].strip() for a, b in pairwise([0, *places, len(text)]))
            result += [Line(line.number, part) for part in texts if part]
        else:
            result.append(line)
        last = start.number if (start := result[-1].start) is not None and start.is_sure else last
    return result


def _is_whole(text: str) -> bool:
    """Whether a question may end here: an answer was stated, or options were listed."""
    return "答案" in text or bool(re.search(r"A\s*[.．、].*B\s*[.．、]", text, re.DOTALL))


def _cuts(text: str, numbers: Sequence[re.Match[str]]) -> list[int]:
    if not _is_whole(text):
        return []
    headings = [mark.start() for mark in _HEADING_INSIDE.finditer(text)]
    cuts, last, since = set(headings), 0, 0
    for mark in numbers:
        number, place = int(mark[1]), mark.start()
        heading = max((h for h in headings if h < place), default=-1)
        if heading >= since:
            last, since = 0, heading
        is_first = last == 0 and number == 1 and (heading >= 0 or place == 0 or "答案" not in text[:place])
        if is_first or (number == last + 1 and _is_whole(text[since:place])) or (last == 0 and place == 0):
            cuts.add(place)
            last, since = number, place
    return sorted(cuts - {0})


def _cuts_behind_brackets(text: str, numbers: Sequence[re.Match[str]]) -> list[int]:
    """ "1、甲是（乙）。2、丙是___。": the numbers run on, and each part has a blank, filled in or not."""
    if text[: numbers[0].start()].strip():
        return []
    places, last = [numbers[0].start()], int(numbers[0][1])
    for mark in numbers[1:]:
        before = text[: mark.start()]
        if int(mark[1]) == last + 1 and (before[-1:].isspace() or before.endswith(_ENDS)):
            places.append(mark.start())
            last += 1
    parts = [text[a:b] for a, b in pairwise([*places, len(text)])]
    return places[1:] if all("__" in part or _BRACKET.search(part) for part in parts) else []


def _cut_behind_answer(text: str, numbers: Sequence[re.Match[str]], last: int) -> list[int]:
    """ "答案：甲 2、乙是___。" below question 1: the next question follows its answer."""
    for mark in numbers:
        stem = text[mark.end() :].strip()
        is_next = int(mark[1]) == last + 1 and last > 0 and len(stem) >= _SHORTEST_STEM
        if is_next and (blanks_in(stem) or stem.endswith(("？", "?"))):
            return [mark.start()]
    return []
