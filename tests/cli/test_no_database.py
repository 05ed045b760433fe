"""A command that has nothing to work on says so in one line, and never with a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def flask(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    settings = {**kept, "FLASK_APP": "wsgi.py", "INSTANCE_PATH": str(folder), **environ}
    command = [sys.executable, "-m", "flask", *words]
    return subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({"ENV": "production"}, "SECRET_KEY"),
        ({"ENV": "production", "SECRET_KEY": "k" * 40, "RATE_LIMITS": "off"}, "RATE_LIMITS"),
        ({"DATABASE_URL": "mysql://host/name"}, "DATABASE_URL"),
        ({"INSTANCE_PATH": "/dev/null/instance"}, "INSTANCE_PATH"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, environ: dict[str, str], named: str) -> None:
    said = flask(tmp_path, "audit", "verify", **environ)
    assert said.returncode == 1
    assert named in said.stderr and len(said.stderr.splitlines()) == 1


@pytest.mark.parametrize("words", [("audit", "verify"), ("contest", "show", "quality"), ("demo",)])
def test_a_database_that_was_never_migrated_is_named(tmp_path: Path, words: tuple[str, ...]) -> None:
    said = flask(tmp_path, *words)
    assert said.returncode == 2
    assert "make setup" in said.stderr and len(said.stderr.splitlines()) == 1


def test_a_database_that_is_away_is_named(tmp_path: Path) -> None:
    said = flask(tmp_path, "audit", "verify", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert said.returncode == 2
    assert "DATABASE_URL" in said.stderr and "Traceback" not in said.stderr
