"""``flask people``: the register of streets and units, and the end of personal data."""

from pathlib import Path

import click

from question_bank.reading.drafts import Unreadable
from quiz.cli.common import PROBLEMS, WRONG_USE, Group, stop
from quiz.clock import clock
from quiz.errors import Mistakes
from quiz.services import forgetting, people, prepared
from quiz.services.register_workbook import require_small

group = Group("people", help="Streets, units, and people's data.")


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Take streets, communities, units and headcounts from a workbook; again: nothing changes."""
    if not file.is_file():
        stop(f"{file}：没有这个文件。", WRONG_USE)
    try:
        require_small(file.stat().st_size)
        summary = people.import_people(file.read_bytes(), actor=None, now=clock())
    except OSError as error:
        stop(f"{file}：读不了这个文件（{error.strerror}）。", WRONG_USE)
    except Unreadable as unreadable:
        stop(f"{file}：{unreadable.message}", WRONG_USE)
    except Mistakes as mistakes:
        for problem in mistakes.facts["problems"]:
            click.echo(problem, err=True)
        stop(f"{file}：有 {len(mistakes.facts['problems'])} 处要改，什么都没有导入。", PROBLEMS)
    for name in summary.unread:
        click.echo(f"没有读取工作表“{name}”。", err=True)
    said = "；".join(
        f"{sheet}：新增 {summary.added(sheet)}，更新 {summary.changed(sheet)}，不变 {summary.same(sheet)}"
        for sheet in summary.rows
    )
    click.echo(f"{said}。")


@group.command("forget-due")
def forget_due() -> None:
    """Delete the personal data of contests whose date for it has come."""
    prepared.clear_old(now=clock())
    forgotten = forgetting.forget_due(now=clock())
    click.echo(f"Deleted {forgotten.persons} persons; {forgotten.contests} contests were due.")
