"""Kept standings equal a rebuild, and both equal the rules applied to the attempts by hand."""

from datetime import datetime, timedelta
from fractions import Fraction
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from question_bank.database import db, transaction
from quiz.models import Attempt, Contest, Entry, Person, Standing, Unit
from quiz.queries import standings as ladders
from quiz.queries.standings import PersonRow, Within
from quiz.rules.contest import Counts, LadderRule, Measure, Ties, WeightedMeasure
from quiz.rules.participation import Tally
from quiz.rules.ranking import EndedAttempt, counted
from quiz.services import attempts, standing_rows, standings
from quiz.services.answers import save_answer
from quiz.services.joining import ensure_contest_area
from quiz.services.standing_counts import recount
from tests.builders import (
    a_contest,
    a_person,
    a_start,
    a_street,
    a_unit,
    an_ended_attempt,
    holder,
    right_answers,
)
from tests.conftest import AS_FOUND, MORNING, StillClock

pytestmark = pytest.mark.usefixtures("context")

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PLAN = [{"kind": "true_false", "count": 3, "points": 5}]
# One context and one database serve every example: each brings a contest and persons of its own.
examples = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=AS_FOUND)


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


def a_history(contest: Contest, persons: list[Person], acts: list[tuple[int, int, int]]) -> None:
    """Each act: who, how many of three right (-1: nothing saved), and after how many seconds handed in."""
    moment = MORNING
    for who, right, seconds in acts:
        moment += HOUR
        attempt = a_start(contest, persons[who], moment)
        answers = {p: a if p <= right else ["B"] for p, a in right_answers(attempt.id).items()} if right >= 0 else {}
        ended = moment + timedelta(seconds=seconds)
        if seconds <= 1210:
            attempts.submit(attempt.id, holder(persons[who]), now=ended, answers=answers)
        else:  # left lying: the answers were saved one by one, and whoever looks first hands it in
            for position, answer in answers.items():
                save_answer(attempt.id, holder(persons[who]), position, answer, now=moment)
            attempts.submit_expired(contest.id, now=ended)


acts_of_three = st.lists(
    st.tuples(st.integers(0, 2), st.integers(-1, 3), st.sampled_from([1, 60, 61, 1200, 1205, 1300])), max_size=10
)


def by_hand(persons: list[Person], acts: list[tuple[int, int, int]], counts: Counts, contest: Contest) -> Any:
    found = {}
    for number, person in enumerate(persons):
        ended = []
        for place, (who, right, seconds) in enumerate(acts, 1):
            if who == number:
                began, elapsed = MORNING + place * HOUR, min(seconds, 1200)
                ended.append(
                    EndedAttempt(
                        score=max(right, 0) * 500,
                        elapsed_ms=elapsed * 1000,
                        started_at=began,
                        ended_at=began + timedelta(seconds=elapsed),
                        answered=0 if right < 0 else 3,
                    )
                )
        if what := counted(ended, counts, contest.terms.zone):
            found[person.id] = what
    return found


def kept(contest: Contest) -> list[tuple[Any, ...]]:
    db.session.expire_all()
    rows = db.session.execute(select(Standing).where(Standing.contest_id == contest.id).order_by(Standing.entry_id))
    return [tuple(getattr(row, name) for name in ("entry_id", *standings.KEPT)) for row in rows.scalars()]


@examples
@given(acts=acts_of_three, counts=st.sampled_from(Counts))
def test_what_is_kept_is_what_a_rebuild_gives_and_what_the_rules_say(
    acts: list[tuple[int, int, int]], counts: Counts
) -> None:
    contest = a_contest(MORNING, plan=PLAN, counts=counts.value, attempts={"allowed": 99})
    persons = [a_person(MORNING, street=None) for _ in range(3)]
    a_history(contest, persons, acts)
    assert standings.verify(contest.id) is None

    expected = by_hand(persons, acts, counts, contest)
    rows = db.session.execute(select(Standing, Entry.person_id).join(Entry).where(Standing.contest_id == contest.id))
    found = {person_id: (row.score_sum, row.elapsed_sum, row.counted, row.finished_at) for row, person_id in rows}
    assert found == {
        person_id: (what.score_sum, what.elapsed_sum, what.counted, what.finished_at)
        for person_id, what in expected.items()
    }

    before = kept(contest)
    assert standings.rebuild(contest.id) == len(expected)
    assert kept(contest) == before

    ladder = [row.person_id for row in ladders.persons(contest.id, Ties.SHARE)]
    assert ladder == sorted(expected, key=lambda p: (*expected[p].merit, code_of(contest, p)))


