"""A judge asks for a file, and the page turns by itself when a process of its own has made it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, Site, Visit
from tests.browser.district import PASSWORD
from tests.browser.sample import OVER


@pytest.mark.parametrize("sample", [pytest.param("sqlite", id="either")], indirect=True)
def test_the_page_waits_for_the_file_and_hands_it_out(sample: Site, visit: Visit) -> None:
    visitor = visit(sample, DESK)
    visitor.sign_in("judge", PASSWORD)
    page = visitor.go(f"/console/results/{OVER}/files")
    page.get_by_role("button", name="成绩工作簿").click()
    link = page.get_by_role("link", name="下载", exact=True)
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    assert re.fullmatch(r"2025 年质量知识竞赛-成绩\.xlsx", download.value.suggested_filename)
