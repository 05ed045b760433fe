"""``make signals``: what the fairness signals find, rightly and wrongly, in a made-up field whose cheats are known."""

import argparse
import os
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import select

from bench.field import Field
from bench.items import NOW, filled, peak
from question_bank.database import db
from quiz.app import create_app
from quiz.config import settings_from
from quiz.models import Contest
from quiz.rules.signals import SignalKind, is_flagged, signals_of
from quiz.services import signals


@dataclass
class Tried:
    """By kind: people who cheat so, with a signal of that kind, and before a judge; and the same of honest people."""

    honest: int
    cheats: Counter[SignalKind] = field(default_factory=Counter)
    noticed: Counter[SignalKind] = field(default_factory=Counter)
    flagged: Counter[SignalKind] = field(default_factory=Counter)
    wrongly_noticed: Counter[SignalKind] = field(default_factory=Counter)
    wrongly_flagged: Counter[SignalKind] = field(default_factory=Counter)
    false_alarms: int = 0  # honest people before a judge, by whatever signals

    @property
    def false_alarm_rate(self) -> float:
        return self.false_alarms / self.honest

    def __str__(self) -> str:
        lines = [f"{'':8}{'cheats':>8}{'noticed':>9}{'flagged':>9}{'honest noticed':>16}{'honest flagged':>16}"]
        for kind in SignalKind:
            counts = (self.cheats[kind], self.noticed[kind], self.flagged[kind])
            wrongly = (self.wrongly_noticed[kind], self.wrongly_flagged[kind])
            lines.append(f"{kind:8}{counts[0]:>8}{counts[1]:>9}{counts[2]:>9}{wrongly[0]:>16}{wrongly[1]:>16}")
        lines.append(f"false alarms: {self.false_alarms} of {self.honest} honest people ({self.false_alarm_rate:.2%})")
        return "\n".join(lines)


def tried(*, seed: int, honest: int, each: int) -> Tried:
    """One field with so many honest people and so many cheats of each kind, looked at as a real one is."""
    made = Field(seed)
    made.add_honest(honest)
    made.add_cheats(each)
    entry_of = {seen.attempt: seen.entry for seen in made.attempts}
    by_attempt = defaultdict(list)
    for each_found in signals_of(made.attempts):
        by_attempt[each_found.attempt].append(each_found)
    kinds: dict[str, set[SignalKind]] = defaultdict(set)
    flagged = set()
    for attempt, found in by_attempt.items():
        kinds[entry_of[attempt]] |= {each_found.kind for each_found in found}
        if is_flagged(found):
            flagged.add(entry_of[attempt])
    result = Tried(honest)
    for entry in set(entry_of.values()):
        if kind := made.cheats.get(entry):
            result.cheats[kind] += 1
            result.noticed[kind] += kind in kinds[entry]
            result.flagged[kind] += entry in flagged
        else:
            result.wrongly_noticed.update(kinds[entry])
            result.wrongly_flagged.update(kinds[entry] if entry in flagged else ())
            result.false_alarms += entry in flagged
    return result


def timed(attempts: int) -> str:
    """Seconds and memory for looking at a stored contest of so many attempts, 20 answers each."""
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        app = create_app(settings_from({"DATABASE_URL": database, "INSTANCE_PATH": folder, "SECRET_KEY": "bench"}))
        if not (child := os.fork()):  # what filling holds is not to count
            with app.app_context():
                upgrade()
                filled(attempts, 200)
            os._exit(0)
        os.waitpid(child, 0)
        with app.app_context():
            contest_id = db.session.execute(select(Contest.id)).scalar_one()
            before, began = peak(), time.process_time()
            looked = signals.look(contest_id, actor_id=None, now=NOW)
            seconds = time.process_time() - began
            return f"{looked.attempts:,} attempts in {seconds:.1f} s of CPU, {peak() - before:.0f} MB more than before"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=3_001)
    parser.add_argument("--fields", type=int, default=5, help="how many fields, from as many seeds")
    parser.add_argument("--honest", type=int, default=2_000)
    parser.add_argument("--each", type=int, default=10, help="cheats of each of the five kinds")
    parser.add_argument("--stored", type=int, help="instead: time to look at so many stored attempts, on SQLite")
    asked = parser.parse_args()
    if asked.stored:
        print(timed(asked.stored))
        return
    for seed in range(asked.seed, asked.seed + asked.fields):
        began = time.process_time()
        result = tried(seed=seed, honest=asked.honest, each=asked.each)
        print(f"seed {seed} ({time.process_time() - began:.1f} s of CPU)\n{result}\n")


if __name__ == "__main__":
    main()
