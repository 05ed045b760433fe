"""``flask contest``: create from JSON, publish, pause, resume, show."""

import json
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Never

import click

from quiz.cli.common import PROBLEMS, WRONG_USE, Group, contest_or_exit, stop
from quiz.clock import clock
from quiz.errors import Mistakes, PlanNotFilled, Refusal
from quiz.queries.publishing import pool_notes
from quiz.services import contests
from quiz.web.messages import sentence_of

group = Group("contest", help="Create, publish, pause and show contests.")


@group.command("create")
@click.argument("file", type=click.Path(path_type=Path))
def create(file: Path) -> None:
    """Make a draft from the JSON in FILE and print its slug."""
    value = read_json(file)
    try:
        contest = contests.create_contest(value, actor_id=None, now=clock())
    except Refusal as refusal:
        refuse(refusal)
    click.echo(contest.slug)


@group.command("publish")
@click.argument("slug", metavar="CONTEST")
@click.option("--reason", default="", help="Goes on record.")
@click.option("--leave-out-expiring", is_flag=True, help="Without questions that expire before the contest is over.")
def publish(slug: str, reason: str, leave_out_expiring: bool) -> None:
    """Fix the questions a draft draws from, and open it to everybody; what to know about them goes to stderr."""
    contest = contest_or_exit(slug)
    notes = pool_notes(contest, leave_out_expiring=leave_out_expiring)
    _act(slug, partial(contests.publish, leave_out_expiring=leave_out_expiring), reason, "已发布")
    for sentence in notes.sentences:
        click.echo(sentence, err=True)
    if leave_out_expiring and notes.expiring:
        click.echo(f"上面 {len(notes.expiring)} 道过期的题没有放进抽题范围。", err=True)


@group.command("pause")
@click.argument("slug", metavar="CONTEST")
@click.option("--reason", default="", help="Goes on record and onto the contest page.")
def pause(slug: str, reason: str) -> None:
    """Let nobody start any more; who has started goes on."""
    _act(slug, contests.pause, reason, "已暂停")


@group.command("resume")
@click.argument("slug", metavar="CONTEST")
@click.option("--reason", default="", help="Goes on record and onto the contest page.")
def resume(slug: str, reason: str) -> None:
    """Let people start again."""
    _act(slug, contests.resume, reason, "已恢复")


@group.command("show")
@click.argument("slug", metavar="CONTEST")
def show(slug: str) -> None:
    """Print the contest as JSON."""
    click.echo(json.dumps(contests.contest_as_json(contest_or_exit(slug), clock()), ensure_ascii=False, indent=1))


def read_json(file: Path) -> Any:
    """What the file says, with numbers as they are written; exit 2 when it cannot be read."""
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        stop(f"{file}：读不了这个文件（{error.strerror}）。", WRONG_USE)
    except (ValueError, RecursionError):
        stop(f"{file}：不是可用的 JSON 文件。", WRONG_USE)


def refuse(refusal: Refusal) -> Never:
    """Every sentence on a line of its own, then exit 1."""
    if isinstance(refusal, Mistakes):
        stop("\n".join(map(str, refusal.facts["problems"])), PROBLEMS)
    if isinstance(refusal, PlanNotFilled):
        stop("\n".join(map(str, refusal.facts["lines"])), PROBLEMS)
    stop(sentence_of(refusal), PROBLEMS)


def _act(slug: str, act: Any, reason: str, said: str) -> None:
    contest = contest_or_exit(slug)
    try:
        act(contest.id, actor_id=None, now=clock(), reason=reason)
    except Refusal as refusal:
        refuse(refusal)
    click.echo(f"{slug}：{said}。")
