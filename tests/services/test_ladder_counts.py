"""Whatever happens to a contest, the kept ladders and the counts behind them equal a rebuild from scratch."""

import os
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update

from question_bank.database import db, transaction
from question_bank.kinds import QuestionKind
from quiz.models import (
    Attempt,
    Contest,
    Person,
    Ruling,
    Standing,
    StandingDelta,
    StandingPaces,
    StandingPoints,
    StandingTally,
    Unit,
)
from quiz.queries import ladder_counts
from quiz.queries import standings as ladders
from quiz.queries.contests import pool_contents
from quiz.queries.ladder_counts import EVERYBODY, Within
from quiz.rules.contest import Counts, LadderRule, Measure, Ties, WeightedMeasure
from quiz.rules.marking import QUESTION_RULINGS, QuestionRuling, RulingKind
from quiz.services import attempts, people, question_rulings, remarking, rulings, standings
from quiz.services.answers import save_answer
from quiz.services.standing_counts import fold, recount
from tests.builders import a_contest, a_person, a_start, a_street, a_unit, an_ended_attempt, holder, right_answers
from tests.conftest import AS_FOUND, MORNING

pytestmark = pytest.mark.usefixtures("context")

EVERYTHING = LadderRule(
    measures=(
        WeightedMeasure(Measure.PARTICIPATION_RATE),
        WeightedMeasure(Measure.EXCELLENT_RATE, mark=1_000),
        WeightedMeasure(Measure.BEST_N, n=2),
    )
)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PLAN = [{"kind": "true_false", "count": 3, "points": 5}]
HISTORIES = int(os.environ.get("HISTORIES", "15"))
"""How many histories are made up; ``make histories`` asks for a thousand."""

acts = st.lists(
    st.one_of(
        st.tuples(
            st.just("hand in"), st.integers(0, 3), st.integers(-1, 3), st.sampled_from([1, 3_998, 4_000, 61_001])
        ),
        st.tuples(st.just("leave lying"), st.integers(0, 3), st.integers(-1, 3)),
        st.tuples(st.just("start only"), st.integers(0, 3)),
        st.tuples(st.just("set aside"), st.integers(0, 20), st.booleans()),
        st.tuples(st.just("restore"), st.integers(0, 20)),
        st.tuples(st.just("rule about a question"), st.integers(0, 20), st.sampled_from(sorted(QUESTION_RULINGS))),
        st.tuples(st.just("mark anew")),
        st.tuples(st.just("map the typed unit"), st.integers(0, 1)),
        st.tuples(st.just("fold")),
        st.tuples(st.just("recount")),
        st.tuples(st.just("rebuild")),
    ),
    max_size=14,
)


