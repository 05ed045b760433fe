"""A server that lies, to prove that the soak would notice: it says saved at once and saves a little later.

Everything else is the true platform, and what it says (the revision too) is what will be, if nobody kills it.
"""

import io
import json
import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from quiz.app import create_app

LATE_S = 0.3

platform = create_app()
_waiting: "queue.Queue[tuple[float, dict[str, Any]]]" = queue.Queue()
_revisions: dict[str, int] = {}
_lock = threading.Lock()


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["REQUEST_METHOD"] != "PUT":
        return platform(environ, start_response)
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    with _lock:
        path = environ["PATH_INFO"]
        _revisions[path] = revision = _revisions.get(path, json.loads(body)["revision"]) + 1
        _waiting.put((time.monotonic() + LATE_S, {**environ, "wsgi.input": io.BytesIO(body)}))
    reply = json.dumps({"saved": True, "revision": revision}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(reply)))])
    return [reply]


def _save() -> None:
    while True:
        due, environ = _waiting.get()
        time.sleep(max(0, due - time.monotonic()))
        list(platform(environ, lambda *_: None))


threading.Thread(target=_save, daemon=True).start()
