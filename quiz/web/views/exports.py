"""Results for staff: the judges' workbook, and for managers the people of their own street or unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_login import current_user

from question_bank.database import db, transaction
from quiz.clock import clock
from quiz.errors import NotFound
from quiz.models import Area, Contest, Unit
from quiz.models.contests import ContestState
from quiz.queries import standings as ladders
from quiz.queries.contests import all_contests, contest_by_slug
from quiz.queries.exports import person_names
from quiz.queries.standings import PersonRow, Within
from quiz.rules.contest import ContestTerms
from quiz.rules.participation import LadderRow, ladder
from quiz.rules.permissions import Permission
from quiz.rules.ranking import rounded
from quiz.services import attempts, audit, exports
from quiz.web.access import allowed, allowed_everywhere, requires, scopes_of
from quiz.web.filters import elapsed_in_words, full_moment, plain_number, points_in_words, rate_in_words

bp = Blueprint("exports", __name__)

ROWS_A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/contests/<slug>/results.xlsx")
@requires(Permission.STANDINGS_EXPORT)
def workbook(slug: str) -> Response:
    """The judges' workbook of CONTRACT §6; for those whose scope is the whole district."""
    if not allowed_everywhere(Permission.STANDINGS_EXPORT):
        abort(403)
    contest, now = _published(slug), clock()
    with transaction():
        audit.record(
            "results.export", f"contest:{contest.id}", actor_id=current_user.id, now=now, contest_id=contest.id
        )
    return _download(exports.judges_workbook(contest.id, now=now), contest, "成绩", "results")


@bp.get("/console/results")
@requires(Permission.STANDINGS_READ)
def index() -> str:
    """Every contest that has results, or will have."""
    contests = [contest for contest in all_contests() if contest.state != ContestState.DRAFT]
    return render_template(
        "exports/index.html",
        contests=[
            {
                "title": contest.title,
                "closes_words": full_moment(contest.closes_at, contest.terms.time_zone),
                "own_url": url_for(".own", slug=contest.slug),
                "standings_url": url_for("standings.show", slug=contest.slug),
                "workbook_url": url_for(".workbook", slug=contest.slug)
                if allowed_everywhere(Permission.STANDINGS_EXPORT)
                else None,
                "analysis_url": url_for("items.analysis", slug=contest.slug)
                if allowed_everywhere(Permission.STANDINGS_READ)
                else None,
                "signals_url": url_for("signals.index", slug=contest.slug)
                if allowed(Permission.SIGNALS_REVIEW)
                else None,
                "seal_url": url_for("seals.prepare", slug=contest.slug)
                if allowed_everywhere(Permission.RESULTS_SEAL)
                else None,
                "stalls_url": url_for("setup.stalls", slug=contest.slug) if allowed(Permission.STALL_OPEN) else None,
            }
            for contest in contests
        ],
    )


