"""Leaderboards by person, unit and street, as a page and as JSON (CONTRACT §5)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import NotFound
from quiz.models import Contest
from quiz.queries import attempts as find
from quiz.queries import standings as ladders
from quiz.queries import tallies as find_units
from quiz.queries.standings import PersonRow, Within
from quiz.rules.contest import ContestTerms
from quiz.rules.participation import LadderRow, ladder
from quiz.rules.permissions import Permission
from quiz.rules.ranking import rounded
from quiz.rules.wording import leaderboard_in_words
from quiz.services import attempts, boards, ranks_seen, standing_counts
from quiz.services.boards import Board
from quiz.web.access import allowed_everywhere, public
from quiz.web.errors import answer
from quiz.web.filters import elapsed_in_words, full_moment, plain_number, points_in_words, rate_in_words
from quiz.web.presenting import measure_as_json, moment_as_json, score_as_json
from quiz.web.replies import wants_json
from quiz.web.views.contests import visible_contest

bp = Blueprint("standings", __name__)

ROWS_A_PAGE = 50
NEIGHBOURS = 5
MOST_SOUGHT, MOST_FOUND = 40, 20
LADDERS = {"person": "个人榜", "unit": "单位榜", "street": "街道榜"}


@dataclass(frozen=True)
class Asked:
    """Which ladder, which part of it, which page."""

    by: str
    page: int
    street: str | None
    unit: str | None
    unit_class: str
    sought: str


@dataclass(frozen=True)
class Page:
    """One page of a ladder; rows are rows of persons, or of units and streets.

    ``around`` is what stands next to the own row of a person, where that is not on the page.
    """

    rows: list[PersonRow] | list[LadderRow]
    total: int
    pages: int
    me: PersonRow | LadderRow | None
    around: Sequence[PersonRow] = ()


@bp.get("/contests/<slug>/standings")
@public
def show(slug: str) -> ResponseReturnValue:
    contest = visible_contest(slug)
    asked = _asked()
    if asked is None:
        return answer(422, "bad_query", "没有这样的榜单或页码。请从竞赛页面重新进入排行榜。")
    now = clock()
    attempts.submit_expired(contest.id, now=now, most=attempts.OVERDUE_IN_PASSING)
    standing_counts.fold_many(contest.id)
    within = ladders.place_ids(contest.id, street=asked.street, unit=asked.unit)
    if within is None:
        raise NotFound
    terms = contest.terms
    board = boards.board_of(contest, terms, now=now)
    by_person = asked.by == "person"
    page = _persons(contest, terms, board, asked, within) if by_person else _places(contest, terms, board, asked)
    rule = leaderboard_in_words(terms, asked.by)
    history = _history(terms, page, within, now) if by_person and board.as_of is None else []
    if wants_json():
        return jsonify(_as_json(contest, terms, asked, page, rule, moment_as_json(board.as_of or now)))
    as_of = full_moment(board.as_of or now, terms.time_zone)
    values = _template_values(contest, terms, asked, page, rule, as_of)
    return render_template("standings/show.html", **values, is_frozen=board.as_of is not None, history=history)


def _asked() -> Asked | None:
    """What the address asks for; None when it makes no sense."""
    by = request.args.get("by", "person")
    page = request.args.get("page", "1")
    if by not in LADDERS or not re.fullmatch(r"[1-9]\d{0,8}", page, re.ASCII):
        return None
    street = request.args.get("street") or None
    unit = request.args.get("unit") or None
    return Asked(by, int(page), street, unit, _typed("class"), _typed("q"))


def _typed(name: str) -> str:
    return request.args.get(name, "").replace("\x00", "").strip()[:MOST_SOUGHT]


def _persons(contest: Contest, terms: ContestTerms, board: Board, asked: Asked, within: Within) -> Page:
    total = board.total(within)
    visible = _visible(terms, "person", total)
    me = _own_row(contest, board, within)
    if asked.sought:
        return Page(_sought(contest, board, asked.sought, within), total, 1, me)
    first = (asked.page - 1) * ROWS_A_PAGE
    most = max(0, min(ROWS_A_PAGE, visible - first))
    rows = board.persons(within, first, most) if most else []
    is_there = me is None or any(row.standing.entry_id == me.standing.entry_id for row in rows)
    around = [] if is_there or me is None else board.around(me, NEIGHBOURS, within)
    return Page(rows, total, _pages(visible), me, around)


def _sought(contest: Contest, board: Board, sought: str, within: Within) -> list[PersonRow]:
    """Whoever has this entry code; staff who see everybody also find people by name."""
    by_name = allowed_everywhere(Permission.STANDINGS_READ)
    ids = ladders.entries_found(contest.id, sought, by_name=by_name, most=MOST_FOUND)
    rows = [row for row in (board.person_of_entry(entry_id, within) for entry_id in ids) if row]
    return sorted(rows, key=lambda row: (row.place.rank or 0, row.standing.entry_code))


def _own_row(contest: Contest, board: Board, within: Within) -> PersonRow | None:
    if not current_user.is_authenticated:
        return None
    entry_id = find.entry_id_of(contest.id, current_user.id)
    return board.person_of_entry(entry_id, within) if entry_id else None


def _history(terms: ContestTerms, page: Page, within: Within, now: datetime) -> list[dict[str, Any]]:
    """How the own rank went from day to day, today's among them; nothing while there is one day only."""
    me = page.me
    if not isinstance(me, PersonRow) or me.place.rank is None or within != ladders.EVERYBODY:
        return []
    entry_id = me.standing.entry_id
    days = ranks_seen.remember(entry_id, me.place.rank, page.total, zone=terms.zone, now=now)
    return [{"day": seen.day, "rank": seen.rank, "total": seen.total} for seen in days] if len(days) > 1 else []


