"""晋级 as forms: from which contest, by which rule; and one person more."""

from decimal import Decimal
from typing import Any, ClassVar

from quiz.rules import prize_plans
from quiz.rules.stages import Cut, CutBy
from quiz.web.forms.base import ChineseForm
from quiz.web.forms.typed import RadioField, SelectField, offered, points, text, whole

RULES = {
    CutBy.RANK: "个人榜前几名",
    CutBy.STREET: "每个街道前几名",
    CutBy.UNIT: "每个单位前几名",
    CutBy.MARK: "达到某个分数的人",
}


class CutForm(ChineseForm):
    """Sent with GET to be looked at, so that nothing is changed, and once more with POST to be applied."""

    class Meta:
        csrf = False  # the POST is guarded as every POST of the app is
        locales: ClassVar[list[str]] = ["zh"]

    earlier = SelectField("从哪一场晋级")
    by = RadioField("怎样晋级", choices=offered(RULES), default=CutBy.RANK.value)
    n = whole("前几名", needed=False)
    mark = points("达到几分", needed=False)

    def cut(self) -> Cut:
        return Cut(
            CutBy(self.by.data),
            n=int(self.n.data or 0) if self.by.data != CutBy.MARK else 0,
            mark=int(Decimal(self.mark.data or 0) * 100) if self.by.data == CutBy.MARK else 0,
        )

    def sent(self) -> dict[str, Any]:
        """What the confirming form carries on."""
        return {name: self[name].data or "" for name in ("earlier", "by", "n", "mark")}


class AddForm(ChineseForm):
    phone = text("手机号", most=20)
    name = text("姓名", most=40, needed=False)
    reason = text("原因", most=prize_plans.LONGEST_REASON)
