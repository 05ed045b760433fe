"""``flask bank …``: check question files, take them into a bank, write a bank out."""

import json
import sys
from pathlib import Path
from typing import Any

import click
from flask import current_app

from question_bank import queries, service
from question_bank.check import Choices, Report, check_safely
from question_bank.database import transaction
from question_bank.differences import differs_only_in
from question_bank.exporting import Format, exported, format_of
from question_bank.kinds import QuestionKind
from question_bank.likeness import alike
from question_bank.reading.safety import MOST_BYTES
from question_bank.writing import blank_workbook
from quiz.cli.common import Group, bar
from quiz.services import audit

HAS_PROBLEMS, NOT_DONE = 1, 2
PROBLEMS_SHOWN = 20

group = Group("bank", help="Check, import and export question banks.")

_file = click.Path(path_type=Path)
_include_hidden = click.option("--include-hidden", is_flag=True, help="Read hidden sheets and rows too.")


@group.command("check", with_appcontext=False)
@click.argument("files", nargs=-1, required=True, type=_file)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each file.")
@click.option("--questions", is_flag=True, help="Each question after its file, as JSON.")
@click.option("--similar", is_flag=True, help="Also which questions of a file are nearly the same.")
@_include_hidden
def check(files: tuple[Path, ...], as_json: bool, questions: bool, similar: bool, include_hidden: bool) -> None:
    """Read question FILES and say what they hold. Changes nothing, needs no database."""
    code, choices = 0, Choices(include_hidden=include_hidden)
    for path in files:
        with bar(path, as_json) as progress:
            report = check_safely(_bytes_of(path), path.name, choices, progress=progress) if path.is_file() else None
        if report is None:
            click.echo(f"{path}: 没有这个文件。", err=True)
            code = NOT_DONE
            continue
        found = similar_in(report) if similar else []
        _say(report, as_json, **({"similar": found} if similar else {}))
        if similar and not as_json:
            _say_similar(report, found)
        if questions:
            for question in report.questions:
                click.echo(json.dumps(question.as_json(), ensure_ascii=False))
        code = max(code, _code_of(report))
    sys.exit(code)


@group.command("import")
@click.argument("file", type=_file)
@click.option("--bank", "name", required=True, help="The bank's name; it is made if absent.")
@click.option("--skip-problems", is_flag=True, help="Take the sound rows and leave the others.")
@click.option("--rest", type=_file, help="Where to write what was left, as a workbook to mend.")
@click.option("--json", "as_json", is_flag=True)
@_include_hidden
def import_(file: Path, name: str, skip_problems: bool, rest: Path | None, as_json: bool, include_hidden: bool) -> None:
    """Check FILE, then take its questions into a bank, in one transaction."""
    _require_file(file)
    data, now, choices = _bytes_of(file), current_app.extensions["clock"](), Choices(include_hidden=include_hidden)
    with bar(file, as_json) as progress:
        reading = service.reading_of(data, file.name, choices, skip_problems=skip_problems, progress=progress)
    try:
        with transaction():
            taken, report = service.import_file(
                data, file.name, name,
                skip_problems=skip_problems, author="flask bank import", now=now, choices=choices, reading=reading,
            )  # fmt: skip
            audit.record(
                "bank.import", f"bank:{taken.batch.bank_id}", actor_id=None, now=now,
                batch=taken.batch.id, taken=taken.taken, left=taken.left, already=taken.already,
            )  # fmt: skip
    except service.Unreadable:
        _say(reading.report, as_json)
        sys.exit(_code_of(reading.report))
    except service.HasProblems as refusal:
        _say(refusal.report, as_json, taken=0, left=len(refusal.report.problems), already=0)
        click.echo("有问题，没有导入。改好后再来，或加 --skip-problems 只收没有问题的题目。", err=True)
        sys.exit(HAS_PROBLEMS)
    except service.BadName as refusal:
        click.echo(refusal.message, err=True)
        sys.exit(NOT_DONE)
    if rest and taken.batch.data:
        _write(rest, taken.batch.data)
    if as_json:
        _say(report, True, bank=taken.bank_name, taken=taken.taken, left=taken.left, already=taken.already)
    else:
        click.echo(
            f"“{taken.bank_name}”收下 {taken.taken} 道题；题库里已有 {taken.already} 道，"
            f"文件内重复 {taken.duplicates} 道，有问题没收 {taken.left} 处。"
        )


