"""抽奖 as everybody sees it: a page to read and recompute, its JSON, and the big screen of the day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import NotFound
from quiz.models import Contest, DrawWinner, PrizeDraw
from quiz.models.prizes import Leaving, WinnerState
from quiz.queries import attempts as find_attempts
from quiz.queries import prizes as find
from quiz.rules import check_codes
from quiz.rules.permissions import Permission
from quiz.rules.prizes import Method
from quiz.services.draw_file import draw_lines
from quiz.web.access import allowed_everywhere, public
from quiz.web.filters import points_in_words
from quiz.web.forms.prizes import NumberForm
from quiz.web.views.contests import visible_contest

bp = Blueprint("draws", __name__)

A_SCREEN = 16


@bp.get("/contests/<slug>/draws/<int:number>")
@public
def show(slug: str, number: int) -> str:
    contest, draw = _published(slug, number)
    return render_template(
        "draws/show.html",
        **_about(contest, draw),
        drawn=drawn_tiers(draw, find.winners_of(draw.id)),
        left_words=lambda winner: Leaving(winner.left_why).label,
        mine=_own_prizes(contest, draw),
        **_own_place(contest, draw),
    )


@bp.get("/contests/<slug>/draws/<int:number>.json")
@public
def as_json(slug: str, number: int) -> Response:
    """All that is needed to recompute it (docs/verify-draw.md), line by line: a list may be long."""
    _contest, draw = _published(slug, number)
    return Response(stream_with_context(draw_lines(draw.id)), mimetype="application/json")


@bp.get("/contests/<slug>/draws/<int:number>/screen")
@public
def screen(slug: str, number: int) -> str:
    """Large type for the hall: what is fixed, the number, then tier by tier from the lowest up."""
    contest, draw = _published(slug, number)
    scenes = _scenes(draw, drawn_tiers(draw, find.winners_of(draw.id)))
    at = min(max(request.args.get("scene", 0, type=int), 0), max(len(scenes) - 1, 0))
    is_judge = current_user.is_authenticated and allowed_everywhere(Permission.PRIZES_DRAW)
    return render_template(
        "draws/screen.html",
        **_about(contest, draw),
        scene=scenes[at] if scenes else None,
        at=at,
        last=len(scenes) - 1,
        form=NumberForm(formdata=None) if is_judge and not draw.drawn_at and not draw.abandoned_at else None,
        now=clock(),
    )


# --- in words --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DrawnTier:
    """A tier with those who hold it, those who wait, and those who left."""

    name: str
    prize: str
    winners: list[DrawWinner]
    substitutes: list[DrawWinner]
    left: list[DrawWinner]


def drawn_tiers(draw: PrizeDraw, winners: Sequence[DrawWinner]) -> list[DrawnTier]:
    """Every tier from the highest down; none before the draw."""
    if draw.drawn_at is None:
        return []
    return [
        DrawnTier(tier.name, tier.prize, *(_in_state(winners, at, state) for state in WinnerState))
        for at, tier in enumerate(draw.rules.tiers)
    ]


def _in_state(winners: Sequence[DrawWinner], tier: int, state: WinnerState) -> list[DrawWinner]:
    return [winner for winner in winners if winner.tier == tier and winner.state == state]


def tier_in_words(draw: PrizeDraw, at: int) -> dict[str, Any]:
    """How many, what, and who is in, with the mark it came down to."""
    plan, tier = draw.rules, draw.rules.tiers[at]
    mark = draw.marks[at] if draw.marks else tier.least
    words = f"{points_in_words(mark)} 分以上（含）" if mark else "全部参赛者"
    if tier.below is not None:
        words = f"{points_in_words(mark)} 分以上（含）、低于 {points_in_words(tier.below)} 分"
    if mark < tier.least:
        words += f"，原定 {points_in_words(tier.least)} 分，人数不够，已下调"
    return {
        "name": tier.name,
        "prize": tier.prize,
        "prizes": tier.prizes,
        "substitutes": tier.substitutes if plan.method is Method.CHANCE else None,
        "who": words,
    }


def _scenes(draw: PrizeDraw, drawn: Sequence[DrawnTier]) -> list[dict[str, Any]]:
    """What is shown one after another: the number, each tier from the lowest up, and the way to recompute."""
    if not drawn:
        return []
    scenes: list[dict[str, Any]] = [{"kind": "number"}]
    for tier in reversed(drawn):
        pages = [tier.winners[start : start + A_SCREEN] for start in range(0, len(tier.winners), A_SCREEN)] or [[]]
        scenes += [
            {"kind": "tier", "tier": tier, "winners": page, "page": number, "pages": len(pages)}
            for number, page in enumerate(pages, 1)
        ]
    return [*scenes, {"kind": "end"}]


def _about(contest: Contest, draw: PrizeDraw) -> dict[str, Any]:
    return {
        "contest": contest,
        "zone": contest.terms.time_zone,
        "draw": draw,
        "by_rank": draw.rules.method is Method.RANK,
        "step_words": _step_in_words(draw),
        "tiers": [tier_in_words(draw, at) for at in range(len(draw.rules.tiers))],
    }


def _step_in_words(draw: PrizeDraw) -> str:
    plan = draw.rules
    if not plan.step:
        return ""
    return f"达到分数线的人不够时，每次下调 {points_in_words(plan.step)} 分，最低到 {points_in_words(plan.floor)} 分。"


def _published(slug: str, number: int) -> tuple[Contest, PrizeDraw]:
    """A draw whose list is fixed: before, there is nothing to see."""
    contest = visible_contest(slug)
    draw = find.draw_numbered(contest.id, number)
    if draw is None or draw.list_sha256 is None:
        raise NotFound
    return contest, draw


# --- one's own -------------------------------------------------------------------------------------------------------


def _own_place(contest: Contest, draw: PrizeDraw) -> dict[str, Any]:
    """Whether the person at hand is on the list, as far as somebody is at hand who takes part."""
    entry = find_attempts.entry_of(contest.id, current_user.id) if current_user.is_authenticated else None
    return {"own_code": entry and entry.entry_code, "is_in": entry and find.in_list(draw.id, entry.entry_code)}


def _own_prizes(contest: Contest, draw: PrizeDraw) -> list[dict[str, Any]]:
    entry = find_attempts.entry_of(contest.id, current_user.id) if current_user.is_authenticated else None
    return [each for each in prizes_of(entry.id) if each["draw"].id == draw.id] if entry else []


def prizes_of(entry_id: int) -> list[dict[str, Any]]:
    """What the entry has won, in words, with the check code: for the winner's own pages only."""
    return [
        {
            "draw": winner.draw,
            "slug": winner.draw.contest.slug,
            "tier": winner.draw.rules.tiers[winner.tier],
            "code": check_codes.shown(winner.check_code or ""),
            "handed_over_at": winner.handed_over_at,
            "zone": winner.draw.contest.terms.time_zone,
        }
        for winner in find.prizes_of_entry(entry_id)
    ]
