"""The token that shows a request came from our own page."""

import hmac
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, g, request
from flask.globals import request_ctx
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadData, URLSafeTimedSerializer


class KeptTokens(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no types
    """Flask-WTF's own protection; the signature of a token is checked the first time that it comes only."""

    def protect(self, apply_exemptions: bool = False) -> None:
        asked, config = request_ctx.request, request_ctx.app.config
        if not asked.endpoint or asked.method not in config["WTF_CSRF_METHODS"]:
            return
        if apply_exemptions and self._is_exempt():
            return
        if not token_is_valid():
            self._error_response("The token is missing or is not this session's.")
        g.csrf_valid = True  # forms need not check again


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
    asked = request_ctx.request
    token = asked.headers.get("X-CSRFToken") or asked.form.get("csrf_token")
    mine: str = request_ctx.session.get("csrf_token", "")
    found = _unsigned(token, str(request_ctx.app.secret_key)) if token and mine else None
    return found is not None and hmac.compare_digest(found.encode(), mine.encode())


@lru_cache(20_000)
def _unsigned(token: str, secret: str) -> str | None:
    """What Flask-WTF signed: the session's part of the token. None: it did not."""
    try:
        value = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").loads(token)
    except BadData:
        return None
    return value if isinstance(value, str) else None
