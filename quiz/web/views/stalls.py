"""摊位 in the console: open one, see how many answered there, close it."""

import secrets
from datetime import datetime, timedelta

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import Mistakes
from quiz.models import Contest, Stall
from quiz.queries import stalls as find
from quiz.queries.bank import names_of
from quiz.rules.permissions import Permission
from quiz.services import stalls as service
from quiz.web.access import allowed, requires, scopes_of
from quiz.web.forms.stalls import StallForm
from quiz.web.forms.typed import local
from quiz.web.qr_codes import qr_code
from quiz.web.views.setup import bp, in_zone, published

A_DAY = timedelta(hours=8)


@bp.get("/contests/<slug>/stalls")
@requires(Permission.STALL_OPEN)
def stalls(slug: str) -> ResponseReturnValue:
    contest = published(slug)
    until = min(clock() + A_DAY, contest.closes_at).replace(second=0, microsecond=0)
    return _page(contest, StallForm(formdata=None, data={"until": local(until, contest.terms)}))


@bp.post("/contests/<slug>/stalls")
@requires(Permission.STALL_OPEN)
def open_stall(slug: str) -> ResponseReturnValue:
    """The link is shown in the answer itself, this once: only its digest is kept."""
    contest, form, now = published(slug), StallForm(), clock()
    if not form.validate_on_submit():
        return _page(contest, form), 422
    token = secrets.token_urlsafe(24)
    try:
        stall = service.open_stall(
            contest.id,
            name=form.name.data,
            until=in_zone(form.until.data, contest.terms.zone),
            token=token,
            actor_id=current_user.id,
            now=now,
        )
    except Mistakes as refusal:
        for name, complaint in refusal.facts["fields"].items():
            form[name].errors = [complaint]
        return _page(contest, form), 422
    link = current_app.extensions["settings"].public_url + url_for("stall.link", token=token)
    return render_template("setup/stall_link.html", contest=contest, opened=stall, link=link, code=qr_code(link))


@bp.post("/contests/<slug>/stalls/<int:stall_id>/close")
@requires(Permission.STALL_OPEN)
def close_stall(slug: str, stall_id: int) -> ResponseReturnValue:
    contest = published(slug)
    within = scopes_of(current_user, Permission.STALL_OPEN)
    stall = service.close_stall(stall_id, contest.id, actor_id=current_user.id, now=clock(), within=within)
    flash(f"已关闭摊位“{stall.name}”。正在那里答题的人可以答完。", "success")
    return redirect(url_for(".stalls", slug=slug), 303)


def _page(contest: Contest, form: StallForm) -> str:
    now = clock()
    within = scopes_of(current_user, Permission.STALL_OPEN)
    rows = find.stalls_of(contest.id, person_id=current_user.id, within=within)
    return render_template(
        "setup/stalls.html",
        contest=contest,
        form=form,
        rows=[{"figures": row, "state": _state(row.stall, now), "is_open": row.stall.is_open_at(now)} for row in rows],
        names=names_of({row.stall.opened_by for row in rows}),
        may_open=now < contest.closes_at,
        may_set_up=allowed(Permission.CONTEST_SET_UP),
    )


def _state(stall: Stall, now: datetime) -> str:
    if stall.closed_at:
        return "已关闭"
    return "开着" if stall.is_open_at(now) else "已到时"
