"""Boxes before options: "□A. 甲 ☑B. 乙", with letters or without. A filled one is a tick."""

import re
from itertools import groupby

from question_bank.reading import lines as look
from question_bank.reading.lines import Line

_FAMILIES = (("□☐", "☑☒√✔✓✅"), ("□☐", "■"), ("○◯〇", "●◉"))
_MOST, _LONGEST = 12, 80


def with_boxes_as_ticks(lines: list[Line]) -> list[Line]:
    """A line for each option, the filled boxes as √; only in a text that has filled boxes and empty ones."""
    for empty, filled in _FAMILIES:
        begins = re.compile(rf"^\s*[{empty}{filled}]")
        boxed = [line.text.lstrip() for line in lines if begins.match(line.text)]
        signs = set("".join(boxed)) & set(empty + filled)
        numbers_questions = any(look.start_of(text[1:]) is not None for text in boxed)
        if signs & set(empty) and _are_ticks(signs & set(filled)) and not numbers_questions:
            return _rewritten(lines, begins, re.compile(rf"(?:^|(?<=\s))(?=[{empty}{filled}])"), filled)
    return lines


def _are_ticks(filled: set[str]) -> bool:
    """☒ is a tick where it is the only filled box: beside ☑ it may say that something is wrong."""
    return bool(filled) and (filled == {"☒"} or "☒" not in filled)


def _rewritten(lines: list[Line], begins: re.Pattern[str], cut: re.Pattern[str], filled: str) -> list[Line]:
    result: list[Line] = []
    for is_boxed, group in groupby(lines, key=lambda line: begins.match(line.text) is not None):
        together = list(group)
        parts = [
            (line.number, text.strip())
            for line in together
            if is_boxed
            for text in cut.split(line.text)
            if text.strip()
        ]
        result += _options(parts, filled) or together
    return result


def _options(parts: list[tuple[int, str]], filled: str) -> list[Line]:
    """[] where boxes without letters may stand before anything else: all of them filled, all empty, or long."""
    ticks = ["√ " if text[0] in filled else "" for _, text in parts]
    texts = [text[1:].strip() for _, text in parts]
    letters = [look.option_letter_of(text) is not None for text in texts]
    is_list = not any(letters) and len(set(ticks)) == 2 and len(texts) <= _MOST and max(map(len, texts)) <= _LONGEST
    if not parts or not (all(letters) or is_list):
        return []
    names = ["" if is_lettered else f"{chr(65 + place)}. " for place, is_lettered in enumerate(letters)]
    return [
        Line(number, f"{tick}{name}{text}")
        for (number, _), tick, name, text in zip(parts, ticks, names, texts, strict=True)
    ]
