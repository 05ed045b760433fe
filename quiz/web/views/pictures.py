"""The pictures of questions: to participants those of their own papers, to the staff those of the banks."""

from flask import Blueprint, Response, request
from flask_login import current_user

from question_bank import queries
from quiz.errors import NotFound
from quiz.queries import attempts as find
from quiz.queries import reports
from quiz.queries.contests import contest_by_slug
from quiz.queries.question_turns import positions_shown
from quiz.queries.rulings import attempt_within
from quiz.rules.permissions import Permission
from quiz.web.access import allowed_everywhere, domains_of, require_all_domains, requires, scopes_of
from quiz.web.views.imports import pictures_of_batch

bp = Blueprint("pictures", __name__)

_ALONE = "default-src 'none'; sandbox"
_FOR_GOOD = "private, max-age=31536000, immutable"  # the address names the content


@bp.get("/attempts/<int:attempt_id>/pictures/<sha256>")
@requires(Permission.ATTEMPT_TAKE)
def of_attempt(attempt_id: int, sha256: str) -> Response:
    """A picture that one of the questions on the person's own paper shows, as far as they may have seen it."""
    attempt = find.own_attempt(attempt_id, current_user.id)
    paper = find.paper_contents(attempt_id) if attempt else None
    if attempt is None or paper is None or sha256 not in paper.pictures:
        raise NotFound
    if not any(sha256 == each for at in positions_shown(attempt, paper) for _, each in at.content.pictures):
        raise NotFound  # it belongs to a question that is still to come
    return from_bank(sha256)


@bp.get("/console/contests/<slug>/attempts/<int:attempt_id>/pictures/<sha256>")
@requires(Permission.SIGNALS_REVIEW)
def of_file(slug: str, attempt_id: int, sha256: str) -> Response:
    """A picture on the paper of an attempt, to a judge within whose scope it lies."""
    contest = contest_by_slug(slug)
    within = scopes_of(current_user, Permission.SIGNALS_REVIEW)
    attempt = attempt_within(contest.id, attempt_id, within) if contest else None
    paper = find.paper_contents(attempt_id) if attempt else None
    if paper is None or sha256 not in paper.pictures:
        raise NotFound
    return from_bank(sha256)


@bp.get("/console/bank/pictures/<sha256>")
@requires(Permission.BANK_READ)
def of_bank(sha256: str) -> Response:
    """A picture that some question shows, of the person's own domains."""
    within = domains_of(current_user)
    if within and not queries.is_shown_in(sha256, within):
        raise NotFound
    return from_bank(sha256)


@bp.get("/console/reports/pictures/<sha256>")
@requires(Permission.REPORTS_ANSWER)
def of_reported(sha256: str) -> Response:
    """A picture of a question that somebody said is wrong, to who answers them, who need not see the banks."""
    if not allowed_everywhere(Permission.REPORTS_ANSWER) or not reports.shows(sha256):
        raise NotFound
    return from_bank(sha256)


@bp.get("/console/bank/imports/<int:batch_id>/pictures/<sha256>")
@requires(Permission.BANK_READ)
def of_import(batch_id: int, sha256: str) -> Response:
    """A picture of a file that was checked and is not imported yet."""
    require_all_domains()
    found = pictures_of_batch(batch_id).get(sha256)
    if found is None:
        raise NotFound
    return _answer(found.data, found.media_type, sha256)


def from_bank(sha256: str) -> Response:
    """A picture that the caller has found to be among what the person may see."""
    found = queries.picture(sha256)
    if found is None:
        raise NotFound
    return _answer(found.data, found.media_type, sha256)


def _answer(data: bytes, media_type: str, sha256: str) -> Response:
    """Nothing but a picture, whoever opens it and wherever: the type was told by the content."""
    response = Response(data, mimetype=media_type)
    response.headers["Content-Security-Policy"] = _ALONE
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = _FOR_GOOD
    response.set_etag(sha256)
    response.make_conditional(request)
    return response
