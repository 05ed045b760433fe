"""axe-core looks at a page."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# What is there is the same in the dark: only what colours decide is looked at again.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]


def findings_in_both_themes(page: Page) -> list[str]:
    """By light all its rules, by dark what colours decide."""
    page.evaluate(axe())
    found = findings(page)
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {finding}" for finding in findings(page, RULES_OF_COLOUR)]
    page.emulate_media(color_scheme="light")
    return found


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
