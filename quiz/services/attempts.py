"""Start an attempt, hand it in, hand in what is overdue."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from question_bank.database import db, is_writing, transaction, upsert
from quiz.errors import AttemptsUsed, Closed, Forbidden, NotAdmitted, NotFound, NotOpen, Paused, SignedOut, StallClosed
from quiz.models import Attempt, AttemptTrace, Contest, Entry, Marking, Paper, Person, PersonKind, Stall, StandingDelta
from quiz.models.contests import ContestState
from quiz.queries import attempts as find
from quiz.queries.contests import contest_by_slug, pool_contents
from quiz.queries.rulings import entry_set_aside_by
from quiz.queries.stages import admission_of
from quiz.rules import timing
from quiz.rules.contest import ContestTerms
from quiz.rules.drawing import draw_paper
from quiz.rules.marking import mark
from quiz.rules.origin import Origin
from quiz.services import receipts, standing_counts, standings
from quiz.services.answers import Holder, hold, save_answer
from quiz.services.first_start import Beginning, came_from, first_start
from quiz.services.hand_in import BY_PERSON, hand_in
from quiz.services.joining import ensure_contest_area, ensure_contest_unit
from quiz.services.papers_ahead import Drawn, layout_of
from quiz.services.standing_rows import joining

BY_CLOCK = "clock"
OVERDUE_AT_ONCE = 200


# --- start -----------------------------------------------------------------------------------------------------------


def start(
    slug: str,
    holder: Holder,
    *,
    now: datetime,
    seed: str,
    entry_code: str,
    ahead: Drawn | None = None,
    origin: Origin | None = None,
    stall_id: int | None = None,
) -> int:
    """开始答题: the id of the running attempt if there is one, else of a new one on a paper drawn from ``seed``.

    ``ahead`` is that paper, where it was drawn ahead.

    The first start makes the entry, under ``entry_code``, from the person's present street, unit and consent. Of
    ``origin`` hashes are kept, those of the start alone: an attempt that is running keeps its own.
    What begins on the device of a stall (``stall_id``) is marked with it.
    Raises SignedOut, Forbidden (staff), NotFound, NotOpen, Closed, Paused, AttemptsUsed, StallClosed, NotAdmitted.
    """
    begin = Beginning(now, seed, entry_code, ahead, origin, stall_id)
    return first_start(slug, holder, begin) or _start_with_care(slug, holder, begin).id


def _start_with_care(slug: str, holder: Holder, begin: Beginning) -> Attempt:
    """The same step by step, for every start after the first, and for whatever needs to be refused."""
    now = begin.now
    person_id = _participant(holder)
    contest_id = _started_contest(slug).id
    if running := find.running_attempt(contest_id, person_id):
        end_if_overdue(running, now=now)  # an act of its own, so that nobody is locked out whatever follows
    with transaction() as session:
        contest = _started_contest(slug, lock=True)  # a closing time that moves meanwhile counts for this start too
        terms = contest.terms
        entry = find.entry_of(contest.id, person_id, lock=True)
        if entry and (running := find.open_attempt(entry.id)):
            return running
        period = _period_open(contest, terms, now)
        _refuse_closed_stall(session, begin.stall_id, contest.id, now)
        if contest.admits_only and admission_of(contest.id, person_id) is None:
            raise NotAdmitted
        entry = entry or _join(session, contest, person_id, begin)
        # Another tap may have come first and made the entry, and an attempt with it.
        if running := find.open_attempt(entry.id):
            return running
        used = find.attempts_used(entry.id, period)
        if used >= terms.attempts.allowed:
            raise AttemptsUsed(allowed=terms.attempts.allowed, per=terms.attempts.per.value)
        return _open(session, contest, terms, entry, begin, period=period, number=used + 1)


def _participant(holder: Holder) -> int:
    """The holder's person id. Raises SignedOut, Forbidden."""
    person = db.session.get(Person, holder.person_id)
    if person is None or not person.is_active or person.session_epoch != holder.epoch:
        raise SignedOut
    if person.kind == PersonKind.STAFF:
        raise Forbidden
    return person.id


