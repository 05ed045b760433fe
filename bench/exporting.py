"""How fast and in how much memory the results of a large contest go out, beside bare openpyxl writing the same cells.

``make bench-export``. The contest is made by SQL in a temporary SQLite; every case runs in a process of its own, whose
peak memory is its own. ``python -m bench.exporting PERSONS ATTEMPTS`` makes another size.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from question_bank.database import db, transaction

PERSONS, ATTEMPTS, STREETS, UNITS = 1_000_000, 20_000, 40, 3_000
SLUG = "quality-2026"

PEOPLE = """
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :persons)
INSERT INTO persons (kind, name, masked_name, phone, created_at, session_epoch, is_sample)
SELECT 'employee', substr('王李张刘陈杨赵黄周吴', 1 + i % 10, 1) || substr('建国芳敏静丽强磊军洋', 1 + i / 10 % 10, 1)
       || substr('华明玉兰平勇杰娟涛超', 1 + i / 100 % 10, 1), '王**', '138' || printf('%08d', i), :now, 1, 0 FROM n
"""
ENTRIES = """
INSERT INTO entries (contest_id, person_id, entry_code, masked_name, street_id, unit_id, unit_class, consent_version,
                     consented_at, came_from, joined_at)
SELECT :contest, id, printf('%016X', id * 2654435761 % 1152921504606846976), '王**', 1 + id % :streets, 1 + id % :units,
       '企业', '1', :now, 'web', :now FROM persons
"""
STANDINGS = """
INSERT INTO standings (entry_id, contest_id, street_id, unit_id, entry_code, score_sum, elapsed_sum, counted,
                       minus_score, pace, finished_at)
SELECT id, contest_id, street_id, unit_id, entry_code, 500 * (id % 21), 60000 + id * 7919 % 1140000, 1,
       -500.0 * (id % 21), 60000.0 + id * 7919 % 1140000,
       strftime('%Y-%m-%dT%H:%M:%S', 1781900000 + id * 3 % 2500000, 'unixepoch') || printf('.%03dZ', id % 1000)
FROM entries
"""
PAPERS = """
INSERT INTO papers (id, contest_id, pool_id, seed, algorithm, layout)
SELECT id, :contest, 1, printf('%032x', id), 1, :layout FROM entries WHERE id <= :attempts
"""
MADE_ATTEMPTS = """
INSERT INTO attempts (id, contest_id, entry_id, paper_id, period, number, started_at, deadline, accepts_until, extra_ms,
                      ended_at, ended_by, elapsed_ms, answered, score, full, is_set_aside)
