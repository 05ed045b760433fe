"""Contests are created, published, changed and paused as their notice says, and every step stays on record."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from question_bank import revising
from question_bank import service as bank_service
from question_bank.database import db, transaction
from question_bank.kinds import QuestionKind
from question_bank.models import ImportBatch, Question
from quiz.errors import Closed, Mistakes, NotFound, PlanNotFilled, TermsFixed, WrongState
from quiz.models import Attempt, AuditEntry, Contest, ContestArea, ContestUnit, Person, Unit
from quiz.queries import contests as find
from quiz.rules import timing
from quiz.rules.drawing import draw_paper, pool_digest
from quiz.services import attempts, audit, contests
from quiz.services.answers import Holder
from quiz.services.trials import mark_trial, trial_paper
from tests.conftest import StillClock
from tests.contest_builders import (
    FILL,
    MULTIPLE,
    SMALL_PLAN,
    a_bank,
    a_contest_value,
    a_draft,
    a_published,
    a_question,
    a_register,
    add_questions,
    an_open_attempt,
)

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


def problems_of(value: Any, now: datetime) -> list[str]:
    with pytest.raises(Mistakes) as refused:
        contests.create_contest(value, actor_id=None, now=now)
    return list(refused.value.facts["problems"])


def reload(contest: Contest) -> Contest:
    db.session.expire_all()
    found = find.contest_by_slug(contest.slug)
    assert found
    return found


def acts() -> list[str]:
    return list(db.session.execute(select(AuditEntry.act).order_by(AuditEntry.id)).scalars())


# --- create ----------------------------------------------------------------------------------------------------------


def test_a_contest_comes_from_its_json_with_the_preset_for_what_is_left_out(now: datetime) -> None:
    a_bank(now)
    contest = contests.create_contest(a_contest_value(terms={}), actor_id=7, now=now)
    assert (contest.state, contest.terms.questions, contest.terms.full) == ("draft", 20, 10000)
    assert contest.opens_at == datetime(2026, 6, 20, 1, 0, tzinfo=UTC)
    entry = db.session.execute(select(AuditEntry)).scalar_one()
    assert (entry.act, entry.subject, entry.actor_id) == ("contest.created", f"contest:{contest.id}", 7)


def test_everything_that_is_wrong_is_named_at_once(now: datetime) -> None:
    value = {"slug": "Quality 2026", "titel": "x", "title": "质量", "opens_at": "2026-06-20T09:00",
             "closes_at": "2026-06-20T08:00", "bank": "没有", "terms": {"colour": "red"}}  # fmt: skip
    found = "\n".join(problems_of(value, now))
    for key in ("slug：", "titel：", "bank：", "closes_at：", "terms.colour："):
        assert key in found
    assert acts() == []


@pytest.mark.parametrize("value", [None, [], "x", 3])
def test_what_is_no_object_is_refused(value: Any, now: datetime) -> None:
    assert problems_of(value, now)


def test_a_slug_is_given_once(now: datetime) -> None:
    a_bank(now)
    a_draft(now)
    assert problems_of(a_contest_value(), now) == ["slug：网址名 quality-2026 已经有竞赛在用，请换一个。"]


def test_half_a_character_in_a_text_is_named(now: datetime) -> None:
    a_bank(now)
    found = problems_of(a_contest_value(title="\ud800", bank="\ud800\x00"), now)
    assert [problem.partition("：")[0] for problem in found] == ["bank", "title"]


# --- publish ---------------------------------------------------------------------------------------------------------


def test_publishing_fixes_pool_units_and_streets(now: datetime) -> None:
    bank = a_bank(now)
    a_register()
    add_questions(bank.id, now, a_question(FILL), a_question(QuestionKind.SHORT_ANSWER))
    contest = a_published(now)
    assert contest.state == "published" and contest.pool is not None
    versions = [v["version"] for v in contest.pool.versions]
    assert versions == sorted(versions)
    assert {v["kind"] for v in contest.pool.versions} == {
        "single_choice",
        "multiple_choice",
        "true_false",
        "fill_blank",
    }
    assert contest.pool.versions[0]["pinned"] == [4]
    units = [(u.code, u.street_code, u.headcount) for u in find.contest_units(contest.id)]
    assert units == [("U1", None, 80), ("U2", "S1", 60)]
    assert [(a.code, a.kind, a.parent_code) for a in find.contest_areas(contest.id)] == [
        ("S1", "street", None),
        ("S1-1", "community", "S1"),
    ]
    assert acts() == ["contest.created", "contest.published"]
    assert audit.first_break() is None


def test_a_plan_the_bank_cannot_fill_is_refused_line_by_line(now: datetime) -> None:
    a_bank(
        now, a_question(), a_question(), a_question(MULTIPLE, domain="服务/金融"), a_question(MULTIPLE, domain="服务")
    )
    plan = [
        {"kind": "single_choice", "count": 2},
        {"kind": "multiple_choice", "domain": "服务", "count": 4},
        {"kind": "true_false", "count": 1},
    ]
    contest = a_draft(now, terms={"plan": plan})
    with pytest.raises(PlanNotFilled) as refused:
        contests.publish(contest.id, actor_id=None, now=now)
    assert refused.value.facts["lines"] == [
        "第 2 行 多选题 · 服务领域需要 4 道，题库里只有 2 道。再导入 2 道，或把这一行改成“不限领域”。",
        "第 3 行 判断题需要 1 道，题库里一道也没有。再导入 1 道，或删去这一行。",
    ]
    assert reload(contest).state == "draft"
    assert acts() == ["contest.created"]


def test_a_line_that_earlier_lines_may_empty_is_named_too(now: datetime) -> None:
    a_bank(now, a_question(domain="产品"), a_question(domain="服务"))
    plan = [{"kind": "single_choice", "count": 1}, {"kind": "single_choice", "domain": "服务", "count": 1}]
    contest = a_draft(now, terms={"plan": plan})
    with pytest.raises(PlanNotFilled) as refused:
        contests.publish(contest.id, actor_id=None, now=now)
    (said,) = refused.value.facts["lines"]
    assert "前面各行取题之后可能只剩 0 道" in said and "移到前面" in said


def test_only_a_draft_can_be_published(now: datetime) -> None:
    a_bank(now)
    contest = a_published(now)
    with pytest.raises(WrongState):
        contests.publish(contest.id, actor_id=None, now=now)


def test_a_later_change_of_the_bank_touches_no_published_contest(now: datetime) -> None:
    bank = a_bank(now)
    contest = a_published(now)
    before = contests.contest_as_json(contest, now)
    paper = draw_paper(contest.terms, find.drawing_pool(contest).versions, "a" * 32)
    for question in db.session.execute(select(Question).where(Question.bank_id == bank.id)).scalars().all():
        revised = replace(question.current.content, stem=question.current.stem + "（改）")
        revising.revise_question(question.id, revised, author="1", now=now)
        revising.retire_question(question.id, now=now)
    add_questions(bank.id, now, *(a_question() for _ in range(3)))
    contest = reload(contest)
    assert contests.contest_as_json(contest, now) == before
    assert draw_paper(contest.terms, find.drawing_pool(contest).versions, "a" * 32) == paper
    assert pool_digest(find.drawing_pool(contest).versions) == before["pool"]["digest"]


def test_a_later_change_of_the_register_moves_no_published_ladder(now: datetime) -> None:
    a_bank(now)
    a_register()
    contest = a_published(now)
    with transaction() as session:
        unit = session.execute(select(Unit).where(Unit.code == "U1")).scalar_one()
        unit.headcount, unit.name = 5, "改名局"
    unit_row = find.contest_place(contest.id, "unit", "U1")
    assert unit_row and (unit_row.name, unit_row.headcount) == ("市场监管局", 80)


def an_imported_bank(now: datetime) -> int:
    """A bank whose questions came with an import; the batch's id."""
    bank = a_bank(now)
    with transaction() as session:
        batch = ImportBatch(bank_id=bank.id, bank_name=bank.name, filename="a.xlsx", sha256="0" * 64, author="1",
                            report_digest="", checked_at=now, imported_at=now)  # fmt: skip
        session.add(batch)
        session.flush()
        for question in session.execute(select(Question)).scalars():
            question.batch_id = batch.id
        return batch.id


