"""摊位模式 through the pages: the console, the device, and what it does not serve."""

import re
from datetime import timedelta
from typing import Any

import pytest
import segno
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from question_bank.database import db, transaction
from quiz.models import Attempt, Contest, Person, StaffRole, Stall
from quiz.rules.permissions import Role
from tests import people_builders
from tests.builders import a_contest, again, csrf_of
from tests.conftest import StillClock
from tests.pages.test_setup import signed_in_as
from tests.people_builders import PASSWORD, a_district

JSON = {"Accept": "application/json"}
PHONE = "13800000001"


@pytest.fixture
def contest(app: Flask, clock: StillClock) -> Contest:
    with app.app_context():
        a_district(clock())
        people_builders.a_person(clock(), name="欧阳小红", phone=PHONE)
        return a_contest(clock(), title="夏季竞赛", closes_at="2026-07-20T18:00")


@pytest.fixture
def staff(app: Flask) -> FlaskClient:
    return signed_in_as(app, Role.ORGANISER)


def url_of(contest: Contest) -> str:
    return f"/console/contests/{contest.slug}/stalls"


def send(client: FlaskClient, url: str, **data: str) -> TestResponse:
    return client.post(url, data={"csrf_token": csrf_of(client), **data})


def open_one(staff: FlaskClient, contest: Contest, *, name: str = "湖滨广场", until: str = "2026-06-20T18:00") -> str:
    """A stall, by the page; the path of its link."""
    page = send(staff, url_of(contest), name=name, until=until).text
    found = re.search(r'href="[^"]*(/stalls/[^"]+)"', page)
    assert found, page
    return found[1]


@pytest.fixture
def link(staff: FlaskClient, contest: Contest) -> str:
    return open_one(staff, contest)


@pytest.fixture
def device(app: Flask, link: str) -> FlaskClient:
    client = app.test_client()
    assert send(client, link).location == "/stall"
    return client


def sign_in(device: FlaskClient, account: str = PHONE) -> TestResponse:
    return send(device, "/sign-in", account=account, password=PASSWORD)


def begin(device: FlaskClient, contest: Contest) -> str:
    sign_in(device)
    return str(send(device, f"/contests/{contest.slug}/attempts").location)


def is_greeting(reply: TestResponse) -> bool:
    return (reply.status_code, reply.location) == (303, "/stall")


def close_it(app: Flask, staff: FlaskClient, contest: Contest) -> None:
    with app.app_context():
        stall_id = db.session.execute(select(Stall.id)).scalar_one()
    assert send(staff, f"{url_of(contest)}/{stall_id}/close").status_code == 303


# --- the console -----------------------------------------------------------------------------------------------------


def test_an_organiser_opens_one_sees_it_and_closes_it(app: Flask, staff: FlaskClient, contest: Contest) -> None:
    assert "还没有开过摊位" in staff.get(url_of(contest)).text
    open_one(staff, contest)
    page = staff.get(url_of(contest)).text
    assert "湖滨广场" in page and "开着" in page and "0 人" in page
    assert "/stalls/" not in page.replace(f"{url_of(contest)}/", "")  # the link was shown that once
    close_it(app, staff, contest)
    page = staff.get(url_of(contest)).text
    assert "已关闭" in page and 'aria-label="关闭摊位' not in page
    record = staff.get("/console/audit").text
    assert "开摊位" in record and "关闭摊位" in record and "地点：湖滨广场" in record


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"name": "", "until": "2026-06-20T18:00"}, "请填地点。"),
        ({"name": "广场", "until": "明天"}, "请填 2026-06-20T09:00 这样的时间。"),
        ({"name": "广场", "until": "2026-06-20T09:00"}, "这个时间已经过了"),
        ({"name": "广场", "until": "2026-07-20T18:01"}, "竞赛那时已经结束"),
        ({"name": "广" * 41, "until": "2026-06-20T18:00"}, "最多 40 个字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_opened(
    app: Flask, staff: FlaskClient, contest: Contest, given: dict[str, str], said: str
) -> None:
    reply = send(staff, url_of(contest), **given)
    assert reply.status_code == 422 and said in reply.text
    with app.app_context():
        assert db.session.execute(select(Stall.id)).all() == []


def a_manager_of_the_first_street(app: Flask) -> FlaskClient:
    manager = signed_in_as(app, Role.STREET_MANAGER)
    with app.app_context(), transaction() as session:
        for role in session.execute(select(StaffRole).where(StaffRole.role == "street_manager")).scalars():
            role.street_id = 1
    return manager