def code_of(contest: Contest, person_id: int) -> str:
    return db.session.execute(
        select(Entry.entry_code).where(Entry.contest_id == contest.id, Entry.person_id == person_id)
    ).scalar_one()


# --- a row that was spoilt -------------------------------------------------------------------------------------------


@pytest.fixture
def contest(now: datetime) -> Contest:
    contest = a_contest(now, plan=PLAN, counts="mean", attempts={"allowed": 9})
    for number in range(3):
        person = a_person(now, street=a_street(), unit=a_unit())
        for attempt in range(3):
            began = now + (number * 3 + attempt) * HOUR
            an_ended_attempt(contest, person, began=began, ended=began + MINUTE, right=attempt, wrong=1)
    return contest


SPOILT = {
    "street_id": 9_999,
    "unit_id": None,
    "entry_code": "E",
    "score_sum": Standing.score_sum + 1,
    "elapsed_sum": Standing.elapsed_sum - 1,
    "counted": 1,
    "minus_score": Standing.minus_score - 0.001,
    "pace": 0,
    "finished_at": MORNING,
}


@pytest.mark.parametrize("column", standings.KEPT)
def test_a_row_spoilt_behind_our_back_is_found_and_named(contest: Contest, column: str) -> None:
    spoilt = db.session.execute(select(Standing).order_by(Standing.entry_id.desc())).scalars().first()
    assert spoilt
    code = spoilt.entry_code
    with transaction() as session:
        session.execute(update(Standing).where(Standing.entry_id == spoilt.entry_id).values({column: SPOILT[column]}))
    assert standings.verify(contest.id) == standings.Difference(code, column)
    standings.rebuild(contest.id)
    assert standings.verify(contest.id) is None


def test_a_row_that_is_gone_and_one_too_many_are_found(now: datetime, contest: Contest) -> None:
    row = db.session.execute(select(Standing).limit(1)).scalar_one()
    with transaction() as session:
        session.execute(delete(Standing).where(Standing.entry_id == row.entry_id))
    assert standings.verify(contest.id) == standings.Difference(row.entry_code, "missing")
    standings.rebuild(contest.id)
    with transaction() as session:
        session.execute(update(Attempt).where(Attempt.entry_id == row.entry_id).values(answered=0))
    assert standings.verify(contest.id) == standings.Difference(row.entry_code, "extra")


def test_an_attempt_set_aside_leaves_the_standing_to_the_others(now: datetime) -> None:
    contest, person = a_contest(now, plan=PLAN), a_person(now)
    best = an_ended_attempt(contest, person, began=now, ended=now + MINUTE, right=3)
    an_ended_attempt(contest, person, began=now + HOUR, ended=now + HOUR + MINUTE, right=1)
    for attempt, score in ((best, 500), (None, None)):
        with transaction() as session:
            if attempt:
                session.get_one(Attempt, attempt.id).is_set_aside = True
            else:
                session.execute(update(Attempt).values(is_set_aside=True))
            session.flush()
            standings.keep_up(session, best.entry_id, contest.terms)
        assert db.session.execute(select(Standing.score_sum)).scalar() == score
        assert standings.verify(contest.id) is None


def test_a_hand_in_touches_no_standing_of_another_contest(now: datetime, contest: Contest) -> None:
    before = kept(contest)
    other = a_contest(now, plan=PLAN)
    person = db.session.execute(select(Person).limit(1)).scalar_one()
    an_ended_attempt(other, person, began=now, ended=now + MINUTE)
    assert kept(contest) == before
    assert standings.rebuild(other.id) == 1
    assert kept(contest) == before


# --- reading the ladder ----------------------------------------------------------------------------------------------

_codes = count(1)
PACES = st.sampled_from([1, 2, 3_999, 4_000, 63_999, 64_000])


def a_ladder(now: datetime, rows: list[tuple[int, int, int, int]]) -> Contest:
    """A contest with standings as given: score, elapsed, street (0 or 1), counted. Half of them wait to be counted."""
    contest = a_contest(now, plan=PLAN)
    units = [a_unit(a_street()), a_unit(a_street())]
    some = len(rows) // 2
    _add_to_ladder(contest, units, rows[:some], now)
    recount(contest.id)
    waiting = _add_to_ladder(contest, units, rows[some:], now)
    with transaction() as session:
        standing_rows.arrive(session, waiting)
    return contest


