"""``flask results seal`` and ``verify``: a result frozen for everybody, and recomputed by anybody."""

from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from quiz.cli.common import PROBLEMS, WRONG_USE, Group, bar, contest_or_exit, stop
from quiz.cli.contest import refuse
from quiz.clock import clock
from quiz.errors import NotFound, Refusal
from quiz.rules.bundle_check import Misfit
from quiz.rules.bundle_file import Unreadable, Verified
from quiz.rules.prizes import check_draw
from quiz.services import seals
from quiz.services.verifying import draw_in, verify_file

NO_REASON = "结果有更正，用命令再次封存，未另写原因"
"""Published with a later seal where nobody wrote more: what is different stands beside it, so no script stops."""


@click.command("seal")
@click.argument("contest")
@click.option("--bundle", type=click.Path(path_type=Path), help="Write the public bundle to this file too.")
@click.option("--reason", default=NO_REASON, show_default=True, help="Why it is sealed again; published.")
@with_appcontext
def seal(contest: str, bundle: Path | None, reason: str) -> None:
    """封存 the result of CONTEST, which must be over. Where nothing has changed since, the last seal stands."""
    found = contest_or_exit(contest)
    try:
        with bar(Path(contest), as_json=False) as progress:
            sealed = seals.seal(found.id, actor_id=None, now=clock(), reason=reason, progress=progress)
    except NotFound:
        stop(f"{contest} is still a draft and has no results.", WRONG_USE)
    except Refusal as refusal:
        refuse(refusal)
    if bundle:
        try:
            with bundle.open("wb") as stream:
                stream.writelines(seals.bundle_as_json(sealed))
        except OSError as error:
            stop(f"Sealed; but {bundle} cannot be written ({error.strerror}).", WRONG_USE)
    click.echo(f"Seal {sealed.number} of {contest}: {sealed.counts['entry']} entries, SHA-256 {sealed.digest}")


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--digest", help="The published SHA-256. Without it the file is held against itself only.")
def verify(file: Path, digest: str | None) -> None:
    """Recompute a sealed result (bundle or workbook) or a prize draw; 1 and the first thing that does not fit."""
    try:
        if draw := draw_in(file):
            _verify_draw(file, draw)
            return
        found = verify_file(file, digest)
    except Misfit as misfit:
        stop(f"{file.name}：{misfit.where}：{misfit.why}。", PROBLEMS)
    except Unreadable as error:
        stop(f"{file.name}：{error}", WRONG_USE)
    except OSError as error:
        stop(f"{file} cannot be read ({error.strerror}).", WRONG_USE)
    click.echo(_said(file, found))


def _verify_draw(file: Path, value: Any) -> None:
    if found := check_draw(value):
        stop(f"{file} does not fit: {found}.", PROBLEMS)
    entries = sum(line.startswith("entry|") for line in value["list"] or ())
    winners = sum(len(tier["winners"]) for tier in value["tiers"])
    click.echo(f"{file} fits: {entries} entries listed, {winners} winners as the list, the seed and the number say.")


def _said(file: Path, found: Verified) -> str:
    counts = found.counts
    held = (
        "和公布的校验码一致"
        if found.is_the_published
        else ("文件自身没有矛盾；是不是公布的那一份，请用 --digest 和公布的校验码对照")
    )
    return (
        f"{file.name}：{counts['entry']} 个参赛编号、{counts['ladder']} 行单位街道榜重新算过，全部对得上；{held}。"
        f"第 {found.head['seal']} 次封存，SHA-256 {found.digest}"
    )


def add_to(group: Group) -> None:
    group.add_command(seal)
    group.add_command(verify)