def test_street_managers_have_the_stalls_of_their_street(app: Flask, staff: FlaskClient, contest: Contest) -> None:
    open_one(staff, contest, name="区里的摊位")
    with app.app_context():
        first = db.session.execute(select(Stall.id)).scalar_one()
    manager, colleague = a_manager_of_the_first_street(app), a_manager_of_the_first_street(app)
    assert "摊位" in manager.get("/console/results").text
    open_one(manager, contest, name="街道的摊位")
    for one in (manager, colleague):
        page = one.get(url_of(contest)).text
        assert "街道的摊位" in page and "区里的摊位" not in page
    assert send(colleague, f"{url_of(contest)}/{first}/close").status_code == 404
    everything = staff.get(url_of(contest)).text
    assert "街道的摊位" in everything and "区里的摊位" in everything
    own = int(re.findall(r"/stalls/(\d+)/close", page)[0])
    assert send(colleague, f"{url_of(contest)}/{own}/close").status_code == 303
    assert "已关闭" in manager.get(url_of(contest)).text


def modules_drawn(svg: str) -> list[list[bool]]:
    """What a camera sees of it: the strokes of the drawing, module by module, the quiet zone too."""
    size = int(re.findall(r'viewBox="0 0 (\d+) \d+"', svg)[0])
    dark = [[False] * size for _ in range(size)]
    x = y = 0.0
    for act, numbers in re.findall(r"([Mmh])([-\d. ]+)", re.findall(r' d="([^"]+)"/>', svg)[-1]):
        given = [float(each) for each in re.findall(r"-?[\d.]+", numbers)]
        if act == "h":
            dark[int(y)][int(x) : int(x + given[0])] = [True] * int(given[0])
            x += given[0]
        else:
            x, y = given if act == "M" else (x + given[0], y + given[1])
    return dark


def test_the_code_to_scan_says_the_link_and_nothing_else(staff: FlaskClient, contest: Contest) -> None:
    page = send(staff, url_of(contest), name="湖滨广场", until="2026-06-20T18:00").text
    link = re.findall(r'href="(http[^"]*/stalls/[^"]+)"', page)[0]
    found = re.findall(r'<div role="img" aria-label="摊位链接的二维码">(<svg.*?</svg>)</div>', page, re.DOTALL)
    assert len(found) == 1
    expected = segno.make_qr(link, error="m").matrix_iter(border=4)
    assert modules_drawn(found[0]) == [[bool(module) for module in row] for row in expected]
    assert not re.search("style|<script|href|url", found[0])  # nothing that the Content-Security-Policy would refuse


# --- the device ------------------------------------------------------------------------------------------------------


def test_looking_at_the_link_changes_nothing(app: Flask, link: str) -> None:
    client = app.test_client()
    assert "把这台设备变成摊位" in client.get(link).text
    assert client.get_cookie("stall") is None
    assert client.get("/").status_code == 200


def test_opening_it_signs_out_whoever_was_there(app: Flask, staff: FlaskClient, contest: Contest) -> None:
    reply = send(staff, open_one(staff, contest))
    assert reply.headers["Clear-Site-Data"] == '"cache", "storage"'
    cookie = staff.get_cookie("stall")
    assert cookie and cookie.http_only and cookie.same_site == "Lax"
    assert is_greeting(staff.get("/console"))
    assert "下一位请开始" in staff.get("/stall").text


@pytest.mark.parametrize("path", ["/", "/me", "/console", "/practice", "/verify", "/contests/another", "/attempts/1"])
def test_one_contest_is_served_and_nothing_else(device: FlaskClient, path: str) -> None:
    assert is_greeting(device.get(path))


def test_programs_and_forms_hear_why(device: FlaskClient, contest: Contest) -> None:
    reply = device.get("/practice", headers=JSON)
    assert (reply.status_code, reply.json["reason"]) == (403, "at_stall")  # type: ignore[index]  # a reply without JSON fails here
    sign_in(device)
    reply = send(device, "/contests/another/attempts")
    assert reply.status_code == 403 and "只能答这场竞赛" in reply.text


def test_a_token_of_one_contest_is_no_good_for_another(
    app: Flask, device: FlaskClient, staff: FlaskClient, clock: StillClock
) -> None:
    with app.app_context():
        other = a_contest(clock(), title="另一场")
    sign_in(device)
    assert is_greeting(device.get(f"/contests/{other.slug}"))
    assert send(device, f"/contests/{other.slug}/attempts").status_code == 403
    with app.app_context():
        assert db.session.execute(select(Attempt.id)).all() == []


