"""The headers that every answer carries, where its view has not said otherwise."""

from collections.abc import Callable, Iterable
from typing import Any

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; form-action 'self'; manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)

_NO_GUESSING = ("X-Content-Type-Options", "nosniff")
_NOT_KEPT = ("Cache-Control", "no-store")
_ALWAYS = (
    ("Content-Security-Policy", POLICY),
    _NO_GUESSING,
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    # Pages hold what belongs to one person, and the next person may already be waiting at the same tablet.
    _NOT_KEPT,
)
# Scripts and styles show nothing by themselves, and a dozen times the rest would be a tenth of the quiz page.
_STATIC = (_NO_GUESSING, _NOT_KEPT)
_OVER_HTTPS = (*_ALWAYS, ("Strict-Transport-Security", "max-age=31536000"))


class SafeHeaders:
    """A WSGI app whose answers say how browsers are to treat them. Here, since Flask's own way costs a save dearly."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        wanted: tuple[tuple[str, str], ...] = _OVER_HTTPS if environ["wsgi.url_scheme"] == "https" else _ALWAYS
        if environ["PATH_INFO"].startswith("/static/"):
            wanted = _STATIC

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said = {name.lower() for name, _ in headers}
            headers = [*headers, *(header for header in wanted if header[0].lower() not in said)]
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self._app(environ, start)
