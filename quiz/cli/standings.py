"""``flask standings``: the kept ladders, built or checked from scratch."""

import click

from quiz.cli.common import PROBLEMS, Group, contest_or_exit, stop
from quiz.clock import clock
from quiz.services import attempts, boards, standings

group = Group("standings", help="Standings of a contest, kept up as people hand in.")


@group.command("rebuild")
@click.argument("contest")
def rebuild(contest: str) -> None:
    """Build the standings of CONTEST from its attempts."""
    found = contest_or_exit(contest)
    attempts.submit_expired(found.id, now=clock())
    click.echo(f"Built {standings.rebuild(found.id)} standings of {contest}.")


@group.command("freeze")
@click.argument("contest")
def freeze(contest: str) -> None:
    """Keep the ladders of CONTEST as they stood when its terms froze them, before the first who looks has to."""
    found = contest_or_exit(contest)
    board = boards.freeze(found.id, now=clock())
    if board is None:
        stop(f"{contest} has no ladders that freeze, or not yet.", PROBLEMS)
    click.echo(f"The ladders of {contest} stand as of {board.as_of:%Y-%m-%d %H:%M:%S} UTC.")


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
