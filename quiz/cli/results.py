"""``flask results``: what came out of a contest, as files."""

import json
from pathlib import Path
from typing import Any

import click

from question_bank.database import transaction
from quiz.cli.common import PROBLEMS, WRONG_USE, Group, contest_or_exit, stop
from quiz.clock import clock
from quiz.models.contests import ContestState
from quiz.rules.prizes import check_draw, is_draw
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


@group.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
def verify(file: Path) -> None:
    """Recompute FILE, the public JSON of a prize draw, without the database."""
    try:
        value = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        stop(f"{file} cannot be read as JSON ({error}).", WRONG_USE)
    if not is_draw(value):
        stop(f"{file} is no published prize draw.", WRONG_USE)
    _verify_draw(file, value)


def _verify_draw(file: Path, value: Any) -> None:
    if found := check_draw(value):
        stop(f"{file} does not fit: {found}.", PROBLEMS)
    click.echo(f"{file} fits: {_drawn_in_words(value)}.")


def _drawn_in_words(value: Any) -> str:
    entries = sum(line.startswith("entry|") for line in value["list"] or ())
    winners = sum(len(tier["winners"]) for tier in value["tiers"])
    return f"{entries} entries listed, {winners} winners as the list, the seed and the number say"
