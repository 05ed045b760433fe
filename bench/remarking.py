"""``python -m bench.remarking``: seconds and memory that marking one large contest anew takes, looking and applying."""

import argparse
import os
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import select

from bench.items import NOW, QUESTIONS, filled, peak
from question_bank.database import db
from quiz.app import create_app
from quiz.config import settings_from
from quiz.models import Contest, Remarking
from quiz.rules.marking import QuestionRuling, RulingKind
from quiz.services import question_rulings, remarking, standings


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=20_000)
    parser.add_argument("--pool", type=int, default=QUESTIONS, help="as it is, everybody has the question")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        settings = settings_from({"DATABASE_URL": database, "INSTANCE_PATH": folder, "SECRET_KEY": "bench"})
        if not (child := os.fork()):  # what filling holds is not to count
            with create_app(settings).app_context():
                upgrade()
                standings.rebuild(filled(asked.attempts, asked.pool).id)
            os._exit(0)
        os.waitpid(child, 0)
        with create_app(settings).app_context():
            measured(db.session.execute(select(Contest)).scalar_one())


def measured(contest: Contest) -> None:
    assert contest.pool
    version, before = contest.pool.versions[0]["version"], peak()
    ruling = QuestionRuling(RulingKind.FULL_MARKS)
    question_rulings.rule(contest.id, version, ruling, reason="题干有误", actor_id=None, now=NOW)
    began = time.process_time()
    job = remarking.preview(contest.id, actor_id=None, now=NOW)
    looked = time.process_time() - began
    figures = db.session.get_one(Remarking, job).figures
    progress = remarking.apply(job, contest.id, actor_id=None, now=NOW)
    applied = time.process_time() - began - looked
    print(f"looked at {figures['looked_at']:,} attempts in {looked:.1f} s of CPU: {figures['changed']:,} change")
    print(f"changed {progress.done:,} in {applied:.1f} s of CPU, {peak() - before:.0f} MB more than before")
    print(f"the standings agree: {standings.verify(contest.id) is None}")


if __name__ == "__main__":
    main()
