"""晋级: who of one contest gets into the next."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

MOST = 1_000_000


class CutBy(StrEnum):
    RANK = "rank"  # the first n overall
    STREET = "street"  # the first n of each street
    UNIT = "unit"  # the first n of each unit
    MARK = "mark"  # everybody at or above a mark


@dataclass(frozen=True)
class Cut:
    """One rule: ``n`` for a cut by place, ``mark`` in hundredths for a cut by mark."""

    by: CutBy
    n: int = 0
    mark: int = 0

    def as_json(self) -> dict[str, Any]:
        return {"by": self.by.value, "n": self.n, "mark": self.mark}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Cut":
        return cls(CutBy(value["by"]), value["n"], value["mark"])


class Candidate(NamedTuple):
    """One row of the earlier contest's person ladder. Equal ``merit`` makes equal rank."""

    code: str
    merit: tuple[Any, ...]
    score_sum: int
    counted: int
    street_id: int | None
    unit_id: int | None


class Through(NamedTuple):
    """Somebody who gets in: the rank that counted (overall, or within street or unit), and whether only by a tie."""

    code: str
    rank: int
    by_tie: bool


def through(cut: Cut, candidates: Iterable[Candidate]) -> list[Through]:
    """Who gets in, in order. Candidates come in ladder order; all who are equal at the cut are in."""
    seen: dict[Any, int] = defaultdict(int)  # how many of this place there were
    last: dict[Any, tuple[Any, int]] = {}
    found = []
    for each in candidates:
        place = {CutBy.STREET: each.street_id, CutBy.UNIT: each.unit_id}.get(cut.by, 0)
        if place is None:
            continue  # who counts for no street (or unit) stands in no such ladder
        seen[place] += 1
        merit, rank = last.get(place, (None, 0))
        if merit != each.merit:
            rank = seen[place]
        last[place] = (each.merit, rank)
        if cut.by is CutBy.MARK:
            if each.score_sum >= cut.mark * each.counted:
                found.append(Through(each.code, rank, False))
        elif rank <= cut.n:
            found.append(Through(each.code, rank, seen[place] > cut.n))
    return found


def digest_of(cut: Cut, contest: str, found: Iterable[Through]) -> str:
    """SHA-256 over the rule, the earlier contest, and every entry with its rank, in order."""
    value = [cut.as_json(), contest, [[each.code, each.rank] for each in found]]
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def complaints(cut: Cut) -> list[str]:
    if cut.by is CutBy.MARK:
        return [] if cut.mark > 0 else ["请填晋级的分数。"]
    return [] if 1 <= cut.n <= MOST else ["请填前几名晋级，至少 1 名。"]


def in_words(cut: Cut, mark_words: str) -> str:
    """The rule as a sentence; ``mark_words`` is the mark as pages write it."""
    return {
        CutBy.RANK: f"个人榜前 {cut.n} 名",
        CutBy.STREET: f"每个街道前 {cut.n} 名",
        CutBy.UNIT: f"每个单位前 {cut.n} 名",
        CutBy.MARK: f"成绩达到 {mark_words} 分",
    }[cut.by]
