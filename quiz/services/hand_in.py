"""The ordinary hand-in, in a few prepared statements: at the closing minute everybody makes one."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Integer, Text, bindparam, exists, select
from sqlalchemy.orm import aliased

from question_bank import acts
from question_bank.acts import Act
from question_bank.database import Big, UtcDateTime, as_moment, insert_for, is_writing
from question_bank.prepared import Prepared, Statement
from quiz.models import Answer, Attempt, ContestTermsVersion, Entry, Marking, Person, Ruling, Standing, StandingDelta
from quiz.queries.attempts import PaperContents, paper_contents
from quiz.queries.contests import are_in_force
from quiz.rules import timing
from quiz.rules.contest import ContestTerms, from_stored
from quiz.rules.marking import Marked, mark
from quiz.rules.ranking import Counted, EndedAttempt, counted
from quiz.rules.receipt import Ending, StoredAnswer, receipt_of
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

    False where anything is out of the ordinary: another's attempt, an ended or overdue one, one of an entry that is set
    aside, rulings about questions of the contest. Then nothing was written.
    """
    paper = None if is_writing() else paper_contents(attempt_id)
    if paper is None:
        return False
    asked = {"attempt": attempt_id}
    held_by = {**asked, "person": holder.person_id, "epoch": holder.epoch, "now": now}
    first = (_HOLD, held_by), (_READ, asked), (_ANSWERS, asked), (_OTHERS, asked)
    return acts.do(partial(_hand_in, attempt_id, paper, now), *first)


def _hand_in(attempt_id: int, paper: PaperContents, now: datetime, act: Act) -> bool:
    held, read, stored, others = act.first
    if not held:
        return False
    handed = _handed(held[0])
    value, has_rulings = read[0]
    if has_rulings:
        return False
    terms = from_stored(value)
    answers = _answers(stored)
    ended_at = min(now, handed.deadline)
    marked = _marked(paper, terms, answers)
    ended = EndedAttempt(
        score=marked.score,
        elapsed_ms=timing.elapsed_ms(handed.started_at, ended_at),
        started_at=handed.started_at,
        ended_at=ended_at,
        answered=sum(1 for answer in answers.values() if answer.chosen),
    )
    earlier = [_ended(row) for row in others]
    found = counted([*earlier, ended], terms.counts, terms.zone)
    receipt = _receipt(paper, handed, answers, marked, ended_at)
    stands = found if found != counted(earlier, terms.counts, terms.zone) else None
    act.end_with(
        (_MARK, _marking(attempt_id, marked, now)),
        (_END, {**_ending(ended, marked), "attempt": attempt_id, "receipt": receipt}),
        *(_standing(handed, stands) if stands else ()),
    )
    return True


def _handed(row: Any) -> Handed:
    contest_id, entry_id, started_at, deadline, street_id, unit_id, entry_code = row
    return Handed(contest_id, entry_id, as_moment(started_at), as_moment(deadline), street_id, unit_id, entry_code)


def _standing(handed: Handed, found: Counted) -> Iterator[Statement]:
    """What counts now takes the place of what counted before."""
    values = rows.values_of(handed, found)
    yield _LEAVE, {"entry_id": handed.entry_id}
    yield _STAND, {"entry_id": handed.entry_id, "contest_id": handed.contest_id, **values}
    yield _ARRIVE, rows.coming(handed.contest_id, values)


def _answers(stored: Iterable[Any]) -> dict[int, StoredAnswer]:
    return {
        position: StoredAnswer(json.loads(chosen), revision, as_moment(first_at), as_moment(last_at))
        for position, chosen, revision, first_at, last_at in stored
    }


def _marked(paper: PaperContents, terms: ContestTerms, answers: Mapping[int, StoredAnswer]) -> Marked:
    chosen = {position: answer.chosen for position, answer in answers.items() if answer.chosen}
    return mark(paper.lines, paper.contents, chosen, multiple=terms.multiple_choice)


