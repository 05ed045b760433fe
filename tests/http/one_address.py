"""Very many people behind one address (a school, a firm, the carrier of a town): all register, then all start."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.http.browser import Browser
from tests.http.platforms import Platform, a_phone

THREADS = 20


@dataclass
class Crowd:
    """What everybody got, and how long it took them all together."""

    registered: Counter[int] = field(default_factory=Counter)
    started: Counter[int] = field(default_factory=Counter)
    register_s: float = 0
    start_s: float = 0

    def __str__(self) -> str:
        return (
            f"registered {dict(self.registered)} in {self.register_s:.0f} s, "
            f"started {dict(self.started)} in {self.start_s:.0f} s"
        )


def arrive(platform: Platform, slug: str, people: int) -> Crowd:
    """Each with a browser of their own, as many at once as there are threads."""
    browsers = [Browser(platform.port) for _ in range(people)]
    crowd = Crowd()
    began = time.monotonic()
    crowd.registered.update(_in_turn(_register, browsers))
    crowd.register_s = time.monotonic() - began
    began = time.monotonic()
    crowd.started.update(_in_turn(lambda browser: _start(browser, slug), browsers))
    crowd.start_s = time.monotonic() - began
    return crowd


def _register(browser: Browser) -> int:
    status = browser.register(a_phone()).status
    browser.close()  # a server may close what lies idle until everybody has registered
    return status


def _start(browser: Browser, slug: str) -> int:
    status = browser.start(slug).status
    browser.close()
    return status


def _in_turn(act: Callable[[Browser], Any], browsers: Sequence[Browser]) -> list[Any]:
    results: list[Any] = []
    waiting, lock = iter(browsers), threading.Lock()

    def work() -> None:
        while True:
            with lock:
                browser = next(waiting, None)
            if browser is None:
                return
            result = act(browser)
            with lock:
                results.append(result)

    threads = [threading.Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
