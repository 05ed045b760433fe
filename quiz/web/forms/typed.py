"""Fields of the console's forms that take text and keep what was typed: numbers, points, moments, lists."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wtforms import StringField, TextAreaField, ValidationError, fields
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, Regexp
from wtforms.widgets import DateTimeLocalInput

from quiz.rules.contest import ContestTerms


def tidy(typed: str | None) -> str:
    """What was typed, without the space around it and without NUL, which no database takes."""
    return (typed or "").replace("\x00", "").replace("\r\n", "\n").strip()


def text(label: str, *, most: int, needed: bool = True, **more: Any) -> StringField:
    first = DataRequired(f"请填{label}。") if needed else Optional()
    return StringField(
        label, filters=[tidy], validators=[first, Length(max=most, message=f"最多 {most} 个字。")], **more
    )


def long_text(label: str, *, most: int) -> TextAreaField:
    return TextAreaField(label, filters=[tidy], validators=[Length(max=most, message=f"最多 {most} 个字。")])


def whole(label: str, *, least: int = 0, needed: bool = True) -> StringField:
    """A whole number, as text: what was typed stays on the page when it is none."""

    def large_enough(_form: Any, field: Any) -> None:
        if not field.errors and int(field.data) < least:
            raise ValidationError(f"请填不小于 {least} 的整数。")

    first = DataRequired("请填一个整数。") if needed else Optional()
    number = Regexp(r"[0-9]{1,7}$", message="请填整数，例如 20。")
    return StringField(label, filters=[tidy], validators=[first, number, large_enough], render_kw=_NUMERIC)


def points(label: str, *, needed: bool = True) -> StringField:
    first = DataRequired("请填分值。") if needed else Optional()
    number = Regexp(r"[0-9]{1,5}(\.[0-9]{1,2})?$", message="请填分值，最多两位小数，例如 5 或 2.5。")
    return StringField(label, filters=[tidy], validators=[first, number], render_kw=_NUMERIC)


_NUMERIC = {"class": "short", "inputmode": "decimal", "autocomplete": "off"}


def moment(label: str, *, needed: bool = True) -> StringField:
    """A moment in the contest's zone, as the browser's own field gives it."""

    def readable(_form: Any, field: Any) -> None:
        try:
            typed = datetime.fromisoformat(field.data)
        except ValueError as error:
            raise ValidationError("请填 2026-06-20T09:00 这样的时间。") from error
        if not 2000 < typed.year < 2200:
            raise ValidationError("请核对年份。")

    first = DataRequired(f"请填{label}。") if needed else Optional()
    return StringField(label, filters=[tidy], validators=[first, readable], widget=DateTimeLocalInput())


class SelectField(fields.SelectField):  # type: ignore[misc]  # WTForms has no types
    """One of a list; what is not on it is said in Chinese."""

    def pre_validate(self, form: Any) -> None:
        if self.data not in [choice.value for choice in self.choices or ()]:
            raise ValidationError("请从列表里选一项。")


def offered(words: Mapping[Any, str]) -> list[SelectChoice]:
    """Choices from values and what they are called."""
    return [SelectChoice(str(value), label) for value, label in words.items()]


class RadioField(fields.RadioField):  # type: ignore[misc]  # WTForms has no types
    """The same as rows to touch."""

    pre_validate = SelectField.pre_validate


def local(moment: datetime, terms: ContestTerms) -> str:
    """A moment as a datetime-local field shows it."""
    there = moment.astimezone(terms.zone).replace(tzinfo=None)
    return there.isoformat(timespec="milliseconds" if there.microsecond else "seconds" if there.second else "minutes")
