"""申诉: the form on a result, and its place in the queue of what participants say."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import Mistakes, NotFound
from quiz.models import Attempt
from quiz.models.contests import ContestState
from quiz.queries import appeals as find
from quiz.queries import attempts as find_attempts
from quiz.queries.bank import names_of
from quiz.rules.appeals import Outcome
from quiz.rules.permissions import Permission
from quiz.services import appeals, attempts
from quiz.web.access import allowed_everywhere, requires
from quiz.web.filters import points_in_words
from quiz.web.forms.typed import tidy
from quiz.web.paging import page_number

bp = Blueprint("appeals", __name__)


@bp.post("/attempts/<int:attempt_id>/appeal")
@requires(Permission.ATTEMPT_TAKE)
def send(attempt_id: int) -> ResponseReturnValue:
    attempt = find_attempts.own_attempt(attempt_id, current_user.id)
    if attempt is None:
        raise NotFound
    attempts.end_if_overdue(attempt, now=clock())
    _appeal, is_new = appeals.appeal(attempt_id, current_user.id, tidy(request.form.get("text")), now=clock())
    if is_new:
        flash("已收到您的申诉，评委的答复会写在这一页。", "success")
    else:
        flash("这份答卷您已经申诉过，先前写的不变。", "warning")
    return redirect(url_for("attempts.result", attempt_id=attempt_id, _anchor="appeal"), 303)


@bp.post("/console/appeals/<int:attempt_id>")
@requires(Permission.RULINGS_MAKE)
def answer(attempt_id: int) -> ResponseReturnValue:
    if not allowed_everywhere(Permission.RULINGS_MAKE):
        abort(403)
    try:
        outcome = Outcome(request.form.get("outcome", ""))
    except ValueError as error:
        raise Mistakes(problems=["请选“申诉成立”或“维持原来的结果”。"]) from error
    sentence = tidy(request.form.get("answer"))
    appeals.answer(attempt_id, outcome, sentence, actor_id=current_user.id, now=clock())
    flash("已答复，参赛者在成绩页上看得到。", "success")
    return redirect(url_for("reports.index"), 303)


def own_appeal(attempt: Attempt) -> dict[str, Any]:
    """What the result page shows of an appeal."""
    return {
        "appeal": find.appeal_of(attempt.id),
        "may_appeal": attempt.entry.contest.state != ContestState.SEALED,
        "appeal_outcome": lambda outcome: Outcome(outcome).label,
    }


def queue(*, is_answered: bool) -> dict[str, Any]:
    """What the queue shows of appeals, to those who answer them."""
    if not allowed_everywhere(Permission.RULINGS_MAKE):
        return {"appeals": None}
    found = find.appeals(is_answered=is_answered, page=page_number())
    return {
        "appeals": found,
        "appeal_names": names_of({appeal.answered_by or 0 for appeal, _contest in found.rows}),
        "appeal_outcomes": list(Outcome),
        "appeal_outcome": lambda outcome: Outcome(outcome).label,
        "points_in_words": points_in_words,
    }
