"""公示: judges prepare, look and sign off; everybody reads it as a page and as PDF."""

from io import BytesIO
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import Mistakes, NotFound, WrongState
from quiz.models import Announcement, Contest
from quiz.models.contests import ContestState
from quiz.queries import announcements as find
from quiz.queries.bank import names_of
from quiz.queries.contests import contest_by_slug
from quiz.rules.announcements import Content, paragraphs
from quiz.rules.permissions import Permission
from quiz.services import announcements as service
from quiz.web.access import allowed_everywhere, public, requires
from quiz.web.filters import full_moment
from quiz.web.forms.announcement import AnnouncementForm, form_from
from quiz.web.forms.contests import ReasonForm
from quiz.web.views.contests import visible_contest

bp = Blueprint("announcements", __name__)


@bp.app_context_processor
def ways_to_announcements() -> dict[str, Any]:
    """``has_announcement(contest)`` for the pages that lead to one."""
    return {"has_announcement": lambda contest: find.has_announcement(contest.id)}


# --- for everybody ---------------------------------------------------------------------------------------------------


@bp.get("/contests/<slug>/announcement")
@public
def show(slug: str) -> str:
    """What stands, or that it was withdrawn and why. It is shown from what was stored, and from nothing else."""
    contest = visible_contest(slug)
    last = find.last_announcement(contest.id)
    if last is None:
        raise NotFound
    return render_template(
        "announcements/show.html", contest=contest, announcement=last, **_about(last, contest), **_parts(last)
    )


@bp.get("/contests/<slug>/announcement.pdf")
@public
def pdf(slug: str) -> ResponseReturnValue:
    contest = visible_contest(slug)
    last = find.last_announcement(contest.id, with_pdf=True)
    if last is None or last.pdf is None:
        raise NotFound
    name = f"{last.words.heading}.pdf"
    return send_file(BytesIO(last.pdf), "application/pdf", as_attachment=True, download_name=name, max_age=0)


def _parts(announcement: Announcement) -> dict[str, Any]:
    return {} if announcement.is_withdrawal else paper(announcement.words)


def paper(words: Content) -> dict[str, Any]:
    """What ``announcements/_paper.html`` shows."""
    return {"words": words, "opening": paragraphs(words.opening), "closing": paragraphs(words.closing)}


def _about(announcement: Announcement, contest: Contest) -> dict[str, Any]:
    return {"signed_words": full_moment(announcement.signed_at, contest.terms.time_zone)}


# --- for judges ------------------------------------------------------------------------------------------------------


@bp.get("/console/contests/<slug>/announcement")
@requires(Permission.RESULTS_ANNOUNCE)
def edit(slug: str) -> str:
    """The form, started from the terms, and every version so far."""
    contest = _published(slug)
    host = current_app.extensions["settings"].site.host
    return _edit_page(contest, form_from(service.first_wish(contest, host=host, now=clock())))


@bp.post("/console/contests/<slug>/announcement/preview")
@requires(Permission.RESULTS_ANNOUNCE)
def preview(slug: str) -> ResponseReturnValue:
    """Exactly what would be signed."""
    contest, form = _published(slug), AnnouncementForm()
    if not form.validate_on_submit():
        return _edit_page(contest, form), 422
    try:
        content = service.draft(contest.id, form.wish(), now=clock())
    except WrongState:
        return _edit_page(contest, form, [NOT_YET]), 409
    except Mistakes as mistakes:
        form.add_complaints(mistakes.facts["fields"])
        return _edit_page(contest, form), 422
    return _preview_page(contest, form, content)


@bp.post("/console/contests/<slug>/announcement")
@requires(Permission.RESULTS_ANNOUNCE)
def sign(slug: str) -> ResponseReturnValue:
    """Sign off what was looked at; where it has changed since, it is shown again first."""
    contest, form = _published(slug), AnnouncementForm()
    if not form.validate_on_submit() or request.form.get("back"):
        return _edit_page(contest, form), 422 if form.errors else 200
    wish, now = form.wish(), clock()
    seen, reason = request.form.get("seen", ""), form.reason.data or ""
    try:
        service.sign(contest.id, wish, seen=seen, reason=reason, actor_id=current_user.id, now=now)
    except WrongState:
        return _edit_page(contest, form, [NOT_YET]), 409
    except service.Changed as changed:
        again = service.draft(contest.id, wish, now=now)
        return _preview_page(contest, form, again, changed.facts["problems"]), 409
    except Mistakes as mistakes:
        form.add_complaints(mistakes.facts["fields"])
        return _edit_page(contest, form), 422
    flash("已签发，公示页面和 PDF 现在谁都可以看。", "success")
    return redirect(url_for(".edit", slug=slug), 303)


@bp.post("/console/contests/<slug>/announcement/withdraw")
@requires(Permission.RESULTS_ANNOUNCE)
def withdraw(slug: str) -> ResponseReturnValue:
    contest, form = _published(slug), ReasonForm()
    try:
        service.withdraw(contest.id, reason=form.reason.data or "", actor_id=current_user.id, now=clock())
    except Mistakes as mistakes:
        flash(mistakes.facts["problems"][0], "error")
        return redirect(url_for(".edit", slug=slug), 303)
    flash("已撤回。公示页面现在写明撤回的时间和原因。", "success")
    return redirect(url_for(".edit", slug=slug), 303)


@bp.get("/console/contests/<slug>/announcement/<int:number>")
@requires(Permission.RESULTS_ANNOUNCE)
def version(slug: str, number: int) -> str:
    """An earlier version as it was signed; the public sees the last alone."""
    contest = _published(slug)
    found = find.announcement_numbered(contest.id, number)
    if found is None or found.is_withdrawal:
        raise NotFound
    return render_template(
        "announcements/version.html", contest=contest, announcement=found, **_about(found, contest), **_parts(found)
    )


NOT_YET = "竞赛结束以后才能公示。现在可以先把内容填好看看，结束后再来。"


def _published(slug: str) -> Contest:
    contest = contest_by_slug(slug)
    if contest is None or contest.state == ContestState.DRAFT:
        raise NotFound
    if not allowed_everywhere(Permission.RESULTS_ANNOUNCE):
        abort(403)
    return contest


def _edit_page(contest: Contest, form: AnnouncementForm, messages: list[str] | None = None) -> str:
    terms, now = contest.terms, clock()
    versions = find.announcements(contest.id)
    return render_template(
        "announcements/edit.html",
        contest=contest,
        form=form,
        messages=messages or [],
        shown=service.rows_shown(contest, terms),
        has_ended=contest.state_at(now) in (ContestState.CLOSED, ContestState.SEALED),
        versions=versions,
        names=names_of(version.signed_by for version in versions if version.signed_by),
        zone=terms.time_zone,
    )


def _preview_page(contest: Contest, form: AnnouncementForm, content: Content, messages: list[str] | None = None) -> str:
    return render_template(
        "announcements/preview.html",
        contest=contest,
        form=form,
        messages=messages or [],
        seen=content.sha256,
        is_first=find.last_announcement(contest.id) is None,
        **paper(content),
    )
