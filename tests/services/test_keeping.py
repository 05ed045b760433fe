"""What a process keeps is read once, however many ask for it at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event, Semaphore

import pytest
from flask import Flask

from question_bank.database import transaction
from quiz.queries import keeping
from quiz.queries.keeping import Kept, KeptState

THREADS = 8


class Crowd:
    """Eight threads that ask at the same moment; whoever reads does not come back before all have asked."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._asking = Semaphore(0)
        self.reads = 0

    def ask(self, question: Callable[[], object]) -> list[object]:
        """What each of them gets."""
        with ThreadPoolExecutor(THREADS) as threads:
            return [asked.result() for asked in [threads.submit(self._one, question) for _ in range(THREADS)]]

    def _one(self, question: Callable[[], object]) -> object:
        with self._app.app_context():
            self._asking.release()
            return question()

    def read(self) -> int:
        self.reads += 1
        if self.reads == 1:
            assert all(self._asking.acquire(timeout=10) for _ in range(THREADS))
        return 7


def test_of_those_that_miss_at_once_one_reads(app: Flask) -> None:
    kept: Kept[int] = Kept(4)
    crowd = Crowd(app)
    assert crowd.ask(lambda: kept.get("pool", crowd.read)) == [7] * THREADS
    assert crowd.reads == 1


def test_a_state_is_worked_out_once_and_anew_when_it_changes(app: Flask) -> None:
    kept: KeptState[int] = KeptState(4)
    for state in ("before", "after"):
        crowd = Crowd(app)
        assert crowd.ask(partial(kept.get, "ladder", state, crowd.read)) == [7] * THREADS
        assert crowd.reads == 1


def test_where_the_reading_one_fails_another_reads(app: Flask) -> None:
    kept: Kept[int] = Kept(4)
    crowd = Crowd(app)

    def fails_at_first() -> int:
        crowd.read()
        if crowd.reads == 1:
            raise OSError
        return 8

    def ask() -> int | None:
        try:
            return kept.get("pool", fails_at_first)
        except OSError:
            return None

    assert sorted(map(str, crowd.ask(ask))) == ["8"] * (THREADS - 1) + ["None"]


def test_nobody_waits_for_ever(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "OTHERS_WAIT_S", 0.05)
    kept: Kept[int] = Kept(4)
    going_on = Event()
    with ThreadPoolExecutor(1) as threads:
        started = Event()

        def slow() -> int:
            started.set()
            assert going_on.wait(10)
            return 1

        def elsewhere() -> int | None:
            with context.app_context():
                return kept.get("pool", slow)

        first = threads.submit(elsewhere)
        assert started.wait(10)
        assert kept.get("pool", lambda: 2) == 2
        going_on.set()
        assert first.result() == 1


def test_who_writes_waits_for_nobody(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Others wait for a writing transaction: the one that reads may be among them."""
    monkeypatch.setattr(keeping, "OTHERS_WAIT_S", 60)
    kept: Kept[int] = Kept(4)
    read_meanwhile: list[int | None] = []

    def read() -> int:
        with transaction():
            read_meanwhile.append(kept.get("pool", lambda: 2))
        return 1

    assert kept.get("pool", read) in (1, 2)
    assert read_meanwhile == [2]
