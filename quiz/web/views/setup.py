"""Set a contest up, publish it, and look after it while it runs; what its papers hold is in ``papers``."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from question_bank import queries as bank
from quiz.clock import clock
from quiz.errors import Mistakes, NotFound, PlanNotFilled, Refusal
from quiz.models import Contest
from quiz.models.contests import ContestState
from quiz.queries import contests as find
from quiz.queries.publishing import expiring_under, pool_notes
from quiz.rules import wording
from quiz.rules.filling import plan_report
from quiz.rules.permissions import Permission
from quiz.rules.sameness import sameness
from quiz.rules.terms_reader import TermsError
from quiz.services import boards, contests
from quiz.web.access import requires
from quiz.web.forms.contests import (
    PARTS,
    ClosingForm,
    CopyForm,
    HeadcountForm,
    NewForm,
    PartForm,
    ReasonForm,
    sentences_of,
)
from quiz.web.forms.typed import local, offered
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
    old = known(slug)
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
    contest, now = known(slug), clock()
    terms = contest.terms
    has_attempts = find.has_attempts(contest.id)
    pool = find.drawing_pool(contest).versions
    return render_template(
        "setup/show.html",
        contest=contest,
        terms=terms,
        state=contest.state_at(now),
        reports=plan_report(terms.plan, pool),
        rules=wording.terms_in_words(terms),
        wording=wording,
        may_change=lambda part: _may_change(contest, part, now, has_attempts),
        has_attempts=has_attempts,
        versions=list(reversed(contest.terms_versions)),
        pool_size=len(pool),
        sameness=sameness(terms.plan, pool),
        is_frozen=boards.board_of(contest, terms, now=now).as_of is not None,
    )


@bp.route("/contests/<slug>/<any(basics, times, marking, ladders, rewards, texts):part>", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def part(slug: str, part: str) -> ResponseReturnValue:
    """A few fields of the set-up."""
    contest = known(slug)
    form = PARTS[part].showing(contest.terms)
    messages: list[str] = []
    if form.validate_on_submit():
        messages = saved(contest, form)
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


def saved(contest: Contest, form: PartForm) -> list[str]:
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
        return sentences(refusal)
    flash(f"{form.title_of_part}已保存。", "success")
    return []


# --- publish ---------------------------------------------------------------------------------------------------------


@bp.route("/contests/<slug>/publish", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def publish(slug: str) -> ResponseReturnValue:
    """What happens on 发布, in words; and the one button."""
    contest = known(slug)
    leave_out = "leave_out" in request.form
    if request.method == "POST":
        try:
            contests.publish(contest.id, actor_id=current_user.id, now=clock(), leave_out_expiring=leave_out)
        except PlanNotFilled as refusal:
            return _publish_page(contest, leave_out, refusal.facts["lines"]), 422
        flash(f"“{contest.title}”已发布。", "success")
        return redirect(url_for(".show", slug=slug), 303)
    if contest.state != ContestState.DRAFT:
        return redirect(url_for(".show", slug=slug), 303)
    return _publish_page(contest)


def _publish_page(contest: Contest, leave_out: bool = False, refused: Sequence[str] = ()) -> str:
    units, areas = find.units_in_register(), find.areas_in_register()
    notes = pool_notes(contest)
    return render_template(
        "setup/publish.html",
        contest=contest,
        terms=contest.terms,
        now=clock(),
        notes=notes,
        leave_out=leave_out,
        refused=refused,
        shortages=[report for report in notes.reports if report.missing],
        units=len(units),
        without_headcount=sum(1 for unit in units if not unit.headcount),
        streets=sum(1 for area in areas if area.kind == "street"),
    )


# --- while it runs ---------------------------------------------------------------------------------------------------


@bp.route("/contests/<slug>/closing", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def closing(slug: str) -> ResponseReturnValue:
    """Move the closing time, with a reason that everybody reads; first it is said which questions expire before it."""
    contest = published(slug)
    terms = contest.terms
    form = ClosingForm(data={"closes_at": local(terms.closes_at, terms)})

    def move() -> None:
        closes_at = in_zone(form.closes_at.data, terms.zone)
        contests.move_closing(contest.id, closes_at, reason=form.reason.data, actor_id=current_user.id, now=clock())

    shown: dict[str, Any] = {"terms": terms, "has_attempts": find.has_attempts(contest.id)}
    if form.validate_on_submit():
        later = replace(terms, closes_at=in_zone(form.closes_at.data, terms.zone))
        expiring = expiring_under(contest, later)
        if expiring and request.form.get("expiring_known") != form.closes_at.data:
            page = {"contest": contest, "form": form, "messages": (), "expiring": expiring, **shown}
            return render_template("setup/closing.html", **page), 422
    return _acted(contest, form, move, "setup/closing.html", "结束时间已改。", **shown)


@bp.route("/contests/<slug>/pause", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def pause(slug: str) -> ResponseReturnValue:
    return _switch(slug, contests.pause, "setup/pause.html", "竞赛已暂停。")


@bp.route("/contests/<slug>/resume", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def resume(slug: str) -> ResponseReturnValue:
    return _switch(slug, contests.resume, "setup/resume.html", "竞赛已恢复。")


def _switch(slug: str, act: Callable[..., Contest], page: str, said: str) -> ResponseReturnValue:
    contest, form = published(slug), ReasonForm()
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
    contest, form = published(slug), HeadcountForm()
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
            messages = sentences(refusal)
        else:
            flash(said, "success")
            return redirect(url_for(back, slug=contest.slug), 303)
    return render_template(page, contest=contest, form=form, messages=messages, **values), _status(form, messages)


# --- shared ----------------------------------------------------------------------------------------------------------


def known(slug: str) -> Contest:
    contest = find.contest_by_slug(slug)
    if contest is None:
        raise NotFound
    return contest


def published(slug: str) -> Contest:
    contest = known(slug)
    if contest.state == ContestState.DRAFT:
        raise NotFound
    return contest


def _may_change(contest: Contest, part: str, now: datetime, has_attempts: bool) -> bool:
    if contest.state_at(now) is ContestState.SEALED:
        return False
    return part in _OPEN_LATER or not has_attempts


def in_zone(typed: str, zone: ZoneInfo) -> datetime:
    """A typed moment; without an offset it is in the contest's zone."""
    moment = datetime.fromisoformat(typed)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def sentences(refusal: Refusal) -> list[str]:
    found = refusal.facts.get("problems") or refusal.facts.get("lines")
    return list(map(str, found)) if found else [sentence_of(refusal)]


def _status(form: Any, messages: Sequence[str]) -> int:
    return 422 if form.errors or messages else 200
