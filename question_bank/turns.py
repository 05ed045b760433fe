"""Threads of a server process take turns, for Python runs one at a time anyway.

A thread that has the fair queue of writers and waits for the interpreter keeps every writer of every process waiting.
Without others to fight for the interpreter it does not wait. Measured: a third more saves a second.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import Any

PATIENCE_S = 0.02
"""How long a turn may last while others wait. An ordinary request is through in a millisecond or a few."""

_here = local()


class Turns:
    """A WSGI app whose requests go one after the other. What takes long loses its turn, and goes on beside the rest."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._turn = Lock()
        self._replacing = Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        outer = getattr(_here, "held", None)
        self.take()
        try:
            return self._app(environ, start_response)
        finally:
            leave()
            _here.held = outer

    def take(self) -> None:
        """Wait for a turn, which this thread then holds."""
        while True:
            turn = self._turn
            if turn.acquire(timeout=PATIENCE_S):
                if turn is self._turn:
                    break
                turn.release()  # it was lost to somebody else meanwhile
            elif fresh := self._instead_of(turn):
                turn = fresh
                break
        _here.held = self, turn

    def _instead_of(self, lost: Lock) -> "Lock | None":
        """A new turn, already taken; its holder loses the old one without noticing. None: another was quicker."""
        with self._replacing:
            if self._turn is not lost:
                return None
            fresh = Lock()
            fresh.acquire()
            self._turn = fresh
            return fresh


def leave() -> None:
    """Let the others go on; this thread must hold a turn."""
    _turns, turn = _here.held
    turn.release()


@contextmanager
def out_of_turn() -> Iterator[None]:
    """For work that takes long and leaves the interpreter to others meanwhile, such as hashing a password."""
    held = getattr(_here, "held", None)
    if held is None:
        yield
        return
    leave()
    _here.held = None  # there is nothing to leave again inside
    try:
        yield
    finally:
        held[0].take()
