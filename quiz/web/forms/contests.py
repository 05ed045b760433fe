"""Setting a contest up, a few fields at a time: each form changes one part of the terms."""

import re
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Self

from wtforms import BooleanField, FieldList, Form, FormField, StringField, ValidationError
from wtforms.validators import DataRequired, Length, Regexp
from wtforms.widgets import DateInput

from quiz.rules.contest import (
    ContestTerms,
    Counts,
    KeysShown,
    LadderRule,
    Measure,
    MultipleChoiceRule,
    Per,
    Ties,
    WeightedMeasure,
    number,
)
from quiz.rules.question_turns import LEAST_S, MOST_S
from quiz.rules.terms_reader import TermsError, read_terms
from quiz.rules.wording import points_in_words
from quiz.web.forms.base import ChineseForm
from quiz.web.forms.typed import RadioField, SelectField, local, long_text, moment, offered, points, text, tidy, whole

MOST_ROUNDS = 30
EMPTY_ROUNDS = 2

# --- one part of the terms each --------------------------------------------------------------------------------------


class PartForm(ChineseForm):
    """A part of the terms. ``reason`` is asked for once the contest is published."""

    title_of_part: ClassVar[str] = ""
    reason = StringField("修改原因", filters=[tidy], validators=[Length(max=200, message="最多 200 个字。")])

    @classmethod
    def showing(cls, terms: ContestTerms) -> Self:
        """The form with the terms as they are, or as they were sent."""
        return cls(data=cls.data_of(terms))

    @classmethod
    def data_of(cls, terms: ContestTerms) -> dict[str, Any]:
        raise NotImplementedError

    def changes(self) -> dict[str, Any]:
        """Keys of CONTRACT §3 with their new values."""
        raise NotImplementedError

    def applied_to(self, terms: ContestTerms) -> ContestTerms:
        """The terms with this part changed. Raises TermsError."""
        return changed(terms, self.changes())


_OUTSIDE = ("title", "opens_at", "closes_at")


def changed(terms: ContestTerms, changes: dict[str, Any]) -> ContestTerms:
    """The terms with some keys of CONTRACT §3 replaced, read anew so that every rule of theirs is checked."""
    inside = {key: value for key, value in changes.items() if key not in _OUTSIDE}
    outside: dict[str, Any] = {key: getattr(terms, key) for key in _OUTSIDE}
    outside.update((key, value) for key, value in changes.items() if key in _OUTSIDE)
    return read_terms({**terms.as_json(), **inside}, **outside)


def sentences_of(error: TermsError) -> list[str]:
    """The problems without the names of their keys, which only programs know."""
    return [problem.partition("：")[2] or problem for problem in error.problems]


class BasicsForm(PartForm):
    title_of_part = "名称与起止时间"
    title = text("竞赛名称", most=100)
    opens_at = moment("开始时间")
    closes_at = moment("结束时间")

    @classmethod
    def data_of(cls, terms: ContestTerms) -> dict[str, Any]:
        return {
            "title": terms.title,
            "opens_at": local(terms.opens_at, terms),
            "closes_at": local(terms.closes_at, terms),
        }

    def changes(self) -> dict[str, Any]:
        return {"title": self.title.data, "opens_at": self.opens_at.data, "closes_at": self.closes_at.data}


PER = {Per.CONTEST: "整个竞赛", Per.DAY: "每天", Per.ROUND: "每轮（在下面填写各轮起止时间）"}
COUNTS = {
    Counts.BEST: "最好的一次",
    Counts.DAILY_SUM: "每天最好的一次相加",
    Counts.LAST: "最后一次",
    Counts.MEAN: "各次平均",
}


class RoundForm(Form):  # type: ignore[misc]  # WTForms has no types
    key = text("名称", most=30, needed=False)
    opens_at = moment("开始", needed=False)
    closes_at = moment("结束", needed=False)


