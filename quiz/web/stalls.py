"""摊位模式: what a device is that staff have opened for one person after another, and what it may not do meanwhile."""

from datetime import datetime, timedelta
from typing import Any

from flask import (
    Flask,
    Response,
    after_this_request,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer

from quiz.clock import clock
from quiz.errors import AtStall, StallClosed
from quiz.models import Stall
from quiz.queries.stalls import stall_by_id
from quiz.rules.stalls import IDLE
from quiz.web import look
from quiz.web.replies import wants_json

COOKIE = "stall"
KEPT_AFTER_THE_END = timedelta(days=7)
"""A device whose stall is over still says so, until somebody makes it an ordinary one again."""
_TOUCHED = "touched_at"  # in the session of a stall's device: when something was last asked for
_TOLD_EVERY_S = 30  # so that not every request sets the cookie anew

_PARTS = {"stall", "attempts", "contests", "standings", "look", "pictures"}
_PAGES = {"accounts.sign_out", "accounts.places", "reports.send", "home.help", "home.privacy"}
_WAYS_IN = {"accounts.register", "accounts.register_person", "accounts.sign_in", "accounts.sign_in_person"}
_BRINGS_ANSWERS = {"attempts.save", "attempts.submit", "attempts.take"}
"""What the page of a quiz asks for to bring the answers that it kept while there was no network."""
_CLEAR = '"cache", "storage"'
_GONE = (
    "有一会儿没有人操作，已经退出。保存过的答案都在：还没交卷的，登录后可以接着答；时间到了的，已按保存的答案交卷。"
    "断网时没有及时送到的，不计入成绩。"
)


def register(app: Flask) -> None:
    """Before anything looks at who is signed in: it may be somebody who has gone."""
    app.before_request(_keep_to_the_stall)
    app.context_processor(lambda: {"stall": at_hand()})


# --- the cookie ------------------------------------------------------------------------------------------------------


def at_hand() -> Stall | None:
    """The stall whose device asks; None for every other device, which costs it nothing."""
    if COOKIE not in request.cookies:
        return None
    if "stall" not in g:
        g.stall = _read()
    found: Stall | None = g.stall
    return found


def id_at_hand() -> int | None:
    stall = at_hand()
    return stall.id if stall else None


def _read() -> Stall | None:
    try:
        stall_id = _signed().loads(request.cookies[COOKIE])
    except BadData:
        return None
    return stall_by_id(stall_id) if isinstance(stall_id, int) else None


def _signed() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="stall")


def make_device(response: Response, stall: Stall, now: datetime) -> None:
    """From here on the browser is a device of this stall; nothing of whoever used it before stays."""
    response.set_cookie(
        COOKIE,
        _signed().dumps(stall.id),
        max_age=stall.expires_at - now + KEPT_AFTER_THE_END,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    leave_nothing(response)


def make_ordinary(response: Response) -> None:
    response.delete_cookie(COOKIE, httponly=True, samesite="Lax", secure=current_app.config["SESSION_COOKIE_SECURE"])
    leave_nothing(response)


# --- one person after another ----------------------------------------------------------------------------------------


def leave_nothing(response: Response) -> None:
    """Nothing of the person for the next one. Browsers that do not know the header have stall.js for it."""
    session.clear()
    _wipe(response)


def _wipe(response: Response) -> Response:
    response.headers["Clear-Site-Data"] = _CLEAR
    look.remember(response, "")
    return response


def begin_session() -> None:
    """Of a person who has just signed in: at a stall it ends with the browser, or when nothing is asked for."""
    if at_hand():
        session.permanent = False
        session[_TOUCHED] = _seconds()


def without_autofill(form: Any) -> Any:
    """The same form; at a stall the browser is to offer and to remember nothing that was typed."""
    if at_hand():
        for field in form:
            field.render_kw = {**(field.render_kw or {}), "autocomplete": "off"}
    return form


def _seconds() -> int:
    return int(clock().timestamp())


def _keep_to_the_stall() -> ResponseReturnValue | None:
    """At a stall one contest is served and nothing else, to somebody who is there."""
    if request.endpoint in (None, "static") or (stall := at_hand()) is None:
        return None
    after_this_request(_kept_by_nobody)
    is_page = request.method in ("GET", "POST") and not wants_json()
    if _has_gone() and not _brings_answers():
        session.clear()
        if is_page:
            flash(_GONE)
            return _wipe(make_response(_to_the_next()))
    if request.endpoint in _WAYS_IN:
        if stall.is_open_at(clock()):
            return None
        if request.method == "GET":
            return _to_the_next()
        raise StallClosed
    if not _is_served(stall):
        if request.method == "GET" and is_page:
            return _to_the_next()
        raise AtStall(message=f"这是“{stall.contest.title}”的摊位设备，只能答这场竞赛。")
    return None


def _has_gone() -> bool:
    if "_user_id" not in session:
        return False
    now, touched = _seconds(), session.get(_TOUCHED, 0)
    if now - touched > IDLE.total_seconds():
        return True
    if now - touched >= _TOLD_EVERY_S:
        session[_TOUCHED] = now
    return False


def _brings_answers() -> bool:
    """A tablet that was without network for longer brings what was answered on it; the deadline says what counts."""
    return request.endpoint in _BRINGS_ANSWERS and wants_json()


def _is_served(stall: Stall) -> bool:
    slug = (request.view_args or {}).get("slug", stall.contest.slug)
    is_known = request.blueprint in _PARTS or request.endpoint in _PAGES
    return is_known and slug == stall.contest.slug and not request.path.startswith("/console")


def _to_the_next() -> ResponseReturnValue:
    return redirect(url_for("stall.welcome"), 303)


def _kept_by_nobody(response: Response) -> Response:
    """Pictures of questions, too, which other devices keep for good."""
    response.headers["Cache-Control"] = "no-store"
    return response
