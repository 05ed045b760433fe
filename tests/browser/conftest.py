"""One Chromium for each worker, servers to walk through, and a watch on everything a page must not do."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from quiz.app import create_app
from quiz.config import settings_from
from tests.browser.district import PASSWORD
from tests.browser.sample import happen
from tests.conftest import DATABASES
from tests.serving import Served, served

PATIENCE_MS = 15_000
PHONE, TABLET, DESK = 360, 768, 1280
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

expect.set_options(timeout=PATIENCE_MS)


def chromium_path() -> str | None:
    """Where the system's Chromium lies, if it has one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def a_chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Skips where there is none; on the build server that is a failure."""
    if not chromium_path():
        reason = "Chromium is not installed (on Debian: apt-get install chromium fonts-noto-cjk)"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with a_chromium() as browser:
        yield browser


# --- servers ---------------------------------------------------------------------------------------------------------


class Site:
    """A served application, and the commands of whoever runs it."""

    def __init__(self, server: Served) -> None:
        self.url, self.log = server.url, server.log
        self.app: Flask = create_app(settings_from(server.environ))

    def flask(self, *arguments: str | Path) -> str:
        """Run a command on the server's database; what it said."""
        done = self.app.test_cli_runner().invoke(args=list(map(str, arguments)))
        assert done.exit_code == 0, f"flask {arguments}: {done.exit_code}\n{done.output}\n{done.exception!r}"
        return done.output

    def staff_link(self, *arguments: str) -> str:
        """Add a member of staff; the one-time link that sets the password."""
        return self.flask("staff", "add", *arguments).split()[-1]


@pytest.fixture(params=DATABASES)
def site(request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path, worker_id: str) -> Iterator[Site]:
    """A server on an empty database, of this test alone."""
    with served(request.param, tmp_path, f"browser_{worker_id}") as server:
        yield Site(server)


@pytest.fixture(scope="session", params=DATABASES)
def fair(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Site]:
    """A server that the short tests share; each brings people and a contest of its own."""
    folder = tmp_path_factory.mktemp(f"fair-{request.param}")
    with served(request.param, folder, f"fair_{worker_id}") as server:
        yield Site(server)


@pytest.fixture(scope="session", params=DATABASES)
def sample(
    request: pytest.FixtureRequest, chromium: Browser, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[Site]:
    """A server with a small district in which something has happened; tests look at it and add little."""
    folder = tmp_path_factory.mktemp(f"sample-{request.param}")
    with served(request.param, folder, f"sample_{worker_id}") as server:
        site = Site(server)
        happen(site, folder)
        yield site


# --- visitors --------------------------------------------------------------------------------------------------------

_WATCH = """
document.addEventListener("securitypolicyviolation", function (event) {
  window.reportViolation(event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile);
});
"""


class Visitor:
    """One browser of one person. What its pages must not do is noted, and fails the test at its end."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.context, self.site, self.url = context, site, site.url
        self.faults: list[str] = []
        self.refusals: set[int] = set()
        """Statuses of refusals that the test provokes: the browser's console reports them, too."""
        self.has_been_offline = False
        self.phone = ""  # under which this person registered
        context.set_default_timeout(PATIENCE_MS)
        context.expose_function("reportViolation", lambda said: self.faults.append(f"CSP: {said}"))
        context.add_init_script(_WATCH)
        context.on("console", lambda message: self._heard(message.type, message.text))
        context.on("weberror", lambda error: self.faults.append(f"page error: {error.error}"))
        context.on("response", self._answered)
        context.on("request", self._asked)
        self.page: Page = context.new_page()

    def _heard(self, kind: str, text: str) -> None:
        status = re.search(r"the server responded with a status of (\d+)", text)
        is_provoked = bool(status) and int(status.group(1)) in self.refusals
        is_offline = self.has_been_offline and "net::ERR_" in text
        if kind == "error" and not is_provoked and not is_offline:
            self.faults.append(f"console: {text}")

    def _answered(self, response: Any) -> None:
        if response.status >= 500:
            said = self.site.log.read_text()[-3000:]
            self.faults.append(f"{response.status} for {response.request.method} {response.url}\n{said}")

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((f"{self.url}/", "data:", "blob:")):
            self.faults.append(f"another host: {request.url}")

    def go(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.url + path)
        return self.page

    @contextmanager
    def offline(self) -> Iterator[None]:
        """The lift without network."""
        self.has_been_offline = True
        self.context.set_offline(True)
        try:
            yield
        finally:
            self.context.set_offline(False)

    def sign_in(self, account: str, password: str = PASSWORD) -> None:
        page = self.go("/sign-in")
        page.get_by_label("手机号").fill(account)
        page.get_by_label("口令").fill(password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(lambda url: not url.endswith("/sign-in"))

    def use_link(self, link: str, password: str = PASSWORD) -> None:
        """Open a one-time link and set the password; the sign-in page follows."""
        page = self.go(link)
        page.get_by_label("新口令").fill(password)
        page.get_by_role("button", name="设好口令").click()
        expect(page.get_by_text("口令已设好，请登录。")).to_be_visible()


def a_visitor(browser: Browser, site: Site, width: int = PHONE, **options: Any) -> Visitor:
    """A browser that nobody has used before."""
    height = {PHONE: 740, TABLET: 1024}.get(width, 800)
    usual = {"viewport": {"width": width, "height": height}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
    context = browser.new_context(**{**usual, **options})
    return Visitor(context, site)


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Visit]:
    """``visit(site, width)``: a new browser; at the end of the test no page may have misbehaved."""
    visitors: list[Visitor] = []

    def open_one(site: Site, width: int = PHONE, **options: Any) -> Visitor:
        visitors.append(a_visitor(chromium, site, width, **options))
        return visitors[-1]

    yield open_one
    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.context.close()
    assert not faults, "\n".join(faults)


def width_of(page: Page) -> tuple[int, int]:
    """How wide the page wants to be, and how wide the window is."""
    wanted, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    return wanted, window
