"""The oldest browsers we stand by, Chromium 86 and iOS 13, know every word of our style sheets and scripts."""

from pathlib import Path

import pytest

from tests.baseline.linter import faults_of_script, faults_of_style, own_names

STATIC = Path(__file__).parent.parent / "static"
SHEETS = sorted(STATIC.glob("**/*.css"))
SCRIPTS = sorted(STATIC.glob("**/*.js"))


def test_there_is_something_to_look_at() -> None:
    assert SHEETS and len(SCRIPTS) > 5


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_the_style_sheet_is_old_enough(path: Path) -> None:
    assert faults_of_style(path.read_text()) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_the_script_is_old_enough(path: Path) -> None:
    own = own_names(each.read_text() for each in SCRIPTS)
    assert faults_of_script(path.read_text(), own) == []


@pytest.mark.parametrize(
    "css",
    [
        "a { inset: 0 }",
        "a { display: flex; gap: 8px }",
        "a:focus-visible, a:hover { color: red }",
        "a:is(.b) { color: red }",
        "a:not(.b, .c) { color: red }",
        "a { width: clamp(1px, 2px, 3px) }",
        "a { height: 100dvh }",
        "a { overflow: clip }",
        "a { colour: red }",
        "@layer b { a { color: red } }",
        "@media (prefers-contrast: more) { a { color: red } }",
        "@media print { a { accent-color: red } }",
        "a { b { color: red } }",
    ],
)
def test_what_a_newer_browser_is_needed_for_is_found(css: str) -> None:
    assert faults_of_style(css)


@pytest.mark.parametrize(
    "script",
    [
        "a?.b",
        "a ?? b",
        "try {} catch {}",
        "'a'.replaceAll('a', 'b')",
        "[1].at(-1)",
        "structuredClone({})",
        "async function* a() {}",
        "const a = { ...b }",
        "a ||= b",
        "1_000",
        "/(?<=a)b/",
        "import a from 'b'",
    ],
)
def test_a_script_of_newer_words_is_found(script: str) -> None:
    assert faults_of_script(script)


def test_what_is_asked_for_first_may_be_used() -> None:
    assert faults_of_style("@supports (inset: 0) { a { inset: 0 } }") == []
    assert faults_of_style("a { display: grid; gap: 8px }") == []
    assert faults_of_script("if (navigator.wakeLock) { navigator.wakeLock.request('screen') }") == []