def in_a_thread(context: Flask, act: Callable[[], object], outcomes: list[str]) -> threading.Thread:
    """The act in a session of its own; its outcome is "done" or the name of what refused it."""

    def run() -> None:
        with context.app_context():
            try:
                act()
                outcomes.append("done")
            except Exception as refusal:
                outcomes.append(type(refusal).__name__)

    return threading.Thread(target=run)


@pytest.mark.parametrize("first", ["publish", "undo"])
def test_of_publishing_and_undoing_the_import_at_once_the_second_is_refused(
    context: Flask, now: datetime, first: str
) -> None:
    batch_id = an_imported_bank(now)
    contest_id = a_draft(now).id
    db.session.remove()
    both: dict[str, Callable[[], object]] = {
        "publish": lambda: contests.publish(contest_id, actor_id=None, now=now),
        "undo": lambda: bank_service.undo_batch(batch_id, used_versions=find.versions_in_pools, now=now),
    }
    outcomes: list[str] = []
    second = in_a_thread(context, both["undo" if first == "publish" else "publish"], outcomes)
    with transaction():
        both[first]()
        second.start()
        second.join(timeout=0.5)  # it waits for its turn, however long that takes
        assert outcomes == []
    second.join()
    assert outcomes == ["BatchInUse" if first == "publish" else "PlanNotFilled"]


