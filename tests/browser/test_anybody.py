"""Anybody, not signed in: the home page, three ladders with their rule in words, and nobody's phone."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Site, Visit
from tests.browser.sample import PLAYERS, UNIT_NAMES


def test_three_ladders_without_anybodys_name_or_phone(sample: Site, visit: Visit) -> None:
    stranger = visit(sample)
    page = stranger.go("/")
    page.get_by_role("region", name="2026 年质量知识竞赛").get_by_role("link", name="排行榜").click()
    rows = page.locator("table.ladder tbody tr")
    expect(rows).to_have_count(len(PLAYERS))
    expect(rows.first).to_contain_text("赵*")
    expect(rows.first).to_contain_text("100 分")
    expect(page.locator(".rule")).to_contain_text("用时")
    seen = page.content()

    page.get_by_role("link", name="单位榜").click()
    expect(page.locator(".rule")).to_contain_text("参与率")
    expect(rows).to_have_count((len(UNIT_NAMES) + 1) // 2)  # the upper half is shown
    seen += page.content()
    page.get_by_role("link", name="街道榜").click()
    expect(rows).to_have_count(2)
    seen += page.content()

    page.get_by_role("link", name="个人榜").click()
    page.get_by_label("街道").select_option(label="西山街道")
    page.get_by_role("button", name="看榜").click()
    expect(rows.first).to_contain_text("孙**")
    seen += page.content()
    assert not [name for name, *_ in PLAYERS if name in seen]
    assert not re.search(r"1[3-9]\d{9}", seen)
