"""``flask paper``: any paper can be drawn again."""

import json
import re

import click

from quiz.cli.common import PROBLEMS, WRONG_USE, Group, contest_or_exit, stop
from quiz.queries.contests import drawing_pool
from quiz.rules.drawing import PoolTooSmall, draw_paper
from quiz.rules.filling import shortages

group = Group("paper", help="Draw papers again.")


@group.command("draw")
@click.argument("slug", metavar="CONTEST")
@click.argument("seed")
def draw(slug: str, seed: str) -> None:
    """Print the paper that CONTEST and SEED (32 hex digits) give: versions and options in the order shown."""
    if not re.fullmatch(r"[0-9a-f]{32}", seed):
        stop("SEED 要是 32 位小写十六进制数字。", WRONG_USE)
    contest = contest_or_exit(slug)
    pool = drawing_pool(contest)
    try:
        paper = draw_paper(contest.terms, pool.versions, seed)
    except PoolTooSmall:
        stop("\n".join(shortages(contest.terms.plan, pool.versions)), PROBLEMS)
    click.echo(json.dumps([{"version": line.version, "options": list(line.options)} for line in paper]))