def _receipt(
    paper: PaperContents, handed: Handed, answers: Mapping[int, StoredAnswer], marked: Marked, ended_at: datetime
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
        "points": json.dumps(list(marked.points)),
        "worth": json.dumps(list(marked.worth)),
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


def _hold(_dialect: str) -> Any:
    """The attempt and its entry, so that no save, no other hand-in and no move of the entry comes between."""
    return (
        select(
            Attempt.contest_id, Attempt.entry_id, Attempt.started_at, Attempt.deadline,
            Entry.street_id, Entry.unit_id, Entry.entry_code,
        )
        .join(Entry, Attempt.entry_id == Entry.id)
        .join(Person, Person.id == Entry.person_id)
        .where(
            Attempt.id == bindparam("attempt", type_=Big),
            Entry.person_id == bindparam("person", type_=Big),
            Person.session_epoch == bindparam("epoch", type_=Integer()),
            Attempt.ended_at.is_(None),
            ~Attempt.is_set_aside,
            Attempt.accepts_until >= bindparam("now", type_=UtcDateTime()),
        )
        .with_for_update(of=(Attempt, Entry), key_share=True)
    )  # fmt: skip


def _read(_dialect: str) -> Any:
    """The terms as they stand, and whether a ruling about a question changes what an answer earns."""
    contest = select(Attempt.contest_id).where(Attempt.id == bindparam("attempt", type_=Big)).scalar_subquery()
    has_rulings = exists().where(Ruling.contest_id == contest, Ruling.version_id.is_not(None))
    of_contest = ContestTermsVersion.contest_id == contest
    return select(ContestTermsVersion.value, has_rulings).where(of_contest, are_in_force())


def _read_answers(_dialect: str) -> Any:
    return select(Answer.position, Answer.chosen, Answer.revision, Answer.first_at, Answer.last_at).where(
        Answer.attempt_id == bindparam("attempt", type_=Big)
    )


def _read_others(_dialect: str) -> Any:
    """What else counts or may count for the entry."""
    this = aliased(Attempt)
    entry = select(this.entry_id).where(this.id == bindparam("attempt", type_=Big)).scalar_subquery()
    return select(
        Attempt.score, Attempt.elapsed_ms, Attempt.started_at, Attempt.ended_at, Attempt.answered, Attempt.is_set_aside
    ).where(Attempt.entry_id == entry, Attempt.ended_at.is_not(None))


def _mark(dialect: str) -> Any:
    return insert_for(dialect, Marking).values(
        attempt_id=bindparam("attempt", type_=Big),
        number=1,
        points=bindparam("points", type_=Marking.__table__.c.points.type),
        worth=bindparam("worth", type_=Marking.__table__.c.worth.type),
        score=bindparam("score", type_=Integer()),
        full=bindparam("full", type_=Integer()),
        made_from=bindparam("made_from", type_=Text()),
        made_at=bindparam("now", type_=UtcDateTime()),
    )


def _end(_dialect: str) -> Any:
    return (
        Attempt.__table__.update()  # type: ignore[attr-defined]  # typed as FromClause
        .where(Attempt.id == bindparam("attempt", type_=Big))
        .values(
            ended_at=bindparam("ended_at", type_=UtcDateTime()),
            ended_by=BY_PERSON,
            elapsed_ms=bindparam("elapsed_ms", type_=BigInteger()),
            answered=bindparam("answered", type_=Integer()),
            score=bindparam("score", type_=Integer()),
            full=bindparam("full", type_=Integer()),
            receipt=bindparam("receipt", type_=Text()),
        )
    )


def _stand(dialect: str) -> Any:
    columns = Standing.__table__.c
    values = {column.name: bindparam(column.name, type_=column.type) for column in columns}
    insert = insert_for(dialect, Standing).values(values)
    changed = {name: insert.excluded[name] for name in values if name not in ("entry_id", "contest_id")}
    return insert.on_conflict_do_update(index_elements=["entry_id"], set_=changed)


def _leave(dialect: str) -> Any:
    """Nothing where nothing stood before."""
    going = rows.standings_as_rows(-1).where(Standing.entry_id == bindparam("entry_id", type_=Big))
    return insert_for(dialect, StandingDelta).from_select(rows.DELTA, going)


def _arrive(dialect: str) -> Any:
    columns = StandingDelta.__table__.c
    return insert_for(dialect, StandingDelta).values(
        {name: bindparam(name, type_=columns[name].type) for name in rows.DELTA}
    )


_HOLD, _READ, _ANSWERS, _OTHERS = map(Prepared, (_hold, _read, _read_answers, _read_others))
_MARK, _END, _LEAVE, _STAND, _ARRIVE = map(Prepared, (_mark, _end, _leave, _stand, _arrive))
