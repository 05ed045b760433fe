"""``flask signals``: look for what is out of the ordinary in the attempts of a contest."""

import click

from quiz.cli.common import Group, contest_or_exit
from quiz.cli.contest import refuse
from quiz.clock import clock
from quiz.errors import Refusal
from quiz.services import signals

group = Group("signals", help="What is out of the ordinary about attempts, for judges to look at.")


@group.command("find")
@click.argument("contest")
def find(contest: str) -> None:
    """Look at every ended attempt of CONTEST; what was found before is replaced, notes of judges stay."""
    found = contest_or_exit(contest)
    try:
        looked = signals.look(found.id, actor_id=None, now=clock())
    except Refusal as refusal:
        refuse(refusal)
    counts = ", ".join(f"{kind.value} {count}" for kind, count in looked.by_kind.items())
    click.echo(
        f"Looked at {looked.attempts} attempts of {contest}: {looked.with_signals} have signals ({counts}), "
        f"{looked.flagged} wait for a judge."
    )
