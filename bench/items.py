"""``python -m bench.items``: seconds of CPU and memory that the item analysis of one large contest takes."""

import argparse
import os
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from flask_migrate import upgrade
from sqlalchemy import insert, select

from question_bank.database import db, transaction
from quiz.app import create_app
from quiz.config import settings_from
from quiz.models import Answer, Attempt, Contest, Entry, Marking, Paper
from quiz.queries.items import analysis_of
from tests.contest_builders import a_bank, a_published, a_question

QUESTIONS, WORTH, AT_ONCE = 20, 500, 1_000
NOW = datetime(2026, 6, 20, 1, tzinfo=UTC)


def filled(attempts: int, pool: int) -> Contest:
    """A contest with so many ended attempts of ``QUESTIONS`` each, drawn from a pool of ``pool`` questions."""
    a_bank(NOW, *(a_question() for _ in range(pool)))
    contest = a_published(NOW, terms={"plan": [{"kind": "single_choice", "count": QUESTIONS, "points": 5}]})
    assert contest.pool
    versions, chance = [each["version"] for each in contest.pool.versions], Random(1)
    for first in range(1, attempts + 1, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, attempts + 1))
        with transaction() as session:
            for table, rows in _rows(contest, numbers, versions, chance).items():
                session.execute(insert(table), rows)
    return contest


def _rows(contest: Contest, numbers: range, versions: list[int], chance: Random) -> dict[Any, list[dict[str, Any]]]:
    rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in (Entry, Paper, Attempt, Answer, Marking)}
    for number in numbers:
        own = {"id": number, "contest_id": contest.id}
        chosen = [chance.randint(1, 4) for _ in range(QUESTIONS)]
        points = [WORTH if option == 1 else 0 for option in chosen]
        layout = [{"version": v, "options": [1, 2, 3, 4], "points": WORTH} for v in chance.sample(versions, QUESTIONS)]
        consent = {"consent_version": "1", "consented_at": NOW, "joined_at": NOW}
        rows[Entry].append({**own, "entry_code": f"E{number}", "masked_name": "王*", **consent})
        rows[Paper].append({**own, "pool_id": contest.pool_id, "seed": f"{number:032x}", "layout": layout})
        times = {"started_at": NOW, "deadline": NOW, "accepts_until": NOW, "ended_at": NOW}
        marked = {"score": sum(points), "full": WORTH * QUESTIONS}
        keys = {"entry_id": number, "paper_id": number, "number": 1, "answered": QUESTIONS}
        rows[Attempt].append({**own, **keys, **times, **marked, "elapsed_ms": 1})
        made = {"made_from": "", "made_at": NOW}
        worth = [WORTH] * QUESTIONS
        rows[Marking].append({"attempt_id": number, "number": 1, "points": points, "worth": worth, **marked, **made})
        for position, option in enumerate(chosen, 1):
            saved = {"chosen": f"[{option}]", "revision": 1, "first_at": NOW, "last_at": NOW}
            rows[Answer].append({"attempt_id": number, "position": position, **saved})
    return rows


def peak() -> float:
    """The most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=20_000)
    parser.add_argument("--pool", type=int, default=200)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        settings = settings_from({"DATABASE_URL": database, "INSTANCE_PATH": folder, "SECRET_KEY": "bench"})
        if not (child := os.fork()):  # what filling holds is not to count
            with create_app(settings).app_context():
                upgrade()
                filled(asked.attempts, asked.pool)
            os._exit(0)
        os.waitpid(child, 0)
        with create_app(settings).app_context():
            contest_id = db.session.execute(select(Contest.id)).scalar_one()
            before = peak()
            for name, only in (("all questions", ()), ("one question", (1,))):
                began = time.process_time()
                found = analysis_of(contest_id, only=only)
                seconds = time.process_time() - began
                more = peak() - before
                print(f"{name}: {len(found)} analysed in {seconds:.1f} s of CPU, {more:.0f} MB more than before")


if __name__ == "__main__":
    main()