def _places(contest: Contest, terms: ContestTerms, board: Board, asked: Asked) -> Page:
    """Units (of one street, when asked) or streets; with a code of its own kind only that row, rank kept."""
    rows = board.units(asked.street) if asked.by == "unit" else board.streets()
    if asked.by == "unit" and asked.unit_class:  # 类别 are ranked apart, by the same rule
        alike = [row.tally for row in rows if row.tally.unit_class == asked.unit_class]
        rows = ladder(alike, terms.unit_ladder, full=terms.full)
    mine = _own_code(contest, asked.by)
    me = next((row for row in rows if row.tally.code == mine), None)
    if wanted := (asked.street if asked.by == "street" else asked.unit):
        rows = [row for row in rows if row.tally.code == wanted]
    visible = _visible(terms, asked.by, len(rows))
    total, rows = len(rows), rows[:visible]
    if asked.sought:
        rows = [row for row in rows if asked.sought in row.tally.name or asked.sought == row.tally.code]
    first = (asked.page - 1) * ROWS_A_PAGE
    return Page(rows[first : first + ROWS_A_PAGE], total, _pages(len(rows)), me)


def _own_code(contest: Contest, by: str) -> str | None:
    """The unit or street that the signed-in person counts for in this contest."""
    entry = find.entry_of(contest.id, current_user.id) if current_user.is_authenticated else None
    place = entry and (entry.unit if by == "unit" else entry.street)
    return place.code if place else None


def _visible(terms: ContestTerms, by: str, total: int) -> int:
    return total if allowed_everywhere(Permission.STANDINGS_READ) else terms.shown.rows(by, total)