class History:
    """Four persons: two of a unit, one who typed the name of a unit, one who lives in a street."""

    def __init__(self, counts: Counts) -> None:
        self.now = MORNING
        self.contest = a_contest(MORNING, plan=PLAN, counts=counts.value, attempts={"allowed": 99})
        self.units = [a_unit(a_street()), a_unit()]
        self.typed = f"没有列入的单位 {self.contest.id}"
        self.persons = [
            a_person(MORNING, unit=self.units[0]),
            a_person(MORNING, unit=self.units[1]),
            a_person(MORNING, kind="employee", unit_name=self.typed),
            a_person(MORNING, street=a_street()),
        ]

    def play(self, act: tuple[Any, ...]) -> None:
        self.now += HOUR
        name, *values = act
        getattr(self, name.replace(" ", "_"))(*values)

    def hand_in(self, who: int, right: int, milliseconds: int) -> None:
        attempt, answers = self._begun(who, right)
        ended, me = self.now + timedelta(milliseconds=milliseconds), holder(self.persons[who])
        if milliseconds % 2:  # the page sends its answers with the hand-in
            attempts.submit(attempt.id, me, now=ended, answers=answers)
        else:
            for position, answer in answers.items():
                save_answer(attempt.id, me, position, answer, now=self.now)
            attempts.submit(attempt.id, me, now=ended)

    def leave_lying(self, who: int, right: int) -> None:
        attempt, answers = self._begun(who, right)
        for position, answer in answers.items():
            save_answer(attempt.id, holder(self.persons[who]), position, answer, now=self.now)
        attempts.submit_expired(self.contest.id, now=self.now + 30 * MINUTE)

    def start_only(self, who: int) -> None:
        a_start(self.contest, self.persons[who], self.now)
        attempts.submit_expired(self.contest.id, now=self.now + 30 * MINUTE)

    def _begun(self, who: int, right: int) -> tuple[Attempt, dict[int, Any]]:
        attempt = a_start(self.contest, self.persons[who], self.now)
        answers = {p: a if p <= right else ["B"] for p, a in right_answers(attempt.id).items()} if right >= 0 else {}
        return attempt, answers

    def set_aside(self, number: int, whole_entry: bool) -> None:
        ended = select(Attempt.id).where(Attempt.contest_id == self.contest.id, Attempt.ended_at.is_not(None))
        found = list(db.session.execute(ended.order_by(Attempt.id)).scalars())
        if found:
            rulings.set_aside(
                self.contest.id, found[number % len(found)], reason="换人答题", whole_entry=whole_entry,
                actor_id=None, now=self.now,
            )  # fmt: skip

    def restore(self, number: int) -> None:
        made = select(Ruling.id).where(Ruling.contest_id == self.contest.id, Ruling.kind == RulingKind.SET_ASIDE.value)
        found = list(db.session.execute(made.order_by(Ruling.id)).scalars())
        if found:
            ruling_id = found[number % len(found)]
            rulings.restore(self.contest.id, ruling_id, reason="查明是本人", actor_id=None, now=self.now)

    def rule_about_a_question(self, number: int, kind: RulingKind) -> None:
        pool = pool_contents(self.contest.pool_id or 0).contents
        verdicts = sorted(each for each, content in pool.items() if content.kind is QuestionKind.TRUE_FALSE)
        version = verdicts[number % len(verdicts)]
        ruling = QuestionRuling(kind, frozenset({2}) if kind is RulingKind.ANOTHER_KEY else frozenset())
        question_rulings.rule(self.contest.id, version, ruling, reason="题目有误", actor_id=None, now=self.now)

    def mark_anew(self) -> None:
        job = remarking.preview(self.contest.id, actor_id=None, now=self.now)
        remarking.apply(job, self.contest.id, actor_id=None, now=self.now)

    def map_the_typed_unit(self, to: int) -> None:
        waiting = db.session.execute(select(Person.id).where(Person.unit_name == self.typed)).first()
        if waiting:
            people.map_typed_unit(self.typed, self.units[to].id, actor=None, now=self.now)

    def fold(self) -> None:
        fold(self.contest.id)

    def recount(self) -> None:
        recount(self.contest.id)

    def rebuild(self) -> None:
        standings.rebuild(self.contest.id)


@settings(max_examples=HISTORIES, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=AS_FOUND)
@given(story=acts, counts=st.sampled_from(Counts))
def test_after_any_history_what_is_kept_equals_a_rebuild(story: list[tuple[Any, ...]], counts: Counts) -> None:
    history = History(counts)
    for act in story:
        history.play(act)
    contest_id = history.contest.id
    assert standings.verify(contest_id) is None

    everybody = ladders.persons(contest_id, Ties.SHARE)
    assert ladders.persons_total(contest_id) == len(everybody)
    for row in everybody:
        own = ladders.person_of_entry(contest_id, Ties.SHARE, row.standing.entry_id)
        assert own == row
    units, streets = ladders.unit_tallies(contest_id, EVERYTHING), ladders.street_tallies(contest_id, EVERYTHING)
    while fold(contest_id):
        pass
    assert ladder_counts.version(contest_id)[1] == 0
    assert standings.verify(contest_id) is None
    assert ladders.persons(contest_id, Ties.SHARE) == everybody
    assert ladders.unit_tallies(contest_id, EVERYTHING) == units
    standings.rebuild(contest_id)
    assert standings.verify(contest_id) is None
    assert ladders.persons(contest_id, Ties.SHARE) == everybody
    assert (ladders.unit_tallies(contest_id, EVERYTHING), ladders.street_tallies(contest_id, EVERYTHING)) == (
        units,
        streets,
    )
    assert sum(tally.participants for tally in units) == sum(row.standing.unit_id is not None for row in everybody)


# --- a count that was spoilt -----------------------------------------------------------------------------------------


