"""Wrong keys and void questions: what was marked before follows the rulings, exactly and only as it was shown."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from question_bank.database import db, transaction
from question_bank.models import Question, QuestionVersion
from quiz.errors import Mistakes, NotFound
from quiz.models import Attempt, AuditEntry, Contest, Marking, Remarking, RemarkingRow
from quiz.queries import attempts as find
from quiz.queries.remarking import last_job
from quiz.rules.marking import QuestionRuling, RulingKind, mark
from quiz.services import attempts, question_rulings, receipts, remarking, rulings, standings
from tests.builders import a_contest, a_person, a_start, again, holder, submitted
from tests.conftest import AS_FOUND, MORNING, StillClock
from tests.contest_builders import FILL, MULTIPLE, SINGLE, a_question

pytestmark = pytest.mark.usefixtures("context")
MINUTE = timedelta(minutes=1)
POINTS = 500
PLAN = [
    {"kind": "single_choice", "count": 2, "points": 5},
    {"kind": "multiple_choice", "count": 1, "points": 5},
    {"kind": "fill_blank", "count": 1, "points": 5},
]
ANOTHER, FULL_MARKS, OUT = RulingKind.ANOTHER_KEY, RulingKind.FULL_MARKS, RulingKind.OUT_OF_TOTAL


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def contest(now: datetime) -> Contest:
    return small_contest(now)


def small_contest(now: datetime) -> Contest:
    """Everybody gets the same four questions: two 单选, a 多选, a 填空."""
    contents = [a_question(SINGLE), a_question(SINGLE), a_question(MULTIPLE), a_question(FILL)]
    return a_contest(now, contents=contents, plan=PLAN, mix_questions=False, mix_options=False)


def versions_of(contest: Contest) -> list[int]:
    assert contest.pool
    return [value["version"] for value in contest.pool.versions]


def played(contest: Contest, now: datetime, *choices: str) -> Attempt:
    """Somebody's attempt: the same letters for each question with options, 12315 for the blank."""
    person = a_person(now)
    attempt = a_start(contest, person, now)
    paper = find.paper_contents(attempt.id)
    assert paper
    answers: dict[int, Any] = {
        at.number: ["12315"] if at.content.blanks else list(choices[:1] if at.content.kind is SINGLE else choices)
        for at in paper.positions
    }
    return submitted(attempt.id, holder(person), now=now + MINUTE, answers=answers)


def rule(contest: Contest, version: int, kind: RulingKind, *choices: int, now: datetime = MORNING) -> int:
    ruling = QuestionRuling(kind, choices=frozenset(choices))
    return question_rulings.rule(contest.id, version, ruling, reason="核对条文后更正", actor_id=None, now=now).ruling_id


def undo(contest: Contest, ruling_id: int) -> None:
    question_rulings.undo(contest.id, ruling_id, reason="又核对了一遍", actor_id=None, now=MORNING)


def remark(contest: Contest, **more: Any) -> remarking.Progress:
    job = remarking.preview(contest.id, actor_id=None, now=MORNING)
    return remarking.apply(job, contest.id, actor_id=None, now=MORNING, **more)


def scores(contest: Contest) -> list[int | None]:
    db.session.expire_all()
    query = select(Attempt.score).where(Attempt.contest_id == contest.id).order_by(Attempt.id)
    return list(db.session.execute(query).scalars())


def from_scratch(contest: Contest) -> list[int]:
    """Every ended attempt marked by the rules alone, under the rulings that stand."""
    db.session.expire_all()
    found = []
    for attempt in ended(contest):
        paper = find.contents_of(attempt.paper)
        chosen = find.chosen_by_position(attempt.id)
        ruled = find.question_rulings(contest.id)
        multiple = contest.terms.multiple_choice
        found.append(mark(paper.lines, paper.contents, chosen, multiple=multiple, rulings=ruled).score)
    return found


def ended(contest: Contest) -> Iterator[Attempt]:
    query = select(Attempt).where(Attempt.contest_id == contest.id, Attempt.ended_at.is_not(None))
    yield from db.session.execute(query.order_by(Attempt.id)).scalars()


