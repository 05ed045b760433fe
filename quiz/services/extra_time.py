"""补时: more time for one person, or after an outage for all who are answering; on record, undone by another ruling."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from question_bank.database import transaction
from quiz.errors import ChangedMeanwhile, Mistakes, NotFound
from quiz.models import Attempt, Entry, Ruling
from quiz.queries import extra_time as find
from quiz.queries.contests import contest_for_change, open_attempts
from quiz.rules import extra_time as rules
from quiz.rules.marking import RulingKind
from quiz.services import attempts, audit, question_turns


@dataclass(frozen=True)
class Given:
    """An extra time on record, and how many running attempts it reached."""

    ruling_id: int
    attempts: int


def give(
    contest_id: int,
    *,
    minutes: int,
    reason: str,
    actor_id: int | None,
    now: datetime,
    whom: str | None = None,
    seen: int | None = None,
) -> Given:
    """Move the deadline of whoever is answering, or of ``whom`` (entry code or phone). What has ended stays ended.

    ``seen`` is the last ruling that was on the page: a second tap on the button gives nothing twice.
    Raises NotFound, Mistakes, ChangedMeanwhile.
    """
    if found := rules.complaints(minutes, reason):
        raise Mistakes(problems=found)
    with transaction() as session:
        _hold(contest_id, now)
        if seen is not None and seen != find.last_ruling_id(contest_id):
            raise ChangedMeanwhile
        running = open_attempts(contest_id)
        chosen = [_attempt_of(contest_id, whom, running)] if whom else running
        _refuse(chosen, minutes)
        ruling = _ruling(contest_id, minutes, reason, actor_id, now, chosen[0] if whom else None)
        session.add(ruling)
        for attempt in chosen:
            _move(attempt, minutes * 60_000)
        question_turns.prolong(contest_id, chosen, minutes * 60_000, now=now)
        _record(session, ruling, len(chosen), actor_id=actor_id, now=now)
    return Given(ruling.id, len(chosen))


def undo(ruling_id: int, contest_id: int, *, reason: str, actor_id: int | None, now: datetime) -> Given:
    """Take an extra time back where its attempt still runs, up to what has been used of it.

    Raises NotFound, Mistakes (nobody who had it is answering any more), ChangedMeanwhile (it was undone before).
    """
    if found := rules.reason_complaints(reason):
        raise Mistakes(problems=found)
    with transaction() as session:
        _hold(contest_id, now)
        given = session.get(Ruling, ruling_id)
        if given is None or given.contest_id != contest_id or given.kind != RulingKind.EXTRA_TIME or given.undoes_id:
            raise NotFound
        if any(undone for each, undone in find.extra_times(contest_id) if each.id == ruling_id):
            raise ChangedMeanwhile
        reached = [attempt for attempt in open_attempts(contest_id) if _reached(given, attempt)]
        if not reached:
            raise Mistakes(problems=["得到这次补时的答卷都已经结束，不能再撤销。"])
        ruling = Ruling(
            contest_id=contest_id,
            kind=RulingKind.EXTRA_TIME.value,
            attempt_id=given.attempt_id,
            entry_id=given.entry_id,
            value={"ms": -given.value["ms"]},
            reason=reason.strip(),
            made_by=actor_id,
            made_at=now,
            undoes_id=given.id,
        )
        session.add(ruling)
        for attempt in reached:
            _move(attempt, -rules.not_yet_used(given.value["ms"], attempt.deadline, now))
        question_turns.shorten(contest_id, reached, given.value["ms"], given_at=given.made_at, now=now)
        _record(session, ruling, len(reached), actor_id=actor_id, now=now)
    return Given(ruling.id, len(reached))


def _hold(contest_id: int, now: datetime) -> None:
    """Keep starts and other changes away, and hand in first what is overdue: it is not opened again."""
    if contest_for_change(contest_id) is None:
        raise NotFound
    attempts.submit_expired(contest_id, now=now)


def _attempt_of(contest_id: int, whom: str, running: Sequence[Attempt]) -> Attempt:
    entries = find.entries_named(contest_id, whom)
    if not entries:
        raise Mistakes(problems=["这场竞赛里没有这个参赛编号或手机号，请核对。"])
    if len(entries) > 1:
        raise Mistakes(problems=[f"这个手机号有 {len(entries)} 个人参赛，请改填参赛编号：{_choices(entries)}。"])
    found = next((attempt for attempt in running if attempt.entry_id == entries[0].id), None)
    if found is None:
        raise Mistakes(problems=["这个人现在没有正在答的答卷。已经交卷或到时的答卷不能再补时。"])
    return found


def _choices(entries: Sequence[Entry]) -> str:
    return "、".join(f"{entry.entry_code}（{entry.masked_name}）" for entry in entries)


def _refuse(chosen: Sequence[Attempt], minutes: int) -> None:
    if not chosen:
        raise Mistakes(problems=["现在没有人在答题。已经交卷或到时的答卷不能再补时。"])
    most_ms = rules.MOST_IN_ALL // timedelta(milliseconds=1)
    if any(attempt.extra_ms + minutes * 60_000 > most_ms for attempt in chosen):
        raise Mistakes(problems=[f"一份答卷总共最多补 {rules.MOST_IN_ALL.days} 天。"])


def _ruling(
    contest_id: int, minutes: int, reason: str, actor_id: int | None, now: datetime, one: Attempt | None
) -> Ruling:
    """About one attempt, or about the contest: then ``until`` is the last attempt that had been started by then."""
    value = {"ms": minutes * 60_000}
    return Ruling(
        contest_id=contest_id,
        kind=RulingKind.EXTRA_TIME.value,
        attempt_id=one and one.id,
        entry_id=one and one.entry_id,
        value=value if one else {**value, "until": find.last_attempt_id(contest_id)},
        reason=reason.strip(),
        made_by=actor_id,
        made_at=now,
    )


def _reached(given: Ruling, attempt: Attempt) -> bool:
    """Whether a running attempt had this extra time: starts wait for the ruling, so their ids tell."""
    return attempt.id == given.attempt_id if given.attempt_id else attempt.id <= given.value["until"]


def _move(attempt: Attempt, ms: int) -> None:
    span = timedelta(milliseconds=ms)
    attempt.extra_ms += ms
    attempt.deadline, attempt.accepts_until = attempt.deadline + span, attempt.accepts_until + span


def _record(session: Session, ruling: Ruling, reached: int, *, actor_id: int | None, now: datetime) -> None:
    ruling.value = {**ruling.value, "attempts": reached}
    session.flush()
    audit.record(
        "attempts.extra_time_undone" if ruling.undoes_id else "attempts.extra_time",
        f"contest:{ruling.contest_id}",
        actor_id=actor_id,
        now=now,
        contest_id=ruling.contest_id,
        ruling=ruling.id,
        undoes=ruling.undoes_id,
        attempt=ruling.attempt_id,
        minutes=abs(ruling.value["ms"]) // 60_000,
        attempts=reached,
        reason=ruling.reason,
    )
