"""Each worker of a server keeps to its own part of the cores, and its threads do not push one another aside.

Python runs one thread of a process at a time. Where the next one runs on another core it has to fetch everything the
last one touched, and wakes there only to wait until the last one has let go. Measured on two cores: half as many saves
again. On more cores than workers each has several, since passwords are hashed beside everything else.
"""

import fcntl
import os
import tempfile
from collections.abc import MutableMapping, Sequence
from contextlib import suppress

SHARES = "QUIZ_SHARES"
"""Environment of the workers: into how many shares the cores are divided, and the open file that says who has which."""


def divide(workers: int, environ: MutableMapping[str, str]) -> int:
    """In a server, before its workers are forked with this environment; the open file, which they must inherit."""
    descriptor, path = tempfile.mkstemp()  # held open until the last of them ends
    os.unlink(path)
    environ[SHARES] = f"{workers},{descriptor}"
    return descriptor


def keep_to_one_share() -> None:
    """In a worker, before it has other threads: one that nobody has; a worker that takes a dead one's place gets its.

    Does nothing where a system has no way to say it, or where nobody divided anything.
    """
    if SHARES not in os.environ or not hasattr(os, "sched_setaffinity"):
        return
    workers, descriptor = map(int, os.environ[SHARES].split(","))
    cores = sorted(os.sched_getaffinity(0))
    for share in range(workers):
        with suppress(OSError):
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, share)  # the system lets go of it at our end
            os.sched_setaffinity(0, share_of(cores, share, workers))
            return


def push_nobody_aside() -> None:
    """In a worker, before it has other threads: one that wakes leaves the core to the one at work until that one stops.

    It could only wait for the interpreter, which the other has, and both would have been exchanged twice for nothing.
    """
    if hasattr(os, "SCHED_BATCH"):
        with suppress(OSError):  # where a container forbids to choose
            os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def share_of(cores: Sequence[int], share: int, workers: int) -> Sequence[int]:
    """Neighbours, which often have a cache together; where there are more workers than cores, one core each."""
    count = len(cores)
    return cores[share * count // workers : (share + 1) * count // workers] or [cores[share % count]]
