"""The least that a durable save costs: a bare WSGI function, one upsert of one row, the same fair queue and settings.

It asks nothing: not who it is, not whether the attempt is theirs, has ended or is in time.
"""

import fcntl
import json
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from quiz import cores

URL = os.environ["DATABASE_URL"]
UPSERT = (
    "INSERT INTO answers (attempt_id, position, chosen, revision, device, seq, first_at, last_at) "
    "VALUES ({0}, {0}, {0}, 1, {0}, {0}, '2026-06-20T01:00:00.000Z', '2026-06-20T01:00:00.000Z') "
    "ON CONFLICT (attempt_id, position) DO UPDATE SET chosen = excluded.chosen, revision = answers.revision + 1, "
    "device = excluded.device, seq = excluded.seq, last_at = excluded.last_at RETURNING revision"
)
_here = threading.local()
cores.keep_to_one_share()  # as ours
cores.push_nobody_aside()


def connection() -> Any:
    """This thread's own, with the settings of every connection of ours."""
    if not hasattr(_here, "connection"):
        _here.connection = _sqlite() if URL.startswith("sqlite") else _postgresql()
    return _here.connection


def _sqlite() -> sqlite3.Connection:
    opened = sqlite3.connect(URL.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        opened.execute(f"PRAGMA {pragma}")
    return opened


def _postgresql() -> Any:
    import psycopg

    return psycopg.connect(URL, autocommit=True)


@contextmanager
def queued() -> Iterator[None]:
    """The fair queue of writers (SQLite only)."""
    if not URL.startswith("sqlite"):
        yield
        return
    if not hasattr(_here, "queue"):
        _here.queue = os.open(URL.removeprefix("sqlite:///") + ".queue", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(_here.queue, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(_here.queue, fcntl.LOCK_UN)


def save(values: tuple[Any, ...]) -> int:
    """Its revision, once it is stored."""
    statement = UPSERT.format("?" if URL.startswith("sqlite") else "%s")
    with queued():
        return int(connection().execute(statement, values).fetchone()[0])


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """``PUT /attempts/<id>/answers/<position>``, and nothing else."""
    _, _, attempt, _, position = environ["PATH_INFO"].split("/")
    body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    revision = save((int(attempt), int(position), json.dumps(body["answer"]), body["device"], body["seq"]))
    reply = json.dumps({"saved": True, "revision": revision}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(reply)))])
    return [reply]
