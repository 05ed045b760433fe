"""题目分析: who sees how the questions of a contest did, and that the figures are those of the attempts."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quiz.models import Contest
from quiz.rules.permissions import Role
from tests.builders import a_contest, a_person, an_ended_attempt
from tests.conftest import MORNING
from tests.pages.test_setup import signed_in_as

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
    assert signed_in_as(app, Role.REVIEWER).get(path(slug)).status_code == 403
    assert signed_in_as(app, Role.ORGANISER).get(path("no-such")).status_code == 404
