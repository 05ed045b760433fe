"""The quiz page weighs at most 60 KB over the wire, all in; question pictures come on top."""

from pathlib import Path
from typing import Any

from tests.browser import walking
from tests.browser.conftest import Site, Visit
from tests.browser.district import open_contest

MOST_BYTES = 60_000
WORDIER_BY = 400  # bytes by which questions of real banks may be longer than those of the test
TWENTY = [
    {"kind": "single_choice", "count": 12, "points": 5},
    {"kind": "multiple_choice", "count": 4, "points": 5},
    {"kind": "true_false", "count": 4, "points": 5},
]


def test_the_quiz_page_fits_a_slow_network(fair: Site, visit: Visit, tmp_path: Path) -> None:
    """Counted by the browser: heads and bodies as they came, with the questions that the script fetches."""
    phone = visit(fair)
    page = walking.newcomer(phone, open_contest(fair, tmp_path, walking.a_slug(), plan=TWENTY))
    network = phone.context.new_cdp_session(page)
    weights: dict[str, int] = {}
    names: dict[str, str] = {}

    def came(event: dict[str, Any]) -> None:
        weights[event["requestId"]] = event["encodedDataLength"]

    network.on("Network.requestWillBeSent", lambda event: names.update({event["requestId"]: event["request"]["url"]}))
    network.on("Network.loadingFinished", came)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.reload(wait_until="networkidle")
    heavy = {names[number].replace(fair.url, ""): weight for number, weight in weights.items() if number in names}
    assert len([name for name in heavy if name.startswith("/static/")]) >= 8, heavy
    assert sum(heavy.values()) + 20 * WORDIER_BY <= MOST_BYTES, heavy
