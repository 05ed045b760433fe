"""``flask standings``: the kept ladders, built or checked from scratch."""

import click

from quiz.cli.common import PROBLEMS, Group, contest_or_exit, stop
from quiz.clock import clock
from quiz.services import attempts, standings

group = Group("standings", help="Standings of a contest, kept up as people hand in.")


@group.command("rebuild")
@click.argument("contest")
def rebuild(contest: str) -> None:
    """Build the standings of CONTEST from its attempts."""
    found = contest_or_exit(contest)
    attempts.submit_expired(found.id, now=clock())
    click.echo(f"Built {standings.rebuild(found.id)} standings of {contest}.")


def _in_words(difference: standings.Difference) -> str:
    if not difference.entry_code:
        return f"{difference.what}."
    return f"Entry {difference.entry_code}: {difference.what} differs from a rebuild."


@group.command("verify")
@click.argument("contest")
def verify(contest: str) -> None:
    """Compare what is kept of CONTEST with a rebuild; 1 and the first difference if they differ."""
    found = contest_or_exit(contest)
    attempts.submit_expired(found.id, now=clock())
    if difference := standings.verify(found.id):
        stop(_in_words(difference), PROBLEMS)
    click.echo(f"The standings of {contest} equal a rebuild from its attempts.")
