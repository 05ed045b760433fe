"""What a machine asks: alive, ready."""

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Blueprint, Response, current_app, jsonify
from sqlalchemy.exc import SQLAlchemyError

from question_bank.database import db
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