# --- change ----------------------------------------------------------------------------------------------------------


def test_terms_versions_are_only_added(now: datetime, clock: StillClock) -> None:
    a_bank(now)
    contest = a_draft(now)
    first = (contest.terms_versions[0].value, contest.terms_versions[0].sha256)
    contests.change_draft(contest.id, replace(contest.terms, title="改名"), actor_id=None, now=now)
    contests.publish(contest.id, actor_id=None, now=now)
    later = clock.forward(hours=1)
    terms = replace(reload(contest).terms, time_limit_s=60)
    contests.change_terms(contest.id, terms, reason="太长了", actor_id=9, now=later)
    versions = reload(contest).terms_versions
    assert [v.number for v in versions] == [1, 2, 3]
    assert (versions[0].value, versions[0].sha256) == first
    assert (versions[2].reason, versions[2].changed_by, versions[2].changed_at) == ("太长了", 9, later)
    assert reload(contest).title == "改名"


def test_the_same_terms_again_add_nothing(now: datetime) -> None:
    a_bank(now)
    contest = a_draft(now)
    contests.change_draft(contest.id, contest.terms, actor_id=None, now=now)
    assert len(reload(contest).terms_versions) == 1 and acts() == ["contest.created"]


def test_a_published_contest_needs_a_reason_and_a_pool_that_fills_the_plan(now: datetime) -> None:
    a_bank(now)
    contest = a_published(now)
    with pytest.raises(Mistakes):
        contests.change_terms(contest.id, contest.terms, reason=" ", actor_id=None, now=now)
    greedy = replace(contest.terms, plan=(replace(contest.terms.plan[0], count=99),))
    with pytest.raises(PlanNotFilled):
        contests.change_terms(contest.id, greedy, reason="多一些", actor_id=None, now=now)
    assert len(reload(contest).terms_versions) == 1


def an_attempt_begun(contest: Contest, now: datetime) -> int:
    deadline = timing.deadline_of(contest.terms, now)
    until = timing.accepts_until(contest.terms, deadline)
    return an_open_attempt(contest, started_at=now, deadline=deadline, accepts_until=until)


def test_once_somebody_has_started_only_a_later_end_and_texts_may_change(now: datetime) -> None:
    a_bank(now)
    contest = a_published(now)
    an_attempt_begun(contest, now)
    terms = contest.terms
    for changed in (
        replace(terms, time_limit_s=60),
        replace(terms, closes_at=terms.closes_at - timedelta(days=1)),
        replace(terms, plan=terms.plan[:1]),
        replace(terms, forget_on=terms.forget_on - timedelta(days=1)),
    ):
        with pytest.raises(TermsFixed):
            contests.change_terms(contest.id, changed, reason="想改", actor_id=None, now=now)
    texts = replace(terms, title="新名字", about=replace(terms.about, contact="12345"))
    contests.change_terms(contest.id, texts, reason="改电话", actor_id=None, now=now)
    contests.move_closing(contest.id, terms.closes_at + timedelta(days=1), reason="台风", actor_id=None, now=now)
    assert reload(contest).closes_at == terms.closes_at + timedelta(days=1)
    assert [v.reason for v in find.changes_since_publishing(reload(contest))] == [
        "结束时间改为 2026 年 7 月 21 日 18:00：台风",
        "改电话",
    ]


