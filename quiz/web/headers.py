"""The headers that every answer carries, where its view has not said otherwise."""

from collections.abc import Callable, Iterable
from typing import Any

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
    # Pages hold what belongs to one person, and the next person may already be waiting at the same tablet.
    ("Cache-Control", "no-store"),
)
_OVER_HTTPS = (*_ALWAYS, ("Strict-Transport-Security", "max-age=31536000"))


class SafeHeaders:
    """A WSGI app whose answers say how browsers are to treat them. Here, since Flask's own way costs a save dearly."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        wanted = _OVER_HTTPS if environ["wsgi.url_scheme"] == "https" else _ALWAYS

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said = {name.lower() for name, _ in headers}
            headers = [*headers, *(header for header in wanted if header[0].lower() not in said)]
            return start_response(status, headers, exc_info) if exc_info else start_response(status, headers)

        return self._app(environ, start)
