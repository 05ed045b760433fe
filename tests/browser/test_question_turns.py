"""每题限时 in Chromium: with scripts, without them, and where there is no network."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import walking
from tests.browser.conftest import Site, Visit
from tests.browser.district import open_contest
from tests.browser.test_bad_network import SAVE, state

THREE_SINGLES = [{"kind": "single_choice", "count": 3, "points": 5}]
LIMIT_S = 5


def opened(site: Site, folder: Path, seconds: int, **terms: object) -> str:
    terms = {"plan": THREE_SINGLES, "grace_s": 0, **terms}
    return open_contest(site, folder, walking.a_slug(), question_limit_s=seconds, **terms)


@pytest.mark.parametrize("has_script", [True, False])
def test_one_question_after_another_to_the_result(fair: Site, visit: Visit, tmp_path: Path, has_script: bool) -> None:
    contest = opened(fair, tmp_path, 300)
    phone = visit(fair)
    walking.newcomer(phone, contest)
    if not has_script:
        address, cookies = phone.page.url, phone.context.cookies()
        phone = visit(fair, java_script_enabled=False)
        phone.context.add_cookies(cookies)  # type: ignore[arg-type]  # as they came
        phone.go(address)
    page = phone.page
    for number in (1, 2, 3):
        walking.is_on(page, number)
        expect(page.locator("#clock-label")).to_have_text("本题还剩" if has_script else "打开时本题还剩")
        expect(page.get_by_role("button", name="上一题")).to_have_count(0)
        walking.answer(page)
        if has_script:
            walking.is_saved(page)
        page.locator("#next").click()
    page.wait_for_url("**/sheet")
    expect(page.get_by_role("heading", name="题目都出完了")).to_be_visible()
    page.go_back()
    page.wait_for_url("**/sheet")  # whatever the browser remembers, the server shows what is open
    walking.hand_in(page)
    expect(page.locator(".score")).to_contain_text("15")


def test_the_countdown_goes_on_by_itself_and_ends_on_the_sheet(fair: Site, visit: Visit, tmp_path: Path) -> None:
    page = walking.newcomer(visit(fair), opened(fair, tmp_path, LIMIT_S))
    walking.is_on(page, 1)
    walking.answer(page)
    walking.is_saved(page)
    walking.is_on(page, 2)
    walking.is_on(page, 3)
    page.wait_for_url("**/sheet")
    walking.hand_in(page)
    expect(page.locator(".score")).to_contain_text("5")


def test_a_page_loaded_again_shows_the_same_question_with_the_time_left(
    fair: Site, visit: Visit, tmp_path: Path
) -> None:
    page = walking.newcomer(visit(fair), opened(fair, tmp_path, 60))
    first = page.locator("#stem").inner_text()
    before = left(page)
    expect(page.locator("#clock-face")).to_have_text(re.compile("0:5[0-7]"))
    page.reload()
    walking.is_on(page, 1)
    assert page.locator("#stem").inner_text() == first
    assert left(page) < before - 1_000


def left(page: Page) -> int:
    return int(page.locator("#clock").get_attribute("data-remaining-ms") or 0)


def test_an_answer_that_reaches_the_server_too_late_is_named_and_not_counted(
    fair: Site, visit: Visit, tmp_path: Path
) -> None:
    phone = visit(fair)
    phone.refusals.add(409)
    page = walking.newcomer(phone, opened(fair, tmp_path, LIMIT_S))
    with phone.offline():
        walking.answer(page)
        expect(state(page)).to_contain_text("本题时间到。网络断开，这道题的答案要马上连上才算数。")
        expect(page.locator("#options input").first).to_be_disabled()
        walking.is_on(page, 1)
    expect(page.locator("#missed")).to_have_text("第 1 题的时间已过，这次的选择没有赶上，没有计入。")
    expect(page.locator("#options input:checked")).to_have_count(0)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    with page.expect_response(page.url.split("?")[0]):
        page.evaluate("document.dispatchEvent(new CustomEvent('quiz:time-up'))")
    page.evaluate("fetch('/healthz').then(reply => reply.text())")  # by then it would have gone on
    assert set(sent) == {"GET"}  # it waits until that was read
    walking.is_on(page, 1)
    held: list[Route] = []
    page.route(page.url.split("?")[0], lambda route: held.append(route), times=1)
    with page.expect_request(page.url.split("?")[0]):
        page.evaluate("document.dispatchEvent(new CustomEvent('quiz:time-up'))")
    page.locator("#next").click()  # while the server is being asked: the press is not lost
    walking.is_on(page, 1)
    held[0].continue_()
    walking.is_on(page, 2)
    assert page.evaluate("Object.keys(localStorage)") == []


def test_without_network_the_next_question_waits(fair: Site, visit: Visit, tmp_path: Path) -> None:
    phone = visit(fair)
    page = walking.newcomer(phone, opened(fair, tmp_path, 60))
    walking.answer(page)
    walking.is_saved(page)
    with phone.offline():
        page.locator("#next").click()
        expect(state(page)).to_contain_text("网络断开，连上后再点“下一题”。时间不停。")
        walking.is_on(page, 1)
    page.locator("#next").click()
    walking.is_on(page, 2)


def test_another_device_that_goes_on_takes_this_one_along(fair: Site, visit: Visit, tmp_path: Path) -> None:
    phone, desk = visit(fair), visit(fair, 1280)
    contest = opened(fair, tmp_path, 60)
    page = walking.newcomer(phone, contest)
    desk.context.add_cookies(phone.context.cookies())  # type: ignore[arg-type]  # as they came
    other = desk.go(page.url)
    walking.is_on(other, 1)
    other.locator("#next").click()
    walking.is_on(other, 2)
    phone.refusals.add(409)
    walking.answer(page)
    expect(page.locator("#missed")).to_contain_text("第 1 题的时间已过")
    page.locator("#next").click()
    walking.is_on(page, 2)
    expect(other.locator("#missed")).to_be_hidden()


def test_the_whole_papers_deadline_hands_in(fair: Site, visit: Visit, tmp_path: Path) -> None:
    page = walking.newcomer(visit(fair), opened(fair, tmp_path, 60, time_limit_s=6))
    walking.answer(page)
    walking.is_saved(page)
    page.wait_for_url("**/result")
    expect(page.locator(".score")).to_contain_text("5")


def test_a_lost_reply_to_next_skips_nothing(fair: Site, visit: Visit, tmp_path: Path) -> None:
    phone = visit(fair)
    phone.has_been_offline = True
    page = walking.newcomer(phone, opened(fair, tmp_path, 60))
    lost: list[str] = []

    def lose_the_first(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).headers["location"])
            route.abort()
        else:
            route.continue_()

    page.route(SAVE, lose_the_first)
    page.locator("#next").click()
    expect(state(page)).to_contain_text("连上后再点“下一题”")
    page.locator("#next").click()
    walking.is_on(page, 2)
    assert len(lost) == 1
