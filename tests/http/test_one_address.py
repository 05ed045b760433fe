"""People behind one address meet no limit; whoever guesses passwords from it does."""

from collections.abc import Iterator

import pytest

from question_bank.database import transaction
from quiz.clock import system_clock
from quiz.models import Attempt, AttemptTrace, SignInFailure
from quiz.rules.accounts import FAILURES_BY_ACCOUNT, FAILURES_BY_ADDRESS
from quiz.services.accounts import Guard
from tests.conftest import DATABASES
from tests.http.browser import PASSWORD, Browser
from tests.http.one_address import arrive
from tests.http.platforms import Platform, a_phone, a_platform

PEOPLE = 200
A_MINUTE = 60


@pytest.fixture(scope="module", params=DATABASES)
def limited(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Platform]:
    """With its limits on, as users run it."""
    folder = tmp_path_factory.mktemp(f"limited-{request.param}")
    with a_platform(request.param, folder, f"limited_{worker_id}", RATE_LIMITS="on") as found:
        yield found


def test_two_hundred_people_behind_one_address_register_and_start_within_a_minute(limited: Platform) -> None:
    """``python -m bench.one_address`` is the same with 2,000."""
    slug = limited.a_contest()
    crowd = arrive(limited, slug, PEOPLE)
    assert (dict(crowd.registered), dict(crowd.started)) == ({303: PEOPLE}, {303: PEOPLE})
    assert crowd.start_s < A_MINUTE, str(crowd)
    contest_id = limited.contest_id(slug)
    assert limited.count(Attempt, Attempt.contest_id == contest_id) == PEOPLE
    assert limited.count(AttemptTrace, AttemptTrace.contest_id == contest_id) == PEOPLE


def signed_in(browser: Browser, phone: str, password: str) -> int:
    status = browser.post("/sign-in", {"account": phone, "password": password}).status
    browser.token = ""
    return status


def test_guessing_at_one_account_ends_after_ten_and_the_others_go_on(limited: Platform) -> None:
    victim, neighbour, guesser = a_phone(), a_phone(), Browser(limited.port)
    for phone in (victim, neighbour):
        Browser(limited.port).register(phone)
    tries = [signed_in(guesser, victim, f"caicaikan{number}") for number in range(FAILURES_BY_ACCOUNT + 2)]
    assert tries == [422] * FAILURES_BY_ACCOUNT + [429] * 2
    assert signed_in(Browser(limited.port), neighbour, PASSWORD) == 303


def test_guessing_at_very_many_accounts_ends_for_the_address(limited: Platform) -> None:
    """And takes nothing from who is signed in, or registers anew, behind the same address."""
    slug = limited.a_contest()
    inside = limited.a_participant()
    address = Guard(limited.server.environ["SECRET_KEY"], "127.0.0.1").of_address()
    before = limited.count(SignInFailure, SignInFailure.counted_by == address)
    with limited.office(), transaction() as session:
        now = system_clock()
        session.add_all(SignInFailure(counted_by=address, at=now) for _ in range(FAILURES_BY_ADDRESS - before - 3))
    guesser = Browser(limited.port)
    assert [signed_in(guesser, a_phone(), "caicaikan1") for _ in range(5)] == [422] * 3 + [429] * 2
    assert inside.start(slug).status == 303
    assert limited.a_participant().start(slug).status == 303
