"""How the top of the person ladder would move, were a look applied."""

from collections.abc import Sequence
from heapq import nsmallest
from typing import Any

from quiz.models import Attempt, Contest, Entry, Standing
from quiz.queries import remarking as find
from quiz.queries import standings as ladders
from quiz.rules.contest import ContestTerms, Ties
from quiz.rules.ranking import EndedAttempt, counted, places
from quiz.services.standings import values_of

TOP = 20


def ladder_moves(remarking_id: int, contest: Contest) -> dict[str, Any]:
    """``moves``: entry, rank before and rank after for whoever moves within the top; None outside of it."""
    terms = contest.terms
    before = {row.standing.entry_id: row.place.rank for row in ladders.persons(contest.id, terms.ties, most=TOP)}
    rows = [*_changed(remarking_id, terms), *map(_of_kept, find.top_without(remarking_id, contest.id, TOP))]
    after = _ranks(nsmallest(TOP, rows), terms.ties)
    moved = [entry for entry in {**after, **before} if before.get(entry) != after.get(entry)]
    moved.sort(key=lambda entry: (after.get(entry) or TOP + 1, before.get(entry) or TOP + 1, entry))
    return {"top": TOP, "moves": [[entry, before.get(entry), after.get(entry)] for entry in moved]}


def _changed(remarking_id: int, terms: ContestTerms) -> Sequence[tuple[Any, ...]]:
    found = (
        _row(entry, [_as_ended(attempt, scores.get(attempt.id, attempt.score)) for attempt in attempts], terms)
        for entry, attempts, scores in find.changed_entries(remarking_id)
    )
    return nsmallest(TOP, (row for row in found if row))


def _as_ended(attempt: Attempt, score: int | None) -> EndedAttempt:
    assert score is not None and attempt.elapsed_ms is not None and attempt.ended_at is not None
    return EndedAttempt(
        score, attempt.elapsed_ms, attempt.started_at, attempt.ended_at, attempt.answered or 0, attempt.is_set_aside
    )


def _row(entry: Entry, attempts: Sequence[EndedAttempt], terms: ContestTerms) -> tuple[Any, ...] | None:
    """What persons are ordered by, with the entry behind it."""
    found = counted(attempts, terms.counts, terms.zone)
    if found is None:
        return None
    values = values_of(entry, found)
    return (values["minus_score"], values["pace"], values["finished_at"], entry.entry_code, entry.id)


def _of_kept(standing: Standing) -> tuple[Any, ...]:
    return (
        standing.minus_score, standing.pace, standing.finished_at, standing.entry_code, standing.entry_id,
    )  # fmt: skip


def _ranks(rows: Sequence[tuple[Any, ...]], ties: Ties) -> dict[int, int | None]:
    merit = 3 if ties is Ties.SHARE else 4
    return {row[-1]: place.rank for place, row in places(rows, lambda row: row[:merit])}
