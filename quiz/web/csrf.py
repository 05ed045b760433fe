"""The token that shows a request came from our own page."""

from urllib.parse import urlsplit

from flask import Flask, request
from flask_wtf.csrf import CSRFProtect

protect = CSRFProtect()


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
    from flask_wtf.csrf import validate_csrf
    from wtforms.validators import ValidationError

    token = request.headers.get("X-CSRFToken") or request.form.get("csrf_token")
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return True
