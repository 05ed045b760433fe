"""这道题有误: from the result page into the queue, and the answer back on the result page."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from question_bank.database import db
from quiz.models import Contest, Person, QuestionReport
from quiz.rules.permissions import Role
from tests.builders import a_contest, a_person, csrf_of, post, sign_in
from tests.conftest import MORNING, StillClock
from tests.pages.test_setup import signed_in_as


@pytest.fixture
def person(app: Flask) -> Person:
    with app.app_context():
        return a_person(MORNING, name="欧阳文")


def a_result(app: Flask, client: FlaskClient, person: Person, **terms: object) -> str:
    """The address of a fresh attempt that was handed in."""
    with app.app_context():
        contest: Contest = a_contest(MORNING, **terms)
        slug = contest.slug
    sign_in(client, person)
    attempt: str = post(client, f"/contests/{slug}/attempts").location
    post(client, f"{attempt}/submit")
    return attempt


def queue(staff: FlaskClient) -> str:
    return staff.get("/console/reports").text


def answered(staff: FlaskClient, page: str, **given: str) -> int:
    """Send the form for the whole question back, as it stands on the page."""
    url = re.search(r'action="(/console/reports/\d+)"', page)
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert url and seen
    return staff.post(url[1], data={"csrf_token": csrf_of(staff), "seen": seen[1], **given}).status_code


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.JUDGE])
def test_a_report_reaches_the_one_queue_and_its_answer_the_result(
    app: Flask, client: FlaskClient, person: Person, role: Role
) -> None:
    attempt = a_result(app, client, person)
    sent = post(client, f"{attempt}/questions/2/report", {"note": "B 也对，<b>见条文</b>"})
    assert sent.status_code == 303 and sent.location.endswith("/result#q2")
    page = client.get(f"{attempt}/result").text
    assert "已收到您对第 2 题的意见" in page and "等待答复" in page

    staff = signed_in_as(app, role)
    assert re.search(r'意见和申诉\s*<span class="count">1</span>', staff.get("/console").text)
    page = queue(staff)
    assert "B 也对，&lt;b&gt;见条文&lt;/b&gt;" in page and "欧阳*" in page and "欧阳文" not in page and "秘出处" in page
    assert answered(staff, page, outcome="upheld", answer="您说得对，已更正。") == 303
    assert "没有意见等着答复" in queue(staff)
    assert "您说得对，已更正。" in staff.get("/console/reports?show=answered").text
    assert "答复：确实有误。" in (page := client.get(f"{attempt}/result").text) and "您说得对，已更正。" in page


def test_a_second_note_says_that_the_first_stays(app: Flask, client: FlaskClient, person: Person) -> None:
    attempt = a_result(app, client, person)
    for note in ("第一句", "第二句"):
        post(client, f"{attempt}/questions/1/report", {"note": note})
    page = client.get(f"{attempt}/result").text
    assert "先前写的不变" in page and "第一句" in page and "第二句" not in page


def test_an_answer_waits_as_long_as_the_keys(
    app: Flask, client: FlaskClient, person: Person, clock: StillClock
) -> None:
    attempt = a_result(app, client, person, keys_shown="after_contest")
    post(client, f"{attempt}/questions/1/report", {"note": "有疑问"})
    staff = signed_in_as(app, Role.JUDGE)
    assert answered(staff, queue(staff), outcome="dismissed", answer="正确的是丙") == 303
    page = client.get(f"{attempt}/result").text
    assert "已经有了答复" in page and "正确的是丙" not in page and "没有问题" not in page and "秘" not in page
    clock.forward(days=400)
    assert "正确的是丙" in client.get(f"{attempt}/result").text


def test_what_cannot_be_taken_is_said(app: Flask, client: FlaskClient, person: Person) -> None:
    attempt = a_result(app, client, person)
    empty = post(client, f"{attempt}/questions/1/report", {"note": "  "})
    assert empty.status_code == 422 and "请写一写哪里不对" in empty.text
    assert post(client, f"{attempt}/questions/9/report", {"note": "有误"}).status_code == 404
    post(client, f"{attempt}/questions/1/report", {"note": "有误"})
    staff = signed_in_as(app, Role.ORGANISER)
    page = queue(staff)
    assert answered(staff, page, outcome="upheld", answer="") == 422
    assert answered(staff, page, outcome="perhaps", answer="好") == 422
    with app.app_context():
        assert db.session.scalars(select(QuestionReport.outcome)).all() == [""]


def test_too_many_in_an_hour_is_said(
    app: Flask, client: FlaskClient, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("quiz.rules.reports.MOST_IN_A_SPAN", 1)
    attempt = a_result(app, client, person)
    post(client, f"{attempt}/questions/1/report", {"note": "有误"})
    refused = post(client, f"{attempt}/questions/2/report", {"note": "有误"})
    assert refused.status_code == 429 and 'data-reason="too_often"' in refused.text and "口令" not in refused.text


def test_the_queue_is_for_organisers_and_judges(app: Flask) -> None:
    for role in (Role.REVIEWER, Role.ADMINISTRATOR):
        assert signed_in_as(app, role).get("/console/reports").status_code == 403