def all_agrees(contest: Contest) -> bool:
    """Scores, standings and receipts are all what the rulings and the answers give."""
    return (
        scores(contest) == from_scratch(contest)
        and standings.verify(contest.id) is None
        and list(receipts.changed_since_handed_in(contest.id)) == []
    )


def test_a_look_says_what_would_change_and_changes_nothing(now: datetime, contest: Contest) -> None:
    right, wrong = played(contest, now, "A"), played(contest, now, "B")
    before = scores(contest)
    rule(contest, versions_of(contest)[0], ANOTHER, 2)
    job = db.session.get_one(Remarking, remarking.preview(contest.id, actor_id=None, now=now))
    rows = db.session.execute(select(RemarkingRow).order_by(RemarkingRow.attempt_id)).scalars().all()
    assert [(row.attempt_id, row.score - row.score_before) for row in rows] == [(right.id, -500), (wrong.id, 500)]
    # 15 and 5 points become 10 and 10, in the same time: both stand first.
    moves = [[wrong.entry_id, 2, 1]]
    assert job.figures == {"looked_at": 2, "up": 1, "down": 1, "changed": 2, "top": 20, "moves": moves}
    assert scores(contest) == before and standings.verify(contest.id) is None


def test_the_top_is_shown_as_it_will_be(now: datetime, contest: Contest) -> None:
    first, second = played(contest, now, "A"), played(contest, now + MINUTE, "B")
    third = played(contest, now, "C")
    for version in versions_of(contest)[:2]:
        rule(contest, version, ANOTHER, 2)
    job = db.session.get_one(Remarking, remarking.preview(contest.id, actor_id=None, now=now))
    assert job.figures["moves"] == [[second.entry_id, 3, 1], [first.entry_id, 1, 2]]
    assert again(third).score == 500  # was second, and shares the second place now
    remarking.apply(job.id, contest.id, actor_id=None, now=now)
    assert all_agrees(contest)


def test_applying_appends_markings_and_all_follows(now: datetime, contest: Contest) -> None:
    played(contest, now, "A"), played(contest, now, "B")
    rule(contest, versions_of(contest)[0], ANOTHER, 2)
    assert remark(contest) == remarking.Progress(2, 2)
    assert all_agrees(contest)
    assert db.session.execute(select(func.max(Marking.number))).scalar() == 2
    assert db.session.execute(select(func.count()).select_from(Marking)).scalar() == 4


@pytest.mark.parametrize("kind", [FULL_MARKS, OUT])
def test_full_marks_and_out_of_the_total(now: datetime, contest: Contest, kind: RulingKind) -> None:
    attempt = played(contest, now, "C")
    before = (attempt.score or 0, attempt.full or 0)
    rule(contest, versions_of(contest)[0], kind)
    remark(contest)
    after = again(attempt)
    wanted = (before[0] + POINTS, before[1]) if kind is FULL_MARKS else (before[0], before[1] - POINTS)
    assert (after.score, after.full) == wanted and all_agrees(contest)


def test_undone_everything_is_as_before(now: datetime, contest: Contest) -> None:
    played(contest, now, "A"), played(contest, now, "B")
    before = scores(contest)
    ruling = rule(contest, versions_of(contest)[0], ANOTHER, 2)
    remark(contest)
    undo(contest, ruling)
    undo(contest, ruling)  # a second tap
    remark(contest)
    assert scores(contest) == before and all_agrees(contest)


def test_twice_changes_nothing_more(now: datetime, contest: Contest) -> None:
    played(contest, now, "B")
    rule(contest, versions_of(contest)[0], FULL_MARKS)
    job = remarking.preview(contest.id, actor_id=None, now=now)
    for _ in range(2):
        remarking.apply(job, contest.id, actor_id=None, now=now)
    assert remark(contest) == remarking.Progress(0, 0)
    assert db.session.execute(select(func.count()).select_from(Marking)).scalar() == 2
    acts = db.session.execute(select(AuditEntry.act).where(AuditEntry.act == "results.remarked")).scalars().all()
    assert len(acts) == 2  # one for each look that was applied


