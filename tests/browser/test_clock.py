"""The time left is the server's, whatever the phone's clock and zone say and however long it slept."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from question_bank.database import transaction
from quiz.models import Attempt
from tests.browser import walking
from tests.browser.conftest import Site, Visit
from tests.browser.district import open_contest

TWENTY_MINUTES = re.compile(r"^(20:00|19:[3-5]\d)$")
TEN_MINUTES = re.compile(r"^(10:0\d|9:[3-5]\d)$")


@pytest.fixture
def contest(fair: Site, tmp_path: Path) -> str:
    """Of twenty minutes."""
    return open_contest(fair, tmp_path, walking.a_slug())


def move_deadline(site: Site, page: Page, by: timedelta) -> None:
    """As time given back does, or time that passes while a phone sleeps."""
    number = int(page.url.split("/attempts/")[1].split("?")[0])
    with site.app.app_context(), transaction() as session:
        attempt = session.execute(select(Attempt).where(Attempt.id == number)).scalar_one()
        attempt.deadline += by
        attempt.accepts_until += by


def looks_again(page: Page) -> None:
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def comes_from_the_browsers_memory(page: Page) -> None:
    page.evaluate("window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")


def clock_is_set_forward(page: Page) -> None:
    page.evaluate("(real => { Date.now = () => real() + 600000; })(Date.now.bind(Date))")


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
@pytest.mark.parametrize("wrong", [datetime(2001, 9, 9), datetime(2038, 1, 1)], ids=["past", "future"])
def test_a_wrong_clock_and_another_zone_change_nothing(
    fair: Site, visit: Visit, contest: str, zone: str, wrong: datetime
) -> None:
    phone = visit(fair, timezone_id=zone)
    phone.page.clock.install(time=wrong)
    page = walking.newcomer(phone, contest)
    expect(page.locator("#clock")).to_have_text(re.compile("还剩"))
    expect(page.locator("#clock-face")).to_have_text(TWENTY_MINUTES)
    walking.answer(page)
    walking.is_saved(page)
    expect(page.locator("#clock-face")).to_have_text(TWENTY_MINUTES)


@pytest.mark.parametrize("happens", [looks_again, comes_from_the_browsers_memory, clock_is_set_forward])
def test_the_time_left_follows_the_server(
    fair: Site, visit: Visit, contest: str, happens: Callable[[Page], None]
) -> None:
    page = walking.newcomer(visit(fair), contest)
    page.wait_for_load_state("networkidle")  # it asks the server once by itself
    expect(page.locator("#clock-face")).to_have_text(TWENTY_MINUTES)
    move_deadline(fair, page, -timedelta(minutes=10))
    happens(page)
    expect(page.locator("#clock-face")).to_have_text(TEN_MINUTES)


def test_a_page_that_believes_its_time_is_up_asks_the_server_first(fair: Site, visit: Visit, contest: str) -> None:
    phone = visit(fair)
    phone.page.clock.install()
    page = walking.newcomer(phone, contest)
    page.clock.fast_forward("25:00")
    expect(page.locator("#clock-face")).to_have_text(TWENTY_MINUTES)
    walking.answer(page)
    walking.is_saved(page)


def test_who_slept_past_the_end_is_told_what_counts(fair: Site, visit: Visit, contest: str) -> None:
    page = walking.newcomer(visit(fair), contest)
    walking.answer(page)
    walking.is_saved(page)
    move_deadline(fair, page, -timedelta(minutes=30))
    looks_again(page)
    page.wait_for_url("**/result")
    expect(page.get_by_text("时间到，已为您交卷。交卷前保存的 1 题计入成绩。")).to_be_visible()


@pytest.mark.parametrize(("asleep", "words"), [("15:20", "还剩 5 分钟"), ("19:10", "还剩 1 分钟")])
def test_five_minutes_and_one_minute_are_read_out_even_where_the_second_was_slept_through(
    fair: Site, visit: Visit, contest: str, asleep: str, words: str
) -> None:
    phone = visit(fair)
    phone.page.clock.install()
    page = walking.newcomer(phone, contest)
    spoken = page.locator("#clock [role=status]")
    expect(page.locator("#clock-label")).to_have_text("还剩")
    expect(spoken).to_have_text("")
    page.wait_for_load_state("networkidle")  # it asks the server once by itself
    page.clock.fast_forward(asleep)
    expect(spoken).to_have_text(words)


def test_out_of_the_browsers_memory_an_answer_given_elsewhere_is_there(fair: Site, visit: Visit, contest: str) -> None:
    one, other = visit(fair), visit(fair)
    page = walking.newcomer(one, contest)
    other.sign_in(one.phone)
    other.go(page.url)
    kind = walking.kind_on(page)
    walking.answer(other.page)
    walking.is_saved(other.page)
    comes_from_the_browsers_memory(page)
    expect(page.locator("#sheet .place").first).to_have_class("place done")
    if kind in ("single_choice", "multiple_choice", "true_false"):
        expect(page.locator("#options input:checked").first).to_be_checked()
