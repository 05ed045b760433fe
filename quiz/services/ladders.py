"""单位榜 and 街道榜 as they stand now, worked out once for each state that they are in; the last one is kept."""

from collections.abc import Callable

from quiz.models import Contest
from quiz.queries import ladder_counts
from quiz.queries import standings as find
from quiz.queries.keeping import KeptState, kept_state
from quiz.rules.contest import ContestTerms
from quiz.rules.participation import LadderRow, ladder

MOST_KEPT = 32


def units(contest: Contest, terms: ContestTerms, street: str | None = None) -> list[LadderRow]:
    """单位榜 whole, or of the units of one street."""

    def read() -> list[LadderRow]:
        return ladder(find.unit_tallies(contest.id, terms.unit_ladder, street), terms.unit_ladder, full=terms.full)

    return _as_they_are(contest, ("unit", street), read)


def streets(contest: Contest, terms: ContestTerms) -> list[LadderRow]:
    """街道榜, whole."""

    def read() -> list[LadderRow]:
        return ladder(find.street_tallies(contest.id, terms.street_ladder), terms.street_ladder, full=terms.full)

    return _as_they_are(contest, ("street", None), read)


def _as_they_are(
    contest: Contest, which: tuple[str, str | None], read: Callable[[], list[LadderRow]]
) -> list[LadderRow]:
    """Kept by a version that changes with every standing, and by that of the terms, which counts headcounts too."""
    store: KeptState[list[LadderRow]] = kept_state("ladders", MOST_KEPT)
    state = (contest.terms_versions[-1].number, ladder_counts.version(contest.id))
    return store.get((contest.id, *which), state, read)
