"""Look for what is out of the ordinary in a contest, and keep what a judge notes about it. No score changes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert

from question_bank.database import transaction, wait_for_turn
from quiz.errors import Mistakes, NotFound
from quiz.models import Contest, Signal, SignalNote
from quiz.queries import signals as find
from quiz.queries.people import DISTRICT, Scope
from quiz.rules import signals as rules
from quiz.rules.reports import note_complaint
from quiz.services import attempts, audit

AT_ONCE = 1_000


@dataclass(frozen=True)
class Looked:
    """How many attempts were looked at, how many of them have signals of each kind, and how many wait for a judge."""

    attempts: int
    by_kind: dict[rules.SignalKind, int]
    with_signals: int
    flagged: int


def look(contest_id: int, *, actor_id: int | None, now: datetime) -> Looked:
    """Find the signals of all ended attempts anew; those found before are replaced, notes of judges stay.

    Raises NotFound, Mistakes (the personal data of the contest has been deleted).
    """
    attempts.submit_expired(contest_id, now=now)
    field = find.field_of(contest_id)
    found = rules.signals_of(field)  # takes a while, in which others write
    with transaction() as session:
        wait_for_turn(session, f"signals {contest_id}")
        contest = session.get(Contest, contest_id, populate_existing=True, with_for_update={"read": True})
        if contest is None:
            raise NotFound
        if contest.forgotten_at is not None:
            raise Mistakes(problems=["这场竞赛的个人信息已按期删除，不再查找。"])
        still = find.attempts_with_a_person(sorted({each.attempt for each in found}))
        kept = [each for each in found if each.attempt in still]
        session.execute(delete(Signal).where(Signal.contest_id == contest_id))
        for first in range(0, len(kept), AT_ONCE):
            session.execute(insert(Signal), [_row(contest_id, each, now) for each in kept[first : first + AT_ONCE]])
        looked = _looked(len(field), kept)
        audit.record(
            "signals.looked",
            f"contest:{contest_id}",
            actor_id=actor_id,
            now=now,
            contest_id=contest_id,
            attempts=looked.attempts,
            flagged=looked.flagged,
            **{kind.value: count for kind, count in looked.by_kind.items()},
        )
    return looked


def _row(contest_id: int, found: rules.Found, now: datetime) -> dict[str, object]:
    return {
        "contest_id": contest_id,
        "attempt_id": found.attempt,
        "kind": found.kind.value,
        "strength": found.strength.value,
        "evidence": dict(found.evidence),
        "found_at": now,
    }


def _looked(size: int, found: Sequence[rules.Found]) -> Looked:
    by_attempt: dict[int, list[rules.Found]] = {}
    for each in found:
        by_attempt.setdefault(each.attempt, []).append(each)
    by_kind = Counter(each.kind for each in found)
    return Looked(
        attempts=size,
        by_kind={kind: by_kind[kind] for kind in rules.SignalKind},
        with_signals=len(by_attempt),
        flagged=sum(rules.is_flagged(signals) for signals in by_attempt.values()),
    )


def note(
    contest_id: int, attempt_id: int, text: str, *, within: Sequence[Scope] = DISTRICT, actor_id: int, now: datetime
) -> None:
    """What a judge notes about an attempt with signals, in place of an earlier note. Raises NotFound, Mistakes."""
    if complaint := note_complaint(text, "看过之后怎么判断"):
        raise Mistakes(problems=[complaint])
    with transaction() as session:
        if find.attempt_with_signals(contest_id, attempt_id, within) is None:
            raise NotFound
        held = session.get(SignalNote, attempt_id, with_for_update=True)
        if held is None:
            held = SignalNote(attempt_id=attempt_id, contest_id=contest_id)
            session.add(held)
        held.note, held.noted_by, held.noted_at = text, actor_id, now
        session.flush()
        audit.record(
            "signals.noted",
            f"contest:{contest_id}",
            actor_id=actor_id,
            now=now,
            contest_id=contest_id,
            attempt=attempt_id,
        )