class Crash(Exception):
    pass


def test_a_crash_inside_a_batch_leaves_whole_batches_and_it_goes_on_from_there(now: datetime, contest: Contest) -> None:
    for _ in range(5):
        played(contest, now, "B")
    rule(contest, versions_of(contest)[0], ANOTHER, 2)
    job = remarking.preview(contest.id, actor_id=None, now=now)
    heard = []

    def crash(done: int, total: int) -> None:
        heard.append((done, total))
        if done > 2:
            raise Crash

    with pytest.raises(Crash):
        remarking.apply(job, contest.id, actor_id=None, now=now, at_once=2, told=crash)
    assert heard == [(2, 5), (4, 5)]
    assert scores(contest) == [1_000, 1_000, 500, 500, 500]
    assert standings.verify(contest.id) is None and list(receipts.changed_since_handed_in(contest.id)) == []
    # Meanwhile somebody hands in, and no further ruling is taken.
    assert played(contest, now, "B").score == 1_000
    with pytest.raises(Mistakes):
        rule(contest, versions_of(contest)[1], FULL_MARKS)
    with pytest.raises(Mistakes):
        remarking.preview(contest.id, actor_id=None, now=now)
    assert remarking.apply(job, contest.id, actor_id=None, now=now, at_once=2) == remarking.Progress(5, 5)
    assert all_agrees(contest) and scores(contest) == [1_000] * 6
    assert last_job(contest.id) and again(db.session.get_one(Remarking, job)).state == "done"


def test_a_ruling_after_the_look_is_refused_and_nothing_changes(now: datetime, contest: Contest) -> None:
    played(contest, now, "B")
    before = scores(contest)
    first = versions_of(contest)[0]
    rule(contest, first, ANOTHER, 2)
    job = remarking.preview(contest.id, actor_id=None, now=now)
    rule(contest, first, ANOTHER, 3)
    with pytest.raises(Mistakes):
        remarking.apply(job, contest.id, actor_id=None, now=now)
    assert scores(contest) == before
    assert remark(contest) == remarking.Progress(0, 0)  # C was not their answer either


def test_another_marking_after_the_look_is_refused(now: datetime, contest: Contest) -> None:
    attempt = played(contest, now, "B")
    rule(contest, versions_of(contest)[0], ANOTHER, 2)
    job = remarking.preview(contest.id, actor_id=None, now=now)
    with transaction() as session:
        attempts.mark_attempt(session, session.get_one(Attempt, attempt.id), contest.terms, now=now)
        standings.keep_up(session, attempt.entry_id, contest.terms)
    with pytest.raises(Mistakes):
        remarking.apply(job, contest.id, actor_id=None, now=now)
    assert all_agrees(contest) and remark(contest) == remarking.Progress(0, 0)


def test_whoever_hands_in_after_the_look_is_marked_by_the_ruling_and_needs_no_row(
    now: datetime, contest: Contest
) -> None:
    played(contest, now, "B")
    late = a_person(now)
    running = a_start(contest, late, now)
    rule(contest, versions_of(contest)[0], ANOTHER, 2)
    job = remarking.preview(contest.id, actor_id=None, now=now)
    submitted(running.id, holder(late), now=now + MINUTE, answers={1: ["B"]})
    assert remarking.apply(job, contest.id, actor_id=None, now=now) == remarking.Progress(1, 1)
    assert all_agrees(contest)


def test_whoever_is_handing_in_at_that_moment_waits_for_the_ruling(now: datetime, contest: Contest) -> None:
    running = a_start(contest, a_person(now), now)
    assert not is_held(running.id)
    with transaction():
        rule(contest, versions_of(contest)[0], FULL_MARKS)
        assert is_held(running.id)


