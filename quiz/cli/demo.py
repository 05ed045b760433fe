"""``flask demo``: a sample district to look at and try."""

import json
import os
import secrets
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from quiz.cli.common import PROBLEMS, Command, stop
from quiz.clock import clock
from quiz.config import Settings
from quiz.errors import Refusal
from quiz.queries.samples import has_samples
from quiz.services import demo as samples
from quiz.services.demo import Demo
from quiz.web.messages import sentence_of

_PASSWORD_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that are mistaken for another when typed off a screen
_PASSWORD_LENGTH = 10


@click.command("demo", cls=Command)
@with_appcontext
def demo() -> None:
    """Load the sample district, its people, bank and contests; again: nothing changes."""
    load_demo()


def load_demo() -> None:
    """Load what is not there yet and print the sample accounts."""
    settings: Settings = current_app.extensions["settings"]
    if settings.production:
        stop("The demo is not for production (ENV=production): its accounts are samples.", PROBLEMS)
    file = settings.instance_path / "demo.json"
    kept = _read(file)
    try:
        loaded = samples.load(kept, now=clock(), new_password=_new_password)
    except Refusal as refusal:
        stop(f"The demo cannot be loaded: {sentence_of(refusal)}", PROBLEMS)
    if loaded != kept:
        _write(file, loaded)
    _print(loaded, settings.public_url, file)


def refuse_samples() -> None:
    """With ENV=production nobody is served while sample accounts are about."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.production:
        return
    file = settings.instance_path / "demo.json"
    if file.exists():
        stop(f"{file} belongs to the demo, which is refused with ENV=production. Use an instance folder of its own.", 1)
    if has_samples():
        stop("The database holds sample accounts of the demo, refused with ENV=production. Use an empty database.", 1)


def _new_password() -> str:
    return "".join(secrets.choice(_PASSWORD_LETTERS) for _ in range(_PASSWORD_LENGTH))


def _read(file: Path) -> Demo | None:
    """What was written last time; a file that is gone or spoilt counts as none."""
    try:
        return Demo.from_json(json.loads(file.read_text()))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, loaded: Demo) -> None:
    """In one step, readable by the owner only."""
    draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(loaded.as_json(), out, ensure_ascii=False, indent=1)
        out.write("\n")
    os.replace(draft, file)


def _print(loaded: Demo, url: str, file: Path) -> None:
    click.echo(f"Sample district loaded: {url} (accounts below, kept in {file})")
    for account in loaded.accounts:
        click.echo(f"  {account.role:<15} {account.account:<21} {account.password}")
