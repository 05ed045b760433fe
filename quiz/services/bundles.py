"""Making a public bundle: the records of a contest as it stands, in compressed pieces in a temporary file."""

import gzip
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import IO, Any

from question_bank.database import db
from quiz.errors import StandingsDiffer
from quiz.models import Contest, Pool
from quiz.queries import seals as find
from quiz.rules.bundle import (
    ENDING,
    FORMAT,
    KINDS,
    SEPARATOR,
    Digest,
    OutOfOrder,
    Record,
    Recount,
    checked,
    line_of,
    moment_of,
    opening,
    points,
)
from quiz.rules.contest import ContestTerms
from quiz.rules.drawing import PoolVersion, pool_digest
from quiz.rules.marking import RulingKind
from quiz.rules.wording import leaderboard_in_words
from quiz.services.draw_file import draw_as_json

PIECE_BYTES = 256 * 1024

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Sealing:
    """What the head of a bundle says about the seal itself."""

    number: int
    sealed_at: datetime
    previous: str | None
    reason: str


class Pieces:
    """Lines on their way into a bundle: digested, counted, and compressed piece by piece into a temporary file."""

    def __init__(self, file: IO[bytes], piece_bytes: int = PIECE_BYTES) -> None:
        self._file, self._digest, self._lengths = file, Digest(), list[int]()
        self._piece_bytes = piece_bytes
        self._waiting: list[str] = []
        self._waiting_bytes = self._bytes = self._lines = 0

    def add(self, record: Record) -> None:
        line = line_of(checked(record))
        self._digest.add(line)
        self._lines += 1
        self._waiting.append(line + "\n")
        self._waiting_bytes += len(line.encode())
        if self._waiting_bytes >= self._piece_bytes:
            self.flush()

    def flush(self) -> None:
        """The lines that wait become a piece."""
        if self._waiting:
            content = compressed("".join(self._waiting))
            self._file.write(content)
            self._lengths.append(len(content))
            self._bytes += self._waiting_bytes
            self._waiting, self._waiting_bytes = [], 0

    @property
    def digest(self) -> str:
        return self._digest.hex

    @property
    def size(self) -> int:
        """Bytes of the result.json made of them."""
        between = len(SEPARATOR) * (self._lines - 1)
        return len(opening(self.digest)) + self._bytes + between + len(ENDING)

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        for length in self._lengths:
            yield self._file.read(length)


def compressed(text: str) -> bytes:
    return gzip.compress(text.encode(), 6, mtime=0)


def lines_in(pieces: Iterable[bytes]) -> Iterator[str]:
    """The lines of a bundle, one after another."""
    for piece in pieces:
        yield from gzip.decompress(piece).decode().removesuffix("\n").split("\n")


