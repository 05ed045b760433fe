"""The first start of a person in a contest, in a few prepared statements: at the opening minute everybody makes one."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from flask import current_app
from sqlalchemy import Integer, Text, and_, bindparam, case, exists, or_, select

from question_bank import acts
from question_bank.acts import Act
from question_bank.database import Big, UtcDateTime, as_moment, insert_for, is_writing
from question_bank.prepared import Prepared, Statement
from quiz.models import (
    Attempt,
    AttemptTrace,
    Contest,
    ContestArea,
    ContestTermsVersion,
    ContestUnit,
    Entry,
    Paper,
    Person,
    PersonKind,
    Stall,
    StandingDelta,
    Unit,
)
from quiz.models.contests import ContestState
from quiz.queries.contests import are_in_force
from quiz.rules import timing
from quiz.rules.contest import ContestTerms, from_stored
from quiz.rules.drawing import ALGORITHM
from quiz.rules.origin import Origin
from quiz.services.answers import Holder
from quiz.services.papers_ahead import Drawn, Source, drawn
from quiz.services.standing_rows import DELTA, joining


@dataclass(frozen=True)
class Beginning:
    """When a start happens, what its paper and its entry are made from, and on which device."""

    now: datetime
    seed: str
    entry_code: str
    ahead: Drawn | None = None
    """The paper of the seed, where it was drawn ahead."""
    origin: Origin | None = None
    stall_id: int | None = None


def first_start(slug: str, holder: Holder, begin: Beginning) -> int | None:
    """The id of a new attempt with its entry and paper, all committed.

    None where anything is out of the ordinary: the session has ended, an entry is there already, the contest is not
    open at this moment, nor the stall, or a unit joins it that it has not counted yet. Then nothing was written.
    """
    if is_writing():
        return None
    asked = {"slug": slug, "person": holder.person_id, "epoch": holder.epoch, "stall": begin.stall_id, "now": begin.now}
    work = partial(_start, slug, holder, begin, begin.ahead or _drawn_beforehand(slug, begin.seed))
    return acts.do(work, (_HOLD, {"slug": slug}), (_READ, asked))


def _start(slug: str, holder: Holder, begin: Beginning, beforehand: Drawn | None, act: Act) -> int | None:
    now = begin.now
    _held, found = act.first
    if not found:
        return None
    contest_id, state, pool_id, value, *person = found[0]
    terms = from_stored(value)
    period = timing.period_at(terms, now) if _is_open(state, terms, now) else None
    if period is None:
        return None
    joined = {**_entry(*person), "contest": contest_id, "person": holder.person_id, "code": begin.entry_code}
    entry = act.row(_ENTER, {**joined, "now": now, "came_from": came_from(begin.stall_id)})
    if entry is None:
        return None
    if beforehand is None or beforehand.source != (pool_id, value):
        beforehand = drawn((pool_id, value), begin.seed)
        _sources()[slug] = beforehand.source
    paper = _keep(act, contest_id, beforehand)
    deadline = timing.deadline_of(terms, now)
    begun = {
        "contest": contest_id,
        "entry": entry[0],
        "paper": paper,
        "period": period,
        "now": now,
        "deadline": deadline,
        "until": timing.accepts_until(terms, deadline),
        "stall": begin.stall_id,
    }
    attempt_id = int(act.row(_BEGIN, begun)[0])
    act.end_with(
        (_COUNT, joining(contest_id, joined["street"], joined["unit"])),
        *([_trace(attempt_id, contest_id, begin.origin)] if begin.origin else []),
    )
    return attempt_id


def came_from(stall_id: int | None) -> str:
    """Where an entry made by this start comes from."""
    return "web" if stall_id is None else "stall"


def _is_open(state: str, terms: ContestTerms, now: datetime) -> bool:
    return state == ContestState.PUBLISHED and terms.opens_at <= now < terms.closes_at


def _entry(
    masked_name: str,
    consent_version: str,
    consented_at: Any,
    unit_name: str | None,
    street_id: int | None,
    unit_id: int | None,
    unit_class: str | None,
) -> dict[str, Any]:
    return {
        "masked_name": masked_name,
        "street": street_id,
        "unit": unit_id,
        "unit_name": None if unit_id else unit_name,
        "unit_class": unit_class or "",
        "consent_version": consent_version,
        "consented_at": as_moment(consented_at),
    }


def _drawn_beforehand(slug: str, seed: str) -> Drawn | None:
    """A paper from the pool and terms of the start before this one, most likely still those that hold.

    Nobody waits in the writers' queue for it: whether they hold shows inside, and then it is drawn anew if need be.
    """
    source = _sources().get(slug)
    return drawn(source, seed) if source else None


def _sources() -> dict[str, Source]:
    """Pool and terms of the last first start in each contest, in this process."""
    sources: dict[str, Source] = current_app.extensions.setdefault("first starts", {})
    return sources


def _keep(act: Act, contest_id: int, paper: Drawn) -> int:
    values = {"contest": contest_id, "pool": paper.source[0], "seed": paper.seed, "layout": paper.layout}
    return int(act.row(_KEEP_PAPER, values)[0])


def _trace(attempt_id: int, contest_id: int, origin: Origin) -> Statement:
    device, address = origin.traces_in(contest_id)
    return _KEEP_TRACE, {"attempt": attempt_id, "contest": contest_id, "device": device, "address": address}


def _hold(_dialect: str) -> Any:
    """The contest, so that neither its terms nor its state change before the start is committed."""
    return select(Contest.id).where(Contest.slug == bindparam("slug")).with_for_update(read=True)


def _read(_dialect: str) -> Any:
    """The contest with its terms as they stand, and the person who may join it; nothing if an entry is there."""
    person = bindparam("person", type_=Big)
    has_entry = exists().where(Entry.contest_id == Contest.id, Entry.person_id == person)
    is_counted = exists().where(ContestUnit.contest_id == Contest.id, ContestUnit.unit_id == Unit.id)
    street = case((Unit.id.is_not(None), Unit.street_id), else_=Person.street_id)  # an employee counts for the unit's
    lies_in = exists().where(ContestArea.contest_id == Contest.id, ContestArea.area_id == street)
    stall = bindparam("stall", type_=Integer())
    stall_is_open = exists().where(
        Stall.id == stall,
        Stall.contest_id == Contest.id,
        Stall.closed_at.is_(None),
        Stall.expires_at > bindparam("now", type_=UtcDateTime()),
    )
    return (
        select(
            Contest.id, Contest.state, Contest.pool_id, ContestTermsVersion.value,
            Person.masked_name, Person.consent_version, Person.consented_at, Person.unit_name,
            street.label("street"), Unit.id.label("unit"), Unit.unit_class,
        )
        .select_from(Contest)
        .join(
            ContestTermsVersion,
            and_(ContestTermsVersion.contest_id == Contest.id, are_in_force()),
        )
        .join(Person, Person.id == person)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(
            Contest.slug == bindparam("slug"),
            Contest.pool_id.is_not(None),
            ~Contest.admits_only,  # whom it admits is looked at with care
            Person.session_epoch == bindparam("epoch", type_=Integer()),
            Person.kind != PersonKind.STAFF.value,
            Person.forgotten_at.is_(None),
            Person.consent_version.is_not(None),
            Person.consented_at.is_not(None),
            ~has_entry,
            or_(Unit.id.is_(None), is_counted),
            or_(street.is_(None), lies_in),
            or_(stall.is_(None), stall_is_open),
        )
    )  # fmt: skip


def _enter(dialect: str) -> Any:
    """The entry; nothing if another tap has just made it."""
    insert = insert_for(dialect, Entry).values(
        contest_id=bindparam("contest", type_=Integer()),
        person_id=bindparam("person", type_=Big),
        entry_code=bindparam("code", type_=Text()),
        masked_name=bindparam("masked_name", type_=Text()),
        street_id=bindparam("street", type_=Integer()),
        unit_id=bindparam("unit", type_=Integer()),
        unit_name=bindparam("unit_name", type_=Text()),
        unit_class=bindparam("unit_class", type_=Text()),
        consent_version=bindparam("consent_version", type_=Text()),
        consented_at=bindparam("consented_at", type_=UtcDateTime()),
        came_from=bindparam("came_from", type_=Text()),
        joined_at=bindparam("now", type_=UtcDateTime()),
    )
    return insert.on_conflict_do_nothing(index_elements=["contest_id", "person_id"]).returning(Entry.id)


def _keep_paper(dialect: str) -> Any:
    insert = insert_for(dialect, Paper).values(
        contest_id=bindparam("contest", type_=Integer()),
        pool_id=bindparam("pool", type_=Integer()),
        seed=bindparam("seed", type_=Text()),
        algorithm=ALGORITHM,
        layout=bindparam("layout", type_=Paper.__table__.c.layout.type),
    )
    return insert.returning(Paper.id)


def _begin(dialect: str) -> Any:
    insert = insert_for(dialect, Attempt).values(
        contest_id=bindparam("contest", type_=Integer()),
        entry_id=bindparam("entry", type_=Big),
        paper_id=bindparam("paper", type_=Big),
        period=bindparam("period", type_=Text()),
        number=1,
        started_at=bindparam("now", type_=UtcDateTime()),
        deadline=bindparam("deadline", type_=UtcDateTime()),
        accepts_until=bindparam("until", type_=UtcDateTime()),
        extra_ms=0,
        is_set_aside=False,
        stall_id=bindparam("stall", type_=Integer()),
    )
    return insert.returning(Attempt.id)


def _keep_trace(dialect: str) -> Any:
    return insert_for(dialect, AttemptTrace).values(
        attempt_id=bindparam("attempt", type_=Big),
        contest_id=bindparam("contest", type_=Integer()),
        device=bindparam("device", type_=Text()),
        address=bindparam("address", type_=Text()),
    )


def _count(dialect: str) -> Any:
    columns = StandingDelta.__table__.c
    return insert_for(dialect, StandingDelta).values(
        {name: bindparam(name, type_=columns[name].type) for name in DELTA}
    )


_HOLD, _READ, _ENTER, _KEEP_PAPER, _BEGIN, _KEEP_TRACE, _COUNT = map(
    Prepared, (_hold, _read, _enter, _keep_paper, _begin, _keep_trace, _count)
)