@group.command("export")
@click.argument("name")
@click.argument("file", type=_file)
@click.option("--format", "form", type=click.Choice([form.value for form in Format]), help="Whatever FILE ends in.")
def export(name: str, file: Path, form: str | None) -> None:
    """Write the current versions of bank NAME to FILE: a workbook (.xlsx), GIFT (.gift, .txt) or QTI 2.1 (.zip)."""
    found = queries.bank_named(name)
    if found is None:
        click.echo(f"没有名为“{name}”的题库。", err=True)
        sys.exit(NOT_DONE)
    wanted = Format(form) if form else format_of(file.name) or Format.WORKBOOK
    versions, tagged = queries.live_versions(found.id), queries.tags_of_each(found.id)
    contents, tags = [each.content for each in versions], [tagged.get(each.question_id, []) for each in versions]
    with bar(file, False, "正在写出，再读一遍核对") as progress:
        written = exported(contents, wanted, queries.pictures_of(contents), tags, progress=progress)
    _write(file, written.data)
    click.echo(f"“{name}”的 {len(contents)} 道题已写入 {file}。")
    for sentence in written.lost:
        click.echo(f"{file}: {sentence}", err=True)


@group.command("blank", with_appcontext=False)
@click.argument("file", type=_file)
def blank(file: Path) -> None:
    """Write the blank workbook to FILE."""
    _write(file, blank_workbook())
    click.echo(f"空白导入模板已写入 {file}。")


def _say(report: Report, as_json: bool, **more: object) -> None:
    if as_json:
        click.echo(json.dumps({**report.as_json(), **more}, ensure_ascii=False))
        return
    if report.readable:
        counts = "、".join(f"{QuestionKind(kind).label} {count}" for kind, count in report.counts.items() if count)
        click.echo(
            f"{report.file}: {report.total} 道题可收（{counts or '无'}），"
            f"问题 {len(report.problems)} 处，提醒 {len(report.warnings)} 处，重复 {report.duplicates} 道。"
        )
    for problem in report.problems[:PROBLEMS_SHOWN]:
        place = "".join([f"{problem.sheet} " if problem.sheet else "", f"第 {problem.row} 行 " if problem.row else ""])
        click.echo(
            f"{report.file}: {place}{problem.column + '：' if problem.column else ''}{problem.message}", err=True
        )
    if len(report.problems) > PROBLEMS_SHOWN:
        click.echo(f"{report.file}: 另有 {len(report.problems) - PROBLEMS_SHOWN} 处问题，加 --json 看全部。", err=True)


def similar_in(report: Report) -> list[dict[str, Any]]:
    """Pairs of questions of a file that are nearly the same, the most alike first."""
    questions = report.questions
    pairs = alike([question.content for question in questions], contradictions_too=False).pairs
    return [
        {
            "sheet": questions[pair.one].sheet,
            "row": questions[pair.one].row,
            "with": {"sheet": questions[pair.other].sheet, "row": questions[pair.other].row},
            "percent": int(pair.similarity * 100),
            "differs_in": differs_only_in(questions[pair.other].content, questions[pair.one].content),
        }
        for pair in pairs
    ]


def _say_similar(report: Report, found: list[dict[str, Any]]) -> None:
    click.echo(f"{report.file}: 相近的题 {len(found)} 对。")
    notes = {"number": "，只差数字", "turn": "，只差肯定、否定或大小的词", "both": "，只差数字和肯定、否定的词"}
    for pair in found[:PROBLEMS_SHOWN]:
        places = [" ".join(filter(None, [at["sheet"], f"第 {at['row']} 行"])) for at in (pair["with"], pair)]
        click.echo(
            f"{report.file}: {' 与 '.join(places)}（{pair['percent']} % 相同{notes.get(pair['differs_in'], '')}）"
        )
    if len(found) > PROBLEMS_SHOWN:
        click.echo(f"{report.file}: 另有 {len(found) - PROBLEMS_SHOWN} 对，加 --json 看全部。")


def _code_of(report: Report) -> int:
    return (HAS_PROBLEMS if report.problems else 0) if report.readable else NOT_DONE


def _bytes_of(path: Path) -> bytes:
    """No more than it takes to see that a file is too large."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _require_file(path: Path) -> None:
    if not path.is_file():
        click.echo(f"{path}: 没有这个文件。", err=True)
        sys.exit(NOT_DONE)


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        click.echo(f"{path}: 写不进去（{error.strerror}）。", err=True)
        sys.exit(NOT_DONE)
