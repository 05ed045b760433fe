"""``make audit``: Lighthouse, as on a phone with slow 4G, over participants' pages, filled as in the demo.

Median of three. Accessibility and best practices must be 100; performance is printed, for others share the cores.
Beside it how long the quiz page takes on such a network in a browser that is really held back, and a save on it.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from quiz.services.demo import FINISHED, RUNNING
from tests.browser.conftest import PHONE, a_chromium, chromium_path
from tests.browser.pictures import Album, answer_one, the_demo

LIGHTHOUSE = "lighthouse@12.8.2"
ROUNDS, TRIES = 3, 3
CATEGORIES = ("performance", "accessibility", "best-practices")
ENFORCED = ("accessibility", "best-practices")
METRICS = {"first-contentful-paint": "first paint", "largest-contentful-paint": "largest paint", "interactive": "ready"}
SLOW_4G = {"latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 675_000 / 8}
"""Of Lighthouse: 150 ms there and back, 1.6 Mbit/s down, 0.675 Mbit/s up."""


def main() -> None:
    if not shutil.which("npx"):
        raise SystemExit("This needs npx of Node 18 or newer (on Debian: apt-get install nodejs npm).")
    with the_demo() as (server, accounts, folder):
        with a_chromium() as browser:
            somebody = Album(browser, server.url, accounts["participant"], PHONE)
            somebody.go("/me").get_by_role("link", name="看成绩和错题").last.click()
            result = somebody.page.url
            answer_one(somebody.go(f"/contests/{RUNNING}"))
            quiz = somebody.page.url
            cookie = "; ".join(f"{each['name']}={each['value']}" for each in somebody.page.context.cookies())
            opened, saved = held_back(somebody.page)
        pages = {
            "home": server.url + "/",
            "contest": f"{server.url}/contests/{RUNNING}",
            "quiz": quiz,
            "result": result,
            "leaderboard": f"{server.url}/contests/{FINISHED}/standings",
        }
        audited = {name: audit(name, url, cookie, folder) for name, url in pages.items()}
    print(f"quiz page on slow 4G: opened {opened:.2f} s, from a tap to 已保存 {saved:.2f} s")
    if missed := [
        f"{name} {each} {found[each]}" for name, found in audited.items() for each in ENFORCED if found[each] < 100
    ]:
        print("below 100:", *missed, sep="\n  ")
        sys.exit(1)


def held_back(page: Page) -> tuple[float, float]:
    """Seconds until the quiz page is loaded, nothing kept from before, and from a tap until the page says 已保存."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.send("Network.emulateNetworkConditions", {"offline": False, **SLOW_4G})
    began = time.monotonic()
    page.reload(wait_until="load")
    opened = time.monotonic() - began
    while page.locator("#question").get_attribute("data-kind") != "single_choice":
        page.locator("#next").click()
    page.wait_for_load_state("networkidle")
    began = time.monotonic()
    page.locator("label.choice").nth(2).click()
    expect(page.locator("#save-state")).to_have_text("已保存")
    return opened, time.monotonic() - began


def audit(name: str, url: str, cookie: str, folder: Path) -> dict[str, int]:
    """The median score of each category, printed with the times of the round in the middle."""
    reports = [one_audit(url, cookie, folder) for _ in range(ROUNDS)]
    scores = {each: round(100 * statistics.median(score(report, each) for report in reports)) for each in CATEGORIES}
    times = {
        said: statistics.median(report["audits"][metric]["numericValue"] for report in reports) / 1000
        for metric, said in METRICS.items()
    }
    figures = ", ".join(f"{each} {score}" for each, score in scores.items())
    print(f"{name}: {figures}; " + ", ".join(f"{said} {seconds:.1f} s" for said, seconds in times.items()), flush=True)
    for finding in findings(reports[0]):
        print(f"  {finding}", flush=True)
    return scores


def score(report: dict[str, Any], category: str) -> float:
    value: float = report["categories"][category]["score"]
    return value


def findings(report: dict[str, Any]) -> list[str]:
    """What keeps an enforced category below 100."""
    return [
        f"{category}: {report['audits'][each['id']]['title']}"
        for category in ENFORCED
        for each in report["categories"][category]["auditRefs"]
        if each["weight"] and (report["audits"][each["id"]]["score"] or 0) < 1
        and report["audits"][each["id"]]["scoreDisplayMode"] in ("binary", "numeric")
    ]  # fmt: skip


def one_audit(url: str, cookie: str, folder: Path) -> dict[str, Any]:
    """A report of one load. Chromium may begin its trace too late for Lighthouse, which then asks to go again."""
    for _ in range(TRIES):
        done, report = run_lighthouse(url, cookie, folder)
        if done.returncode == 0:
            found: dict[str, Any] = json.loads(report.read_text())
            return found
        if "NO_NAVSTART" not in done.stderr + done.stdout:
            break
    raise SystemExit(f"Lighthouse ended with {done.returncode}:\n{done.stdout[-1000:]}{done.stderr[-1000:]}")


def run_lighthouse(url: str, cookie: str, folder: Path) -> tuple[subprocess.CompletedProcess[str], Path]:
    headers, report = folder / "headers.json", folder / "report.json"
    headers.write_text(json.dumps({"Cookie": cookie}))
    done = subprocess.run(
        [
            "npx", "--yes", LIGHTHOUSE, url, "--quiet", "--form-factor=mobile",
            f"--only-categories={','.join(CATEGORIES)}",
            "--chrome-flags=--headless=new --no-sandbox", f"--extra-headers={headers}", "--output=json",
            f"--output-path={report}",
        ],
        env={**os.environ, "CHROME_PATH": chromium_path() or ""}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    return done, report


if __name__ == "__main__":
    main()
