"""The first page, help, and what is done with personal data."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template
from flask_login import current_user

from quiz.clock import clock
from quiz.models import Contest
from quiz.models.contests import ContestState
from quiz.queries import attempts as find
from quiz.queries.contests import contests_for_public
from quiz.rules.wording import span_in_words
from quiz.services import attempts
from quiz.web.access import public
from quiz.web.views.contests import state_in_words

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> str:
    now = clock()
    contests = contests_for_public(now)
    over = (ContestState.CLOSED, ContestState.SEALED)
    return render_template(
        "home/index.html",
        cards=[_card(contest, now) for contest in contests if contest.state_at(now) not in over],
        finished=[contest for contest in contests if contest.state_at(now) in over],
    )


def _card(contest: Contest, now: datetime) -> dict[str, Any]:
    person_id = current_user.id if current_user.is_authenticated else None
    running = find.running_attempt(contest.id, person_id) if person_id else None
    if running and attempts.end_if_overdue(running, now=now).ended_at is not None:
        running = None
    return {
        "contest": contest,
        "state": contest.state_at(now).value,
        "state_words": state_in_words(contest, now),
        "has_begun": now >= contest.opens_at,
        "questions": contest.terms.questions,
        "minutes": span_in_words(contest.terms.time_limit_s),
        "running": running,
    }


@bp.get("/help")
@public
def help() -> str:
    return render_template("home/help.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    return render_template("home/privacy.html")
