"""摊位模式 in a real browser: one device, one person after another, and nothing of the last one remains."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import Page, expect
from sqlalchemy import select

from question_bank.database import db
from quiz.models import Attempt, Stall
from quiz.queries.attempts import answers_of
from quiz.queries.contests import contest_by_slug
from quiz.rules.names import masked
from tests.browser import walking
from tests.browser.axe import axe, findings
from tests.browser.conftest import PHONE, TABLET, Site, Visit, Visitor, width_of
from tests.browser.district import PASSWORD, RIGHT, open_contest
from tests.people_builders import PASSWORD as OF_STAFF
from tests.people_builders import a_member_of_staff

ONE_SINGLE = [{"kind": "single_choice", "count": 1, "points": 5}]
PLACE = "湖滨社区广场"
FIRST, SECOND = "诸葛桂芳", "司徒建国"
GREETING = "下一位请开始"


@pytest.fixture
def contest(fair: Site, tmp_path: Path) -> str:
    return open_contest(fair, tmp_path, walking.a_slug())


def an_organiser(site: Site) -> str:
    """The account of an organiser of this test alone."""
    account = f"zhu{walking.a_slug()}"
    with site.app.app_context():
        a_member_of_staff("organiser", account, site.app.extensions["clock"]())
    return account


def open_stall(site: Site, visit: Visit, contest: str) -> tuple[Visitor, str]:
    """An organiser at the desk, and the link that the console shows."""
    desk = visit(site, 1280)
    desk.sign_in(an_organiser(site), OF_STAFF)
    page = desk.go(f"/console{contest}/stalls")
    page.get_by_label("地点").fill(PLACE)
    page.get_by_role("button", name="开摊位").click()
    link = page.locator(".one-time-link a").get_attribute("href") or ""
    return desk, urlsplit(link).path


def a_device(site: Site, visit: Visit, link: str, width: int = TABLET, **options: Any) -> Visitor:
    tablet = visit(site, width, **options)
    tablet.go(link).get_by_role("button", name="在这台设备上开始").click()
    expect(tablet.page.get_by_role("heading", name=GREETING)).to_be_visible()
    return tablet


def answer_and_hand_in(page: Page) -> None:
    """Also without script: every question by clicks."""
    total = int(page.locator("#question").get_attribute("data-total") or 0)
    for number in range(1, total + 1):
        walking.is_on(page, number)
        if walking.kind_on(page) == "true_false":
            page.locator("label.choice").first.click()
        else:
            walking.answer(page)
        page.locator("#next").click()
    page.wait_for_url("**/sheet")
    walking.hand_in(page)


def register_without_script(tablet: Visitor, name: str) -> str:
    page, phone = tablet.page, walking.a_phone()
    page.get_by_label("姓名").fill(name)
    page.get_by_label("手机号").fill(phone)
    page.get_by_text("居民", exact=True).click()
    page.get_by_label("街道或社区").fill("东湖街道")
    walking.set_password_and_agree(page)
    return phone


def remains(tablet: Visitor) -> Iterator[str]:
    """Everything that the browser still holds for this device, as text."""
    cookies = {cookie["name"]: cookie["value"] for cookie in tablet.context.cookies()}
    assert set(cookies) <= {"stall", "session"}, cookies
    yield json.dumps(session_in(tablet.site, cookies.get("session", "")), ensure_ascii=False)
    state = tablet.context.storage_state(indexed_db=True)
    assert state["origins"] == [], state["origins"]
    for opened in tablet.context.pages:
        yield opened.content()
        yield opened.title()


def session_in(site: Site, text: str) -> Any:
    serializer = site.app.session_interface.get_signing_serializer(site.app)  # type: ignore[attr-defined]  # of Flask's own kind of session
    assert isinstance(serializer, URLSafeTimedSerializer)
    return serializer.loads(text) if text else {}


def assert_nothing_of(tablet: Visitor, name: str, phone: str) -> None:
    for text in remains(tablet):
        for secret in (name, masked(name), phone, "_user_id"):
            assert secret not in text, secret
    expect(tablet.page.locator(".score, .marked, #question, .mine")).to_have_count(0)


def go_back_through(tablet: Visitor, steps: int, name: str, phone: str) -> None:
    """Every page that the back button reaches: nothing of the last person is on it, and no field is filled in."""
    page = tablet.page
    for _ in range(steps):
        page.evaluate("history.back()")
        page.wait_for_load_state()
        if page.url == "about:blank":
            break
        expect(page.locator("body")).to_be_visible()
        assert "/attempts/" not in page.url
        assert_nothing_of(tablet, name, phone)
        typed = page.locator("input:not([type=hidden]):not([type=radio]):not([type=checkbox])")
        assert [each.input_value() for each in typed.all()] == [""] * typed.count()
        assert page.locator("input:checked").count() == 0


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_two_people_one_after_another(fair: Site, visit: Visit, contest: str, has_script: bool) -> None:
    _desk, link = open_stall(fair, visit, contest)
    tablet = a_device(fair, visit, link, java_script_enabled=has_script)
    page = tablet.page
    phones = []
    for number, name in enumerate((FIRST, SECOND)):
        page.get_by_role("link", name="第一次来，注册").click()
        if has_script:
            phones.append(walking.register(tablet, name, street="东湖"))
            page.get_by_role("button", name="长辈版").click()
        else:
            phones.append(register_without_script(tablet, name))
        page.get_by_role("button", name="开始答题").click()
        page.wait_for_url("**/attempts/*")
        expect(page.get_by_text(masked(name)).first).to_be_visible()
        answer_and_hand_in(page)
        expect(page.locator(".score")).to_contain_text("100 分")
        expect(page.locator("main .button.act")).to_have_text("完成，换下一位")
        page.locator("main").get_by_role("button", name="完成，换下一位").click()
        expect(page.get_by_role("heading", name=GREETING)).to_be_visible()
        expect(page).to_have_url(f"{fair.url}/stall")
        assert_nothing_of(tablet, name, phones[number])
    if has_script:
        go_back_through(tablet, 12, SECOND, phones[1])
    for path in ("/me", contest + "/standings"):
        tablet.go(path)
        assert phones[1] not in page.content() and SECOND not in page.content()
    with fair.app.app_context():
        stall = db.session.execute(select(Stall).where(Stall.contest_id == contest_id(contest))).scalar_one()
        marks = db.session.execute(select(Attempt.stall_id).where(Attempt.contest_id == stall.contest_id)).scalars()
        assert list(marks) == [stall.id] * 2


def contest_id(contest: str) -> int:
    found = contest_by_slug(contest.rsplit("/", 1)[1])
    assert found
    return found.id


def begin_at(tablet: Visitor, name: str = FIRST) -> str:
    """Registered there and on the first question; the phone."""
    tablet.page.get_by_role("link", name="第一次来，注册").click()
    phone = walking.register(tablet, name, street="东湖")
    tablet.page.get_by_role("button", name="开始答题").click()
    tablet.page.wait_for_url("**/attempts/*")
    return phone


def test_a_page_out_of_the_browsers_memory_is_asked_for_again(fair: Site, visit: Visit, contest: str) -> None:
    """As iOS does it: the page comes back without a request, the quiz too, which elsewhere stays where it is."""
    tablet = a_device(fair, visit, open_stall(fair, visit, contest)[1])
    begin_at(tablet)
    page = tablet.page
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(page.locator("#stem")).to_be_hidden()
    tablet.context.clear_cookies(name="session")  # meanwhile somebody signed out
    tablet.refusals.add(401)
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    expect(page.get_by_role("heading", name=GREETING)).to_be_visible()


def forward(page: Page, seconds: int) -> None:
    page.clock.fast_forward(seconds * 1000)


def test_it_asks_whoever_is_still_there_and_then_goes_on(fair: Site, visit: Visit, tmp_path: Path) -> None:
    contest = open_contest(fair, tmp_path, walking.a_slug(), plan=ONE_SINGLE)
    tablet = a_device(fair, visit, open_stall(fair, visit, contest)[1])
    page = tablet.page
    page.clock.install()
    phone = begin_at(tablet)
    walking.answer(page)
    walking.is_saved(page)
    forward(page, 170)
    curtain = page.locator("#stall-curtain")
    expect(curtain).to_be_hidden()
    forward(page, 12)
    expect(curtain).to_contain_text("还在答题吗？")
    others = page.locator("label.choice", has_not_text=RIGHT)
    page.keyboard.press(others.first.locator(".letter").inner_text())  # stays, and chooses nothing that is not seen
    expect(curtain).to_be_hidden()
    assert page.locator("input:checked").count() == 1 and others.locator("input:checked").count() == 0
    forward(page, 182)
    expect(curtain).to_be_visible()
    page.get_by_role("button", name="还在，接着来").click()
    expect(curtain).to_be_hidden()
    forward(page, 182)
    forward(page, 62)
    expect(page.get_by_role("heading", name=GREETING)).to_be_visible()
    assert_nothing_of(tablet, FIRST, phone)
    page.get_by_role("link", name="注册过了，登录").click()
    page.get_by_label("手机号").fill(phone)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="继续答题").click()
    page.wait_for_url("**/attempts/*")
    expect(page.locator("#answered")).to_have_text("1")


def age(tablet: Visitor, minutes: int) -> None:
    """As if the server had heard nothing of this session for so long."""
    cookie = next(each for each in tablet.context.cookies() if each["name"] == "session")
    session = session_in(tablet.site, cookie["value"])
    session["touched_at"] -= minutes * 60
    serializer = tablet.site.app.session_interface.get_signing_serializer(tablet.site.app)  # type: ignore[attr-defined]  # of Flask's own kind of session
    tablet.context.add_cookies([{"name": "session", "value": serializer.dumps(session), "url": tablet.url}])


def test_answers_that_wait_for_the_network_are_sent_first(fair: Site, visit: Visit, tmp_path: Path) -> None:
    contest = open_contest(fair, tmp_path, walking.a_slug(), plan=ONE_SINGLE)
    tablet = a_device(fair, visit, open_stall(fair, visit, contest)[1])
    page = tablet.page
    page.clock.install()
    begin_at(tablet)
    tablet.has_been_offline = True
    page.route("**/answers/*", lambda route: route.abort())
    walking.answer(page)
    expect(page.locator("#save-state")).to_contain_text("网络断开")
    forward(page, 245)
    expect(page.locator("#stall-words")).to_have_text("正在等网络")
    expect(page.locator("#stall-left")).to_have_text("答案保存好以后，这一页自己退出。")
    expect(page).to_have_url(re.compile("/attempts/"))
    age(tablet, 31)
    page.unroute("**/answers/*")
    forward(page, 20)
    expect(page.get_by_role("heading", name=GREETING)).to_be_visible()
    expect(page.get_by_text("登录后可以接着答")).to_be_visible()
    with fair.app.app_context():
        attempt = db.session.execute(select(Attempt).where(Attempt.contest_id == contest_id(contest))).scalar_one()
        assert len(answers_of(attempt.id)) == 1


def test_a_form_that_somebody_left_half_filled_goes_too(fair: Site, visit: Visit, contest: str) -> None:
    tablet = a_device(fair, visit, open_stall(fair, visit, contest)[1])
    page = tablet.page
    page.clock.install()
    page.get_by_role("link", name="第一次来，注册").click()
    page.get_by_label("姓名").fill(FIRST)
    page.get_by_label("手机号").fill("13512344321")
    forward(page, 182)
    forward(page, 62)
    expect(page.get_by_role("heading", name=GREETING)).to_be_visible()
    assert_nothing_of(tablet, FIRST, "13512344321")


def test_what_a_browser_kept_goes_with_the_page_for_the_next(fair: Site, visit: Visit, contest: str) -> None:
    """Browsers of 2019 do not know Clear-Site-Data; this page comes without it."""
    tablet = a_device(fair, visit, open_stall(fair, visit, contest)[1])
    page = tablet.page
    page.evaluate("localStorage.setItem('quiz.attempt.9', '[]'); sessionStorage.setItem('of', 'somebody')")
    page.reload()
    expect(page.get_by_role("heading", name=GREETING)).to_be_visible()
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no-script"])
def test_a_closed_stall_says_so_and_the_device_becomes_ordinary(
    fair: Site, visit: Visit, contest: str, has_script: bool
) -> None:
    desk, link = open_stall(fair, visit, contest)
    tablet = a_device(fair, visit, link, java_script_enabled=has_script)
    desk.go(f"/console{contest}/stalls").get_by_role("button", name=f"关闭摊位“{PLACE}”").click()
    expect(desk.page.get_by_text("已关闭摊位")).to_be_visible()
    page = tablet.page
    page.get_by_role("link", name="第一次来，注册").click()
    expect(page.get_by_role("heading", name="这个摊位已经关闭")).to_be_visible()
    page.get_by_role("button", name="恢复成普通设备").click()
    expect(page.get_by_text("这台设备已恢复成普通设备。")).to_be_visible()
    tablet.refusals.add(410)
    tablet.go(link)
    expect(page.get_by_text("这个摊位已经关闭，链接不能再用。")).to_be_visible()


@pytest.mark.parametrize("fair", [pytest.param("sqlite", id="either")], indirect=True)  # looks are not the database's
@pytest.mark.parametrize("size", ["", "24", "40"])
def test_its_pages_are_for_everybody(fair: Site, visit: Visit, contest: str, size: str) -> None:
    """axe, in the light and in the dark; nothing sticks out on a phone, in 长辈版 either."""
    desk, link = open_stall(fair, visit, contest)
    phone = visit(fair, PHONE, reduced_motion="reduce")
    found = []

    def look(what: str) -> None:
        page = phone.page
        if size and size not in (page.locator("html").get_attribute("class") or ""):
            phone.context.add_cookies([{"name": "look", "value": size, "url": phone.url}])
            page.reload()
        page.evaluate(axe())
        found.extend(f"{what}: {finding}" for finding in findings(page))
        page.emulate_media(color_scheme="dark")
        found.extend(f"{what}, dark: {finding}" for finding in findings(page, ["color-contrast"]))
        page.emulate_media(color_scheme="light")
        wanted, window = width_of(page)
        if wanted > window:
            found.append(f"{what}: {wanted} px wide at {window}")

    desk.page.evaluate(axe())
    found.extend(f"the code to scan: {finding}" for finding in findings(desk.page))
    page = phone.go(link)
    look("link")
    page.get_by_role("button", name="在这台设备上开始").click()
    look("welcome")
    page.get_by_role("link", name="第一次来，注册").click()
    look("register")
    walking.register(phone, FIRST, street="东湖")
    look("contest")
    page.get_by_role("button", name="开始答题").click()
    look("quiz")
    page.evaluate("document.getElementById('stall-curtain').hidden = false")
    found.extend(f"curtain: {finding}" for finding in findings(page))
    page.evaluate("document.getElementById('stall-curtain').hidden = true")
    walking.answer_sheet_from(page)
    walking.hand_in(page)
    look("result")
    desk.go(f"/console{contest}/stalls").get_by_role("button", name=f"关闭摊位“{PLACE}”").click()
    expect(desk.page.get_by_text("已关闭摊位")).to_be_visible()
    page.locator("main").get_by_role("button", name="完成，换下一位").click()
    page.wait_for_url("**/stall")
    look("over")
    assert not found, "\n".join(found)
