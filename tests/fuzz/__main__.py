"""The long run: ``python -m tests.fuzz MINUTES [FIRST_SEED] [TRIAL …]``; what fails is printed with its seed."""

import sys
import time
import traceback
from collections import Counter

from tests.fuzz.trials import TRIALS, run


def main(minutes: float, seed: int, chosen: list[str]) -> int:
    until = time.process_time() + minutes * 60
    runs: Counter[str] = Counter()
    questions: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    failures: Counter[str] = Counter()
    while time.process_time() < until:
        for name in chosen:
            runs[name] += 1
            try:
                stood, came = run(name, seed)
                questions[name] += stood
                taken[name] += came
            except Exception as error:
                failures[name] += 1
                if failures[name] <= 20:
                    where = traceback.extract_tb(error.__traceback__)[-1]
                    print(f"{name} {seed}: {type(error).__name__} in {where.name}: {error}"[:900], flush=True)
        seed += 1
    for name in chosen:
        stood = f"{questions[name]} questions known, {taken[name]} taken"
        print(f"{name}: {runs[name]} files, {stood}, {failures[name]} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2]) if sys.argv[2:] else 0, sys.argv[3:] or list(TRIALS)))
