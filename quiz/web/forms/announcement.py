"""公示: what it holds, what it says, who signs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import StringField, ValidationError
from wtforms.validators import DataRequired
from wtforms.widgets import DateInput

from quiz.rules.announcements import LADDERS, LONGEST_HEADING, LONGEST_LINE, LONGEST_REASON, LONGEST_TEXT, Wish
from quiz.web.forms.base import ChineseForm
from quiz.web.forms.typed import long_text, text, tidy, whole


def day(label: str) -> StringField:
    """A date, as the browser's own field gives it; what was typed stays on the page when it is none."""

    def readable(_form: Any, field: Any) -> None:
        try:
            typed = date.fromisoformat(field.data)
        except ValueError as error:
            raise ValidationError("请填 2026-07-21 这样的日期。") from error
        if not 2000 < typed.year < 2200:
            raise ValidationError("请核对年份。")

    return StringField(label, filters=[tidy], validators=[DataRequired(f"请填{label}。"), readable], widget=DateInput())


class AnnouncementForm(ChineseForm):
    heading = text("标题", most=LONGEST_HEADING)
    opening = long_text("开头", most=LONGEST_TEXT)
    person = whole("个人榜公示几名")
    unit = whole("单位榜公示几个")
    street = whole("街道榜公示几个")
    closing = long_text("结尾", most=LONGEST_TEXT)
    objections_from = day("公示期第一天")
    objections_to = day("公示期最后一天")
    contact = text("联系方式", most=LONGEST_LINE)
    office = text("落款单位", most=LONGEST_LINE)
    signed_on = day("落款日期")
    reason = text("更改的原因", most=LONGEST_REASON, needed=False)

    def wish(self) -> Wish:
        """What a valid form asks for."""
        return Wish(
            heading=self.heading.data,
            opening=self.opening.data or "",
            closing=self.closing.data or "",
            rows={by: int(self[by].data) for by in LADDERS},
            objections_from=date.fromisoformat(self.objections_from.data),
            objections_to=date.fromisoformat(self.objections_to.data),
            contact=self.contact.data,
            office=self.office.data,
            signed_on=date.fromisoformat(self.signed_on.data),
        )

    def add_complaints(self, found: Mapping[str, str]) -> None:
        """The service's complaints, each beside its field."""
        for name, sentence in found.items():
            self[name].errors = [*self[name].errors, sentence]


def form_from(wish: Wish) -> AnnouncementForm:
    """A form that shows this wish."""
    return AnnouncementForm(
        formdata=None,
        data={
            "heading": wish.heading,
            "opening": wish.opening,
            "closing": wish.closing,
            **{by: str(rows) for by, rows in wish.rows.items()},
            "objections_from": wish.objections_from.isoformat(),
            "objections_to": wish.objections_to.isoformat(),
            "contact": wish.contact,
            "office": wish.office,
            "signed_on": wish.signed_on.isoformat(),
        },
    )