def is_held(attempt_id: int) -> bool:
    """Whether another connection would have to wait before it may write the attempt."""
    if db.engine.dialect.name == "sqlite":
        assert db.engine.url.database
        with closing(sqlite3.connect(db.engine.url.database, timeout=0, isolation_level=None)) as other:
            with suppress(sqlite3.OperationalError):
                other.execute("BEGIN IMMEDIATE")
                return False
            return True
    with db.engine.connect() as other_connection:
        held = f"SELECT 1 FROM attempts WHERE id = {attempt_id} FOR NO KEY UPDATE NOWAIT"
        with suppress(OperationalError):
            other_connection.exec_driver_sql(held)
            return False
        return True


def test_what_was_set_aside_between_is_marked_and_still_counts_for_nothing(now: datetime, contest: Contest) -> None:
    attempt = played(contest, now, "B")
    rule(contest, versions_of(contest)[0], ANOTHER, 2)
    job = remarking.preview(contest.id, actor_id=None, now=now)
    rulings.set_aside(contest.id, attempt.id, reason="重复参赛", actor_id=None, now=now)
    remarking.apply(job, contest.id, actor_id=None, now=now)
    assert all_agrees(contest) and again(attempt).score == 1_000


def test_only_some_questions_are_looked_at_when_they_are_named(now: datetime, contest: Contest) -> None:
    played(contest, now, "B")
    first, second = versions_of(contest)[:2]
    rule(contest, first, ANOTHER, 2)
    job = remarking.preview(contest.id, versions=[second + 1_000], actor_id=None, now=now)
    assert db.session.get_one(Remarking, job).figures["looked_at"] == 0
    job = remarking.preview(contest.id, versions=[first], actor_id=None, now=now)
    assert db.session.get_one(Remarking, job).figures["changed"] == 1


def test_a_look_that_another_one_replaced_cannot_be_applied(now: datetime, contest: Contest) -> None:
    played(contest, now, "B")
    rule(contest, versions_of(contest)[0], ANOTHER, 2)
    first = remarking.preview(contest.id, actor_id=None, now=now)
    second = remarking.preview(contest.id, actor_id=None, now=now)
    with pytest.raises(NotFound):
        remarking.apply(first, contest.id, actor_id=None, now=now)
    with pytest.raises(NotFound):
        remarking.apply(second, small_contest(now).id, actor_id=None, now=now)
    assert remarking.apply(second, contest.id, actor_id=None, now=now).is_done


# --- the ruling itself -----------------------------------------------------------------------------------------------


def test_the_bank_gets_a_new_version_and_the_one_shown_stays(now: datetime, contest: Contest) -> None:
    judge = a_person(now)
    version = db.session.get_one(QuestionVersion, versions_of(contest)[0])
    key = QuestionRuling(ANOTHER, choices=frozenset({2}))
    ruled = question_rulings.rule(contest.id, version.id, key, reason="条文已改", actor_id=judge.id, now=now)
    question = again(db.session.get_one(Question, version.question_id))
    assert ruled.version_id == question.current.id and question.current.choices == [2]
    assert again(version).choices == [1]
    again_ruled = question_rulings.rule(contest.id, version.id, key, reason="条文已改", actor_id=judge.id, now=now)
    assert again_ruled.ruling_id == ruled.ruling_id and len(again(question).versions) == 2


def test_two_right_options_of_a_single_choice_stay_out_of_the_bank(now: datetime, contest: Contest) -> None:
    judge = a_person(now)
    version = db.session.get_one(QuestionVersion, versions_of(contest)[0])
    attempt = played(contest, now, "B")
    key = QuestionRuling(ANOTHER, choices=frozenset({1, 2}))
    ruled = question_rulings.rule(contest.id, version.id, key, reason="两个都对", actor_id=judge.id, now=now)
    assert ruled.version_id is None and "只能有一个答案" in ruled.why_not
    assert len(again(db.session.get_one(Question, version.question_id)).versions) == 1
    remark(contest)
    assert again(attempt).score == 1_000


