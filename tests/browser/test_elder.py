"""长辈版: large letters, large areas to touch, strong contrast, read aloud, one thing at a time, nothing that jumps."""

import re
from collections.abc import Iterable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import Looked, axe, findings
from tests.browser.conftest import DESK, PHONE, Site, Visit, Visitor, width_of
from tests.browser.sample import PAUSED
from tests.browser.test_every_page import _STICKS_OUT, ON_SQLITE, SEEN_BY, addresses, sign_in

PEOPLE = ["nobody", "resident"]
RUNNING_ATTEMPT = "/attempts/14"


def open_in(visitor: Visitor, size: str) -> None:
    visitor.context.add_cookies([{"name": "look", "value": size, "url": visitor.url}])


def own_pages(sample: Site, visitor: Visitor, who: str) -> Iterable[tuple[str, Page]]:
    """Every page that this person may open and is not sent away from."""
    visitor.refusals.update((401, 403, 404, 409, 410, 422))
    for path in sorted(set(addresses(sample.app, who))):
        if re.search(rf"/{PAUSED}\b", path):  # the same as the running one, with other words
            continue
        page = visitor.go(path)
        if page.url.startswith(sample.url + path):
            yield path, page


@ON_SQLITE
@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_is_large_and_clear(sample: Site, visit: Visit, who: str) -> None:
    visitor = visit(sample, PHONE)
    sign_in(visitor, SEEN_BY[who][0])
    open_in(visitor, "24")
    faults, looked = [], Looked(is_signed_in=who != "nobody")
    for path, page in own_pages(sample, visitor, who):
        faults += [f"{path}: letters of {found}" for found in page.evaluate(_SMALL_LETTERS)]
        faults += [f"{path}: to touch {found}" for found in page.evaluate(_SMALL_AREAS)]
        if looked.is_new(page):
            faults += [f"{path}: {finding}" for finding in findings_at_seven_to_one(page)]
    assert not faults, "\n".join(faults)


_SMALL_LETTERS = """
Array.from(document.querySelectorAll("body *")).filter(element => {
  const says = Array.from(element.childNodes).some(node => node.nodeType === 3 && node.textContent.trim());
  return says && element.getClientRects().length && !element.closest(".unseen, .skip, noscript, script, option")
    && parseFloat(getComputedStyle(element).fontSize) < 24;
}).map(element => getComputedStyle(element).fontSize + " " + element.outerHTML.slice(0, 120))
"""
_SMALL_AREAS = """
Array.from(document.querySelectorAll("a, button, summary, label.choice, select, textarea, input:not([type=hidden])"))
  .filter(element => {
    const box = element.getBoundingClientRect();
    return box.width && !element.closest(".unseen, .skip") && !element.closest(".choice input")
      && Math.min(box.height, element.matches("p a, li a, dd a, td a, span a") ? 60 : box.width) < 59.5;
  }).map(element => element.getBoundingClientRect().width.toFixed() + "x"
    + element.getBoundingClientRect().height.toFixed() + " " + element.outerHTML.slice(0, 120))
"""


def findings_at_seven_to_one(page: Page) -> list[str]:
    """By light all of axe's rules, by dark the contrast: 7:1, which 4.5:1 lies within, whatever the size of letters."""
    page.evaluate(axe())
    page.evaluate(_SEVEN_TO_ONE)
    found = findings(page, rules={"color-contrast-enhanced": {"enabled": True}, "color-contrast": {"enabled": False}})
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {finding}" for finding in findings(page, ["color-contrast-enhanced"])]
    page.emulate_media(color_scheme="light")
    return found


# axe lets large letters pass with 4.5:1; here they do not.
_SEVEN_TO_ONE = """
axe.configure({ checks: [{ id: "color-contrast-enhanced",
  options: { contrastRatio: { normal: { expected: 7 }, large: { expected: 7 } } } }] })
"""


@ON_SQLITE
@pytest.mark.parametrize("who", PEOPLE)
def test_nothing_sticks_out_at_the_largest_size(sample: Site, visit: Visit, who: str) -> None:
    visitor = visit(sample, PHONE)
    sign_in(visitor, SEEN_BY[who][0])
    open_in(visitor, "40")
    wide = [(path, width_of(page)) for path, page in own_pages(sample, visitor, who) if width_of(page)[0] > PHONE]
    assert wide == []


