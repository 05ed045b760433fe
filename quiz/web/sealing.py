"""A sealed result as pages say it: one line under the contest, the digest in groups, what a later seal changed."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, url_for

from quiz.models import Contest, Seal
from quiz.models.contests import ContestState
from quiz.queries import seals as find
from quiz.rules.bundle_difference import MOST_NAMED
from quiz.web.filters import full_moment, plain_number

GROUP = 8
KILOBYTE = 1024


def register(app: Flask) -> None:
    @app.context_processor
    def everywhere() -> dict[str, object]:
        return {"sealed_of": sealed_of}


def sealed_of(contest: Contest) -> dict[str, Any] | None:
    """The contest's last seal for its pages; None while it is not sealed, which costs no read."""
    found = find.last_seal(contest.id) if contest.state == ContestState.SEALED else None
    return seal_in_words(found, contest) if found else None


def seal_in_words(sealed: Seal, contest: Contest) -> dict[str, Any]:
    return {
        "number": sealed.number,
        "at": full_moment(sealed.sealed_at, contest.terms.time_zone),
        "digest": sealed.digest,
        "groups": groups_of(sealed.digest),
        "reason": sealed.reason,
        "entries": sealed.counts["entry"],
        "rulings": sealed.counts["ruling"],
        "size": size_in_words(sealed.size),
        "url": url_for("seals.show", slug=contest.slug),
        "bundle_url": url_for("seals.bundle", slug=contest.slug, seal=sealed.number),
        "changes": changes_in_words(sealed.difference),
        "tables": tables_of(sealed.difference),
    }


def groups_of(digest: str) -> list[str]:
    """In eights, to be read aloud and compared."""
    return [digest[start : start + GROUP] for start in range(0, len(digest), GROUP)]


def size_in_words(size: int) -> str:
    if size < KILOBYTE**2:
        return f"{max(1, round(size / KILOBYTE))} KB"
    return f"{size / KILOBYTE**2:.1f} MB"


# --- what is different -----------------------------------------------------------------------------------------------

_ENTRIES = {
    "score": "成绩有变动的 {} 人",
    "added": "新增 {} 人",
    "removed": "去掉 {} 人",
    "rank": "只有名次变动的 {} 人",
    "other": "名次成绩不变、别的内容有改动的 {} 人",
}


def changes_in_words(difference: Mapping[str, Any]) -> list[str]:
    """One phrase for each kind of change."""
    entries = difference.get("entries", {})
    said = [words.format(entries[key]) for key, words in _ENTRIES.items() if key in entries]
    for by, label in (("units", "单位"), ("streets", "街道")):
        if by in difference:
            said.append(f"名次、得分或应参加人数有变动的{label} {difference[by]['changed']} 个")
    if rulings := difference.get("rulings"):
        said.append(f"新增裁定 {len(rulings)} 条")
    if draws := difference.get("draws"):
        said.append(f"新增或有变动的抽奖 {len(draws)} 次")
    if terms := difference.get("terms"):
        said.append(f"规程新增 {len(terms)} 版")
    return said


def tables_of(difference: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Who and which units and streets are named, each with what stood before and what stands now."""
    parts = (("entries", "参赛编号"), ("units", "单位"), ("streets", "街道"))
    return [
        {
            "heading": heading,
            "is_cut": len(difference[part]["named"]) >= MOST_NAMED,
            "rows": [
                {"code": row["code"], "before": _row(row["before"]), "after": _row(row["after"])}
                for row in difference[part]["named"]
            ],
        }
        for part, heading in parts
        if part in difference
    ]


def _row(value: Mapping[str, Any] | None) -> str:
    if not value:
        return "没有"
    rank = f"第 {value['rank']} 名" if value.get("rank") else "不排名"
    score = f"，{plain_number(value['score'])} 分" if value.get("score") is not None else ""
    headcount = f"，应参加 {value['headcount']} 人" if "headcount" in value else ""
    return rank + score + headcount