def json_of(digest: str, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """result.json, piece by piece."""
    yield opening(digest).encode()
    is_first = True
    for piece in pieces:
        text = gzip.decompress(piece).removesuffix(b"\n").replace(b"\n", SEPARATOR.encode())
        yield text if is_first else SEPARATOR.encode() + text
        is_first = False
    yield ENDING.encode()


def bundle_of(
    contest: Contest,
    sealing: Sealing,
    file: IO[bytes],
    progress: Progress | None = None,
    *,
    piece_bytes: int = PIECE_BYTES,
) -> Pieces:
    """The bundle of the contest as the snapshot at hand shows it, kept in ``file``. Raises StandingsDiffer."""
    pieces = Pieces(file, piece_bytes)
    for record in _records(contest, sealing, progress):
        pieces.add(record)
    pieces.flush()
    return pieces


# --- the records -----------------------------------------------------------------------------------------------------


def _records(contest: Contest, sealing: Sealing, progress: Progress | None) -> Iterator[Record]:
    amounts, terms = find.amounts_of(contest.id), contest.terms
    assert contest.pool_id
    pool = db.session.get_one(Pool, contest.pool_id)
    versions = [PoolVersion.from_json(value) for value in pool.versions]
    recount = Recount(terms)
    units, areas = find.units_of(contest.id), find.areas_of(contest.id)
    places = [*map(_area, areas.values()), *map(_unit, units.values())]
    for place in places:
        recount.place(place)
    rulings = _rulings(contest.id)
    draws = find.drawn_of(contest.id)
    streets = sum(area.kind == "street" for area in areas.values())
    counts = {
        "terms": len(contest.terms_versions),
        "area": len(areas),
        "unit": len(units),
        "version": len(versions),
        "ruling": len(rulings),
        "entry": amounts.entries,
        "ladder": len(units) + streets,
        "draw": len(draws),
    }
    assert set(counts) == set(KINDS[1:])
    yield _head(contest, terms, sealing, pool_digest(versions), counts)
    yield from _terms(contest)
    yield from places
    yield from ({"record": "version", **version.as_json()} for version in versions)
    yield from rulings
    street_codes = {number: area.code for number, area in areas.items() if area.kind == "street"}
    unit_codes = {number: unit.code for number, unit in units.items()}
    for done, record in enumerate(_entries(contest.id, street_codes, unit_codes, recount)):
        if progress and done % find.ENTRIES_AT_ONCE == 0:
            progress(done, amounts.entries)
        yield record
    yield from recount.ladders()
    yield from ({"record": "draw", "draw": draw_as_json(draw)} for draw in draws)


def _head(contest: Contest, terms: ContestTerms, sealing: Sealing, pool: str, counts: dict[str, int]) -> Record:
    return {
        "record": "head",
        "format": FORMAT,
        "contest": contest.slug,
        "title": terms.title,
        "seal": sealing.number,
        "sealed_at": moment_of(sealing.sealed_at),
        "previous": sealing.previous,
        "reason": sealing.reason,
        "terms": contest.terms_versions[-1].sha256,
        "rules": {by: leaderboard_in_words(terms, by) for by in ("person", "unit", "street")},
        "pool": pool,
        "counts": counts,
    }


def _terms(contest: Contest) -> Iterator[Record]:
    """Every version by its digest; the whole text of the one in force."""
    last = contest.terms_versions[-1]
    for version in contest.terms_versions:
        yield {
            "record": "terms",
            "number": version.number,
            "sha256": version.sha256,
            "changed_at": moment_of(version.changed_at),
            "reason": version.reason,
            "value": version.value if version is last else None,
        }


def _area(area: Any) -> Record:
    return {
        "record": "area",
        "code": area.code,
        "name": area.name,
        "kind": area.kind,
        "parent": area.parent_code,
        "headcount": area.headcount,
    }


def _unit(unit: Any) -> Record:
    return {
        "record": "unit",
        "code": unit.code,
        "name": unit.name,
        "class": unit.unit_class,
        "street": unit.street_code,
        "headcount": unit.headcount,
    }


def _rulings(contest_id: int) -> list[Record]:
    """Numbered within the contest. Why somebody got more time may be personal and stays inside."""
    rows = find.rulings_of(contest_id)
    numbers = {row[0].id: number for number, row in enumerate(rows, 1)}
    of_time = {row[0].id for row in rows if row[0].kind == RulingKind.EXTRA_TIME}
    records: list[Record] = []
    for ruling, period, number, entry_code in rows:
        is_time = ruling.id in of_time or ruling.undoes_id in of_time
        records.append(
            {
                "record": "ruling",
                "number": numbers[ruling.id],
                "kind": ruling.kind,
                "about": _about(ruling, period, number, entry_code),
                "value": {k: v for k, v in ruling.value.items() if not is_time or k in ("ms", "attempts")},
                "reason": None if is_time else ruling.reason,
                "made_at": moment_of(ruling.made_at),
                "undoes": numbers[ruling.undoes_id] if ruling.undoes_id else None,
            }
        )
    return records


def _about(ruling: Any, period: str | None, number: int | None, entry_code: str | None) -> dict[str, Any]:
    """An attempt, an entry, a question version, or (empty) the contest as a whole."""
    if ruling.attempt_id is not None:
        return {"entry": entry_code, "period": period, "attempt": number}
    if ruling.entry_id is not None:
        return {"entry": entry_code}
    return {"version": ruling.version_id} if ruling.version_id is not None else {}


# --- entries ---------------------------------------------------------------------------------------------------------


def _entries(
    contest_id: int, streets: dict[int, str], units: dict[int, str], recount: Recount
) -> Iterator[dict[str, Any]]:
    """Every entry, worked out from its attempts and held against the standing that is kept of it."""
    for entry, attempts in find.entries_with_attempts(contest_id):
        facts = {
            "entry": entry.entry_code,
            "street": streets.get(entry.street_id),
            "unit": units.get(entry.unit_id),
            "class": entry.unit_class,
            "attempts": [_attempt(attempt) for attempt in attempts],
        }
        try:
            record = recount.entry(facts)
        except OutOfOrder:
            raise _differs(entry) from None
        if _kept(entry) != (record["exact"], record["finished_at"]):
            raise _differs(entry)
        yield record


def _differs(entry: Any) -> StandingsDiffer:
    return StandingsDiffer(what=f"参赛编号 {entry.entry_code} 的成绩和它的答卷对不上")


def _attempt(attempt: Any) -> dict[str, Any]:
    return {
        "period": attempt.period,
        "number": attempt.number,
        "started_at": moment_of(attempt.started_at),
        "ended_at": moment_of(attempt.ended_at),
        "elapsed_ms": attempt.elapsed_ms,
        "score": points(attempt.score),
        "full": points(attempt.full),
        "answered": attempt.answered or 0,
        "set_aside": bool(attempt.is_set_aside),
        "receipt": attempt.receipt,
    }


def _kept(entry: Any) -> tuple[dict[str, str] | None, str | None]:
    """What the kept standing says, in the words of the record; of entries that take no part there is none."""
    if not hasattr(entry, "counted"):
        return None, None
    score = Fraction(entry.score_sum, entry.counted * 100)
    elapsed = Fraction(entry.elapsed_sum, entry.counted) if entry.counted > 1 else entry.elapsed_sum
    return {"score": str(score), "elapsed_ms": str(elapsed)}, moment_of(entry.finished_at)
