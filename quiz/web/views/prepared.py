"""Results of large contests: ask for a file, leave, come back and take it."""

import secrets
from datetime import datetime
from typing import Any

from flask import abort, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import NotFound
from quiz.models import Contest, PreparedFile
from quiz.queries import prepared as find
from quiz.rules.permissions import Permission
from quiz.services import prepared
from quiz.services.export_tables import LADDERS
from quiz.services.exports import Form
from quiz.web.access import allowed_everywhere, requires
from quiz.web.errors import answer
from quiz.web.filters import full_moment
from quiz.web.views.exports import LADDER_NAMES, bp, named, published

OFFERED = [
    (Form.WORKBOOK, "person", "成绩工作簿"),
    *((Form.CSV, by, f"{LADDER_NAMES[by]} CSV") for by in LADDERS),
    (Form.JSON, "person", "全部 JSON"),
]


@bp.get("/console/results/<slug>/files")
@requires(Permission.STANDINGS_EXPORT)
def files(slug: str) -> str:
    """What was asked for in the last hour, how far it has come, and what else can be had."""
    contest, now = _contest(slug), clock()
    prepared.clear_old(now=now)
    asked = [_in_words(each, contest, now) for each in find.prepared_files(contest.id)]
    return render_template(
        "exports/files.html",
        contest=contest,
        files=asked,
        is_waiting=any(each["state"] == "running" for each in asked),
        offered=[{"form": form.value, "by": by, "label": label} for form, by, label in OFFERED],
    )


@bp.post("/console/results/<slug>/files")
@requires(Permission.STANDINGS_EXPORT)
def ask(slug: str) -> ResponseReturnValue:
    contest = _contest(slug)
    form, by = request.form.get("form", ""), request.form.get("by", "")
    if not any((form, by) == (each.value, ladder) for each, ladder, _label in OFFERED):
        return answer(422, "bad_query", "没有这样的文件。请返回重新选一个。")
    token = secrets.token_hex(16)
    asked, is_new = prepared.ask(contest.id, Form(form), by, token=token, actor_id=current_user.id, now=clock())
    if is_new:
        prepared.start(asked.token, current_app.extensions["settings"])
    return redirect(url_for(".files", slug=slug), 303)


@bp.get("/console/results/<slug>/files/<token>")
@requires(Permission.STANDINGS_EXPORT)
def take(slug: str, token: str) -> ResponseReturnValue:
    """The file itself."""
    contest, now = _contest(slug), clock()
    prepared.clear_old(now=now)
    asked = find.prepared_file(token)
    if asked is None or asked.contest_id != contest.id or asked.size is None:
        raise NotFound
    path = prepared.path_of(token)
    if not path.is_file():
        return answer(410, "gone", "这份文件不在这台服务器上了。请返回，重新生成一份。")
    form = Form(asked.form)
    what = f"{LADDER_NAMES[asked.by]}成绩" if form is Form.CSV else "成绩"
    return named(send_file(path, mimetype=form.media_type, max_age=0), form, contest, what, f"results-{asked.by}")


def _contest(slug: str) -> Contest:
    if not allowed_everywhere(Permission.STANDINGS_EXPORT):
        abort(403)
    return published(slug)


def _in_words(asked: PreparedFile, contest: Contest, now: datetime) -> dict[str, Any]:
    label = next(label for form, by, label in OFFERED if (form.value, by) == (asked.form, asked.by))
    state = "ready" if asked.size is not None else "running" if prepared.is_running(asked, now) else "failed"
    return {
        "label": label,
        "state": state,
        "asked_words": full_moment(asked.asked_at, contest.terms.time_zone),
        "stage": asked.stage,
        "done": asked.done,
        "total": asked.total,
        "megabytes": f"{(asked.size or 0) / 1e6:.1f}",
        "url": url_for(".take", slug=contest.slug, token=asked.token),
    }
