"""What the page said is saved is there after kill -9; sign-ins outlive a restart."""

import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPException

from tests.http.browser import Browser
from tests.http.conftest import QUESTIONS, Platform

KILLS = 3
SAVES_BEFORE_A_KILL = 60


@dataclass
class Acknowledged:
    """Every save that was answered with 200, and how many were sent at all, by attempt and position."""

    saves: dict[tuple[str, int], list[tuple[int, list[str]]]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    total: int = 0

    def add(self, attempt: str, position: int, revision: int, answer: list[str]) -> None:
        with self.lock:
            self.saves.setdefault((attempt, position), []).append((revision, answer))
            self.total += 1


def keep_saving(
    browser: Browser, attempt: str, positions: list[int], heard: Acknowledged, stop: threading.Event
) -> None:
    turn = 0
    while not stop.is_set():
        turn += 1
        for position in positions:
            answer = ["AB"[turn % 2]]
            try:
                reply = browser.save(attempt, position, answer)
            except (OSError, HTTPException):
                continue  # killed while this save was under way: nobody promised anything
            if reply.status == 200:
                heard.add(attempt, position, reply.json["revision"], answer)


def test_no_acknowledged_answer_is_lost_when_every_process_is_killed(platform: Platform) -> None:
    slug = platform.a_contest()
    people = [platform.a_participant() for _ in range(3)]
    attempts = [browser.start(slug).location for browser in people]
    heard = Acknowledged()
    for kill in range(1, KILLS + 1):
        stop = threading.Event()
        threads = [
            threading.Thread(target=keep_saving, args=(browser.copy(), attempt, part, heard, stop))
            for browser, attempt in zip(people, attempts, strict=True)
            for part in (list(range(1, 4)), list(range(4, QUESTIONS + 1)))
        ]
        for thread in threads:
            thread.start()
        until = time.monotonic() + 15
        while heard.total < kill * SAVES_BEFORE_A_KILL and time.monotonic() < until:
            time.sleep(0.01)
        platform.server.kill()
        stop.set()
        for thread in threads:
            thread.join(30)
        platform.server.start()
        check(people, attempts, heard)
    assert heard.total >= KILLS * SAVES_BEFORE_A_KILL
    for browser, attempt in zip(people, attempts, strict=True):
        browser.token = ""
        assert browser.post(f"{attempt}/submit").status == 303
    assert platform.difference(slug) is None


def check(people: list[Browser], attempts: list[str], heard: Acknowledged) -> None:
    for browser, attempt in zip(people, attempts, strict=True):
        browser.close()
        for question in browser.json(attempt)["questions"]:
            revision, answer = max(heard.saves.get((attempt, question["position"]), [(0, [])]))
            # One more may have been stored whose answer never came back.
            assert revision <= question["revision"] <= revision + KILLS, question
            if question["revision"] == revision:
                assert question["answer"] == answer, question


def test_a_server_told_to_stop_ends_and_what_was_signed_in_stays_so(platform: Platform) -> None:
    browser = platform.a_participant()
    began = time.monotonic()
    platform.server.stop()
    assert time.monotonic() - began < 20
    assert platform.server.refuses()
    platform.server.start()
    browser.close()
    assert browser.get("/me").status == 200
