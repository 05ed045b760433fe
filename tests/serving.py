"""The platform as users run it: a served application in processes of its own, on a database of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.conftest import new_database

ROOT = Path(__file__).resolve().parent.parent
FLASK = Path(sys.executable).with_name("flask")
STARTS_WITHIN_S = 60


@dataclass
class Served:
    """One server and its environment; commands run in the same one."""

    port: int
    environ: dict[str, str]
    log: Path
    command: Sequence[str | Path] = (FLASK, "serve")
    process: "subprocess.Popen[bytes] | None" = field(default=None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environ, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + STARTS_WITHIN_S
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"the server did not start:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as reply:
                return bool(reply.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def refuses(self) -> bool:
        """Nobody listens on the port any more."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) != 0

    def kill(self) -> None:
        """SIGKILL for every process of the server, and wait until none is left and the port refuses."""
        self.strike()
        self.wait_until_gone()

    def strike(self) -> None:
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)

    def wait_until_gone(self) -> None:
        assert self.process
        self.process.wait()
        until = time.monotonic() + 10
        while not self.refuses() or self.processes():
            assert time.monotonic() < until, f"a process outlived its server: {self.processes()}"
            time.sleep(0.02)

    def processes(self) -> list[psutil.Process]:
        """All that live in the server's session, whoever their parent is by now."""
        assert self.process
        return [each for each in psutil.process_iter() if _session(each.pid) == self.process.pid]

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def flask(self, *arguments: str, code: int = 0) -> str:
        """Run a command in the server's environment; its standard output."""
        done = subprocess.run(
            [FLASK, *arguments], cwd=ROOT, env=self.environ, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == code, f"flask {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout


def _session(pid: int) -> int | None:
    try:
        return os.getsid(pid)
    except ProcessLookupError:
        return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(kind: str, folder: Path, name: str, **environ: str) -> Iterator[Served]:
    """A server on an empty database of this kind, migrated as ``flask serve`` does it."""
    port = free_port()
    server = Served(
        port=port,
        environ={
            **{key: value for key, value in os.environ.items() if key not in ("ENV", "PUBLIC_URL")},
            "HOST": "127.0.0.1",
            "PORT": str(port),
            "WORKERS": "2",
            "INSTANCE_PATH": str(folder / "instance"),
            "DATABASE_URL": new_database(kind, folder, name),
            "SECRET_KEY": "tests",
            "RATE_LIMITS": "off",
            **environ,
        },
        log=folder / "server.log",
    )
    server.start()
    try:
        yield server
    finally:
        server.stop()
