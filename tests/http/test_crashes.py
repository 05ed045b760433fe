"""What the page said is saved is there after kill -9; sign-ins outlive a restart. ``make soak`` does it at length."""

import sys
import time
from pathlib import Path

import pytest

from soak.crashes import Plan, crashes
from soak.killing import everything
from tests.conftest import DATABASES
from tests.http.platforms import Platform
from tests.serving import ROOT

LYING = [
    str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--workers", "1", "--blocking-threads", "8",
    "--log-level", "error", "--no-ws", "tests.http.lying:app",
]  # fmt: skip


@pytest.mark.parametrize("kind", DATABASES)
def test_no_acknowledged_answer_is_lost_when_everything_is_killed(kind: str, tmp_path: Path) -> None:
    plan = Plan(people=160, answers=1_200, kills=3, in_flight=50)
    with everything(kind, tmp_path) as system:
        outcome = crashes(system, plan)
    assert outcome.faults == []
    assert outcome.kills(50) == 3 and outcome.acknowledged >= 1_200


ONE_KILL = Plan(people=20, answers=300, kills=1, in_flight=1)


def test_the_soak_notices_a_server_that_says_saved_before_the_commit(tmp_path: Path) -> None:
    with everything("sqlite", tmp_path) as system:
        server = system.platform.server
        server.stop()
        server.command = [*LYING, "--port", str(server.port)]
        server.environ["PYTHONPATH"] = str(ROOT)
        server.start()
        outcome = crashes(system, ONE_KILL)
    assert any("acknowledged was" in fault for fault in outcome.faults), outcome


def test_the_soak_notices_a_database_that_says_so_before_it_is_on_disk(tmp_path: Path) -> None:
    with everything("postgresql", tmp_path) as system:
        assert system.database
        for setting in ("synchronous_commit = off", "wal_writer_delay = '10s'"):
            system.database.psql(f"ALTER SYSTEM SET {setting}")
        system.database.psql("SELECT pg_reload_conf()")
        outcome = crashes(system, ONE_KILL)
    assert any("acknowledged was" in fault or "is not shown" in fault for fault in outcome.faults), outcome


def test_a_server_told_to_stop_ends_and_what_was_signed_in_stays_so(platform: Platform) -> None:
    browser = platform.a_participant()
    began = time.monotonic()
    platform.server.stop()
    assert time.monotonic() - began < 20
    assert platform.server.refuses()
    platform.server.start()
    browser.close()
    assert browser.get("/me").status == 200
