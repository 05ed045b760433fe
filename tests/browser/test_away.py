"""How long nobody looked at the page goes with the next answer to the question that was left, and with no other."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import walking
from tests.browser.conftest import Site, Visit, Visitor
from tests.browser.district import open_contest

SAVE = "**/answers/*"
A_WHILE_MS = 400


@pytest.fixture
def phone(fair: Site, visit: Visit) -> Visitor:
    return visit(fair)


@pytest.fixture
def page(fair: Site, phone: Visitor, tmp_path: Path) -> Page:
    plan = [{"kind": "single_choice", "count": 3, "points": 5}]
    return walking.newcomer(phone, open_contest(fair, tmp_path, walking.a_slug(), plan=plan))


LOOK_AWAY = """async ms => {
    for (let cameBack = true; cameBack;) {
        const comeBack = () => { cameBack = true; };
        cameBack = false;
        ["focus", "pageshow"].forEach(name => window.addEventListener(name, comeBack));
        window.dispatchEvent(new Event("blur"));
        await new Promise(done => setTimeout(done, ms));
        ["focus", "pageshow"].forEach(name => window.removeEventListener(name, comeBack));
    }
}"""


def look_away(page: Page) -> None:
    """Headless pages are never hidden; without the focus they can be. A page that is still coming up on a slow machine
    takes the focus back: then once more.
    """
    page.evaluate(LOOK_AWAY, A_WHILE_MS + 10)


def away_ms_of_next_answer(page: Page, number: int = 0) -> int:
    with page.expect_request(SAVE) as sent:
        page.locator("label.choice").nth(number).click()
    walking.is_saved(page)
    body = sent.value.post_data_json
    assert isinstance(body["away_ms"], int)
    return int(body["away_ms"])


def test_it_is_said_once_and_of_the_question_that_was_left(page: Page) -> None:
    assert away_ms_of_next_answer(page) == 0
    look_away(page)
    assert away_ms_of_next_answer(page, 1) >= A_WHILE_MS
    assert away_ms_of_next_answer(page, 2) == 0
    page.get_by_role("button", name="下一题").click()
    walking.is_on(page, 2)
    look_away(page)
    page.get_by_role("button", name="下一题").click()
    walking.is_on(page, 3)
    assert away_ms_of_next_answer(page) == 0
    page.get_by_role("button", name="上一题").click()
    walking.is_on(page, 2)
    assert away_ms_of_next_answer(page) >= A_WHILE_MS


def test_an_answer_that_replaces_one_not_yet_sent_takes_its_time_along(phone: Visitor, page: Page) -> None:
    phone.has_been_offline = True
    page.route(SAVE, lambda route: route.abort())
    look_away(page)
    page.locator("label.choice").first.click()
    expect(page.locator("#save-state")).to_contain_text("网络断开")
    page.locator("label.choice").nth(1).click()
    with page.expect_response(SAVE) as arrived:  # of whichever answer is the first to get through
        page.unroute(SAVE)
        page.locator("label.choice").nth(2).click()
    assert arrived.value.request.post_data_json["away_ms"] >= A_WHILE_MS