def _add_to_ladder(
    contest: Contest, units: list[Unit], rows: list[tuple[int, int, int, int]], now: datetime
) -> list[int]:
    ids = []
    with transaction() as session:
        for score, elapsed, street, times in rows:
            person = a_person(now)
            entry = Entry(
                contest_id=contest.id,
                person_id=person.id,
                entry_code=f"L{next(_codes):06d}",
                masked_name="王*",
                street_id=units[street].street_id,
                unit_id=units[street].id,
                consent_version="1",
                consented_at=now,
                joined_at=now,
            )
            session.add(entry)
            session.flush()
            ids.append(entry.id)
            session.add(
                Standing(
                    entry_id=entry.id,
                    contest_id=contest.id,
                    street_id=entry.street_id,
                    unit_id=entry.unit_id,
                    entry_code=entry.entry_code,
                    score_sum=score * times,
                    elapsed_sum=elapsed * times,
                    counted=times,
                    minus_score=-float(score),
                    pace=float(elapsed),
                    finished_at=now,
                )
            )
    return ids


def seen(rows: list[PersonRow]) -> list[tuple[str, int | None, bool]]:
    return [(row.standing.entry_code, row.place.rank, row.place.tied) for row in rows]


@examples
@given(
    rows=st.lists(st.tuples(st.integers(0, 2), PACES, st.integers(0, 1), st.integers(1, 3)), max_size=9),
    ties=st.sampled_from(Ties),
    by=st.sampled_from(["everybody", "street", "unit", "unit in street"]),
)
def test_any_page_of_the_ladder_is_a_part_of_the_whole_and_own_rows_carry_the_same_rank(
    rows: list[tuple[int, int, int, int]], ties: Ties, by: str
) -> None:
    contest = a_ladder(MORNING, rows)
    somebody = db.session.execute(select(Standing).where(Standing.contest_id == contest.id)).scalars().first()
    within = Within()
    if somebody:
        within = Within(somebody.street_id if "street" in by else None, somebody.unit_id if "unit" in by else None)
    whole = ladders.persons(contest.id, ties, within=within)
    inside = [row for row in whole if within.street_id in (None, row.standing.street_id)]
    inside = [row for row in inside if within.unit_id in (None, row.standing.unit_id)]
    assert whole == inside and ladders.persons_total(contest.id, within) == len(whole)

    def merit(row: PersonRow) -> tuple[Any, ...]:
        own = (-row.score, row.elapsed_ms, row.standing.finished_at)
        return own if ties is Ties.SHARE else (*own, row.standing.entry_code)

    for row in whole:
        assert row.place.rank == 1 + sum(merit(other) < merit(row) for other in whole)
        assert row.place.tied == (sum(merit(other) == merit(row) for other in whole) > 1)
    for first in range(len(whole) + 1):
        for most in (1, 2, 50):
            part = ladders.persons(contest.id, ties, within=within, first=first, most=most)
            assert seen(part) == seen(whole)[first : first + most]
    for row in whole:
        own = ladders.person_of_entry(contest.id, ties, row.standing.entry_id, within)
        assert own and seen([own]) == seen([row])
        at = whole.index(row)
        assert seen(ladders.around(contest.id, ties, row, 2, within)) == seen(whole[max(0, at - 2) : at + 3])


def test_an_entry_outside_the_street_asked_for_has_no_rank_in_it(now: datetime) -> None:
    contest = a_ladder(now, [(1, 1, 0, 1), (1, 1, 1, 1)])
    first, second = db.session.execute(select(Standing).order_by(Standing.entry_id)).scalars()
    assert ladders.person_of_entry(contest.id, Ties.SHARE, first.entry_id, Within(second.street_id)) is None


# --- what units and streets bring ------------------------------------------------------------------------------------

EVERYTHING = LadderRule(tuple(WeightedMeasure(m, mark=1_000, n=2) for m in Measure), 0, ())


