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
    over = [contest for contest in contests if contest.state_at(now) in (ContestState.CLOSED, ContestState.SEALED)]
    cards = [_card(contest, now) for contest in contests if contest not in over]
    # Extra time reaches past the closing time: whoever has it finds the way back to the questions here.
    cards += [card for contest in _still_answered(over) if (card := _card(contest, now))["running"]]
    shown = [card["contest"] for card in cards]
    finished = [contest for contest in over if contest not in shown]
    return render_template("home/index.html", cards=cards, finished=finished)


def _still_answered(over: list[Contest]) -> list[Contest]:
    """Contests that are over, but not for the person at hand, whose attempt nobody has handed in."""
    running = find.contests_running(current_user.id) if over and current_user.is_authenticated else set()
    return [contest for contest in over if contest.id in running]


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
