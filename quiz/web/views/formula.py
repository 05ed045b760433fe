"""榜单算法: compose the rule of a ladder, see what it does to results that are there, and choose it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quiz.models import Contest
from quiz.models.contests import ContestState
from quiz.queries import contests as find
from quiz.queries import ladder_counts
from quiz.queries import standings as ladders
from quiz.rules import wording
from quiz.rules.contest import LadderRule, Measure
from quiz.rules.participation import LadderRow, ladder
from quiz.rules.permissions import Permission
from quiz.rules.ranking import rounded
from quiz.web.access import requires
from quiz.web.filters import plain_number
from quiz.web.forms.formula import KNOWN, LADDERS, FormulaForm
from quiz.web.views.setup import bp, known, saved

ROWS = 30


@bp.route("/contests/<slug>/<any(unit, street):by>-formula", methods=["GET", "POST"])
@requires(Permission.CONTEST_SET_UP)
def formula(slug: str, by: str) -> ResponseReturnValue:
    """One ladder's rule: known ones to begin with, every weight to change, and the effect before it is saved."""
    contest = known(slug)
    present = contest.terms.unit_ladder if by == "unit" else contest.terms.street_ladder
    begin_with = KNOWN.get(request.args.get("known", ""), ("", present))[1]
    samples = _samples(contest)
    form = FormulaForm.of(by, begin_with, {each.slug: each.title for each in samples})
    messages: list[str] = []
    rows: list[Effect] = []
    if form.validate_on_submit():
        if problem := form.problem():
            messages = [problem]
        elif request.form.get("do") == "save":
            messages = saved(contest, form)
            if not messages:
                return redirect(url_for(".show", slug=slug), 303)
    rule = begin_with if form.errors or messages or request.method == "GET" else form.rule()
    sample = next((each for each in samples if each.slug == form.sample.data), None)
    if sample and not form.errors and not messages:
        rows = effect(sample, by, present, rule)
    page = render_template(
        "setup/formula.html",
        contest=contest,
        by=by,
        form=form,
        messages=messages,
        names={measure.value: _name(measure) for measure in Measure},
        known=[{"name": name, "words": words} for name, (words, _) in KNOWN.items()],
        ladder_name=LADDERS[by],
        rule_words=wording.ladder_in_words(rule, by),
        sample=sample,
        rows=rows[:ROWS],
        total=len(rows),
        fixed=contest.state != ContestState.DRAFT and find.has_attempts(contest.id),
    )
    return page, 422 if form.errors or messages else 200


def _name(measure: Measure) -> str:
    return wording.measure_name(measure)


def _samples(contest: Contest) -> list[Contest]:
    """This contest and others in which people took part, this one first, then the newest."""
    others = sorted(find.all_contests(), key=lambda each: (each.id != contest.id, -each.id))
    return [
        each
        for each in others
        if each.state != ContestState.DRAFT and ladder_counts.total(each.id, ladder_counts.EVERYBODY)
    ]


@dataclass(frozen=True)
class Effect:
    """Where a unit or street stands by the rule tried, and by the one that holds now."""

    name: str
    rank: int | None
    was: int | None
    score_words: str
    parts: str

    @property
    def moved_words(self) -> str:
        if self.rank is None or self.was is None or self.rank == self.was:
            return "不变" if self.rank == self.was else "–"
        return f"上升 {self.was - self.rank} 名" if self.rank < self.was else f"下降 {self.rank - self.was} 名"


def effect(sample: Contest, by: str, present: LadderRule, tried: LadderRule) -> list[Effect]:
    """Every row of the sample's ladder as the tried rule orders it."""
    before = {row.tally.code: row.place.rank for row in _ladder(sample, by, present)}
    return [
        Effect(row.tally.name, row.place.rank, before[row.tally.code], plain_number(rounded(row.score)), _parts(row))
        for row in _ladder(sample, by, tried)
    ]


def _ladder(sample: Contest, by: str, rule: LadderRule) -> Sequence[LadderRow]:
    read: Any = ladders.unit_tallies if by == "unit" else ladders.street_tallies
    return ladder(read(sample.id, rule), rule, full=sample.terms.full)


def _parts(row: LadderRow) -> str:
    return "，".join(f"{_name(measure)} {plain_number(rounded(value))}" for measure, value in row.measures.items())
