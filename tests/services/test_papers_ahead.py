"""Papers drawn ahead of the starts that want them are the same papers, and rest on what holds when they are taken."""

import json
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from question_bank.database import db
from quiz.cli.serve import DRAWS_EVERY_S, LOOKS_EVERY_S, draw_ahead, draw_some_in_turn, pause_after_drawing
from quiz.models import Attempt, Contest, Paper
from quiz.models.contests import ContestState
from quiz.queries.contests import pool_contents
from quiz.rules.drawing import draw_paper
from quiz.services import attempts, papers_ahead
from quiz.services.contests import change_terms
from quiz.services.papers_ahead import Drawn, draw_some, layout_of, taken
from tests.builders import a_contest, a_person, a_start, holder
from tests.conftest import StillClock

pytestmark = pytest.mark.usefixtures("context")

MINUTE = timedelta(minutes=1)


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock.now


@pytest.fixture
def contest(now: datetime) -> Contest:
    contest = a_contest(now)
    a_start(contest, a_person(now), now)  # from here on starts are ordinary
    return contest


def a_start_with(contest: Contest, ahead: Drawn, now: datetime) -> Paper:
    """The paper of somebody's start that was given this one."""
    who = holder(a_person(now))
    started = attempts.start(contest.slug, who, now=now, seed=ahead.seed, entry_code=ahead.seed[:10], ahead=ahead)
    return db.session.get_one(Paper, db.session.get_one(Attempt, started).paper_id)


def of_seed(contest: Contest, seed: str) -> list[dict[str, object]]:
    assert contest.pool_id
    return layout_of(draw_paper(contest.terms, pool_contents(contest.pool_id).versions, seed))


def test_a_start_takes_a_paper_that_anybody_can_draw_again(contest: Contest, now: datetime) -> None:
    assert draw_some(now, most=3) == 3
    ahead = taken(contest.slug)
    assert ahead
    paper = a_start_with(contest, ahead, now)
    assert (paper.seed, paper.layout) == (ahead.seed, of_seed(contest, ahead.seed))


def test_a_paper_is_kept_with_the_seed_it_was_drawn_from(contest: Contest, now: datetime) -> None:
    """Whatever seed the start was given beside it: else nobody could draw it again."""
    draw_some(now, most=1)
    ahead = taken(contest.slug)
    assert ahead
    who = holder(a_person(now))
    started = attempts.start(contest.slug, who, now=now, seed="0" * 32, entry_code="E-OTHER", ahead=ahead)
    paper = db.session.get_one(Paper, db.session.get_one(Attempt, started).paper_id)
    assert paper.layout == of_seed(contest, paper.seed)


def test_no_paper_is_taken_twice(contest: Contest, now: datetime) -> None:
    draw_some(now, most=3)
    found = [taken(contest.slug) for _ in range(4)]
    assert len({each.seed for each in found if each}) == 3 and found[3] is None


def test_no_more_are_kept_than_are_to_be(contest: Contest, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers_ahead, "KEPT", 4)
    assert [draw_some(now, most=3) for _ in range(3)] == [3, 1, 0]
    taken(contest.slug)
    assert draw_some(now, most=3) == 1


def test_a_paper_of_terms_that_hold_no_more_is_drawn_anew(now: datetime) -> None:
    opens_at = now + 5 * MINUTE
    contest = a_contest(now, opens_at=opens_at.isoformat(), closes_at=(now + 60 * MINUTE).isoformat())
    draw_some(now, most=3)
    ahead = taken(contest.slug)
    assert ahead
    mix_no_more(contest, now)
    paper = a_start_with(contest, ahead, opens_at)
    assert paper.seed == ahead.seed
    assert paper.layout == of_seed(contest, ahead.seed) != layout(ahead)
    assert draw_some(now, most=9) == 9, "those that were left are drawn anew"
    fresh = taken(contest.slug)
    assert fresh and layout(fresh) == of_seed(contest, fresh.seed)


def mix_no_more(contest: Contest, now: datetime) -> None:
    terms = replace(contest.terms, mix_options=False)
    change_terms(contest.id, terms, reason="选项不再打乱", actor_id=None, now=now)


def layout(drawn: Drawn) -> Any:
    return json.loads(drawn.layout)


def test_only_what_is_open_or_opens_within_minutes_has_any(now: datetime) -> None:
    hour = 60 * MINUTE
    soon = a_contest(now, opens_at=(now + 5 * MINUTE).isoformat(), closes_at=(now + hour).isoformat())
    later = a_contest(now, opens_at=(now + 2 * hour).isoformat(), closes_at=(now + 3 * hour).isoformat())
    paused = a_contest(now)
    paused.state = ContestState.PAUSED.value
    db.session.commit()
    draw_some(now, most=3)
    assert taken(soon.slug) and not taken(later.slug) and not taken(paused.slug)
    assert draw_some(now + hour, most=3) == 0
    assert taken(soon.slug) is None, "it has closed"


def test_what_goes_wrong_ends_nothing(
    app: Flask, contest: Contest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(
        papers_ahead, "open_or_soon", lambda *_, **__: db.session.execute(text("SELECT * FROM nowhere"))
    )
    assert draw_some_in_turn(app) == 0
    assert "no papers are drawn ahead" in caplog.text
    monkeypatch.undo()
    assert draw_some_in_turn(app) > 0


def test_nothing_is_drawn_while_somebody_is_at_work(
    app: Flask, contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(papers_ahead, "KEPT", 5)
    with app.extensions["turns"].one():
        assert pause_after_drawing(app) == DRAWS_EVERY_S
    assert taken(contest.slug) is None
    assert pause_after_drawing(app) == DRAWS_EVERY_S, "there may be more to draw"
    assert pause_after_drawing(app) == LOOKS_EVERY_S, "there are enough"
    assert taken(contest.slug)


def test_only_workers_draw_ahead(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QUIZ_SERVER_PID", raising=False)
    draw_ahead(app)
    assert "draw-ahead" not in {thread.name for thread in threading.enumerate()}
