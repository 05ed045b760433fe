"""From JSON to ContestTerms: every unknown key or value is named, and what is left out has its default."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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
from quiz.rules.question_turns import LEAST_S, MOST_S

MOST_QUESTIONS = 300
YEARS = range(2000, 2200)
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
Choice = TypeVar("Choice", bound=StrEnum)


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
        zone = reader.take(given, "time_zone", _zone, default=ZoneInfo("Asia/Shanghai"))
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
    name = reader.take({"title": title}, "title", _title, default="")
    with reader.at("terms"):
        forget_on = reader.take(given, "forget_on", date_of, default=(closes.date() + DATA_IS_KEPT) if closes else None)
        if forget_on and closes and forget_on <= closes.astimezone(zone).date():
            reader.problems.append("terms.forget_on：个人信息的删除日期要晚于结束时间。")
        rest: dict[str, Any] = {
            "mix_questions": reader.take(given, "mix_questions", _boolean, default=True),
            "mix_options": reader.take(given, "mix_options", _boolean, default=True),
            "time_limit_s": reader.take(given, "time_limit_s", whole(1), default=1200),
            "question_limit_s": reader.take(given, "question_limit_s", _question_limit, default=None),
            "grace_s": reader.take(given, "grace_s", whole(0), default=10),
            "counts": reader.take(given, "counts", one_of(Counts), default=Counts.BEST),
            "ties": reader.take(given, "ties", one_of(Ties), default=Ties.SHARE),
            "keys_shown": reader.take(given, "keys_shown", one_of(KeysShown), default=KeysShown.AFTER_ATTEMPT),
            "practice": reader.take(given, "practice", _boolean, default=False),
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


class _Wrong(Exception):
    """The value at hand cannot be used; the text says why."""


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
            except _Wrong as wrong:
                path = ".".join(self._path).replace(".[", "[")
                self.problems.append(f"{path}：{wrong}")
        fallback: Value = default
        return fallback

    def each(self, values: Any, read: Callable[[Any], Value | None]) -> tuple[Value, ...]:
        if not isinstance(values, list):
            raise _Wrong("应是一个列表。")
        read_ones: list[Value] = []
        for place, value in enumerate(values):
            item: Value | None = self.take({f"[{place}]": value}, f"[{place}]", read, default=None)
            if item is not None:
                read_ones.append(item)
        return tuple(read_ones)


def _plan(reader: _Reader, lines: Any) -> tuple[PaperPlanLine, ...]:
    plan = reader.each(lines, lambda line: _plan_line(reader, line))
    if isinstance(lines, list) and not lines:
        raise _Wrong("组卷方案还是空的，请至少加一行。")
    if sum(line.count for line in plan) > MOST_QUESTIONS:
        raise _Wrong(f"一份试卷最多 {MOST_QUESTIONS} 道题。")
    return plan


def _plan_line(reader: _Reader, value: Any) -> PaperPlanLine | None:
    line = _object(value)
    reader.only(line, {"kind", "domain", "difficulty", "count", "points"})
    for key in ("kind", "count"):
        if key not in line:
            reader.say(key, "缺少这一项。")
    kind = reader.take(line, "kind", one_of(QuestionKind), default=None)
    if kind and not kind.is_marked_by_machine:
        reader.say("kind", "简答题不能由系统阅卷，不能放进组卷方案。")
    count = reader.take(line, "count", whole(1), default=None)
    points = reader.take(line, "points", hundredths(least=1), default=500)
    domain = reader.take(line, "domain", _text_or_none, default=None)
    difficulty = reader.take(line, "difficulty", _text_or_none, default=None)
    if not kind or not count:
        return None
    return PaperPlanLine(kind=kind, count=count, points=points, domain=domain, difficulty=difficulty)


def _multiple(reader: _Reader, value: Any) -> MultipleChoice:
    value = _object(value)
    reader.only(value, {"rule", "points"})
    rule = reader.take(value, "rule", one_of(MultipleChoiceRule), default=MultipleChoiceRule.ALL_OR_NOTHING)
    points = reader.take(value, "points", hundredths(least=0), default=None)
    if rule is MultipleChoiceRule.ALL_OR_NOTHING:
        return MultipleChoice(rule)
    if points is None:
        raise _Wrong("部分得分的规则要写明 points（得几分）。")
    return MultipleChoice(rule, points)


def _attempts(reader: _Reader, value: Any, zone: ZoneInfo) -> Attempts:
    value = _object(value)
    reader.only(value, {"allowed", "per", "rounds"})
    per = reader.take(value, "per", one_of(Per), default=Per.CONTEST)
    rounds = reader.take(
        value, "rounds", lambda rounds: reader.each(rounds, lambda r: _round(reader, r, zone)), default=()
    )
    if per is Per.ROUND and not rounds:
        raise _Wrong("按轮次计次时，rounds 要写明每一轮的起止时间。")
    if len({r.key for r in rounds}) < len(rounds):
        raise _Wrong("rounds 里有重复的 key。")
    return Attempts(reader.take(value, "allowed", whole(1), default=1), per, rounds)


def _round(reader: _Reader, value: Any, zone: ZoneInfo) -> Round:
    value = _object(value)
    reader.only(value, {"key", "from", "to"})
    key = reader.take(value, "key", _title, default="")
    opens = reader.take(value, "from", lambda v: moment_of(v, zone), default=None)
    closes = reader.take(value, "to", lambda v: moment_of(v, zone), default=None)
    if not key or opens is None or closes is None or closes <= opens:
        raise _Wrong("每一轮要有 key、from 和晚于 from 的 to。")
    return Round(key, opens, closes)


def _ladder(reader: _Reader, value: Any) -> LadderRule:
    value = _object(value)
    reader.only(value, {"measures", "least_headcount", "ties"})
    measures = reader.take(
        value,
        "measures",
        lambda ms: reader.each(ms, lambda m: _measure(reader, m)),
        default=LadderRule().measures,
    )
    if sum((m.weight for m in measures), Fraction(0)) <= 0:
        raise _Wrong("各项权重之和要大于 0。")
    return LadderRule(
        measures=measures,
        least_headcount=reader.take(value, "least_headcount", whole(0), default=0),
        ties=reader.take(value, "ties", lambda names: reader.each(names, one_of(Measure)), default=LadderRule().ties),
    )


def _measure(reader: _Reader, value: Any) -> WeightedMeasure | None:
    value = _object(value)
    reader.only(value, {"measure", "weight", "mark", "n"})
    if "measure" not in value:
        raise _Wrong("缺少 measure。")
    measure = reader.take(value, "measure", one_of(Measure), default=None)
    weight = reader.take(value, "weight", _weight, default=Fraction(1))
    mark = reader.take(value, "mark", hundredths(least=0), default=None)
    n = reader.take(value, "n", whole(1), default=None)
    if measure is Measure.EXCELLENT_RATE and mark is None:
        raise _Wrong("优秀率要写明 mark（多少分算优秀）。")
    if measure is Measure.BEST_N and n is None:
        raise _Wrong("前 n 名之和要写明 n。")
    return WeightedMeasure(measure, weight, mark, n) if measure else None


def _shown(reader: _Reader, value: Any) -> Shown:
    value = _object(value)
    reader.only(value, {"person", "unit", "street"})
    return Shown(
        person=reader.take(value, "person", _part, default=100),
        unit=reader.take(value, "unit", _part, default="half"),
        street=reader.take(value, "street", _part, default="all"),
    )


def _about(reader: _Reader, value: Any) -> About:
    value = _object(value)
    reader.only(value, {"host", "contact", "notice"})
    return About(
        host=reader.take(value, "host", _text, default=""),
        contact=reader.take(value, "contact", _text, default=""),
        notice=reader.take(value, "notice", _text, default=""),
    )


def _full(plan: tuple[PaperPlanLine, ...]) -> int:
    return sum(line.count * line.points for line in plan)


def _certificate(reader: _Reader, value: Any, *, full: int) -> int | None:
    """From how many points on there is a certificate; None for no certificates."""
    if value is None:
        return None
    value = _object(value)
    reader.only(value, {"mark"})
    if "mark" not in value:
        raise _Wrong("要写明 mark（得几分可以领证书）。")
    mark = reader.take(value, "mark", hundredths(least=1), default=None)
    if mark is not None and full and mark > full:
        raise _Wrong("领证书的分数不能高于满分。")
    return mark


# --- single values ---------------------------------------------------------------------------------------------------


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _Wrong("应是一个对象。")
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("应是 true 或 false。")
    return value


def whole(least: int, most: int = 10**9) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _Wrong(f"应是不小于 {least} 的整数。")
        return value

    return read


def hundredths(least: int) -> Callable[[Any], int]:
    """A number of points with at most two decimals, as whole hundredths."""

    def read(value: Any) -> int:
        exact = exact_number(value) * 100
        if exact.denominator != 1 or not least <= exact <= 100_000_00:
            raise _Wrong("分值应是不小于 0 的数，最多两位小数。" if least == 0 else "分值应大于 0，最多两位小数。")
        return int(exact)

    return read


def exact_number(value: Any) -> Fraction:
    """The number as written: 0.1 is one tenth."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _Wrong("应是一个数。")
    try:
        return Fraction(str(value))
    except ValueError as error:
        raise _Wrong("应是一个数。") from error


