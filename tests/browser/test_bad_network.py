"""Answers given on a bad network: none is lost in silence, none counts that came too late, and the page says so."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import walking
from tests.browser.conftest import Site, Visit, Visitor
from tests.browser.district import PASSWORD, WRONG, open_contest

SAVE = "**/answers/*"
THREE_SINGLES = [{"kind": "single_choice", "count": 3, "points": 5}]
AWAY = "网络断开，答案先留在本机，连上后自动保存。请不要关闭页面。"


@pytest.fixture
def contest(fair: Site, tmp_path: Path) -> str:
    return open_contest(fair, tmp_path, walking.a_slug(), plan=THREE_SINGLES)


def state(page: Page) -> Locator:
    return page.locator("#save-state")


def next_question(page: Page, number: int) -> None:
    page.get_by_role("button", name="下一题").click()
    walking.is_on(page, number)


def one_saved_one_kept(phone: Visitor, page: Page) -> None:
    """The first answer reaches the server, the second is given where there is no network, which stays away."""
    walking.answer(page)
    walking.is_saved(page)
    next_question(page, 2)
    phone.has_been_offline = True
    phone.context.set_offline(True)
    walking.answer(page)
    expect(state(page)).to_contain_text(AWAY)


def stored(page: Page) -> list[dict[str, Any]]:
    """The questions of the attempt on the page, as the server has them; asked beside the page's own network."""
    url = page.locator("#hand-in").get_attribute("data-state-url")
    value: dict[str, Any] = page.request.get(
        page.url.split("/attempts/")[0] + str(url), headers={"Accept": "application/json"}
    ).json()
    questions: list[dict[str, Any]] = value["questions"]
    return questions


def test_what_the_phone_closed_is_sent_when_the_page_is_opened_again(fair: Site, visit: Visit, contest: str) -> None:
    phone = visit(fair)
    page = walking.newcomer(phone, contest)
    address = page.url
    one_saved_one_kept(phone, page)
    expect(state(page)).to_contain_text("倒计时结束还没送到的，不计入成绩。")
    next_question(page, 3)
    walking.answer(page)
    assert [bool(question["answer"]) for question in stored(page)] == [True, False, False]
    page.close()
    phone.context.set_offline(False)
    page = phone.page = phone.context.new_page()
    phone.go(address)
    expect(state(page)).to_have_text("已连上，2 题已补存")
    assert all(question["answer"] for question in stored(page))
    assert page.evaluate("Object.keys(localStorage)") == []


def test_where_the_browser_stores_nothing_answers_stay_as_long_as_the_page(
    fair: Site, visit: Visit, contest: str
) -> None:
    phone = visit(fair)
    phone.context.add_init_script("Storage.prototype.setItem = function () { throw new Error('full'); }")
    page = walking.newcomer(phone, contest)
    one_saved_one_kept(phone, page)
    next_question(page, 3)
    walking.answer(page)
    phone.context.set_offline(False)
    expect(state(page)).to_have_text("已连上，2 题已补存")
    assert all(question["answer"] for question in stored(page))


def test_a_lost_reply_is_no_quarrel_and_no_second_save(fair: Site, visit: Visit, contest: str) -> None:
    phone = visit(fair)
    page = walking.newcomer(phone, contest)
    phone.has_been_offline = True
    bodies: list[Any] = []

    def lose_the_first_reply(route: Route) -> None:
        bodies.append(route.request.post_data_json)
        if len(bodies) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route(SAVE, lose_the_first_reply)
    walking.answer(page)
    expect(state(page)).to_have_text("已连上，1 题已补存")
    assert bodies[0] == bodies[1]
    assert stored(page)[0]["revision"] == 1
    expect(page.locator("#quarrel")).to_be_hidden()


def test_a_busy_server_is_asked_again(fair: Site, visit: Visit, contest: str) -> None:
    phone = visit(fair)
    phone.refusals.add(429)
    page = walking.newcomer(phone, contest)
    page.route(SAVE, lambda route: route.fulfill(status=429, json={"saved": False, "reason": "too_often"}))
    walking.answer(page)
    expect(state(page)).to_contain_text("服务器正忙，答案先留在本机，稍后自动保存。")
    page.unroute(SAVE)
    expect(state(page)).to_have_text("已连上，1 题已补存")


def test_after_signing_in_again_what_was_kept_is_sent(fair: Site, visit: Visit, contest: str) -> None:
    phone = visit(fair)
    phone.refusals.add(401)
    page = walking.newcomer(phone, contest)
    next_question(page, 2)
    phone.context.clear_cookies()
    walking.answer(page)
    expect(state(page)).to_contain_text("您已退出登录，答案先留在本机。")
    page.get_by_role("link", name="重新登录，接着答题").click()
    page.get_by_label("手机号").fill(phone.phone)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(state(page)).to_have_text("已连上，1 题已补存")
    assert stored(page)[1]["answer"]


def test_what_comes_within_the_grace_counts(fair: Site, visit: Visit, tmp_path: Path) -> None:
    contest = open_contest(fair, tmp_path, walking.a_slug(), plan=THREE_SINGLES, time_limit_s=6, grace_s=30)
    phone = visit(fair)
    page = walking.newcomer(phone, contest)
    one_saved_one_kept(phone, page)
    expect(state(page)).to_have_text("时间到。网络断开，留在本机的 1 题要马上连上才算数；保存过的都计入成绩。")
    phone.context.set_offline(False)
    page.wait_for_url("**/result")
    expect(page.get_by_text("交卷前保存的 2 题计入成绩。")).to_be_visible()


