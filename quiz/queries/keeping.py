"""What a process keeps of what never changes once written, by its id or by a digest."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

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
            with self._lock:
                self._values[key] = value
                while len(self._values) > self._most:
                    self._values.popitem(last=False)
        return value

    def clear(self) -> None:
        with self._lock:
            self._values.clear()


def kept(name: str, most: int) -> Kept[Value]:
    """This app's store of that name."""
    stores: dict[str, Kept[Value]] = current_app.extensions.setdefault("caches", {})
    return stores.setdefault(name, Kept(most))
