"""The session cookie: signed, of limited age, and each request's own."""

from datetime import timedelta

import pytest
from flask import Flask, flash, session
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from quiz.web.sessions import KeptSignatures


@pytest.fixture
def small() -> Flask:
    """An app with our sessions and one page, which counts its visits."""
    small = Flask(__name__)
    small.secret_key = "tests"
    small.session_interface = KeptSignatures(small)

    @small.get("/note")
    def note() -> ResponseReturnValue:
        flash("来过")
        session["visits"] = session.get("visits", 0) + 1
        return {"visits": session["visits"], "flashes": len(session["_flashes"])}

    return small


@pytest.fixture
def client(small: Flask) -> FlaskClient:
    return small.test_client()


def visit(client: FlaskClient) -> tuple[int, int]:
    value = client.get("/note").get_json()
    return value["visits"], value["flashes"]


def test_a_session_goes_on_from_request_to_request(client: FlaskClient) -> None:
    assert [visit(client) for _ in range(3)] == [(1, 1), (2, 2), (3, 3)]


def test_what_one_request_changes_is_not_seen_by_another_with_the_same_cookie(client: FlaskClient) -> None:
    visit(client)
    cookie = client.get_cookie("session")
    assert cookie
    for _ in range(3):
        client.set_cookie("session", cookie.value)
        assert visit(client) == (2, 2)


@pytest.mark.parametrize(
    "change", [lambda text: text[:-4] + ("A" if text[-4] != "A" else "E") + text[-3:], lambda text: text[1:]]
)
def test_a_cookie_that_somebody_changed_is_no_session(client: FlaskClient, change: object) -> None:
    visit(client)
    cookie = client.get_cookie("session")
    assert cookie and callable(change)
    client.set_cookie("session", change(cookie.value))
    assert visit(client) == (1, 1)


def test_a_cookie_of_another_key_is_no_session(client: FlaskClient) -> None:
    client.set_cookie("session", "eyJ2aXNpdHMiOjd9.aGVsbG8.c2lnbmF0dXJl")
    assert visit(client) == (1, 1)


def test_a_cookie_grows_too_old_though_it_was_verified_before(small: Flask, client: FlaskClient) -> None:
    visit(client)
    assert visit(client) == (2, 2)
    small.permanent_session_lifetime = timedelta(seconds=-1)
    assert visit(client)[0] == 1
