"""按比例组卷 as a form: how many of each kind, and shares of domains and difficulties in per cent."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Self

from werkzeug.datastructures import MultiDict
from wtforms import FieldList, Form, FormField, HiddenField

from question_bank.kinds import QuestionKind
from quiz.rules.contest import PaperPlanLine
from quiz.rules.quotas import KindQuota, by_shares
from quiz.rules.terms_reader import MOST_QUESTIONS
from quiz.rules.wording import points_in_words
from quiz.web.forms.plan import KINDS, MOST_LINES
from quiz.web.forms.typed import points, whole

USUAL_LEVELS = {"易": 50, "中": 35, "难": 15}
_POINTS = 500


class KindForm(Form):  # type: ignore[misc]  # WTForms has no types
    name = HiddenField()
    count = whole("道数", needed=False)
    points = points("每道分值")


class ShareForm(Form):  # type: ignore[misc]  # WTForms has no types
    name = HiddenField()
    share = whole("占百分之几", needed=False)


class QuotaForm(Form):  # type: ignore[misc]  # WTForms has no types
    """Sent by GET: it changes nothing, and its address says what was asked for."""

    kinds = FieldList(FormField(KindForm))
    domains = FieldList(FormField(ShareForm))
    levels = FieldList(FormField(ShareForm))

    @classmethod
    def showing(
        cls, sent: MultiDict[str, str], plan: Sequence[PaperPlanLine], domains: Sequence[str], levels: Sequence[str]
    ) -> Self:
        """What was sent; at first the kinds of the plan as it is, and even shares of what the bank has."""
        if sent:
            return cls(formdata=sent)
        even = by_shares(100, dict.fromkeys(domains, 1)) if domains else {}
        usual = USUAL_LEVELS if set(levels) == set(USUAL_LEVELS) else {}
        return cls(
            data={
                "kinds": [_kind_as_data(kind, plan) for kind in KINDS],
                "domains": [{"name": name, "share": str(even[name])} for name in domains],
                "levels": [{"name": name, "share": str(usual.get(name, ""))} for name in levels],
            }
        )

    def quotas(self) -> list[KindQuota]:
        return [
            KindQuota(QuestionKind(row["name"].data), int(row["count"].data), int(Decimal(row["points"].data) * 100))
            for row in self.kinds
            if int(row["count"].data or 0)
        ]

    def shares(self, part: str) -> dict[str, int]:
        """Of "domains" or "levels": per cent by name, those that are to come at all."""
        return {row["name"].data: int(row["share"].data) for row in self[part] if int(row["share"].data or 0)}

    def problems(self, domains: Sequence[str], levels: Sequence[str]) -> list[str]:
        """Sentences on what does not go together; the fields by themselves are valid."""
        sent = [[row["name"].data for row in self[part]] for part in ("kinds", "domains", "levels")]
        if not all(set(names) <= set(known) for names, known in zip(sent, (KINDS, domains, levels), strict=True)):
            return ["题库刚刚变了，请打开“按比例填”重新填一次。"]
        found = [
            f"各{word}的比例合计要是 100 %，现在是 {total} %。全部留空就是不限{word}。"
            for part, word in (("domains", "领域"), ("levels", "难度"))
            if (total := sum(self.shares(part).values())) not in (0, 100)
        ]
        total = sum(quota.count for quota in self.quotas())
        if not total:
            found.append("请至少给一种题型填上道数。")
        if total > MOST_QUESTIONS:
            found.append(f"一份卷子最多 {MOST_QUESTIONS} 道题，现在是 {total} 道。")
        return found


def too_many(lines: Sequence[PaperPlanLine]) -> list[str]:
    """A plan has only so many lines."""
    if len(lines) <= MOST_LINES:
        return []
    return [f"这样要分成 {len(lines)} 行，组卷方案最多 {MOST_LINES} 行。少用几种题型，或不限难度。"]


def _kind_as_data(kind: QuestionKind, plan: Sequence[PaperPlanLine]) -> dict[str, str]:
    lines = [line for line in plan if line.kind is kind]
    worth = lines[0].points if lines else _POINTS
    return {"name": kind.value, "count": str(sum(line.count for line in lines)), "points": points_in_words(worth)}
