"""A resident or employee with a phone: from the link to the rank, also without JavaScript, offline, and out of time."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser import walking
from tests.browser.conftest import DESK, PHONE, Site, Visit, width_of
from tests.browser.district import PASSWORD, WHERE, WHY, WRONG, open_contest

SAVE = "**/answers/*"
THREE_SINGLES = [{"kind": "single_choice", "count": 3, "points": 5}]


def state(page: Page) -> Locator:
    return page.locator("#save-state")


def test_an_employee_from_the_link_to_the_ladder(site: Site, visit: Visit, tmp_path: Path) -> None:
    contest = open_contest(site, tmp_path)
    phone = visit(site)
    page = phone.go(contest)
    for words in ("5 道题", "20 分钟", "可答 3 次", "结束"):
        expect(page.get_by_role("main")).to_contain_text(words)
    page.get_by_role("button", name="开始答题").click()
    page.get_by_role("link", name="现在注册").click()
    number = walking.register(phone, "欧阳小红", unit="印刷")

    walking.begin(phone, contest)
    held: list[Route] = []
    page.route(SAVE, lambda route: held.append(route))
    with page.expect_request(SAVE):
        walking.answer(page)
    assert state(page).text_content() != "已保存"  # the reply has not come yet
    held[0].continue_()
    page.unroute(SAVE)
    walking.is_saved(page)
    page.get_by_role("button", name="下一题").click()
    walking.answer(page, rightly=False)
    walking.is_saved(page)

    page.reload()
    expect(page.locator("#place")).to_have_text("第 2/5 题")
    expect(page.locator("#answered")).to_have_text("2")
    assert_answered(page)

    other = visit(site)
    other.sign_in(number)
    other.go(contest).get_by_role("link", name="继续答题").click()
    walking.is_on(other.page, 3)
    walking.answer_all(other.page)

    walking.answer_sheet_from(page)
    expect(page.get_by_role("heading", name="5 题都答了")).to_be_visible()
    walking.hand_in(page)
    expect(page.locator(".score")).to_contain_text("80 分")
    expect(page.locator(".rank-line")).to_contain_text("第 1 名，共 1 人")
    mistakes = page.locator("#mistakes")
    expect(mistakes.get_by_role("article")).to_have_count(1)
    expect(mistakes).to_contain_text(WHY)
    expect(mistakes).to_contain_text(WHERE)

    page.get_by_role("link", name="排行榜").click()
    row = page.locator("tr.mine").first
    expect(row).to_contain_text("欧阳**")
    expect(row).to_contain_text("我")
    assert number not in page.content()

    page.get_by_role("button", name="退出，换人答题").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    phone.go("/me")
    expect(page).to_have_url(f"{site.url}/sign-in?next=/me")


def assert_answered(page: Page) -> None:
    """The question on the page shows an answer."""
    if walking.kind_on(page) == "fill_blank":
        expect(page.get_by_label("填在这里")).not_to_have_value("")
    else:
        assert page.locator("#options input:checked").count()


def test_a_resident_without_javascript(site: Site, visit: Visit, tmp_path: Path) -> None:
    contest = open_contest(site, tmp_path)
    phone = visit(site, java_script_enabled=False)
    page = phone.go(contest)
    page.get_by_role("button", name="开始答题").click()
    page.get_by_role("link", name="现在注册").click()
    page.get_by_label("姓名").fill("王芳")
    page.get_by_label("手机号").fill(walking.a_phone())
    page.get_by_text("居民", exact=True).click()
    page.get_by_label("街道或社区").fill("湖")
    page.get_by_label("参赛口令").fill(PASSWORD)
    page.get_by_text("我已阅读并同意").click()
    phone.refusals.add(422)
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_text("名称里有“湖”的有 2 个，请选一个。").last).to_be_visible()
    page.get_by_text("湖滨社区").click()
    page.get_by_label("参赛口令").fill(PASSWORD)
    page.get_by_role("button", name="完成").click()

    page.get_by_role("button", name="开始答题").click()
    for number in range(1, 6):
        walking.is_on(page, number)
        assert width_of(page)[0] <= PHONE
        if walking.kind_on(page) == "true_false":
            page.locator("label.choice").first.click()  # keys are for the script
        else:
            walking.answer(page)
        page.locator("#next").click()
    expect(page.get_by_role("heading", name="5 题都答了")).to_be_visible()
    page.get_by_role("link", name="第 2 题").click()
    walking.is_on(page, 2)
    assert_answered(page)
    page.get_by_role("button", name="下一题").click()
    page.get_by_text("答题卡", exact=False).first.click()
    page.get_by_role("button", name="检查并交卷").click()
    walking.hand_in(page)
    expect(page.locator(".score")).to_contain_text("100 分")
    page.get_by_text("答对的 5 题").click()
    page.get_by_text("这道题有误？").first.click()
    page.get_by_label("第 1 题哪里不对").fill("出处的条文已经改过")
    page.get_by_role("button", name="提交意见").first.click()
    expect(page.get_by_text("已收到您对第 1 题的意见")).to_be_visible()
    expect(page.get_by_text("您提过意见：出处的条文已经改过")).to_be_visible()
    page.get_by_role("button", name="退出，换人答题").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()


@pytest.fixture
def contest(fair: Site, tmp_path: Path) -> str:
    return open_contest(fair, tmp_path, walking.a_slug())


def answer_on_this_device(page: Page) -> None:
    walking.answer(page)
    expect(state(page)).to_contain_text("网络断开，答案先留在本机，连上后自动保存。请不要关闭页面。")


def test_the_lift_without_network(fair: Site, visit: Visit, tmp_path: Path) -> None:
    contest = open_contest(fair, tmp_path, walking.a_slug(), plan=THREE_SINGLES)
    phone = visit(fair)
    page = walking.newcomer(phone, contest)
    walking.answer(page)
    walking.is_saved(page)
    page.get_by_role("button", name="下一题").click()
    walking.is_on(page, 2)
    with phone.offline():
        answer_on_this_device(page)
        page.get_by_role("button", name="下一题").click()
        walking.is_on(page, 3)
        answer_on_this_device(page)
    expect(state(page)).to_have_text("已连上，2 题已补存")
    page.reload()
    expect(page.locator("#answered")).to_have_text("3")


def test_an_answer_given_before_the_script_came(fair: Site, visit: Visit, tmp_path: Path) -> None:
    contest = open_contest(fair, tmp_path, walking.a_slug(), plan=THREE_SINGLES)
    page = walking.newcomer(visit(fair), contest)
    held: list[Route] = []
    page.route("**/attempt.js*", lambda route: held.append(route))
    page.reload(wait_until="commit")
    walking.answer(page)
    held[0].continue_()
    walking.is_saved(page)


def test_the_page_says_saved_where_it_is_seen(fair: Site, visit: Visit, contest: str) -> None:
    """Also on a small phone, where the options reach below the window."""
    phone = visit(fair)
    phone.page.set_viewport_size({"width": PHONE, "height": 480})
    page = walking.newcomer(phone, contest)
    page.evaluate("window.scrollTo(0, 0)")
    walking.answer(page)
    walking.is_saved(page)
    expect(state(page)).to_be_in_viewport(ratio=1)


def test_time_is_up(fair: Site, visit: Visit, tmp_path: Path) -> None:
    contest = open_contest(fair, tmp_path, walking.a_slug(), time_limit_s=4, grace_s=2)
    page = walking.newcomer(visit(fair), contest)
    walking.answer(page)
    walking.is_saved(page)
    page.wait_for_url("**/result")
    expect(page.get_by_text("时间到，已为您交卷。交卷前保存的 1 题计入成绩。")).to_be_visible()
    expect(page.locator(".score")).to_contain_text("20 分")


def test_two_devices_quarrel_in_words(fair: Site, visit: Visit, tmp_path: Path) -> None:
    contest = open_contest(fair, tmp_path, walking.a_slug(), plan=THREE_SINGLES)
    one, two = visit(fair), visit(fair)
    page = walking.newcomer(one, contest)
    two.refusals.add(409)
    two.sign_in(one.phone)
    two.go(contest).get_by_role("link", name="继续答题").click()
    for name, number in (("下一题", 2), ("上一题", 1)):  # so that it has heard how things stand before they change
        two.page.get_by_role("button", name=name).click()
        walking.is_on(two.page, number)
    walking.answer(page)
    walking.is_saved(page)
    walking.answer(two.page, rightly=False)
    quarrel = two.page.locator("#quarrel")
    expect(quarrel).to_contain_text("这道题刚在另一台设备上改成了")
    quarrel.get_by_role("button").last.click()
    walking.is_saved(two.page)
    expect(quarrel).to_be_hidden()
    page.reload()
    for each in (page, two.page):
        chosen = each.locator("label.choice", has=each.locator("input:checked"))
        expect(chosen).to_contain_text(WRONG)


def test_answering_with_keys_only(fair: Site, visit: Visit, contest: str) -> None:
    page = walking.newcomer(visit(fair, DESK), contest)
    for number in range(1, 6):
        walking.is_on(page, number)
        if walking.kind_on(page) == "fill_blank":
            page.get_by_label("填在这里").focus()
            page.keyboard.type("12315")
            walking.is_saved(page)
            page.keyboard.press("Enter")
            continue
        walking.press(page, "b" if number % 2 else "2")
        walking.is_saved(page)
        if number == 5:
            page.locator("#next").focus()
        page.keyboard.press("ArrowRight" if number < 5 else "Enter")
    page.wait_for_url("**/sheet")
    expect(page.get_by_role("heading", name="5 题都答了")).to_be_visible()
