"""Threads of one process that wait for the same thing: one of them does it for all who have come meanwhile."""

from threading import Lock
from typing import Any, Generic, TypeVar


class Waiting:
    """What one thread wants done; of one ``key`` only one is done at a time."""

    def __init__(self, key: Any) -> None:
        self.key = key
        self.leads = False
        """Its thread does what the next group wants."""
        self._woken = Lock()
        self._woken.acquire()

    def wait(self) -> None:
        self._woken.acquire()

    def let_lead(self) -> None:
        self.leads = True
        self._woken.release()

    def is_done(self) -> None:
        """Its thread may go on."""
        if not self.leads:
            self._woken.release()


One = TypeVar("One", bound=Waiting)


class Line(Generic[One]):
    """Those who wait in one process; the thread of one of them is at work, or waits until it may begin."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: list[One] = []
        self._is_led = False

    def leads_after_waiting(self, one: One) -> bool:
        """Whether its thread is to work now, for all; False when another has done it."""
        with self._lock:
            self._waiting.append(one)
            one.leads, self._is_led = not self._is_led, True
        if not one.leads:
            one.wait()
        return one.leads

    def next_group(self, most: int) -> list[One]:
        """So many at most, the longest waiting first, and of one key only one."""
        with self._lock:
            group: dict[Any, One] = {}
            for one in self._waiting:
                if len(group) < most:
                    group.setdefault(one.key, one)
            chosen = set(map(id, group.values()))
            self._waiting = [one for one in self._waiting if id(one) not in chosen]
        return list(group.values())

    def pass_on(self) -> None:
        """The one who waits longest leads next."""
        with self._lock:
            self._is_led = bool(self._waiting)
            if self._waiting:
                self._waiting[0].let_lead()
