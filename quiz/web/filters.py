"""How moments, times, points and rates are written on pages."""

from collections.abc import Callable
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask

from quiz.rules.ranking import rounded

DEFAULT_ZONE = "Asia/Shanghai"


def moment_in_words(moment: datetime | None, zone: str = DEFAULT_ZONE) -> str:
    """6 月 20 日 9:00; the year is added where it is not said elsewhere by ``full_moment``."""
    if moment is None:
        return ""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.month} 月 {local.day} 日 {local.hour}:{local.minute:02d}"


def full_moment(moment: datetime | None, zone: str = DEFAULT_ZONE) -> str:
    """2026 年 6 月 20 日 9:00"""
    if moment is None:
        return ""
    return f"{moment.astimezone(ZoneInfo(zone)).year} 年 {moment_in_words(moment, zone)}"


def day_in_words(day: date | None) -> str:
    """2026 年 6 月 20 日"""
    return f"{day.year} 年 {day.month} 月 {day.day} 日" if day else ""


def zone_in_words(zone: str) -> str:
    """Whose time a moment is entered in: 北京时间, or the zone by its name."""
    return "北京时间" if zone == DEFAULT_ZONE else f"{zone} 时间"


def elapsed_in_words(milliseconds: int | float | Fraction | None) -> str:
    """12 分 40 秒; below a minute 40.2 秒"""
    if milliseconds is None:
        return ""
    seconds = Fraction(milliseconds) / 1000
    if seconds < 60:
        return f"{plain_number(rounded(seconds, 1))} 秒"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} 小时 {minutes} 分 {rest} 秒" if hours else f"{minutes} 分 {rest} 秒"


def points_in_words(hundredths: int | Fraction | None) -> str:
    """500 → 5, 8333 1/3 → 83.33"""
    return "" if hundredths is None else plain_number(rounded(Fraction(hundredths) / 100, 2))


def plain_number(value: float) -> str:
    """83.0 → 83, 83.50 → 83.5"""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def rate_in_words(rate: Fraction | float | None) -> str:
    """Fraction(5, 6) → 83.3 %"""
    return "" if rate is None else f"{plain_number(rounded(Fraction(rate) * 100, 1))} %"


FILTERS: dict[str, Callable[..., Any]] = {
    "moment": moment_in_words,
    "full_moment": full_moment,
    "day": day_in_words,
    "zone": zone_in_words,
    "elapsed": elapsed_in_words,
    "points": points_in_words,
    "rate": rate_in_words,
    "number": plain_number,
}


def register(app: Flask) -> None:
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def everywhere() -> dict[str, object]:
        return {"site": app.extensions["settings"].site, "public_url": app.extensions["settings"].public_url}
