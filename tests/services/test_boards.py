"""封榜: the ladders stand still, byte for byte, whatever happens, until they thaw."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from question_bank.database import db, transaction
from quiz.errors import BoardFrozen
from quiz.models import Attempt, AuditEntry, Contest, FrozenBoard, Person
from quiz.services import announcements, attempts, boards, contests, standings
from quiz.services.answers import save_answer
from quiz.services.standing_counts import fold
from tests.builders import (
    a_contest,
    a_person,
    a_start,
    a_street,
    a_unit,
    an_ended_attempt,
    holder,
    right_answers,
    sign_in,
)
from tests.conftest import MORNING, StillClock

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PLAN = [{"kind": "true_false", "count": 3, "points": 5}]
JSON = {"Accept": "application/json"}
MEASURES = ["participation_rate", "mean_score", "excellent_rate", "best_n", "participants", "entries", "total_score"]
RULE = {"measures": [{"measure": name, "weight": 1, "mark": 10, "n": 2} for name in MEASURES]}


@pytest.fixture
def contest(app: Flask, clock: StillClock) -> Contest:
    """It closes five hours after the morning, and freezes two hours before that; three have handed in by then."""
    with app.app_context():
        contest = a_contest(
            MORNING,
            closes_at=(MORNING + 5 * HOUR).isoformat(),
            plan=PLAN,
            attempts={"allowed": 9},
            freeze_s=7200,
            unit_ladder=RULE,
            street_ladder=RULE,
            shown={"person": "all", "unit": "all", "street": "all"},
        )
        for number in range(3):
            somebody(contest, MORNING + number * MINUTE, right=number + 1)
    return contest


def somebody(contest: Contest, began: datetime, *, right: int) -> Person:
    person = a_person(MORNING, unit=a_unit(a_street(headcount=4), headcount=2))
    an_ended_attempt(contest, person, began=began, ended=began + MINUTE, right=right, wrong=3 - right)
    return person


QUERIES: tuple[dict[str, Any], ...] = ({"by": "person"}, {"by": "unit"}, {"by": "street"})


def boards_of(client: FlaskClient, contest: Contest) -> list[bytes]:
    url = f"/contests/{contest.slug}/standings"
    return [client.get(url, query_string=query, headers=JSON).data for query in QUERIES]


def test_what_is_frozen_stays_byte_for_byte_the_same_also_after_marking_anew(
    app: Flask, client: FlaskClient, clock: StillClock, contest: Contest
) -> None:
    with app.app_context():
        first = db.session.execute(select(Person).join(Attempt.entry).join(Person)).scalars().first()
        assert first
    live = boards_of(client, contest)
    clock.forward(hours=3)
    frozen = boards_of(client, contest)
    assert frozen != live  # they say as of when
    with app.app_context():
        now = clock()
        somebody(contest, now, right=3)
        an_ended_attempt(contest, db.session.get_one(Person, first.id), began=now, ended=now + MINUTE, right=3)
        ended = db.session.execute(select(Attempt).where(Attempt.contest_id == contest.id)).scalars().all()
        with transaction() as session:
            session.execute(update(Attempt).where(Attempt.id == ended[1].id).values(score=0))
            session.execute(update(Attempt).where(Attempt.id == ended[2].id).values(is_set_aside=True))
            for attempt in ended[1:3]:
                standings.keep_up(session, attempt.entry_id, contest.terms)
        fold(contest.id)
        standings.rebuild(contest.id)
    clock.forward(hours=1)
    assert boards_of(client, contest) == frozen
    clock.forward(hours=3)  # the contest is over, and the board still waits
    assert boards_of(client, contest) == frozen
    with app.app_context():
        boards.thaw(contest.id, actor_id=None, now=clock())
        boards.thaw(contest.id, actor_id=None, now=clock())
        acts = db.session.execute(select(AuditEntry.act).where(AuditEntry.act == "contest.thawed")).scalars().all()
        assert len(acts) == 1
    thawed = boards_of(client, contest)
    assert thawed != frozen and all(b'"rank"' in each for each in thawed)


def test_a_frozen_board_says_what_the_live_one_said_at_that_moment(
    app: Flask, client: FlaskClient, clock: StillClock, contest: Contest
) -> None:
    clock.forward(hours=2, minutes=59, seconds=59)
    before = [client.get(f"/contests/{contest.slug}/standings", query_string=q, headers=JSON).json for q in QUERIES]
    clock.forward(seconds=1)
    after = [client.get(f"/contests/{contest.slug}/standings", query_string=q, headers=JSON).json for q in QUERIES]
    for was, is_now in zip(before, after, strict=True):
        assert was and is_now and was.pop("as_of") != is_now.pop("as_of")
        assert was == is_now


def test_whoever_looks_late_sees_what_stood_at_the_moment_and_not_what_came_between(
    app: Flask, client: FlaskClient, clock: StillClock, contest: Contest
) -> None:
    with app.app_context():
        person = somebody(contest, MORNING + HOUR, right=1)
        later = MORNING + 3 * HOUR + MINUTE
        an_ended_attempt(contest, person, began=later, ended=later + MINUTE, right=3)
        newcomer = somebody(contest, later, right=3)
        assert standings.verify(contest.id) is None
        for each in (person, newcomer):
            db.session.refresh(each)
    clock.forward(hours=4)
    found = client.get(f"/contests/{contest.slug}/standings", headers=JSON).json
    assert found and (found["total"], found["as_of"]) == (4, "2026-06-20T04:00:00.000Z")
    assert [row["score"] for row in found["rows"]] == [15, 10, 5, 5]
    sign_in(client, newcomer)
    mine = client.get(f"/contests/{contest.slug}/standings", headers=JSON).json
    assert mine and mine["me"] is None
    sign_in(client, person)
    mine = client.get(f"/contests/{contest.slug}/standings", headers=JSON).json
    assert mine and (mine["me"]["score"], mine["me"]["rank"]) == (5, 4)


def test_the_result_page_shows_the_own_score_and_the_rank_as_frozen(
    app: Flask, client: FlaskClient, clock: StillClock, contest: Contest
) -> None:
    clock.forward(hours=3)
    with app.app_context():
        person = a_person(MORNING)
        attempt = an_ended_attempt(contest, person, began=clock(), ended=clock() + MINUTE, right=3)
        db.session.refresh(person)
        db.session.refresh(attempt)
    sign_in(client, person)
    clock.forward(minutes=2)
    result = client.get(f"/attempts/{attempt.id}/result", headers=JSON).json
    assert result and (result["score"], result["rank"]) == (15, None)


def test_a_closing_time_that_moves_later_thaws_and_freezes_anew(
    app: Flask, client: FlaskClient, clock: StillClock, contest: Contest
) -> None:
    clock.forward(hours=3)
    url = f"/contests/{contest.slug}/standings"
    assert client.get(url, headers=JSON).json["as_of"] == "2026-06-20T04:00:00.000Z"  # type: ignore[index]  # a reply without JSON fails here
    with app.app_context():
        contests.move_closing(contest.id, MORNING + 8 * HOUR, reason="街道要求", actor_id=None, now=clock())
        somebody(contest, clock(), right=3)
    clock.forward(minutes=5)
    assert client.get(url, headers=JSON).json["total"] == 4  # type: ignore[index]  # a reply without JSON fails here
    clock.forward(hours=3)
    found = client.get(url, headers=JSON).json
    assert found and (found["as_of"], found["total"]) == ("2026-06-20T07:00:00.000Z", 4)


@pytest.mark.usefixtures("context")
def test_overdue_attempts_belong_to_the_moment_their_time_ran_out(clock: StillClock, contest: Contest) -> None:
    for minutes in (30, 10):
        person, began = a_person(MORNING), MORNING + 3 * HOUR - minutes * MINUTE
        attempt = a_start(contest, person, began)
        for position, answer in right_answers(attempt.id).items():
            save_answer(attempt.id, holder(person), position, answer, now=began)
    board = boards.freeze(contest.id, now=MORNING + 4 * HOUR)
    assert board is not None and boards.freeze(contest.id, now=MORNING + 4 * HOUR) is not None
    assert boards.Frozen(contest, contest.terms, board).total(boards.Within()) == 4
    assert attempts.submit_expired(contest.id, now=MORNING + 4 * HOUR) == 0


@pytest.mark.usefixtures("context")
def test_nothing_freezes_where_the_terms_do_not_say_so(app: Flask) -> None:
    plain = a_contest(MORNING, plan=PLAN)
    assert boards.freeze(plain.id, now=MORNING + 999 * HOUR) is None
    assert db.session.execute(select(FrozenBoard)).first() is None
    outcome = app.test_cli_runner().invoke(args=["standings", "freeze", plain.slug])
    assert outcome.exit_code == 1


def test_nothing_is_announced_that_is_still_kept_back(context: Flask, contest: Contest) -> None:
    contest = db.session.get_one(Contest, contest.id)
    over = contest.closes_at + HOUR
    wish = announcements.first_wish(contest, host="区质量办", now=over)
    with pytest.raises(BoardFrozen):
        announcements.draft(contest.id, wish, now=over)
    boards.thaw(contest.id, actor_id=None, now=over)
    assert announcements.draft(contest.id, wish, now=over).tables
