"""``flask results seal`` and ``flask results verify``: exit codes, one line, and a file that needs no database."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask

from quiz.cli.sealing import NO_REASON
from quiz.models import Contest
from tests.bundles import ROOT
from tests.cli.test_no_database import flask
from tests.cli.test_paper import NODE
from tests.conftest import StillClock
from tests.sealed import CLOSES, a_contest_that_is_over, best_of, set_aside


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def contest(app: Flask, now: datetime, clock: StillClock) -> Contest:
    with app.app_context():
        contest = a_contest_that_is_over(now)
        assert contest.slug
    clock.now = now + CLOSES
    return contest


def run(app: Flask, *words: str) -> tuple[int, str, str]:
    result = app.test_cli_runner().invoke(args=["results", *words])
    return result.exit_code, result.stdout, result.stderr


def test_it_seals_and_writes_a_bundle_that_verifies(app: Flask, contest: Contest, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    code, said, complaint = run(app, "seal", contest.slug, "--bundle", str(file))
    assert (code, len(said.splitlines()), complaint) == (0, 1, "")
    digest = said.split()[-1]
    assert run(app, "verify", str(file))[0] == 0 and "--digest" in run(app, "verify", str(file))[1]
    code, said, _complaint = run(app, "verify", str(file), "--digest", digest)
    assert code == 0 and len(said.splitlines()) == 1 and digest in said
    code, said, complaint = run(app, "verify", str(file), "--digest", "0" * 64)
    assert (code, said, len(complaint.splitlines())) == (1, "", 1)


def test_sealing_again_needs_a_change_and_publishes_why(
    app: Flask, contest: Contest, now: datetime, tmp_path: Path
) -> None:
    first = run(app, "seal", contest.slug)[1]
    assert run(app, "seal", contest.slug) == (0, first, "")
    file = tmp_path / "result.json"
    for number, said, published in ((2, (), NO_REASON), (3, ("--reason", "复核后更正"), "复核后更正")):
        with app.app_context():
            set_aside(best_of(contest), now=now + CLOSES)
        code, line, _complaint = run(app, "seal", contest.slug, "--bundle", str(file), *said)
        assert code == 0 and line.startswith(f"Seal {number}")
        assert f'"{published}"' in file.read_text()


def test_what_is_not_over_ends_with_1_and_what_is_not_there_with_2(
    app: Flask, contest: Contest, clock: StillClock, now: datetime
) -> None:
    clock.now = now
    code, said, complaint = run(app, "seal", contest.slug)
    assert (code, said) == (1, "") and "已结束" in complaint
    assert run(app, "seal", "nothing")[0] == 2


def test_a_changed_file_is_named_with_1_and_an_unreadable_one_with_2(
    app: Flask, contest: Contest, tmp_path: Path
) -> None:
    file = tmp_path / "result.json"
    run(app, "seal", contest.slug, "--bundle", str(file))
    text = file.read_text()
    file.write_text(text.replace('"headcount":5', '"headcount":50', 1))
    code, said, complaint = run(app, "verify", str(file))
    assert (code, said) == (1, "") and "单位 A" in complaint and len(complaint.splitlines()) == 1
    for content in (b"", b"\xff\xfe\x00", b"PK\x03\x04", b"PDF", text.encode()[:-200]):
        file.write_bytes(content)
        code, said, complaint = run(app, "verify", str(file))
        assert (code, said, len(complaint.splitlines())) == (2, "", 1), content
    assert run(app, "verify", str(tmp_path / "nothing"))[0] == 2
    assert run(app, "verify", str(tmp_path))[0] == 2


def test_what_the_docs_show_works(app: Flask, contest: Contest, tmp_path: Path) -> None:
    """The thirty lines of docs/verify.md, and the digest in another language."""
    file, script = tmp_path / "result.json", tmp_path / "own.py"
    digest = run(app, "seal", contest.slug, "--bundle", str(file))[1].split()[-1]
    page = (ROOT / "docs" / "verify.md").read_text()
    script.write_text(page.split("```python\n")[1].split("```")[0])
    own = subprocess.run([sys.executable, script, file, digest], capture_output=True, text=True, timeout=60)
    assert own.stdout.splitlines() == [f"digest {digest} as published", "6 ranks and 6 sums fit"], own.stderr
    file.write_text(json.dumps(json.loads(file.read_text()), indent=1))
    other = subprocess.run([NODE, ROOT / "docs" / "verify-digest.js", file], capture_output=True, text=True, timeout=60)
    assert other.stdout.strip() == digest


def test_neither_the_command_nor_the_script_needs_a_database(app: Flask, contest: Contest, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    digest = run(app, "seal", contest.slug, "--bundle", str(file))[1].split()[-1]
    away = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    said = flask(tmp_path / "elsewhere", "results", "verify", str(file), "--digest", digest, **away)
    assert (said.returncode, said.stderr) == (0, "")
    script = [sys.executable, "-I", "-S", str(ROOT / "docs" / "verify.py"), str(file), digest]
    alone = subprocess.run(script, capture_output=True, text=True, timeout=60)
    assert (alone.returncode, len(alone.stdout.splitlines()), alone.stderr) == (0, 1, "")
    file.write_text(file.read_text().replace('"rank":3', '"rank":2', 1))
    alone = subprocess.run(script, capture_output=True, text=True, timeout=60)
    assert alone.returncode == 1 and "rank 2, recomputed 3" in alone.stdout
