"""axe looks at every page that can be opened, on a phone, in the light and in the dark: it finds nothing."""

from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, Site, Visit
from tests.browser.test_every_page import SEEN_BY, addresses, sign_in

# What is there is the same in the dark: only what colours decide is looked at again.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]


@pytest.mark.parametrize("sample", [pytest.param("sqlite", id="either")], indirect=True)  # looks are not the database's
@pytest.mark.parametrize("who", SEEN_BY)
def test_axe_finds_nothing(sample: Site, visit: Visit, who: str) -> None:
    visitor = visit(sample, PHONE, reduced_motion="reduce")
    visitor.refusals.update((401, 403, 404, 409, 410, 422))
    sign_in(visitor, SEEN_BY[who][0])
    opened, found = 0, []
    for path in sorted(set(addresses(sample.app, who))):
        page = visitor.go(path)
        if not page.url.startswith(sample.url + path):
            continue  # sent elsewhere, to a page that is looked at anyway
        opened += 1
        page.evaluate(axe())
        found += [f"{path}: {finding}" for finding in findings(page)]
        page.emulate_media(color_scheme="dark")
        found += [f"{path}, dark: {finding}" for finding in findings(page, RULES_OF_COLOUR)]
        page.emulate_media(color_scheme="light")
    assert opened > 10
    assert not found, "\n".join(found)


@cache
def axe() -> str:
    """axe-core as its package ships it."""
    return files("axe_playwright_python").joinpath("axe.min.js").read_text()


def findings(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe says of the page at hand, by all its rules or by these only."""
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    violations = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [f"{each['id']}: {node['html'][:160]} {_reason(node)}" for each in violations for node in each["nodes"]]


def _reason(node: dict[str, Any]) -> str:
    return next((check["message"] for check in node["any"] + node["all"] + node["none"]), "")


def test_axe_would_find_a_picture_without_words(fair: Site, visit: Visit) -> None:
    page = visit(fair, PHONE).go("/help")
    add = "document.querySelector('main').appendChild(document.createElement('img'))"
    page.evaluate(f"{add}.src = '/static/favicon.svg'")
    page.evaluate(axe())
    assert [finding.split(":")[0] for finding in findings(page)] == ["image-alt"]
