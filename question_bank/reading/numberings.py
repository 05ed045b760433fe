"""Questions numbered in other ways, rewritten to "1、题干": keys before the number, levels, Chinese numerals."""

import re
from itertools import pairwise

from question_bank.reading import lines as look
from question_bank.reading.lines import Line
from question_bank.reading.numerals import value_of_numeral

_FEW = 2
_LOOK_AHEAD = 4

_DECIMAL = r"\d+[.．]\d{1,3}(?!\d)\s*(?:$|[%％‰℃°a-zA-Z]|[倍米元万亿毫厘千公分秒吨升克])"
_KEY_FIRST = re.compile(
    r"^\s*[（(【\[]\s*(?P<key>[A-LＡ-Ｌ]{0,12}|[√×✓✗对错對錯TFVXＴＦ]|正确|错误)\s*[）)】\]]\s*"
    rf"(?!{_DECIMAL})(?P<rest>[1-9]\d{{0,3}}\s*[.．、)）].*)$",
    re.DOTALL,
)


def with_keys_behind(lines: list[Line]) -> list[Line]:
    """ "（B）3. 题干": the key goes below its question."""
    if sum(bool(_KEY_FIRST.match(line.text)) for line in lines) < _FEW:
        return lines
    result: list[Line] = []
    waiting: Line | None = None
    for line in lines:
        found = _KEY_FIRST.match(line.text)
        if waiting is not None and (found or line.start or line.section):
            result.append(waiting)
            waiting = None
        result.append(Line(line.number, found["rest"]) if found else line)
        if found and found["key"]:
            waiting = Line(line.number, f"答案：{'对' if found['key'] == 'V' else found['key']}")
    return [*result, waiting] if waiting is not None else result


_LEVELS = re.compile(
    r"^\s*(?P<upper>\d{1,2})[.－–-](?P<lower>\d{1,3})(?:\s*[、．.]\s*|\s+)(?P<rest>[^\d\s].*)$", re.DOTALL
)


def with_one_level(lines: list[Line]) -> list[Line]:
    """ "1.1 题干", "1-2 题干": the lower number counts, where it runs on from 1."""
    marks = [_LEVELS.match(line.text) for line in lines]
    numbers = [(int(mark["upper"]), int(mark["lower"])) for mark in marks if mark]
    runs_on = all(
        lower == before + 1 if upper == chapter else lower == 1
        for (chapter, before), (upper, lower) in zip([(0, 0), *numbers], numbers, strict=False)
    )
    if len(numbers) <= _FEW or not runs_on:
        return lines
    return [
        Line(line.number, f"{mark['lower']}、{mark['rest']}") if mark else line
        for line, mark in zip(lines, marks, strict=True)
    ]


_PART_AND_NUMBER = re.compile(
    r"^\s*[（(][一二三四五六七八九十]{1,3}[）)]\s*(?P<rest>\d{1,4}\s*[.．、](?!\d).*)$", re.DOTALL
)


def with_parts_left_out(lines: list[Line]) -> list[Line]:
    """ "（一）1. 题干": the number counts."""
    marks = [_PART_AND_NUMBER.match(line.text) for line in lines]
    if sum(map(bool, marks)) < _FEW:
        return lines
    return [Line(line.number, mark["rest"]) if mark else line for line, mark in zip(lines, marks, strict=True)]


_NUMBERED = re.compile(r"^\s*\d{1,4}\s*[.．、)）](?!\s*(?:[A-LＡ-Ｌ\s]{1,12}|[√×对错TF]|正确|错误)\s*$)")
_TWICE = re.compile(
    r"^(?P<first>\s*(?P<number>\d{1,4})\s*[.．、)）])\s*(?P=number)\s*(?:[、)）]|[.．](?=\s|\D|\d+[.．]\d)|"
    r"(?P<decimal>[.．]))\s*(?P<rest>\S.*)$",
    re.DOTALL,
)


def with_numbers_once(lines: list[Line]) -> list[Line]:
    """ "1、1．题干": a number that was typed beside the automatic one says nothing more.

    "3、3.5米" says a length, and no number twice; unless nearly every other question says its number twice.
    """
    numbered = [line for line in lines if _NUMBERED.match(line.text)]
    marks = {id(line): mark for line in numbered if (mark := _TWICE.match(line.text))}
    sure = sum(mark["decimal"] is None for mark in marks.values())
    others = len(numbered) - len(marks)  # rules above the questions have numbers, too
    are_most = len(marks) - sure <= max(sure, _FEW) and sure >= 3 * others
    are_all = len(marks) >= _FEW and (are_most or (not others and sure > 0))
    if not are_all and (sure < _FEW or sure * 2 < len(numbered)):
        return lines
    return [
        line.saying(mark["first"] + mark["rest"])
        if (mark := marks.get(id(line))) and (are_all or mark["decimal"] is None)
        else line
        for line in lines
    ]


_CHINESE = re.compile(r"^\s*(?P<number>[一二三四五六七八九十]{1,3})\s*[、.．]\s*(?P<rest>\S.*)$", re.DOTALL)


def with_digits_for_chinese(lines: list[Line]) -> list[Line]:
    """一、题干, 二、题干, each with options right below: questions, where no digit numbers one."""
    if any(start.is_sure for line in lines if (start := line.start)):
        return lines
    asked = {place for place, line in enumerate(lines) if _CHINESE.match(line.text) and _options_follow(lines, place)}
    if len(asked) < _FEW:
        return lines
    return [_with_digits(line) if place in asked else line for place, line in enumerate(lines)]


def _options_follow(lines: list[Line], place: int) -> bool:
    below = lines[place + 1 : place + _LOOK_AHEAD]
    return lines[place].section is None and any(line.letter == "A" for line in below)


def _with_digits(line: Line) -> Line:
    found = _CHINESE.match(line.text)
    assert found is not None
    return Line(line.number, f"{value_of_numeral(found['number'])}、{found['rest']}")


_BARE = re.compile(r"^\s*\d{1,4}\s*$")


def with_numbers_before_kinds(lines: list[Line]) -> list[Line]:
    """A number on a line of its own above 【单选题】题干, and in the same text below a heading or an answer."""
    if not any(_BARE.match(a.text) and look.names_its_kind(b.text) for a, b in pairwise(lines)):
        return lines
    result: list[Line] = []
    for line in lines:
        if result and _BARE.match(result[-1].text) and _begins_below(result, line):
            result[-1] = Line(result[-1].number, f"{result[-1].text.strip()}、{line.text}")
        else:
            result.append(line)
    return result


def _begins_below(above: list[Line], line: Line) -> bool:
    before = above[-2].text if len(above) > 1 else ""
    is_end = look.section_of(before) or look.is_meta(before) or look.answer_of(before) is not None
    return look.names_its_kind(line.text) or bool(is_end)
