"""榜单算法 as a form: what is weighed, from which headcount on, and what settles ties."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Self

from wtforms import FieldList, Form, FormField, HiddenField

from quiz.rules.contest import ContestTerms, LadderRule, Measure, WeightedMeasure, number
from quiz.rules.wording import measure_name, points_in_words
from quiz.web.forms.contests import PartForm, changed
from quiz.web.forms.typed import SelectField, offered, points, whole

LADDERS = {"unit": "单位榜", "street": "街道榜"}
CHAIN = ("tie_1", "tie_2", "tie_3")
NO_TIE = ""

KNOWN: dict[str, tuple[str, LadderRule]] = {
    "both": ("参与率 50 % + 平均成绩 50 %（最常见）", LadderRule()),
    "three": (
        "参与率 40 % + 平均成绩 40 % + 优秀率 20 %",
        LadderRule(
            (
                WeightedMeasure(Measure.PARTICIPATION_RATE, Fraction(40)),
                WeightedMeasure(Measure.MEAN_SCORE, Fraction(40)),
                WeightedMeasure(Measure.EXCELLENT_RATE, Fraction(20), mark=9_000),
            )
        ),
    ),
    "team": ("团体总分：每家前 10 名", LadderRule((WeightedMeasure(Measure.BEST_N, Fraction(1), n=10),))),
    "widest": ("组织奖：参与率，其次参与人数", LadderRule((WeightedMeasure(Measure.PARTICIPATION_RATE),))),
    "average": ("平均成绩", LadderRule((WeightedMeasure(Measure.MEAN_SCORE),))),
    "most": ("参与人数", LadderRule((WeightedMeasure(Measure.PARTICIPANTS),))),
    "total": ("总成绩", LadderRule((WeightedMeasure(Measure.TOTAL_SCORE),))),
}
"""Rules that notices of such contests often announce, under names that people know."""


class MeasureForm(Form):  # type: ignore[misc]  # WTForms has no types
    name = HiddenField()
    weight = points("权重", needed=False)


class FormulaForm(PartForm):
    """One ladder's rule. ``sample`` names the contest on whose results it is tried."""

    measures = FieldList(FormField(MeasureForm))
    mark = points("多少分算优秀", needed=False)
    n = whole("前几名", least=1, needed=False)
    least = whole("应参加人数不到几人不排名")
    tie_1 = SelectField("得分相同，先比")
    tie_2 = SelectField("再比")
    tie_3 = SelectField("最后比")
    sample = SelectField("用哪场竞赛的成绩试算")

    by = "unit"
    title_of_part: ClassVar[str] = "榜单的算法"
    title = ""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name in CHAIN:
            self[name].choices = offered({NO_TIE: "不再比", **{m.value: measure_name(m) for m in Measure}})

    @classmethod
    def of(cls, by: str, rule: LadderRule, samples: Mapping[str, str]) -> Self:
        """The form with a rule as it is, or as it was sent."""
        weighted = {m.measure: m for m in rule.measures}
        chain = [*(measure.value for measure in rule.ties), *[NO_TIE] * 3][:3]
        form = cls(
            data={
                "measures": [
                    {"name": m.value, "weight": str(number(weighted[m].weight)) if m in weighted else ""}
                    for m in Measure
                ],
                "mark": points_in_words(next((m.mark for m in rule.measures if m.mark is not None), 9_000)),
                "n": str(next((m.n for m in rule.measures if m.n is not None), 10)),
                "least": str(rule.least_headcount),
                **dict(zip(CHAIN, chain, strict=True)),
                "sample": next(iter(samples), ""),
            }
        )
        form.by = by
        form.title = f"{LADDERS[by]}的算法"
        form.sample.choices = offered({"": "先不试算", **samples})
        return form

    def problem(self) -> str:
        """What does not go together, though the fields by themselves are valid; "" if nothing."""
        names = [row["name"].data for row in self.measures]
        if sorted(names) != sorted(m.value for m in Measure):
            return "这一页不完整，请重新打开再填。"
        weights = self._weights()
        if not any(weights.values()):
            return "请至少给一项填上权重。"
        if weights.get(Measure.EXCELLENT_RATE) and not self.mark.data:
            return "用了优秀率，请写明多少分算优秀。"
        if weights.get(Measure.BEST_N) and not self.n.data:
            return "用了前几名成绩之和，请写明前几名。"
        return ""

    def _weights(self) -> dict[Measure, Fraction]:
        return {
            Measure(row["name"].data): Fraction(Decimal(row["weight"].data))
            for row in self.measures
            if row["weight"].data
        }

    def rule(self) -> LadderRule:
        measures = tuple(
            WeightedMeasure(
                measure,
                weight,
                mark=int(Decimal(self.mark.data) * 100) if measure is Measure.EXCELLENT_RATE else None,
                n=int(self.n.data) if measure is Measure.BEST_N else None,
            )
            for measure, weight in self._weights().items()
            if weight
        )
        chain = tuple(dict.fromkeys(Measure(self[name].data) for name in CHAIN if self[name].data))
        return LadderRule(measures, int(self.least.data), chain)

    def applied_to(self, terms: ContestTerms) -> ContestTerms:
        """The terms with this rule, read anew so that every rule of theirs is checked."""
        with_rule = (
            replace(terms, unit_ladder=self.rule()) if self.by == "unit" else replace(terms, street_ladder=self.rule())
        )
        return changed(with_rule, {})
