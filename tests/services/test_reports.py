"""这道题有误: said once about a question of an own, ended attempt; the staff answer; in time it goes."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from question_bank.database import db
from quiz.errors import ChangedMeanwhile, Mistakes, NotEnded, NotFound, TooManyReports
from quiz.models import Attempt, AuditEntry, Person, QuestionReport
from quiz.queries import reports as find
from quiz.rules.reports import LONGEST_NOTE, MOST_IN_A_SPAN, Outcome
from quiz.services import forgetting, reports
from tests.builders import a_contest, a_person, a_start, an_ended_attempt
from tests.conftest import MORNING

pytestmark = pytest.mark.usefixtures("context")

ENDED = MORNING + timedelta(minutes=5)
EVERYTHING = 2**40


@pytest.fixture
def person() -> Person:
    return a_person(MORNING, name="司马相如")


@pytest.fixture
def attempt(person: Person) -> Attempt:
    return an_ended_attempt(a_contest(MORNING, forget_on="2026-09-01"), person, began=MORNING, ended=ENDED)


def said(attempt: Attempt, person: Person, position: int = 1, note: str = "答案不对") -> tuple[QuestionReport, bool]:
    return reports.report(attempt.id, person.id, position, note, now=ENDED)


def test_a_second_note_about_a_question_replaces_nothing(attempt: Attempt, person: Person) -> None:
    first, is_new = said(attempt, person)
    again, is_new_again = said(attempt, person, note="另一句话")
    assert (is_new, is_new_again) == (True, False)
    assert again.id == first.id and again.note == "答案不对" and find.count_waiting() == 1


def test_only_about_own_questions_once_the_attempt_has_ended(attempt: Attempt, person: Person) -> None:
    other = a_person(MORNING)
    with pytest.raises(NotFound):
        said(attempt, other)
    with pytest.raises(NotFound):
        said(attempt, person, position=6)
    running = a_start(attempt.entry.contest, other, MORNING)
    with pytest.raises(NotEnded):
        said(running, other)
    assert find.count_waiting() == 0


@pytest.mark.parametrize("note", ["", "长" * (LONGEST_NOTE + 1)])
def test_a_note_says_something_and_is_short(attempt: Attempt, person: Person, note: str) -> None:
    with pytest.raises(Mistakes):
        said(attempt, person, note=note)


def test_so_many_an_hour_and_no_more(person: Person) -> None:
    plan = [{"kind": "single_choice", "count": 5, "points": 5}]
    attempts = [
        an_ended_attempt(a_contest(MORNING, plan=plan), person, began=MORNING, ended=ENDED)
        for _ in range(MOST_IN_A_SPAN // 5 + 1)
    ]
    places = [(attempt, position) for attempt in attempts for position in range(1, 6)]
    for place in places[:MOST_IN_A_SPAN]:
        said(place[0], person, place[1])
    last, position = places[MOST_IN_A_SPAN]
    with pytest.raises(TooManyReports) as refused:
        said(last, person, position)
    assert refused.value.facts == {"minutes": 60}
    reports.report(last.id, person.id, position, "一小时后", now=ENDED + timedelta(hours=1))


@pytest.fixture
def everybody_said() -> int:
    """Three people reported every question of a contest whose papers are all the same; the version of one of them."""
    contest = a_contest(MORNING, plan=[{"kind": "fill_blank", "count": 3, "points": 5}])
    for note in ("甲", "乙", "丙"):
        who = a_person(MORNING)
        attempt = an_ended_attempt(contest, who, began=MORNING, ended=ENDED)
        for position in (1, 2, 3):
            said(attempt, who, position, note)
    return find.reported(is_answered=False, page=1).questions[0].version.id


def notes(version: int, *, is_answered: bool) -> list[str]:
    page = find.reported(is_answered=is_answered, page=1)
    return [report.note for each in page.questions if each.version.id == version for report in each.reports]


def test_an_answer_reaches_everybody_who_was_seen_to_report_the_question(everybody_said: int) -> None:
    waiting = find.reported(is_answered=False, page=1).questions[0].reports
    seen = waiting[1].id  # the third came after the page was opened
    assert reports.answer(everybody_said, Outcome.UPHELD, "已更正", up_to=seen, actor_id=7, now=ENDED) == 2
    assert notes(everybody_said, is_answered=True) == ["甲", "乙"] and notes(everybody_said, is_answered=False) == [
        "丙"
    ]
    assert find.count_waiting() == 7
    record = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "question.report_answered")).one()
    ids = [waiting[0].id, waiting[1].id]
    assert record.details == {"version": everybody_said, "outcome": "upheld", "reports": ids}
    with pytest.raises(ChangedMeanwhile):
        reports.answer(everybody_said, Outcome.DISMISSED, "没有问题", up_to=seen, actor_id=7, now=ENDED)


def test_one_report_is_answered_by_itself(everybody_said: int) -> None:
    only = find.reported(is_answered=False, page=1).questions[0].reports[1].id
    reports.answer(everybody_said, Outcome.DISMISSED, "没有", up_to=EVERYTHING, only=only, actor_id=7, now=ENDED)
    assert notes(everybody_said, is_answered=False) == ["甲", "丙"]
    assert notes(everybody_said, is_answered=True) == ["乙"]


def test_an_answer_needs_a_sentence(attempt: Attempt, person: Person) -> None:
    mine, _new = said(attempt, person)
    with pytest.raises(Mistakes):
        reports.answer(mine.version_id, Outcome.UPHELD, "", up_to=EVERYTHING, actor_id=7, now=ENDED)
    with pytest.raises(NotFound):
        reports.answer(10_000, Outcome.UPHELD, "好", up_to=EVERYTHING, actor_id=7, now=ENDED)


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(QuestionReport)) or 0


def test_notes_go_on_the_day_the_contest_states(attempt: Attempt, person: Person) -> None:
    said(attempt, person)
    forgetting.forget_due(now=datetime(2026, 8, 31, 15, 59, tzinfo=UTC))
    assert how_many() == 1
    forgetting.forget_due(now=datetime(2026, 8, 31, 16, 0, tzinfo=UTC))
    assert how_many() == 0


def test_notes_go_with_the_person_who_asks_for_it(attempt: Attempt, person: Person) -> None:
    other = a_person(MORNING)
    theirs = an_ended_attempt(attempt.entry.contest, other, began=MORNING, ended=ENDED)
    said(attempt, person)
    said(theirs, other)
    forgetting.forget_person(person.id, actor=7, now=ENDED)
    assert how_many() == 1
