"""这道题有误: the form at each question of a result, and the one queue where such reports wait."""

from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from question_bank.kinds import QuestionKind
from quiz.clock import clock
from quiz.errors import Mistakes, NotFound
from quiz.queries import attempts as find_attempts
from quiz.queries import reports as find
from quiz.queries.bank import names_of
from quiz.rules.permissions import Permission
from quiz.rules.reports import LONGEST_NOTE, Outcome
from quiz.services import attempts, reports
from quiz.web.access import allowed, allowed_everywhere, requires
from quiz.web.forms.typed import tidy
from quiz.web.paging import page_number
from quiz.web.pictures import bank_pictures
from quiz.web.views import appeals
from quiz.web.views.accounts import settings
from quiz.web.views.bank import key_in_words

bp = Blueprint("reports", __name__)


@bp.post("/attempts/<int:attempt_id>/questions/<int:position>/report")
@requires(Permission.ATTEMPT_TAKE)
def send(attempt_id: int, position: int) -> ResponseReturnValue:
    attempt = find_attempts.own_attempt(attempt_id, current_user.id)
    if attempt is None:
        raise NotFound
    attempts.end_if_overdue(attempt, now=clock())
    note = tidy(request.form.get("note"))
    _report, is_new = reports.report(
        attempt_id, current_user.id, position, note, now=clock(), limited=settings().rate_limits
    )
    if is_new:
        flash(f"已收到您对第 {position} 题的意见，答复会写在这一题下面。", "success")
    else:
        flash(f"您已经对第 {position} 题提过意见，先前写的不变。", "warning")
    return redirect(url_for("attempts.result", attempt_id=attempt_id, _anchor=f"q{position}"), 303)


@bp.get("/console/reports")
@requires(Permission.REPORTS_ANSWER)
def index() -> ResponseReturnValue:
    """What waits for an answer, question by question; with ``show=answered`` what was answered."""
    return _page()


def _page(wrong: int = 0, messages: list[str] | None = None) -> str:
    if not allowed_everywhere(Permission.REPORTS_ANSWER):
        abort(403)
    is_answered = request.args.get("show") == "answered"
    found = find.reported(is_answered=is_answered, page=page_number())
    return render_template(
        "reports/index.html",
        found=found,
        is_answered=is_answered,
        names=names_of({r.answered_by or 0 for each in found.questions for r in each.reports}),
        wrong=wrong,
        messages=messages or [],
        outcomes=list(Outcome),
        outcome_label=outcome_label,
        longest=LONGEST_NOTE,
        pictures_at=partial(bank_pictures, endpoint="pictures.of_reported"),
        may_see_bank=allowed(Permission.BANK_READ),
        key_in_words=key_in_words,
        kind_label=lambda kind: QuestionKind(kind).label,
        **appeals.queue(is_answered=is_answered),
    )


@bp.post("/console/reports/<int:version_id>")
@requires(Permission.REPORTS_ANSWER)
def answer(version_id: int) -> ResponseReturnValue:
    """答复: all reports about the question that the page showed, or one of them."""
    if not allowed_everywhere(Permission.REPORTS_ANSWER):
        abort(403)
    given = request.form
    try:
        outcome = Outcome(given.get("outcome", ""))
    except ValueError:
        return _page(version_id, ["请选“确实有误”或“题目没有问题”。"]), 422
    try:
        count = reports.answer(
            version_id,
            outcome,
            tidy(given.get("answer")),
            up_to=_number(given.get("seen")) or 0,
            only=_number(given.get("only")),
            actor_id=current_user.id,
            now=clock(),
        )
    except Mistakes as mistakes:
        return _page(version_id, list(mistakes.facts["problems"])), 422
    flash(f"已答复 {count} 条意见。", "success")
    return redirect(url_for(".index"), 303)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 16 else None


def own_reports(entry_id: int) -> dict[str, Any]:
    """What the result page shows of reports: those already made, by question version."""
    return {"reports": find.reports_of_entry(entry_id), "longest_note": LONGEST_NOTE, "outcome_label": outcome_label}


def outcome_label(outcome: str) -> str:
    return Outcome(outcome).label
