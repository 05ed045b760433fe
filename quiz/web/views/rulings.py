"""题目裁定: another key, full marks, out of the total; what was ruled, and the way to marking anew."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from question_bank.content import QuestionContent
from question_bank.kinds import QuestionKind
from quiz.clock import clock
from quiz.errors import Mistakes, NotFound
from quiz.models import Contest, Ruling
from quiz.queries import remarking as find_remarking
from quiz.queries import rulings as find
from quiz.queries.attempts import as_question_ruling
from quiz.queries.bank import names_of
from quiz.queries.contests import pool_contents
from quiz.rules.marking import RulingKind, under
from quiz.rules.permissions import Permission
from quiz.rules.rulings import LONGEST_REASON, key_in_words
from quiz.services import question_rulings
from quiz.web.access import requires
from quiz.web.forms.contests import ReasonForm
from quiz.web.forms.rulings import QuestionRulingForm, options_of, ticked
from quiz.web.presenting_files import RULING_WORDS
from quiz.web.views.signals import bp, may_rule, published


@bp.get("/console/contests/<slug>/rulings")
@requires(Permission.RULINGS_MAKE)
def rulings(slug: str) -> ResponseReturnValue:
    return _rulings_page(ruled_contest(slug))


@bp.get("/console/contests/<slug>/questions/<int:version_id>/ruling")
@requires(Permission.RULINGS_MAKE)
def rule(slug: str, version_id: int) -> ResponseReturnValue:
    contest = ruled_contest(slug)
    return _form_page(contest, version_id, QuestionRulingForm(formdata=None))


@bp.post("/console/contests/<slug>/questions/<int:version_id>/ruling")
@requires(Permission.RULINGS_MAKE)
def make_ruling(slug: str, version_id: int) -> ResponseReturnValue:
    contest, form = ruled_contest(slug), QuestionRulingForm()
    content = _content(contest, version_id)
    if not form.validate_on_submit():
        return _form_page(contest, version_id, form), 422
    ruling = form.ruling(content, request.form)
    try:
        ruled = question_rulings.rule(
            contest.id, version_id, ruling, reason=form.reason.data or "", actor_id=current_user.id, now=clock()
        )
    except Mistakes as mistakes:
        return _form_page(contest, version_id, form, list(mistakes.facts["problems"])), 422
    flash("裁定已作出，以后交卷的按它判分。已经交的答卷要重新阅卷。", "success")
    if ruled.version_id:
        flash("题库里这道题也改了，新的一版请审题员再看一遍解析。", "success")
    elif ruled.why_not:
        flash(ruled.why_not, "warning")
    return redirect(url_for(".rulings", slug=slug), 303)


@bp.post("/console/contests/<slug>/rulings/<int:ruling_id>/undo")
@requires(Permission.RULINGS_MAKE)
def undo_ruling(slug: str, ruling_id: int) -> ResponseReturnValue:
    contest, form = ruled_contest(slug), ReasonForm()
    try:
        question_rulings.undo(
            contest.id, ruling_id, reason=form.reason.data or "", actor_id=current_user.id, now=clock()
        )
    except Mistakes as mistakes:
        return _rulings_page(contest, list(mistakes.facts["problems"])), 422
    flash("裁定已撤销。已经按它改过分的答卷，要再重新阅卷一次。", "success")
    return redirect(url_for(".rulings", slug=slug), 303)


def ruled_contest(slug: str) -> Contest:
    """For those whose scope is the whole district: a question is everybody's."""
    contest = published(slug)
    if not may_rule():
        abort(403)
    return contest


def _content(contest: Contest, version_id: int) -> QuestionContent:
    found = pool_contents(contest.pool_id).contents.get(version_id) if contest.pool_id else None
    if found is None:
        raise NotFound
    return found


def _rulings_page(contest: Contest, messages: list[str] | None = None) -> str:
    found, zone = find.about_questions(contest.id), contest.terms.time_zone
    job = find_remarking.last_job(contest.id)
    last = find.last_about_questions(contest.id)
    return render_template(
        "signals/rulings.html",
        contest=contest,
        rows=[_row(contest, ruling, undone) for ruling, undone in found],
        names=names_of({each.made_by or 0 for pair in found for each in pair if each}),
        zone=zone,
        is_open=last > 0 and (job is None or job.ruling_id != last or job.done_at is None),
        longest_reason=LONGEST_REASON,
        messages=messages or [],
    )


def _row(contest: Contest, ruling: Ruling, undone: Ruling | None) -> dict[str, Any]:
    assert ruling.version_id is not None
    content = _content(contest, ruling.version_id)
    return {
        "ruling": ruling,
        "undone": undone,
        "stem": content.stem,
        "what": in_words(content, ruling),
    }


def in_words(content: QuestionContent, ruling: Ruling) -> str:
    """更正答案：A 改为 C, with the letters of the bank."""
    words = RULING_WORDS[RulingKind(ruling.kind)]
    if ruling.kind != RulingKind.ANOTHER_KEY:
        return words
    corrected = under(content, as_question_ruling(ruling))
    return f"{words}：{key_in_words(content)} 改为 {key_in_words(corrected)}"


def _form_page(contest: Contest, version_id: int, form: QuestionRulingForm, messages: list[str] | None = None) -> str:
    content = _content(contest, version_id)
    stands = find.about_question(contest.id, version_id)
    chosen = ticked(request.form) if request.method == "POST" else content.choices
    blanks = [request.form.get(f"blank{number}", "\n".join(texts)) for number, texts in enumerate(content.blanks, 1)]
    return render_template(
        "signals/rule.html",
        contest=contest,
        version_id=version_id,
        content=content,
        kind_label=content.kind.label,
        key_words=key_in_words(content),
        options=options_of(content, chosen),
        several=content.kind is not QuestionKind.TRUE_FALSE,
        blanks=blanks,
        stands=in_words(content, stands[-1]) if stands else "",
        form=form,
        messages=messages or [],
        longest_reason=LONGEST_REASON,
    )
