"""How often one person may start, save and hand in: no limit below 50 a second, whatever stands in front of us."""

from collections.abc import Callable
from time import monotonic

from flask import Flask, current_app

from quiz.config import Settings
from quiz.errors import TooFast
from quiz.services.answers import Holder

PER_SECOND = 50
BURST = 100
"""What may come at once after a quiet spell: a page that was offline sends everything it kept."""
MOST_REMEMBERED = 20_000
_TOKEN, _WHOLE = 1 / PER_SECOND, BURST / PER_SECOND + 1e-9  # seconds that one takes to come back, and that all take


class Pace:
    """A bucket of tokens for each person, in this process only: with several processes a person gets more, never less.

    Kept as the moment at which the bucket will be full again; a moment that has passed need not be remembered.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._full_at: dict[int, float] = {}

    def allows(self, person_id: int) -> bool:
        now = self._clock()
        full_at = max(self._full_at.get(person_id, now), now) + _TOKEN
        if full_at > now + _WHOLE:
            return False
        if len(self._full_at) >= MOST_REMEMBERED:
            self._full_at = {person: moment for person, moment in list(self._full_at.items()) if moment > now}
        self._full_at[person_id] = full_at
        return True


def register(app: Flask, settings: Settings) -> None:
    app.extensions["pace"] = Pace() if settings.rate_limits else None


def keep_pace(holder: Holder) -> Holder:
    """The same holder again, unless the person comes too often. Raises TooFast."""
    pace: Pace | None = current_app.extensions["pace"]
    if pace is not None and not pace.allows(holder.person_id):
        raise TooFast
    return holder