@pytest.fixture
def contest() -> Contest:
    """Two of a unit in a street; half of what they brought is counted, half of it waits."""
    contest, unit = a_contest(MORNING, plan=PLAN), a_unit(a_street())
    for number in range(2):
        an_ended_attempt(contest, a_person(MORNING, unit=unit), began=MORNING, ended=MORNING + MINUTE, right=number + 1)
        if number == 0:
            fold(contest.id)
    return contest


SPOILT = {
    "a score": (StandingPoints, {"people": 2}, "people of score ("),
    "a pace": (StandingPaces, {"people": 0}, "people of score and pace ("),
    "a total": (StandingTally, {"score_sum": StandingTally.score_sum + 1}, "score ("),
    "those above nought": (StandingTally, {"nonzero": 7}, "people above nought ("),
    "what waits": (StandingDelta, {"score_sum": 1}, "score ("),
}


@pytest.mark.parametrize("name", SPOILT)
def test_a_count_spoilt_behind_our_back_is_found_and_named(app: Flask, contest: Contest, name: str) -> None:
    assert standings.verify(contest.id) is None
    table, values, said = SPOILT[name]
    with transaction() as session:
        session.execute(update(table).values(values))
    difference = standings.verify(contest.id)
    assert difference and said in difference.what and "from scratch" in difference.what
    outcome = app.test_cli_runner().invoke(args=["standings", "verify", contest.slug])
    assert outcome.exit_code == 1 and said in outcome.output
    recount(contest.id)
    assert standings.verify(contest.id) is None


def test_an_entry_that_was_not_counted_is_found(contest: Contest) -> None:
    with transaction() as session:
        session.execute(update(StandingDelta).where(StandingDelta.entries == 1).values(entries=0))
    difference = standings.verify(contest.id)
    assert difference and difference.what.startswith("entries (")


# --- hand-ins do not queue -------------------------------------------------------------------------------------------


def test_a_hand_in_changes_no_row_that_another_hand_in_changes(contest: Contest) -> None:
    """All of one unit and one street may hand in at once: each adds rows of its own, and no count moves."""
    fold(contest.id)
    before = [
        db.session.execute(select(table.__table__)).all() for table in (StandingPoints, StandingPaces, StandingTally)
    ]
    unit = db.session.execute(select(Unit)).scalars().first()
    assert unit
    an_ended_attempt(contest, a_person(MORNING, unit=unit), began=MORNING, ended=MORNING + MINUTE)
    after = [
        db.session.execute(select(table.__table__)).all() for table in (StandingPoints, StandingPaces, StandingTally)
    ]
    assert after == before
    assert ladder_counts.version(contest.id)[1] == 2  # an entry made, and a standing that came
    assert ladders.persons_total(contest.id, Within(unit_id=unit.id)) == 3


@pytest.mark.parametrize("with_answers", [True, False])
def test_what_counts_now_takes_the_place_of_what_counted_before(with_answers: bool) -> None:
    history = History(Counts.BEST)
    for right in (1, 3):
        history.now += HOUR
        history.hand_in(0, right, 61_001 if with_answers else 61_000)
        assert standings.verify(history.contest.id) is None
        assert ladders.persons_total(history.contest.id) == 1


def test_who_finds_another_adding_up_goes_on(contest: Contest) -> None:
    """On SQLite, whose writers take turns anyway, no lock is there to find."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as other:
            other.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": f"fold {contest.id}"})
            assert fold(contest.id) == 0
            other.rollback()
    assert fold(contest.id) > 0


def test_an_attempt_that_changes_nothing_adds_no_rows(contest: Contest) -> None:
    several = a_contest(MORNING, plan=PLAN, attempts={"allowed": 2})
    person = a_person(MORNING)
    an_ended_attempt(several, person, began=MORNING, ended=MORNING + MINUTE, right=2)
    before = ladder_counts.version(several.id)
    an_ended_attempt(several, person, began=MORNING + HOUR, ended=MORNING + HOUR + MINUTE, right=1)
    assert ladder_counts.version(several.id) == before


def test_a_contest_in_which_everything_was_deleted_counts_nobody(contest: Contest) -> None:
    with transaction() as session:
        session.execute(delete(Standing).where(Standing.contest_id == contest.id))
    recount(contest.id)
    assert ladders.persons_total(contest.id) == 0 == ladder_counts.total(contest.id, EVERYBODY)
    standings.rebuild(contest.id)
    assert ladders.persons_total(contest.id) == 2
