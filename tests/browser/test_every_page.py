"""Every page that can be opened: nothing sticks out at 360 px, one heading, and the keyboard's place is seen."""

import re
from collections.abc import Iterable

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Site, Visit, Visitor, width_of
from tests.browser.district import PASSWORD
from tests.browser.sample import DRAFT, OVER, PAUSED, RESIDENT_PHONE, RUNNING

FOR_PROGRAMS = ("static", "health.", "accounts.places")
SEEN_BY = {"nobody": "", "resident": RESIDENT_PHONE, "organiser": "organiser", "administrator": "administrator",
           "street_manager": "street_manager"}  # fmt: skip


def addresses(app: Flask) -> Iterable[str]:
    """Every address of a page: GET rules with whatever the sample offers for their parts."""
    offers = {
        "slug": [RUNNING, PAUSED, OVER, DRAFT],
        "attempt_id": ["7", "14", "13"],
        "bank_id": ["1"],
        "question_id": ["1", "20"],
        "batch_id": ["1"],
        "person_id": ["1"],
        "part": ["basics", "times", "marking", "ladders", "texts"],
        "token": ["used-up"],
    }
    for rule in app.url_map.iter_rules():
        is_page = not rule.endpoint.startswith(FOR_PROGRAMS) and not rule.rule.endswith((".xlsx", ".json"))
        if "GET" not in (rule.methods or ()) or not is_page:
            continue
        paths = [rule.rule]
        for name in rule.arguments:
            paths = [re.sub(rf"<[^<>]*\b{name}>", value, path) for path in paths for value in offers[name]]
        yield from paths


def sign_in(visitor: Visitor, account: str) -> None:
    if account:
        visitor.sign_in(account, PASSWORD)


@pytest.mark.parametrize("who", SEEN_BY)
def test_nothing_sticks_out_on_a_phone(sample: Site, visit: Visit, who: str) -> None:
    visitor = visit(sample, PHONE)
    visitor.refusals.update((401, 403, 404, 409, 410, 422))
    sign_in(visitor, SEEN_BY[who])
    opened, faults = 0, []
    for path in sorted(set(addresses(sample.app))):
        page = visitor.go(path)
        if not page.url.startswith(sample.url + path):
            continue  # sent elsewhere, to a page that is looked at anyway
        opened += 1
        faults += [f"{path}: {fault}" for fault in faults_of(page)]
    assert opened > 10
    assert not faults, "\n".join(faults)


def faults_of(page: Page) -> Iterable[str]:
    wanted, window = width_of(page)
    if wanted > window:
        yield f"{wanted} px wide at {window}: {page.evaluate(_STICKS_OUT)}"
    if page.locator("h1").count() != 1:
        yield f"{page.locator('h1').count()} h1"
    if re.search(r"\bNone\b|undefined|\{\{|\bNaN\b", page.locator("body").inner_text()):
        yield "a value of the program's, in plain sight"


_STICKS_OUT = """
Array.from(document.querySelectorAll("main *, header *, footer *, nav *"))
  .filter(element => element.getBoundingClientRect().right > window.innerWidth + 0.5)
  .slice(0, 3).map(element => element.outerHTML.slice(0, 120))
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