@ON_SQLITE
def test_nothing_sticks_out_at_a_desk_with_letters_twice_as_large(sample: Site, visit: Visit) -> None:
    visitor = visit(sample, DESK)
    sign_in(visitor, SEEN_BY["organiser"][0])
    wide = []
    for path, page in own_pages(sample, visitor, "organiser"):
        page.evaluate("document.documentElement.style.fontSize = '34px'")
        if width_of(page)[0] > DESK:
            wide.append((path, page.evaluate(_STICKS_OUT)))
    assert not wide, "\n".join(map(str, wide))


@ON_SQLITE
@pytest.mark.parametrize("has_script", [True, False])
def test_the_switch_is_remembered(sample: Site, visit: Visit, has_script: bool) -> None:
    visitor = visit(sample, PHONE, java_script_enabled=has_script)
    page = visitor.go("/help")
    page.get_by_role("button", name="长辈版").click()
    expect(page).to_have_url(f"{sample.url}/help")
    expect(page.locator("html")).to_have_class("elder elder-24")
    page.get_by_role("button", name="最大").click()
    expect(page.locator("html")).to_have_class("elder elder-40")
    expect(page.get_by_role("button", name="最大")).to_have_attribute("aria-pressed", "true")
    expect(visitor.go("/").locator("html")).to_have_class("elder elder-40")
    page.get_by_role("button", name="标准版").click()
    expect(page.get_by_role("button", name="长辈版")).to_be_visible()
    visitor.go("/help")
    expect(page.get_by_role("button", name="长辈版")).to_be_visible()


@ON_SQLITE
def test_switching_loses_nothing_half_typed(sample: Site, visit: Visit) -> None:
    page = visit(sample, PHONE).go("/register")
    page.get_by_label("姓名").fill("王桂英")
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html")).to_have_class("elder elder-24")
    expect(page.get_by_label("姓名")).to_have_value("王桂英")


@ON_SQLITE
@pytest.mark.parametrize("width", [PHONE, DESK])
@pytest.mark.parametrize("size", ["24", "32", "40"])
def test_the_next_button_stays_where_it_was(sample: Site, visit: Visit, size: str, width: int) -> None:
    page = a_resident(sample, visit, size, width=width).go(f"{RUNNING_ATTEMPT}?q=1")
    places = [page.locator("#next").bounding_box()]
    expect(page.get_by_text("可以随时停下，答案会保存，时间不停。")).to_be_visible()
    for number in range(2, 6):
        page.locator("#next").click()
        expect(page.locator("#place")).to_contain_text(f"第 {number}/")
        expect(page.get_by_text("可以随时停下")).to_be_hidden()
        places.append(page.locator("#next").bounding_box())
    assert places == [places[0]] * 5


def a_resident(sample: Site, visit: Visit, size: str, width: int = PHONE) -> Visitor:
    visitor = visit(sample, width)
    sign_in(visitor, SEEN_BY["resident"][0])
    open_in(visitor, size)
    return visitor


@ON_SQLITE
def test_a_question_is_read_aloud_until_the_next(sample: Site, visit: Visit) -> None:
    visitor = a_resident(sample, visit, "24")
    visitor.context.add_init_script(_HEAR)
    page = visitor.go(f"{RUNNING_ATTEMPT}?q=1")
    page.get_by_role("button", name="朗读").click()
    stem = page.locator("#stem").inner_text()
    spoken = page.evaluate("window.heard[window.heard.length - 1]")
    assert spoken["lang"] == "zh-CN"
    assert stem[:6] in spoken["text"]
    assert all(row.inner_text() in spoken["text"] for row in page.locator(".option-text").all())
    stops = page.evaluate("window.stops")
    page.locator("#next").click()
    expect(page.locator("#place")).to_contain_text("第 2/")
    expect(page.get_by_role("button", name="朗读", exact=True)).to_be_visible()
    assert page.evaluate("window.stops") > stops


_HEAR = """
window.heard = []; window.stops = 0;
window.speechSynthesis.speak = said => window.heard.push({ text: said.text, lang: said.lang });
window.speechSynthesis.cancel = () => { window.stops += 1; };
"""


@ON_SQLITE
def test_a_browser_without_speech_offers_none(sample: Site, visit: Visit) -> None:
    visitor = a_resident(sample, visit, "24")
    visitor.context.add_init_script("Object.defineProperty(window, 'speechSynthesis', { value: undefined })")
    page = visitor.go(f"{RUNNING_ATTEMPT}?q=1")
    expect(page.locator("#next")).to_be_visible()
    expect(page.locator("#speak")).to_be_hidden()
