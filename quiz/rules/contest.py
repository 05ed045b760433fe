"""ContestTerms: everything the notice of a contest says, as one value that can be stored, compared and digested."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from question_bank.kinds import QuestionKind

SCHEMA = 1


class Per(StrEnum):
    """Within what the number of attempts is counted."""

    CONTEST = "contest"
    DAY = "day"
    ROUND = "round"


class Counts(StrEnum):
    """What counts of several attempts."""

    BEST = "best"
    DAILY_SUM = "daily_sum"
    LAST = "last"
    MEAN = "mean"


class Ties(StrEnum):
    """Equal to the last criterion: the rank is shared, or settled by moment and entry code."""

    SHARE = "share"
    NONE = "none"


class KeysShown(StrEnum):
    AFTER_ATTEMPT = "after_attempt"
    AFTER_CONTEST = "after_contest"


class MultipleChoiceRule(StrEnum):
    """多选 marking. A wrong option always gives nothing."""

    ALL_OR_NOTHING = "all_or_nothing"
    PARTIAL = "partial"
    PER_OPTION = "per_option"


class Measure(StrEnum):
    """What a ladder of units or streets weighs; each is brought to 0–100 (``quiz.rules.participation``)."""

    PARTICIPATION_RATE = "participation_rate"
    MEAN_SCORE = "mean_score"
    EXCELLENT_RATE = "excellent_rate"
    BEST_N = "best_n"
    PARTICIPANTS = "participants"
    NONZERO = "nonzero"
    ENTRIES = "entries"
    TOTAL_SCORE = "total_score"
    ENTRIES_PER_HEAD = "entries_per_head"


@dataclass(frozen=True)
class PaperPlanLine:
    """One line of 组卷方案. ``points`` is what one question is worth, in hundredths."""

    kind: QuestionKind
    count: int
    points: int
    domain: str | None = None
    difficulty: str | None = None


@dataclass(frozen=True)
class MultipleChoice:
    """``points`` (hundredths): for a right but incomplete choice, or for each right option; 0 with all or nothing."""

    rule: MultipleChoiceRule = MultipleChoiceRule.ALL_OR_NOTHING
    points: int = 0


@dataclass(frozen=True)
class Round:
    """第几轮: attempts of its own from one moment to another (the second one excluded)."""

    key: str
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class Attempts:
    allowed: int = 1
    per: Per = Per.CONTEST
    rounds: tuple[Round, ...] = ()


@dataclass(frozen=True)
class WeightedMeasure:
    """``mark`` (hundredths of a point) goes with 优秀率, ``n`` with the sum of the best."""

    measure: Measure
    weight: Fraction = Fraction(1)
    mark: int | None = None
    n: int | None = None


@dataclass(frozen=True)
class LadderRule:
    """How units, or streets, are ranked: a weighted mean of measures, then the chain ``ties``.

    A unit whose headcount lies below ``least_headcount`` is listed without a rank.
    """

    measures: tuple[WeightedMeasure, ...] = (
        WeightedMeasure(Measure.PARTICIPATION_RATE, Fraction(50)),
        WeightedMeasure(Measure.MEAN_SCORE, Fraction(50)),
    )
    least_headcount: int = 0
    ties: tuple[Measure, ...] = (Measure.PARTICIPATION_RATE, Measure.MEAN_SCORE, Measure.PARTICIPANTS)


@dataclass(frozen=True)
class Shown:
    """How much of each ladder everybody sees: a number of rows, ``"half"`` (rounded up) or ``"all"``."""

    person: int | str = 100
    unit: int | str = "half"
    street: int | str = "all"

    def rows(self, by: str, total: int) -> int:
        """How many of ``total`` rows of the ladder ``by`` are shown."""
        part: int | str = getattr(self, by)
        if part == "all":
            return total
        return (total + 1) // 2 if part == "half" else min(int(part), total)


@dataclass(frozen=True)
class About:
    """Who runs the contest and what else its notice says; plain texts."""

    host: str = ""
    contact: str = ""
    notice: str = ""


@dataclass(frozen=True)
class ContestTerms:
    """规程. Points are hundredths, spans whole seconds, moments aware; ``forget_on``: personal data goes that day.

    From ``certificate_mark`` on an attempt earns a certificate; None: there is none. With ``practice`` the questions
    may be practised while the contest runs. With ``freeze_s`` the ladders stand still from so long before the closing
    time until they are thawed.
    """

    title: str
    opens_at: datetime
    closes_at: datetime
    forget_on: date
    plan: tuple[PaperPlanLine, ...]
    mix_questions: bool = True
    mix_options: bool = True
    multiple_choice: MultipleChoice = MultipleChoice()
    time_limit_s: int = 1200
    question_limit_s: int | None = None
    grace_s: int = 10
    attempts: Attempts = Attempts()
    counts: Counts = Counts.BEST
    unit_ladder: LadderRule = LadderRule()
    street_ladder: LadderRule = LadderRule()
    ties: Ties = Ties.SHARE
    shown: Shown = Shown()
    keys_shown: KeysShown = KeysShown.AFTER_ATTEMPT
    time_zone: str = "Asia/Shanghai"
    about: About = About()
    certificate_mark: int | None = None
    practice: bool = False
    freeze_s: int | None = None

    @property
    def freezes_at(self) -> datetime | None:
        """封榜: from when on the ladders stand still, where they do."""
        return None if self.freeze_s is None else self.closes_at - timedelta(seconds=self.freeze_s)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def full(self) -> int:
        """满分, in hundredths."""
        return sum(line.count * line.points for line in self.plan)

    @property
    def questions(self) -> int:
        return sum(line.count for line in self.plan)

    def as_json(self) -> dict[str, Any]:
        """The complete ``terms`` object of CONTRACT §3."""
        return {
            "plan": [
                {
                    "kind": line.kind.value,
                    "domain": line.domain,
                    "difficulty": line.difficulty,
                    "count": line.count,
                    "points": number(Fraction(line.points, 100)),
                }
                for line in self.plan
            ],
            "mix_questions": self.mix_questions,
            "mix_options": self.mix_options,
            "multiple_choice": _without_none(
                rule=self.multiple_choice.rule.value,
                points=None
                if self.multiple_choice.rule is MultipleChoiceRule.ALL_OR_NOTHING
                else number(Fraction(self.multiple_choice.points, 100)),
            ),
            "time_limit_s": self.time_limit_s,
            "question_limit_s": self.question_limit_s,
            "grace_s": self.grace_s,
            "attempts": {
                "allowed": self.attempts.allowed,
                "per": self.attempts.per.value,
                "rounds": [
                    {"key": r.key, "from": _moment(r.opens_at), "to": _moment(r.closes_at)}
                    for r in self.attempts.rounds
                ],
            },
            "counts": self.counts.value,
            "unit_ladder": _ladder_as_json(self.unit_ladder),
            "street_ladder": _ladder_as_json(self.street_ladder),
            "ties": self.ties.value,
            "shown": {"person": self.shown.person, "unit": self.shown.unit, "street": self.shown.street},
            "keys_shown": self.keys_shown.value,
            "time_zone": self.time_zone,
            "about": {"host": self.about.host, "contact": self.about.contact, "notice": self.about.notice},
            "forget_on": self.forget_on.isoformat(),
            "certificate": None
            if self.certificate_mark is None
            else {"mark": number(Fraction(self.certificate_mark, 100))},
            "practice": self.practice,
            # Only where there is one: contests of before keep the terms, and the digest, that they had.
            **_without_none(freeze_s=self.freeze_s),
        }

    def stored(self) -> str:
        """Canonical JSON of the whole value: the form that is kept and digested."""
        value = {
            "schema": SCHEMA,
            "title": self.title,
            "opens_at": _moment(self.opens_at),
            "closes_at": _moment(self.closes_at),
            "terms": self.as_json(),
        }
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.stored().encode()).hexdigest()


def may_change_after_first_attempt(before: ContestTerms, after: ContestTerms) -> bool:
    """DESIGN §5: once somebody has started, only a later closing time and the texts may change."""
    texts = replace(before, title=after.title, about=after.about, closes_at=after.closes_at, forget_on=after.forget_on)
    return texts == after and after.closes_at >= before.closes_at and after.forget_on >= before.forget_on


def number(value: Fraction) -> int | float:
    """A number as JSON writes it: 5, not 5.0."""
    return int(value) if value.denominator == 1 else float(value)


def _ladder_as_json(rule: LadderRule) -> dict[str, Any]:
    return {
        "measures": [
            _without_none(
                measure=m.measure.value,
                weight=number(m.weight),
                mark=None if m.mark is None else number(Fraction(m.mark, 100)),
                n=m.n,
            )
            for m in rule.measures
        ],
        "least_headcount": rule.least_headcount,
        "ties": [measure.value for measure in rule.ties],
    }


def _without_none(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@lru_cache(maxsize=256)
def from_stored(text: str) -> ContestTerms:
    """The value again, from what ``stored`` wrote; the same text is read once."""
    from quiz.rules.terms_reader import read_terms

    value: Mapping[str, Any] = json.loads(text)
    return read_terms(value["terms"], title=value["title"], opens_at=value["opens_at"], closes_at=value["closes_at"])
