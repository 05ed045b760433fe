"""揭榜: let everybody see the ladders as they are."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.rules.permissions import Permission
from quiz.services import boards
from quiz.web.access import requires
from quiz.web.views.setup import bp, published


@bp.post("/contests/<slug>/thaw")
@requires(Permission.CONTEST_SET_UP)
def thaw(slug: str) -> ResponseReturnValue:
    contest = published(slug)
    boards.thaw(contest.id, actor_id=current_user.id, now=clock())
    flash("已揭榜，大家现在看到的就是最新的榜单。", "success")
    return redirect(url_for(".show", slug=slug), 303)
