"""What several commands share."""

from typing import Never

import click

from quiz.models import Contest
from quiz.queries.contests import contest_by_slug

PROBLEMS, WRONG_USE = 1, 2


def contest_or_exit(slug: str) -> Contest:
    """The contest of this slug; without one the command ends with 2."""
    contest = contest_by_slug(slug)
    if contest is None:
        stop(f"There is no contest {slug!r}.", WRONG_USE)
    return contest


def stop(message: str, code: int) -> Never:
    """Say why on stderr and end with this exit code."""
    click.echo(message, err=True)
    raise click.exceptions.Exit(code)
