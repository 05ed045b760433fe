"""The device of a stall: open the link on it, sign the last person out, greet the next one."""

import logging

from flask import Blueprint, Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import AtStall, StallClosed
from quiz.models.contests import ContestState
from quiz.services import stalls as service
from quiz.web import stalls
from quiz.web.access import public
from quiz.web.errors import answer
from quiz.web.filters import full_moment
from quiz.web.views.contests import state_in_words

bp = Blueprint("stall", __name__)

log = logging.getLogger("quiz.sign_ins")


@bp.get("/stalls/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    """What the link is for, and the one button: opening an address alone changes nothing."""
    try:
        stall = service.stall_of_link(token, now=clock())
    except StallClosed:
        return _over()
    until = full_moment(stall.expires_at, stall.contest.terms.time_zone)
    return render_template("stall/link.html", opened=stall, token=token, until=until)


@bp.post("/stalls/<token>")
@public
def open_here(token: str) -> ResponseReturnValue:
    now = clock()
    try:
        stall = service.stall_of_link(token, now=now)
    except StallClosed:
        return _over()
    response = _to(url_for(".welcome"))
    stalls.make_device(response, stall, now)
    return response


def _over() -> ResponseReturnValue:
    return answer(410, StallClosed.reason, "这个摊位已经关闭，链接不能再用。需要的话，请在工作台再开一个。")


@bp.get("/stall")
@public
def welcome() -> ResponseReturnValue:
    """下一位请开始. Whoever is signed in goes on to the contest."""
    stall, now = stalls.at_hand(), clock()
    if stall is None:
        return render_template("stall/none.html")
    contest = stall.contest
    if not stall.is_open_at(now):
        return render_template("stall/over.html")
    contest_page = url_for("contests.show", slug=contest.slug)
    if current_user.is_authenticated:
        return redirect(contest_page, 303)
    is_running = contest.state_at(now) is ContestState.PUBLISHED and now >= contest.opens_at
    return render_template(
        "stall/welcome.html",
        contest=contest,
        contest_page=contest_page,
        is_running=is_running,
        state_words=state_in_words(contest, now),
    )


@bp.post("/stall/next")
@public
def next_person() -> ResponseReturnValue:
    """完成，换下一位."""
    if current_user.is_authenticated:
        log.info("signed out: person %s", current_user.id)
    response = _to(url_for(".welcome"))
    stalls.leave_nothing(response)
    return response


@bp.post("/stall/leave")
@public
def leave() -> ResponseReturnValue:
    """Where the stall is over the device becomes an ordinary one again; while it is open staff close it first."""
    stall = stalls.at_hand()
    if stall and stall.is_open_at(clock()):
        raise AtStall(message="摊位还开着。请工作人员先在工作台关闭摊位。")
    response = _to(url_for("home.index"))
    stalls.make_ordinary(response)
    flash("这台设备已恢复成普通设备。", "success")
    return response


def _to(url: str) -> Response:
    return make_response(redirect(url, 303))