def _weight(value: Any) -> Fraction:
    weight = exact_number(value)
    if weight < 0:
        raise _Wrong("权重不能小于 0。")
    return weight


def one_of(choices: type[Choice]) -> Callable[[Any], Choice]:
    def read(value: Any) -> Choice:
        try:
            return choices(value)
        except (ValueError, TypeError) as error:
            known = "、".join(choice.value for choice in choices)
            raise _Wrong(f"不认识 {value!r}，可用的有 {known}。") from error

    return read


def _part(value: Any) -> int | str:
    if value in ("half", "all"):
        return str(value)
    return whole(0)(value)


def _zone(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise _Wrong(f"不认识时区 {value!r}，例如 Asia/Shanghai。") from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or any(0xD800 <= ord(c) < 0xE000 for c in value):  # half a character
        raise _Wrong("应是文字。")
    if any(0xD800 <= ord(c) < 0xE000 for c in value):  # half a character, as broken programs write it
        raise _Wrong("含有无法保存的字符，请重新输入。")
    return value.strip()


def _text_or_none(value: Any) -> str | None:
    return (_text(value) or None) if value is not None else None


def _title(value: Any) -> str:
    text = _text(value)
    if not 1 <= len(text) <= 100 or any(ord(c) < 32 for c in text):
        raise _Wrong("请填 1 到 100 个字。")
    return text


def _question_limit(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not LEAST_S <= value <= MOST_S:
        raise _Wrong(f"每题限时应是 {LEAST_S} 到 {MOST_S} 的整数（秒）；不限就填 null。")
    return value


def date_of(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise _Wrong("应是 2026-06-20 这样的日期。") from error


def moment_of(value: Any, zone: ZoneInfo) -> datetime:
    """ISO 8601; without an offset in the contest's zone. Cut to whole milliseconds, in UTC."""
    if isinstance(value, datetime):
        moment = value
    else:
        try:
            moment = datetime.fromisoformat(value)
        except (ValueError, TypeError) as error:
            raise _Wrong("应是 2026-06-20T09:00 这样的时间。") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError as error:
        raise _Wrong("应是 2026-06-20T09:00 这样的时间。") from error
    if moment.year not in YEARS:
        raise _Wrong(f"应在 {YEARS.start} 年到 {YEARS.stop - 1} 年之间。")
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
