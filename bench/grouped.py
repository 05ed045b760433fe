"""The same ceiling with group commit: what waits is committed together, by one thread of each process. For the record.

A save that shares its commit costs a share of one sync to the disk; what it costs otherwise is a thread's wake-up.
"""

import json
import threading
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from typing import Any

from bench.ceiling import UPSERT, URL, connection, queued

MOST_AT_ONCE = 64


class Waiting:
    """One row to be stored, and the event that says it is."""

    def __init__(self, values: tuple[Any, ...]) -> None:
        self.values = values
        self.revision = 0
        self.is_stored = threading.Event()


_line: "SimpleQueue[Waiting]" = SimpleQueue()


def _store_what_waits() -> None:
    statement = UPSERT.format("?" if URL.startswith("sqlite") else "%s")
    while True:
        group = [_line.get()]
        while len(group) < MOST_AT_ONCE and not _line.empty():
            group.append(_line.get())
        group.sort(key=lambda each: each.values[:2])  # two processes that lock rows in one order never wait in a ring
        with queued():
            connection().execute("BEGIN IMMEDIATE" if URL.startswith("sqlite") else "BEGIN")
            for each in group:
                each.revision = connection().execute(statement, each.values).fetchone()[0]
            connection().execute("COMMIT")
        for each in group:
            each.is_stored.set()


_starting = threading.Lock()
_started = False


def _start() -> None:
    global _started
    with _starting:
        if not _started:
            threading.Thread(target=_store_what_waits, daemon=True).start()
            _started = True


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """``PUT /attempts/<id>/answers/<position>``, and nothing else."""
    _start()
    _, _, attempt, _, position = environ["PATH_INFO"].split("/")
    body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    waiting = Waiting((int(attempt), int(position), json.dumps(body["answer"]), body["device"], body["seq"]))
    _line.put(waiting)
    waiting.is_stored.wait()
    reply = json.dumps({"saved": True, "revision": waiting.revision}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(reply)))])
    return [reply]
