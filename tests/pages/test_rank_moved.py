"""How the rank moved with the last attempt, and 再答一次 where the terms still allow one."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quiz.models import Attempt, Contest, Person
from quiz.queries import standings as ladders
from quiz.queries.attempts import entry_of
from quiz.rules.contest import Ties
from quiz.services import standings
from tests.builders import a_contest, a_person, a_start, an_ended_attempt, sign_in
from tests.conftest import MORNING, StillClock

MINUTE = timedelta(minutes=1)
FIVE_ALIKE = [{"kind": "single_choice", "count": 5, "points": 5}]
RANK_LINE = '<p class="rank-line">'


def tries(contest: Contest, person: Person, *rights: int, began: datetime = MORNING) -> Attempt:
    """Attempts of a minute each, so many of five questions right; the last one."""
    for number, right in enumerate(rights):
        at = began + number * MINUTE
        last = an_ended_attempt(contest, person, began=at, ended=at + MINUTE, right=right, wrong=5 - right)
    return last


def others(contest: Contest) -> None:
    for right in (5, 3, 3):
        tries(contest, a_person(MORNING), right)


def result_of(client: FlaskClient, attempt_id: int) -> str:
    return client.get(f"/attempts/{attempt_id}/result").text


@pytest.mark.parametrize(
    ("rights", "counts", "said"),
    [
        ((0, 4), "best", "这一次让名次从第 4 名升到第 2 名"),
        ((4, 0), "best", "这一次没有改变名次"),
        ((4, 0), "last", "这一次让名次从第 2 名降到第 4 名"),
        ((4, 0), "mean", "这一次让名次从第 2 名降到第 4 名"),
        ((4,), "best", None),
    ],
)
def test_the_result_says_how_the_rank_moved(
    app: Flask, client: FlaskClient, clock: StillClock, rights: tuple[int, ...], counts: str, said: str | None
) -> None:
    clock.forward(hours=1)
    with app.app_context():
        contest = a_contest(MORNING, counts=counts, plan=FIVE_ALIKE)
        others(contest)
        me = a_person(MORNING)
        attempt_id = tries(contest, me, *rights, began=MORNING + MINUTE).id
        sign_in(client, me)
    page = result_of(client, attempt_id)
    assert RANK_LINE in page
    assert (said in page) if said else ("名次从第" not in page and "改变名次" not in page)


def test_an_earlier_attempt_says_nothing_of_it(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        contest, me = a_contest(MORNING), a_person(MORNING)
        first = tries(contest, me, 1).id
        tries(contest, me, 5, began=MORNING + MINUTE)
        sign_in(client, me)
    assert "这一次" not in result_of(client, first)


@pytest.mark.parametrize("ties", list(Ties))
@pytest.mark.parametrize("counts", ["best", "last", "mean", "daily_sum"])
def test_it_is_the_rank_of_before_where_nobody_else_handed_in(app: Flask, counts: str, ties: Ties) -> None:
    with app.app_context():
        contest = a_contest(MORNING, counts=counts, ties=ties.value)
        others(contest)
        me = a_person(MORNING)
        before = None
        for number, right in enumerate((3, 5, 0)):
            last = tries(contest, me, right, began=MORNING + number * MINUTE)
            without = standings.without_last(last, contest.terms)
            assert (without and ladders.rank_as_if(contest.id, ties, without)) == before
            before = _rank(contest, ties, me)


def _rank(contest: Contest, ties: Ties, person: Person) -> int | None:
    entry = entry_of(contest.id, person.id)
    row = ladders.person_of_entry(contest.id, ties, entry.id) if entry else None
    return row.place.rank if row else None


def test_nothing_hypothetical_is_kept(app: Flask) -> None:
    with app.app_context():
        contest, me = a_contest(MORNING), a_person(MORNING)
        last = tries(contest, me, 1, 5)
        assert standings.without_last(last, contest.terms)
        assert standings.verify(contest.id) is None


def test_answering_again_is_offered_while_the_terms_allow_it(
    app: Flask, client: FlaskClient, clock: StillClock
) -> None:
    with app.app_context():
        contest, me = a_contest(MORNING), a_person(MORNING)
        attempt_id = tries(contest, me, 2).id
        sign_in(client, me)
    page = result_of(client, attempt_id)
    assert "再答一次" in page and "还可以答 2 次" in page
    with app.app_context():
        running = a_start(contest, me, clock()).id
    assert "再答一次" not in result_of(client, attempt_id)  # 继续答题 is on the contest page
    clock.forward(minutes=30)
    client.get(f"/attempts/{running}/result")
    assert "还可以答 1 次" in result_of(client, attempt_id)
    clock.forward(days=40)
    assert "再答一次" not in result_of(client, attempt_id)


@pytest.mark.parametrize("terms", [{"attempts": {"allowed": 1}}, {"attempts": {"allowed": 2, "per": "day"}}])
def test_by_day_and_once(app: Flask, client: FlaskClient, terms: dict[str, Any]) -> None:
    with app.app_context():
        contest, me = a_contest(MORNING, **terms), a_person(MORNING)
        attempt_id = tries(contest, me, 2).id
        sign_in(client, me)
    page = result_of(client, attempt_id)
    assert ("今天还可以答 1 次" in page) == ("per" in terms["attempts"])
    assert ("再答一次" in page) == ("per" in terms["attempts"])
