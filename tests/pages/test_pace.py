"""Saves, starts and hand-ins above 50 a second are refused with 429; all else is untouched."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quiz.models import Contest, Person
from quiz.web.pace import BURST, Pace
from tests.builders import a_contest, a_person, csrf_of, post, sign_in
from tests.conftest import MORNING


@pytest.fixture(autouse=True)
def stopped(app: Flask) -> Iterator[None]:
    """Time stands still, so that no token comes back."""
    before = app.extensions["pace"]
    app.extensions["pace"] = Pace(lambda: 1_000.0)
    yield
    app.extensions["pace"] = before


@pytest.fixture
def person(app: Flask) -> Person:
    with app.app_context():
        return a_person(MORNING)


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        contest: Contest = a_contest(MORNING)
        return contest.slug


def test_one_person_too_fast_hears_it_and_loses_nothing(
    app: Flask, client: FlaskClient, person: Person, slug: str
) -> None:
    sign_in(client, person)
    attempt = post(client, f"/contests/{slug}/attempts").location
    headers = {"X-CSRFToken": csrf_of(client)}
    saves = [client.put(f"{attempt}/answers/1", json={"answer": []}, headers=headers) for _save in range(BURST)]
    assert [save.status_code for save in saves[-2:]] == [200, 429]
    told = saves[-1].json
    assert told and (told["saved"], told["reason"]) == (False, "too_often") and "已保存的答案都在" in told["message"]
    for path in (f"{attempt}/submit", f"{attempt}/answers/1", f"/contests/{slug}/attempts"):
        refused = post(client, path, {"answer": "A"})
        assert refused.status_code == 429 and 'data-reason="too_often"' in refused.text and "口令" not in refused.text
    question = client.get(attempt, headers={"Accept": "application/json"}).json
    assert question and question["state"] == "open" and question["questions"][0]["revision"] == BURST - 1

    with app.app_context():
        other = a_person(MORNING)
    neighbour = app.test_client()  # behind the same address
    sign_in(neighbour, other)
    assert post(neighbour, f"/contests/{slug}/attempts").status_code == 303


def test_two_thousand_start_behind_one_address(app: Flask, slug: str) -> None:
    """A few of them here: nothing counts by address, and each has a bucket of their own."""
    with app.app_context():
        people = [a_person(MORNING) for _person in range(BURST + 10)]
    for each in people:
        client = app.test_client()
        sign_in(client, each)
        assert post(client, f"/contests/{slug}/attempts").status_code == 303


def test_a_request_from_elsewhere_takes_no_token(app: Flask, client: FlaskClient, person: Person, slug: str) -> None:
    sign_in(client, person)
    for _forged in range(BURST + 1):
        assert client.post(f"/contests/{slug}/attempts").status_code == 403
    assert post(client, f"/contests/{slug}/attempts").status_code == 303


def test_switched_off_it_counts_nothing(app: Flask, client: FlaskClient, person: Person, slug: str) -> None:
    app.extensions["pace"] = None
    sign_in(client, person)
    assert {post(client, f"/contests/{slug}/attempts").status_code for _tap in range(BURST + 1)} == {303}
