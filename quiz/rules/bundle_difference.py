"""What is different between two seals of a contest: headcounts, rulings, ranks and scores, from their lines alone."""

import json
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from quiz.rules.bundle import Record

ENTRIES_AT_ONCE = 25_000
"""So many entries of each bundle stand in memory at a time; for more, the bundles are gone through more than once."""

MOST_NAMED = 200
"""So many of a kind are named; all are counted."""

_ENTRY = re.compile(r'"entry":"([^"\\]*)"')
_IS_ENTRY = '"record":"entry"'

Lines = Callable[[], Iterable[str]]


def difference(before: Lines, after: Lines, entries: int, *, at_once: int = ENTRIES_AT_ONCE) -> dict[str, Any]:
    """``{}`` where both say the same. ``entries`` is how many the larger one has."""
    found = {**_of_few(before, after), **_of_entries(before, after, max(1, -(-entries // at_once)))}
    return {key: value for key, value in found.items() if value}


def _of_few(before: Lines, after: Lines) -> dict[str, Any]:
    """Terms, places, rulings and ladders: few enough to be held whole."""
    old, new = _few(before), _few(after)
    return {
        "terms": [record["number"] for key, record in new.items() if key[0] == "terms" and key not in old],
        "rulings": [record["number"] for key, record in new.items() if key[0] == "ruling" and key not in old],
        "draws": [key[1] for key, record in new.items() if key[0] == "draw" and old.get(key) != record],
        "units": _rows(old, new, "unit"),
        "streets": _rows(old, new, "street"),
    }


def _few(lines: Lines) -> dict[tuple[Any, ...], Record]:
    records = (json.loads(line) for line in lines() if _IS_ENTRY not in line)
    return {_key(record): record for record in records}


def _key(record: Record) -> tuple[Any, ...]:
    kind = record["record"]
    if kind == "ladder":
        return (kind, record["by"], record["code"])
    if kind == "draw":
        return (kind, record["draw"]["number"])
    return (kind, record.get("code", record.get("number", record.get("version"))))


def _rows(old: dict[tuple[Any, ...], Record], new: dict[tuple[Any, ...], Record], by: str) -> dict[str, Any]:
    """Units or streets whose row or headcount is another one."""
    named: list[dict[str, Any]] = []
    place = "unit" if by == "unit" else "area"
    codes = sorted({key[2] for key in (*old, *new) if key[:2] == ("ladder", by)})
    for code in codes:
        values = [{**_shown(each, ("ladder", by, code), "rank", "score", "participants"),
                   **_shown(each, (place, code), "headcount")} for each in (old, new)]  # fmt: skip
        if values[0] != values[1]:
            named.append({"code": code, "before": values[0], "after": values[1]})
    return {"changed": len(named), "named": named[:MOST_NAMED]} if named else {}


def _shown(records: dict[tuple[Any, ...], Record], key: tuple[Any, ...], *names: str) -> dict[str, Any]:
    return {name: records[key][name] for name in names} if key in records else {}


def _of_entries(before: Lines, after: Lines, parts: int) -> dict[str, Any]:
    counts = {"added": 0, "removed": 0, "score": 0, "rank": 0, "other": 0}
    by_score: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    for part in range(parts):
        old, new = (dict(_entries_in(lines, part, parts)) for lines in (before, after))
        for code in sorted({*old, *new}):
            if old.get(code) == new.get(code):
                continue
            row = {"code": code, **{when: _result(each.get(code)) for when, each in (("before", old), ("after", new))}}
            what = _what(row)
            counts[what] += 1
            kept = others if what in ("rank", "other") else by_score
            if len(kept) < MOST_NAMED:
                kept.append(row)
    changed = {what: count for what, count in counts.items() if count}
    return {"entries": {**changed, "named": (by_score + others)[:MOST_NAMED]} if changed else {}}


def _entries_in(lines: Lines, part: int, parts: int) -> Iterator[tuple[str, str]]:
    """Codes and lines of one part of the entries."""
    for line in lines():
        if _IS_ENTRY in line and (code := _ENTRY.search(line)) and zlib.crc32(code[1].encode()) % parts == part:
            yield code[1], line


def _result(line: str | None) -> dict[str, Any] | None:
    if line is None:
        return None
    record = json.loads(line)
    return {"rank": record["rank"], "score": record["score"], "exact": record["exact"]}


def _what(row: dict[str, Any]) -> str:
    before, after = row["before"], row["after"]
    if before is None or after is None:
        return "added" if before is None else "removed"
    if before["exact"] != after["exact"]:
        return "score"
    return "rank" if before["rank"] != after["rank"] else "other"
