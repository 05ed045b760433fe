"""What units and streets bring to their ladders, from kept counts and what waits to be added to them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, select, union_all

from question_bank.database import db, snapshot
from quiz.models import AreaKind, ContestArea, ContestUnit, Part, StandingDelta, StandingPoints, StandingTally
from quiz.queries import ladder_counts
from quiz.queries.keeping import KeptState, kept_state
from quiz.rules.contest import LadderRule, Measure
from quiz.rules.participation import Tally

MOST_COUNTED = 10_000
"""Far more attempts than anybody makes in one contest. A mean of fewer is told by its nearest float."""
MOST_KEPT = 8
"""Each may hold 100,000 units."""


def unit_tallies(contest_id: int, rule: LadderRule, street_code: str | None = None) -> list[Tally]:
    """Every unit of the contest, or of one street, with what it brings to the ladder, be it nothing."""
    query = select(
        ContestUnit.unit_id, ContestUnit.code, ContestUnit.name, ContestUnit.unit_class, ContestUnit.headcount
    ).where(ContestUnit.contest_id == contest_id)
    if street_code is not None:
        query = query.where(ContestUnit.street_code == street_code)
    return _tallies(contest_id, rule, query, Part.UNIT)


def classes_of(contest_id: int) -> list[str]:
    """The classes of the contest's units; none where there is one only."""
    query = select(ContestUnit.unit_class).where(ContestUnit.contest_id == contest_id, ContestUnit.unit_class != "")
    classes = list(db.session.execute(query.distinct().order_by(ContestUnit.unit_class)).scalars())
    return classes if len(classes) > 1 else []


def street_tallies(contest_id: int, rule: LadderRule) -> list[Tally]:
    """Every street of the contest, in the same way."""
    no_class = case((ContestArea.id.is_(None), ""), else_="")
    query = select(ContestArea.area_id, ContestArea.code, ContestArea.name, no_class, ContestArea.headcount).where(
        ContestArea.contest_id == contest_id, ContestArea.kind == AreaKind.STREET.value
    )
    return _tallies(contest_id, rule, query, Part.STREET)


class Brought(NamedTuple):
    """What one place brings, in the words and the order of ``Tally``."""

    participants: int = 0
    nonzero: int = 0
    entries: int = 0
    total: Fraction = Fraction(0)
    excellent: Mapping[int, int] = MappingProxyType({})
    """By mark."""
    best: Mapping[int, Fraction] = MappingProxyType({})
    """By n."""


def _tallies(contest_id: int, rule: LadderRule, places: Any, part: Part) -> list[Tally]:
    """Read from the counts once for each time that they change; what waits to be added to them is added here."""
    marks = frozenset(m.mark or 0 for m in rule.measures if m.measure is Measure.EXCELLENT_RATE)
    numbers = frozenset(m.n or 1 for m in rule.measures if m.measure is Measure.BEST_N)
    nothing = Brought(excellent=dict.fromkeys(marks, 0), best=dict.fromkeys(numbers, Fraction(0)))
    with snapshot():
        rows = db.session.execute(places).all()
        store: KeptState[dict[int, Brought]] = kept_state("brought", MOST_KEPT)
        state = ladder_counts.version(contest_id)[0]
        counted = store.get((contest_id, part, marks, numbers), state, lambda: _counted(contest_id, part, nothing))
        waiting = _with_what_waits(counted, contest_id, part, nothing)
    return [
        Tally(code, name, unit_class, headcount, *(waiting.get(place) or counted.get(place, nothing)))
        for place, code, name, unit_class, headcount in rows
    ]


def _counted(contest_id: int, part: Part, nothing: Brought) -> dict[int, Brought]:
    """What each place brings by the counts alone; ``nothing`` has the marks and the n that the rule asks for."""
    tallied = StandingTally
    query = select(
        tallied.place_id, tallied.counted, tallied.people, tallied.nonzero, tallied.entries, tallied.score_sum
    ).where(tallied.contest_id == contest_id, tallied.part == part.value)
    found: dict[int, Brought] = {}
    for place, counted, *values in db.session.execute(query):
        found[place] = _more(found.get(place, nothing), counted, *values)
    excellent = {mark: _excellent(contest_id, part, mark) for mark in nothing.excellent}
    best = {n: _best(contest_id, part, n) for n in nothing.best}
    if not excellent and not best:
        return found
    return {
        place: brought._replace(
            excellent={mark: counts.get(place, 0) for mark, counts in excellent.items()},
            best={n: sums.get(place, Fraction(0)) for n, sums in best.items()},
        )
        for place, brought in found.items()
    }