def test_a_running_attempt_gets_the_deadline_that_follows(now: datetime, clock: StillClock) -> None:
    a_bank(now)
    contest = a_published(now)
    started_at = contest.closes_at - timedelta(minutes=5)
    clock.now = started_at
    attempt_id = an_attempt_begun(contest, started_at)
    later = contest.closes_at + timedelta(minutes=10)
    contests.move_closing(contest.id, later, reason="停电", actor_id=None, now=clock.forward(minutes=1))
    attempt = db.session.get_one(Attempt, attempt_id)
    assert attempt.deadline == started_at + timedelta(minutes=15)
    assert attempt.accepts_until == attempt.deadline + timedelta(seconds=10)
    assert attempt.ended_at is None


def test_an_overdue_attempt_is_handed_in_before_the_closing_moves(now: datetime, clock: StillClock) -> None:
    a_bank(now)
    contest = a_published(now)
    started_at = contest.closes_at - timedelta(minutes=5)
    attempt_id = an_attempt_begun(contest, started_at)
    old = contest.closes_at
    contests.move_closing(
        contest.id, old + timedelta(days=1), reason="停电", actor_id=None, now=old + timedelta(seconds=11)
    )
    attempt = db.session.get_one(Attempt, attempt_id)
    assert (attempt.ended_at, attempt.deadline, attempt.ended_by) == (old, old, "clock")


def test_a_start_while_the_closing_moves_gets_the_deadline_that_follows(
    context: Flask, now: datetime, clock: StillClock
) -> None:
    a_bank(now)
    contest = a_published(now)
    started_at = contest.closes_at - timedelta(minutes=5)
    with transaction() as session:
        person = Person(kind="resident", name="王芳", masked_name="王*", created_at=now,
                        consent_version="1", consented_at=now)  # fmt: skip
        session.add(person)
        session.flush()
        person_id = person.id
    slug, contest_id, later = contest.slug, contest.id, contest.closes_at + timedelta(hours=1)
    db.session.remove()
    begun: list[datetime] = []
    outcomes: list[str] = []

    def start() -> None:
        code = "0123456789"
        attempt_id = attempts.start(slug, Holder(person_id, 1), now=started_at, seed="0" * 32, entry_code=code)
        begun.append(db.session.get_one(Attempt, attempt_id).deadline)

    tap = in_a_thread(context, start, outcomes)
    with transaction():
        contests.move_closing(contest_id, later, reason="停电", actor_id=None, now=started_at)
        tap.start()
        tap.join(timeout=0.5)  # it waits for the change, however long that takes
        assert outcomes == []
    tap.join()
    assert begun == [started_at + timedelta(minutes=20)]


def test_what_was_forgotten_is_not_opened_again(now: datetime) -> None:
    a_bank(now)
    contest = a_published(now)
    with transaction() as session:
        session.get_one(Contest, contest.id).forgotten_at = now
    with pytest.raises(Closed):
        contests.move_closing(contest.id, contest.closes_at + timedelta(days=1), reason="再开", actor_id=None, now=now)


def test_before_the_first_attempt_the_closing_may_move_either_way(now: datetime) -> None:
    a_bank(now)
    contest = a_published(now)
    earlier = contest.closes_at - timedelta(days=3)
    contests.move_closing(contest.id, earlier, reason="提前", actor_id=None, now=now)
    assert reload(contest).closes_at == earlier
    with pytest.raises(Mistakes):
        contests.move_closing(contest.id, contest.opens_at, reason="错", actor_id=None, now=now)


def test_an_end_after_the_day_of_deletion_moves_that_day(now: datetime) -> None:
    a_bank(now)
    contest = a_published(now, terms={"plan": SMALL_PLAN, "forget_on": "2026-08-01"})
    contests.move_closing(contest.id, datetime(2026, 9, 1, tzinfo=UTC), reason="延期", actor_id=None, now=now)
    assert reload(contest).forget_on == datetime(2026, 9, 1, tzinfo=UTC).date() + timedelta(days=180)


def test_pause_and_resume_end_the_same_when_done_twice(now: datetime) -> None:
    a_bank(now)
    contest = a_published(now)
    for _ in range(2):
        contests.pause(contest.id, actor_id=None, now=now, reason="核对试题")
    assert reload(contest).state == "paused"
    for _ in range(2):
        contests.resume(contest.id, actor_id=None, now=now)
    assert reload(contest).state == "published"
    assert acts() == ["contest.created", "contest.published", "contest.paused", "contest.resumed"]
    assert [v.reason for v in find.changes_since_publishing(reload(contest))] == ["恢复", "暂停：核对试题"]


