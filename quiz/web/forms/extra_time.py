"""补时: for whom, how long, and why."""

import re
from typing import Any

from wtforms import HiddenField
from wtforms.validators import DataRequired

from quiz.rules.extra_time import LONGEST_REASON
from quiz.web.forms.base import ChineseForm
from quiz.web.forms.typed import RadioField, offered, text, whole

ONE, ALL = "one", "all"


class ExtraTimeForm(ChineseForm):
    whom = RadioField("给谁", choices=offered({ONE: "一个人", ALL: "所有正在答题的人"}))
    name = text("参赛编号或手机号", most=40, needed=False)
    minutes = whole("补几分钟", least=1)
    reason = text("原因", most=LONGEST_REASON)
    seen = HiddenField(validators=[DataRequired("页面不完整，请刷新后再试。")])

    @property
    def seen_id(self) -> int:
        """The last ruling that the page showed; -1 where the page was tampered with, which none is."""
        return int(self.seen.data) if re.fullmatch(r"\d{1,15}", self.seen.data or "") else -1

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = bool(super().validate(extra_validators))
        if self.whom.data == ONE and not self.name.data:
            self.name.errors = ["给一个人补时，请填参赛编号或手机号。"]
            return False
        return is_valid
