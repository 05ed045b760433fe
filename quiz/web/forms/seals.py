"""封存: what was on the page, and for a later seal why."""

import re

from wtforms import HiddenField
from wtforms.validators import DataRequired

from quiz.services.seals import LONGEST_REASON
from quiz.web.forms.base import ChineseForm
from quiz.web.forms.typed import text


class SealForm(ChineseForm):
    """The first seal needs no reason."""

    seen = HiddenField(validators=[DataRequired("页面不完整，请刷新后再试。")])

    @property
    def seen_number(self) -> int:
        """The last seal that the page showed; -1 where the page was tampered with, which none is."""
        return int(self.seen.data) if re.fullmatch(r"\d{1,9}", self.seen.data or "") else -1


class SealAgainForm(SealForm):
    reason = text("为什么再次封存", most=LONGEST_REASON)
