"""重新阅卷: what the rulings change in marks that were given; look first, then apply exactly that."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import Mistakes
from quiz.models import Contest, Remarking, RemarkingRow
from quiz.models.judging import RemarkingState
from quiz.queries import remarking as find
from quiz.queries.bank import names_of
from quiz.queries.rulings import last_about_questions
from quiz.rules.permissions import Permission
from quiz.services import remarking as service
from quiz.web.access import requires
from quiz.web.filters import full_moment, points_in_words
from quiz.web.paging import page_number
from quiz.web.views.rulings import ruled_contest
from quiz.web.views.signals import bp

BATCHES_A_REQUEST = 10
"""So many batches before the page says how far it has come: a request must not outlast the patience of a proxy."""


@bp.get("/console/contests/<slug>/remarking")
@requires(Permission.RULINGS_MAKE)
def remarking(slug: str) -> ResponseReturnValue:
    return _page(ruled_contest(slug))


@bp.post("/console/contests/<slug>/remarking")
@requires(Permission.RULINGS_MAKE)
def preview(slug: str) -> ResponseReturnValue:
    contest = ruled_contest(slug)
    try:
        service.preview(contest.id, actor_id=current_user.id, now=clock())
    except Mistakes as mistakes:
        return _page(contest, list(mistakes.facts["problems"])), 422
    return redirect(url_for(".remarking", slug=slug), 303)


@bp.post("/console/contests/<slug>/remarking/<int:remarking_id>/apply")
@requires(Permission.RULINGS_MAKE)
def apply(slug: str, remarking_id: int) -> ResponseReturnValue:
    """One click: what the page showed; where it takes long, on from where it stopped."""
    contest = ruled_contest(slug)
    try:
        progress = service.apply(
            remarking_id, contest.id, actor_id=current_user.id, now=clock(), most_batches=BATCHES_A_REQUEST
        )
    except Mistakes as mistakes:
        return _page(contest, list(mistakes.facts["problems"])), 409
    if progress.is_done:
        flash(f"重新阅卷完成，改了 {progress.total} 份答卷，排行榜已经跟着变。", "success")
    return redirect(url_for(".remarking", slug=slug), 303)


def _page(contest: Contest, messages: list[str] | None = None) -> str:
    job = find.last_job(contest.id)
    last = last_about_questions(contest.id)
    rows, pages = find.rows_page(job.id, page_number()) if job else ([], 1)
    return render_template(
        "signals/remarking.html",
        contest=contest,
        job=job,
        figures=job.figures if job else {},
        state=RemarkingState(job.state).value if job else "",
        is_outdated=job is not None and job.ruling_id != last and job.state != RemarkingState.APPLYING,
        has_rulings=last > 0,
        done=find.count_rows(job.id, applied=True) if job and job.state == RemarkingState.APPLYING else 0,
        made_words=full_moment(job.made_at, contest.terms.time_zone) if job else "",
        done_words=full_moment(job.done_at, contest.terms.time_zone) if job else "",
        names=names_of({job.made_by or 0, job.began_by or 0}) if job else {},
        moves=_moves(job) if job else [],
        rows=[_row(row) for row in rows],
        page=min(page_number(), pages),
        pages=pages,
        messages=messages or [],
    )


def _row(row: RemarkingRow) -> dict[str, Any]:
    entry = row.attempt.entry
    return {
        "attempt": row.attempt,
        "entry": entry,
        "before": points_in_words(row.score_before),
        "after": points_in_words(row.score),
        "change": ("+" if row.score > row.score_before else "") + points_in_words(row.score - row.score_before),
        "full": points_in_words(row.full)
        if row.full == row.full_before
        else f"{points_in_words(row.full_before)} → {points_in_words(row.full)}",
    }


def _moves(job: Remarking) -> list[dict[str, Any]]:
    """Who moves within the top, as the look found it."""
    moves = job.figures.get("moves", [])
    entries = find.entries_by_id([entry for entry, _before, _after in moves])
    beyond = f"{job.figures.get('top', 0)} 名以外"
    return [
        {"entry": entries[entry], "before": before or beyond, "after": after or beyond}
        for entry, before, after in moves
        if entry in entries
    ]
