"""Answers that say which question they are for: "第3题答案：B"."""

import re

from question_bank.reading.key_blocks import keys_as_line, keys_in_line
from question_bank.reading.lines import Line

_NUMBERED = re.compile(
    r"^\s*[（(【\[]?第?\s*(?P<number>\d{1,4})\s*题的?(?:正确|参考|标准)?答案\s*[】\]）)]?\s*(?:[:：]|[是为]\s*[:：]?)\s*(?P<key>\S.*)$",
    re.DOTALL,
)


_LISTED = re.compile(
    r"^(?P<number>\s*\d{1,4}\s*[.．、)）]\s*)[【（(]?(?:正确|参考|标准)?答案[】）)]?\s*[:：]?\s*(?P<key>\S{1,20})\s*$"
)


def with_listed_answers(lines: list[Line]) -> list[Line]:
    """ "1. 答案：A" above "2. 答案：B": a list of keys, "1. A" a line for each."""
    plain = [f"{mark['number']}{mark['key']}" if (mark := _LISTED.match(line.text)) else "" for line in lines]
    keys = [False, *(bool(text) and bool(keys_in_line(text)) for text in plain), False]
    listed = [is_key and (before or after) for before, is_key, after in zip(keys, keys[1:], keys[2:], strict=False)]
    return [
        Line(line.number, text) if is_listed else line
        for line, text, is_listed in zip(lines, plain, listed, strict=True)
    ]


def with_numbered_answers(lines: list[Line]) -> list[Line]:
    """The answer of the question right above as 答案：, those of others as one line of keys."""
    result: list[Line] = []
    keys: dict[int, str] = {}
    last = 0
    for line in lines:
        found = _NUMBERED.match(line.text)
        if found is None:
            result += _as_line(keys, line)
            keys = {}
            start = line.start
            last = start.number if start is not None else last
            result.append(line)
        elif int(found["number"]) == last and not keys:
            result.append(Line(line.number, f"答案：{found['key']}"))
        elif int(found["number"]) not in keys and keys_in_line(f"{found['number']}.{found['key']}"):
            keys[int(found["number"])] = found["key"].strip()
        else:
            result += [*_as_line(keys, line), line]
            keys = {}
    return result + (_as_line(keys, lines[-1]) if lines else [])


def _as_line(keys: dict[int, str], line: Line) -> list[Line]:
    return [Line(line.number, keys_as_line(keys))] if keys else []
