"""Uploading a workbook, looking for questions, revising one."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Self

from flask_wtf.file import FileField, FileRequired
from wtforms import FieldList, Form, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional
from wtforms.widgets import DateInput

from question_bank import queries
from question_bank.content import MOST_OPTIONS, QuestionContent, letter
from question_bank.kinds import QuestionKind
from question_bank.pictures import PictureFile
from question_bank.reading.albums import Album
from question_bank.reading.drafts import Draft
from question_bank.rows import judged
from question_bank.writing import key_as_text
from quiz.web.forms.base import ChineseForm
from quiz.web.forms.typed import SelectField, offered, text, tidy

SPARE_OPTIONS = 2


class UploadForm(ChineseForm):
    file = FileField("试题文件", validators=[FileRequired("请选一个文件。")])
    bank = text("题库名称", most=100, render_kw={"list": "banks", "autocomplete": "off"})


class FilterForm(Form):  # type: ignore[misc]  # WTForms has no types
    """What to look for in a bank; it comes in the address."""

    kind = SelectField("题型", choices=offered({"": "全部题型", **{kind: kind.label for kind in QuestionKind}}))
    domain = SelectField("领域")
    words = StringField("题干、选项、解析里的字", filters=[tidy], validators=[Length(max=100)])
    difficulty = SelectField("难度")
    source = StringField("出处里的字", filters=[tidy], validators=[Length(max=100)])
    tag = SelectField("标签")
    review = SelectField(
        "审题",
        choices=offered({"": "不限", queries.DRAFTED: "待审", queries.REVIEWED: "已通过", queries.SENT_BACK: "已退回"}),
    )
    validity = SelectField(
        "有效期",
        choices=offered(
            {
                "": "不限", queries.EXPIRED: "已过期", queries.EXPIRES_SOON: "90 天内到期",
                queries.UNDATED: "没有写有效期",
            }
        ),
    )  # fmt: skip
    use = SelectField("用过没有", choices=offered({"": "不限", queries.USED: "竞赛用过", queries.UNUSED: "还没用过"}))
    state = SelectField("状态", choices=offered({queries.LIVE: "在用", queries.RETIRED: "已停用"}))

    def wanted(self) -> queries.Wanted:
        """What was asked for; an answer that is not on offer asks nothing."""
        given = {field.name: tidy(field.data) for field in self if field.data and _is_offered(field)}
        return queries.Wanted(**given)


def _is_offered(field: Any) -> bool:
    choices = getattr(field, "choices", None)
    return choices is None or any(str(value) == field.data for value, *_ in choices)


class ReviewForm(ChineseForm):
    note = StringField("审题意见", filters=[tidy], validators=[Length(max=300, message="最多 300 个字。")])


class TagsForm(ChineseForm):
    tags = StringField("标签", filters=[tidy], validators=[Length(max=300, message="最多 300 个字。")])


def _day(label: str) -> StringField:
    def readable(_form: Any, field: Any) -> None:
        try:
            date.fromisoformat(field.data)
        except ValueError as error:
            raise ValidationError("请填 2026-06-20 这样的日期。") from error

    return StringField(label, filters=[tidy], validators=[Optional(), readable], widget=DateInput())


def _long(label: str, most: int = 5_000) -> TextAreaField:
    return TextAreaField(label, filters=[tidy], validators=[Length(max=most, message=f"最多 {most} 个字。")])


class QuestionForm(ChineseForm):
    """One question; what it may say is settled by the same rules as at an import."""

    stem = _long("题干")
    options = FieldList(TextAreaField(filters=[tidy], render_kw={"rows": 1}), max_entries=MOST_OPTIONS)
    key = _long("答案")
    explanation = _long("解析")
    source = _long("来源", 1_000)
    domain = StringField("领域", filters=[tidy], validators=[Length(max=100, message="最多 100 个字。")])
    difficulty = StringField("难度", filters=[tidy], validators=[Length(max=20, message="最多 20 个字。")])
    checked_on = _day("核对日期")
    valid_until = _day("有效期至")
    picture = FileField("添一张图")
    picture_place = SelectField("放在哪里", default="0")

    @classmethod
    def showing(cls, content: QuestionContent) -> Self:
        spare = min(SPARE_OPTIONS, MOST_OPTIONS - len(content.options)) if content.kind.has_options else 0
        return cls(
            data={
                "stem": content.stem,
                "options": [*content.options, *[""] * spare],
                "key": key_as_text(content),
                "explanation": content.explanation,
                "source": content.source,
                "domain": content.domain,
                "difficulty": content.difficulty,
                "checked_on": content.checked_on.isoformat() if content.checked_on else "",
                "valid_until": content.valid_until.isoformat() if content.valid_until else "",
            }
        )

    def offer_places(self, kind: QuestionKind) -> None:
        """Where a picture may stand: with the stem, or with an option."""
        letters = [letter(number) for number in range(1, len(self.options) + 1)] if kind.has_options else []
        places = {"0": "题干", **{str(number): f"选项 {name}" for number, name in enumerate(letters, 1)}}
        self.picture_place.choices = offered(places)

    def content(
        self, kind: QuestionKind, kept: Sequence[tuple[int, PictureFile]] = ()
    ) -> tuple[QuestionContent | None, list[str], list[PictureFile]]:
        """The question as it was typed, or what is wrong with it; and its pictures.

        ``kept`` are the pictures it keeps, with their places.
        """
        options = [option.data for option in self.options] if kind.has_options else []
        while options and not options[-1]:
            options.pop()
        album = Album()
        marks = [(place, album.add(picture.data)) for place, picture in kept]
        if uploaded := self.picture.data:
            marks.append((int(self.picture_place.data or 0), album.add(uploaded.read())))
        options += [""] * (max([place for place, _ in marks], default=0) - len(options))
        draft = Draft(
            sheet="",
            row=0,
            kind=kind,
            exact=True,
            stem=self.stem.data,
            options=options,
            key=self.key.data,
            explanation=self.explanation.data,
            source=self.source.data,
            domain="/".join(part.strip() for part in self.domain.data.split("/") if part.strip()),
            difficulty=self.difficulty.data,
            checked_on=date.fromisoformat(self.checked_on.data) if self.checked_on.data else None,
            valid_until=date.fromisoformat(self.valid_until.data) if self.valid_until.data else None,
        )
        for place, mark in marks:
            if place:
                draft.options[place - 1] += mark
            else:
                draft.stem += mark
        result = judged(draft, album)
        return result.content, [problem.message for problem in result.problems], list(album.by_sha256.values())
