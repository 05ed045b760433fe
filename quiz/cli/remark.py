"""``flask results remark``: mark anew what rulings about questions change."""

import sys

import click

from question_bank.database import db
from quiz.cli.common import contest_or_exit
from quiz.cli.contest import refuse
from quiz.cli.results import group as results
from quiz.clock import clock
from quiz.errors import Refusal
from quiz.models import Remarking
from quiz.queries.remarking import job_under_way
from quiz.services import remarking


@results.command("remark")
@click.argument("contest")
@click.option("--version", "versions", type=int, multiple=True, help="Only attempts that show this question version.")
@click.option("--look", "only_look", is_flag=True, help="Say what would change, and change nothing.")
def remark(contest: str, versions: tuple[int, ...], only_look: bool) -> None:
    """重新阅卷: bring every mark of CONTEST to what the rulings about its questions say.

    What was begun and not finished is finished first; then it looks, says what changes, and changes exactly that.
    """
    found = contest_or_exit(contest)
    try:
        if not only_look and (begun := job_under_way(found.id)):
            progress = remarking.apply(begun.id, found.id, actor_id=None, now=clock(), told=_shown)
            click.echo(
                f"Finished what was begun: {progress.done} of {progress.total} attempts of {contest} are marked."
            )
        job_id = remarking.preview(found.id, versions=versions, actor_id=None, now=clock())
        figures = db.session.get_one(Remarking, job_id).figures
        click.echo(
            f"Looked at {figures['looked_at']} attempts of {contest}: {figures['changed']} change, "
            f"{figures['up']} get more points and {figures['down']} fewer; "
            f"{len(figures['moves'])} entries move within the first {figures['top']}."
        )
        if only_look:
            return
        progress = remarking.apply(job_id, found.id, actor_id=None, now=clock(), told=_shown)
    except Refusal as refusal:
        refuse(refusal)
    click.echo(f"Marked {progress.done} of {progress.total} attempts of {contest} anew.")


def _shown(done: int, total: int) -> None:
    """How far it has come, for people at a terminal."""
    if sys.stderr.isatty():
        click.echo(f"\r{done} / {total}", nl=done == total, err=True)
