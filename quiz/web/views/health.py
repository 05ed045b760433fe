"""What a machine asks: alive, ready, and a few figures."""

import hmac
from ipaddress import ip_address

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, abort, current_app, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from question_bank.database import db
from quiz.clock import clock
from quiz.queries.figures import figures
from quiz.web.access import public

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@public
def alive() -> Response:
    return jsonify({"alive": True})


@bp.get("/readyz")
@public
def ready() -> Response:
    """Ready means: the database answers, and its tables are those of this release."""
    try:
        context = MigrationContext.configure(db.session.connection())
        is_ready = context.get_current_revision() == newest_revision()
    except SQLAlchemyError:
        is_ready = False
    response = jsonify({"ready": is_ready})
    response.status_code = 200 if is_ready else 503
    return response


def newest_revision() -> str | None:
    directory = current_app.extensions["migrate"].directory
    return ScriptDirectory(directory).get_current_head()


@bp.get("/metrics")
@public
def metrics() -> Response:
    """Prometheus text, for this machine or whoever holds the token. The figures come from the database, which all
    workers share."""
    if not (_is_loopback() or _holds_token()):
        abort(404)
    lines = []
    for figure in figures(clock()):
        lines += [f"# HELP {figure.name} {figure.help}", f"# TYPE {figure.name} {figure.kind}"]
        lines.append(f"{figure.name} {figure.value}")
    return Response("\n".join(lines) + "\n", mimetype="text/plain; version=0.0.4")


def _is_loopback() -> bool:
    """Called from this machine, not through a proxy on it."""
    try:
        return ip_address(request.remote_addr or "").is_loopback and "X-Forwarded-For" not in request.headers
    except ValueError:
        return False


def _holds_token() -> bool:
    token: str = current_app.extensions["settings"].metrics_token
    return bool(token) and hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {token}")
