"""长辈版 on and off, for whoever has no JavaScript; with it elder.js does the same without a request."""

from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue

from quiz.web import look
from quiz.web.access import public
from quiz.web.replies import is_local_path

bp = Blueprint("look", __name__)


@bp.post("/look")
@public
def choose() -> ResponseReturnValue:
    """Back to the page at hand: the referrer knows where the script has gone since the page was made."""
    response = make_response(redirect(_page_at_hand() or "/", 303))
    look.remember(response, request.form.get("size", ""))
    return response


def _page_at_hand() -> str | None:
    came_from = urlsplit(request.referrer or "")
    here = came_from._replace(scheme="", netloc="", fragment="").geturl()
    return here if came_from.netloc == request.host and is_local_path(here) else None
