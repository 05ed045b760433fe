"""What a process keeps: what never changes once written, by its id or by a digest, and the last state of what does."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Event, Lock
from typing import Any, Generic, TypeVar

from flask import current_app

from question_bank.database import is_writing
from question_bank.turns import out_of_turn

Value = TypeVar("Value")

OTHERS_WAIT_S = 2.0
"""How long a thread waits for another that reads the same. Then it reads on its own account, so that nobody waits for
ever, whatever the other waits for."""


class Kept(Generic[Value]):
    """The most recently used values, read when first asked for; safe for several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()
        self._reading = _Reading()

    def get(self, key: Hashable, read: Callable[[], Value | None]) -> Value | None:
        """The value of ``key``; ``read`` finds it when it is not here. What is not found is not kept.

        Of threads that miss the same key at once one reads and the rest wait for it: at the opening minute everybody
        asks for the same pool, and a process that read it for each of them would answer nobody.
        """
        if (value := self.found(key)) is None:
            with self._reading.once(key):
                if (value := self.found(key)) is None and (value := read()) is not None:
                    self.put(key, value)
        return value

    def found(self, key: Hashable) -> Value | None:
        """What is here of ``key``; nothing is read."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Hashable, value: Value) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._values.clear()


class KeptState(Generic[Value]):
    """Of each thing the value that goes with its last known state: what is older would only fill memory."""

    def __init__(self, most: int) -> None:
        self._kept: Kept[tuple[Hashable, Value]] = Kept(most)
        self._reading = _Reading()

    def get(self, key: Hashable, state: Hashable, read: Callable[[], Value]) -> Value:
        """The value of ``key`` in this state; ``read`` finds it when it is not here, for all that ask at once."""
        if (found := self._kept.found(key)) is None or found[0] != state:
            with self._reading.once((key, state)):
                if (found := self._kept.found(key)) is None or found[0] != state:
                    found = state, read()
                    self._kept.put(key, found)
        return found[1]

    def clear(self) -> None:
        self._kept.clear()


class _Reading:
    """What is being read just now."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._done: dict[Hashable, Event] = {}

    @contextmanager
    def once(self, key: Hashable) -> Iterator[None]:
        """The first to come goes on at once, whoever comes meanwhile when that one is done.

        Somebody in a writing transaction never waits, for others wait for that.
        """
        mine = Event()
        with self._lock:
            others = self._done.setdefault(key, mine)
        if others is not mine:
            if not is_writing():
                with out_of_turn():
                    others.wait(OTHERS_WAIT_S)
            yield
            return
        try:
            yield
        finally:
            with self._lock:
                del self._done[key]
            mine.set()


def kept(name: str, most: int) -> Kept[Value]:
    """This app's store of that name."""
    store: Kept[Value] = _store(name, lambda: Kept(most))
    return store


def kept_state(name: str, most: int) -> KeptState[Value]:
    """This app's store of that name, of things that change."""
    store: KeptState[Value] = _store(name, lambda: KeptState(most))
    return store


def _store(name: str, make: Callable[[], Any]) -> Any:
    stores: dict[str, Any] = current_app.extensions.setdefault("caches", {})
    return stores.get(name) or stores.setdefault(name, make())
