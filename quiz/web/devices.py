"""The device of a request: a random cookie that scripts cannot read, given at the first start.

It tells that two attempts of one contest were started on one device, and nothing else. Kept with an attempt is a hash
that is bound to its contest (``rules.origin``), so nobody can follow a device from one contest to the next.
"""

import secrets
from datetime import timedelta

from flask import current_app
from flask.globals import request_ctx
from werkzeug.wrappers import Response

from quiz.rules.origin import Origin, is_device

COOKIE = "device"
KEPT_FOR = timedelta(days=365)


def origin_at_hand() -> Origin:
    """Device and address of this request; a device that has no cookie yet gets a new name, see ``remember``."""
    asked = request_ctx.request
    named = asked.cookies.get(COOKIE, "")
    device = named if is_device(named) else secrets.token_urlsafe(16)
    return Origin(current_app.extensions["settings"].secret_key, device, asked.remote_addr or "")


def remember(response: Response, origin: Origin) -> Response:
    """Give the device its name, unless it has it already."""
    asked = request_ctx.request
    if asked.cookies.get(COOKIE) != origin.device:
        response.set_cookie(
            COOKIE, origin.device, max_age=KEPT_FOR, httponly=True, samesite="Lax", secure=asked.is_secure
        )
    return response