def played(now: datetime, **terms: Any) -> tuple[Contest, dict[str, Any]]:
    """Two streets, three units (one in no street), one of them with nobody."""
    north, south = a_street(code="N", headcount=10), a_street(code="S", headcount=4)
    school, firm = a_unit(north, code="A", headcount=5), a_unit(code="B", headcount=2)
    a_unit(south, code="C", headcount=9)
    contest = a_contest(now, plan=PLAN, attempts={"allowed": 9}, **terms)
    who = [("A", school, None, 3), ("A", school, None, 1), ("A", school, None, -1), ("B", firm, None, 2)]
    who += [("", None, north, 2), ("", None, south, 0)]
    for number, (_code, unit, street, right) in enumerate(who):
        began = now + number * HOUR
        person = a_person(now, unit=unit, street=street)
        if right < 0:
            a_start(contest, person, began)  # an entry that takes no part
            attempts.submit_expired(contest.id, now=began + HOUR)
        else:
            an_ended_attempt(contest, person, began=began, ended=began + MINUTE, right=right, wrong=3 - right)
    return contest, {"N": north, "S": south}


def test_units_bring_what_their_entries_hold_and_those_without_anybody_nought(now: datetime) -> None:
    contest, _streets = played(now)
    tallies = {t.code: t for t in ladders.unit_tallies(contest.id, EVERYTHING)}
    assert {code: (t.entries, t.participants, t.nonzero, t.total) for code, t in tallies.items()} == {
        "A": (3, 2, 2, 2_000),
        "B": (1, 1, 1, 1_000),
        "C": (0, 0, 0, 0),
    }
    assert (tallies["A"].excellent, tallies["A"].best) == ({1_000: 1}, {2: Fraction(2_000)})
    assert (tallies["C"].excellent, tallies["C"].best) == ({1_000: 0}, {2: Fraction(0)})
    assert (tallies["A"].headcount, tallies["A"].unit_class) == (5, "学校")


def test_an_employee_counts_for_the_street_of_the_unit_and_a_unit_without_one_for_none(now: datetime) -> None:
    contest, _streets = played(now)
    tallies = {t.code: t for t in ladders.street_tallies(contest.id, EVERYTHING)}
    assert {code: (t.entries, t.participants, t.nonzero, t.total) for code, t in tallies.items()} == {
        "N": (4, 3, 3, 3_000),
        "S": (1, 1, 0, 0),
    }


def test_units_of_one_street_alone(now: datetime) -> None:
    contest, _streets = played(now)
    assert [t.code for t in ladders.unit_tallies(contest.id, EVERYTHING, "N")] == ["A"]


def test_the_headcount_is_the_one_this_contest_counts(now: datetime) -> None:
    contest, streets = played(now)
    with transaction() as session:
        session.get_one(type(streets["N"]), streets["N"].id).headcount = 9_999
    assert {t.code: t.headcount for t in ladders.street_tallies(contest.id, EVERYTHING)}["N"] == 10


@examples
@given(
    rows=st.lists(st.tuples(st.integers(0, 1_500), st.integers(1, 9), st.integers(0, 1), st.integers(1, 3)), max_size=8)
)
def test_tallies_are_sums_over_the_rows_of_the_person_ladder(rows: list[tuple[int, int, int, int]]) -> None:
    contest = a_ladder(MORNING, rows)
    with transaction() as session:
        for entry in session.execute(select(Entry).where(Entry.contest_id == contest.id)).scalars():
            ensure_contest_area(session, contest.id, entry.street_id)
    people = ladders.persons(contest.id, Ties.SHARE)
    for tally in ladders.street_tallies(contest.id, EVERYTHING):
        mine = [row for row in people if row.street == tally.name]
        scores = sorted((row.score for row in mine), reverse=True)
        assert tally == Tally(
            tally.code,
            tally.name,
            "",
            100,
            participants=len(mine),
            entries=len(mine),
            nonzero=sum(score > 0 for score in scores),
            total=sum(scores, Fraction(0)),
            excellent={1_000: sum(score >= 1_000 for score in scores)},
            best={2: sum(scores[:2], Fraction(0))},
        )


def test_a_place_that_the_contest_does_not_know_is_told_from_an_empty_one(now: datetime) -> None:
    contest, streets = played(now)
    assert ladders.place_ids(contest.id, street="N", unit=None) == Within(street_id=streets["N"].id)
    assert ladders.place_ids(contest.id, street=None, unit=None) == Within()
    assert ladders.place_ids(contest.id, street="A", unit=None) is None
    assert ladders.place_ids(contest.id, street="N", unit="N") is None