def test_what_comes_too_late_is_named_and_not_counted(fair: Site, visit: Visit, tmp_path: Path) -> None:
    contest = open_contest(fair, tmp_path, walking.a_slug(), plan=THREE_SINGLES, time_limit_s=6, grace_s=1)
    phone = visit(fair)
    phone.refusals.add(409)
    page = walking.newcomer(phone, contest)
    one_saved_one_kept(phone, page)
    expect(state(page)).to_contain_text("留在本机的 1 题没有送到，不再计入；保存过的都计入成绩。")
    phone.context.set_offline(False)
    expect(state(page)).to_contain_text("保存的 1 题计入成绩；留在本机的第 2 题没有及时送到，没有计入。")
    assert page.evaluate("Object.keys(localStorage)") == []
    expect(page.get_by_role("button", name="下一题")).to_be_hidden()
    page.get_by_role("link", name="看成绩").click()
    expect(page.locator(".score")).to_contain_text("5 分")


def test_handed_in_elsewhere_says_what_counts(fair: Site, visit: Visit, contest: str) -> None:
    phone, other = visit(fair), visit(fair)
    phone.refusals.add(409)
    page = walking.newcomer(phone, contest)
    one_saved_one_kept(phone, page)
    other.sign_in(phone.phone)
    other.go(page.url.split("?")[0] + "/sheet")
    walking.hand_in(other.page)
    phone.context.set_offline(False)
    expect(state(page)).to_contain_text("保存的 1 题计入成绩；留在本机的第 2 题没有及时送到，没有计入。")


def test_nobody_signs_out_of_answers_that_were_not_sent(fair: Site, visit: Visit, contest: str) -> None:
    phone = visit(fair)
    page = walking.newcomer(phone, contest)
    one_saved_one_kept(phone, page)
    page.get_by_role("button", name="退出，换人答题").click()
    expect(state(page)).to_have_text("还有 1 题没有存到服务器，请等连上网再退出。")
    page.close()
    phone.context.set_offline(False)
    page = phone.page = phone.context.new_page()
    phone.go("/me")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.get_by_role("button", name="退出，换人答题").click()
    assert asked == ["有答案还没有存到服务器，退出后这些答案就没有了。确定退出吗？"]
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="退出，换人答题").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage)") == []


# --- two devices -----------------------------------------------------------------------------------------------------


@pytest.fixture
def two(fair: Site, visit: Visit, contest: str) -> tuple[Visitor, Visitor]:
    """One person's two devices on the first question; the second does not know yet what the first one saved."""
    one, other = visit(fair), visit(fair)
    other.refusals.add(409)
    page = walking.newcomer(one, contest)
    other.sign_in(one.phone)
    with other.page.expect_response(lambda reply: reply.request.headers.get("accept") == "application/json"):
        other.go(page.url)
    walking.answer(page)
    walking.is_saved(page)
    return one, other


def test_a_quarrel_is_settled_with_the_keyboard(two: tuple[Visitor, Visitor]) -> None:
    first, second = two[0].page, two[1].page
    theirs = stored(first)[0]["answer"]
    walking.answer(second, rightly=False)
    box = second.get_by_role("group", name="这道题刚在另一台设备上改成了")
    expect(box).to_be_focused()
    second.keyboard.press("Tab")
    expect(second.get_by_role("button", name=f"用 {theirs[0]}", exact=True)).to_be_focused()
    second.keyboard.press("Enter")
    walking.is_saved(second)
    expect(second.locator("#options input:checked")).to_be_focused()
    assert stored(second)[0]["answer"] == theirs
    assert second.evaluate("Object.keys(localStorage)") == []


def test_nothing_is_handed_in_over_a_quarrel(two: tuple[Visitor, Visitor]) -> None:
    first, second = two[0].page, two[1].page
    with two[1].offline():
        walking.answer(second, rightly=False)
        expect(state(second)).to_contain_text(AWAY)
    expect(second.locator("#quarrel")).to_be_visible()
    second.goto(second.url.split("?")[0] + "/sheet")
    expect(state(second)).to_contain_text("第 1 题刚在另一台设备上改过，要请您选用哪个答案。")
    second.get_by_role("button", name="交卷").click()
    expect(second.get_by_role("button", name="交卷")).to_be_enabled()
    second.get_by_role("link", name="去第 1 题").click()
    second.get_by_role("button", name="用这里的").click()
    expect(state(second)).to_have_text("已连上，1 题已补存")
    first.reload()
    expect(first.locator("label.choice", has=first.locator("input:checked"))).to_contain_text(WRONG)


def test_an_answer_waiting_for_the_network_overwrites_no_newer_one_at_the_deadline(
    fair: Site, visit: Visit, tmp_path: Path
) -> None:
    contest = open_contest(fair, tmp_path, walking.a_slug(), plan=THREE_SINGLES, time_limit_s=8, grace_s=30)
    one, other = visit(fair), visit(fair)
    other.refusals.add(409)
    page = walking.newcomer(one, contest)
    other.sign_in(one.phone)
    with other.page.expect_response(lambda reply: reply.request.headers.get("accept") == "application/json"):
        other.go(page.url)
    other.has_been_offline = True
    other.context.set_offline(True)
    walking.answer(other.page, rightly=False)
    expect(state(other.page)).to_contain_text("网络断开")
    walking.answer(page)
    walking.is_saved(page)
    page.close()
    expect(state(other.page)).to_contain_text("时间到。网络断开")
    other.context.set_offline(False)
    expect(state(other.page)).to_contain_text("保存的 1 题计入成绩；留在本机的第 1 题没有及时送到，没有计入。")
    other.page.get_by_role("link", name="看成绩").click()
    expect(other.page.locator(".score")).to_contain_text("5 分")
