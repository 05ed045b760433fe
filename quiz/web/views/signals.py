"""复核: a judge looks at one attempt after the other, with what is out of the ordinary about it; nothing accuses."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import Mistakes, NotFound
from quiz.models import Contest
from quiz.models.contests import ContestState
from quiz.models.fairness import Outcome
from quiz.queries import signals as find
from quiz.queries.attempt_files import attempt_file
from quiz.queries.bank import names_of
from quiz.queries.contests import all_contests, contest_by_slug
from quiz.queries.people import Scope
from quiz.queries.signals import Shown, SignalledAttempt
from quiz.rules.permissions import Permission
from quiz.rules.reports import LONGEST_NOTE
from quiz.rules.rulings import LONGEST_REASON
from quiz.services import signals
from quiz.web.access import allowed_everywhere, requires, scopes_of
from quiz.web.charts import time_chart
from quiz.web.filters import elapsed_in_words, full_moment, points_in_words
from quiz.web.forms.typed import tidy
from quiz.web.paging import page_number
from quiz.web.presenting_files import questions_of, times_of
from quiz.web.presenting_signals import in_words

bp = Blueprint("signals", __name__)

PARTS = {Shown.WAITING: "待看", Shown.WEAK: "只有一条弱提示", Shown.NOTED: "看过的"}
NOTHING = {
    Shown.WAITING: "没有等着看的答卷。",
    Shown.NOTED: "还没有看过的答卷。",
    Shown.WEAK: "没有这样的答卷。",
}
OUTCOMES = {Outcome.OPEN: "记了一笔", Outcome.KEPT: "保留", Outcome.SET_ASIDE: "作废"}


@bp.get("/console/review")
@requires(Permission.SIGNALS_REVIEW)
def contests() -> str:
    """Every contest with how many attempts wait for a judge, and the way to rulings about its questions."""
    waiting = find.count_waiting(within())
    found = [contest for contest in all_contests() if contest.state != ContestState.DRAFT]
    rows = [(contest, waiting.get(contest.id, 0)) for contest in found]
    return render_template("signals/contests.html", rows=rows, may_rule=may_rule())


@bp.get("/console/contests/<slug>/signals")
@requires(Permission.SIGNALS_REVIEW)
def index(slug: str) -> ResponseReturnValue:
    return page_of(published(slug))


@bp.post("/console/contests/<slug>/signals")
@requires(Permission.SIGNALS_REVIEW)
def look(slug: str) -> ResponseReturnValue:
    """Look at the whole contest anew, which is for those whose scope is the whole district."""
    contest = published(slug)
    if not allowed_everywhere(Permission.SIGNALS_REVIEW):
        abort(403)
    try:
        looked = signals.look(contest.id, actor_id=current_user.id, now=clock())
    except Mistakes as mistakes:
        return page_of(contest, messages=list(mistakes.facts["problems"])), 422
    flash(
        f"看过 {looked.attempts} 份答卷：{looked.with_signals} 份有提示，其中 {looked.flagged} 份请评委看。", "success"
    )
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/console/contests/<slug>/signals/<int:attempt_id>")
@requires(Permission.SIGNALS_REVIEW)
def note(slug: str, attempt_id: int) -> ResponseReturnValue:
    """保留, with a note or without; or 记一笔, which leaves it waiting."""
    contest, text = published(slug), tidy(request.form.get("note"))
    act = signals.keep if request.form.get("go") == "keep" else signals.note
    try:
        act(contest.id, attempt_id, text, within=within(), actor_id=current_user.id, now=clock())
    except Mistakes as mistakes:
        if request.form.get("back") == "file":
            raise
        return page_of(contest, messages=list(mistakes.facts["problems"]), wrong=attempt_id, typed=text), 422
    flash("已保留，照常计入成绩。" if act is signals.keep else "已记下。成绩没有变化。", "success")
    return redirect(way_back(slug, attempt_id), 303)


def way_back(slug: str, attempt_id: int) -> str:
    """To the file if the act was done there, else on with the queue, whose next one has moved up."""
    if request.form.get("back") == "file":
        return url_for("signals.file", slug=slug, attempt_id=attempt_id)
    return url_for("signals.index", slug=slug, **_place())


def published(slug: str) -> Contest:
    contest = contest_by_slug(slug)
    if contest is None or contest.state == ContestState.DRAFT:
        raise NotFound
    return contest


def within() -> Sequence[Scope]:
    return scopes_of(current_user, Permission.SIGNALS_REVIEW)


def may_rule() -> bool:
    """About questions, which is for those whose scope is the whole district."""
    return allowed_everywhere(Permission.RULINGS_MAKE)


def _shown() -> Shown:
    asked = request.args.get("show", "")
    return Shown(asked) if asked in {each.value for each in Shown} else Shown.WAITING


def _place() -> dict[str, Any]:
    """Where in which part of the queue one is."""
    shown, page = _shown(), page_number()
    return {**({} if shown is Shown.WAITING else {"show": shown.value}), **({"page": page} if page > 1 else {})}


def page_of(
    contest: Contest, *, messages: Sequence[str] = (), wrong: int = 0, typed: str = "", typed_reason: str = ""
) -> str:
    """One attempt that waits, or the list of those that were looked at."""
    shown = _shown()
    one = shown is not Shown.NOTED
    found = find.signalled(contest.id, shown, within=within(), page=page_number(), per_page=1 if one else find.PER_PAGE)
    looked_at = find.last_look(contest.id)
    return render_template(
        "signals/index.html",
        contest=contest,
        rows=[_row(row, contest, whole=one) for row in found.rows],
        found=found,
        shown=shown,
        one=one,
        place=_place(),
        following=_following(found.page, found.pages),
        parts=PARTS,
        nothing=NOTHING[shown],
        looked_words=full_moment(looked_at, contest.terms.time_zone) if looked_at else "",
        may_look=allowed_everywhere(Permission.SIGNALS_REVIEW),
        names=names_of({row.note.noted_by or 0 for row in found.rows if row.note}),
        longest=LONGEST_NOTE,
        longest_reason=LONGEST_REASON,
        messages=list(messages),
        wrong=wrong,
        typed=typed,
        typed_reason=typed_reason,
    )


def _following(page: int, pages: int) -> dict[str, Any]:
    """下一份, and after the last one from the start; {} where there is no other."""
    if pages < 2:
        return {}
    shown = _shown()
    return {"page": page % pages + 1, **({} if shown is Shown.WAITING else {"show": shown.value})}


def _row(row: SignalledAttempt, contest: Contest, *, whole: bool) -> dict[str, Any]:
    attempt = row.attempt
    file = attempt_file(contest.id, attempt.id) if whole else None
    return {
        "id": attempt.id,
        "entry": attempt.entry,
        "number": attempt.number,
        "is_set_aside": attempt.is_set_aside,
        "score_words": points_in_words(attempt.score),
        "elapsed_words": elapsed_in_words(attempt.elapsed_ms),
        "ended_words": full_moment(attempt.ended_at, contest.terms.time_zone),
        "signals": [in_words(signal) for signal in row.signals],
        "note": row.note,
        "outcome": OUTCOMES[Outcome(row.note.outcome)] if row.note else "",
        "chart": time_chart(times_of(file)) if file else None,
        "questions": questions_of(file, contest.slug) if file else [],
    }
