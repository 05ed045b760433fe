"""The only part that knows requests and pages. ``register`` puts it all on the app."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, request

from quiz.web import access, compression, csrf, errors, filters, guard, pictures, views
from quiz.web.sessions import KeptSignatures


def register(app: Flask) -> None:
    """Blueprints, filters, error pages, and the headers that every answer carries."""
    app.session_interface = KeptSignatures(app)
    access.init_login(app)  # first: whoever is signed out is sent to sign in, with or without a token
    csrf.init_csrf(app)
    guard.register(app)
    filters.register(app)
    pictures.register(app)
    errors.register(app)
    views.register(app)
    app.after_request(_secure)
    compression.init_compression(app)
    app.url_defaults(_static_digest(Path(app.static_folder or "static")))


POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


_ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)
_OVER_HTTPS = ("Strict-Transport-Security", "max-age=31536000")
# Pages hold what belongs to one person, and the next person may already be waiting at the same tablet.
_NOT_KEPT = ("Cache-Control", "no-store")


def _secure(response: Response) -> Response:
    """Headers for every answer, where its view has not said otherwise."""
    said = {name.lower() for name, _ in response.headers}
    wanted = [*_ALWAYS, *[_OVER_HTTPS] * request.is_secure, *[_NOT_KEPT] * (request.endpoint != "static")]
    response.headers.extend([header for header in wanted if header[0].lower() not in said])
    return response


def _static_digest(folder: Path):  # type: ignore[no-untyped-def]  # Flask's callback shape
    """Static addresses carry a digest of the file: kept for a year, and never stale."""

    @cache
    def digest(filename: str) -> str:
        path = folder / filename
        return hashlib.sha256(path.read_bytes()).hexdigest()[:10] if path.is_file() else ""

    def add(endpoint: str, values: dict[str, object]) -> None:
        if endpoint == "static" and "v" not in values and isinstance(values.get("filename"), str):
            values["v"] = digest(str(values["filename"]))

    return add
