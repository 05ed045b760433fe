"""The usual way to save an answer: the user loaded, the token checked, ORM get, get, set, commit."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_required
from flask_wtf.csrf import CSRFProtect

from question_bank.database import db, engine_options, prepare_engine, write_queue
from quiz import cores
from quiz.config import settings_from
from quiz.models import Answer, Attempt, Person

cores.keep_to_one_share()  # as ours
cores.push_nobody_aside()
settings = settings_from()
app = Flask("usual", instance_path=str(Path(os.environ["INSTANCE_PATH"])))
app.config.update(
    SECRET_KEY=settings.secret_key,
    SQLALCHEMY_DATABASE_URI=settings.database_url,
    SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
    WTF_CSRF_TIME_LIMIT=None,
)
db.init_app(app)
CSRFProtect(app)
login = LoginManager(app)
with app.app_context():
    prepare_engine(db.engine)


@login.user_loader
def person_of(session_id: str) -> Person | None:
    return db.session.get(Person, int(session_id.partition(".")[0]))


@app.put("/attempts/<int:attempt_id>/answers/<int:position>")
@login_required
def save(attempt_id: int, position: int) -> ResponseReturnValue:
    me, body, now = current_user.id, request.get_json(), datetime.now(UTC)
    db.session.rollback()
    with write_queue(db.engine):  # the same fair queue, else SQLite fails some of them
        db.session.connection(execution_options={"immediate": True})
        attempt = db.session.get_one(Attempt, attempt_id)
        assert attempt.entry.person_id == me and attempt.ended_at is None and now <= attempt.accepts_until
        answer = db.session.get(Answer, (attempt_id, position))
        if answer is None:
            answer = Answer(attempt_id=attempt_id, position=position, revision=0, first_at=now)
            db.session.add(answer)
        answer.chosen, answer.last_at = json.dumps(body["answer"]), now
        answer.revision, answer.device, answer.seq = answer.revision + 1, body["device"], body["seq"]
        db.session.commit()
    return jsonify(saved=True, revision=answer.revision)
