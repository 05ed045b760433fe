"""``flask attempts``: what no person is there to do."""

import click

from quiz.cli.common import Group
from quiz.clock import clock
from quiz.services import attempts

group = Group("attempts", help="Attempts that nobody handed in.")


@group.command("submit-expired")
def submit_expired() -> None:
    """Hand in every attempt that is past its deadline and grace."""
    click.echo(f"Handed in {attempts.submit_expired(now=clock())} overdue attempts.")