def _started_contest(slug: str, *, lock: bool = False) -> Contest:
    """The contest, for everybody from its publishing on."""
    contest = contest_by_slug(slug, lock=lock)
    if contest is None or contest.state == ContestState.DRAFT:
        raise NotFound
    return contest


def _refuse_closed_stall(session: Session, stall_id: int | None, contest_id: int, now: datetime) -> None:
    """Who closes a stall holds its contest, as this start does: what was closed before is seen here."""
    stall = session.get(Stall, stall_id, populate_existing=True) if stall_id is not None else None
    if stall_id is not None and (stall is None or stall.contest_id != contest_id or not stall.is_open_at(now)):
        raise StallClosed


def _period_open(contest: Contest, terms: ContestTerms, now: datetime) -> str:
    """The period a start falls into. Raises why there can be none."""
    if now < terms.opens_at:
        raise NotOpen(opens_at=terms.opens_at)
    if now >= terms.closes_at or contest.state == ContestState.SEALED:
        raise Closed(closes_at=terms.closes_at)
    if contest.state == ContestState.PAUSED:
        raise Paused
    period = timing.period_at(terms, now)
    if period is None:
        if opens_at := timing.next_round_opens(terms, now):
            raise NotOpen(opens_at=opens_at)
        raise Closed(closes_at=max(r.closes_at for r in terms.attempts.rounds))
    return period


def _join(session: Session, contest: Contest, person_id: int, begin: Beginning) -> Entry:
    """参赛资格, with street, unit and class as they are at this moment. Two at once make one."""
    person = session.get(Person, person_id)
    if person is None or person.consent_version is None or person.consented_at is None:
        raise NotFound
    unit = person.unit
    street_id = unit.street_id if unit else person.street_id
    if unit:
        ensure_contest_unit(session, contest.id, unit.id)
    if street_id:
        ensure_contest_area(session, contest.id, street_id)
    insert = upsert(session, Entry).values(
        contest_id=contest.id,
        person_id=person.id,
        entry_code=begin.entry_code,
        masked_name=person.masked_name,
        street_id=street_id,
        unit_id=unit.id if unit else None,
        unit_name=None if unit else person.unit_name,
        unit_class=unit.unit_class if unit else "",
        consent_version=person.consent_version,
        consented_at=person.consented_at,
        came_from=came_from(begin.stall_id),
        joined_at=begin.now,
    )
    made = insert.on_conflict_do_nothing(index_elements=["contest_id", "person_id"]).returning(Entry.id)
    if session.execute(made).first():
        session.execute(
            upsert(session, StandingDelta).values(joining(contest.id, street_id, unit.id if unit else None))
        )
    entry = find.entry_of(contest.id, person.id, lock=True)
    assert entry
    return entry


def _open(
    session: Session,
    contest: Contest,
    terms: ContestTerms,
    entry: Entry,
    begin: Beginning,
    *,
    period: str,
    number: int,
) -> Attempt:
    assert contest.pool_id  # a published contest has its pool
    lines = draw_paper(terms, pool_contents(contest.pool_id).versions, begin.seed)
    paper = Paper(
        contest_id=contest.id,
        pool_id=contest.pool_id,
        seed=begin.seed,
        algorithm=1,
        layout=layout_of(lines),
    )
    session.add(paper)
    session.flush()
    deadline = timing.deadline_of(terms, begin.now)
    attempt = Attempt(
        contest_id=contest.id,
        entry_id=entry.id,
        paper_id=paper.id,
        period=period,
        number=number,
        stall_id=begin.stall_id,
        started_at=begin.now,
        deadline=deadline,
        accepts_until=timing.accepts_until(terms, deadline),
        is_set_aside=entry_set_aside_by(entry.id) is not None,
    )
    attempt.entry = entry
    session.add(attempt)
    session.flush()
    if begin.origin:
        device, address = begin.origin.traces_in(contest.id)
        session.add(AttemptTrace(attempt_id=attempt.id, contest_id=contest.id, device=device, address=address))
    return attempt


# --- hand in ---------------------------------------------------------------------------------------------------------


