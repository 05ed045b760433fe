"""数据包: a sealed result as records, one line of JSON each. docs/verify.md says the same to outsiders.

What a record says beyond plain facts (what counts, ranks, ladders) is worked out by ``Recount``, for whoever seals and
for whoever verifies: to verify is to take the facts, work the rest out again and find the same record.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any, Literal

from quiz.rules.contest import ContestTerms, LadderRule, Measure, Ties
from quiz.rules.participation import LadderRow, Tally, ladder
from quiz.rules.ranking import Counted, EndedAttempt, counting, summed

FORMAT = 1
KINDS = ("head", "terms", "area", "unit", "version", "ruling", "entry", "ladder", "draw")
"""In this order they stand."""

ENDING = "\n]}\n"
SEPARATOR = ",\n"

Record = Mapping[str, Any]
By = Literal["unit", "street"]
BYS: tuple[By, ...] = ("unit", "street")


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def line_of(record: Record) -> str:
    """A record as its line: keys sorted, no spaces, characters as they are."""
    return _ENCODER.encode(record)


def opening(digest: str) -> str:
    """The first line of result.json; the records follow, parted by a comma and a line end, and then ENDING."""
    return f'{{"digest":"{digest}","format":"quality-contest-result","records":[\n'


def checked(record: Record) -> dict[str, Any]:
    """The record with ``check``, the first 16 hex digits of the SHA-256 of its line without: it names a changed row."""
    return {**record, "check": hashlib.sha256(line_of(record).encode()).hexdigest()[:16]}


class Digest:
    """SHA-256 over the UTF-8 of all lines, each with a line feed at its end and without the comma between."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, line: str) -> None:
        self._hash.update(line.encode() + b"\n")

    @property
    def hex(self) -> str:
        return self._hash.hexdigest()


