"""补时: give it, see what was given, take it back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import Refusal
from quiz.models import Contest
from quiz.queries import extra_time as find
from quiz.queries.bank import names_of
from quiz.rules.permissions import Permission
from quiz.services import attempts
from quiz.services import extra_time as service
from quiz.web.access import requires
from quiz.web.forms.contests import ReasonForm
from quiz.web.forms.extra_time import ALL, ExtraTimeForm
from quiz.web.views.setup import bp, published, sentences


@bp.get("/contests/<slug>/extra-time")
@requires(Permission.CONTEST_SET_UP)
def extra_time(slug: str) -> ResponseReturnValue:
    contest = published(slug)
    attempts.submit_expired(contest.id, now=clock())
    return _page(contest, ExtraTimeForm(formdata=None))


@bp.post("/contests/<slug>/extra-time")
@requires(Permission.CONTEST_SET_UP)
def give_extra_time(slug: str) -> ResponseReturnValue:
    contest, form = published(slug), ExtraTimeForm()
    if not form.validate_on_submit():
        return _page(contest, form), 422
    try:
        given = service.give(
            contest.id,
            minutes=int(form.minutes.data),
            reason=form.reason.data,
            whom=None if form.whom.data == ALL else form.name.data,
            seen=form.seen_id,
            actor_id=current_user.id,
            now=clock(),
        )
    except Refusal as refusal:
        return _page(contest, form, sentences(refusal)), 422
    flash(f"已给 {given.attempts} 份正在答的答卷补时 {form.minutes.data} 分钟。", "success")
    return redirect(url_for(".extra_time", slug=slug), 303)


@bp.route("/contests/<slug>/extra-time/<int:ruling_id>/undo", methods=["POST"])
@requires(Permission.CONTEST_SET_UP)
def undo_extra_time(slug: str, ruling_id: int) -> ResponseReturnValue:
    contest, form = published(slug), ReasonForm()
    reason = form.reason.data or ""
    try:
        taken = service.undo(ruling_id, contest.id, reason=reason, actor_id=current_user.id, now=clock())
    except Refusal as refusal:
        return _page(contest, ExtraTimeForm(formdata=None), sentences(refusal)), 422
    flash(f"已撤销，{taken.attempts} 份答卷的截止时间改回来了。", "success")
    return redirect(url_for(".extra_time", slug=slug), 303)


def _page(contest: Contest, form: ExtraTimeForm, messages: list[str] | None = None) -> str:
    running, count = find.running(contest.id)
    given = find.extra_times(contest.id)
    form.seen.data = str(find.last_ruling_id(contest.id))
    form.seen.raw_data = None
    return render_template(
        "setup/extra_time.html",
        contest=contest,
        zone=contest.terms.time_zone,
        form=form,
        messages=messages or [],
        running=running,
        count=count,
        given=given,
        entries=find.codes_of(ruling.entry_id for ruling, _undone in given),
        names=names_of({ruling.made_by or 0 for ruling, _undone in given}),
    )
