"""Threads of a server process take turns, for Python runs one at a time anyway.

A thread that has the fair queue of writers and waits for the interpreter keeps every writer of every process waiting.
Without others to fight for the interpreter it does not wait. Measured: a third more saves a second.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from threading import Lock, local
from typing import Any

PATIENCE_S = 0.02
"""How long a turn may last while others wait. An ordinary request is through in a millisecond or a few."""

OVERTAKEN = 10
"""How many times somebody's patience runs out before nobody overtakes them any more: 0.2 s, in which all but pages that
take long are through. Before that whoever comes while a thread is still waking takes the turn instead of it; always to
wait for that thread costs a tenth of all saves and hand-ins."""

_here = local()


class Turns:
    """A WSGI app whose requests go one after the other. What takes long loses its turn, and goes on beside the rest."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._turn = Lock()
        self._replacing = Lock()
        self._first: deque[_Called] = deque()
        self._overtaken: deque[_Called] = deque()
        """Two lines of threads that the turn is given to, the first line before the second, both before all others."""
        self._taken = 0
        """How many turns there have been: who has waited through one of them has not seen it last too long."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        with self.one():
            return self._app(environ, start_response)

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn, for what is no request but must not stand in the way of any."""
        outer = getattr(_here, "held", None)
        self.take()
        try:
            yield
        finally:
            leave()
            _here.held = outer

    def is_taken(self) -> bool:
        """Whether somebody is at work at this moment."""
        return self._turn.locked()

    def take(self) -> None:
        """Wait for a turn, which this thread then holds."""
        for _ in range(OVERTAKEN):
            turn, taken = self._turn, self._taken
            if turn.acquire(timeout=PATIENCE_S):
                if turn is self._turn:
                    self._hold(turn)
                    return
                turn.release()  # it was lost to somebody else meanwhile
            elif taken == self._taken and (fresh := self._instead_of(turn)):
                self._hold(fresh)
                return
        self._hold(self._given_in(self._overtaken))

    def _hold(self, turn: Lock) -> None:
        self._taken += 1
        _here.held = self, turn

    def take_first(self) -> None:
        """The same before all who use ``take``: others wait for what this thread has to do."""
        self._hold(self._given_in(self._first))

    def _given_in(self, line: "deque[_Called]") -> Lock:
        """The turn, given to this thread when it comes to be the first in that line."""
        called = _Called()
        line.append(called)
        turn, taken = self._turn, self._taken
        if turn.acquire(blocking=False):
            self.leave(turn)  # to whoever is to have it
        while not (given := called.within(PATIENCE_S)):
            if taken == self._taken and (fresh := self._instead_of(turn)):
                self.leave(fresh)
            turn, taken = self._turn, self._taken
        return given

    def leave(self, turn: Lock) -> None:
        """Let the next one go on."""
        is_held = True
        while is_held:
            if turn is self._turn and self._give(turn):
                return
            turn.release()
            # Who came just now saw it taken, and would wait for somebody else to leave.
            is_held = turn is self._turn and bool(self._first or self._overtaken) and turn.acquire(blocking=False)

    def _give(self, turn: Lock) -> bool:
        """To the first who stands in a line; False where nobody does."""
        for line in (self._first, self._overtaken):
            with suppress(IndexError):
                line.popleft().give(turn)
                return True
        return False

    def _instead_of(self, lost: Lock) -> "Lock | None":
        """A new turn, already taken; its holder loses the old one without noticing. None: another was quicker."""
        with self._replacing:
            if self._turn is not lost:
                return None
            fresh = Lock()
            fresh.acquire()
            self._turn = fresh
            return fresh


class _Called:
    """A thread that waits until it is given the turn."""

    def __init__(self) -> None:
        self._turn: Lock | None = None
        self._given = Lock()
        self._given.acquire()

    def give(self, turn: Lock) -> None:
        self._turn = turn
        self._given.release()

    def within(self, seconds: float) -> "Lock | None":
        return self._turn if self._given.acquire(timeout=seconds) else None


def leave() -> None:
    """Let the others go on; this thread must hold a turn."""
    turns, turn = _here.held
    turns.leave(turn)


class Away:
    """What ``out_of_turn`` lends: a way back for a while."""

    def __init__(self, turns: Turns | None) -> None:
        self._turns = turns

    def let_others_first(self) -> None:
        """Wait until it would be this thread's turn. Those who had theirs before may have brought what goes with it."""
        if self._turns is not None:
            with self._turns.one():
                pass

    @contextmanager
    def back(self) -> Iterator[None]:
        """In turn again, before all who wait for one, for what a thread does that keeps others waiting outside."""
        if self._turns is None:
            yield
            return
        self._turns.take_first()
        try:
            yield
        finally:
            leave()
            _here.held = None


@contextmanager
def out_of_turn() -> Iterator[Away]:
    """For work that takes long and leaves the interpreter to others meanwhile, such as hashing a password."""
    held = getattr(_here, "held", None)
    if held is None:
        yield Away(None)
        return
    turns = held[0]
    leave()
    _here.held = None  # there is nothing to leave again inside
    try:
        yield Away(turns)
    finally:
        turns.take()