@pytest.mark.parametrize("choices", [(), (9,), (1,), (1, 2, 3, 4)])
def test_a_key_that_is_none_is_refused(now: datetime, contest: Contest, choices: tuple[int, ...]) -> None:
    with pytest.raises(Mistakes):
        rule(contest, versions_of(contest)[0], ANOTHER, *choices)


@pytest.mark.parametrize("blanks", [(), ((),), (("12315",),), (("一",), ("二",)), (tuple(map(str, range(21))),)])
def test_so_are_blanks_that_are_none(now: datetime, contest: Contest, blanks: tuple[tuple[str, ...], ...]) -> None:
    ruling = QuestionRuling(ANOTHER, blanks=blanks)
    with pytest.raises(Mistakes):
        question_rulings.rule(contest.id, versions_of(contest)[3], ruling, reason="核对", actor_id=None, now=now)


def test_another_text_for_a_blank(now: datetime, contest: Contest) -> None:
    person = a_person(now)
    attempt = a_start(contest, person, now)
    submitted(attempt.id, holder(person), now=now + MINUTE, answers={4: ["12345"]})
    ruling = QuestionRuling(ANOTHER, blanks=(("12345", "12315"),))
    question_rulings.rule(contest.id, versions_of(contest)[3], ruling, reason="两个都行", actor_id=None, now=now)
    remark(contest)
    assert again(attempt).score == POINTS and all_agrees(contest)


def test_only_questions_of_this_contest_with_a_reason_that_holds_no_phone(now: datetime, contest: Contest) -> None:
    other = versions_of(small_contest(now))[0]
    with pytest.raises(NotFound):
        rule(contest, other, FULL_MARKS)
    ruling = QuestionRuling(FULL_MARKS)
    for reason in ("", "请联系 13812345678"):
        with pytest.raises(Mistakes):
            question_rulings.rule(contest.id, versions_of(contest)[0], ruling, reason=reason, actor_id=None, now=now)
    with pytest.raises(NotFound):
        question_rulings.undo(contest.id, 99, reason="没有这条", actor_id=None, now=now)


def test_rulings_are_on_record(now: datetime, contest: Contest) -> None:
    version = versions_of(contest)[0]
    ruling = rule(contest, version, ANOTHER, 2)
    undo(contest, ruling)
    rows = (
        db.session.execute(select(AuditEntry).where(AuditEntry.act.like("question.%")).order_by(AuditEntry.id))
        .scalars()
        .all()
    )
    assert [(row.act, row.details["version"], row.details["value"]) for row in rows] == [
        ("question.ruled", version, {"choices": [2]}),
        ("question.ruling_undone", version, {}),
    ]


# --- any history -----------------------------------------------------------------------------------------------------

KINDS = st.sampled_from([ANOTHER, FULL_MARKS, OUT])
STEP = st.one_of(
    st.tuples(st.just("rule"), st.integers(0, 2), KINDS, st.sets(st.integers(1, 4), min_size=1, max_size=2)),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("play"), st.sampled_from(["A", "B", "C", "AB"])),
    st.tuples(st.just("remark"), st.integers(1, 3)),
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=AS_FOUND)
@given(steps=st.lists(STEP, min_size=2, max_size=9))
def test_after_any_rulings_and_undos_every_score_is_that_of_marking_from_scratch(
    now: datetime, steps: list[tuple[Any, ...]]
) -> None:
    contest = small_contest(now)
    versions, made = versions_of(contest), list[int]()
    played(contest, now, "A"), played(contest, now, "A", "B")
    for step in steps:
        if step[0] == "rule":
            with suppress(Mistakes):  # the key it has already
                made.append(rule(contest, versions[step[1]], step[2], *step[3]))
        elif step[0] == "undo" and made:
            undo(contest, made[step[1] % len(made)])
        elif step[0] == "play":
            played(contest, now, *step[1])
        elif step[0] == "remark":
            remark(contest, at_once=step[1])
            assert all_agrees(contest)
    remark(contest)
    assert all_agrees(contest)
