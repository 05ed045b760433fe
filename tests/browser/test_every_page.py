"""Every page that can be opened: nothing sticks out at 360 px, also with letters twice as large, one heading, nothing
that axe finds in light or dark, and the keyboard's place is seen."""

import re
from collections.abc import Iterable

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from quiz.rules.permissions import GRANTS, Role
from quiz.web.access import access_of
from tests.browser.axe import Looked, findings_in_both_themes
from tests.browser.conftest import PHONE, Site, Visit, Visitor, width_of
from tests.browser.district import PASSWORD
from tests.browser.sample import CODE, COMING, DRAFT, OVER, PAUSED, RESIDENT_PHONE, RUNNING, STALL, TIMED

FOR_PROGRAMS = ("static", "health.", "accounts.places", "bank.progress", "pictures.", "practice.picture")
PUBLIC = "public"
LIKE_OTHERS = f"{DRAFT}|{PAUSED}|{TIMED}"
"""Contests whose pages are those of others with other words: axe need not look at them as well."""
ENOUGH_FOR_STAFF = [RUNNING, OVER, DRAFT]
"""In the console the others look like one of these."""
SEEN_BY = {
    "nobody": ("", None),
    "resident": (RESIDENT_PHONE, Role.PARTICIPANT),
    "organiser": ("organiser", Role.ORGANISER),
    "judge": ("judge", Role.JUDGE),
    "administrator": ("administrator", Role.ADMINISTRATOR),
    "street_manager": ("street_manager", Role.STREET_MANAGER),
    "unit_manager": ("unit_manager", Role.UNIT_MANAGER),
    "reviewer": ("reviewer", Role.REVIEWER),
}


def addresses(app: Flask, who: str) -> Iterable[str]:
    """Every address of a page that this role may open: GET rules with whatever the sample offers for their parts."""
    role = SEEN_BY[who][1]
    granted = {PUBLIC, *(GRANTS[role] if role else ())}
    offers = {
        "slug": [RUNNING, OVER, DRAFT, COMING, PAUSED, TIMED],
        "attempt_id": ["7", "14", "13", "15"],
        "bank_id": ["1"],
        "question_id": ["1", "20"],
        "version_id": ["1", "25", "30"],
        "batch_id": ["1"],
        "person_id": ["1"],
        "part": ["basics", "times", "marking", "ladders", "rewards", "texts"],
        "by": ["unit", "street"],
        "token": ["used-up", f"{STALL}-of-organiser"],
        "code": [CODE, "AAAAAAAAAAAA"],
        "number": ["1", "2", "3"],
        "winner_id": ["1"],
    }
    for rule in app.url_map.iter_rules():
        is_page = not rule.endpoint.startswith(FOR_PROGRAMS) and not rule.rule.endswith(
            (".xlsx", ".json", ".pdf", ".py", ":ending>")
        )
        if "GET" not in (rule.methods or ()) or not is_page:
            continue
        if access_of(app.view_functions[rule.endpoint]) not in granted:
            continue
        if role not in (None, Role.PARTICIPANT) and not rule.rule.startswith("/console"):
            continue  # what everybody sees is looked at as everybody
        paths = [rule.rule]
        for name in rule.arguments:
            values = offers[name]
            if name == "slug":
                values = ENOUGH_FOR_STAFF if rule.rule.startswith("/console") else values
            paths = [re.sub(rf"<[^<>]*\b{name}>", value, path) for path in paths for value in values]
        yield from paths


def sign_in(visitor: Visitor, account: str) -> None:
    if account:
        visitor.sign_in(account, PASSWORD)


ON_SQLITE = pytest.mark.parametrize("sample", [pytest.param("sqlite", id="either")], indirect=True)
"""Looks are not the database's; that pages open on both is seen in ``tests/pages``."""


@ON_SQLITE
@pytest.mark.parametrize("who", SEEN_BY)
def test_nothing_sticks_out_on_a_phone_and_axe_finds_nothing(sample: Site, visit: Visit, who: str) -> None:
    visitor = visit(sample, PHONE, reduced_motion="reduce")
    visitor.refusals.update((401, 403, 404, 409, 410, 422))
    sign_in(visitor, SEEN_BY[who][0])
    opened, faults, looked = 0, [], Looked(is_signed_in=who != "nobody")
    for path in sorted(set(addresses(sample.app, who))):
        page = visitor.go(path)
        if not page.url.startswith(sample.url + path):
            continue  # sent elsewhere, to a page that is looked at anyway
        opened += 1
        faults += [f"{path}: {fault}" for fault in faults_of(page)]
        if not re.search(rf"/({LIKE_OTHERS})\b", path) and looked.is_new(page):
            faults += [f"{path}: {finding}" for finding in findings_in_both_themes(page)]
        page.evaluate("document.documentElement.style.fontSize = '34px'")
        faults += [f"{path}, letters twice as large: {fault}" for fault in faults_of_width(page)]
    assert opened > 2
    assert not faults, "\n".join(faults)


def faults_of_width(page: Page) -> Iterable[str]:
    wanted, window = width_of(page)
    if wanted > window:
        yield f"{wanted} px wide at {window}: {page.evaluate(_STICKS_OUT)}"


def faults_of(page: Page) -> Iterable[str]:
    yield from faults_of_width(page)
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} h1"
    if re.search(r"\bNone\b|undefined|\{\{|\bNaN\b", page.locator("body").inner_text()):
        yield "a value of the program's, in plain sight"


_STICKS_OUT = """
Array.from(document.querySelectorAll("main *, header *, footer *, nav *"))
  .filter(element => element.getBoundingClientRect().right > window.innerWidth + 0.5)
  .slice(0, 3).map(element => element.outerHTML.slice(0, 120)).concat(
    [document.documentElement.scrollWidth + " of " + window.innerWidth, document.body.innerText.slice(0, 200)])
"""


def test_the_keyboards_place_is_seen(sample: Site, visit: Visit) -> None:
    page = visit(sample, PHONE).go("/register")
    for _ in range(12):
        page.keyboard.press("Tab")
        ring = page.evaluate(_RING)
        assert ring, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


_RING = """
[document.activeElement, document.activeElement.nextElementSibling]
  .some(element => element && getComputedStyle(element).outlineStyle === "solid"
    && parseFloat(getComputedStyle(element).outlineWidth) >= 2)
"""


def test_the_watch_sees_what_pages_must_not_do(sample: Site, visit: Visit) -> None:
    visitor = visit(sample)
    page = visitor.go("/help")
    page.evaluate("document.body.appendChild(document.createElement('script')).textContent = 'window.ran = true'")
    page.evaluate("setTimeout(function () { throw new Error('oh'); }, 0)")
    page.evaluate("fetch('https://elsewhere.example/').catch(function () {})")
    page.goto(f"{sample.url}/nowhere")
    expect(page.get_by_role("heading", name="没有找到")).to_be_visible()
    seen, visitor.faults = "\n".join(visitor.faults), []
    for fault in ("CSP: script-src", "page error: oh", "elsewhere.example", "status of 404"):
        assert fault in seen
