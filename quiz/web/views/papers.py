"""What the papers of a contest hold: the plan, and a paper to look at or to try before anybody else does."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from question_bank.content import TRUE, QuestionContent
from question_bank.kinds import QuestionKind
from quiz.errors import ChangedMeanwhile, PlanNotFilled
from quiz.models import Contest
from quiz.models.contests import ContestState
from quiz.queries import contests as find
from quiz.queries.attempts import Position
from quiz.rules import wording
from quiz.rules.contest import PaperPlanLine
from quiz.rules.drawing import PoolVersion
from quiz.rules.filling import plan_report
from quiz.rules.grading import Chosen
from quiz.rules.permissions import Permission
from quiz.rules.quotas import plan_by_quotas
from quiz.rules.sameness import sameness
from quiz.services.papers_ahead import new_seed
from quiz.services.trials import TrialPaper, mark_trial, trial_paper
from quiz.web.access import requires
from quiz.web.forms.plan import KINDS, PlanForm, line_as_data
from quiz.web.forms.quotas import USUAL_LEVELS, QuotaForm, too_many
from quiz.web.views.setup import bp, known, saved

# --- the plan --------------------------------------------------------------------------------------------------------


@bp.route("/contests/<slug>/plan", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def plan(slug: str) -> ResponseReturnValue:
    """组卷方案, with 题库够不够 beside each line; only 保存 keeps it."""
    contest = known(slug)
    do = request.form.get("do", "save")
    is_rearranged = request.method == "POST" and do != "save"
    form = PlanForm.rearranged(request.form, do) if is_rearranged else PlanForm.showing(contest.terms)
    pool = find.drawing_pool(contest).versions
    _offer(contest, form, pool)
    messages: list[str] = []
    if request.method == "GET":
        return _plan_page(contest, form, pool, messages), 200
    if not form.validate():
        return _plan_page(contest, form, pool, messages), 422
    if do != "save":
        return _plan_page(contest, form, pool, messages, unsaved=True), 200
    messages = saved(contest, form)
    if messages:
        return _plan_page(contest, form, pool, messages), 422
    return redirect(url_for(".show", slug=slug), 303)


def _plan_page(
    contest: Contest,
    form: PlanForm,
    pool: Sequence[PoolVersion],
    messages: Sequence[str],
    *,
    unsaved: bool = False,
) -> str:
    lines = form.plan() if not form.errors else ()
    return render_template(
        "setup/plan.html",
        contest=contest,
        form=form,
        messages=messages,
        reports=plan_report(lines, pool),
        sameness=sameness(lines, pool),
        unsaved=unsaved,
        questions=sum(line.count for line in lines),
        full=sum(line.count * line.points for line in lines),
    )


def _offer(contest: Contest, form: PlanForm, pool: Sequence[PoolVersion]) -> None:
    """What the questions at hand offer (产品, and 产品/食品 under it), and what the plan says already."""
    lines = contest.terms.plan
    paths = {version.domain for version in pool}
    domains = paths | {path.partition("/")[0] for path in paths} | {line.domain or "" for line in lines}
    difficulties = {version.difficulty for version in pool} | {line.difficulty or "" for line in lines}
    form.offer(sorted(domains - {""}), sorted(difficulties - {""}))


@bp.get("/contests/<slug>/quotas")
@requires(Permission.CONTEST_SET_UP)
def quotas(slug: str) -> ResponseReturnValue:
    """按比例填: lines from shares of domains and difficulties; the plan's own page takes and saves them."""
    contest = known(slug)
    pool = find.drawing_pool(contest).versions
    held: dict[str, Counter[str]] = {
        "kinds": Counter(version.kind.value for version in pool),
        "domains": Counter(version.domain.partition("/")[0] for version in pool if version.domain),
        "levels": Counter(version.difficulty for version in pool if version.difficulty),
    }
    levels = dict.fromkeys([*USUAL_LEVELS, *sorted(held["levels"])])
    names = sorted(held["domains"]), [level for level in levels if level in held["levels"]]
    form = QuotaForm.showing(request.args, contest.terms.plan, *names)
    messages: list[str] = []
    lines: tuple[PaperPlanLine, ...] = ()
    if request.args and form.validate() and not (messages := form.problems(*names)):
        lines = plan_by_quotas(form.quotas(), form.shares("domains"), form.shares("levels"), pool)
        messages = too_many(lines)
    page = render_template(
        "setup/quotas.html",
        contest=contest,
        form=form,
        messages=messages,
        kinds=KINDS,
        held=held,
        reports=plan_report(lines, pool) if lines and not messages else [],
        sameness=sameness(lines, pool),
        as_data=line_as_data,
        wording=wording,
    )
    return page, 422 if form.errors or messages else 200


# --- look and try ----------------------------------------------------------------------------------------------------


@bp.get("/contests/<slug>/preview")
@requires(Permission.CONTEST_SET_UP)
def preview(slug: str) -> ResponseReturnValue:
    """题目预览: the paper of a seed, with its keys; the seed stands in the address, so that it can be passed on."""
    contest = known(slug)
    leave_out = "leave_out" in request.args and contest.state == ContestState.DRAFT
    seed = request.args.get("seed", "").strip().lower()
    if not seed:
        drawn = new_seed()
        return redirect(url_for(".preview", slug=slug, seed=drawn, leave_out="1" if leave_out else None))
    if not _SEED.fullmatch(seed):
        return render_template("setup/preview.html", contest=contest, seed=seed, paper=None, leave_out=leave_out), 422
    try:
        paper = trial_paper(contest, seed, leave_out_expiring=leave_out)
    except PlanNotFilled as refusal:
        return render_template("setup/no_trial.html", contest=contest, lines=refusal.facts["lines"]), 422
    return render_template(
        "setup/preview.html",
        contest=contest,
        seed=seed,
        paper=paper,
        leave_out=leave_out,
        key=lambda question: in_words(question, key_of(question.content)),
    )


_SEED = re.compile(r"[0-9a-f]{32}")


@bp.route("/contests/<slug>/trial", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def trial(slug: str) -> ResponseReturnValue:
    """试答: the seed travels with the page, so nothing is stored."""
    contest = known(slug)
    seed = request.values.get("seed", "")
    if not _SEED.fullmatch(seed):
        seed = new_seed()
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
