"""Results for staff: the judges' workbook, CSV and JSON, and for managers the people of their own street or unit."""

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, current_app, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
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
from quiz.services.export_tables import LADDERS
from quiz.services.exports import Form
from quiz.web.access import allowed, allowed_everywhere, requires, scopes_of
from quiz.web.errors import answer
from quiz.web.filters import elapsed_in_words, full_moment, plain_number, points_in_words, rate_in_words

bp = Blueprint("exports", __name__)

ROWS_A_PAGE = 50
LARGE_FROM = 20_000  # persons: about four seconds for the workbook
LADDER_NAMES = {"person": "个人", "unit": "单位", "street": "街道"}


@bp.get("/contests/<slug>/results.xlsx")
@requires(Permission.STANDINGS_EXPORT)
def workbook(slug: str) -> ResponseReturnValue:
    """The judges' workbook of CONTRACT §6; for those whose scope is the whole district."""
    return _results(slug, Form.WORKBOOK, "person")


@bp.get("/contests/<slug>/results.<any(csv,json):ending>")
@requires(Permission.STANDINGS_EXPORT)
def table(slug: str, ending: str) -> ResponseReturnValue:
    """One ladder as CSV (``by``), or all three as JSON, for the same people."""
    by = request.args.get("by", "person")
    if by not in LADDERS:
        return answer(422, "bad_query", "没有这样的榜单。请从成绩页面重新下载。")
    return _results(slug, Form(ending), by)


def _results(slug: str, form: Form, by: str) -> Response:
    if not allowed_everywhere(Permission.STANDINGS_EXPORT):
        abort(403)
    contest, now = published(slug), clock()
    with transaction():
        audit.record(
            "results.export", f"contest:{contest.id}", actor_id=current_user.id, now=now, contest_id=contest.id,
            form=form.value,
        )  # fmt: skip
    what = f"{LADDER_NAMES[by]}成绩" if form is Form.CSV else "成绩"
    ascii_what = f"results-{by}" if form is Form.CSV else "results"
    return _download(
        lambda file: exports.write_results(contest.id, file, form, now=now, by=by), form, contest, what, ascii_what
    )


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
                "files_url": url_for(".files", slug=contest.slug)
                if allowed_everywhere(Permission.STANDINGS_EXPORT) and _is_large(contest)
                else None,
                "csv_url": url_for(".table", slug=contest.slug, ending="csv"),
                "json_url": url_for(".table", slug=contest.slug, ending="json"),
                "announcement_url": url_for("announcements.edit", slug=contest.slug)
                if allowed_everywhere(Permission.RESULTS_ANNOUNCE)
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
    contest, now = published(slug), clock()
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
        own_workbook_url=url_for(".own_file", slug=slug, ending="xlsx", **place.args),
    )


@bp.get("/console/results/<slug>/own.<any(xlsx,csv,json):ending>")
@requires(Permission.STANDINGS_READ)
def own_file(slug: str, ending: str) -> Response:
    """The same people as a file."""
    contest, now, form = published(slug), clock(), Form(ending)
    place = _place_asked(contest)
    with transaction():
        audit.record(
            "results.export_own", f"contest:{contest.id}", actor_id=current_user.id, now=now, contest_id=contest.id,
            street_id=place.within.street_id, unit_id=place.within.unit_id, form=form.value,
        )  # fmt: skip
    return _download(
        lambda file: exports.write_own_people(contest.id, place.within, file, form, now=now),
        form, contest, f"{place.name}-成绩", "own-results",
    )  # fmt: skip


def published(slug: str) -> Contest:
    contest = contest_by_slug(slug)
    if contest is None or contest.state == ContestState.DRAFT:
        raise NotFound
    return contest


def _download(write: Callable[[IO[bytes]], None], form: Form, contest: Contest, what: str, ascii_what: str) -> Response:
    """A file written to the disk whole before its first byte goes out: memory stays small, and nobody gets half of it.

    It has no name there and is gone when it has been sent.
    """
    file = tempfile.TemporaryFile(dir=current_app.instance_path)  # noqa: SIM115  (closed with the response)
    try:
        write(file)
        size = file.tell()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    response = send_file(file, mimetype=form.media_type, max_age=0)
    response.content_length = size
    return named(response, form, contest, what, ascii_what)


def named(response: Response, form: Form, contest: Contest, what: str, ascii_what: str) -> Response:
    """The response as a file called after the contest; old browsers get a name in ASCII."""
    name = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]', "", f"{contest.title}-{what}.{form.value}")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{contest.slug}-{ascii_what}.{form.value}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return response


def _is_large(contest: Contest) -> bool:
    """Whether a file takes so long that it is better made beside the page."""
    return ladders.persons_total(contest.id) >= LARGE_FROM


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
