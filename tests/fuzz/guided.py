"""Texts that a coverage-guided fuzzer makes up: ``python -m tests.fuzz.guided FOLDER -max_total_time=300``.

Needs atheris, which is not among the packages for developing (pip install atheris; Linux and macOS only). FOLDER begins
with the layouts of the tests and keeps what reaches new lines. Each text is read as typed questions, GIFT, csv or HTML: a
reader may refuse it, but neither fail, nor take long, nor read it in two ways.
"""

import shutil
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["question_bank"]):
    from question_bank.check import check_file

SLOW_S = 5
NAMES = ("t.txt", "t.gift", "t.csv", "t.html")
LAYOUTS = Path(__file__).resolve().parent.parent / "bank/layouts"


def read(data: bytes) -> None:
    """One text, under each name in turn by its length, so that the same bytes are always read under the same."""
    name = NAMES[len(data) % len(NAMES)]
    begun = time.process_time()
    first = check_file(data, name)
    if time.process_time() - begun > SLOW_S:
        raise TimeoutError(name)
    if first.digest != check_file(data, name).digest:
        raise AssertionError(f"{name} was read in two ways")


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for layout in LAYOUTS.glob("*.txt"):
        shutil.copy(layout, folder)
    atheris.Setup([*sys.argv, "-max_len=1000", "-rss_limit_mb=2000"], read)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
