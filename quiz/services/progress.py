"""How far a long act has come, written down for the page that waits for it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from sqlalchemy import delete

from question_bank.database import db, transaction
from question_bank.models import LongWork

TOKEN = re.compile(r"[0-9a-f]{32}")
KEPT = timedelta(hours=1)
LEAST_SECONDS = 0.35


class Told:
    """A callback that notes ``done`` of ``total`` at a token, in short transactions, three times a second at most.

    Without a proper token nothing is noted. Never call it inside a transaction.
    """

    def __init__(self, token: str, clock: Callable[[], datetime]) -> None:
        self.token, self.clock = token if TOKEN.fullmatch(token) else "", clock
        self.stage = ""
        self._last = float("-inf")

    def begin(self, stage: str) -> None:
        """A new stage of which nothing is counted yet. What others left behind goes."""
        self.stage, self._last = stage, float("-inf")
        if self.token:
            with transaction() as session:
                session.execute(delete(LongWork).where(LongWork.at < self.clock() - KEPT))
        self(0, 0)

    def __call__(self, done: int, total: int) -> None:
        if not self.token or monotonic() - self._last < LEAST_SECONDS:
            return
        self._last = monotonic()
        with transaction() as session:
            work = session.get(LongWork, self.token)
            if work is None:
                work = LongWork(token=self.token)
                session.add(work)
            work.stage, work.done, work.total, work.at = self.stage, done, total, self.clock()

    def end(self) -> None:
        """The work is over, however it went."""
        if self.token:
            with transaction() as session:
                session.execute(delete(LongWork).where(LongWork.token == self.token))


def work_at(token: str) -> LongWork | None:
    """How far the work at a token has come; None before it began and after its end."""
    return db.session.get(LongWork, token) if TOKEN.fullmatch(token) else None
