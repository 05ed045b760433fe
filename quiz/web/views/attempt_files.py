"""答卷档案: one attempt on one page, two side by side, and what a judge rules about it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import Mistakes, NotFound
from quiz.models import Contest
from quiz.queries import attempt_files as find
from quiz.queries.attempt_files import AttemptFile
from quiz.queries.bank import names_of
from quiz.queries.rulings import attempt_within
from quiz.rules.appeals import Outcome
from quiz.rules.permissions import Permission
from quiz.rules.reports import LONGEST_NOTE
from quiz.rules.rulings import LONGEST_REASON
from quiz.services import attempts, rulings
from quiz.web.access import requires, scopes_of
from quiz.web.forms.typed import tidy
from quiz.web.presenting_files import file_page, shared_questions
from quiz.web.presenting_signals import in_words
from quiz.web.views.signals import OUTCOMES, bp, page_of, published, way_back, within


@bp.get("/console/contests/<slug>/attempts/<int:attempt_id>")
@requires(Permission.SIGNALS_REVIEW)
def file(slug: str, attempt_id: int) -> ResponseReturnValue:
    return _file_page(published(slug), attempt_id)


@bp.get("/console/contests/<slug>/attempts")
@requires(Permission.SIGNALS_REVIEW)
def find_file(slug: str) -> ResponseReturnValue:
    """By entry code: the file of that entry's last attempt, or, with ``of``, beside the one that is open."""
    contest, code = published(slug), tidy(request.args.get("code")).upper()
    found = find.attempts_of_code(contest.id, code, within())
    of = request.args.get("of", "")
    if not found:
        flash(f"没有找到参赛编号 {code[:20]} 的答卷，请核对。", "warning")
        return redirect(url_for(".file", slug=slug, attempt_id=of) if of.isdecimal() else url_for(".contests"), 303)
    if of.isdecimal():
        return redirect(url_for(".file", slug=slug, attempt_id=of, beside=found[-1].id), 303)
    return redirect(url_for(".file", slug=slug, attempt_id=found[-1].id), 303)


@bp.post("/console/contests/<slug>/attempts/<int:attempt_id>/set-aside")
@requires(Permission.RULINGS_MAKE)
def set_aside(slug: str, attempt_id: int) -> ResponseReturnValue:
    """作废: this attempt, or with ``whole`` the entry."""
    contest, reason = published(slug), tidy(request.form.get("reason"))
    whole = request.form.get("whole") == "1"
    try:
        rulings.set_aside(
            contest.id,
            attempt_id,
            reason=reason,
            whole_entry=whole,
            within=scopes_of(current_user, Permission.RULINGS_MAKE),
            actor_id=current_user.id,
            now=clock(),
        )
    except Mistakes as mistakes:
        problems = list(mistakes.facts["problems"])
        if request.form.get("back") == "file":
            return _file_page(contest, attempt_id, problems, reason), 422
        return page_of(contest, messages=problems, wrong=attempt_id, typed_reason=reason), 422
    flash(("这个参赛资格" if whole else "这份答卷") + "已作废，排行榜已经跟着变。", "success")
    return redirect(way_back(slug, attempt_id), 303)


@bp.post("/console/contests/<slug>/attempts/<int:attempt_id>/rulings/<int:ruling_id>/undo")
@requires(Permission.RULINGS_MAKE)
def restore(slug: str, attempt_id: int, ruling_id: int) -> ResponseReturnValue:
    """恢复: by a ruling of its own."""
    contest, reason = published(slug), tidy(request.form.get("reason"))
    try:
        rulings.restore(
            contest.id,
            ruling_id,
            reason=reason,
            within=scopes_of(current_user, Permission.RULINGS_MAKE),
            actor_id=current_user.id,
            now=clock(),
        )
    except Mistakes as mistakes:
        return _file_page(contest, attempt_id, list(mistakes.facts["problems"]), reason), 422
    flash("已恢复，排行榜已经跟着变。", "success")
    return redirect(url_for(".file", slug=slug, attempt_id=attempt_id), 303)


def _file_page(contest: Contest, attempt_id: int, messages: list[str] | None = None, typed: str = "") -> str:
    shown = _read(contest, attempt_id)
    beside = request.args.get("beside", "")
    other = _read(contest, int(beside)) if beside.isdecimal() and len(beside) < 16 else None
    files = [_page(each, contest.slug) for each in (shown, other) if each]
    return render_template(
        "signals/file.html",
        contest=contest,
        files=files,
        shared=shared_questions(*files) if len(files) == 2 else [],
        others=find.other_attempts(shown.attempt),
        outcomes=OUTCOMES,
        appeal_outcome=lambda outcome: Outcome(outcome).label,
        names=names_of(
            {each or 0 for page in files for each in [*page["made_by"], page["note"] and page["note"].noted_by]}
        ),
        longest=LONGEST_NOTE,
        longest_reason=LONGEST_REASON,
        messages=messages or [],
        typed=typed,
    )


def _read(contest: Contest, attempt_id: int) -> AttemptFile:
    """The file as it stands once the attempt is handed in, if it is overdue."""
    found = find.attempt_file(contest.id, attempt_id, within())
    if found is None:
        raise NotFound
    if found.attempt.ended_at is None:
        attempts.end_if_overdue(found.attempt, now=clock())
        found = find.attempt_file(contest.id, attempt_id, within())
        assert found
    return found


def _page(file: AttemptFile, slug: str) -> dict[str, Any]:
    return {
        **file_page(file, slug=slug, name=_name(file)),
        "signals": [in_words(signal) for signal in file.signals],
        "made_by": [ruling.made_by for ruling in file.rulings],
    }


def _name(file: AttemptFile) -> str:
    """In full for those who may have the results with names, within their scope."""
    entry = file.attempt.entry
    may_see = scopes_of(current_user, Permission.STANDINGS_EXPORT)
    if entry.person is None or attempt_within(file.contest_id, file.attempt.id, may_see) is None:
        return entry.masked_name
    return entry.person.name
