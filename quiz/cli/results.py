"""``flask results``: what came out of a contest, as files."""

from pathlib import Path

import click

from question_bank.database import transaction
from quiz.cli.common import WRONG_USE, Group, contest_or_exit, stop
from quiz.clock import clock
from quiz.models.contests import ContestState
from quiz.services import audit, exports

group = Group("results", help="Results of a contest.")


@group.command("export")
@click.argument("contest")
@click.argument("file", type=click.Path(path_type=Path))
def export(contest: str, file: Path) -> None:
    """Write the judges' workbook of CONTEST to FILE."""
    found = contest_or_exit(contest)
    if found.state == ContestState.DRAFT:
        stop(f"{contest} is still a draft and has no results.", WRONG_USE)
    now = clock()
    data = exports.judges_workbook(found.id, now=now)
    with transaction():
        audit.record("results.export", f"contest:{found.id}", actor_id=None, now=now, contest_id=found.id)
        try:
            file.write_bytes(data)
        except OSError as error:
            stop(f"{file} cannot be written ({error.strerror}).", WRONG_USE)
    click.echo(f"Wrote the results of {contest} to {file} ({len(data)} bytes).")
