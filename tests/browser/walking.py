"""Steps that several journeys take, as a person takes them."""

from itertools import count

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.browser.district import BLANK_KEY, PASSWORD, RIGHT, WRONG

_numbers = count(1)


def a_phone() -> str:
    return f"139{next(_numbers):08d}"


def a_slug() -> str:
    return f"sai-{next(_numbers)}"


def register(visitor: Visitor, name: str, *, street: str = "", unit: str = "", phone: str = "") -> str:
    """Fill in the page of registration that is open, finding the place by part of its name; the phone."""
    page, phone = visitor.page, phone or a_phone()
    page.get_by_label("姓名").fill(name)
    page.get_by_label("手机号").fill(phone)
    page.get_by_text("职工" if unit else "居民", exact=True).click()
    field = page.get_by_role("combobox", name="单位" if unit else "街道或社区")
    field.press_sequentially(unit or street)
    page.get_by_role("option").first.click()
    set_password_and_agree(page)
    visitor.phone = phone
    return phone


def set_password_and_agree(page: Page) -> None:
    page.get_by_label("参赛口令").fill(PASSWORD)
    page.get_by_text("我已阅读并同意").click()
    page.get_by_role("button", name="完成").click()
    page.wait_for_url(lambda url: "/register" not in url)


def newcomer(visitor: Visitor, contest: str, name: str = "李强") -> Page:
    """Somebody new, registered as a resident, on the first question."""
    visitor.go(f"/register?next={contest}")
    register(visitor, name, street="东湖")
    return begin(visitor, contest)


def begin(visitor: Visitor, contest: str) -> Page:
    """From the contest page to the first question."""
    page = visitor.go(contest)
    page.get_by_role("button", name="开始答题").click()
    page.wait_for_url("**/attempts/*")
    return page


def is_on(page: Page, number: int) -> None:
    expect(page.locator("#place")).to_contain_text(f"第 {number}/")


def kind_on(page: Page) -> str:
    return page.locator("#question").get_attribute("data-kind") or ""


def press(page: Page, key: str) -> None:
    """As soon as the page hears keys: a tap on an option before that is kept by the form, a key is nowhere."""
    page.wait_for_load_state("domcontentloaded")
    page.keyboard.press(key)


def answer(page: Page, *, rightly: bool = True) -> None:
    """Answer the question on the page by clicks and keys; which is right is told by the option's text."""
    kind = kind_on(page)
    if kind == "fill_blank":
        page.get_by_label("填在这里").fill(BLANK_KEY if rightly else "10086")
    elif kind == "true_false":
        press(page, "1" if rightly else "2")
    elif kind == "multiple_choice":
        for option in page.locator("label.choice", has_text=RIGHT if rightly else WRONG).all():
            option.click()
    else:
        page.locator("label.choice", has_text=RIGHT if rightly else WRONG).first.click()


def is_saved(page: Page) -> None:
    expect(page.locator("#save-state")).to_have_text("已保存")


def answer_all(page: Page, *, rightly: bool = True) -> None:
    """Every question from the one on the page to the last, and on to the answer sheet."""
    total = int(page.locator("#question").get_attribute("data-total") or 0)
    place = int(page.locator("#question").get_attribute("data-position") or 0)
    for number in range(place, total + 1):
        is_on(page, number)
        answer(page, rightly=rightly)
        is_saved(page)
        page.locator("#next").click()
    page.wait_for_url("**/sheet")


def answer_sheet_from(page: Page) -> None:
    """By way of 答题卡 under the question."""
    page.locator(".sheet-fold summary").click()
    page.get_by_role("button", name="检查并交卷").click()
    page.wait_for_url("**/sheet")


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="交卷").click()
    page.wait_for_url("**/result")
