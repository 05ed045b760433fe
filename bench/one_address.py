"""``python -m bench.one_address``: 2,000 people behind one address register and start, with the limits on."""

import argparse
import tempfile
from pathlib import Path

from bench.asking import postgresql_for
from tests.http.one_address import arrive
from tests.http.platforms import a_platform


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    asked = parser.parse_args()
    for kind in asked.database or ("sqlite", "postgresql"):
        with postgresql_for(kind), tempfile.TemporaryDirectory() as place:
            with a_platform(kind, Path(place), "one_address", RATE_LIMITS="on") as platform:
                print(f"{kind}: {arrive(platform, platform.a_contest(), asked.people)}", flush=True)


if __name__ == "__main__":
    main()
