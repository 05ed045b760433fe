"""摊位: open one, find the one of a link, close it; each act of staff on record."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from question_bank.database import transaction
from quiz.errors import Mistakes, NotFound, StallClosed
from quiz.models import Stall
from quiz.models.contests import ContestState
from quiz.queries import stalls as find
from quiz.queries.contests import contest_for_change
from quiz.queries.people import DISTRICT, Scope
from quiz.rules import stalls as rules
from quiz.services import audit


def open_stall(contest_id: int, *, name: str, until: datetime, token: str, actor_id: int, now: datetime) -> Stall:
    """A stall of a published contest, to be found by ``token``, of which only the digest is kept.

    Raises NotFound, Mistakes.
    """
    with transaction() as session:
        contest = contest_for_change(contest_id)
        if contest is None or contest.state == ContestState.DRAFT:
            raise NotFound
        if found := rules.complaints(name, until, now=now, closes_at=contest.closes_at):
            raise Mistakes(problems=list(found.values()), fields=found)
        stall = Stall(
            contest_id=contest.id,
            name=name.strip(),
            token_sha256=digest_of(token),
            opened_by=actor_id,
            opened_at=now,
            expires_at=until,
        )
        session.add(stall)
        session.flush()
        _record("stall.opened", stall, actor_id=actor_id, now=now, place=stall.name)
    return stall


def close_stall(
    stall_id: int, contest_id: int, *, actor_id: int, now: datetime, within: Sequence[Scope] = DISTRICT
) -> Stall:
    """收摊, by whoever opened it or a colleague with the same right: nothing begins there any more; who is answering
    goes on. Again: nothing changes.

    Managers close what lies within their scope. Raises NotFound.
    """
    with transaction() as session:
        contest_for_change(contest_id)  # a start holds it too, so that none is under way
        stall = find.stall_for_closing(stall_id, contest_id, actor_id, within)
        if stall is None:
            raise NotFound
        if stall.closed_at is None:
            stall.closed_at = now
            session.flush()
            _record("stall.closed", stall, actor_id=actor_id, now=now)
    return stall


def stall_of_link(token: str, *, now: datetime) -> Stall:
    """The open stall that a link leads to. Raises NotFound, StallClosed."""
    stall = find.stall_by_digest(digest_of(token))
    if stall is None:
        raise NotFound
    if not stall.is_open_at(now):
        raise StallClosed
    return stall


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(act: str, stall: Stall, *, actor_id: int, now: datetime, **more: str) -> None:
    audit.record(act, f"stall:{stall.id}", actor_id=actor_id, now=now, contest_id=stall.contest_id, **more)
