"""公示: what a result announcement says, and what has to be mended before it can be signed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

LADDERS = {"person": "个人榜", "unit": "单位榜", "street": "街道榜"}
LONGEST_HEADING, LONGEST_TEXT, LONGEST_LINE, LONGEST_REASON = 60, 1000, 80, 200
MOST_ROWS = 1000
LONGEST_PERIOD_DAYS = 90


@dataclass(frozen=True)
class Wish:
    """What staff decide: rows of each ladder (0: none of it), the words, the period for objections, who signs."""

    heading: str
    opening: str
    closing: str
    rows: Mapping[str, int]
    objections_from: date
    objections_to: date
    contact: str
    office: str
    signed_on: date


@dataclass(frozen=True)
class Table:
    """A part of a ladder as it was: everything in the words in which it is shown, names masked."""

    by: str
    title: str
    rule: str
    part: str  # 前 10 名，共 296 人
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Content:
    """An announcement whole. It is stored as canonical JSON and shown from that alone, whatever changes later."""

    contest: str
    heading: str
    opening: str
    closing: str
    objections: str
    contact: str
    office: str
    signed_on: str
    tables: tuple[Table, ...] = field(default_factory=tuple)

    def stored(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.stored().encode()).hexdigest()

    @property
    def text(self) -> str:
        """Every character of it, for choosing fonts."""
        return self.stored()


def from_stored(text: str) -> Content:
    value: dict[str, Any] = json.loads(text)
    tables = tuple(
        Table(**{**table, "headers": tuple(table["headers"]), "rows": tuple(map(tuple, table["rows"]))})
        for table in value.pop("tables")
    )
    return Content(**value, tables=tables)


def complaints(wish: Wish, shown: Mapping[str, int], *, closes_on: date) -> dict[str, str]:
    """What is wrong with a wish, by field, in Chinese. ``shown``: how many rows the terms make public."""
    found: dict[str, str] = {}
    for by, name in LADDERS.items():
        most = min(shown[by], MOST_ROWS)
        if wish.rows[by] > most:
            found[by] = f"规程写明{name}公开 {shown[by]} 行，这里最多填 {most}。"
    if not any(wish.rows.values()):
        found.setdefault("person", "至少公示一个榜的一行。")
    if wish.objections_from < closes_on:
        found["objections_from"] = "公示期不能早于竞赛结束那一天。"
    if wish.objections_to < wish.objections_from:
        found["objections_to"] = "公示期的最后一天不能早于第一天。"
    elif (wish.objections_to - wish.objections_from).days >= LONGEST_PERIOD_DAYS:
        found["objections_to"] = f"公示期最长 {LONGEST_PERIOD_DAYS} 天，请核对年份和月份。"
    return found


def period_in_words(first: date, last: date) -> str:
    """2026 年 7 月 21 日至 7 月 27 日，共 7 天"""
    year = "" if first.year == last.year else f"{last.year} 年 "
    days = (last - first).days + 1
    start = f"{first.year} 年 {first.month} 月 {first.day} 日"
    return f"{start}至 {year}{last.month} 月 {last.day} 日，共 {days} 天" if days > 1 else f"{start}，共 1 天"


def paragraphs(text: str) -> Sequence[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
