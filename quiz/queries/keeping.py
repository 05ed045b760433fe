"""What a process keeps: what never changes once written, by its id or by a digest, and the last state of what does."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

from flask import current_app

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """The most recently used values, read when first asked for; safe for several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, read: Callable[[], Value | None]) -> Value | None:
        """The value of ``key``; ``read`` finds it when it is not here. What is not found is not kept."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = read()
        if value is not None:
            self.put(key, value)
        return value

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

    def get(self, key: Hashable, state: Hashable, read: Callable[[], Value]) -> Value:
        """The value of ``key`` in this state; ``read`` finds it when it is not here."""

        def anew() -> tuple[Hashable, Value]:
            return state, read()

        found = self._kept.get(key, anew)
        if found is None or found[0] != state:
            found = anew()
            self._kept.put(key, found)
        return found[1]

    def clear(self) -> None:
        self._kept.clear()


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