class TimesForm(PartForm):
    title_of_part = "时间与次数"
    minutes = whole("每次限时（分钟）")
    seconds = whole("再加几秒")
    question_s = whole("每题限时（秒，留空为不限）", needed=False)
    grace_s = whole("网络宽限（秒）")
    allowed = whole("可答次数", least=1)
    per = RadioField("次数按什么算", choices=offered(PER))
    counts = RadioField("多次作答，成绩取", choices=offered(COUNTS))
    rounds = FieldList(FormField(RoundForm), max_entries=MOST_ROUNDS)

    @classmethod
    def data_of(cls, terms: ContestTerms) -> dict[str, Any]:
        rounds = [
            {"key": r.key, "opens_at": local(r.opens_at, terms), "closes_at": local(r.closes_at, terms)}
            for r in terms.attempts.rounds
        ]
        minutes, seconds = divmod(terms.time_limit_s, 60)
        return {
            "minutes": str(minutes),
            "seconds": str(seconds),
            "question_s": str(terms.question_limit_s or ""),
            "grace_s": str(terms.grace_s),
            "allowed": str(terms.attempts.allowed),
            "per": terms.attempts.per.value,
            "counts": terms.counts.value,
            "rounds": rounds + [{"key": "", "opens_at": "", "closes_at": ""}] * EMPTY_ROUNDS,
        }

    def validate_question_s(self, field: Any) -> None:
        if not field.errors and field.data and not LEAST_S <= int(field.data) <= MOST_S:
            raise ValidationError(f"每题限时请填 {LEAST_S} 到 {MOST_S} 秒，或留空。")

    def validate_seconds(self, field: Any) -> None:
        if not (field.errors or self.minutes.errors) and int(self.minutes.data) * 60 + int(field.data) < 1:
            raise ValidationError("限时至少 1 秒。")

    def changes(self) -> dict[str, Any]:
        rounds = [
            {"key": row.key.data, "from": row.opens_at.data, "to": row.closes_at.data}
            for row in self.rounds
            if row.key.data or row.opens_at.data or row.closes_at.data
        ]
        return {
            "time_limit_s": int(self.minutes.data) * 60 + int(self.seconds.data),
            "question_limit_s": int(self.question_s.data) if self.question_s.data else None,
            "grace_s": int(self.grace_s.data),
            "attempts": {"allowed": int(self.allowed.data), "per": self.per.data, "rounds": rounds},
            "counts": self.counts.data,
        }


RULES = {
    MultipleChoiceRule.ALL_OR_NOTHING: "全部选对才得分",
    MultipleChoiceRule.PARTIAL: "漏选但没有选错，得一部分分（在下面填几分）",
    MultipleChoiceRule.PER_OPTION: "没有选错时，每选对一项得几分（在下面填几分）",
}
KEYS = {KeysShown.AFTER_ATTEMPT: "交卷后马上看", KeysShown.AFTER_CONTEST: "竞赛结束后才能看"}


class MarkingForm(PartForm):
    title_of_part = "判分与顺序"
    rule = RadioField("多选题怎么给分", choices=offered(RULES))
    partial = points("漏选或每项得几分", needed=False)
    mix_questions = BooleanField("每个人的题目顺序不同")
    mix_options = BooleanField("每个人的选项顺序不同")
    keys_shown = RadioField("答案、解析和出处", choices=offered(KEYS))

    @classmethod
    def data_of(cls, terms: ContestTerms) -> dict[str, Any]:
        given = terms.multiple_choice.points
        return {
            "rule": terms.multiple_choice.rule.value,
            "partial": points_in_words(given) if given else "",
            "mix_questions": terms.mix_questions,
            "mix_options": terms.mix_options,
            "keys_shown": terms.keys_shown.value,
        }

    def validate_rule(self, field: Any) -> None:
        if field.data != MultipleChoiceRule.ALL_OR_NOTHING and not self.partial.data:
            raise ValidationError("请在下面填写得几分。")

    def changes(self) -> dict[str, Any]:
        rule: dict[str, Any] = {"rule": self.rule.data}
        if self.rule.data != MultipleChoiceRule.ALL_OR_NOTHING:
            rule["points"] = Decimal(self.partial.data)
        return {
            "multiple_choice": rule,
            "mix_questions": self.mix_questions.data,
            "mix_options": self.mix_options.data,
            "keys_shown": self.keys_shown.data,
        }


def _only(measure: Measure) -> LadderRule:
    return LadderRule(measures=(WeightedMeasure(measure),))


LADDERS = {
    "both": ("参与率和平均成绩各占一半", LadderRule()),
    "mean_score": ("只比平均成绩", _only(Measure.MEAN_SCORE)),
    "participation_rate": ("只比参与率", _only(Measure.PARTICIPATION_RATE)),
    "participants": ("只比参与人数", _only(Measure.PARTICIPANTS)),
    "total_score": ("只比总成绩", _only(Measure.TOTAL_SCORE)),
}
KEPT = "kept"
TIES = {Ties.SHARE: "名次并列", Ties.NONE: "按参赛编号排，不并列"}


def _named(rule: LadderRule) -> str:
    for name, (_words, known) in LADDERS.items():
        if replace(rule, least_headcount=0) == known:
            return name
    return KEPT


