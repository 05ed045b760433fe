"""抽奖 in the console: set a draw up, take it step by step, and let substitutes step in. For judges of the district."""

import secrets
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import NotFound, Refusal
from quiz.models import Contest, DrawWinner, PrizeDraw
from quiz.models.contests import ContestState
from quiz.models.prizes import Leaving, WinnerState
from quiz.queries import prizes as find
from quiz.queries.contests import all_contests
from quiz.rules import check_codes
from quiz.rules.permissions import Permission
from quiz.rules.prizes import Method
from quiz.services import prize_winners
from quiz.services import prizes as service
from quiz.web.access import allowed_everywhere, requires
from quiz.web.forms.contests import ReasonForm
from quiz.web.forms.prizes import AnnounceForm, DrawForm, LeaveForm, NumberForm
from quiz.web.replies import next_or
from quiz.web.views.draws import drawn_tiers, tier_in_words
from quiz.web.views.setup import in_zone, published, sentences

bp = Blueprint("prizes", __name__, url_prefix="/console")


def new_code() -> str:
    return "".join(secrets.choice(check_codes.LETTERS) for _ in range(check_codes.LENGTH))


@bp.get("/draws")
@requires(Permission.PRIZES_DRAW)
def index() -> str:
    """Every contest that was published, with its draws."""
    now = clock()
    contests = [contest for contest in all_contests() if contest.state != ContestState.DRAFT]
    return render_template(
        "prizes/index.html",
        rows=[
            {"contest": contest, "is_over": is_over(contest, now), "draws": find.draws_of(contest.id)}
            for contest in contests
        ],
        state_of=state_in_words,
    )


@bp.route("/contests/<slug>/draws/new", methods=["GET", "POST"])
@requires(Permission.PRIZES_DRAW)
def new(slug: str) -> ResponseReturnValue:
    contest, form = _contest(slug), DrawForm()
    messages: list[str] = []
    if form.validate_on_submit():
        try:
            draw = service.set_up(
                contest.id,
                form.plan(),
                title=form.title.data,
                claim_until=form.last_day,
                claim_where=form.claim_where.data or "",
                actor_id=current_user.id,
                now=clock(),
            )
        except Refusal as refusal:
            messages = sentences(refusal)
        else:
            flash("抽奖已设好。看过以后，再固定名单。", "success")
            return redirect(url_for(".show", slug=slug, number=draw.number), 303)
    page = render_template(
        "prizes/new.html", contest=contest, form=form, messages=messages, is_over=is_over(contest, clock())
    )
    return page, 422 if form.errors or messages else 200


@bp.get("/contests/<slug>/draws/<int:number>")
@requires(Permission.PRIZES_DRAW)
def show(slug: str, number: int) -> ResponseReturnValue:
    contest, draw = _draw(slug, number)
    return _page(contest, draw)


@bp.post("/contests/<slug>/draws/<int:number>/<any(fix, announce, number, award, abandon):act>")
@requires(Permission.PRIZES_DRAW)
def take(slug: str, number: int, act: str) -> ResponseReturnValue:
    """One step. The number may come from the big screen, which is then gone back to."""
    contest, draw = _draw(slug, number)
    forms: dict[str, Any] = {"announce": AnnounceForm, "number": NumberForm, "abandon": ReasonForm}
    form = forms[act]() if act in forms else None
    if form is not None and not form.validate_on_submit():
        return _page(contest, draw, form=form), 422
    try:
        said = _taken(contest, draw, act, form)
    except Refusal as refusal:
        return _page(contest, draw, form=form, messages=sentences(refusal)), 422
    flash(said, "success")
    return redirect(next_or(url_for(".show", slug=slug, number=number)), 303)


def _taken(contest: Contest, draw: PrizeDraw, act: str, form: Any) -> str:
    given: dict[str, Any] = {"actor_id": current_user.id, "now": clock()}
    which = (draw.id, contest.id)
    if act == "fix":
        return f"名单已固定，共 {service.fix_list(*which, **given).listed} 人。"
    if act == "announce":
        public_at = in_zone(form.public_at.data, contest.terms.zone)
        service.announce(
            *which, source=form.source.data, public_at=public_at, seed=secrets.token_hex(16), **given
        )  # fmt: skip
        return "已公布。号码出来以后，到这里录入。"
    if act == "number":
        service.enter_number(*which, form.number.data, new_code=new_code, **given)
        return "号码已录入，中奖者已产生。"
    if act == "award":
        service.award_by_rank(*which, new_code=new_code, **given)
        return "获奖者已确定。"
    service.abandon(*which, reason=form.reason.data, **given)
    return "这次抽奖已放弃。"


