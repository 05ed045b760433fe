"""The one clock. Pages and services are handed a moment; only here does anybody look at the time."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import current_app

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, in UTC, cut to whole milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


def clock() -> datetime:
    """The running app's moment; tests hand the app a clock of their own."""
    moment: datetime = current_app.extensions["clock"]()
    return moment