def moment_of(value: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and Z."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def points(hundredths: int) -> int | float:
    """As JSON writes them: 5, 2.5, 83.33."""
    return hundredths / 100 if hundredths % 100 else hundredths // 100


def hundredths(value: Any) -> int:
    """Of a number as JSON gives it. Raises ValueError for anything finer than a hundredth."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("no number")
    whole = round(value * 100)
    if whole / 100 != value:
        raise ValueError("finer than a hundredth")
    return whole


@dataclass
class _Sums:
    """What the entries of one unit or street bring, added up as they come, the best first."""

    marks: frozenset[int]
    numbers: frozenset[int]
    entries: int = 0
    participants: int = 0
    nonzero: int = 0
    totals: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # score sums by their divisor
    excellent: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    best: dict[int, Fraction] = field(default_factory=lambda: defaultdict(Fraction))

    @classmethod
    def for_rule(cls, rule: LadderRule) -> "_Sums":
        """With the marks of 优秀率 and the numbers of the best that this rule weighs."""
        return cls(
            frozenset(m.mark or 0 for m in rule.measures if m.measure is Measure.EXCELLENT_RATE),
            frozenset(m.n or 1 for m in rule.measures if m.measure is Measure.BEST_N),
        )

    def add(self, found: Counted | None) -> None:
        self.entries += 1
        if found is None:
            return
        self.participants += 1
        self.nonzero += found.score_sum > 0
        self.totals[found.counted] += found.score_sum
        for mark in self.marks:
            self.excellent[mark] += found.score_sum >= mark * found.counted
        for n in self.numbers:
            if self.participants <= n:
                self.best[n] += found.score


class Recount:
    """Takes places and entries in their order, and gives the records that follow from them.

    Entries come as their facts: those taking part in the order of the person ladder, then the others by code.
    """

    def __init__(self, terms: ContestTerms) -> None:
        self.terms = terms
        self._rules: dict[By, LadderRule] = {"unit": terms.unit_ladder, "street": terms.street_ladder}
        self._places: dict[By, dict[str, Record]] = {"unit": {}, "street": {}}
        self._sums: dict[By, dict[str, _Sums]] = {"unit": {}, "street": {}}
        self._last: tuple[Any, ...] | None = None
        self._merit: tuple[Any, ...] | None = None
        self._rank = self.participants = 0

    def place(self, record: Record) -> None:
        """A unit or an area of the contest; streets are ranked, communities are not."""
        if record["record"] == "unit":
            self._places["unit"][record["code"]] = record
        elif record["kind"] == "street":
            self._places["street"][record["code"]] = record

    def entry(self, facts: Record) -> dict[str, Any]:
        """The whole record of an entry. Raises OutOfOrder where it does not follow the entry before it."""
        ended = [_ended(attempt) for attempt in facts["attempts"]]
        chosen = counting(ended, self.terms.counts, self.terms.zone)
        found = summed(chosen, self.terms.counts)
        rank = self._ranked(facts["entry"], found)
        for by in BYS:
            if facts[by] is not None:
                self._sums_of(by, facts[by]).add(found)
        return {
            "record": "entry",
            **{key: facts[key] for key in ("entry", "street", "unit", "class")},
            "rank": rank,
            **_result(found),
            "attempts": [
                {**a, "day": self._day(e), "counts": any(e is c for c in chosen)}
                for a, e in zip(facts["attempts"], ended, strict=True)
            ],
        }

    def _sums_of(self, by: By, code: str) -> _Sums:
        if code not in self._sums[by]:
            self._sums[by][code] = _Sums.for_rule(self._rules[by])
        return self._sums[by][code]

    def _day(self, attempt: EndedAttempt) -> str:
        return attempt.started_at.astimezone(self.terms.zone).date().isoformat()

    def _ranked(self, code: str, found: Counted | None) -> int | None:
        """Its rank; that of the entry before where both are equal in all that is compared."""
        merit = _merit(found) if found else ()
        order = (0, *merit, code) if found else (1, code)
        if self._last is not None and order <= self._last:
            raise OutOfOrder(code)
        self._last = order
        if found is None:
            return None
        self.participants += 1
        if self.terms.ties is Ties.NONE:
            merit = (*merit, code)
        if merit != self._merit:
            self._merit, self._rank = merit, self.participants
        return self._rank

    def ladders(self) -> Iterator[dict[str, Any]]:
        """单位榜 and 街道榜, row by row, once all entries have come."""
        for by in BYS:
            tallies = [self._tally(by, record) for record in self._places[by].values()]
            for row in ladder(tallies, self._rules[by], full=self.terms.full):
                yield _ladder_record(by, row)

    def _tally(self, by: By, place: Record) -> Tally:
        sums = self._sums_of(by, place["code"])
        return Tally(
            code=place["code"],
            name=place["name"],
            unit_class=place.get("class", ""),
            headcount=place["headcount"],
            participants=sums.participants,
            nonzero=sums.nonzero,
            entries=sums.entries,
            total=sum((Fraction(score, divisor) for divisor, score in sums.totals.items()), Fraction(0)),
            excellent=sums.excellent,
            best=sums.best,
        )


class OutOfOrder(Exception):
    """An entry that should stand elsewhere, or stands twice. ``args``: its code."""


def _ended(attempt: Record) -> EndedAttempt:
    return EndedAttempt(
        score=hundredths(attempt["score"]),
        elapsed_ms=attempt["elapsed_ms"],
        started_at=datetime.fromisoformat(attempt["started_at"]),
        ended_at=datetime.fromisoformat(attempt["ended_at"]),
        answered=attempt["answered"],
        is_set_aside=attempt["set_aside"],
    )


def _result(found: Counted | None) -> dict[str, Any]:
    """Score and elapsed, rounded to be read, and exactly as fractions: they are ranked on these."""
    if found is None:
        return {"score": None, "exact": None, "finished_at": None}
    score = Fraction(found.score_sum, found.counted * 100)
    elapsed = found.elapsed if found.counted > 1 else found.elapsed_sum
    return {
        "score": _to_read(score),
        "exact": {"score": str(score), "elapsed_ms": str(elapsed)},
        "finished_at": moment_of(found.finished_at),
    }


def _ladder_record(by: By, row: LadderRow) -> dict[str, Any]:
    tally = row.tally
    return {
        "record": "ladder",
        "by": by,
        "rank": row.place.rank,
        "code": tally.code,
        "score": _to_read(row.score),
        "exact": str(row.score),
        "measures": {measure.value: str(value) for measure, value in row.measures.items()},
        "participants": tally.participants,
        "nonzero": tally.nonzero,
        "entries": tally.entries,
        "mean": _to_read(tally.mean / 100),
        "total": str(tally.total / 100),
    }


def _merit(found: Counted) -> tuple[Any, ...]:
    """``found.merit``, in whole numbers where it is made of one attempt: they compare alike, and much faster."""
    return found.merit if found.counted > 1 else (-found.score_sum, found.elapsed_sum, found.finished_at)


def _to_read(value: Fraction) -> int | float:
    """Half up to two decimals, as ``rounded`` does it."""
    return points((200 * value.numerator + value.denominator) // (2 * value.denominator))
