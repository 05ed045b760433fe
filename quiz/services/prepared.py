"""Results of large contests: made by a process of their own while the page can be left and come back to.

The files hold full names and phones: they lie in the instance folder, readable by the owner only, for an hour at most.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from flask import current_app
from sqlalchemy import update

from question_bank.database import transaction
from quiz.config import Settings
from quiz.models import PreparedFile
from quiz.queries import prepared as find
from quiz.queries.contests import contest_for_change
from quiz.services import audit
from quiz.services.exports import Form, write_results

KEPT = timedelta(hours=1)
SILENT = timedelta(minutes=2)
"""A process that told nothing for so long is no longer there."""
LEAST_SECONDS = 0.35
ROOT = Path(__file__).resolve().parent.parent.parent


def ask(contest_id: int, form: Form, by: str, *, token: str, actor_id: int, now: datetime) -> tuple[PreparedFile, bool]:
    """A file that is to be made, and whether it is a new one: the same that is under way serves everybody who asks."""
    clear_old(now=now)
    with transaction() as session:
        contest_for_change(contest_id)
        for other in find.prepared_files(contest_id):
            if (other.form, other.by) == (form.value, by) and is_running(other, now):
                return other, False
        audit.record(
            "results.export", f"contest:{contest_id}", actor_id=actor_id, now=now, contest_id=contest_id,
            form=form.value,
        )  # fmt: skip
        asked = PreparedFile(
            token=token, contest_id=contest_id, form=form.value, by=by, asked_by=actor_id, asked_at=now, told_at=now
        )
        session.add(asked)
    return asked, True


def start(token: str, settings: Settings) -> subprocess.Popen[bytes]:
    """Make the file in a process of its own, which outlives the request and takes nothing from the server's threads."""
    environ = {key: value for key, value in os.environ.items() if key != "QUIZ_SERVER_PID"}  # it would end with that
    environ |= {
        "DATABASE_URL": settings.database_url.render_as_string(hide_password=False),
        "INSTANCE_PATH": str(settings.instance_path),
        "SECRET_KEY": settings.secret_key,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi:app", "results", "prepare", token],
        cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def make(token: str, *, clock: Callable[[], datetime]) -> None:
    """Make the file that was asked for; whatever goes wrong, its row says that it has ended."""
    asked = find.prepared_file(token)
    if asked is None or asked.ended_at is not None:
        return
    path, size = path_of(token), None
    unfinished = path.with_suffix(".part")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            write_results(asked.contest_id, file, Form(asked.form), now=clock(), by=asked.by, told=_Told(token, clock))
        size = unfinished.stat().st_size
        unfinished.replace(path)
    finally:
        _note(token, ended_at=clock(), size=size)
        with suppress(OSError):
            unfinished.unlink()


class _Told:
    """Notes how far it has come, three times a second at most.

    The rows are read in one long snapshot, so each note is written in a context, and a session, of its own.
    """

    def __init__(self, token: str, clock: Callable[[], datetime]) -> None:
        self._token, self._clock, self._last = token, clock, float("-inf")

    def __call__(self, stage: str, done: int, total: int) -> None:
        if monotonic() - self._last < LEAST_SECONDS:
            return
        self._last = monotonic()
        with current_app._get_current_object().app_context():  # type: ignore[attr-defined]  # the app behind the proxy
            _note(self._token, stage=stage, done=done, total=total, told_at=self._clock())


def _note(token: str, **values: object) -> None:
    with transaction() as session:
        session.execute(update(PreparedFile).where(PreparedFile.token == token).values(**values))


def is_running(asked: PreparedFile, now: datetime) -> bool:
    return asked.ended_at is None and now - asked.told_at < SILENT


def path_of(token: str) -> Path:
    return Path(current_app.instance_path) / "results" / token


def clear_old(*, now: datetime) -> None:
    """Rows and files of more than an hour ago go, and files that no row knows."""
    if find.asked_before(now - KEPT):
        with transaction() as session:
            for old in find.asked_before(now - KEPT):
                session.delete(old)
    folder = path_of("")
    known = find.known_tokens() if folder.is_dir() else set()
    for path in folder.glob("*"):
        if path.stem not in known:
            path.unlink(missing_ok=True)
