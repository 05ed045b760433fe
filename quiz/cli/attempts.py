"""``flask attempts``: what no person is there to do."""

import click

from quiz.cli.common import PROBLEMS, Group, contest_or_exit, stop
from quiz.clock import clock
from quiz.services import attempts, receipts

group = Group("attempts", help="Attempts that nobody handed in, and receipts of those handed in.")


@group.command("submit-expired")
def submit_expired() -> None:
    """Hand in every attempt that is past its deadline and grace."""
    click.echo(f"Handed in {attempts.submit_expired(now=clock())} overdue attempts.")


@group.command("verify")
@click.argument("contest")
def verify(contest: str) -> None:
    """Hold every receipt of CONTEST against what is stored; 1 and the entry codes if anything was changed."""
    found = contest_or_exit(contest)
    held = receipts.held(found.id)
    unheld = f" {held.without} ended attempts have no receipt." if held.without else ""
    codes = [attempt.entry.entry_code for attempt in receipts.changed_since_handed_in(found.id)]
    if codes:
        stop(
            f"{len(codes)} of {held.receipts} attempts of {contest} were changed after the hand-in: "
            f"{', '.join(codes)}.{unheld}",
            PROBLEMS,
        )
    click.echo(f"{held.receipts} receipts of {contest} agree with what is stored.{unheld}")
