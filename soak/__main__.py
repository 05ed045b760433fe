"""``make soak``: kill everything again and again while people save, then race starts, hand-ins and registrations.

Each database in turn, in the default settings. Ends with 1 if anything was lost, went back or was doubled.
"""

import argparse
import secrets
import sys
import tempfile
from pathlib import Path

from soak.crashes import Plan, crashes
from soak.killing import everything
from soak.races import races
from tests.conftest import DATABASES


def main() -> None:
    options = _options()
    plan = Plan(options.people, options.answers, options.kills, options.in_flight, options.seed)
    faults: list[str] = []
    for kind in options.database or DATABASES:
        print(f"{kind}, seed {options.seed}", flush=True)
        with tempfile.TemporaryDirectory() as folder, everything(kind, Path(folder)) as system:
            crashed = crashes(system, plan, say=lambda line: print(f"  {line}", flush=True))
            print(f"{kind}: {crashed}", flush=True)
            faults += crashed.faults
            if options.races:
                raced = races(system.platform, requests=options.races, people=options.people // 10)
                print(f"{kind}: {raced}", flush=True)
                faults += raced.faults
    print(*faults[:100], sep="\n")
    sys.exit(1 if faults else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="soak", description=__doc__)
    parser.add_argument("--database", choices=DATABASES, action="append", help="both without it")
    parser.add_argument(
        "--people", type=int, default=200, help="who save at once; a tenth of them, with ten devices, race"
    )
    parser.add_argument("--answers", type=int, default=100_000, help="acknowledged before the last kill, at least")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--in-flight", type=int, default=50, help="requests on their way at each kill, at least")
    parser.add_argument("--races", type=int, default=10_000, help="raced requests, at least; 0 for none")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="moments, order, answers")
    return parser.parse_args()


if __name__ == "__main__":
    main()
