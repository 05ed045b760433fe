"""A few seconds of the fuzzer, the same files each time. ``make fuzz`` goes on for minutes."""

import pytest

from tests.fuzz.trials import TRIALS, run


@pytest.mark.parametrize("name", TRIALS)
def test_made_up_files_are_read_exactly_or_said_to_be_wrong(name: str) -> None:
    for seed in range(25):
        run(name, seed)
