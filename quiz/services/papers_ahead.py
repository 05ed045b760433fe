"""Papers drawn ahead of the starts that will want them: at the opening minute nobody waits for anybody's drawing.

A process keeps some for every contest that is open or opens soon. A paper is drawn from its seed alone, which is as
random as that of any other start, and belongs to nobody until a start takes it. Nothing is stored before that.
"""

import json
import secrets
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from quiz.queries.contests import open_or_soon, pool_contents
from quiz.rules.contest import from_stored
from quiz.rules.drawing import PaperLine, draw_paper

SOON = timedelta(minutes=10)
KEPT = 2_500
"""Papers of one contest in one process, some 5 MB: with two, 5,000 people start without waiting for a drawing."""
CONTESTS = 5
"""For how many contests there are any: those that opened last, or open next."""

Source = tuple[int, str]
"""The pool, and the terms as stored, that a paper is drawn from."""


@dataclass(frozen=True)
class Drawn:
    """A paper as its row keeps it, the seed that it was drawn from, and what else."""

    source: Source
    seed: str
    layout: str


def new_seed() -> str:
    """128 bits that nobody can know beforehand, in 32 hexadecimal digits."""
    return secrets.token_hex(16)


def drawn(source: Source, seed: str) -> Drawn:
    """The paper of this seed."""
    pool_id, value = source
    lines = draw_paper(from_stored(value), pool_contents(pool_id).versions, seed)
    return Drawn(source, seed, json.dumps(layout_of(lines)))


def layout_of(lines: tuple[PaperLine, ...]) -> list[dict[str, Any]]:
    """A drawn paper as its row keeps it."""
    return [{"version": line.version, "options": list(line.options), "points": line.points} for line in lines]


def taken(slug: str) -> Drawn | None:
    """A paper for one start in the contest; None where none is left.

    Whether pool and terms still hold shows when the start is written; it draws anew if they do not.
    """
    with suppress(KeyError, IndexError):
        return _all()[slug].popleft()
    return None


def draw_some(now: datetime, *, most: int) -> int:
    """Draw so many at most, where any are missing or rest on what holds no more; how many were drawn."""
    sources = {slug: (pool_id, value) for slug, pool_id, value in open_or_soon(now + SOON, now, most=CONTESTS)}
    number = 0
    for slug, source in sources.items():
        papers = _kept(slug)
        if papers and papers[-1].source != source:
            papers.clear()
        while number < most and len(papers) < KEPT:
            papers.append(drawn(source, new_seed()))
            number += 1
    for slug in _all().keys() - sources.keys():
        del _all()[slug]
    return number


def _all() -> dict[str, deque[Drawn]]:
    papers: dict[str, deque[Drawn]] = current_app.extensions.setdefault("papers ahead", {})
    return papers


def _kept(slug: str) -> deque[Drawn]:
    return _all().setdefault(slug, deque())
