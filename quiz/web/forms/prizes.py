"""抽奖 as forms: what is set up, the public number, and why somebody holds a prize no longer."""

from datetime import date
from decimal import Decimal
from typing import Any

from wtforms import FieldList, Form, FormField, StringField, ValidationError
from wtforms.validators import Optional
from wtforms.widgets import DateInput

from quiz.models.prizes import Leaving
from quiz.rules import prize_plans
from quiz.rules.prizes import DrawPlan, Method, Tier
from quiz.web.forms.base import ChineseForm
from quiz.web.forms.typed import RadioField, moment, offered, points, text, tidy, whole

METHODS = {Method.CHANCE: "抽奖：在达到分数线的人里抽", Method.RANK: "按名次发奖：不抽，前几名就是"}
ROWS = 4
_COLUMNS = ("name", "prizes", "substitutes", "least", "below", "prize")


class TierForm(Form):  # type: ignore[misc]  # WTForms has no types
    name = text("奖级", most=prize_plans.LONGEST_NAME, needed=False)
    prizes = whole("名额", needed=False)
    substitutes = whole("候补", needed=False)
    least = points("最低分", needed=False)
    below = points("低于", needed=False)
    prize = text("奖品", most=prize_plans.LONGEST_PRIZE, needed=False)

    @property
    def is_filled(self) -> bool:
        return any(self[name].data for name in _COLUMNS)

    def tier(self) -> Tier:
        return Tier(
            name=self.name.data or "",
            prizes=int(self.prizes.data or 0),
            substitutes=int(self.substitutes.data or 0),
            prize=self.prize.data or "",
            least=hundredths(self.least.data) or 0,
            below=hundredths(self.below.data),
        )


def hundredths(typed: str | None) -> int | None:
    return int(Decimal(typed) * 100) if typed else None


def _a_day(_form: Any, field: Any) -> None:
    try:
        date.fromisoformat(field.data)
    except ValueError as error:
        raise ValidationError("请填 2026-12-31 这样的日期。") from error


class DrawForm(ChineseForm):
    title = text("名称", most=prize_plans.LONGEST_TITLE)
    method = RadioField("怎样产生", choices=offered(METHODS), default=Method.CHANCE.value)
    tiers = FieldList(FormField(TierForm), min_entries=ROWS, max_entries=prize_plans.MOST_TIERS)
    step = points("人数不够时，分数线每次下调", needed=False)
    floor = points("最低下调到", needed=False)
    claim_until = StringField("领奖截止日期", filters=[tidy], widget=DateInput(), validators=[Optional(), _a_day])
    claim_where = text("在哪里领奖", most=60, needed=False)

    def plan(self) -> DrawPlan:
        return DrawPlan(
            method=Method(self.method.data),
            tiers=tuple(row.form.tier() for row in self.tiers if row.form.is_filled),
            step=hundredths(self.step.data) or 0,
            floor=hundredths(self.floor.data) or 0,
        )

    @property
    def last_day(self) -> date | None:
        return date.fromisoformat(self.claim_until.data) if self.claim_until.data else None


class AnnounceForm(ChineseForm):
    source = text("开奖号码的名称", most=prize_plans.LONGEST_SOURCE)
    public_at = moment("号码什么时候公布")


class NumberForm(ChineseForm):
    number = text("开奖号码", most=prize_plans.LONGEST_NUMBER)


class LeaveForm(ChineseForm):
    why = RadioField("为什么", choices=offered({why: why.label for why in Leaving}))
    note = text("说明", most=prize_plans.LONGEST_REASON, needed=False)


class CodeForm(ChineseForm):
    code = text("核销码", most=40)
