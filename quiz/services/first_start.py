"""The first start of a person in a contest, in a few prepared statements: at the opening minute everybody makes one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Integer, Text, and_, case, exists, false, literal, literal_column, or_, select, true

from question_bank.acts import Act, Asked, ForMany, Steps
from question_bank.database import Big, UtcDateTime, as_moment, insert_for, is_writing, json_of
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
from quiz.services.standing_rows import SENT_DELTA, delta_from, joining


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
    beforehand = begin.ahead or _drawn_beforehand(slug, begin.seed)
    return _FIRST_START.do((slug, holder.person_id), slug, holder, begin, beforehand)


def _start(slug: str, holder: Holder, begin: Beginning, beforehand: Drawn | None) -> Steps[int | None]:
    now = begin.now
    asked = {"slug": slug, "person": holder.person_id, "epoch": holder.epoch, "stall": begin.stall_id, "now": now}
    held, contest, person = yield (_HOLD, {"slug": slug}), (_READ, {"slug": slug}), (_READ_PERSON, asked)
    if not (held and contest and person):
        return None
    contest_id, state, pool_id, value = contest[0]
    terms = from_stored(value)
    period = timing.period_at(terms, now) if _is_open(state, terms, now) else None
    if period is None:
        return None
    joined = {**_entry(*person[0]), "contest": contest_id, "person": holder.person_id, "code": begin.entry_code}
    (entry,) = yield [(_ENTER, {**joined, "now": now, "came_from": came_from(begin.stall_id)})]
    if not entry:
        return None
    if beforehand is None or beforehand.source != (pool_id, value):
        beforehand = drawn((pool_id, value), begin.seed)
        _sources()[slug] = beforehand.source
    (paper,) = yield [(_KEEP_PAPER, _paper(contest_id, beforehand))]
    deadline = timing.deadline_of(terms, now)
    begun = {
        "contest": contest_id,
        "entry": entry[0][0],
        "paper": paper[0][0],
        "period": period,
        "now": now,
        "deadline": deadline,
        "until": timing.accepts_until(terms, deadline),
        "stall": begin.stall_id,
    }
    (attempt,) = yield [(_BEGIN, begun)]
    attempt_id = int(attempt[0][0])
    yield (
        (_COUNT, joining(contest_id, joined["street"], joined["unit"])),
        *([_trace(attempt_id, contest_id, begin.origin)] if begin.origin else []),
    )
    return attempt_id


_FIRST_START = Act(_start)


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


def _paper(contest_id: int, paper: Drawn) -> dict[str, Any]:
    return {"contest": contest_id, "pool": paper.source[0], "seed": paper.seed, "layout": paper.layout}


def _trace(attempt_id: int, contest_id: int, origin: Origin) -> Asked:
    device, address = origin.traces_in(contest_id)
    return _KEEP_TRACE, {"attempt": attempt_id, "contest": contest_id, "device": device, "address": address}


# --- the statements --------------------------------------------------------------------------------------------------


def _hold(_dialect: str, sent: Any) -> Any:
    """The contest, so that neither its terms nor its state change before the start is committed.

    It waits for nobody, since others go with it: while somebody changes the contest, starts are made step by step.
    """
    held = select(Contest.slug, Contest.id).where(Contest.slug == sent.slug)
    return held.with_for_update(read=True, of=Contest, skip_locked=True)


def _read(_dialect: str, sent: Any) -> Any:
    """The contest with its terms as they stand."""
    return (
        select(Contest.slug, Contest.id, Contest.state, Contest.pool_id, ContestTermsVersion.value)
        .join(ContestTermsVersion, and_(ContestTermsVersion.contest_id == Contest.id, are_in_force()))
        .where(
            Contest.slug == sent.slug,
            Contest.pool_id.is_not(None),
            ~Contest.admits_only,  # whom it admits is looked at with care
        )
    )


def _read_person(_dialect: str, sent: Any) -> Any:
    """The person who may join it."""
    is_counted = exists().where(ContestUnit.contest_id == Contest.id, ContestUnit.unit_id == Unit.id)
    street = case((Unit.id.is_not(None), Unit.street_id), else_=Person.street_id)  # an employee counts for the unit's
    lies_in = exists().where(ContestArea.contest_id == Contest.id, ContestArea.area_id == street)
    stall_is_open = exists().where(
        Stall.id == sent.stall, Stall.contest_id == Contest.id, Stall.closed_at.is_(None), Stall.expires_at > sent.now
    )
    return (
        select(
            Contest.slug, Person.id,
            Person.masked_name, Person.consent_version, Person.consented_at, Person.unit_name,
            street.label("street"), Unit.id.label("unit"), Unit.unit_class,
        )
        .select_from(Person)
        .join(Contest, true())
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(
            Contest.slug == sent.slug,
            Person.id == sent.person,
            Person.session_epoch == sent.epoch,
            Person.kind != PersonKind.STAFF.value,
            Person.forgotten_at.is_(None),
            Person.consent_version.is_not(None),
            Person.consented_at.is_not(None),
            or_(Unit.id.is_(None), is_counted),
            or_(street.is_(None), lies_in),
            or_(sent.stall.is_(None), stall_is_open),
        )
    )  # fmt: skip


def _columns(*names: str, of: Any) -> dict[str, Any]:
    """The types of columns of a table, as they are sent."""
    return {name: of.__table__.c[name].type for name in names}


def _enter(dialect: str, sent: Any) -> Any:
    """The entry; nothing if one is there."""
    values = {name: sent[name] for name in _COPIED} | {
        "contest_id": sent.contest, "person_id": sent.person, "entry_code": sent.code, "street_id": sent.street,
        "unit_id": sent.unit, "joined_at": sent.now,
    }  # fmt: skip
    # Two processes that make entries in one order never wait in a ring.
    made = select(*values.values()).where(true()).order_by(sent.person)
    insert = insert_for(dialect, Entry).from_select(list(values), made)
    once = insert.on_conflict_do_nothing(index_elements=["contest_id", "person_id"])
    return once.returning(Entry.contest_id, Entry.person_id, Entry.id)


_COPIED = _columns("masked_name", "unit_name", "unit_class", "consent_version", "consented_at", "came_from", of=Entry)
_ENTRY = {
    **_COPIED, "contest": Integer(), "person": Big, "code": Text(), "street": Integer(), "unit": Integer(),
    "now": UtcDateTime(),
}  # fmt: skip


def _keep_paper(dialect: str, sent: Any) -> Any:
    values = {
        "contest_id": sent.contest, "pool_id": sent.pool, "seed": sent.seed, "algorithm": literal(ALGORITHM),
        "layout": json_of(dialect, sent.layout),
    }  # fmt: skip
    insert = insert_for(dialect, Paper).from_select(list(values), select(*values.values()))
    return insert.returning(Paper.contest_id, Paper.seed, Paper.id)


_PAPER = {"contest": Integer(), "pool": Integer(), "seed": Text(), "layout": Text()}


def _begin(dialect: str, sent: Any) -> Any:
    values = {
        "contest_id": sent.contest, "entry_id": sent.entry, "paper_id": sent.paper, "period": sent.period,
        "number": literal_column("1"), "started_at": sent.now, "deadline": sent.deadline, "accepts_until": sent.until,
        "extra_ms": literal_column("0"), "is_set_aside": false(), "stall_id": sent.stall,
    }  # fmt: skip
    insert = insert_for(dialect, Attempt).from_select(list(values), select(*values.values()))
    return insert.returning(Attempt.entry_id, Attempt.id)


_ATTEMPT = {
    "contest": Integer(), "entry": Big, "paper": Big, "period": Text(), "now": UtcDateTime(),
    "deadline": UtcDateTime(), "until": UtcDateTime(), "stall": Integer(),
}  # fmt: skip


def _keep_trace(dialect: str, sent: Any) -> Any:
    values = [sent.attempt, sent.contest, sent.device, sent.address]
    names = ["attempt_id", "contest_id", "device", "address"]
    return insert_for(dialect, AttemptTrace).from_select(names, select(*values))


_TRACE = {"attempt": Big, "contest": Integer(), "device": Text(), "address": Text()}
_ASKED = {"slug": Text(), "person": Big, "epoch": Integer(), "stall": Integer(), "now": UtcDateTime()}

_HOLD, _READ = (ForMany(each, {"slug": Text()}, key=("slug",)) for each in (_hold, _read))
_READ_PERSON = ForMany(_read_person, _ASKED, key=("slug", "person"))
_ENTER = ForMany(_enter, _ENTRY, key=("contest", "person"))
_KEEP_PAPER = ForMany(_keep_paper, _PAPER, key=("contest", "seed"))
_BEGIN = ForMany(_begin, _ATTEMPT, key=("entry",))
_KEEP_TRACE, _COUNT = ForMany(_keep_trace, _TRACE), ForMany(delta_from, SENT_DELTA)
