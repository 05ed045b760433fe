"""How far long work has come, told to whoever wants to hear it."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")

Progress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""

STEP = 250


def counted(items: Sequence[Item], progress: Progress | None) -> Iterator[Item]:
    """The items one by one; ``progress`` hears of every few hundred, and of the end."""
    for number, item in enumerate(items):
        if progress is not None and number % STEP == 0:
            progress(number, len(items))
        yield item
    if progress is not None:
        progress(len(items), len(items))
