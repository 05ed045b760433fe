"""The server as ``flask serve`` starts it: workers of their own, which end with it."""

import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest
from click import ClickException
from flask import Flask

from question_bank.database import db
from question_bank.prepared import OWN_AT_ONCE
from quiz.cli.serve import most_connections, threads_of_each
from quiz.cores import share_of
from tests.conftest import DATABASES
from tests.serving import Served, served

PROC = Path("/proc")

pytestmark = pytest.mark.skipif(not PROC.exists(), reason="this system has no /proc to look at processes in")


@pytest.fixture(params=DATABASES)
def server(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str):  # type: ignore[no-untyped-def]  # a fixture that yields
    with served(request.param, tmp_path, f"serve_{worker_id}") as running:
        yield running


def workers_of(server: Served) -> list[int]:
    assert server.process
    parent = str(server.process.pid)
    found = []
    for folder in PROC.iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            status = (folder / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):  # it ended between the listing and the look at it
            continue
        if status[1] == parent and status[0] != "Z":
            found.append(int(folder.name))
    return found


def sockets_of(pid: int) -> set[str]:
    """Every socket that a process holds open, its connections to PostgreSQL among them."""
    targets = set()
    for descriptor in (PROC / str(pid) / "fd").iterdir():
        try:
            targets.add(os.readlink(descriptor))
        except OSError:
            continue
    return {target for target in targets if target.startswith("socket:")}


def test_no_worker_shares_a_database_connection_with_another(server: Served) -> None:
    assert server.process
    processes = [server.process.pid, *workers_of(server)]
    assert len(processes) == 3
    holders = Counter(found for pid in processes for found in sockets_of(pid))
    shared = [found for found, count in holders.items() if count > 1]
    assert len(shared) == 1, shared  # where all of them listen


def test_workers_share_the_cores_and_the_next_takes_the_share_of_the_one_that_died(server: Served) -> None:
    """With two workers on two cores: each has one. Which is whose is settled by them, at the same time."""
    assert server.process
    first, second = workers_of(server)
    has, other = os.sched_getaffinity(first), os.sched_getaffinity(second)
    everything = os.sched_getaffinity(server.process.pid)
    assert has | other == everything and len(has) + len(other) == max(len(everything), 2)
    os.kill(first, signal.SIGKILL)
    until = time.monotonic() + 30
    while not (next_ones := [pid for pid in workers_of(server) if pid not in (first, second)]) or not server.answers():
        assert time.monotonic() < until
    while os.sched_getaffinity(next_ones[0]) != has:
        assert time.monotonic() < until


def test_a_thread_that_wakes_does_not_push_the_one_at_work_aside(server: Served) -> None:
    """Not one of a worker's; the server itself, and whatever else runs on the machine, is as it was."""
    assert server.process
    for worker in workers_of(server):
        for thread in os.listdir(f"/proc/{worker}/task"):
            assert os.sched_getscheduler(int(thread)) == os.SCHED_BATCH
    assert os.sched_getscheduler(server.process.pid) == os.sched_getscheduler(0)


@pytest.mark.parametrize(
    ("workers", "most", "threads"), [(2, None, 32), (2, 97, 32), (4, 97, 14), (7, 97, 4), (8, 997, 32)]
)
def test_a_database_has_a_connection_for_every_thread(workers: int, most: int | None, threads: int) -> None:
    assert threads_of_each(workers, most) == threads
    assert most is None or workers * (threads + OWN_AT_ONCE + 1) < most


def test_a_database_that_takes_too_few_connections_is_named() -> None:
    with pytest.raises(ClickException, match=r"takes 97 .* for 8 workers.* at least 109 .*WORKERS") as refused:
        threads_of_each(8, 97)
    assert threads_of_each(8, 109) == 4 and "max_connections" in str(refused.value)


def test_the_server_asks_its_database_how_many_it_takes(app: Flask) -> None:
    with app.app_context():
        most = most_connections()
        assert most is None if db.engine.dialect.name == "sqlite" else most > threads_of_each(1, most)


@pytest.mark.parametrize(
    ("cores", "workers", "shares"),
    [
        ([0, 1], 2, [[0], [1]]),
        ([0, 1, 2, 3], 2, [[0, 1], [2, 3]]),
        ([4, 5, 6], 2, [[4], [5, 6]]),
        ([0, 1], 1, [[0, 1]]),
        ([7], 2, [[7], [7]]),
    ],
)
def test_shares_are_neighbours_and_never_empty(cores: list[int], workers: int, shares: list[list[int]]) -> None:
    assert [list(share_of(cores, share, workers)) for share in range(workers)] == shares


def test_workers_end_when_the_server_is_gone(server: Served) -> None:
    assert server.process and workers_of(server)
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    until = time.monotonic() + 10
    while not server.refuses():
        assert time.monotonic() < until, "a worker outlived its server"
        time.sleep(0.05)


def test_a_worker_that_dies_is_replaced(server: Served) -> None:
    """As by a fault in some compiled package: the server stays, and nobody is turned away for long."""
    assert server.process
    lost, stays = workers_of(server)
    os.kill(lost, signal.SIGSEGV)
    until = time.monotonic() + 30
    while lost in (now := workers_of(server)) or len(now) < 2 or not server.answers():
        assert time.monotonic() < until and server.process.poll() is None
    assert stays in now