@bp.route("/contests/<slug>/draws/<int:number>/winners/<int:winner_id>", methods=["GET", "POST"])
@requires(Permission.PRIZES_DRAW)
def leave(slug: str, number: int, winner_id: int) -> ResponseReturnValue:
    """Somebody gives the prize up, or did not come."""
    contest, draw = _draw(slug, number)
    winner = next((each for each in find.winners_of(draw.id) if each.id == winner_id), None)
    if winner is None or winner.state != WinnerState.WINNER or winner.handed_over_at:
        raise NotFound
    form, messages = LeaveForm(), []
    if form.validate_on_submit():
        try:
            successor = prize_winners.leave(
                winner.id,
                draw.id,
                contest.id,
                why=Leaving(form.why.data),
                note=form.note.data or "",
                new_code=new_code,
                actor_id=current_user.id,
                now=clock(),
            )
        except Refusal as refusal:
            messages = sentences(refusal)
        else:
            flash(_left_in_words(successor), "success")
            return redirect(url_for(".show", slug=slug, number=number), 303)
    page = render_template(
        "prizes/leave.html", contest=contest, draw=draw, winner=winner, tier=draw.rules.tiers[winner.tier],
        names=find.names_of_entries([winner.entry_id]), form=form, messages=messages,
    )  # fmt: skip
    return page, 422 if form.errors or messages else 200


def _left_in_words(successor: DrawWinner | None) -> str:
    if successor is None:
        return "已登记。没有候补可以递补，这个名额空着。"
    return f"已登记，由候补 {successor.entry.entry_code}（{successor.entry.masked_name}）递补。"


# --- shared ----------------------------------------------------------------------------------------------------------


def is_over(contest: Contest, now: datetime) -> bool:
    return contest.state_at(now) in (ContestState.CLOSED, ContestState.SEALED)


def state_in_words(draw: PrizeDraw, now: datetime | None = None) -> str:
    """Where a draw stands, in a few words."""
    if draw.abandoned_at:
        return "已放弃"
    if draw.drawn_at:
        return "已开奖" if draw.rules.method is Method.CHANCE else "已确定"
    if draw.list_sha256 is None:
        return "待固定名单"
    if draw.rules.method is Method.RANK:
        return "待确定获奖者"
    if draw.public_at is None:
        return "待公布号码名称"
    return "等开奖号码" if (now or clock()) < draw.public_at else "待录入号码"


def _contest(slug: str) -> Contest:
    """The contest, for those who serve the whole district."""
    if not allowed_everywhere(Permission.PRIZES_DRAW):
        raise NotFound
    return published(slug)


def _draw(slug: str, number: int) -> tuple[Contest, PrizeDraw]:
    contest = _contest(slug)
    draw = find.draw_numbered(contest.id, number)
    if draw is None:
        raise NotFound
    return contest, draw


def _page(contest: Contest, draw: PrizeDraw, *, form: Any = None, messages: list[str] | None = None) -> str:
    now, winners = clock(), find.winners_of(draw.id)
    return render_template(
        "prizes/show.html",
        contest=contest,
        zone=contest.terms.time_zone,
        draw=draw,
        state=state_in_words(draw, now),
        is_over=is_over(contest, now),
        may_enter=bool(draw.public_at and now >= draw.public_at),
        announce=form if isinstance(form, AnnounceForm) else AnnounceForm(formdata=None),
        number_form=form if isinstance(form, NumberForm) else NumberForm(formdata=None),
        abandon_reason=request.form.get("reason", "") if isinstance(form, ReasonForm) else "",
        failed=form,
        messages=messages or [],
        tiers=[tier_in_words(draw, at) for at in range(len(draw.rules.tiers))],
        drawn=drawn_tiers(draw, winners),
        names=find.names_of_entries([winner.entry_id for winner in winners]),
        shown=check_codes.shown,
    )
