"""axe-core looks at a page."""

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

# What is there is the same in the dark: only what colours decide is looked at again.
RULES_OF_COLOUR = ["color-contrast", "link-in-text-block"]
# How to find what is wrong is not asked, and no rule that is on by itself reads the style sheets.
OPTIONS: dict[str, Any] = {"resultTypes": ["violations"], "selectors": False, "preload": {"assets": ["media"]}}


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


def findings(page: Page, only: list[str] | None = None, **more: Any) -> list[str]:
    """What axe says of the page at hand, by all its rules or by these only; ``more`` are options of axe's."""
    options = {**OPTIONS, **more}
    if only:
        options["runOnly"] = {"type": "rule", "values": only}
    violations = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [f"{each['id']}: {node['html'][:160]} {_reason(node)}" for each in violations for node in each["nodes"]]


def _reason(node: dict[str, Any]) -> str:
    return next((check["message"] for check in node["any"] + node["all"] + node["none"]), "")


class Looked:
    """What axe need not look at again in one walk: a page whose main part is, letter for letter, that of another."""

    def __init__(self, *, is_signed_in: bool) -> None:
        self._is_signed_in = is_signed_in
        self._seen: set[str] = set()

    def is_new(self, page: Page) -> bool:
        """Nor is that new to somebody signed in which everybody sees: the walk of nobody looks at it."""
        own, of_nobody = page.evaluate(_MAIN_PARTS, self._is_signed_in)
        is_new = own not in self._seen and own != of_nobody
        self._seen.add(own)
        return is_new


_MAIN_PARTS = """
async isSignedIn => {
  const main = async credentials => {
    const text = await (await fetch(location.href, { credentials })).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    page.querySelectorAll("[name=csrf_token]").forEach(field => field.remove());
    return page.querySelector("main").outerHTML;
  };
  return [await main("same-origin"), isSignedIn ? await main("omit") : ""];
}
"""
