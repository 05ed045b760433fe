"""``flask contest``: create from JSON, publish, pause, resume, show."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

import click
from flask.cli import AppGroup

from quiz.clock import clock
from quiz.errors import Mistakes, PlanNotFilled, Refusal
from quiz.models import Contest
from quiz.queries.contests import contest_by_slug
from quiz.services import contests
from quiz.web.messages import sentence_of

group = AppGroup("contest", help="Create, publish, pause and show contests.")


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
def publish(slug: str, reason: str) -> None:
    """Fix the questions a draft draws from, and open it to everybody."""
    _act(slug, contests.publish, reason, "已发布")


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
    click.echo(json.dumps(contests.contest_as_json(known_contest(slug), clock()), ensure_ascii=False, indent=1))


def known_contest(slug: str) -> Contest:
    """The contest, or exit 2."""
    contest = contest_by_slug(slug)
    if contest is None:
        fail(f"没有名为 {slug} 的竞赛。", 2)
    return contest


def read_json(file: Path) -> Any:
    """What the file says, with numbers as they are written; exit 2 when it cannot be read."""
    try:
        return json.loads(file.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as error:
        fail(f"{file}：读不了这个文件（{error.strerror}）。", 2)
    except (ValueError, RecursionError):
        fail(f"{file}：不是可用的 JSON 文件。", 2)


def refuse(refusal: Refusal) -> NoReturn:
    """Every sentence on a line of its own, then exit 1."""
    if isinstance(refusal, Mistakes):
        fail("\n".join(map(str, refusal.facts["problems"])), 1)
    if isinstance(refusal, PlanNotFilled):
        fail("\n".join(map(str, refusal.facts["lines"])), 1)
    fail(sentence_of(refusal), 1)


def fail(message: str, code: int) -> NoReturn:
    click.echo(message, err=True)
    raise click.exceptions.Exit(code)


def _act(slug: str, act: Any, reason: str, said: str) -> None:
    contest = known_contest(slug)
    try:
        act(contest.id, actor_id=None, now=clock(), reason=reason)
    except Refusal as refusal:
        refuse(refusal)
    click.echo(f"{slug}：{said}。")
