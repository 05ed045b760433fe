"""封存: the judge's page, and for everybody the public bundle and how to verify it."""

from pathlib import Path

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    stream_with_context,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import NotFound, Refusal
from quiz.models import Contest
from quiz.models.contests import ContestState
from quiz.queries import seals as find
from quiz.rules.permissions import Permission
from quiz.rules.wording import leaderboard_in_words
from quiz.services import attempts
from quiz.services import seals as service
from quiz.web.access import allowed_everywhere, public, requires
from quiz.web.forms.seals import SealAgainForm, SealForm
from quiz.web.messages import status_of
from quiz.web.sealing import seal_in_words
from quiz.web.views.contests import visible_contest
from quiz.web.views.setup import published, sentences

bp = Blueprint("seals", __name__)

SCRIPT = "docs/verify.py"


# --- everybody's -----------------------------------------------------------------------------------------------------


@bp.get("/contests/<slug>/seal")
@public
def show(slug: str) -> str:
    """The digest, the bundle, how to verify; every seal with what it changed."""
    contest = visible_contest(slug)
    seals = [seal_in_words(each, contest) for each in find.seals_of(contest.id)]
    if not seals:
        raise NotFound
    rules = [leaderboard_in_words(contest.terms, by) for by in ("person", "unit", "street")]
    return render_template("seals/show.html", contest=contest, last=seals[0], seals=seals, rules=rules)


@bp.get("/contests/<slug>/result.json")
@public
def bundle(slug: str) -> ResponseReturnValue:
    """The public bundle as it was sealed, piece by piece; with ``seal`` an earlier one."""
    contest = visible_contest(slug)
    number = request.args.get("seal", type=int)
    found = find.seal_numbered(contest.id, number) if number else find.last_seal(contest.id)
    if found is None:
        raise NotFound
    response = Response(stream_with_context(service.bundle_as_json(found)), mimetype="application/json")
    response.content_length = found.size
    response.set_etag(found.digest)
    response.headers["Cache-Control"] = "no-cache"
    name = f"{contest.slug}-result-{found.number}.json"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response.make_conditional(request)


@bp.get("/verify-result.py")
@public
def script() -> Response:
    """The stand-alone script, as it lies in docs."""
    file = Path(current_app.root_path).parent / SCRIPT
    disposition = {"Content-Disposition": "attachment; filename=verify.py"}
    return Response(file.read_bytes(), mimetype="text/x-python", headers=disposition)


# --- the judge's -----------------------------------------------------------------------------------------------------


@bp.get("/console/contests/<slug>/seal")
@requires(Permission.RESULTS_SEAL)
def prepare(slug: str) -> str:
    """What will be frozen, and what is still open."""
    contest = _sealable(slug)
    attempts.submit_expired(contest.id, now=clock())
    return _page(contest, _form_for(contest)(formdata=None), [])


@bp.post("/console/contests/<slug>/seal")
@requires(Permission.RESULTS_SEAL)
def seal(slug: str) -> ResponseReturnValue:
    contest = _sealable(slug)
    form = _form_for(contest)()
    if not form.validate_on_submit():
        return _page(contest, form, []), 422
    reason = form.reason.data if isinstance(form, SealAgainForm) else ""
    try:
        sealed = service.seal(contest.id, actor_id=current_user.id, now=clock(), reason=reason, seen=form.seen_number)
    except Refusal as refusal:
        return _page(_sealable(slug), form, sentences(refusal)), status_of(refusal)
    flash(f"已封存（第 {sealed.number} 次）。请把下面的校验码抄进公告和会议记录。", "success")
    return redirect(url_for(".prepare", slug=slug), 303)


def _sealable(slug: str) -> Contest:
    """A published contest, for judges of the whole district."""
    if not allowed_everywhere(Permission.RESULTS_SEAL):
        abort(403)
    return published(slug)


def _form_for(contest: Contest) -> type[SealForm]:
    return SealAgainForm if find.last_seal(contest.id) else SealForm


def _page(contest: Contest, form: SealForm, messages: list[str]) -> str:
    seals = find.seals_of(contest.id)
    form.seen.data, form.seen.raw_data = str(seals[0].number if seals else 0), None
    return render_template(
        "seals/prepare.html",
        contest=contest,
        zone=contest.terms.time_zone,
        is_over=contest.state_at(clock()) in (ContestState.CLOSED, ContestState.SEALED),
        form=form,
        messages=messages,
        amounts=find.amounts_of(contest.id),
        answering=find.answering(contest.id),
        unreviewed=find.unreviewed(contest.id),
        unanswered=find.unanswered(contest.id),
        seals=[seal_in_words(each, contest) for each in seals],
        is_changed=bool(seals) and service.is_changed_since(seals[0]),
    )
