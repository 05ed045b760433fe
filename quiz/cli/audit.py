"""``flask audit``: the record of what staff did."""

import click

from quiz.cli.common import PROBLEMS, Group, stop
from quiz.queries.audit import count_entries
from quiz.services import audit

group = Group("audit", help="The record of what staff did.")


@group.command("verify")
def verify() -> None:
    """Walk the hash chain from its first entry; 1 and the first break if it does not hold."""
    if found := audit.first_break():
        stop(f"The record does not hold at entry {found.entry_id}: it {found.why}.", PROBLEMS)
    click.echo(f"The record holds: {count_entries()} entries.")