class LaddersForm(PartForm):
    title_of_part = "排行榜"
    unit_rule = SelectField("单位榜怎么排")
    unit_least = whole("单位应参加人数不到几人不排名")
    street_rule = SelectField("街道榜怎么排")
    street_least = whole("街道应参加人数不到几人不排名")
    ties = RadioField("成绩、用时、交卷时间都相同", choices=offered(TIES))
    person_shown = text("个人榜公开几名", most=10)
    unit_shown = text("单位榜公开几个", most=10)
    street_shown = text("街道榜公开几个", most=10)
    freeze_h = whole("结束前几小时封榜", needed=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        words = {name: words for name, (words, _rule) in LADDERS.items()}
        self.unit_rule.choices = self.street_rule.choices = offered({**words, KEPT: "保持现在的规则"})

    @classmethod
    def data_of(cls, terms: ContestTerms) -> dict[str, Any]:
        return {
            "unit_rule": _named(terms.unit_ladder),
            "unit_least": str(terms.unit_ladder.least_headcount),
            "street_rule": _named(terms.street_ladder),
            "street_least": str(terms.street_ladder.least_headcount),
            "ties": terms.ties.value,
            "person_shown": _part_as_text(terms.shown.person),
            "unit_shown": _part_as_text(terms.shown.unit),
            "street_shown": _part_as_text(terms.shown.street),
            "freeze_h": "" if terms.freeze_s is None else str(number(Fraction(terms.freeze_s, 3600))),
        }

    def validate_person_shown(self, field: Any) -> None:
        _part_from(field.data)

    validate_unit_shown = validate_street_shown = validate_person_shown

    def changes(self) -> dict[str, Any]:
        return {
            "ties": self.ties.data,
            "shown": {by: _part_from(self[f"{by}_shown"].data) for by in ("person", "unit", "street")},
            "freeze_s": int(self.freeze_h.data) * 3600 if int(self.freeze_h.data or 0) else None,
        }

    def applied_to(self, terms: ContestTerms) -> ContestTerms:
        units = _ladder(self.unit_rule.data, int(self.unit_least.data), terms.unit_ladder)
        streets = _ladder(self.street_rule.data, int(self.street_least.data), terms.street_ladder)
        return replace(super().applied_to(terms), unit_ladder=units, street_ladder=streets)


def _ladder(name: str, least: int, now: LadderRule) -> LadderRule:
    return replace(now if name == KEPT else LADDERS[name][1], least_headcount=least)


_PARTS = {"half": "一半", "all": "全部"}


def _part_as_text(part: int | str) -> str:
    return _PARTS.get(str(part), str(part))


def _part_from(typed: str) -> int | str:
    for part, words in _PARTS.items():
        if typed in (words, part):
            return part
    if not re.fullmatch(r"[0-9]{1,7}", typed):
        raise ValidationError("请填一个整数，或填“一半”“全部”。")
    return int(typed)


class TextsForm(PartForm):
    title_of_part = "说明与联系"
    host = text("主办单位", most=100, needed=False)
    contact = text("联系方式", most=200, needed=False)
    notice = long_text("竞赛公告", most=20_000)
    forget_on = StringField(
        "个人信息删除日期",
        filters=[tidy],
        widget=DateInput(),
        validators=[
            DataRequired("请填个人信息的删除日期。"),
            Regexp(r"\d{4}-\d\d-\d\d$", message="请填 2026-12-31 这样的日期。"),
        ],
    )

    @classmethod
    def data_of(cls, terms: ContestTerms) -> dict[str, Any]:
        about = terms.about
        return {"host": about.host, "contact": about.contact, "notice": about.notice,
                "forget_on": terms.forget_on.isoformat()}  # fmt: skip

    def changes(self) -> dict[str, Any]:
        about = {name: self[name].data or "" for name in ("host", "contact", "notice")}
        return {"about": about, "forget_on": self.forget_on.data}


class RewardsForm(PartForm):
    title_of_part = "证书与练习"
    mark = points("达到几分可以领证书", needed=False)
    practice = BooleanField("竞赛期间，这些题也可以练习")

    @classmethod
    def data_of(cls, terms: ContestTerms) -> dict[str, Any]:
        mark = terms.certificate_mark
        return {"mark": "" if mark is None else points_in_words(mark), "practice": terms.practice}

    def changes(self) -> dict[str, Any]:
        mark = self.mark.data
        return {"certificate": {"mark": Decimal(mark)} if mark else None, "practice": self.practice.data}


PARTS: dict[str, type[PartForm]] = {
    "basics": BasicsForm,
    "times": TimesForm,
    "marking": MarkingForm,
    "ladders": LaddersForm,
    "rewards": RewardsForm,
    "texts": TextsForm,
}


# --- new ones, and acts on published ones ----------------------------------------------------------------------------


def _slug() -> StringField:
    return text("网址名", most=60, render_kw={"autocapitalize": "none", "spellcheck": "false"})


class CopyForm(ChineseForm):
    title = text("竞赛名称", most=100)
    slug = _slug()
    opens_at = moment("开始时间")
    closes_at = moment("结束时间")


class NewForm(CopyForm):
    bank = SelectField("题库")


class ClosingForm(ChineseForm):
    closes_at = moment("新的结束时间")
    reason = text("原因", most=200)


class ReasonForm(ChineseForm):
    reason = text("原因", most=200)


class HeadcountForm(ChineseForm):
    place = StringField("单位或街道", filters=[tidy], validators=[DataRequired("请选一个单位或街道。")])
    headcount = whole("应参加人数")
    reason = text("原因", most=200)
