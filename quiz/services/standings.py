"""What counts of each entry, kept up as people hand in; and the same built, or checked, from scratch."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from question_bank.database import db, snapshot, transaction, upsert
from quiz.models import Attempt, Contest, Entry, Standing, StandingDelta
from quiz.queries import attempts as find
from quiz.queries import scratch
from quiz.rules.contest import ContestTerms
from quiz.rules.ranking import Counted, counted
from quiz.services import standing_rows as rows
from quiz.services.standing_counts import recount
from quiz.services.standing_rows import KEPT, values_of

__all__ = ["KEPT", "Difference", "keep_up", "rebuild", "values_of", "verify", "without_last"]


def keep_up(session: Session, entry_id: int, terms: ContestTerms) -> None:
    """Bring the entry's standing to what its ended attempts say now. Touches this one row only, and no count."""
    entry = session.get_one(Entry, entry_id, with_for_update={"key_share": True})
    found = counted(map(rows.as_ended, find.ended_attempts(entry_id)), terms.counts, terms.zone)
    values = values_of(entry, found) if found else {}
    kept = session.get(Standing, entry_id, populate_existing=True)
    if kept and found and all(getattr(kept, name) == values[name] for name in KEPT):
        return
    insert_delta = upsert(session, StandingDelta)
    going = rows.standings_as_rows(-1).where(Standing.entry_id == entry_id)
    session.execute(insert_delta.from_select(rows.DELTA, going))
    if found is None:
        session.execute(delete(Standing).where(Standing.entry_id == entry_id))
        return
    stand = upsert(session, Standing).values(entry_id=entry_id, contest_id=entry.contest_id, **values)
    session.execute(stand.on_conflict_do_update(index_elements=["entry_id"], set_=values))
    session.execute(insert_delta.values(rows.coming(entry.contest_id, values)))


def without_last(attempt: Attempt, terms: ContestTerms) -> Standing | None:
    """What the entry's standing would be had it not made this attempt, its last one; None where that cannot be said.

    It is read, not kept: the row belongs to no session.
    """
    ended = find.ended_attempts(attempt.entry_id)
    if len(ended) < 2 or ended[-1].id != attempt.id:
        return None
    found = counted(map(rows.as_ended, ended[:-1]), terms.counts, terms.zone)
    if found is None:
        return None
    values = values_of(attempt.entry, found)
    return Standing(entry_id=attempt.entry_id, contest_id=attempt.contest_id, **values)


# --- from scratch ----------------------------------------------------------------------------------------------------

REBUILT_AT_ONCE = 1_000


def rebuild(contest_id: int) -> int:
    """Build the contest's standings anew from its attempts, and its counts from the standings; how many there are.

    Some entries at a time, so that people hand in meanwhile.
    """
    terms = db.session.get_one(Contest, contest_id).terms
    built, last = 0, 0
    while ids := scratch.entries_after(contest_id, last, REBUILT_AT_ONCE):
        with transaction() as session:
            built += _rebuild(session, contest_id, ids, terms)
        last = ids[-1]
    recount(contest_id)
    return built


def _rebuild(session: Session, contest_id: int, ids: list[int], terms: ContestTerms) -> int:
    scratch.hold_entries(session, ids)  # as every hand-in holds its own
    found = [
        {"entry_id": entry.id, "contest_id": contest_id, **values_of(entry, counts)}
        for entry, counts in _counting(scratch.entries_with_attempts(contest_id, ids), terms)
        if counts
    ]
    session.execute(delete(Standing).where(Standing.entry_id.in_(ids)))
    if found:
        session.execute(insert(Standing), found)
    return len(found)


def _counting(pairs: Iterator[tuple[Any, Any]], terms: ContestTerms) -> Iterator[tuple[Any, Counted | None]]:
    """Each entry with what counts of it; ``pairs`` of entry and ended attempt (None without any) in order of entry."""
    for _, group in groupby(pairs, key=lambda pair: pair[0].id):
        of_one = list(group)
        ended = (attempt for _, attempt in of_one if attempt is not None)
        yield of_one[0][0], counted(ended, terms.counts, terms.zone)


@dataclass(frozen=True)
class Difference:
    """The first kept row that does not equal what a rebuild gives.

    ``entry_code`` with ``what``: missing, extra, or the column; for a count, which is of no entry, ``what`` says all.
    """

    entry_code: str
    what: str


def verify(contest_id: int) -> Difference | None:
    """Compare what is kept, rows and counts, with attempts and entries; None when they are equal."""
    with snapshot():
        terms = db.session.get_one(Contest, contest_id).terms
        expected: Counter[tuple[Any, ...]] = Counter()
        kept = scratch.kept_standings(contest_id)
        row = next(kept, None)
        for entry, found in _counting(scratch.entries_with_attempts(contest_id), terms):
            if row is not None and row.entry_id < entry.id:
                return Difference(row.entry_code, "extra")
            _expect(expected, entry, found)
            if found is None:
                if row is not None and row.entry_id == entry.id:
                    return Difference(row.entry_code, "extra")
                continue
            if row is None or row.entry_id > entry.id:
                return Difference(entry.entry_code, "missing")
            values = values_of(entry, found)
            if wrong := next((name for name in KEPT if getattr(row, name) != values[name]), None):
                return Difference(entry.entry_code, wrong)
            row = next(kept, None)
        if row is not None:
            return Difference(row.entry_code, "extra")
        return _first_wrong_count(expected, scratch.kept_counts(contest_id))


def _expect(expected: Counter[tuple[Any, ...]], entry: Any, found: Counted | None) -> None:
    """Count one entry where it belongs, in the words of ``scratch.kept_counts``."""
    for part, place in scratch.parts_of(entry.street_id, entry.unit_id):
        expected["entries", part, place] += 1
        if found:
            minus = -found.score_sum / found.counted
            expected["people of score", part, place, minus] += 1
            cell = scratch.cell_of(part, found.elapsed_sum // found.counted)
            expected["people of score and pace", part, place, minus, cell] += 1
            expected["people", part, place, found.counted] += 1
            expected["people above nought", part, place, found.counted] += found.score_sum > 0
            expected["score", part, place, found.counted] += found.score_sum


def _first_wrong_count(expected: Counter[tuple[Any, ...]], kept: Counter[tuple[Any, ...]]) -> Difference | None:
    for key in sorted(expected.keys() | kept.keys(), key=repr):
        if expected[key] != kept[key]:
            name, part, place, *at = key
            where = f"{part.name.lower()} {place}" + (f", {' '.join(map(str, at))}" if at else "")
            return Difference("", f"{name} ({where}): {kept[key]} kept, {expected[key]} from scratch")
    return None
