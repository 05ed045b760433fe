"""练习 and 错题本 as pages, without JavaScript; the switch at the bank."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quiz.models import Person
from quiz.rules.permissions import Role
from quiz.services import practice
from tests.builders import a_contest, a_person, an_ended_attempt, post, sign_in, some_questions
from tests.conftest import MORNING, StillClock
from tests.contest_builders import TRUE_FALSE, a_bank, a_question
from tests.pages.test_setup import signed_in_as


@pytest.fixture
def person(app: Flask, client: FlaskClient) -> Person:
    with app.app_context():
        made = a_person(MORNING)
        sign_in(client, made)
        return made


def an_open_bank(app: Flask, **content: str) -> int:
    with app.app_context():
        bank = a_bank(
            MORNING, a_question(TRUE_FALSE, explanation="秘解析", source="秘出处", domain="环境/卫生", **content)
        )
        practice.open_bank(bank.id, is_open=True, actor_id=1, now=MORNING)
        return bank.id


def answered(client: FlaskClient, url: str, letter: str) -> str:
    version = re.search(r'name="version" value="(\d+)"', client.get(url).text)
    assert version
    answer = post(client, url, {"version": version[1], "answer": letter})
    assert answer.status_code == 200
    return answer.text


@pytest.mark.usefixtures("person")
def test_a_question_is_practised_and_the_key_comes_after_the_answer(app: Flask, client: FlaskClient) -> None:
    an_open_bank(app)
    assert "练这个领域" in (index := client.get("/practice").text) and "环境" in index
    url = client.get("/practice/next", query_string={"domain": "环境"}).location
    page = client.get(url).text
    assert "秘" not in page and "正确" not in page
    empty = post(client, url, {"version": "1"})
    assert empty.status_code == 422 and "请先作答" in empty.text and "秘" not in empty.text
    wrong = answered(client, url, "B")
    assert "答错了" in wrong and "秘解析" in wrong and "秘出处" in wrong and "已放进错题本" in wrong
    assert "道判断题" in client.get("/practice/book").text and "1 道题等您练对" in client.get("/practice").text
    again = client.get("/practice/next?book=1").location
    assert "答对了" in answered(client, again, "A")
    assert "没有要练的错题" in client.get("/practice/book").text
    assert client.get("/practice/next?book=1").location == "/practice/book"


@pytest.mark.usefixtures("person")
def test_a_question_leaves_the_book_by_hand(app: Flask, client: FlaskClient) -> None:
    an_open_bank(app)
    url = client.get("/practice/next").location
    answered(client, url, "B")
    out = re.search(r'action="(/practice/book/\d+/out)"', client.get("/practice/book").text)
    assert out and post(client, out[1]).location == "/practice/book"
    assert "没有要练的错题" in client.get("/practice/book").text


def test_mistakes_of_an_attempt_go_into_the_book_and_are_practised_after_the_contest(
    app: Flask, client: FlaskClient, person: Person, clock: StillClock
) -> None:
    with app.app_context():
        contest = a_contest(clock(), contents=some_questions())
        attempt = an_ended_attempt(
            contest, person, began=MORNING, ended=MORNING + timedelta(minutes=5), right=3, wrong=1
        )
    url = f"/attempts/{attempt.id}"
    assert "错题放进错题本" in client.get(f"{url}/result").text
    assert post(client, f"{url}/book").location == f"{url}/result"
    held = client.get("/practice/book").text
    assert "另有 2 道题现在不能练" in held and "秘" not in held
    assert client.get("/practice/next?book=1").location == "/practice/book"
    clock.forward(days=60)
    assert "练全部错题（2 题）" in client.get("/practice/book").text


def test_mistakes_wait_as_long_as_the_keys(app: Flask, client: FlaskClient, person: Person, clock: StillClock) -> None:
    with app.app_context():
        contest = a_contest(clock(), keys_shown="after_contest")
        attempt = an_ended_attempt(contest, person, began=MORNING, ended=MORNING + timedelta(minutes=5), right=1)
        url = f"/attempts/{attempt.id}"
        other = a_person(MORNING)
        other_client = app.test_client()
        sign_in(other_client, other)
    assert "错题放进错题本" not in client.get(f"{url}/result").text
    assert post(client, f"{url}/book").status_code == 404
    clock.forward(days=60)
    assert post(other_client, f"{url}/book").status_code == 404
    assert post(client, f"{url}/book").status_code == 303


@pytest.mark.usefixtures("person")
def test_what_is_not_open_or_not_there_is_not_shown(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        a_bank(MORNING, a_question())
    assert "现在没有可以练的题" in client.get("/practice").text
    assert [client.get(f"/practice/questions/{number}").status_code for number in (1, 99)] == [404, 404]
    assert post(client, "/practice/questions/1", {"version": "1", "answer": "A"}).status_code == 404
    assert client.get("/practice/next").location == "/practice"


def test_the_organiser_opens_a_bank_and_closes_it_again(app: Flask, client: FlaskClient, person: Person) -> None:
    with app.app_context():
        bank_id = a_bank(MORNING, a_question()).id
    organiser, judge = signed_in_as(app, Role.ORGANISER), signed_in_as(app, Role.JUDGE)
    url = f"/console/bank/{bank_id}"
    assert post(judge, f"{url}/practice", {"go": "open"}).status_code == 403
    assert "没有开放练习" in organiser.get(url).text
    assert post(organiser, f"{url}/practice", {"go": "open"}).status_code == 303
    assert "已开放练习" in organiser.get(url).text and "开始练习（1 题）" in client.get("/practice").text
    assert "开放题库练习" in organiser.get("/console/audit").text
    post(organiser, f"{url}/practice", {"go": "close"})
    assert "现在没有可以练的题" in client.get("/practice").text


def test_the_result_says_how_it_went_by_domain(
    app: Flask, client: FlaskClient, person: Person, clock: StillClock
) -> None:
    plan = [{"kind": "single_choice", "domain": domain, "count": 1, "points": 5} for domain in ("产品", "工程")]
    with app.app_context():
        contents = [a_question(domain="产品/食品"), a_question(domain="工程")]
        contest = a_contest(clock(), contents=contents, plan=plan, mix_questions=False)
        ended = MORNING + timedelta(minutes=5)
        url = f"/attempts/{an_ended_attempt(contest, person, began=MORNING, ended=ended, right=1, wrong=1).id}"
    page = client.get(f"{url}/result").text
    assert "各领域的得分" in page and "0/1 题" in page and "1/1 题" in page and page.index("工程") < page.index("100 %")
