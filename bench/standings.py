"""``make bench-standings``: how long a read of a ladder takes beside a million or five, and what keeping it costs.

A third of all share full marks and are told apart by milliseconds. Reads are timed where the pages ask for them,
without HTTP; a rank by counting everybody better, over the same index, stands beside as the usual way.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select, text

from bench.asking import postgresql_for
from bench.people import _district, _start
from question_bank.database import db, transaction
from quiz.app import create_app
from quiz.cli.serve import keep_out_of_collections
from quiz.config import settings_from
from quiz.models import Contest, Standing, StandingDelta
from quiz.queries import ladder_counts as counts
from quiz.queries import standings as ladders
from quiz.queries.ladder_counts import EVERYBODY, Within
from quiz.rules.contest import Ties
from quiz.services import attempts, hand_in, standing_counts
from quiz.services import ladders as kept_ladders
from quiz.services.answers import Holder
from tests.builders import a_street, a_unit
from tests.serving import served

STREETS, UNITS = 20, 2_000
READS, FEW = 400, 12
HAND_INS = 1_500

PLACES = """
INSERT INTO contest_units (contest_id, unit_id, code, name, unit_class, headcount)
SELECT :contest, id, code, name, unit_class, headcount FROM units WHERE code LIKE 'BU%'
"""
ENTRIES = """
INSERT INTO entries (contest_id, entry_code, masked_name, street_id, unit_id, unit_class, consent_version,
                     consented_at, came_from, joined_at)
SELECT :contest, 'Z' || n, '王*', :street + (n % :units) % :streets, :unit + n % :units, '', '1', :now, 'web', :now
FROM ({numbers}) AS numbers
"""
STANDINGS = """
INSERT INTO standings (entry_id, contest_id, street_id, unit_id, entry_code, score_sum, elapsed_sum, counted,
                       minus_score, pace, finished_at)
SELECT id, :contest, street_id, unit_id, entry_code, score, pace, 1, -score, pace, :now
FROM (SELECT id, street_id, unit_id, entry_code, 60000 + id * 2654435761 % 4294967296 % 1140000 AS pace,
             CASE WHEN id % 3 = 0 THEN 10000 ELSE 500 * (id / 3 % 20) END AS score
      FROM entries WHERE contest_id = :contest AND entry_code LIKE 'Z%') AS drawn
"""
NUMBERS = {
    "sqlite": "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < :people) SELECT n FROM c",
    "postgresql": "SELECT n FROM generate_series(0, :people - 1) AS n",
}


def fill(people: int) -> Contest:
    """A contest with so many standings and nothing else of the people, in SQL."""
    contest, _ = _district()
    streets = [a_street(code=f"B{n}", name=f"第{n}街道", headcount=people) for n in range(STREETS)]
    units = [a_unit(streets[n % STREETS], code=f"BU{n}", headcount=people // UNITS) for n in range(UNITS)]
    dialect = db.engine.dialect.name
    values = {
        "contest": contest.id, "people": people, "streets": STREETS, "units": UNITS,
        "street": streets[0].id, "unit": units[0].id,
        "now": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }  # fmt: skip
    with transaction() as session:
        session.execute(text(PLACES), values)
        session.execute(text(ENTRIES.format(numbers=NUMBERS[dialect])), values)
        session.execute(text(STANDINGS), values)
    if dialect == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    return contest


def settle() -> None:
    """Let the disk be done with a million rows written at once, which no contest writes."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        with db.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    os.sync()


