"""create_app: settings and a clock in, the platform out."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Request, Response
from flask_migrate import Migrate
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import MapAdapter
from werkzeug.sansio.http import parse_cookie
from werkzeug.urls import iri_to_uri
from werkzeug.utils import cached_property
from werkzeug.wrappers import Response as BaseResponse
from werkzeug.wsgi import get_host

from question_bank.database import db, engine_options, prepare_engine
from question_bank.turns import Turns
from quiz import cli, web
from quiz.clock import Clock, system_clock
from quiz.config import Settings, settings_from

ROOT = Path(__file__).resolve().parent.parent
DEVICE_IS_REMEMBERED_S = 30 * 24 * 3600


_PLAIN = re.compile(r"[A-Za-z0-9/_.-]+")
"""An address that goes into a header as it is."""


class PlatformRequest(Request):
    """Flask's request, which reads no form where nothing was sent: a start brings nothing but its headers."""

    @cached_property
    def want_form_data_parsed(self) -> bool:
        return bool(self.content_length or self.environ.get("wsgi.input_terminated")) and super().want_form_data_parsed

    def _load_form_data(self) -> None:
        if self.want_form_data_parsed:
            super()._load_form_data()
        elif "form" not in self.__dict__:
            nothing: Any = ImmutableMultiDict()
            self.__dict__.update(form=nothing, files=nothing)

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """From the one place where WSGI puts them; Werkzeug looks through all headers, of which phones send many."""
        return parse_cookie(self.environ.get("HTTP_COOKIE"), cls=ImmutableMultiDict)  # type: ignore[return-value]  # of that class


class Elsewhere(Response):
    """A redirect. It has no page, which nobody sees: every browser follows the header."""

    default_mimetype = None

    def __init__(self, location: str, code: int) -> None:
        address = location if _PLAIN.fullmatch(location) else iri_to_uri(location)
        super().__init__(status=code, headers=[("Location", address), ("Content-Length", "0")])

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """As it is: nothing is left to be worked out, and nothing to be sent or closed."""
        start_response(self.status, self.headers.to_wsgi_list())
        return ()


class Platform(Flask):
    """Flask without what nobody needs of it, eight times or once a request."""

    request_class = PlatformRequest

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No look at whether one of our functions is a coroutine: none is."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """Every host has the same addresses, and none of them is for a web socket: no need to look for either."""
        if request is None:
            return None
        request.host = host = get_host(request.environ)
        query = request.query_string.decode(errors="replace")
        return MapAdapter(
            self.url_map, host.lower(), request.root_path, "", request.scheme, request.path, request.method, query
        )

    def redirect(self, location: str, code: int = 302) -> BaseResponse:
        return Elsewhere(location, code)


def create_app(settings: Settings | None = None, clock: Clock = system_clock) -> Flask:
    """The whole platform as a WSGI app. Without settings they are read from the environment."""
    settings = settings or settings_from()
    app = Platform(
        "quiz",
        instance_path=str(settings.instance_path),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=settings.most_upload_bytes,
        PERMANENT_SESSION_LIFETIME=DEVICE_IS_REMEMBERED_S,
        SESSION_REFRESH_EACH_REQUEST=False,
        SESSION_COOKIE_NAME="session",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=settings.is_https,
        WTF_CSRF_TIME_LIMIT=None,  # a page may lie open for an hour before the hand-in
        WTF_I18N_ENABLED=False,  # WTForms' own translations serve; Flask-Babel is not here
        WTF_CSRF_SSL_STRICT=False,  # the token and SameSite=Lax decide; some phone browsers send no referrer
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 3600,  # addresses of static files carry a digest
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # of Flask's default provider
    app.extensions["settings"] = settings
    app.extensions["clock"] = clock
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    with app.app_context():
        prepare_engine(db.engine)
    web.register(app)
    cli.register(app)
    app.wsgi_app = app.extensions["turns"] = Turns(app.wsgi_app)  # type: ignore[method-assign]  # how Flask takes middleware
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]  # how Flask takes middleware
    return app