def test_a_draft_and_a_contest_that_is_over_cannot_be_paused(now: datetime, clock: StillClock) -> None:
    a_bank(now)
    contest = a_draft(now)
    with pytest.raises(WrongState):
        contests.pause(contest.id, actor_id=None, now=now)
    contests.publish(contest.id, actor_id=None, now=now)
    with pytest.raises(WrongState):
        contests.pause(contest.id, actor_id=None, now=contest.closes_at)
    with pytest.raises(NotFound):
        contests.pause(999, actor_id=None, now=now)


def test_a_headcount_changes_for_this_contest_only_and_says_why(now: datetime) -> None:
    a_bank(now)
    a_register()
    contest = a_published(now)
    contests.set_headcount(contest.id, "U1", "unit", 90, reason="新进 10 人", actor_id=3, now=now)
    contests.set_headcount(contest.id, "S1", "area", 810, reason="更正", actor_id=3, now=now)
    unit = db.session.execute(select(ContestUnit).where(ContestUnit.code == "U1")).scalar_one()
    area = db.session.execute(select(ContestArea).where(ContestArea.code == "S1")).scalar_one()
    register = db.session.execute(select(Unit).where(Unit.code == "U1")).scalar_one()
    assert (unit.headcount, area.headcount, register.headcount) == (90, 810, 80)
    said = find.changes_since_publishing(reload(contest))[1].reason
    assert said == "市场监管局（U1）应参加人数由 80 改为 90：新进 10 人"
    with pytest.raises(NotFound):
        contests.set_headcount(contest.id, "U9", "unit", 90, reason="x", actor_id=3, now=now)
    with pytest.raises(Mistakes):
        contests.set_headcount(contest.id, "U1", "unit", -1, reason="x", actor_id=3, now=now)


# --- copy, show, trial -----------------------------------------------------------------------------------------------


def test_a_copy_is_a_draft_with_the_old_rules_in_a_new_window(now: datetime) -> None:
    a_bank(now)
    rounds = [{"key": "r1", "from": "2026-06-21T09:00", "to": "2026-06-22T09:00"}]
    terms = {
        "plan": SMALL_PLAN,
        "attempts": {"allowed": 1, "per": "round", "rounds": rounds},
        "forget_on": "2026-07-30",
    }
    old = a_published(now, terms=terms)
    new = contests.copy_contest(
        old.id,
        slug="quality-2027",
        title="2027 年竞赛",
        opens_at="2027-06-20T09:00",
        closes_at="2027-07-01T18:00",
        actor_id=None,
        now=now,
    )
    assert (new.state, new.pool_id, new.terms.plan) == ("draft", None, old.terms.plan)
    assert new.terms.attempts.rounds[0].opens_at == datetime(2027, 6, 21, 1, 0, tzinfo=UTC)
    assert new.terms.forget_on.isoformat() == "2027-07-11"
    with pytest.raises(Mistakes):
        contests.copy_contest(
            old.id, slug="quality-2027", title="", opens_at="2027", closes_at=None, actor_id=None, now=now
        )


def test_the_json_of_a_draft_shows_what_publishing_would_fix(now: datetime) -> None:
    a_bank(now)
    a_register()
    contest = a_draft(now)
    draft = contests.contest_as_json(contest, now)
    contests.publish(contest.id, actor_id=None, now=now)
    published = contests.contest_as_json(reload(contest), now)
    assert draft["state"] == "draft" and published["state"] == "published"
    assert draft["opens_at"] == "2026-06-20T01:00:00.000Z"
    assert {**draft, "state": ""} == {**published, "state": ""}
    assert published["units"][0] == {
        "code": "U1",
        "name": "市场监管局",
        "class": "机关",
        "street": None,
        "headcount": 80,
    }


def test_a_trial_is_marked_like_an_attempt_and_stored_nowhere(now: datetime) -> None:
    a_bank(now)
    contest = a_draft(now)
    paper = trial_paper(contest, "b" * 32)
    answers = {q.number: q.form.show(sorted(q.content.choices)) for q in paper.questions}
    assert mark_trial(paper, answers).marked.score == 1250
    assert mark_trial(paper, {}).marked.score == 0
    assert db.session.execute(select(Attempt)).first() is None
