"""The token that shows a request came from our own page."""

import hmac
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, g, request
from flask.ctx import RequestContext
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadData, URLSafeTimedSerializer

METHODS = frozenset({"POST", "PUT", "PATCH", "DELETE"})
"""What changes something."""


class KeptTokens(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no types
    """Flask-WTF's own protection; the signature of a token is checked the first time that it comes only."""

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, bool] = {}
        """By endpoint, whether its view checks for itself: it is for ever as it was the first time."""

    def protect(self, apply_exemptions: bool = False) -> None:
        asked = request_ctx.request
        if not asked.endpoint or asked.method not in METHODS:
            return
        if apply_exemptions and self._checks_itself(asked.endpoint):
            return
        if not token_is_valid():
            self._error_response("The token is missing or is not this session's.")
        g.csrf_valid = True  # forms need not check again

    def _checks_itself(self, endpoint: str) -> bool:
        if endpoint not in self._known:
            self._known[endpoint] = self._is_exempt()
        return self._known[endpoint]


protect = KeptTokens()


def init_csrf(app: Flask) -> None:
    protect.init_app(app)


def is_same_origin() -> bool:
    """For the JSON save: the browser itself says that our own page sent it.

    Fetch metadata and Origin cannot be set by a page of somebody else's.
    """
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    origin = request.headers.get("Origin")
    return bool(origin) and urlsplit(origin).netloc == request.host


def token_is_valid() -> bool:
    """Whether the request carries this session's token.

    In the header from a script, for which no form need be read, or in the field of a form.
    """
    here: RequestContext = request_ctx._get_current_object()  # type: ignore[attr-defined]  # once, not for each word
    token = here.request.headers.get("X-CSRFToken") or here.request.form.get("csrf_token")
    mine: str = here.session.get("csrf_token", "") if here.session else ""
    found = _unsigned(token, str(here.app.secret_key)) if token and mine else None
    return found is not None and hmac.compare_digest(found.encode(), mine.encode())


@lru_cache(20_000)
def _unsigned(token: str, secret: str) -> str | None:
    """What Flask-WTF signed: the session's part of the token. None: it did not."""
    try:
        value = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").loads(token)
    except BadData:
        return None
    return value if isinstance(value, str) else None
