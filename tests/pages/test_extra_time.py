"""补时 through the console and the command."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from question_bank.database import db
from quiz.models import Attempt, Contest, Person
from quiz.rules.permissions import Role
from tests.builders import a_contest, a_person, a_start, again, csrf_of, sign_in
from tests.conftest import MORNING, StillClock
from tests.pages.test_setup import messages_of, signed_in_as


@pytest.fixture
def attempt(app: Flask) -> Attempt:
    with app.app_context():
        contest: Contest = a_contest(MORNING, title="夏季竞赛")
        found = a_start(contest, a_person(MORNING, name="欧阳文"), MORNING)
        _ = found.entry.contest.slug
        return found


def url_of(attempt: Attempt) -> str:
    return f"/console/contests/{attempt.entry.contest.slug}/extra-time"


def sent(staff: FlaskClient, url: str, **given: str) -> tuple[int, str]:
    page = staff.get(url).text
    seen = re.search(r'name="seen" type="hidden" value="(\d+)"', page)
    assert seen, page
    answer = staff.post(url, data={"csrf_token": csrf_of(staff), "seen": seen[1], **given})
    return answer.status_code, staff.get(url).text if answer.status_code == 303 else answer.text


def extra_ms(app: Flask, attempt: Attempt) -> int:
    with app.app_context():
        return int(again(attempt).extra_ms)


def test_an_organiser_gives_it_sees_it_and_takes_it_back(app: Flask, attempt: Attempt) -> None:
    staff = signed_in_as(app, Role.ORGANISER)
    url = url_of(attempt)
    page = staff.get(url).text
    assert "现在有 1 人正在答题" in page and "欧阳*" in page and "欧阳文" not in page
    status, page = sent(staff, url, whom="one", name=attempt.entry.entry_code, minutes="5", reason="设备坏了")
    assert status == 303 and "补时 5 分钟" in page and "设备坏了" in page
    assert extra_ms(app, attempt) == 300_000
    undo = re.search(r'action="([^"]+/undo)"', page)
    assert undo
    assert staff.post(undo[1], data={"csrf_token": csrf_of(staff), "reason": ""}).status_code == 422
    assert staff.post(undo[1], data={"csrf_token": csrf_of(staff), "reason": "弄错了"}).status_code == 303
    assert extra_ms(app, attempt) == 0 and "原因：弄错了" in staff.get(url).text
    record = staff.get("/console/audit").text
    assert "撤销补时" in record and "原因：设备坏了" in record


def test_what_was_forgotten_is_said(app: Flask, attempt: Attempt) -> None:
    staff, url = signed_in_as(app, Role.ORGANISER), url_of(attempt)
    for given, said in (
        ({"minutes": "5", "reason": "停电"}, "选"),
        ({"whom": "one", "minutes": "5", "reason": "停电"}, "请填参赛编号或手机号"),
        ({"whom": "all", "minutes": "5"}, "请填原因"),
        ({"whom": "all", "minutes": "0", "reason": "停电"}, "不小于 1"),
        ({"whom": "all", "minutes": "2000", "reason": "停电"}, "1 到 1440"),
    ):
        status, page = sent(staff, url, **given)
        assert status == 422 and said in messages_of(page), (given, messages_of(page))
    assert extra_ms(app, attempt) == 0


def test_two_taps_give_it_once(app: Flask, attempt: Attempt) -> None:
    staff, url = signed_in_as(app, Role.ORGANISER), url_of(attempt)
    form = {"csrf_token": csrf_of(staff), "seen": "0", "whom": "all", "minutes": "5", "reason": "停电"}
    assert [staff.post(url, data=form).status_code for _tap in range(2)] == [303, 422]
    assert staff.post(url, data={**form, "seen": "x"}).status_code == 422
    assert extra_ms(app, attempt) == 300_000


def test_the_countdown_follows_with_the_next_save(
    app: Flask, client: FlaskClient, attempt: Attempt, clock: StillClock
) -> None:
    staff = signed_in_as(app, Role.ORGANISER)
    clock.forward(minutes=19)
    sent(staff, url_of(attempt), whom="all", minutes="5", reason="停电")
    with app.app_context():
        sign_in(client, db.session.get_one(Person, attempt.entry.person_id))
    headers = {"X-CSRFToken": csrf_of(client)}
    saved = client.put(f"/attempts/{attempt.id}/answers/1", json={"answer": []}, headers=headers).json
    assert saved and saved["remaining_ms"] == 6 * 60_000


def test_past_the_closing_time_the_way_back_to_the_questions_is_on_the_first_page(
    app: Flask, client: FlaskClient, clock: StillClock
) -> None:
    with app.app_context():
        contest, person = a_contest(MORNING, closes_at="2026-06-20T09:10"), a_person(MORNING)
        attempt = a_start(contest, person, MORNING)
        slug, url = attempt.entry.contest.slug, url_of(attempt)
        sign_in(client, again(person))
    clock.forward(minutes=9)
    assert sent(signed_in_as(app, Role.ORGANISER), url, whom="all", minutes="5", reason="停电")[0] == 303
    clock.forward(minutes=4)
    for page in ("/", f"/contests/{slug}"):
        assert "继续答题" in client.get(page).text
    clock.forward(minutes=3)
    assert "继续答题" not in client.get("/").text


@pytest.mark.parametrize("role", [Role.JUDGE, Role.STREET_MANAGER, Role.ADMINISTRATOR])
def test_only_an_organiser_gives_it(app: Flask, attempt: Attempt, role: Role) -> None:
    staff, url = signed_in_as(app, role), url_of(attempt)
    assert staff.get(url).status_code == 403
    form = {"csrf_token": csrf_of(staff), "seen": "0", "whom": "all", "minutes": "5", "reason": "停电"}
    assert staff.post(url, data=form).status_code == 403 and extra_ms(app, attempt) == 0


def test_the_command_says_how_many_it_reached(app: Flask, attempt: Attempt) -> None:
    slug = attempt.entry.contest.slug
    run = app.test_cli_runner().invoke
    result = run(args=["attempts", "extra-time", slug, "--minutes", "5", "--reason", "停电"])
    assert (result.exit_code, result.stdout) == (0, f"Gave 5 more minutes to 1 running attempts of {slug}.\n")
    wrong = run(args=["attempts", "extra-time", slug, "--minutes", "5", "--reason", "停电", "--entry", "NOBODY"])
    assert wrong.exit_code == 1 and "没有这个参赛编号" in wrong.stderr
    assert run(args=["attempts", "extra-time", "none", "--minutes", "5", "--reason", "停电"]).exit_code == 2
    assert extra_ms(app, attempt) == 300_000
