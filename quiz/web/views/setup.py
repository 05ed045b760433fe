"""Set a contest up, try it, publish it, and look after it while it runs."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from question_bank import queries as bank
from question_bank.content import TRUE, QuestionContent
from question_bank.kinds import QuestionKind
from quiz.clock import clock
from quiz.errors import ChangedMeanwhile, Mistakes, NotFound, PlanNotFilled, Refusal
from quiz.models import Contest
from quiz.models.contests import ContestState
from quiz.queries import contests as find
from quiz.queries.attempts import Position
from quiz.rules import wording
from quiz.rules.contest import ContestTerms
from quiz.rules.filling import LineReport, plan_report
from quiz.rules.grading import Chosen
from quiz.rules.permissions import Permission
from quiz.rules.terms_reader import TermsError
from quiz.services import contests
from quiz.services.trials import TrialPaper, mark_trial, trial_paper
from quiz.web.access import requires
from quiz.web.forms.contests import (
    PARTS,
    ClosingForm,
    CopyForm,
    HeadcountForm,
    NewForm,
    PartForm,
    PlanForm,
    ReasonForm,
    local,
    offered,
    sentences_of,
)
from quiz.web.messages import sentence_of

bp = Blueprint("setup", __name__, url_prefix="/console")

READY = "草稿已存好。接着看看每一部分，再发布。"
_OPEN_LATER = ("basics", "texts")
"""Parts that may still change once somebody has started."""


# --- list and new ----------------------------------------------------------------------------------------------------


@bp.get("/contests")
@requires(Permission.CONTEST_SET_UP)
def index() -> str:
    now = clock()
    groups: dict[str, list[Contest]] = {"running": [], "draft": [], "over": []}
    for contest in find.all_contests():
        state = contest.state_at(now)
        over = state in (ContestState.CLOSED, ContestState.SEALED)
        groups["draft" if state is ContestState.DRAFT else "over" if over else "running"].append(contest)
    return render_template("setup/index.html", groups=groups, now=now)


@bp.route("/new-contest", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def new() -> ResponseReturnValue:
    """A draft from the preset."""
    form = NewForm()
    form.bank.choices = offered({each.name: each.name for each in bank.banks()})

    def create() -> Contest:
        value = {name: form[name].data for name in ("slug", "title", "bank", "opens_at", "closes_at")}
        return contests.create_contest(value, actor_id=current_user.id, now=clock())

    if not form.bank.choices:
        return render_template("setup/no_bank.html")
    return _made(form, create, "setup/new.html")


@bp.route("/contests/<slug>/copy", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def copy(slug: str) -> ResponseReturnValue:
    """A draft with the rules of an old contest."""
    old = _known(slug)
    form = CopyForm()

    def create() -> Contest:
        return contests.copy_contest(
            old.id,
            slug=form.slug.data,
            title=form.title.data,
            opens_at=form.opens_at.data,
            closes_at=form.closes_at.data,
            actor_id=current_user.id,
            now=clock(),
        )

    return _made(form, create, "setup/copy.html", old=old)


def _made(form: Any, create: Callable[[], Contest], page: str, **values: Any) -> ResponseReturnValue:
    messages: list[str] = []
    if form.validate_on_submit():
        try:
            contest = create()
        except Mistakes as mistakes:
            messages = [problem.partition("：")[2] for problem in mistakes.facts["problems"]]
        else:
            flash(READY, "success")
            return redirect(url_for(".show", slug=contest.slug), 303)
    return render_template(page, form=form, messages=messages, **values), _status(form, messages)


# --- one contest -----------------------------------------------------------------------------------------------------


@bp.get("/contests/<slug>")
@requires(Permission.CONTEST_SET_UP)
def show(slug: str) -> str:
    contest, now = _known(slug), clock()
    terms = contest.terms
    has_attempts = find.has_attempts(contest.id)
    return render_template(
        "setup/show.html",
        contest=contest,
        terms=terms,
        state=contest.state_at(now),
        reports=_reports(contest, terms),
        rules=wording.terms_in_words(terms),
        wording=wording,
        may_change=lambda part: _may_change(contest, part, now, has_attempts),
        has_attempts=has_attempts,
        versions=list(reversed(contest.terms_versions)),
        pool_size=len(find.drawing_pool(contest).versions),
    )


@bp.route("/contests/<slug>/<any(basics, times, marking, ladders, texts):part>", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def part(slug: str, part: str) -> ResponseReturnValue:
    """A few fields of the set-up."""
    contest = _known(slug)
    form = PARTS[part].showing(contest.terms)
    messages: list[str] = []
    if form.validate_on_submit():
        messages = _saved(contest, form)
        if not messages:
            return redirect(url_for(".show", slug=slug), 303)
    page = render_template(
        "setup/part.html", contest=contest, form=form, part=part, messages=messages, **_about_ladders(contest, part)
    )
    return page, _status(form, messages)


def _about_ladders(contest: Contest, part: str) -> dict[str, Any]:
    if part != "ladders":
        return {"ladders": []}
    return {"ladders": [wording.leaderboard_in_words(contest.terms, by) for by in ("person", "unit", "street")]}


@bp.route("/contests/<slug>/plan", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def plan(slug: str) -> ResponseReturnValue:
    """组卷方案, with 题库够不够 beside each line; only 保存 keeps it."""
    contest = _known(slug)
    do = request.form.get("do", "save")
    is_rearranged = request.method == "POST" and do != "save"
    form = PlanForm.rearranged(request.form, do) if is_rearranged else PlanForm.showing(contest.terms)
    _offer(contest, form)
    messages: list[str] = []
    if request.method == "GET":
        return _plan_page(contest, form, messages), 200
    if not form.validate():
        return _plan_page(contest, form, messages), 422
    if do != "save":
        return _plan_page(contest, form, messages, unsaved=True), 200
    messages = _saved(contest, form)
    if messages:
        return _plan_page(contest, form, messages), 422
    return redirect(url_for(".show", slug=slug), 303)


def _plan_page(contest: Contest, form: PlanForm, messages: Sequence[str], *, unsaved: bool = False) -> str:
    lines = form.plan() if not form.errors else ()
    reports = plan_report(lines, find.drawing_pool(contest).versions)
    return render_template(
        "setup/plan.html",
        contest=contest,
        form=form,
        messages=messages,
        reports=reports,
        unsaved=unsaved,
        questions=sum(line.count for line in lines),
        full=sum(line.count * line.points for line in lines),
    )


def _offer(contest: Contest, form: PlanForm) -> None:
    """What the questions at hand offer (产品, and 产品/食品 under it), and what the plan says already."""
    pool, lines = find.drawing_pool(contest).versions, contest.terms.plan
    paths = {version.domain for version in pool}
    domains = paths | {path.partition("/")[0] for path in paths} | {line.domain or "" for line in lines}
    difficulties = {version.difficulty for version in pool} | {line.difficulty or "" for line in lines}
    form.offer(sorted(domains - {""}), sorted(difficulties - {""}))


def _saved(contest: Contest, form: PartForm) -> list[str]:
    """Save what the form says; sentences when it cannot be."""
    now = clock()
    try:
        terms = form.applied_to(contest.terms)
        if contest.state == ContestState.DRAFT:
            contests.change_draft(contest.id, terms, actor_id=current_user.id, now=now)
        else:
            reason = form.reason.data or ""
            contests.change_terms(contest.id, terms, reason=reason, actor_id=current_user.id, now=now)
    except TermsError as error:
        return sentences_of(error)
    except Refusal as refusal:
        return _sentences(refusal)
    flash(f"{form.title_of_part}已保存。", "success")
    return []


# --- try, publish ----------------------------------------------------------------------------------------------------


@bp.route("/contests/<slug>/trial", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def trial(slug: str) -> ResponseReturnValue:
    """试答: the seed travels with the page, so nothing is stored."""
    contest = _known(slug)
    seed = request.form.get("seed", "")
    if len(seed) != 32 or not all(c in "0123456789abcdef" for c in seed):
        seed = secrets.token_hex(16)
    try:
        paper = trial_paper(contest, seed)
    except PlanNotFilled as refusal:
        return render_template("setup/no_trial.html", contest=contest, lines=refusal.facts["lines"]), 422
    if request.method == "GET":
        return render_template("setup/trial.html", contest=contest, paper=paper, wording=wording)
    if request.form.get("pool") != paper.pool:
        raise ChangedMeanwhile
    result = mark_trial(paper, _answers(paper))
    return render_template(
        "setup/trial_result.html",
        contest=contest,
        result=result,
        given=lambda question: in_words(question, result.chosen.get(question.number, [])),
        key=lambda question: in_words(question, key_of(question.content)),
    )


def in_words(question: Position, chosen: Chosen) -> str:
    """An answer, or a key, as the letters of this paper; 对 and 错; texts."""
    content = question.content
    if content.kind is QuestionKind.FILL_BLANK:
        return "；".join(map(str, chosen))
    if content.kind is QuestionKind.TRUE_FALSE:
        return "".join("对" if number == TRUE else "错" for number in chosen)
    return "".join(question.form.show(chosen))


def key_of(content: QuestionContent) -> Chosen:
    """The key in the form of an answer; of several accepted texts all are named."""
    if content.kind is QuestionKind.FILL_BLANK:
        return [" 或 ".join(texts) for texts in content.blanks]
    return sorted(content.choices)


def _answers(paper: TrialPaper) -> dict[int, Any]:
    given = {q.number: request.form.getlist(f"a{q.number}") for q in paper.questions}
    return {position: texts for position, texts in given.items() if any(texts)}


@bp.route("/contests/<slug>/publish", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def publish(slug: str) -> ResponseReturnValue:
    """What happens on 发布, in words; and the one button."""
    contest = _known(slug)
    if request.method == "POST":
        try:
            contests.publish(contest.id, actor_id=current_user.id, now=clock())
        except PlanNotFilled:
            return _publish_page(contest), 422
        flash(f"“{contest.title}”已发布。", "success")
        return redirect(url_for(".show", slug=slug), 303)
    if contest.state != ContestState.DRAFT:
        return redirect(url_for(".show", slug=slug), 303)
    return _publish_page(contest)


def _publish_page(contest: Contest) -> str:
    units, areas = find.units_in_register(), find.areas_in_register()
    return render_template(
        "setup/publish.html",
        contest=contest,
        terms=contest.terms,
        now=clock(),
        pool_size=len(find.candidate_pool(contest.bank_id)),
        shortages=[report for report in _reports(contest, contest.terms) if report.missing],
        units=len(units),
        without_headcount=sum(1 for unit in units if not unit.headcount),
        streets=sum(1 for area in areas if area.kind == "street"),
    )


# --- while it runs ---------------------------------------------------------------------------------------------------


@bp.route("/contests/<slug>/closing", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def closing(slug: str) -> ResponseReturnValue:
    """Move the closing time, with a reason that everybody reads."""
    contest = _published(slug)
    terms = contest.terms
    form = ClosingForm(data={"closes_at": local(terms.closes_at, terms)})

    def move() -> None:
        closes_at = _in_zone(form.closes_at.data, terms.zone)
        contests.move_closing(contest.id, closes_at, reason=form.reason.data, actor_id=current_user.id, now=clock())

    has_attempts = find.has_attempts(contest.id)
    return _acted(contest, form, move, "setup/closing.html", "结束时间已改。", terms=terms, has_attempts=has_attempts)


@bp.route("/contests/<slug>/pause", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def pause(slug: str) -> ResponseReturnValue:
    return _switch(slug, contests.pause, "setup/pause.html", "竞赛已暂停。")


@bp.route("/contests/<slug>/resume", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def resume(slug: str) -> ResponseReturnValue:
    return _switch(slug, contests.resume, "setup/resume.html", "竞赛已恢复。")


def _switch(slug: str, act: Callable[..., Contest], page: str, said: str) -> ResponseReturnValue:
    contest, form = _published(slug), ReasonForm()
    return _acted(
        contest,
        form,
        lambda: act(contest.id, actor_id=current_user.id, now=clock(), reason=form.reason.data),
        page,
        said,
    )


@bp.route("/contests/<slug>/headcounts", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def headcounts(slug: str) -> ResponseReturnValue:
    """应参加人数 as this contest counts them."""
    contest, form = _published(slug), HeadcountForm()
    units, areas = find.contest_units(contest.id), find.contest_areas(contest.id)
    values = {"units": units, "areas": areas}

    def set_one() -> None:
        kind, _, code = form.place.data.partition(":")
        contests.set_headcount(
            contest.id,
            code,
            kind,
            int(form.headcount.data),
            reason=form.reason.data,
            actor_id=current_user.id,
            now=clock(),
        )

    return _acted(contest, form, set_one, "setup/headcounts.html", "应参加人数已改。", back=".headcounts", **values)


def _acted(
    contest: Contest,
    form: Any,
    act: Callable[[], object],
    page: str,
    said: str,
    *,
    back: str = ".show",
    **values: Any,
) -> ResponseReturnValue:
    messages: list[str] = []
    if form.validate_on_submit():
        try:
            act()
        except Refusal as refusal:
            messages = _sentences(refusal)
        else:
            flash(said, "success")
            return redirect(url_for(back, slug=contest.slug), 303)
    return render_template(page, contest=contest, form=form, messages=messages, **values), _status(form, messages)


# --- shared ----------------------------------------------------------------------------------------------------------


def _known(slug: str) -> Contest:
    contest = find.contest_by_slug(slug)
    if contest is None:
        raise NotFound
    return contest


def _published(slug: str) -> Contest:
    contest = _known(slug)
    if contest.state == ContestState.DRAFT:
        raise NotFound
    return contest


def _may_change(contest: Contest, part: str, now: datetime, has_attempts: bool) -> bool:
    if contest.state_at(now) is ContestState.SEALED:
        return False
    return part in _OPEN_LATER or not has_attempts


def _reports(contest: Contest, terms: ContestTerms) -> list[LineReport]:
    return plan_report(terms.plan, find.drawing_pool(contest).versions)


def _in_zone(typed: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(typed)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _sentences(refusal: Refusal) -> list[str]:
    found = refusal.facts.get("problems") or refusal.facts.get("lines")
    return list(map(str, found)) if found else [sentence_of(refusal)]


def _status(form: Any, messages: Sequence[str]) -> int:
    return 422 if form.errors or messages else 200
