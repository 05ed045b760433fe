"""``python -m bench.sealing [ENTRIES]``: seal and verify a contest of so many entries, made by SQL on SQLite."""

import argparse
import hashlib
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import insert

from question_bank.database import db, transaction
from quiz.app import create_app
from quiz.config import settings_from
from quiz.models import Attempt, Contest, Entry, Paper, Standing
from quiz.services import seals
from quiz.services.verifying import verify_file
from tests.builders import a_contest, a_street, a_unit

OPENS = datetime(2026, 6, 20, 1, 0, tzinfo=UTC)
AT_ONCE = 5_000
ROOT = Path(__file__).resolve().parents[1]


def made(entries: int) -> Contest:
    """A contest that is over: 20 streets, 1,000 units, one attempt each, a third of them with full marks."""
    contest = a_contest(
        OPENS, plan=[{"kind": "true_false", "count": 3, "points": 5}],
        closes_at=(OPENS + timedelta(days=9)).isoformat(),
    )  # fmt: skip
    streets = [a_street(headcount=entries // 15) for _ in range(20)]
    units = [a_unit(streets[n % 20], headcount=entries // 800) for n in range(1000)]
    from quiz.services.joining import ensure_contest_area, ensure_contest_unit

    with transaction() as session:
        for street in streets:
            ensure_contest_area(session, contest.id, street.id)
        for unit in units:
            ensure_contest_unit(session, contest.id, unit.id)
        paper = Paper(contest_id=contest.id, pool_id=contest.pool_id, seed="0" * 32, layout=[])
        session.add(paper)
        session.flush()
        for start in range(0, entries, AT_ONCE):
            numbers = range(start + 1, min(start + AT_ONCE, entries) + 1)
            session.execute(insert(Entry), [_entry(contest.id, n, units[n % 1000]) for n in numbers])
            session.execute(insert(Attempt), [_attempt(contest.id, paper.id, n) for n in numbers])
            session.execute(insert(Standing), [_standing(contest.id, n, units[n % 1000]) for n in numbers])
    return contest


def _code(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:10].upper()


def _entry(contest_id: int, n: int, unit: object) -> dict[str, object]:
    return {
        "id": n, "contest_id": contest_id, "person_id": None, "entry_code": _code(n), "masked_name": "王*",
        "street_id": unit.street_id, "unit_id": unit.id, "unit_name": None, "unit_class": "学校",  # type: ignore[attr-defined]  # a unit or an app, typed as object
        "consent_version": "1", "consented_at": OPENS, "joined_at": OPENS,
    }  # fmt: skip


def _result(n: int) -> tuple[int, int]:
    return (1500 if n % 3 == 0 else 500 * (n % 4 % 3)), 60_000 + n * 7919 % 1_000_000


def _attempt(contest_id: int, paper_id: int, n: int) -> dict[str, object]:
    score, elapsed = _result(n)
    began = OPENS + timedelta(seconds=n % 600_000)
    return {
        "contest_id": contest_id, "entry_id": n, "paper_id": paper_id, "period": "", "number": 1, "started_at": began,
        "deadline": began + timedelta(minutes=20), "accepts_until": began + timedelta(minutes=20),
        "ended_at": began + timedelta(milliseconds=elapsed), "ended_by": "person", "elapsed_ms": elapsed,
        "answered": 3, "score": score, "full": 1500, "is_set_aside": False,
        "receipt": hashlib.sha256(f"r{n}".encode()).hexdigest(),
    }  # fmt: skip


def _standing(contest_id: int, n: int, unit: object) -> dict[str, object]:
    score, elapsed = _result(n)
    return {
        "entry_id": n, "contest_id": contest_id, "street_id": unit.street_id, "unit_id": unit.id,  # type: ignore[attr-defined]  # a unit or an app, typed as object
        "entry_code": _code(n), "score_sum": score, "elapsed_sum": elapsed, "counted": 1, "minus_score": -float(score),
        "pace": float(elapsed), "finished_at": OPENS + timedelta(seconds=n % 600_000, milliseconds=elapsed),
    }  # fmt: skip


def megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def step(what: str, folder: Path) -> None:
    """One step in a process of its own, so that its memory is its own."""
    began = time.perf_counter()
    file = folder / "result.json"
    if what == "script":
        subprocess.run([sys.executable, str(ROOT / "docs" / "verify.py"), str(file)], check=True)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        print(f"{what}: {time.perf_counter() - began:.1f} s, peak {peak} MB", flush=True)
        return
    if what == "verify":
        verify_file(file)
    else:
        app = create_app(settings_from({"INSTANCE_PATH": str(folder), "SECRET_KEY": "bench"}))
        with app.app_context():
            sealed = seals.seal(1, actor_id=None, now=OPENS + timedelta(days=10), reason="再封存一次")
            with file.open("wb") as stream:
                stream.writelines(seals.bundle_as_json(sealed))
    size = file.stat().st_size / 2**20
    print(
        f"{what}: {time.perf_counter() - began:.1f} s, peak {megabytes()} MB, {size:.0f} MB of result.json", flush=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("entries", type=int, nargs="?", default=1_000_000)
    parser.add_argument("--step")
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.step:
        step(given.step, given.folder)
        return
    with tempfile.TemporaryDirectory(prefix="quiz-bench-") as name:
        folder = Path(name)
        app = create_app(settings_from({"INSTANCE_PATH": name, "SECRET_KEY": "bench"}))
        with app.app_context():
            upgrade()
            contest = made(given.entries)
            print(f"{given.entries} entries in contest {contest.slug}", flush=True)
        for what in ("seal", "verify", "script"):
            words = ["-m", "bench.sealing", str(given.entries), "--step", what, "--folder", name]
            subprocess.run([sys.executable, *words], check=True)
        _change_one(app)
        words = ["-m", "bench.sealing", str(given.entries), "--step", "seal again", "--folder", name]
        subprocess.run([sys.executable, *words], check=True)
        print(f"database {sum(f.stat().st_size for f in folder.glob('*.sqlite3*')) / 2**20:.0f} MB")


def _change_one(app: object) -> None:
    from quiz.services import contests

    with app.app_context():  # type: ignore[attr-defined]  # a unit or an app, typed as object
        unit = db.session.execute(db.text("SELECT code FROM contest_units ORDER BY code LIMIT 1")).scalar_one()
        contests.set_headcount(1, unit, "unit", 7, reason="更正", actor_id=None, now=OPENS + timedelta(days=10))


if __name__ == "__main__":
    main()
