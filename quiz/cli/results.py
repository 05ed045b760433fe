"""``flask results``: what came out of a contest, as files."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from question_bank.database import transaction
from quiz.cli.common import WRONG_USE, Group, contest_or_exit, stop
from quiz.clock import clock
from quiz.models.contests import ContestState
from quiz.services import audit, exports, prepared
from quiz.services.export_tables import LADDERS
from quiz.services.exports import Form, Told

group = Group("results", help="Results of a contest.")


@group.command("export")
@click.argument("contest")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--by", type=click.Choice(LADDERS), default="person", show_default=True, help="Which ladder a .csv holds."
)
def export(contest: str, file: Path, by: str) -> None:
    """Write the results of CONTEST to FILE: the judges' workbook, or what FILE's ending says (.csv, .json)."""
    found = contest_or_exit(contest)
    if found.state == ContestState.DRAFT:
        stop(f"{contest} is still a draft and has no results.", WRONG_USE)
    now, ending = clock(), file.suffix.lower().removeprefix(".")
    form = Form(ending) if ending in list(Form) else Form.WORKBOOK
    unfinished = file.with_name(f"{file.name}.part")
    try:
        if file.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        with unfinished.open("wb") as written, bar(file) as told:
            exports.write_results(found.id, written, form, now=now, by=by, told=told)
        with transaction():
            audit.record(
                "results.export", f"contest:{found.id}", actor_id=None, now=now, contest_id=found.id, form=form.value
            )
            unfinished.replace(file)
    except OSError as error:
        stop(f"{file} cannot be written ({error.strerror}).", WRONG_USE)
    finally:
        unfinished.unlink(missing_ok=True)
    click.echo(f"Wrote the results of {contest} to {file} ({file.stat().st_size} bytes).")


@group.command("prepare", hidden=True)
@click.argument("token")
def prepare(token: str) -> None:
    """Make the file that somebody asked for on the page. The page starts this."""
    os.nice(10)  # people who answer come first
    prepared.make(token, clock=clock)


@contextmanager
def bar(file: Path) -> Iterator[Told]:
    """How far the file has come, on stderr, for people at a terminal."""
    if not sys.stderr.isatty():
        yield exports.nobody
        return
    shown: Any = None

    def told(stage: str, done: int, total: int) -> None:
        nonlocal shown
        if shown is None or shown.label != stage:
            if shown is not None:
                shown.render_finish()
            shown = click.progressbar(length=total, label=stage, file=sys.stderr)
        shown.update(done - shown.pos)

    click.echo(f"{file.name}:", err=True)
    yield told
    if shown is not None:
        shown.render_finish()
