"""The ordinary hand-in, in a few prepared statements: at the closing minute everybody makes one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Integer, Text, literal, literal_column, select, true
from sqlalchemy.orm import aliased

from question_bank.acts import Act, Asked, ForMany, Steps
from question_bank.database import Big, UtcDateTime, as_moment, as_value, insert_for, is_writing
from quiz.models import Answer, Attempt, ContestTermsVersion, Entry, Marking, Person, Ruling, Standing, StandingDelta
from quiz.queries.attempts import PAPERS, PaperContents, answer_lines, paper_at_hand, paper_of_row
from quiz.queries.contests import are_in_force
from quiz.rules import timing
from quiz.rules.contest import ContestTerms, from_stored
from quiz.rules.marking import Marked, mark
from quiz.rules.ranking import Counted, EndedAttempt, counted
from quiz.rules.receipt import AnswerLine, Ending, receipt_of
from quiz.services import standing_rows as rows
from quiz.services.answers import Holder

BY_PERSON = "person"


@dataclass(frozen=True)
class Handed:
    """An attempt as the first statement found it, held until the act ends."""

    contest_id: int
    entry_id: int
    started_at: datetime
    deadline: datetime
    street_id: int | None
    unit_id: int | None
    entry_code: str


def hand_in(attempt_id: int, holder: Holder, *, now: datetime) -> bool:
    """End and mark an open attempt of the holder's that is in time, and let the standing follow; all committed.

    False where anything is out of the ordinary: another's attempt, an ended or overdue one, one that somebody else
    holds at this moment, one of an entry that is set aside, rulings about questions of the contest. Then nothing was
    written.
    """
    return not is_writing() and _HAND_IN.do(attempt_id, attempt_id, holder, now)


def _hand_in(attempt_id: int, holder: Holder, now: datetime) -> Steps[bool]:
    asked = {"attempt": attempt_id}
    held_by = {**asked, "person": holder.person_id, "epoch": holder.epoch, "now": now}
    paper = paper_at_hand(attempt_id)
    asks = ((_HOLD, held_by), (_ANSWERS, asked), (_OTHERS, asked), (PAPERS, asked))
    held, stored, others, *papers = yield asks[:-1] if paper else asks
    if not held:
        return False
    handed = _handed(held[0])
    ((value, has_rulings),) = (yield [(_READ, {"contest": handed.contest_id})])[0]
    if has_rulings:
        return False
    paper = paper or paper_of_row(attempt_id, papers[0][0])
    terms = from_stored(value)
    answers = as_value(stored[0][0]) if stored else []
    ended_at = min(now, handed.deadline)
    marked = _marked(paper, terms, answers)
    ended = EndedAttempt(
        score=marked.score,
        elapsed_ms=timing.elapsed_ms(handed.started_at, ended_at),
        started_at=handed.started_at,
        ended_at=ended_at,
        answered=sum(1 for _position, chosen, *_ in answers if chosen),
    )
    earlier = [_ended(row) for row in others]
    found = counted([*earlier, ended], terms.counts, terms.zone)
    receipt = _receipt(paper, handed, answers, marked, ended_at)
    stands = found if found != counted(earlier, terms.counts, terms.zone) else None
    yield (
        (_MARK, _marking(attempt_id, marked, now)),
        (_END, {**_ending(ended, marked), "attempt": attempt_id, "receipt": receipt}),
        *(_standing(handed, stands, stood=bool(earlier)) if stands else ()),
    )
    return True


_HAND_IN = Act(_hand_in)


def _handed(row: Any) -> Handed:
    contest_id, entry_id, started_at, deadline, street_id, unit_id, entry_code = row
    return Handed(contest_id, entry_id, as_moment(started_at), as_moment(deadline), street_id, unit_id, entry_code)


def _standing(handed: Handed, found: Counted, *, stood: bool) -> Iterator[Asked]:
    """What counts now takes the place of what counted before, if anything did."""
    values = rows.values_of(handed, found)
    if stood:
        yield _LEAVE, {"entry_id": handed.entry_id}
    yield _STAND, {"entry_id": handed.entry_id, "contest_id": handed.contest_id, **values}
    yield _ARRIVE, rows.coming(handed.contest_id, values)


def _marked(paper: PaperContents, terms: ContestTerms, answers: Iterable[AnswerLine]) -> Marked:
    given = {position: chosen for position, chosen, *_ in answers if chosen}
    return mark(paper.lines, paper.contents, given, multiple=terms.multiple_choice)


def _receipt(
    paper: PaperContents, handed: Handed, answers: Iterable[AnswerLine], marked: Marked, ended_at: datetime
) -> str:
    ending = Ending(handed.started_at, ended_at, marked.score, marked.full)
    return receipt_of(handed.entry_code, paper.seed, paper.lines, paper.contents, answers, ending)


def _ended(row: Any) -> EndedAttempt:
    score, elapsed_ms, started_at, ended_at, answered, is_set_aside = row
    return EndedAttempt(
        score, elapsed_ms, as_moment(started_at), as_moment(ended_at), answered or 0, bool(is_set_aside)
    )


def _marking(attempt_id: int, marked: Marked, now: datetime) -> dict[str, Any]:
    return {
        "attempt": attempt_id,
        "points": marked.points,
        "worth": marked.worth,
        "score": marked.score,
        "full": marked.full,
        "made_from": marked.made_from,
        "now": now,
    }


def _ending(ended: EndedAttempt, marked: Marked) -> dict[str, Any]:
    return {
        "ended_at": ended.ended_at,
        "elapsed_ms": ended.elapsed_ms,
        "answered": ended.answered,
        "score": marked.score,
        "full": marked.full,
    }


# --- the statements --------------------------------------------------------------------------------------------------

_ATTEMPT = {"attempt": Big}


def _hold(_dialect: str, sent: Any) -> Any:
    """The attempt and its entry, so that no save, no other hand-in and no move of the entry comes between.

    It waits for nobody, since others go with it: a held attempt is left to whoever does it step by step.
    """
    return (
        select(
            Attempt.id,
            Attempt.contest_id, Attempt.entry_id, Attempt.started_at, Attempt.deadline,
            Entry.street_id, Entry.unit_id, Entry.entry_code,
        )
        .join(Entry, Attempt.entry_id == Entry.id)
        .join(Person, Person.id == Entry.person_id)
        .where(
            Attempt.id == sent.attempt,
            Entry.person_id == sent.person,
            Person.session_epoch == sent.epoch,
            Attempt.ended_at.is_(None),
            ~Attempt.is_set_aside,
            Attempt.accepts_until >= sent.now,
        )
        .with_for_update(of=(Attempt, Entry), key_share=True, skip_locked=True)
    )  # fmt: skip


def _read(_dialect: str, sent: Any) -> Any:
    """The terms as they stand, and whether a ruling about a question changes what an answer earns."""
    terms = ContestTermsVersion
    ruling = select(Ruling.id).where(Ruling.contest_id == terms.contest_id, Ruling.version_id.is_not(None)).limit(1)
    has_rulings = ruling.scalar_subquery().is_not(None)
    return select(terms.contest_id, terms.value, has_rulings).where(terms.contest_id == sent.contest, are_in_force())


def _read_answers(dialect: str, sent: Any) -> Any:
    found = select(Answer.attempt_id, answer_lines(dialect)).where(Answer.attempt_id == sent.attempt)
    return found.group_by(Answer.attempt_id)


def _read_others(_dialect: str, sent: Any) -> Any:
    """What else counts or may count for the entry."""
    this, other = aliased(Attempt), Attempt
    return (
        select(
            this.id, other.score, other.elapsed_ms, other.started_at, other.ended_at, other.answered, other.is_set_aside
        )
        .join(this, this.entry_id == other.entry_id)
        .where(this.id == sent.attempt, other.ended_at.is_not(None))
    )


_MARKING = {
    **_ATTEMPT, "points": JSON(), "worth": JSON(), "score": Integer(), "full": Integer(), "made_from": Text(),
    "now": UtcDateTime(),
}  # fmt: skip


def _mark(dialect: str, sent: Any) -> Any:
    values = {
        "attempt_id": sent.attempt, "number": literal_column("1"), "points": sent.points, "worth": sent.worth,
        "score": sent.score, "full": sent.full, "made_from": sent.made_from, "made_at": sent.now,
    }  # fmt: skip
    return insert_for(dialect, Marking).from_select(list(values), select(*values.values()))


_ENDING = {
    **_ATTEMPT, "ended_at": UtcDateTime(), "elapsed_ms": BigInteger(), "answered": Integer(), "score": Integer(),
    "full": Integer(), "receipt": Text(),
}  # fmt: skip


def _end(_dialect: str, sent: Any) -> Any:
    ending = {name: sent[name] for name in _ENDING if name not in _ATTEMPT}
    attempts: Any = Attempt.__table__
    return attempts.update().where(attempts.c.id == sent.attempt).values(**ending, ended_by=literal(BY_PERSON))


_SENT_STANDING = {column.name: column.type for column in Standing.__table__.c if column.name not in rows.QUOTIENTS}


def _stand(dialect: str, sent: Any) -> Any:
    values = {name: sent[name] for name in _SENT_STANDING} | rows.quotients(sent)
    insert = insert_for(dialect, Standing).from_select(list(values), select(*values.values()).where(true()))
    changed = {name: insert.excluded[name] for name in values if name not in ("entry_id", "contest_id")}
    return insert.on_conflict_do_update(index_elements=["entry_id"], set_=changed)


def _leave(dialect: str, sent: Any) -> Any:
    """Nothing where nothing stood before."""
    going = rows.standings_as_rows(-1).where(Standing.entry_id == sent.entry_id)
    return insert_for(dialect, StandingDelta).from_select(rows.DELTA, going)


_HOLD = ForMany(_hold, {**_ATTEMPT, "person": Big, "epoch": Integer(), "now": UtcDateTime()}, key=("attempt",))
_READ = ForMany(_read, {"contest": Integer()}, key=("contest",))
_ANSWERS, _OTHERS = (ForMany(each, _ATTEMPT, key=("attempt",)) for each in (_read_answers, _read_others))
_MARK, _END, _STAND = ForMany(_mark, _MARKING), ForMany(_end, _ENDING), ForMany(_stand, _SENT_STANDING)
_LEAVE = ForMany(_leave, {"entry_id": Big})
_ARRIVE = ForMany(rows.delta_from, rows.SENT_DELTA)