def _more(brought: Brought, counted: int, people: int, nonzero: int, entries: int, score_sum: int) -> Brought:
    """With sums over some of whom ``counted`` attempts count."""
    return brought._replace(
        participants=brought.participants + people,
        nonzero=brought.nonzero + nonzero,
        entries=brought.entries + entries,
        total=brought.total + Fraction(score_sum, counted) if score_sum else brought.total,
    )


def _with_what_waits(counted: dict[int, Brought], contest_id: int, part: Part, nothing: Brought) -> dict[int, Brought]:
    """What those places bring for which something waits to be added to the counts."""
    place = _place(part)
    query = select(
        place,
        StandingDelta.counted,
        StandingDelta.people,
        StandingDelta.entries,
        StandingDelta.score_sum,
        StandingDelta.minus_score,
    ).where(StandingDelta.contest_id == contest_id, place.is_not(None))
    found: dict[int, Brought] = {}
    for place_id, attempts, people, entries, score, minus_score in db.session.execute(query):
        brought = found.get(place_id) or counted.get(place_id, nothing)
        brought = _more(brought, attempts, people, people if score > 0 else 0, entries, people * score)
        if people and nothing.excellent:
            more = {m: had + (people if minus_score <= -m else 0) for m, had in brought.excellent.items()}
            brought = brought._replace(excellent=more)
        found[place_id] = brought
    for n in nothing.best if found else ():  # which ones are the best is not told by adding
        sums = _best(contest_id, part, n, only=found)
        for place_id, brought in found.items():
            found[place_id] = brought._replace(best={**brought.best, n: sums.get(place_id, Fraction(0))})
    return found


def _excellent(contest_id: int, part: Part, mark: int) -> dict[int, int]:
    """How many of each place have at least the mark. A float nearest to a score lies on its side of a whole number."""
    points = StandingPoints
    reached = select(points.place_id, func.sum(points.people)).where(
        points.contest_id == contest_id, points.part == part.value, points.minus_score <= -mark
    )
    return {place: int(people) for place, people in db.session.execute(reached.group_by(points.place_id))}


def _best(contest_id: int, part: Part, n: int, only: Collection[int] | None = None) -> dict[int, Fraction]:
    """The sum of the best n counted scores of each place by the counts, or of some places with what waits, too."""
    points = StandingPoints
    scores = select(points.place_id, points.minus_score, points.people).where(
        points.contest_id == contest_id, points.part == part.value
    )
    if only is not None:
        place = _place(part)
        waiting = select(place, StandingDelta.minus_score, StandingDelta.people).where(
            StandingDelta.contest_id == contest_id, place.in_(only), StandingDelta.people != 0
        )
        scores = union_all(scores.where(points.place_id.in_(only)), waiting)  # type: ignore[assignment]  # a union of two is a select no more
    table = scores.subquery()
    summed = (
        select(table.c.place_id, table.c.minus_score, func.sum(table.c.people).label("people"))
        .group_by(table.c.place_id, table.c.minus_score)
        .subquery()
    )
    reached = func.sum(summed.c.people).over(partition_by=summed.c.place_id, order_by=summed.c.minus_score)
    running = select(summed, reached.label("reached")).subquery()
    query = select(running).where(and_(running.c.people > 0, running.c.reached - running.c.people < n))
    sums: dict[int, Fraction] = defaultdict(Fraction)
    for place_id, minus_score, people, so_far in db.session.execute(query):
        counts = min(int(people), n - int(so_far - people))
        sums[place_id] += counts * Fraction(-minus_score).limit_denominator(MOST_COUNTED)
    return dict(sums)


def _place(part: Part) -> Any:
    return StandingDelta.unit_id if part is Part.UNIT else StandingDelta.street_id
