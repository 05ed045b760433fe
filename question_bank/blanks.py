"""The accepted texts of each blank, from a key as people write it."""

import json
import re

from question_bank.reading.options import circled, items_of_list, split_at

BLANKS, SYNONYMS = "；", "|||"
"""What parts the blanks of a key, and the accepted texts of one blank."""


NO_ANSWERS = {
    "略",
    "暂无",
    "待定",
    "待补充",
    "见教材",
    "见课本",
    "见书",
    "见解析",
    "见答案",
    "同上",
    "答案略",
    "暂无答案",
}
"""What stands in the place of an answer that nobody wrote."""


def blanks_from(key: str, drawn: int) -> tuple[tuple[str, ...], ...]:
    """Accepted texts for each blank, from a key for a stem that draws so many."""
    nested = _nested(key)
    if nested:
        return nested
    if drawn == 1:
        return (_of_one_blank(key),)
    if numbered := _numbered_blanks(key):
        return numbered
    marked = circled(key) or _ordinal_blanks(key) or _inline_numbered(key) or _set_apart(key, drawn)
    if marked and len(marked) == (drawn or len(marked)):
        return tuple(synonyms(part) for part in marked)
    for separator in (BLANKS, ";", "\n", "|", "，", ",", "、", " ", "/"):
        if separator == "|" and SYNONYMS in key:
            continue
        parts = split_at(key, separator)
        if len(parts) > 1 and (len(parts) == drawn or (separator in (BLANKS, "\n") and drawn == 0)):
            return tuple(synonyms(part) for part in _without_numbers(parts))
    parts = split_at(key, BLANKS)
    return tuple(synonyms(part) for part in parts or [key])


def _of_one_blank(key: str) -> tuple[str, ...]:
    """九|9: where there is one blank only, the stroke parts what is accepted, for nobody types one."""
    key = key.rstrip("；; ") or key
    alone = _inline_numbered(key, least=1)
    key = alone[0] if len(alone) == 1 else key  # "(1) 九" for the only blank
    parts = [] if SYNONYMS in key else split_at(key, "|")
    return tuple(dict.fromkeys(parts)) if len(parts) > 1 else synonyms(key)


_ORDINAL = re.compile(r"第?([一二三四五六七八九\d])空\s*[:：]\s*")


def _ordinal_blanks(key: str) -> list[str]:
    """甲, 乙 for "第一空：甲；第二空：乙"; [] for any other key."""
    marks = list(_ORDINAL.finditer(key))
    numbers = ["一二三四五六七八九".find(mark[1]) + 1 or int(mark[1]) if mark[1] != "0" else 0 for mark in marks]
    if len(marks) < 2 or marks[0].start() or numbers != list(range(1, len(marks) + 1)):
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(key)]
    parts = [key[mark.end() : end].strip(" \n　；;，,。") for mark, end in zip(marks, ends, strict=True)]
    return parts if all(parts) else []


_INLINE = re.compile(r"[（(](\d)[)）]")


def _inline_numbered(key: str, *, least: int = 2) -> list[str]:
    """一, 二 for "（1）一（2）二"; [] for any other key."""
    before, *parts = _INLINE.split(key)
    told = [part.strip(" \n　；;，,。") for part in parts[1::2]]
    runs = parts[::2] == [str(number) for number in range(1, len(told) + 1)]
    return told if not before.strip() and len(told) >= least and runs and all(told) else []


_IN_BRACKETS = re.compile(r"\s*【([^【】]+)】\s*")
_SIGNS = re.compile(r"\s*[#$&@]{2,}\s*")


def _set_apart(key: str, drawn: int) -> list[str]:
    """一, 二 for "【一】【二】" and "一##二", where the stem draws as many blanks; [] for any other key."""
    parts = _IN_BRACKETS.findall(key) if not _IN_BRACKETS.sub("", key) else _SIGNS.split(key)
    return [part.strip() for part in parts] if len(parts) == drawn and all(map(str.strip, parts)) else []


_NUMBERED = re.compile(r"^[（(]?(?:第)?(\d{1,2})(?:[)）.、:：]|空\s*[:：]?)\s*(?=\S)")


def _numbered_blanks(key: str) -> tuple[tuple[str, ...], ...]:
    """(1) 9, and on the next line (2) 12315；一二三一五: a line for each blank, its accepted texts parted by ；"""
    lines = [line.strip() for line in key.split("\n") if line.strip()]
    bare = _without_numbers(lines)
    if len(lines) < 2 or bare == lines:
        return ()
    return tuple(tuple(dict.fromkeys(t for text in split_at(line, BLANKS) for t in synonyms(text))) for line in bare)


def numbered(lines: list[str]) -> bool:
    """Whether lines are numbered in order from 1 on."""
    return _without_numbers(lines) != lines


def _without_numbers(parts: list[str]) -> list[str]:
    """(1) 甲, (2) 乙 → 甲, 乙"""
    marks = [_NUMBERED.match(part) for part in parts]
    if [int(mark[1]) for mark in marks if mark] != list(range(1, len(parts) + 1)):
        return parts
    return [part[mark.end() :] for part, mark in zip(parts, marks, strict=True) if mark]


def _nested(key: str) -> tuple[tuple[str, ...], ...] | None:
    """A key as JSON: a list of texts, or of lists of accepted texts."""
    value = _list_in(key)
    if not value:
        return None
    blanks = [item if isinstance(item, list) else [item] for item in value]
    if not all(blank and all(isinstance(text, (str, int, float)) and str(text) for text in blank) for blank in blanks):
        return None
    return tuple(tuple(str(text) for text in blank) for blank in blanks)


def _list_in(key: str) -> list[object] | None:
    """A JSON list, or a Python list of texts; None where the key is neither."""
    if key[:1] != "[":
        return None
    try:
        value = json.loads(key)
    except (ValueError, RecursionError):
        return [item.strip() for item in items_of_list(key) or ()] or None
    return value if isinstance(value, list) else None


def synonyms(text: str) -> tuple[str, ...]:
    texts = tuple(dict.fromkeys(part.strip() for part in text.split(SYNONYMS) if part.strip()))
    return texts or (text,)
