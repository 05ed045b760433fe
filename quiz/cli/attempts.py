"""``flask attempts``: hand in what is overdue, give extra time, hold receipts against what is stored."""

import click

from quiz.cli.common import PROBLEMS, Group, contest_or_exit, stop
from quiz.cli.contest import refuse
from quiz.clock import clock
from quiz.errors import Refusal
from quiz.services import attempts, receipts
from quiz.services import extra_time as extra_times

group = Group("attempts", help="Overdue attempts, extra time, and receipts of what was handed in.")


@group.command("submit-expired")
def submit_expired() -> None:
    """Hand in every attempt that is past its deadline and grace."""
    click.echo(f"Handed in {attempts.submit_expired(now=clock())} overdue attempts.")


@group.command("extra-time")
@click.argument("contest")
@click.option("--entry", help="Entry code or phone of one participant; without it everybody who is answering.")
@click.option("--minutes", type=int, required=True)
@click.option("--reason", required=True)
def extra_time(contest: str, entry: str | None, minutes: int, reason: str) -> None:
    """补时: move the deadline of running attempts of CONTEST. What has ended stays ended."""
    found = contest_or_exit(contest)
    try:
        given = extra_times.give(found.id, minutes=minutes, reason=reason, whom=entry, actor_id=None, now=clock())
    except Refusal as refusal:
        refuse(refusal)
    click.echo(f"Gave {minutes} more minutes to {given.attempts} running attempts of {contest}.")


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
