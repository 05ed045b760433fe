"""From JSON to ContestTerms: every unknown key or value is named, and what is left out has its default."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from datetime import timedelta
from fractions import Fraction
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from question_bank.kinds import QuestionKind
from quiz.rules.contest import (
    About,
    Attempts,
    ContestTerms,
    Counts,
    KeysShown,
    LadderRule,
    Measure,
    MultipleChoice,
    MultipleChoiceRule,
    PaperPlanLine,
    Per,
    Round,
    Shown,
    Ties,
    WeightedMeasure,
)
from quiz.rules.terms_values import (
    Wrong,
    boolean,
    date_of,
    hundredths,
    moment_of,
    object_of,
    one_of,
    part_of,
    question_limit_of,
    text_of,
    text_or_none,
    title_of,
    weight_of,
    whole,
    zone_of,
)

MOST_QUESTIONS = 300
DATA_IS_KEPT = timedelta(days=180)

_STANDARD: dict[str, Any] = {
    "plan": [
        {"kind": "single_choice", "domain": None, "difficulty": None, "count": 12, "points": 5},
        {"kind": "multiple_choice", "domain": None, "difficulty": None, "count": 4, "points": 5},
        {"kind": "true_false", "domain": None, "difficulty": None, "count": 4, "points": 5},
    ],
    "time_limit_s": 1200,
    "attempts": {"allowed": 3, "per": "contest", "rounds": []},
    "counts": "best",
}
PRESETS: dict[str, Mapping[str, Any]] = {"standard": _STANDARD}

Value = TypeVar("Value")


class TermsError(ValueError):
    """The terms cannot be used. ``problems``: one Chinese sentence each, beginning with the key at fault."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("；".join(self.problems))


def read_terms(value: Any, *, title: Any, opens_at: Any, closes_at: Any, preset: Any = "standard") -> ContestTerms:
    """The terms a contest is created with (CONTRACT §3). Raises TermsError naming everything that is wrong."""
    reader = _Reader()
    if not isinstance(preset, str) or preset not in PRESETS:
        raise TermsError([f"preset：没有名为 {preset!r} 的预设，可用的有 {'、'.join(PRESETS)}。"])
    if not isinstance(value, Mapping):
        raise TermsError(["terms：应是一个对象。"])
    given = {**PRESETS[preset], **value}
    with reader.at("terms"):
        reader.only(given, _KEYS)
        zone = reader.take(given, "time_zone", zone_of, default=ZoneInfo("Asia/Shanghai"))
        plan = reader.take(given, "plan", lambda lines: _plan(reader, lines), default=())
        multiple_choice = reader.take(
            given, "multiple_choice", lambda v: _multiple(reader, v), default=MultipleChoice()
        )
        attempts = reader.take(given, "attempts", lambda v: _attempts(reader, v, zone), default=Attempts())
        unit_ladder = reader.take(given, "unit_ladder", lambda v: _ladder(reader, v), default=LadderRule())
        street_ladder = reader.take(given, "street_ladder", lambda v: _ladder(reader, v), default=LadderRule())
        about = reader.take(given, "about", lambda v: _about(reader, v), default=About())
        shown = reader.take(given, "shown", lambda v: _shown(reader, v), default=Shown())
        certificate_mark = reader.take(
            given, "certificate", lambda v: _certificate(reader, v, full=_full(plan)), default=None
        )
    opens = reader.take({"opens_at": opens_at}, "opens_at", lambda v: moment_of(v, zone), default=None)
    closes = reader.take({"closes_at": closes_at}, "closes_at", lambda v: moment_of(v, zone), default=None)
    if opens and closes and closes <= opens:
        reader.problems.append("closes_at：结束时间要晚于开始时间。")
    name = reader.take({"title": title}, "title", title_of, default="")
    with reader.at("terms"):
        forget_on = reader.take(given, "forget_on", date_of, default=(closes.date() + DATA_IS_KEPT) if closes else None)
        if forget_on and closes and forget_on <= closes.astimezone(zone).date():
            reader.problems.append("terms.forget_on：个人信息的删除日期要晚于结束时间。")
        rest: dict[str, Any] = {
            "mix_questions": reader.take(given, "mix_questions", boolean, default=True),
            "mix_options": reader.take(given, "mix_options", boolean, default=True),
            "time_limit_s": reader.take(given, "time_limit_s", whole(1), default=1200),
            "question_limit_s": reader.take(given, "question_limit_s", question_limit_of, default=None),
            "grace_s": reader.take(given, "grace_s", whole(0), default=10),
            "counts": reader.take(given, "counts", one_of(Counts), default=Counts.BEST),
            "ties": reader.take(given, "ties", one_of(Ties), default=Ties.SHARE),
            "keys_shown": reader.take(given, "keys_shown", one_of(KeysShown), default=KeysShown.AFTER_ATTEMPT),
            "practice": reader.take(given, "practice", boolean, default=False),
            "freeze_s": reader.take(given, "freeze_s", lambda v: v and whole(1)(v), default=None),
        }
    if reader.problems or opens is None or closes is None or forget_on is None:
        raise TermsError(reader.problems)
    return ContestTerms(
        title=name,
        opens_at=opens,
        closes_at=closes,
        forget_on=forget_on,
        plan=plan,
        multiple_choice=multiple_choice,
        attempts=attempts,
        unit_ladder=unit_ladder,
        street_ladder=street_ladder,
        about=about,
        shown=shown,
        time_zone=str(zone),
        certificate_mark=certificate_mark,
        **rest,
    )


