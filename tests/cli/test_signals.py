"""``flask signals find``: one line that says how many, and 2 for no such contest."""

from flask import Flask

from tests.builders import a_contest, a_person, an_ended_attempt
from tests.conftest import MORNING


def test_it_says_what_it_looked_at_and_what_it_found(app: Flask) -> None:
    with app.app_context():
        contest = a_contest(MORNING)
        an_ended_attempt(contest, a_person(MORNING), began=MORNING, ended=MORNING)
        slug = contest.slug
    runner = app.test_cli_runner()
    result = runner.invoke(args=["signals", "find", slug])
    nothing = "0 have signals (fast 0, burst 0, away 0, phones 0, device 0), 0 wait for a judge."
    assert (result.exit_code, result.output) == (0, f"Looked at 1 attempts of {slug}: {nothing}\n")
    assert runner.invoke(args=["signals", "find", "no-such"]).exit_code == 2
