"""The cookie of a device: given at the first start, hidden from scripts, and no name for what somebody made up."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from question_bank.database import db
from quiz.models import AttemptTrace
from tests.builders import a_contest, a_person, post, sign_in
from tests.conftest import MORNING


def started(app: Flask, client: FlaskClient, slug: str) -> str:
    """The header of the cookie that somebody's start sets, "" without one; each time another person's."""
    with app.app_context():
        sign_in(client, a_person(MORNING))
    reply = post(client, f"/contests/{slug}/attempts")
    assert reply.status_code == 303
    return next((each for each in reply.headers.getlist("Set-Cookie") if each.startswith("device=")), "")


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        return a_contest(MORNING).slug


def devices(app: Flask) -> list[str | None]:
    with app.app_context():
        return list(db.session.execute(select(AttemptTrace.device).order_by(AttemptTrace.attempt_id)).scalars())


def test_a_device_gets_its_name_at_the_first_start_and_keeps_it(app: Flask, client: FlaskClient, slug: str) -> None:
    client.get("/")
    assert client.get_cookie("device") is None
    header = started(app, client, slug)
    assert "HttpOnly" in header and "SameSite=Lax" in header and "Max-Age=31536000" in header
    assert started(app, client, slug) == ""
    first, second = devices(app)
    assert first == second and first


def test_another_device_is_another(app: Flask, client: FlaskClient, slug: str) -> None:
    started(app, client, slug)
    started(app, app.test_client(), slug)
    assert len(set(devices(app))) == 2


@pytest.mark.parametrize("made_up", ["x", "甲" * 22, "a" * 4000, "a" * 21 + "'"])
def test_what_is_not_our_cookie_is_replaced(app: Flask, client: FlaskClient, slug: str, made_up: str) -> None:
    client.set_cookie("device", made_up)
    assert started(app, client, slug)
    cookie = client.get_cookie("device")
    assert cookie and cookie.value != made_up and len(cookie.value) == 22
