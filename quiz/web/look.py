"""长辈版: large letters and large buttons, remembered in a cookie of its own that says nothing but a size."""

from datetime import timedelta

from flask import Flask, Response, request

COOKIE = "look"
SIZES = {"24": "大", "32": "更大", "40": "最大"}
"""Heights of letters in CSS pixels, and what their buttons say. No size is the ordinary page."""
KEPT_FOR = timedelta(days=365)


def size_at_hand() -> str:
    """The size this browser has chosen; "" for the ordinary page."""
    size = request.cookies.get(COOKIE, "")
    return size if size in SIZES else ""


def remember(response: Response, size: str) -> None:
    """Not hidden from scripts: elder.js sets the same cookie, to change the page at hand without loading it anew."""
    if size in SIZES:
        response.set_cookie(COOKIE, size, max_age=KEPT_FOR, samesite="Lax", secure=request.is_secure)
    else:
        response.delete_cookie(COOKIE, samesite="Lax", secure=request.is_secure)


def register(app: Flask) -> None:
    app.context_processor(lambda: {"look_size": size_at_hand(), "look_sizes": SIZES})
