"""Start, save, hand in: limits, times, and what was shown staying as it was."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from question_bank import revising
from question_bank.database import db, transaction
from question_bank.models import QuestionVersion, VersionIsFixed
from quiz.errors import (
    AttemptsUsed,
    BadAnswer,
    Closed,
    Ended,
    NotFound,
    NotOpen,
    Paused,
    Refusal,
    SignedOut,
    Superseded,
)
from quiz.models import Answer, Attempt, Contest, ContestArea, ContestUnit, Entry, Marking, Paper, Person, Ruling
from quiz.queries import attempts as find
from quiz.queries.contests import pool_contents
from quiz.rules.drawing import draw_paper
from quiz.services import answers, attempts, contests, standings
from quiz.services.attempts import Holder
from tests.builders import (
    FULL,
    QUESTIONS,
    a_contest,
    a_person,
    a_start,
    a_street,
    a_unit,
    again,
    an_ended_attempt,
    holder,
    right_answers,
    submitted,
)
from tests.conftest import StillClock
from tests.contest_builders import TRUE_FALSE, a_draft, a_question

pytestmark = pytest.mark.usefixtures("context")

MS = timedelta(milliseconds=1)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CLOSING = datetime.fromisoformat("2026-07-20T18:00+08:00")


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def contest(now: datetime) -> Contest:
    return a_contest(now)


@pytest.fixture
def person(now: datetime) -> Person:
    return a_person(now)


def count(table: type) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def save(attempt: Attempt, person: Person, position: int, answer: Any, **more: Any) -> answers.Saved:
    return answers.save_answer(attempt.id, holder(person), position, answer, **more)


def position_of(attempt: Attempt, kind: str) -> int:
    paper = find.paper_contents(attempt.id)
    assert paper
    return next(p.number for p in paper.positions if p.content.kind == kind)


def stored(attempt: Attempt, position: int) -> tuple[str, int] | None:
    answer = find.answers_of(attempt.id).get(position)
    return (answer.chosen, answer.revision) if answer else None


# --- start -----------------------------------------------------------------------------------------------------------


def test_the_first_start_makes_the_entry_as_the_person_stands_at_that_moment(now: datetime) -> None:
    street = a_street()
    contest, unit = a_contest(now), a_unit(street, unit_class="企业")
    person = a_person(now - HOUR, unit=unit)
    entry = a_start(contest, person, now).entry
    assert (entry.street_id, entry.unit_id, entry.unit_class) == (street.id, unit.id, "企业")
    assert (entry.consent_version, entry.consented_at, entry.joined_at) == ("1", now - HOUR, now)
    assert (entry.masked_name, entry.came_from) == ("王**", "web")


def test_moving_to_another_unit_later_leaves_the_entry_where_it_joined(now: datetime, contest: Contest) -> None:
    unit, other = a_unit(), a_unit()
    person = a_person(now, unit=unit)
    first = an_ended_attempt(contest, person, began=now, ended=now + MINUTE)
    with transaction() as session:
        session.get_one(Person, person.id).unit_id = other.id
    second = a_start(contest, person, now + HOUR)
    assert second.entry_id == first.entry_id
    assert again(second.entry).unit_id == unit.id


def test_a_unit_imported_after_publishing_joins_with_its_first_entry(now: datetime, contest: Contest) -> None:
    street = a_street(headcount=70)
    unit = a_unit(street, headcount=12)
    assert (count(ContestUnit), count(ContestArea)) == (0, 0)
    a_start(contest, a_person(now, unit=unit), now)
    a_start(contest, a_person(now, unit=unit), now)
    joined = db.session.execute(select(ContestUnit)).scalar_one()
    assert (joined.code, joined.headcount, joined.street_code) == (unit.code, 12, street.code)
    assert db.session.execute(select(ContestArea.headcount)).scalar_one() == 70


def test_a_late_unit_in_a_street_that_is_counted_joins_too(now: datetime, contest: Contest) -> None:
    street = a_street()
    a_start(contest, a_person(now, street=street), now)
    unit = a_unit(street)
    a_start(contest, a_person(now, unit=unit), now)
    assert db.session.execute(select(ContestUnit.code)).scalar_one() == unit.code


def test_the_paper_is_the_one_that_plan_pool_and_seed_give(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now, seed="5eed" * 8)
    assert contest.pool_id
    lines = draw_paper(contest.terms, pool_contents(contest.pool_id).versions, "5eed" * 8)
    assert attempt.paper.layout == [
        {"version": line.version, "options": list(line.options), "points": line.points} for line in lines
    ]
    assert (attempt.paper.seed, attempt.paper.algorithm, attempt.paper.pool_id) == ("5eed" * 8, 1, contest.pool_id)


def test_starting_again_gives_the_running_attempt(now: datetime, contest: Contest, person: Person) -> None:
    first = a_start(contest, person, now)
    second = a_start(contest, person, now + MINUTE)
    assert (second.id, second.started_at) == (first.id, now)
    assert (count(Attempt), count(Entry), count(Paper)) == (1, 1, 1)


def test_the_deadline_is_the_servers(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    assert (attempt.started_at, attempt.deadline) == (now, now + 20 * MINUTE)
    assert attempt.accepts_until == now + 20 * MINUTE + 10 * 1000 * MS


def test_shortly_before_closing_the_deadline_is_the_closing_time(now: datetime, contest: Contest) -> None:
    attempt = a_start(contest, a_person(now), CLOSING - MS)
    assert attempt.deadline == CLOSING


@pytest.mark.parametrize(
    ("moment", "refusal"),
    [(datetime.fromisoformat("2026-06-20T08:59:59.999+08:00"), NotOpen), (CLOSING, Closed), (CLOSING + DAY, Closed)],
)
def test_outside_its_window_nobody_starts(
    now: datetime, contest: Contest, person: Person, moment: datetime, refusal: type[Refusal]
) -> None:
    with pytest.raises(refusal):
        a_start(contest, person, moment)
    assert (count(Entry), count(Attempt)) == (0, 0)


def test_a_pause_stops_new_starts_and_nothing_else(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    contests.pause(contest.id, actor_id=None, now=now)
    with pytest.raises(Paused):
        a_start(contest, a_person(now), now)
    assert a_start(contest, person, now + MINUTE).id == attempt.id
    position = position_of(attempt, "true_false")
    assert save(attempt, person, position, ["A"], now=now + MINUTE).revision == 1
    assert submitted(attempt.id, holder(person), now=now + 2 * MINUTE).score is not None
    contests.resume(contest.id, actor_id=None, now=now + HOUR)
    assert a_start(contest, a_person(now), now + HOUR).number == 1


def test_a_draft_and_an_unknown_contest_are_not_there(now: datetime, person: Person) -> None:
    a_contest(now)
    draft = a_draft(now, slug="draft", bank=db.session.execute(select(Contest)).scalar_one().bank.name)
    for slug in (draft.slug, "unknown"):
        with pytest.raises(NotFound):
            attempts.start(slug, holder(person), now=now, seed="0" * 32, entry_code="E")


def test_who_never_consented_cannot_join(now: datetime, contest: Contest) -> None:
    with pytest.raises(NotFound):
        a_start(contest, a_person(now, consent_version=None, consented_at=None), now)
    assert count(Entry) == 0


# --- limits ----------------------------------------------------------------------------------------------------------


def test_no_more_attempts_than_the_terms_allow(now: datetime, person: Person) -> None:
    contest = a_contest(now, attempts={"allowed": 2})
    for hour in range(2):
        an_ended_attempt(contest, person, began=now + hour * HOUR, ended=now + hour * HOUR + MINUTE)
    with pytest.raises(AttemptsUsed) as refused:
        a_start(contest, person, now + 3 * HOUR)
    assert refused.value.facts == {"allowed": 2, "per": "contest"}
    assert [a.number for a in db.session.execute(select(Attempt).order_by(Attempt.id)).scalars()] == [1, 2]


def test_attempts_of_a_day_end_at_midnight_in_shanghai(now: datetime, person: Person) -> None:
    contest = a_contest(now, attempts={"allowed": 1, "per": "day"})
    an_ended_attempt(contest, person, began=now, ended=now + MINUTE)
    midnight = datetime.fromisoformat("2026-06-21T00:00+08:00")
    with pytest.raises(AttemptsUsed):
        a_start(contest, person, midnight - MS)
    attempt = a_start(contest, person, midnight)
    assert (attempt.period, attempt.number) == ("2026-06-21", 1)


def test_an_attempt_running_over_midnight_belongs_to_the_day_it_began(now: datetime, person: Person) -> None:
    contest = a_contest(now, attempts={"allowed": 1, "per": "day"})
    midnight = datetime.fromisoformat("2026-06-21T00:00+08:00")
    evening = a_start(contest, person, midnight - MINUTE)
    assert a_start(contest, person, midnight + MINUTE).id == evening.id
    submitted(evening.id, holder(person), now=midnight + 2 * MINUTE)
    assert again(evening).period == "2026-06-20"
    assert a_start(contest, person, midnight + HOUR).period == "2026-06-21"


def test_each_round_has_attempts_of_its_own(now: datetime, person: Person) -> None:
    rounds = [
        {"key": "r1", "from": "2026-06-20T09:00", "to": "2026-06-21T09:00"},
        {"key": "r2", "from": "2026-06-22T09:00", "to": "2026-06-23T09:00"},
    ]
    contest = a_contest(now, attempts={"allowed": 1, "per": "round", "rounds": rounds})
    an_ended_attempt(contest, person, began=now, ended=now + MINUTE)
    with pytest.raises(AttemptsUsed):
        a_start(contest, person, now + HOUR)
    with pytest.raises(NotOpen) as refused:
        a_start(contest, person, now + DAY)
    assert refused.value.facts["opens_at"] == now + 2 * DAY
    assert a_start(contest, person, now + 2 * DAY).period == "r2"
    with pytest.raises(Closed):
        a_start(contest, a_person(now), now + 3 * DAY)


def test_the_database_itself_allows_one_open_attempt_for_an_entry(
    now: datetime, contest: Contest, person: Person
) -> None:
    attempt = a_start(contest, person, now)
    columns = {c.name: getattr(attempt, c.name) for c in Attempt.__table__.columns if c.name != "id"}
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Attempt(**{**columns, "number": 2}))


def test_starting_ends_an_overdue_attempt_first(now: datetime, person: Person) -> None:
    contest = a_contest(now, attempts={"allowed": 2})
    overdue = a_start(contest, person, now)
    save(overdue, person, position_of(overdue, "true_false"), ["A"], now=now + MINUTE)
    attempt = a_start(contest, person, now + HOUR)
    assert attempt.id != overdue.id
    ended = again(overdue)
    assert (ended.ended_at, ended.ended_by, ended.answered) == (ended.deadline, "clock", 1)


def test_an_overdue_attempt_is_ended_even_where_no_new_one_follows(now: datetime, person: Person) -> None:
    contest = a_contest(now, attempts={"allowed": 1})
    overdue = a_start(contest, person, now)
    with pytest.raises(AttemptsUsed):
        a_start(contest, person, now + HOUR)
    assert again(overdue).ended_by == "clock"


# --- save ------------------------------------------------------------------------------------------------------------


def test_an_answer_is_kept_by_the_identity_of_the_option(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    position = position_of(attempt, "single_choice")
    paper = find.paper_contents(attempt.id)
    assert paper
    saved = save(attempt, person, position, ["B"], now=now + MINUTE)
    assert (saved.answer, saved.revision, saved.remaining_ms) == (["B"], 1, 19 * 60_000)
    assert stored(attempt, position) == (f"[{paper.positions[position - 1].line.options[1]}]", 1)


def test_a_repeat_gives_what_is_stored_and_changes_nothing(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    position = position_of(attempt, "single_choice")
    save(attempt, person, position, ["A"], now=now, device="phone", seq=5)
    again_ = save(attempt, person, position, ["B"], now=now + MINUTE, device="phone", seq=5, revision=0)
    assert (again_.answer, again_.revision) == (["A"], 1)
    assert find.answers_of(attempt.id)[position].last_at == now


def test_a_quarrel_of_two_devices_is_told_with_what_is_stored(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    position = position_of(attempt, "single_choice")
    save(attempt, person, position, ["A"], now=now, device="phone", seq=1)
    with pytest.raises(Superseded) as refused:
        save(attempt, person, position, ["B"], now=now, device="tablet", seq=1, revision=0)
    assert refused.value.facts == {"answer": ["A"], "revision": 1}
    with pytest.raises(BadAnswer):  # ahead of what is stored: it never saw this
        save(attempt, person, position, ["B"], now=now, device="tablet", seq=1, revision=2)
    assert save(attempt, person, position, ["B"], now=now, device="tablet", seq=1, revision=1).revision == 2


def test_clearing_is_a_save_of_its_own(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    position = position_of(attempt, "single_choice")
    save(attempt, person, position, ["A"], now=now)
    assert save(attempt, person, position, [], now=now + MINUTE).revision == 2
    ended = submitted(attempt.id, holder(person), now=now + 2 * MINUTE)
    assert ended.answered == 0


def test_a_bad_answer_leaves_what_is_stored(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    position = position_of(attempt, "single_choice")
    save(attempt, person, position, ["A"], now=now)
    before = stored(attempt, position)
    for bad in (["E"], "A", ["A", "B"], None, {"A": 1}):
        with pytest.raises(BadAnswer):
            save(attempt, person, position, bad, now=now)
    assert stored(attempt, position) == before


@pytest.mark.parametrize("position", [0, -1, QUESTIONS + 1, 10**9])
def test_a_position_outside_the_paper_is_not_there(
    now: datetime, contest: Contest, person: Person, position: int
) -> None:
    attempt = a_start(contest, person, now)
    with pytest.raises(NotFound):
        save(attempt, person, position, ["A"], now=now)


def test_nobody_reaches_the_attempt_of_another(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    stranger = a_person(now)
    for act in (
        lambda: save(attempt, stranger, 1, [], now=now),
        lambda: submitted(attempt.id, holder(stranger), now=now),
        lambda: answers.save_answer(attempt.id + 1, holder(person), 1, [], now=now),
    ):
        with pytest.raises(NotFound):
            act()
    assert again(attempt).ended_at is None


def test_a_session_that_was_ended_saves_nothing(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    old = Holder(person.id, person.session_epoch - 1)
    with pytest.raises(SignedOut):
        answers.save_answer(attempt.id, old, 1, [], now=now)
    with pytest.raises(SignedOut):
        submitted(attempt.id, old, now=now)


# --- deadline and grace ----------------------------------------------------------------------------------------------


def test_a_save_is_taken_to_the_last_moment_of_the_grace(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    position = position_of(attempt, "true_false")
    saved = save(attempt, person, position, ["A"], now=attempt.accepts_until)
    assert (saved.revision, saved.remaining_ms) == (1, 0)
    with pytest.raises(Ended):
        save(attempt, person, position, ["B"], now=attempt.accepts_until + MS)
    assert stored(attempt, position) == ("[1]", 1)


def test_the_grace_reaches_past_the_closing_of_the_contest(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, CLOSING - MINUTE)
    position = position_of(attempt, "true_false")
    assert save(attempt, person, position, ["A"], now=CLOSING + 10 * 1000 * MS).revision == 1
    ended = submitted(attempt.id, holder(person), now=CLOSING + 10 * 1000 * MS)
    assert (ended.ended_at, ended.elapsed_ms, ended.ended_by) == (CLOSING, 60_000, "person")


def test_handing_in_within_the_grace_never_makes_the_time_longer(
    now: datetime, contest: Contest, person: Person
) -> None:
    attempt = a_start(contest, person, now)
    ended = submitted(attempt.id, holder(person), now=attempt.deadline + 3000 * MS, answers=right_answers(attempt.id))
    assert (ended.ended_at, ended.elapsed_ms, ended.score) == (now + 20 * MINUTE, 1_200_000, FULL)


def test_what_an_overdue_page_still_carries_is_not_taken(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    position = position_of(attempt, "true_false")
    save(attempt, person, position, ["A"], now=now)
    late = attempt.accepts_until + MS
    ended = submitted(attempt.id, holder(person), now=late, answers=right_answers(attempt.id))
    assert (ended.ended_by, ended.ended_at, ended.score, ended.answered) == ("clock", attempt.deadline, 250, 1)


def test_whoever_looks_first_hands_in_what_is_overdue(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    assert attempts.end_if_overdue(attempt, now=attempt.accepts_until).ended_at is None
    ended = attempts.end_if_overdue(attempt, now=attempt.accepts_until + MS)
    assert (ended.ended_at, ended.elapsed_ms, ended.ended_by) == (now + 20 * MINUTE, 1_200_000, "clock")
    assert attempts.end_if_overdue(ended, now=now + DAY).ended_at == now + 20 * MINUTE


def test_everything_overdue_is_handed_in_at_once_and_only_once(now: datetime, contest: Contest) -> None:
    other = a_contest(now, time_limit_s=7200)
    for _ in range(3):
        a_start(contest, a_person(now), now)
    a_start(contest, a_person(now), now + 30 * MINUTE)
    a_start(other, a_person(now), now)
    assert attempts.submit_expired(now=now + 40 * MINUTE) == 3
    assert attempts.submit_expired(now=now + 40 * MINUTE) == 0
    assert attempts.submit_expired(other.id, now=now + DAY) == 1
    assert attempts.submit_expired(now=now + DAY) == 1


# --- hand in ---------------------------------------------------------------------------------------------------------


def test_a_hand_in_marks_and_a_second_one_gives_the_first_result(
    now: datetime, contest: Contest, person: Person
) -> None:
    attempt = a_start(contest, person, now)
    first = submitted(attempt.id, holder(person), now=now + MINUTE, answers=right_answers(attempt.id))
    assert (first.score, first.full, first.answered, first.elapsed_ms) == (FULL, FULL, QUESTIONS, 60_000)
    second = submitted(attempt.id, holder(person), now=now + HOUR, answers={1: []})
    assert (second.ended_at, second.score) == (now + MINUTE, FULL)
    marking = db.session.execute(select(Marking)).scalar_one()
    assert (marking.number, marking.score, sum(marking.points), sum(marking.worth)) == (1, FULL, FULL, FULL)


def test_what_the_page_carries_is_saved_first_and_the_rest_stays_as_stored(
    now: datetime, contest: Contest, person: Person
) -> None:
    attempt = a_start(contest, person, now)
    answers = right_answers(attempt.id)
    for position, answer in answers.items():
        save(attempt, person, position, answer, now=now)
    ended = submitted(attempt.id, holder(person), now=now + MINUTE, answers={position_of(attempt, "true_false"): []})
    assert (ended.score, ended.answered) == (FULL - 250, QUESTIONS - 1)


def test_one_bad_answer_among_those_carried_changes_nothing(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    last = max(right_answers(attempt.id))
    with pytest.raises(BadAnswer):
        submitted(attempt.id, holder(person), now=now, answers={**right_answers(attempt.id), last: ["Z", "?"]})
    assert again(attempt).ended_at is None
    assert (count(Answer), count(Marking)) == (0, 0)


def test_an_empty_attempt_is_marked_but_takes_no_part(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    ended = submitted(attempt.id, holder(person), now=now + MINUTE)
    assert (ended.score, ended.full, ended.answered) == (0, FULL, 0)
    assert standings.verify(contest.id) is None


# --- what was shown stays as it was ----------------------------------------------------------------------------------


def test_a_question_revised_after_the_paper_was_drawn_is_marked_and_shown_as_it_was(now: datetime) -> None:
    old = a_question(TRUE_FALSE, explanation="原来的解析")
    plan = [{"kind": "true_false", "count": 1, "points": 5}]
    contest = a_contest(now, contents=[old], plan=plan)
    person, late = a_person(now), a_person(now)
    attempt = a_start(contest, person, now)
    (question_id,) = db.session.execute(select(QuestionVersion.question_id)).scalars()
    turned = a_question(TRUE_FALSE, stem=old.stem, choices=frozenset({2}), explanation="新的解析")
    revising.revise_question(question_id, turned, author="t", now=now)
    for kept in current_app.extensions["caches"].values():
        kept.clear()  # as in another server process, which has seen none of it yet

    for taker, begun in ((person, attempt), (late, a_start(contest, late, now + MINUTE))):
        ended = submitted(begun.id, holder(taker), now=now + 2 * MINUTE, answers={1: ["A"]})
        assert ended.score == 500  # right by the key that was shown
        paper = find.contents_of(ended.paper)
        assert [p.content.explanation for p in paper.positions] == ["原来的解析"]
    next_one = contests.create_contest(
        {"slug": "next", "title": "下一场", "bank": contest.bank.name, "opens_at": "2026-06-20T09:00",
         "closes_at": "2026-07-20T18:00", "terms": {"plan": plan}},
        actor_id=None, now=now,
    )  # fmt: skip
    contests.publish(next_one.id, actor_id=None, now=now)
    begun = a_start(next_one, person, now + MINUTE)
    assert submitted(begun.id, holder(person), now=now + HOUR, answers={1: ["A"]}).score == 0


def test_a_version_once_written_cannot_be_changed(now: datetime, contest: Contest) -> None:
    for column, value in (("stem", "别的题干"), ("choices", [2]), ("explanation", "别的解析")):
        with pytest.raises(VersionIsFixed), transaction() as session:
            version = session.execute(select(QuestionVersion).limit(1)).scalar_one()
            setattr(version, column, value)


def test_a_later_change_of_the_terms_reaches_no_paper_that_was_drawn(now: datetime, person: Person) -> None:
    contest = a_contest(now)
    attempt = a_start(contest, person, now)
    layout = list(attempt.paper.layout)
    contests.move_closing(contest.id, CLOSING + DAY, reason="延期", actor_id=None, now=now)
    assert again(attempt.paper).layout == layout


# --- rulings ---------------------------------------------------------------------------------------------------------


def rule(contest: Contest, kind: str, version: int, now: datetime, **more: Any) -> int:
    with transaction() as session:
        ruling = Ruling(
            contest_id=contest.id, kind=kind, version_id=version, reason="更正", made_at=now, **{"value": {}, **more}
        )
        session.add(ruling)
        session.flush()
        return ruling.id


def test_a_ruling_stands_beside_the_version_and_counts_until_it_is_undone(now: datetime, person: Person) -> None:
    contest = a_contest(now, plan=[{"kind": "true_false", "count": 1, "points": 5}], attempts={"allowed": 9})
    paper = find.contents_of(a_start(contest, person, now).paper)
    pool = contest.pool
    assert pool and paper
    versions = [v["version"] for v in pool.versions]

    def score(hour: int) -> int | None:
        begun = a_start(contest, person, now + hour * HOUR)
        return submitted(begun.id, holder(person), now=now + hour * HOUR + MINUTE, answers={1: ["B"]}).score

    assert score(1) == 0  # the key of every 判断 here is 对
    rulings = [rule(contest, "another_key", v, now, value={"choices": [2]}) for v in versions]
    assert score(2) == 500
    for version, ruling in zip(versions, rulings, strict=True):
        rule(contest, "undo", version, now, undoes_id=ruling)
    assert score(3) == 0


def test_marking_again_appends_and_the_score_copies_the_last(now: datetime, contest: Contest, person: Person) -> None:
    ended = an_ended_attempt(contest, person, began=now, ended=now + MINUTE, right=QUESTIONS)
    paper = find.contents_of(again(ended).paper)
    rule(contest, "out_of_total", paper.positions[0].line.version, now)
    with transaction() as session:
        attempts.mark_attempt(session, session.get_one(Attempt, ended.id), contest.terms, now=now + HOUR)
    markings = db.session.execute(select(Marking).order_by(Marking.number)).scalars().all()
    assert [m.number for m in markings] == [1, 2]
    assert again(ended).score == markings[1].score == FULL - paper.positions[0].line.points
    assert markings[0].made_from != markings[1].made_from


def test_nothing_of_an_act_is_kept_when_it_fails_half_way(
    now: datetime, contest: Contest, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = a_start(contest, person, now)

    def power_cut(*_given: Any) -> None:
        raise RuntimeError("cut")

    monkeypatch.setattr(standings, "keep_up", power_cut)
    with pytest.raises(RuntimeError):
        submitted(attempt.id, holder(person), now=now + MINUTE, answers=right_answers(attempt.id))
    assert (again(attempt).ended_at, count(Answer), count(Marking)) == (None, 0, 0)


def test_an_answer_cannot_come_in_twice_for_one_position(now: datetime, contest: Contest, person: Person) -> None:
    attempt = a_start(contest, person, now)
    for _ in range(3):
        save(attempt, person, 1, [], now=now)
    assert count(Answer) == 1
    with transaction() as session:
        session.execute(update(Answer).values(revision=7))
    assert save(attempt, person, 1, [], now=now).revision == 8


def test_answers_are_read_beside_their_attempts_whatever_was_handed_in_between() -> None:
    attempts_read = [SimpleNamespace(id=number) for number in (1, 4, 6, 7)]
    answers_read = [SimpleNamespace(attempt_id=number, position=at) for number in (1, 3, 4, 7) for at in (1, 2)]
    beside = find.side_by_side(attempts_read, answers_read)
    assert [(attempt.id, [row.attempt_id for row in rows]) for attempt, rows in beside] == [
        (1, [1, 1]), (4, [4, 4]), (6, []), (7, [7, 7])
    ]  # fmt: skip