def timed(read: Callable[[], object], times: int) -> list[float]:
    """Milliseconds of each, in a transaction of its own, as requests are."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        read()
        db.session.rollback()
        took.append(1000 * (time.perf_counter() - began))
    return took


def after_changes(read: Callable[[], object], contest: Contest, unit: Within) -> list[float]:
    """Each read after something came that changes the ladder, which is added up as often as when people hand in."""
    took = []
    for number in range(1, 2 * standing_counts.FOLD_EACH + 1):
        with transaction() as session:
            session.add(
                StandingDelta(
                    contest_id=contest.id, unit_id=unit.unit_id, people=0, entries=1, minus_score=0, pace_cell=0,
                    counted=0, score_sum=0,
                )
            )  # fmt: skip
        if number % standing_counts.FOLD_EACH == 0:
            standing_counts.fold(contest.id)
        took += timed(read, 1)
    return took


def show(name: str, took: list[float]) -> None:
    ordered = sorted(took)
    print(f"{name:34}{statistics.median(ordered):10.2f}{ordered[int(len(ordered) * 0.99) - 1]:10.2f}", flush=True)


def measure_reads(contest: Contest, people: int) -> None:
    chance = random.Random(1)
    contest_id, terms = contest.id, contest.terms
    ids = db.session.execute(select(func.min(Standing.entry_id), func.max(Standing.entry_id))).one()
    somebody = db.session.execute(select(Standing).limit(1)).scalar_one()
    street, unit = Within(street_id=somebody.street_id), Within(unit_id=somebody.unit_id)

    def own(within: Within | None = None) -> object:
        row = db.session.get(Standing, chance.randint(*ids))
        assert row
        mine = (
            within if within is None else Within(*((row.street_id, None) if within is street else (None, row.unit_id)))
        )
        return ladders.person_of_entry(contest_id, Ties.SHARE, row.entry_id, mine or EVERYBODY)

    def page(within: Within, size: int) -> object:
        return ladders.persons(contest_id, Ties.SHARE, within=within, first=chance.randrange(size), most=50)

    def usual_rank() -> object:
        row = db.session.get(Standing, chance.randint(*ids))
        assert row
        better = counts._better({c.key: getattr(row, c.key) for c in counts.ORDER}, counts.columns_of(Ties.SHARE))
        return db.session.execute(
            select(func.count()).select_from(Standing).where(Standing.contest_id == contest_id, better)
        ).scalar()

    print(f"{'ms':34}{'p50':>10}{'p99':>10}")
    show("own rank", timed(own, READS))
    show("own rank in the street", timed(lambda: own(street), READS))
    show("own rank in the unit", timed(lambda: own(unit), READS))
    show("first page", timed(lambda: ladders.persons(contest_id, Ties.SHARE, most=50), READS))
    show("any page", timed(lambda: page(EVERYBODY, people), READS))
    show("any page of a street", timed(lambda: page(street, people // STREETS), READS))
    show("any page of a unit", timed(lambda: page(unit, people // UNITS), READS))
    show("total", timed(lambda: ladders.persons_total(contest_id), READS))
    show(f"ladder of {UNITS} units", after_changes(lambda: kept_ladders.units(contest, terms), contest, unit))
    show(f"ladder of {STREETS} streets", after_changes(lambda: kept_ladders.streets(contest, terms), contest, unit))
    show("a rank by counting (usual)", timed(usual_rank, FEW))


def measure_hand_ins(app: Flask, contest: Contest) -> None:
    """One hand-in after the other, with the ladder kept and without, in turns, so that both meet the same machine."""
    persons = list(db.session.scalars(text("SELECT id FROM persons ORDER BY id")))[: 2 * HAND_INS]
    running = list(_start(app, contest, persons).items())
    kept = hand_in._standing
    took: dict[bool, list[float]] = {True: [], False: []}
    for number, (person, attempt) in enumerate(running):
        with_ladder = number % 2 == 0
        hand_in._standing = kept if with_ladder else lambda *_, **__: iter(())  # type: ignore[assignment]  # the same act without its ladder
        began = time.perf_counter()
        attempts.submit(attempt, Holder(person, 1), now=datetime.now(UTC))
        took[with_ladder].append(1000 * (time.perf_counter() - began))
    hand_in._standing = kept
    show("hand in without a ladder", took[False])
    show("hand in", took[True])
    print(
        f"the ladder adds {statistics.median(took[True]) / statistics.median(took[False]) - 1:.0%} (median), "
        f"{statistics.mean(took[True]) / statistics.mean(took[False]) - 1:.0%} (mean, with the adding up in turn)"
    )


EVERYTHING = (("sqlite", 1_000_000), ("postgresql", 1_000_000), ("postgresql", 5_000_000))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--people", type=int, default=1_000_000)
    options = parser.parse_args()
    for database, people in [(options.database, options.people)] if options.database else EVERYTHING:
        measure(database, people)


def measure(database: str, people: int) -> None:
    """Everything on one database, which is thrown away afterwards."""
    with ExitStack() as stack:
        stack.enter_context(postgresql_for(database))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(served(database, folder, "standings"))
        app = create_app(settings_from(server.environ))
        keep_out_of_collections()
        with app.app_context():
            began = time.perf_counter()
            contest = fill(people)
            print(f"{database}: {people:,} entrants made in {time.perf_counter() - began:.0f} s")
            began = time.perf_counter()
            standing_counts.recount(contest.id)
            print(f"all counts made anew in {time.perf_counter() - began:.1f} s")
            settle()
            measure_reads(contest, people)
            measure_hand_ins(app, contest)


if __name__ == "__main__":
    main()
