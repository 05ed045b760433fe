"""What units and streets bring to their ladders, from kept counts and what waits to be added to them."""

from collections import defaultdict
from fractions import Fraction
from typing import Any

from sqlalchemy import and_, case, func, select, union_all

from question_bank.database import db, snapshot
from quiz.models import AreaKind, ContestArea, ContestUnit, Part, StandingDelta, StandingPoints, StandingTally
from quiz.rules.contest import LadderRule, Measure
from quiz.rules.participation import Tally

MOST_COUNTED = 10_000
"""Far more attempts than anybody makes in one contest. A mean of fewer is told by its nearest float."""
NOTHING = (0, 0, 0, Fraction(0))


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


def _tallies(contest_id: int, rule: LadderRule, places: Any, part: Part) -> list[Tally]:
    with snapshot():
        rows = db.session.execute(places).all()
        sums = _sums(contest_id, part)
        marks = {m.mark or 0 for m in rule.measures if m.measure is Measure.EXCELLENT_RATE}
        excellent = {mark: _excellent(contest_id, part, mark) for mark in marks}
        numbers = {m.n or 1 for m in rule.measures if m.measure is Measure.BEST_N}
        best = {n: _best(contest_id, part, n) for n in numbers}
    tallies = []
    for place, code, name, unit_class, headcount in rows:
        participants, nonzero, entries, total = sums.get(place, NOTHING)
        tallies.append(
            Tally(
                code=code,
                name=name,
                unit_class=unit_class,
                headcount=headcount,
                participants=participants,
                nonzero=nonzero,
                entries=entries,
                total=total,
                excellent={mark: counts.get(place, 0) for mark, counts in excellent.items()},
                best={n: sums_of.get(place, Fraction(0)) for n, sums_of in best.items()},
            )
        )
    return tallies


def _sums(contest_id: int, part: Part) -> dict[int, tuple[int, int, int, Fraction]]:
    """Participants, those above nought, entries, and the total of counted scores, by place."""
    place = _place(part)
    kept = select(
        StandingTally.place_id,
        StandingTally.counted,
        StandingTally.people,
        StandingTally.nonzero,
        StandingTally.entries,
        StandingTally.score_sum,
    ).where(StandingTally.contest_id == contest_id, StandingTally.part == part.value)
    waiting = select(
        place,
        StandingDelta.counted,
        StandingDelta.people,
        case((StandingDelta.score_sum > 0, StandingDelta.people), else_=0),
        StandingDelta.entries,
        StandingDelta.people * StandingDelta.score_sum,
    ).where(StandingDelta.contest_id == contest_id, place.is_not(None))
    both = union_all(kept, waiting).subquery()
    sums = [func.sum(column) for column in list(both.c)[2:]]
    found: dict[int, tuple[int, int, int, Fraction]] = {}
    for place_id, counted, *values in db.session.execute(
        select(both.c.place_id, both.c.counted, *sums).group_by(both.c.place_id, both.c.counted)
    ):
        people, nonzero, entries, score = (int(value) for value in values)
        before = found.get(place_id, NOTHING)
        total = before[3] + Fraction(score, counted) if score else before[3]
        found[place_id] = (before[0] + people, before[1] + nonzero, before[2] + entries, total)
    return found


def _scores(contest_id: int, part: Part) -> Any:
    """How many of each place have which score."""
    place = _place(part)
    kept = select(StandingPoints.place_id, StandingPoints.minus_score, StandingPoints.people).where(
        StandingPoints.contest_id == contest_id, StandingPoints.part == part.value
    )
    waiting = select(place, StandingDelta.minus_score, StandingDelta.people).where(
        StandingDelta.contest_id == contest_id, place.is_not(None), StandingDelta.people != 0
    )
    return union_all(kept, waiting).subquery()


def _excellent(contest_id: int, part: Part, mark: int) -> dict[int, int]:
    """How many of each place have at least the mark. A float nearest to a score lies on its side of a whole number."""
    scores = _scores(contest_id, part)
    reached = select(scores.c.place_id, func.sum(scores.c.people)).where(scores.c.minus_score <= -mark)
    return {place: int(people) for place, people in db.session.execute(reached.group_by(scores.c.place_id))}


def _best(contest_id: int, part: Part, n: int) -> dict[int, Fraction]:
    """The sum of the best n counted scores of each place."""
    scores = _scores(contest_id, part)
    summed = (
        select(scores.c.place_id, scores.c.minus_score, func.sum(scores.c.people).label("people"))
        .group_by(scores.c.place_id, scores.c.minus_score)
        .subquery()
    )
    reached = func.sum(summed.c.people).over(partition_by=summed.c.place_id, order_by=summed.c.minus_score)
    running = select(summed, reached.label("reached")).subquery()
    query = select(running).where(and_(running.c.people > 0, running.c.reached - running.c.people < n))
    sums: dict[int, Fraction] = defaultdict(Fraction)
    for place, minus_score, people, so_far in db.session.execute(query):
        counts = min(int(people), n - int(so_far - people))
        sums[place] += counts * Fraction(-minus_score).limit_denominator(MOST_COUNTED)
    return dict(sums)


def _place(part: Part) -> Any:
    return StandingDelta.unit_id if part is Part.UNIT else StandingDelta.street_id
