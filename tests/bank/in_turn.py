"""Long work beside short work of the same shape: whether what is twice as long takes about twice the time."""

import time
from collections.abc import Callable

AT_ONCE_S = 0.2
"""What takes no longer needs no second look, however slow the machine is at the moment."""
LOOKS = 5


def _seconds(work: Callable[[], object]) -> float:
    """Of the processor."""
    start = time.process_time()
    work()
    return time.process_time() - start


def takes_about_twice_the_time(long: Callable[[], object], short: Callable[[], object]) -> bool:
    """A neighbour on the same core slows what comes beside it by as much again: so they are timed in turn, and anew
    when they seem too far apart. What grows by the square takes four times as long at every look.
    """
    for _ in range(LOOKS):
        took = _seconds(long)
        if took < AT_ONCE_S or took < 3 * _seconds(short):
            return True
    return False