def test_a_cookie_that_we_did_not_sign_makes_no_stall(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("stall", "1.forged")
    assert client.get("/").status_code == 200
    assert "没有开摊位" in client.get("/stall").text


def test_the_browser_is_told_to_remember_nothing(device: FlaskClient, contest: Contest) -> None:
    for path in ("/register", "/sign-in"):
        page = device.get(path).text
        assert re.search(r'<form method="post" class="form" autocomplete="off"', page), path
        typed = re.findall(r'<input (?![^>]*type="(?:hidden|radio|checkbox)")[^>]*>', page)
        assert typed and all('autocomplete="off"' in each for each in typed), path
    page = device.get(f"/contests/{contest.slug}").text
    assert 'autocomplete="name"' not in page
    assert device.get("/help").headers["Cache-Control"] == "no-store"


def test_staff_do_not_sign_in_there(app: Flask, device: FlaskClient, clock: StillClock) -> None:
    with app.app_context():
        people_builders.a_member_of_staff("organiser", "zhaoge", clock())
    reply = sign_in(device, "zhaoge")
    assert reply.status_code == 422 and "摊位设备上不能登录工作人员的账号" in reply.text
    assert is_greeting(device.get("/console"))


def test_one_person_after_another(app: Flask, device: FlaskClient, contest: Contest) -> None:
    attempt = begin(device, contest)
    device.set_cookie("look", "32")
    page = device.get(send(device, f"{attempt}/submit").location)  # type: ignore[arg-type]  # a reply that leads nowhere fails here
    assert "完成，换下一位" in page.text and "看错题" in page.text
    assert page.text.count('class="button act') == 1 + page.text.count('id="stall-stay"')
    assert "/practice" not in page.text and "/certificate" not in page.text
    reply = send(device, "/stall/next")
    assert is_greeting(reply)
    assert reply.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert device.get_cookie("look") is None
    for path in (attempt, f"{attempt}/result", f"{attempt}/sheet"):
        assert is_greeting(device.get(path))
    assert device.get(f"{attempt}/result", headers=JSON).status_code == 401
    with device.session_transaction() as session:
        assert set(session) <= {"csrf_token"}
    with app.app_context():
        found = db.session.execute(select(Attempt)).scalar_one()
        assert found.stall_id == db.session.execute(select(Stall.id)).scalar_one()


def test_the_session_ends_with_the_browser(device: FlaskClient) -> None:
    sign_in(device)
    cookie = device.get_cookie("session")
    assert cookie and cookie.expires is None and cookie.max_age is None


# --- somebody who has gone -------------------------------------------------------------------------------------------


def test_who_asks_for_nothing_for_half_an_hour_is_signed_out(
    device: FlaskClient, contest: Contest, clock: StillClock
) -> None:
    attempt = begin(device, contest)
    clock.forward(minutes=16)
    assert device.get(attempt).status_code == 200
    clock.forward(minutes=16)
    assert device.get(f"{attempt}/result").status_code == 200  # by now handed in by the clock
    clock.forward(minutes=31)
    assert is_greeting(device.get(f"{attempt}/result"))
    assert "已经退出" in device.get("/stall").text
    sign_in(device)
    assert device.get(f"{attempt}/result").status_code == 200


SAVE: dict[str, Any] = {"json": {"answer": ["A"]}, "headers": {"Sec-Fetch-Site": "same-origin", **JSON}}
LONG = 2 * 60 * 60


def test_a_button_leads_to_the_next_after_that(device: FlaskClient, contest: Contest, clock: StillClock) -> None:
    begin(device, contest)
    device.set_cookie("look", "32")
    token = csrf_of(device)
    clock.forward(minutes=31)
    reply = device.post("/stall/next", data={"csrf_token": token})
    assert is_greeting(reply)
    assert reply.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert device.get_cookie("look") is None


def test_a_tablet_that_was_offline_for_longer_brings_its_answers_and_says_what_to_do(
    app: Flask, staff: FlaskClient, clock: StillClock
) -> None:
    """In time: they count. The person is signed out all the same, and goes on where they were after signing in."""
    with app.app_context():
        a_district(clock())
        people_builders.a_person(clock(), name="欧阳小红", phone=PHONE)
        contest = a_contest(clock(), time_limit_s=LONG)
    device = app.test_client()
    send(device, open_one(staff, contest))
    attempt = begin(device, contest)
    clock.forward(minutes=31)
    assert device.get(attempt, headers=JSON).json["state"] == "open"  # type: ignore[index]  # a reply without JSON fails here
    assert device.put(f"{attempt}/answers/1", **SAVE).json["saved"]  # type: ignore[index]  # a reply without JSON fails here
    assert is_greeting(device.get(attempt))
    page = device.get("/stall").text
    assert "下一位请开始" in page and "登录后可以接着答" in page and "不计入成绩" in page
    assert device.put(f"{attempt}/answers/2", **SAVE).status_code == 401  # nobody is signed in
    assert begin(device, contest) == attempt
    stored = device.get(attempt, headers=JSON).json["questions"]  # type: ignore[index]  # a reply without JSON fails here
    assert [bool(each["answer"]) for each in stored][:2] == [True, False]


def test_what_it_brings_after_the_deadline_is_not_counted(
    device: FlaskClient, contest: Contest, clock: StillClock
) -> None:
    attempt = begin(device, contest)
    assert device.put(f"{attempt}/answers/1", **SAVE).json["saved"]  # type: ignore[index]  # a reply without JSON fails here
    clock.forward(minutes=31)
    reply = device.put(f"{attempt}/answers/2", **SAVE)
    assert (reply.status_code, reply.json["reason"]) == (409, "ended")  # type: ignore[index]  # a reply without JSON fails here
    state = device.get(attempt, headers=JSON).json
    assert state["state"] == "ended"  # type: ignore[index]  # a reply without JSON fails here
    assert [bool(each["answer"]) for each in state["questions"]][:2] == [True, False]  # type: ignore[index]  # a reply without JSON fails here
    assert device.get(f"{attempt}/result", headers=JSON).status_code == 401
    assert is_greeting(device.get(f"{attempt}/result"))


# --- closed, expired -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["closed", "expired"])
def test_a_stall_that_is_over_says_so(
    app: Flask, device: FlaskClient, staff: FlaskClient, contest: Contest, clock: StillClock, link: str, how: str
) -> None:
    attempt = begin(device, contest)
    if how == "closed":
        assert send(device, "/stall/leave").status_code == 403  # staff close it first
        close_it(app, staff, contest)
    else:
        with app.app_context(), transaction() as session:
            session.execute(select(Stall)).scalar_one().expires_at = clock() + timedelta(minutes=1)
        clock.forward(minutes=2)
    assert device.get(attempt).status_code == 200  # who is answering goes on
    send(device, f"{attempt}/submit")
    assert device.get(f"{attempt}/result").status_code == 200
    again_reply = send(device, f"/contests/{contest.slug}/attempts")
    assert again_reply.status_code == 409 and "这个摊位已经关闭" in again_reply.text
    send(device, "/stall/next")
    for path in ("/register", "/sign-in", "/"):
        assert is_greeting(device.get(path))
    assert "这个摊位已经关闭" in device.get("/stall").text
    assert sign_in(device).status_code == 409
    other = app.test_client()
    for reply in (other.get(link), send(other, link)):
        assert reply.status_code == 410 and "链接不能再用" in reply.text
    assert send(device, "/stall/leave").location == "/"
    assert device.get_cookie("stall") is None
    assert "已恢复成普通设备" in device.get("/").text


def test_a_paused_contest_offers_no_start(app: Flask, device: FlaskClient, contest: Contest) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Contest, contest.id).state = "paused"
    page = device.get("/stall").text
    assert "竞赛暂停中" in page and "/register" not in page


def test_other_devices_notice_nothing(app: Flask, contest: Contest, link: str, clock: StillClock) -> None:
    client = app.test_client()
    attempt = begin(client, contest)
    clock.forward(minutes=15)
    page = client.get(attempt)
    assert page.status_code == 200 and "stall" not in page.text
    with app.app_context():
        found = db.session.execute(select(Attempt)).scalar_one()
        assert (found.stall_id, again(found.entry).came_from) == (None, "web")


def test_a_person_forgotten_meanwhile_is_signed_out(app: Flask, device: FlaskClient, contest: Contest) -> None:
    begin(device, contest)
    with app.app_context(), transaction() as session:
        session.execute(select(Person).where(Person.phone == PHONE)).scalar_one().session_epoch += 1
    assert "下一位请开始" in device.get("/stall").text
