"""The token that shows a request came from our own page."""

import hmac
from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, session
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadData, URLSafeTimedSerializer


class KeptTokens(CSRFProtect):  # type: ignore[misc]  # Flask-WTF has no types
    """Flask-WTF's own protection; the signature of a token is checked the first time that it comes only."""

    def protect(self, apply_exemptions: bool = False) -> None:
        is_changing = request.method in current_app.config["WTF_CSRF_METHODS"]
        if not request.endpoint or not is_changing or (apply_exemptions and self._is_exempt()):
            return
        if not _is_ours(self._get_csrf_token()):
            self._error_response("The token is missing or is not this session's.")
        g.csrf_valid = True  # forms need not check again

    def _get_csrf_token(self) -> str | None:
        return _sent_token()


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
    """Whether the request carries this session's token, in the header or the field."""
    return _is_ours(_sent_token())


def _sent_token() -> str | None:
    """In the header from a script, for which no form need be read, or in the field of a form."""
    return request.headers.get("X-CSRFToken") or request.form.get("csrf_token")


def _is_ours(token: str | None) -> bool:
    mine: str = session.get("csrf_token", "")
    found = _unsigned(token, str(current_app.secret_key)) if token and mine else None
    return found is not None and hmac.compare_digest(found.encode(), mine.encode())


@lru_cache(20_000)
def _unsigned(token: str, secret: str) -> str | None:
    """What Flask-WTF signed: the session's part of the token. None: it did not."""
    try:
        value = URLSafeTimedSerializer(secret, salt="wtf-csrf-token").loads(token)
    except BadData:
        return None
    return value if isinstance(value, str) else None
