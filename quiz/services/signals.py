"""Look for what is out of the ordinary in a contest, and keep what a judge notes about it. No score changes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from question_bank.database import transaction, wait_for_turn
from quiz.errors import Mistakes, NotEnded, NotFound
from quiz.models import Attempt, Contest, Signal, SignalNote, UsualTime
from quiz.models.fairness import Outcome
from quiz.queries import signals as find
from quiz.queries.attempts import attempt_for_change
from quiz.queries.people import DISTRICT, Scope
from quiz.queries.rulings import attempt_within
from quiz.rules import signals as rules
from quiz.rules.paces import usual_times
from quiz.rules.reports import note_complaint
from quiz.rules.rulings import holds_phone
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
    usual = usual_times(field)
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
        session.execute(delete(UsualTime).where(UsualTime.contest_id == contest_id))
        if usual:
            session.execute(insert(UsualTime), [{"contest_id": contest_id, **asdict(each)} for each in usual])
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
    """记一笔: what a judge notes about an attempt, in place of an earlier note; it goes on waiting.

    Raises NotFound, NotEnded, Mistakes.
    """
    if complaint := note_complaint(text, "看过之后怎么判断"):
        raise Mistakes(problems=[complaint])
    _refuse_phone(text)
    with transaction() as session:
        attempt = _attempt(contest_id, attempt_id, within)
        decide(session, attempt, None, note=text, actor_id=actor_id, now=now)
        _record("signals.noted", contest_id, attempt_id, actor_id=actor_id, now=now)


def keep(
    contest_id: int,
    attempt_id: int,
    text: str = "",
    *,
    within: Sequence[Scope] = DISTRICT,
    actor_id: int,
    now: datetime,
) -> None:
    """保留: a judge has looked and the attempt counts as before. Twice ends the same.

    Raises NotFound, NotEnded, Mistakes (also for an attempt that is set aside: that is undone by a ruling).
    """
    if text and (complaint := note_complaint(text)):
        raise Mistakes(problems=[complaint])
    _refuse_phone(text)
    with transaction() as session:
        attempt = _attempt(contest_id, attempt_id, within)
        if attempt.is_set_aside:
            raise Mistakes(problems=["这份答卷已经作废。要让它重新计入，请用“恢复”并写明原因。"])
        decide(session, attempt, Outcome.KEPT, note=text, actor_id=actor_id, now=now)
        _record("signals.kept", contest_id, attempt_id, actor_id=actor_id, now=now)


def decide(
    session: Session,
    attempt: Attempt,
    outcome: Outcome | None,
    *,
    note: str = "",
    actor_id: int | None,
    now: datetime,
    asked: bool = True,
) -> None:
    """Keep what came of looking at an attempt, in the act at hand; without an ``outcome`` only the note.

    Not ``asked`` for: only where somebody noted or decided something about this attempt before.
    """
    held = session.get(SignalNote, attempt.id, with_for_update=True, populate_existing=True)
    if held is None:
        if not asked:
            return
        held = SignalNote(attempt_id=attempt.id, contest_id=attempt.contest_id, note="", outcome=Outcome.OPEN.value)
        session.add(held)
    held.note = note or held.note
    held.outcome = held.outcome if outcome is None else outcome.value
    held.noted_by, held.noted_at = actor_id, now
    session.flush()


def _attempt(contest_id: int, attempt_id: int, within: Sequence[Scope]) -> Attempt:
    attempt = attempt_within(contest_id, attempt_id, within)
    if attempt is None:
        raise NotFound
    if attempt.ended_at is None:
        raise NotEnded
    return attempt_for_change(attempt_id)  # two judges at once: the second finds what the first one kept


def _refuse_phone(text: str) -> None:
    if holds_phone(text):
        raise Mistakes(problems=["请不要写手机号。"])


def _record(act: str, contest_id: int, attempt_id: int, *, actor_id: int, now: datetime) -> None:
    subject = f"contest:{contest_id}"
    audit.record(act, subject, actor_id=actor_id, now=now, contest_id=contest_id, attempt=attempt_id)