SELECT id, :contest, id, id, '', 1, :now, :now, :now, 0, :now, 'person', 60000, 20, 9500, 10000, 0 FROM papers
"""
MARKINGS = """
INSERT INTO markings (attempt_id, number, points, worth, score, full, made_from, made_at)
SELECT id, 1, :points, :worth, 9500, 10000, '', :now FROM attempts
"""
ANSWERS = """
WITH RECURSIVE p(position) AS (SELECT 1 UNION ALL SELECT position + 1 FROM p WHERE position < 20)
INSERT INTO answers (attempt_id, position, chosen, revision, first_at, last_at)
SELECT attempts.id, position, '[1]', 1, :now, :now FROM attempts, p
"""


def made(persons: int, attempts: int) -> None:
    """The contest in an empty, migrated database; questions count the attempts, of which there are fewer."""
    from quiz.models import Area, Contest, Unit
    from tests.contest_builders import a_bank, a_published

    now = datetime(2026, 6, 20, 1, tzinfo=UTC)
    with transaction() as session:
        session.add_all([Area(code=f"S{n:03}", name=f"第{n}街道", kind="street", headcount=90_000)
                         for n in range(1, STREETS + 1)])  # fmt: skip
        session.flush()
        session.add_all([Unit(code=f"U{n:05}", name=f"第{n}质量技术服务有限公司", unit_class="企业",
                              street_id=1 + n % STREETS, headcount=500) for n in range(1, UNITS + 1)])  # fmt: skip
    a_bank(now)
    plan = [{"kind": "single_choice", "count": 12, "points": 5}, {"kind": "multiple_choice", "count": 4, "points": 5},
            {"kind": "true_false", "count": 4, "points": 5}]  # fmt: skip
    contest: Contest = a_published(now, slug=SLUG, terms={"plan": plan})
    assert contest.pool
    layout = [{"version": v["version"], "options": [], "points": 500} for v in contest.pool.versions[:20]]
    values = {
        "contest": contest.id, "persons": persons, "attempts": attempts, "streets": STREETS, "units": UNITS,
        "now": "2026-06-20T01:00:00.000Z", "layout": json.dumps(layout), "points": json.dumps([500] * 19 + [0]),
        "worth": json.dumps([500] * 20),
    }  # fmt: skip
    with transaction() as session:
        for statement in (PEOPLE, ENTRIES, STANDINGS, PAPERS, MADE_ATTEMPTS, MARKINGS, ANSWERS):
            session.execute(text(statement), values)
        session.execute(text("ANALYZE"))


# --- in a process of its own ------------------------------------------------------------------------------------------


def _workbook(file: Path) -> None:
    _write(file, "xlsx")


def _csv(file: Path) -> None:
    _write(file, "csv")


def _json(file: Path) -> None:
    _write(file, "json")


def _write(file: Path, form: str) -> None:
    from quiz.services.exports import Form, write_results

    with file.open("wb") as stream:
        write_results(_contest_id(), stream, Form(form), now=datetime.now(UTC))


def _read(file: Path) -> None:
    """Only the reading, which is part of each: nothing is written."""
    file.write_bytes(b"")
    for _line in _lines():
        pass


def _bare(file: Path) -> None:
    """openpyxl's write-only workbook with the same cells of 个人, none of them styled, and no other sheet."""
    from openpyxl import Workbook

    from quiz.services.export_sheets import score_of

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("个人")
    for line in _lines():
        sheet.append([*line[:6], score_of(line), line.elapsed_sum / 1000, line.finished_at.replace(tzinfo=None),
                      line.unit_class])  # fmt: skip
    workbook.save(file)


def _lines():  # type: ignore[no-untyped-def]  # its types are imported inside
    from quiz.queries.exports import person_lines
    from quiz.queries.standings import Within
    from quiz.rules.contest import Ties

    return person_lines(_contest_id(), Ties.SHARE, Within())


def _contest_id() -> int:
    from quiz.queries.contests import contest_by_slug

    contest = contest_by_slug(SLUG)
    assert contest
    return contest.id


CASES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "read": ("reading alone", _read),
    "xlsx": ("judges' workbook", _workbook),
    "csv": ("CSV of persons", _csv),
    "json": ("JSON of all ladders", _json),
    "bare": ("bare openpyxl, 个人 alone", _bare),
}


def _act(name: str, file: str) -> None:
    from quiz.app import create_app

    with create_app().app_context():
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        start, used = time.perf_counter(), time.process_time()
        CASES[name][1](Path(file))
        seconds, used = time.perf_counter() - start, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([seconds, used, before, peak]))


def main(persons: int = PERSONS, attempts: int = ATTEMPTS) -> None:
    from flask_migrate import upgrade

    from quiz.app import create_app

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update(INSTANCE_PATH=str(folder), DATABASE_URL="")
        with create_app().app_context():
            upgrade()
            made(persons, attempts)
            db.engine.dispose()
        machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
        load = f"load {os.getloadavg()[0]:.1f}, {datetime.now(UTC):%Y-%m-%d}"
        print(f"{machine}, {load}, {persons} persons, {attempts} attempts\n")
        print("| what | s | CPU s | rows/s | MB of file | peak MB | MB before |\n|---|---|---|---|---|---|---|")
        for case, (label, _act_of_it) in CASES.items():
            print(_line(case, label, folder / f"results.{case}", persons), flush=True)


def _line(case: str, label: str, file: Path, persons: int) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.exporting", "--act", case, str(file)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{case}: {done.stderr[-2000:]}")
    seconds, used, before, peak = json.loads(done.stdout.splitlines()[-1])
    size = file.stat().st_size / 1e6
    file.unlink()
    return (
        f"| {label} | {seconds:.0f} | {used:.0f} | {persons / seconds:.0f} | {size:.0f} | {peak:.0f} | {before:.0f} |"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--act"]:
        _act(*sys.argv[2:4])
    else:
        main(*map(int, sys.argv[1:3]))
