"""题目分析: who sees how the questions of a contest did, and that the figures are those of the attempts."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from question_bank.database import transaction
from quiz.models import Contest, Ruling
from quiz.queries.items import analysis_of
from quiz.rules.items import Hint
from quiz.rules.permissions import Role
from tests.builders import a_contest, a_person, a_street, an_ended_attempt, sign_in
from tests.conftest import MORNING
from tests.pages.test_setup import signed_in_as
from tests.players import a_member_of_staff

LATER = timedelta(minutes=10)


@pytest.fixture
def slug(app: Flask) -> str:
    """Two persons with everything right, one with everything wrong, one who left all empty."""
    with app.app_context():
        contest: Contest = a_contest(MORNING)
        for right, wrong in ((5, 0), (5, 0), (0, 5), (0, 0)):
            an_ended_attempt(contest, a_person(MORNING), began=MORNING, ended=MORNING + LATER, right=right, wrong=wrong)
        return contest.slug


def path(slug: str) -> str:
    return f"/console/contests/{slug}/questions"


def test_the_figures_are_those_of_the_attempts_that_take_part(app: Flask, slug: str) -> None:
    judge = signed_in_as(app, Role.JUDGE)
    questions = judge.get(path(slug), headers={"Accept": "application/json"}).get_json()["questions"]
    assert sum(question["attempts"] for question in questions) == 3 * 5
    assert sum(question["attempts"] * question["right_rate"] for question in questions) == pytest.approx(10)
    assert all(question["discrimination"] is None and question["hints"] == [] for question in questions)
    page = judge.get(path(slug)).text
    assert "人数太少" in page and "/console/bank/questions/" not in page


@pytest.mark.parametrize("by", ["hints", "right", "apart", "number", "no-such"])
def test_the_questions_come_in_the_order_asked_for(app: Flask, slug: str, by: str) -> None:
    assert signed_in_as(app, Role.ORGANISER).get(path(slug), query_string={"by": by}).status_code == 200


def test_only_those_who_see_the_whole_district(app: Flask, slug: str, client: FlaskClient) -> None:
    assert client.get(path(slug)).status_code == 303
    for role in (Role.REVIEWER, Role.ADMINISTRATOR):
        assert signed_in_as(app, role).get(path(slug)).status_code == 403
    with app.app_context():
        manager = a_member_of_staff(Role.STREET_MANAGER, street=a_street().code, now=MORNING)
        sign_in(client, manager)
    assert client.get(path(slug)).status_code == 403
    assert signed_in_as(app, Role.ORGANISER).get(path("no-such")).status_code == 404


def ruled(kind: str, value: dict[str, object]) -> Contest:
    """A contest of one question a paper, with a ruling about every version of its pool."""
    contest = a_contest(MORNING, plan=[{"kind": "single_choice", "count": 1, "points": 5}])
    assert contest.pool
    with transaction() as session:
        for version in contest.pool.versions:
            about = {"version_id": version["version"], "kind": kind, "value": value}
            session.add(Ruling(contest_id=contest.id, reason="更正", made_at=MORNING, **about))
    return contest


def test_a_question_out_of_the_total_is_left_out(app: Flask) -> None:
    with app.app_context():
        contest = ruled("out_of_total", {})
        an_ended_attempt(contest, a_person(MORNING), began=MORNING, ended=MORNING + LATER, right=1)
        assert analysis_of(contest.id) == []


def test_a_corrected_key_is_the_key(app: Flask) -> None:
    """Everybody chose what the version once called right, and the ruling calls wrong."""
    with app.app_context():
        contest = ruled("another_key", {"choices": [4]})
        for _ in range(60):
            an_ended_attempt(contest, a_person(MORNING), began=MORNING, ended=MORNING + LATER, right=1)
        found = [each for _version, each in analysis_of(contest.id)]
        assert all(each.right_rate == 0 for each in found)
        assert all(each.hints[0][0] is Hint.KEY_MAY_BE_WRONG for each in found if each.is_enough)