@bp.get("/console/results/<slug>")
@requires(Permission.STANDINGS_READ)
def own(slug: str) -> str:
    """The people of the own street or unit who take part, by name, and the gap to the headcount."""
    contest, now = _published(slug), clock()
    attempts.submit_expired(contest.id, now=now)
    place = _place_asked(contest)
    page = request.args.get("page", 1, type=int)
    terms = contest.terms
    total = ladders.persons_total(contest.id, place.within)
    pages = max(1, -(-total // ROWS_A_PAGE))
    page = min(max(page, 1), pages)
    people = ladders.persons(
        contest.id, terms.ties, within=place.within, first=(page - 1) * ROWS_A_PAGE, most=ROWS_A_PAGE
    )
    return render_template(
        "exports/own.html",
        contest=contest,
        place=place,
        tabs=_tabs(contest, place),
        figures=_figures(contest, terms, place),
        units=_units_of_street(contest, terms, place),
        people=_people(people, terms),
        total=total,
        page=page,
        pages=pages,
        as_of_words=full_moment(now, terms.time_zone),
        own_workbook_url=url_for(".own_workbook", slug=slug, **place.args),
    )


@bp.get("/console/results/<slug>/own.xlsx")
@requires(Permission.STANDINGS_READ)
def own_workbook(slug: str) -> Response:
    """The same people as a workbook."""
    contest, now = _published(slug), clock()
    place = _place_asked(contest)
    with transaction():
        audit.record(
            "results.export_own", f"contest:{contest.id}", actor_id=current_user.id, now=now, contest_id=contest.id,
            street_id=place.within.street_id, unit_id=place.within.unit_id,
        )  # fmt: skip
    data = exports.own_people_workbook(contest.id, place.within, now=now)
    return _download(data, contest, f"{place.name}-成绩", "own-results")


def _published(slug: str) -> Contest:
    contest = contest_by_slug(slug)
    if contest is None or contest.state == ContestState.DRAFT:
        raise NotFound
    return contest


def _download(data: bytes, contest: Contest, what: str, ascii_what: str) -> Response:
    """A file called after the contest; old browsers get a name in ASCII."""
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]', "", f"{contest.title}-{what}.xlsx")
    response = Response(data, mimetype=XLSX)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{contest.slug}-{ascii_what}.xlsx\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return response


# --- whose people ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """The street or unit whose people are looked at; neither: the whole district."""

    within: Within
    name: str = "全区"
    street_code: str | None = None
    unit_code: str | None = None

    @property
    def args(self) -> dict[str, Any]:
        """The part of an address that leads back to it."""
        codes = {"street": self.street_code, "unit": self.unit_code}
        return {key: code for key, code in codes.items() if code}


def _places(contest: Contest) -> list[Place]:
    """The person's own streets and units, as this contest names them; for the whole district that one."""
    places = []
    for scope in scopes_of(current_user, Permission.STANDINGS_READ):
        if scope.unit_id is not None:
            unit = ladders.contest_unit(contest.id, scope.unit_id) or db.session.get_one(Unit, scope.unit_id)
            places.append(Place(Within(unit_id=scope.unit_id), unit.name, unit_code=unit.code))
        elif scope.street_id is not None:
            street = ladders.contest_street(contest.id, scope.street_id) or db.session.get_one(Area, scope.street_id)
            places.append(Place(Within(street_id=scope.street_id), street.name, street_code=street.code))
        else:
            places.append(Place(Within()))
    return places


def _place_asked(contest: Contest) -> Place:
    """The one the address names, among the person's own; without a name the first."""
    places = _places(contest)
    asked = {key: request.args[key] for key in ("street", "unit") if request.args.get(key)}
    found = next((place for place in places if not asked or place.args == asked), None)
    if found is None:
        raise NotFound
    return found


def _tabs(contest: Contest, current: Place) -> list[dict[str, Any]]:
    places = _places(contest)
    if len(places) < 2:
        return []
    return [
        {"label": p.name, "url": url_for(".own", slug=contest.slug, **p.args), "current": p == current} for p in places
    ]


# --- what the page shows ---------------------------------------------------------------------------------------------


def _figures(contest: Contest, terms: ContestTerms, place: Place) -> dict[str, Any] | None:
    """Headcount, how many take part, the gap, and where the place stands; None for the whole district."""
    if place.unit_code:
        rows, code, ranking = exports.unit_ladder(contest, terms), place.unit_code, "单位榜"
    elif place.street_code:
        rows, code, ranking = exports.street_ladder(contest, terms), place.street_code, "街道榜"
    else:
        return None
    row = next((row for row in rows if row.tally.code == code), None)
    if row is None:  # new in the register, and nobody from there has started
        return None
    return {**_gap(row), "ranking": ranking, "rank": row.place.rank, "score_words": plain_number(rounded(row.score))}


def _gap(row: LadderRow) -> dict[str, Any]:
    tally = row.tally
    return {
        "code": tally.code,
        "name": tally.name,
        "headcount": tally.headcount,
        "participants": tally.participants,
        "missing": max(0, tally.headcount - tally.participants),
        "rate_words": rate_in_words(tally.participation_rate) if tally.headcount else "",
        "mean_words": points_in_words(tally.mean) if tally.participants else "",
    }


def _units_of_street(contest: Contest, terms: ContestTerms, place: Place) -> list[dict[str, Any]]:
    """The street's units, those with the most people still missing first."""
    if not place.street_code:
        return []
    tallies = ladders.unit_tallies(contest.id, terms.unit_ladder, place.street_code)
    gaps = [_gap(row) for row in ladder(tallies, terms.unit_ladder, full=terms.full)]
    return sorted(gaps, key=lambda gap: (-gap["missing"], gap["code"]))


def _people(rows: Sequence[PersonRow], terms: ContestTerms) -> list[dict[str, Any]]:
    names = person_names(row.person_id for row in rows if row.person_id is not None)
    return [
        {
            "rank": row.place.rank,
            "name": names.get(row.person_id or 0, row.name),
            "street": row.street,
            "unit": row.unit,
            "score_words": points_in_words(row.score),
            "elapsed_words": elapsed_in_words(row.elapsed_ms),
            "ended_words": full_moment(row.standing.finished_at, terms.time_zone),
        }
        for row in rows
    ]
