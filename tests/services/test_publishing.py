"""Before a pool is fixed, organisers hear which of its questions will have expired, and may leave them out."""

from datetime import date, datetime

import pytest
from sqlalchemy import select

from question_bank.database import db, transaction
from question_bank.models import QuestionReview
from quiz.errors import PlanNotFilled
from quiz.models import AuditEntry, Contest
from quiz.queries import contests as find
from quiz.queries.publishing import pool_notes
from quiz.rules.drawing import draw_paper, pool_digest
from quiz.services import contests
from quiz.services.trials import trial_paper
from tests.conftest import StillClock
from tests.contest_builders import SMALL_PLAN, TRUE_FALSE, a_bank, a_draft, a_question

pytestmark = pytest.mark.usefixtures("context")

CLOSING = date(2026, 7, 20)


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


def a_dated_draft(now: datetime, *dates: date | None, **changes: object) -> Contest:
    """A draft whose bank holds a 单选题 for each date, and one 判断题."""
    a_bank(now, *(a_question(valid_until=each) for each in dates), a_question(TRUE_FALSE))
    return a_draft(now, **changes)


def test_a_question_expires_in_time_only_if_its_last_day_is_before_the_contests(now: datetime) -> None:
    draft = a_dated_draft(now, CLOSING, date(2026, 7, 19), None, date(2026, 1, 1))
    assert [v.valid_until for v in pool_notes(draft).expiring] == [date(2026, 1, 1), date(2026, 7, 19)]


def test_a_contest_that_closes_at_midnight_ends_the_day_before(now: datetime) -> None:
    draft = a_dated_draft(now, CLOSING, closes_at="2026-07-21T00:00")
    assert not pool_notes(draft).expiring


def test_expiring_questions_stay_unless_they_are_left_out(now: datetime) -> None:
    draft = a_dated_draft(now, None, None, date(2026, 1, 1))
    everything = find.drawing_pool(draft)
    (expired,) = everything.expiring(CLOSING)
    shown = trial_paper(draft, "c" * 32, leave_out_expiring=True)
    published = contests.publish(draft.id, actor_id=None, now=now, leave_out_expiring=True)
    pool = find.drawing_pool(published)
    assert expired not in pool.contents and len(pool.versions) == len(everything.versions) - 1
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "contest.published")).one()
    assert entry.details["left_out"] == [expired]
    assert shown.pool == pool_digest(pool.versions)


def test_publishing_without_a_word_keeps_them(now: datetime) -> None:
    draft = a_dated_draft(now, None, date(2026, 1, 1))
    published = contests.publish(draft.id, actor_id=None, now=now)
    assert len(find.drawing_pool(published).versions) == 3


def test_a_plan_that_is_not_filled_without_them_is_refused(now: datetime) -> None:
    draft = a_dated_draft(now, None, date(2026, 1, 1))
    with pytest.raises(PlanNotFilled):
        contests.publish(draft.id, actor_id=None, now=now, leave_out_expiring=True)
    kept = find.contest_by_slug(draft.slug)
    assert kept and kept.state == "draft"


def test_what_no_reviewer_passed_is_counted(now: datetime) -> None:
    draft = a_dated_draft(now, None, None)
    first, second, _third = (v.version for v in find.drawing_pool(draft).versions)
    with transaction() as session:
        for version, state in ((first, "sent_back"), (first, "reviewed"), (second, "reviewed"), (second, "sent_back")):
            session.add(QuestionReview(version_id=version, state=state, reviewer="1", at=now))
            session.flush()
    notes = pool_notes(draft)
    assert (notes.unreviewed, notes.size) == (2, 3)
    assert "3 道题里有 2 道还没有审题通过。" in notes.sentences


def test_the_paper_looked_at_before_publishing_is_the_one_drawn_after_it(now: datetime) -> None:
    a_bank(now)
    draft = a_draft(now, terms={"plan": SMALL_PLAN})
    before = [question.line for question in trial_paper(draft, "d" * 32).questions]
    published = contests.publish(draft.id, actor_id=None, now=now)
    assert list(draw_paper(published.terms, find.drawing_pool(published).versions, "d" * 32)) == before
