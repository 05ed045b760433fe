"""``flask paper``: any paper can be drawn again."""

import json
import re

import click
from flask.cli import AppGroup

from quiz.cli.contest import fail, known_contest
from quiz.queries.contests import drawing_pool
from quiz.rules.drawing import PoolTooSmall, draw_paper
from quiz.rules.filling import shortages

group = AppGroup("paper", help="Draw papers again.")


@group.command("draw")
@click.argument("slug", metavar="CONTEST")
@click.argument("seed")
def draw(slug: str, seed: str) -> None:
    """Print the paper that CONTEST and SEED (32 hex digits) give: versions and options in the order shown."""
    if not re.fullmatch(r"[0-9a-f]{32}", seed):
        fail("SEED 要是 32 位小写十六进制数字。", 2)
    contest = known_contest(slug)
    pool = drawing_pool(contest)
    try:
        paper = draw_paper(contest.terms, pool.versions, seed)
    except PoolTooSmall:
        fail("\n".join(shortages(contest.terms.plan, pool.versions)), 1)
    click.echo(json.dumps([{"version": line.version, "options": list(line.options)} for line in paper]))