def submit(attempt_id: int, holder: Holder, *, now: datetime, answers: Mapping[int, Any] | None = None) -> None:
    """交卷, with what the page still carries. On an attempt that has ended nothing more is taken.

    Raises SignedOut, NotFound, BadAnswer (then nothing was changed).
    """
    if not answers and hand_in(attempt_id, holder, now=now):
        _fold_in_turn(attempt_id)
        return
    with transaction() as session:
        held = hold(session, attempt_id, holder)
        attempt = find.attempt_for_change(attempt_id)
        if held.ended_at is not None:
            return
        terms = _terms_of(session, attempt)
        if timing.is_overdue(held.accepts_until, now):
            _end(session, attempt, terms, ended_at=attempt.deadline, by=BY_CLOCK, now=now)
            return
        for position, answer in sorted((answers or {}).items()):
            save_answer(attempt_id, holder, position, answer, now=now)
        _end(session, attempt, terms, ended_at=min(now, attempt.deadline), by=BY_PERSON, now=now)


def _fold_in_turn(attempt_id: int) -> None:
    paper = find.paper_contents(attempt_id) if standing_counts.is_turn_to_fold(attempt_id) else None
    if paper:
        standing_counts.fold(paper.contest_id)


def end_if_overdue(attempt: Attempt, *, now: datetime) -> Attempt:
    """Whoever looks first hands in what is past its deadline and grace."""
    if attempt.ended_at is not None or not timing.is_overdue(attempt.accepts_until, now):
        return attempt
    return _end_overdue(attempt.id, now) or attempt


OVERDUE_IN_PASSING = 50
"""How many whoever only looks hands in first: the minute after the end nobody waits long for what all left lying."""


def submit_expired(contest_id: int | None = None, *, now: datetime, most: int | None = None) -> int:
    """超时自动交卷: hand in what is overdue, of one contest or of all, everything or the longest overdue; how many."""
    handed_in = 0
    while ids := find.overdue_attempt_ids(now, contest_id=contest_id, most=OVERDUE_AT_ONCE if most is None else most):
        handed_in += sum(1 for attempt_id in ids if _end_overdue(attempt_id, now))
        if contest_id is not None and not is_writing():
            standing_counts.fold_many(contest_id)
        if most is not None:
            break
    return handed_in


def _end_overdue(attempt_id: int, now: datetime) -> Attempt | None:
    with transaction() as session:
        attempt = find.attempt_for_change(attempt_id)
        if attempt.ended_at is None and timing.is_overdue(attempt.accepts_until, now):
            _end(session, attempt, _terms_of(session, attempt), ended_at=attempt.deadline, by=BY_CLOCK, now=now)
        return attempt


def _terms_of(session: Session, attempt: Attempt) -> ContestTerms:
    return session.get_one(Contest, attempt.contest_id).terms


def _end(
    session: Session, attempt: Attempt, terms: ContestTerms, *, ended_at: datetime, by: str, now: datetime
) -> None:
    """End and mark the attempt, and let the standings follow, all in the transaction at hand."""
    attempt.ended_at = ended_at
    attempt.ended_by = by
    attempt.elapsed_ms = timing.elapsed_ms(attempt.started_at, ended_at)
    marking = mark_attempt(session, attempt, terms, now=now)
    attempt.receipt = receipts.receipt_of_ended(attempt, marking)
    session.flush()
    standings.keep_up(session, attempt.entry_id, terms)


def mark_attempt(session: Session, attempt: Attempt, terms: ContestTerms, *, now: datetime) -> Marking:
    """阅卷: append a marking made from the stored answers and the rulings that stand; the score copies it."""
    paper = find.paper_contents(attempt.id) or find.contents_of(session.get_one(Paper, attempt.paper_id))
    chosen = find.chosen_by_position(attempt.id)
    marked = mark(
        paper.lines,
        paper.contents,
        chosen,
        multiple=terms.multiple_choice,
        rulings=find.question_rulings(attempt.contest_id),
    )
    last = find.last_marking(attempt.id)
    marking = Marking(
        attempt_id=attempt.id,
        number=last.number + 1 if last else 1,
        points=list(marked.points),
        worth=list(marked.worth),
        score=marked.score,
        full=marked.full,
        made_from=marked.made_from,
        made_at=now,
    )
    session.add(marking)
    attempt.score, attempt.full, attempt.answered = marked.score, marked.full, len(chosen)
    return marking
