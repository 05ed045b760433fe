"""What several commands share."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Never

import click
from flask.cli import AppGroup
from sqlalchemy.exc import OperationalError, ProgrammingError

from question_bank.progress import Progress
from quiz.models import Contest
from quiz.queries.contests import contest_by_slug

PROBLEMS, WRONG_USE = 1, 2


class Group(AppGroup):
    """A group whose commands say in one line that there is no database to work on."""

    def invoke(self, ctx: click.Context) -> Any:
        with database_needed():
            return super().invoke(ctx)


class Command(click.Command):
    """The same for a command that stands alone."""

    def invoke(self, ctx: click.Context) -> Any:
        with database_needed():
            return super().invoke(ctx)


@contextmanager
def database_needed() -> Iterator[None]:
    """End with 2 and a sentence where the database is away or has not been migrated."""
    try:
        yield
    except (OperationalError, ProgrammingError) as error:
        why = str(error.orig).strip().partition("\n")[0]
        if isinstance(error, ProgrammingError) or why.startswith("no such"):
            stop(f"数据库还没有准备好或版本不对，请先运行 make setup（{why}）。", WRONG_USE)
        stop(f"数据库连不上或正忙，请检查 DATABASE_URL 和数据库服务（{why}）。", WRONG_USE)


@contextmanager
def bar(path: Path, as_json: bool, doing: str = "正在读取") -> Iterator[Progress | None]:
    """A bar on stderr while a file is checked or written, for people at a terminal; None where nobody sees it."""
    if as_json or not sys.stderr.isatty():
        yield None
        return
    click.echo(f"{path.name}: {doing}……", err=True)
    shown: Any = click.progressbar(length=0, label=path.name, file=sys.stderr)

    def progress(done: int, total: int) -> None:
        shown.length = total
        shown.update(done - shown.pos)

    with shown:
        yield progress


def contest_or_exit(slug: str) -> Contest:
    """The contest of this slug; without one the command ends with 2."""
    contest = contest_by_slug(slug)
    if contest is None:
        stop(f"没有名为 {slug} 的竞赛。", WRONG_USE)
    return contest


def stop(message: str, code: int) -> Never:
    """Say why on stderr and end with this exit code."""
    click.echo(message, err=True)
    raise click.exceptions.Exit(code)