_KEYS = {
    "plan", "mix_questions", "mix_options", "multiple_choice", "time_limit_s", "question_limit_s", "grace_s",
    "attempts", "counts", "unit_ladder", "street_ladder", "ties", "shown", "keys_shown", "time_zone", "about",
    "forget_on", "certificate", "practice", "freeze_s",
}  # fmt: skip


class _Reader:
    """Collects every problem, each under the path of its key."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self._path: list[str] = []

    @contextmanager
    def at(self, key: str) -> Any:
        self._path.append(key)
        try:
            yield
        finally:
            self._path.pop()

    def only(self, value: Mapping[str, Any], known: set[str]) -> None:
        for key in value:
            if key not in known:
                self.say(str(key), "没有这个设置，请检查拼写或删去。")

    def say(self, key: str, message: str) -> None:
        path = ".".join([*self._path, key]).replace(".[", "[")
        self.problems.append(f"{path}：{message}")

    def take(self, given: Mapping[str, Any], key: str, read: Callable[[Any], Value], *, default: Any) -> Value:
        if key not in given:
            found: Value = default
            return found
        with self.at(key):
            try:
                return read(given[key])
            except Wrong as wrong:
                path = ".".join(self._path).replace(".[", "[")
                self.problems.append(f"{path}：{wrong}")
        fallback: Value = default
        return fallback

    def each(self, values: Any, read: Callable[[Any], Value | None]) -> tuple[Value, ...]:
        if not isinstance(values, list):
            raise Wrong("应是一个列表。")
        read_ones: list[Value] = []
        for place, value in enumerate(values):
            item: Value | None = self.take({f"[{place}]": value}, f"[{place}]", read, default=None)
            if item is not None:
                read_ones.append(item)
        return tuple(read_ones)


def _plan(reader: _Reader, lines: Any) -> tuple[PaperPlanLine, ...]:
    plan = reader.each(lines, lambda line: _plan_line(reader, line))
    if isinstance(lines, list) and not lines:
        raise Wrong("组卷方案还是空的，请至少加一行。")
    if sum(line.count for line in plan) > MOST_QUESTIONS:
        raise Wrong(f"一份试卷最多 {MOST_QUESTIONS} 道题。")
    return plan


def _plan_line(reader: _Reader, value: Any) -> PaperPlanLine | None:
    line = object_of(value)
    reader.only(line, {"kind", "domain", "difficulty", "count", "points"})
    for key in ("kind", "count"):
        if key not in line:
            reader.say(key, "缺少这一项。")
    kind = reader.take(line, "kind", one_of(QuestionKind), default=None)
    if kind and not kind.is_marked_by_machine:
        reader.say("kind", "简答题不能由系统阅卷，不能放进组卷方案。")
    count = reader.take(line, "count", whole(1), default=None)
    points = reader.take(line, "points", hundredths(least=1), default=500)
    domain = reader.take(line, "domain", text_or_none, default=None)
    difficulty = reader.take(line, "difficulty", text_or_none, default=None)
    if not kind or not count:
        return None
    return PaperPlanLine(kind=kind, count=count, points=points, domain=domain, difficulty=difficulty)


def _multiple(reader: _Reader, value: Any) -> MultipleChoice:
    value = object_of(value)
    reader.only(value, {"rule", "points"})
    rule = reader.take(value, "rule", one_of(MultipleChoiceRule), default=MultipleChoiceRule.ALL_OR_NOTHING)
    points = reader.take(value, "points", hundredths(least=0), default=None)
    if rule is MultipleChoiceRule.ALL_OR_NOTHING:
        return MultipleChoice(rule)
    if points is None:
        raise Wrong("部分得分的规则要写明 points（得几分）。")
    return MultipleChoice(rule, points)


def _attempts(reader: _Reader, value: Any, zone: ZoneInfo) -> Attempts:
    value = object_of(value)
    reader.only(value, {"allowed", "per", "rounds"})
    per = reader.take(value, "per", one_of(Per), default=Per.CONTEST)
    rounds = reader.take(
        value, "rounds", lambda rounds: reader.each(rounds, lambda r: _round(reader, r, zone)), default=()
    )
    if per is Per.ROUND and not rounds:
        raise Wrong("按轮次计次时，rounds 要写明每一轮的起止时间。")
    if len({r.key for r in rounds}) < len(rounds):
        raise Wrong("rounds 里有重复的 key。")
    return Attempts(reader.take(value, "allowed", whole(1), default=1), per, rounds)


def _round(reader: _Reader, value: Any, zone: ZoneInfo) -> Round:
    value = object_of(value)
    reader.only(value, {"key", "from", "to"})
    key = reader.take(value, "key", title_of, default="")
    opens = reader.take(value, "from", lambda v: moment_of(v, zone), default=None)
    closes = reader.take(value, "to", lambda v: moment_of(v, zone), default=None)
    if not key or opens is None or closes is None or closes <= opens:
        raise Wrong("每一轮要有 key、from 和晚于 from 的 to。")
    return Round(key, opens, closes)


def _ladder(reader: _Reader, value: Any) -> LadderRule:
    value = object_of(value)
    reader.only(value, {"measures", "least_headcount", "ties"})
    measures = reader.take(
        value,
        "measures",
        lambda ms: reader.each(ms, lambda m: _measure(reader, m)),
        default=LadderRule().measures,
    )
    if sum((m.weight for m in measures), Fraction(0)) <= 0:
        raise Wrong("各项权重之和要大于 0。")
    return LadderRule(
        measures=measures,
        least_headcount=reader.take(value, "least_headcount", whole(0), default=0),
        ties=reader.take(value, "ties", lambda names: reader.each(names, one_of(Measure)), default=LadderRule().ties),
    )


def _measure(reader: _Reader, value: Any) -> WeightedMeasure | None:
    value = object_of(value)
    reader.only(value, {"measure", "weight", "mark", "n"})
    if "measure" not in value:
        raise Wrong("缺少 measure。")
    measure = reader.take(value, "measure", one_of(Measure), default=None)
    weight = reader.take(value, "weight", weight_of, default=Fraction(1))
    mark = reader.take(value, "mark", hundredths(least=0), default=None)
    n = reader.take(value, "n", whole(1), default=None)
    if measure is Measure.EXCELLENT_RATE and mark is None:
        raise Wrong("优秀率要写明 mark（多少分算优秀）。")
    if measure is Measure.BEST_N and n is None:
        raise Wrong("前 n 名之和要写明 n。")
    return WeightedMeasure(measure, weight, mark, n) if measure else None


def _shown(reader: _Reader, value: Any) -> Shown:
    value = object_of(value)
    reader.only(value, {"person", "unit", "street"})
    return Shown(
        person=reader.take(value, "person", part_of, default=100),
        unit=reader.take(value, "unit", part_of, default="half"),
        street=reader.take(value, "street", part_of, default="all"),
    )


def _about(reader: _Reader, value: Any) -> About:
    value = object_of(value)
    reader.only(value, {"host", "contact", "notice"})
    return About(
        host=reader.take(value, "host", text_of, default=""),
        contact=reader.take(value, "contact", text_of, default=""),
        notice=reader.take(value, "notice", text_of, default=""),
    )


def _full(plan: tuple[PaperPlanLine, ...]) -> int:
    return sum(line.count * line.points for line in plan)


def _certificate(reader: _Reader, value: Any, *, full: int) -> int | None:
    """From how many points on there is a certificate; None for no certificates."""
    if value is None:
        return None
    value = object_of(value)
    reader.only(value, {"mark"})
    if "mark" not in value:
        raise Wrong("要写明 mark（得几分可以领证书）。")
    mark = reader.take(value, "mark", hundredths(least=1), default=None)
    if mark is not None and full and mark > full:
        raise Wrong("领证书的分数不能高于满分。")
    return mark
