"""The only part that knows requests and pages. ``register`` puts it all on the app."""

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask

from quiz.web import access, compression, csrf, errors, filters, guard, look, pace, pictures, sealing, stalls, views
from quiz.web.headers import SafeHeaders
from quiz.web.sessions import KeptSignatures


def register(app: Flask) -> None:
    """Blueprints, filters, error pages, and the headers that every answer carries."""
    app.session_interface = KeptSignatures(app)
    stalls.register(app)  # before anybody counts as signed in
    access.init_login(app)  # then: whoever is signed out is sent to sign in, with or without a token
    csrf.init_csrf(app)
    guard.register(app)
    pace.register(app, app.extensions["settings"])
    filters.register(app)
    look.register(app)
    pictures.register(app)
    sealing.register(app)
    errors.register(app)
    views.register(app)
    compression.init_compression(app)
    app.wsgi_app = SafeHeaders(app.wsgi_app)  # type: ignore[method-assign]  # how Flask takes middleware
    app.url_defaults(_static_digest(Path(app.static_folder or "static")))


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
