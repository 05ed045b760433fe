"""Single values of the terms: each reads one from JSON, or raises Wrong with a Chinese sentence that says why."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quiz.rules.question_turns import LEAST_S, MOST_S

YEARS = range(2000, 2200)

Choice = TypeVar("Choice", bound=StrEnum)


class Wrong(Exception):
    """The value at hand cannot be used; the text says why."""


def object_of(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Wrong("应是一个对象。")
    return value


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("应是 true 或 false。")
    return value


def whole(least: int, most: int = 10**9) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise Wrong(f"应是不小于 {least} 的整数。")
        return value

    return read


def hundredths(least: int) -> Callable[[Any], int]:
    """A number of points with at most two decimals, as whole hundredths."""

    def read(value: Any) -> int:
        exact = exact_number(value) * 100
        if exact.denominator != 1 or not least <= exact <= 100_000_00:
            raise Wrong("分值应是不小于 0 的数，最多两位小数。" if least == 0 else "分值应大于 0，最多两位小数。")
        return int(exact)

    return read


def exact_number(value: Any) -> Fraction:
    """The number as written: 0.1 is one tenth."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Wrong("应是一个数。")
    try:
        return Fraction(str(value))
    except ValueError as error:
        raise Wrong("应是一个数。") from error


def weight_of(value: Any) -> Fraction:
    weight = exact_number(value)
    if weight < 0:
        raise Wrong("权重不能小于 0。")
    return weight


def one_of(choices: type[Choice]) -> Callable[[Any], Choice]:
    def read(value: Any) -> Choice:
        try:
            return choices(value)
        except (ValueError, TypeError) as error:
            known = "、".join(choice.value for choice in choices)
            raise Wrong(f"不认识 {value!r}，可用的有 {known}。") from error

    return read


def part_of(value: Any) -> int | str:
    if value in ("half", "all"):
        return str(value)
    return whole(0)(value)


def zone_of(value: Any) -> ZoneInfo:
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise Wrong(f"不认识时区 {value!r}，例如 Asia/Shanghai。") from error


def text_of(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("应是文字。")
    if any(0xD800 <= ord(c) < 0xE000 for c in value):  # half a character, as broken programs write it
        raise Wrong("含有无法保存的字符，请重新输入。")
    return value.strip()


def text_or_none(value: Any) -> str | None:
    return (text_of(value) or None) if value is not None else None


def title_of(value: Any) -> str:
    text = text_of(value)
    if not 1 <= len(text) <= 100 or any(ord(c) < 32 for c in text):
        raise Wrong("请填 1 到 100 个字。")
    return text


def question_limit_of(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not LEAST_S <= value <= MOST_S:
        raise Wrong(f"每题限时应是 {LEAST_S} 到 {MOST_S} 的整数（秒）；不限就填 null。")
    return value


def date_of(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError) as error:
        raise Wrong("应是 2026-06-20 这样的日期。") from error


def moment_of(value: Any, zone: ZoneInfo) -> datetime:
    """ISO 8601; without an offset in the contest's zone. Cut to whole milliseconds, in UTC."""
    if isinstance(value, datetime):
        moment = value
    else:
        try:
            moment = datetime.fromisoformat(value)
        except (ValueError, TypeError) as error:
            raise Wrong("应是 2026-06-20T09:00 这样的时间。") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        moment = moment.astimezone(UTC)
    except OverflowError as error:
        raise Wrong("应是 2026-06-20T09:00 这样的时间。") from error
    if moment.year not in YEARS:
        raise Wrong(f"应在 {YEARS.start} 年到 {YEARS.stop - 1} 年之间。")
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
