"""晋级 in the console, for judges of the district: look at a cut, apply it, see who is admitted, add one person."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import NotFound, Refusal
from quiz.models import Contest
from quiz.models.contests import ContestState
from quiz.queries import stages as find
from quiz.queries.bank import names_of
from quiz.queries.contests import all_contests, contest_by_slug
from quiz.queries.stages import EntryOf
from quiz.rules.permissions import Permission
from quiz.rules.stages import Cut, CutBy, Through, in_words
from quiz.services import stages as service
from quiz.services.stages import Preview
from quiz.web.access import allowed_everywhere, requires
from quiz.web.filters import points_in_words
from quiz.web.forms.stages import AddForm, CutForm
from quiz.web.forms.typed import offered
from quiz.web.views.setup import known, sentences

bp = Blueprint("stages", __name__, url_prefix="/console")

MOST_SHOWN = 200


@bp.get("/stages")
@requires(Permission.STAGES_CUT)
def index() -> str:
    now = clock()
    contests = [contest for contest in all_contests() if contest.state != ContestState.SEALED]
    return render_template("stages/index.html", rows=[(contest, contest.state_at(now).label) for contest in contests])


@bp.get("/contests/<slug>/admissions")
@requires(Permission.STAGES_CUT)
def show(slug: str) -> ResponseReturnValue:
    return _page(_contest(slug))


@bp.get("/contests/<slug>/admissions/preview")
@requires(Permission.STAGES_CUT)
def preview(slug: str) -> ResponseReturnValue:
    """Who would get in; nothing has happened yet."""
    contest = _contest(slug)
    form, earlier = _cut_form(contest, request.args)
    if not form.validate() or earlier is None:
        return _page(contest, cut_form=form), 422
    try:
        seen = service.preview(contest.id, earlier.id, form.cut(), now=clock())
    except Refusal as refusal:
        return _page(contest, cut_form=form, messages=sentences(refusal)), 422
    return render_template(
        "stages/preview.html",
        contest=contest,
        earlier=earlier,
        words=rule_in_words(form.cut()),
        seen=seen,
        shown=_in_places(form.cut(), seen)[:MOST_SHOWN],
        sent=form.sent(),
    )


@bp.post("/contests/<slug>/admissions/apply")
@requires(Permission.STAGES_CUT)
def apply(slug: str) -> ResponseReturnValue:
    contest = _contest(slug)
    form, earlier = _cut_form(contest, request.form)
    if not form.validate():
        return _page(contest, cut_form=form), 422
    assert earlier
    try:
        made = service.apply(
            contest.id,
            earlier.id,
            form.cut(),
            digest=request.form.get("digest", ""),
            actor_id=current_user.id,
            now=clock(),
        )
    except Refusal as refusal:
        return _page(contest, cut_form=form, messages=sentences(refusal)), 422
    flash(f"入围名单已定，共 {made.admitted} 人。从现在起，只有名单里的人可以开始答题。", "success")
    return redirect(url_for(".show", slug=slug), 303)


@bp.post("/contests/<slug>/admissions/add")
@requires(Permission.STAGES_CUT)
def add(slug: str) -> ResponseReturnValue:
    contest, form = _contest(slug), AddForm()
    if not form.validate_on_submit():
        return _page(contest, add_form=form), 422
    try:
        service.add(
            contest.id, form.phone.data, name=form.name.data or "", reason=form.reason.data,
            actor_id=current_user.id, now=clock(),
        )  # fmt: skip
    except Refusal as refusal:
        return _page(contest, add_form=form, messages=sentences(refusal)), 422
    flash("已加进入围名单。", "success")
    return redirect(url_for(".show", slug=slug), 303)


def _in_places(cut: Cut, seen: Preview) -> list[tuple[Through, EntryOf]]:
    """Those who get in, street by street or unit by unit where each has places of its own."""
    rows = [(each, seen.entries[each.code]) for each in seen.found]
    if cut.by is CutBy.STREET:
        return sorted(rows, key=lambda row: (row[1].street, row[0].rank))
    return sorted(rows, key=lambda row: (row[1].unit, row[0].rank)) if cut.by is CutBy.UNIT else rows


# --- shared ----------------------------------------------------------------------------------------------------------


def rule_in_words(cut: Cut) -> str:
    return in_words(cut, points_in_words(cut.mark))


def _contest(slug: str) -> Contest:
    """The contest, a draft too, for those who serve the whole district."""
    if not allowed_everywhere(Permission.STAGES_CUT):
        raise NotFound
    return known(slug)


def _cut_form(contest: Contest, given: Any) -> tuple[CutForm, Contest | None]:
    """What was sent, and the earlier contest it names. One that was taken before is offered to its own repeat only."""
    form = CutForm(formdata=given)
    earlier = contest_by_slug(str(form.earlier.data or ""))
    form.earlier.choices = _offered(contest)
    if earlier and find.cut_from(contest.id, earlier.id):
        form.earlier.choices.append(*offered({earlier.slug: earlier.title}))
    return form, earlier


def _offered(contest: Contest) -> Any:
    return offered({each.slug: each.title for each in find.earlier_contests(contest.id, clock())})


def _page(
    contest: Contest,
    *,
    cut_form: CutForm | None = None,
    add_form: AddForm | None = None,
    messages: list[str] | None = None,
) -> str:
    if cut_form is None:
        cut_form = CutForm(formdata=None)
        cut_form.earlier.choices = _offered(contest)
    words = request.args.get("q", "")[:40].replace("\x00", "").strip()
    page = find.admissions(contest.id, words=words, page=request.args.get("page", 1, type=int))
    cuts = find.cuts_of(contest.id)
    return render_template(
        "stages/show.html",
        contest=contest,
        zone=contest.terms.time_zone,
        cuts=[(cut, rule_in_words(Cut.from_json(cut.value))) for cut in cuts],
        names=names_of({cut.applied_by or 0 for cut in cuts} | {row.added_by or 0 for row in page.rows}),
        page=page,
        words=words,
        cut_form=cut_form,
        add_form=add_form or AddForm(formdata=None),
        failed=add_form or cut_form,
        messages=messages or [],
    )