def _pages(visible: int) -> int:
    return max(1, -(-visible // ROWS_A_PAGE))


# --- JSON ------------------------------------------------------------------------------------------------------------


def _as_json(contest: Contest, terms: ContestTerms, asked: Asked, page: Page, rule: str, as_of: str) -> dict[str, Any]:
    return {
        "contest": contest.slug,
        "by": asked.by,
        "as_of": as_of,
        "rule": rule,
        "total": page.total,
        "page": asked.page,
        "pages": page.pages,
        "rows": [_row_as_json(row) for row in page.rows],
        "me": _row_as_json(page.me) if page.me else None,
        "around": [_row_as_json(row) for row in page.around],
    }


def _row_as_json(row: PersonRow | LadderRow) -> dict[str, Any]:
    if isinstance(row, PersonRow):
        return {
            "rank": row.place.rank,
            "tied": row.place.tied,
            "name": row.name,
            "street": row.street,
            "unit": row.unit,
            "score": score_as_json(row.score),
            "elapsed_ms": _whole_if_possible(row.elapsed_ms),
            "ended_at": moment_as_json(row.standing.finished_at),
        }
    return {
        "rank": row.place.rank,
        "tied": row.place.tied,
        "code": row.tally.code,
        "name": row.tally.name,
        "class": row.tally.unit_class,
        "score": measure_as_json(row.score),
        "headcount": row.tally.headcount,
        "participants": row.tally.participants,
        "entries": row.tally.entries,
        "mean": score_as_json(row.tally.mean),
        "measures": {measure.value: measure_as_json(value) for measure, value in row.measures.items()},
    }


def _whole_if_possible(milliseconds: Fraction) -> int | float:
    return int(milliseconds) if milliseconds.denominator == 1 else rounded(milliseconds)


# --- the page --------------------------------------------------------------------------------------------------------


def _template_values(
    contest: Contest, terms: ContestTerms, asked: Asked, page: Page, rule: str, as_of: str
) -> dict[str, Any]:
    me = page.me
    return {
        "contest": contest,
        "by": asked.by,
        "ladder": {
            "rule_words": rule,
            "as_of_words": as_of,
            "total": page.total,
            "page": asked.page,
            "pages": page.pages,
            "rows": [_row_in_words(row, me, terms) for row in page.rows],
            "me": _row_in_words(me, me, terms) if me else None,
            "around": [_row_in_words(row, me, terms) for row in page.around],
        },
        "sought": asked.sought,
        "finds_names": asked.by == "person" and allowed_everywhere(Permission.STANDINGS_READ),
        "tabs": [
            {"label": label, "url": url_for(".show", slug=contest.slug, by=by), "current": by == asked.by}
            for by, label in LADDERS.items()
        ],
        "filters": {
            "streets": ladders.contest_streets(contest.id) if asked.by == "person" else [],
            "street": asked.street,
            "unit": asked.unit,
            "classes": find_units.classes_of(contest.id) if asked.by == "unit" else [],
            "class": asked.unit_class,
        },
        "workbook_url": url_for("exports.workbook", slug=contest.slug)
        if allowed_everywhere(Permission.STANDINGS_EXPORT)
        else None,
    }


def _row_in_words(row: PersonRow | LadderRow, me: PersonRow | LadderRow | None, terms: ContestTerms) -> dict[str, Any]:
    if isinstance(row, PersonRow):
        return {
            "rank": row.place.rank,
            "tied": row.place.tied,
            "name": row.name,
            "street": row.street,
            "unit": row.unit,
            "score_words": points_in_words(row.score),
            "elapsed_words": elapsed_in_words(row.elapsed_ms),
            "ended_words": full_moment(row.standing.finished_at, terms.time_zone),
            "is_me": isinstance(me, PersonRow) and me.standing.entry_id == row.standing.entry_id,
        }
    return {
        "rank": row.place.rank,
        "tied": row.place.tied,
        "code": row.tally.code,
        "name": row.tally.name,
        "class_words": row.tally.unit_class,
        "score_words": plain_number(rounded(row.score)),
        "headcount": row.tally.headcount,
        "participants": row.tally.participants,
        "entries": row.tally.entries,
        "mean_words": points_in_words(row.tally.mean),
        "rate_words": rate_in_words(row.tally.participation_rate),
        "is_mine": isinstance(me, LadderRow) and me.tally.code == row.tally.code,
    }
