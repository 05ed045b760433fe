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

_here = local()


class Turns:
    """A WSGI app whose requests go one after the other. What takes long loses its turn, and goes on beside the rest."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._turn = Lock()
        self._replacing = Lock()
        self._first: deque[_Urgent] = deque()
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
        while True:
            turn, taken = self._turn, self._taken
            if turn.acquire(timeout=PATIENCE_S):
                if turn is self._turn:
                    break
                turn.release()  # it was lost to somebody else meanwhile
            elif taken == self._taken and (fresh := self._instead_of(turn)):
                turn = fresh
                break
        self._hold(turn)

    def _hold(self, turn: "Lock | None") -> None:
        self._taken += 1
        _here.held = self, turn

    def take_first(self) -> None:
        """The same before all who use ``take``: others wait for what this thread has to do."""
        urgent = _Urgent()
        self._first.append(urgent)
        turn = self._turn
        if turn.acquire(blocking=False):
            self.leave(turn)  # to whoever of those is the first
        taken = self._taken
        while not urgent.comes_within(PATIENCE_S):
            if taken == self._taken and (fresh := self._instead_of(self._turn)):
                self.leave(fresh)
            taken = self._taken
        self._hold(urgent.turn)

    def leave(self, turn: Lock) -> None:
        """Let the next one go on."""
        is_held = True
        while is_held:
            if turn is self._turn:
                with suppress(IndexError):
                    self._first.popleft().give(turn)
                    return
            turn.release()
            # Who came just now saw it taken, and would wait for somebody else to leave.
            is_held = turn is self._turn and bool(self._first) and turn.acquire(blocking=False)

    def _instead_of(self, lost: Lock) -> "Lock | None":
        """A new turn, already taken; its holder loses the old one without noticing. None: another was quicker."""
        with self._replacing:
            if self._turn is not lost:
                return None
            fresh = Lock()
            fresh.acquire()
            self._turn = fresh
            return fresh


class _Urgent:
    """A thread that is given the turn of another."""

    def __init__(self) -> None:
        self.turn: Lock | None = None
        self._given = Lock()
        self._given.acquire()

    def give(self, turn: Lock) -> None:
        self.turn = turn
        self._given.release()

    def comes_within(self, seconds: float) -> bool:
        return self._given.acquire(timeout=seconds)


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
