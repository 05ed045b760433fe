"""Cuts from one contest into the next, and who is admitted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from question_bank.database import db
from quiz.models import Admission, Area, Contest, Entry, Person, StageCut, Standing, Unit
from quiz.models.contests import ContestState
from quiz.queries.ladder_counts import ORDER
from quiz.rules.contest import Ties
from quiz.rules.stages import Candidate

PER_PAGE = 50
ROWS_AT_ONCE = 1000


def candidates(contest_id: int, ties: Ties) -> Iterator[Candidate]:
    """The person ladder of the contest, from the top."""
    query = select(Standing).where(Standing.contest_id == contest_id).order_by(*ORDER)
    for row in db.session.execute(query.execution_options(yield_per=ROWS_AT_ONCE)).scalars():
        merit: tuple[Any, ...] = (row.minus_score, row.pace, row.finished_at)
        if ties is Ties.NONE:
            merit = (*merit, row.entry_code)
        yield Candidate(row.entry_code, merit, row.score_sum, row.counted, row.street_id, row.unit_id)


def cuts_of(contest_id: int) -> list[StageCut]:
    query = select(StageCut).where(StageCut.contest_id == contest_id).options(joinedload(StageCut.from_contest))
    return list(db.session.execute(query.order_by(StageCut.id)).scalars())


def cut_from(contest_id: int, from_contest_id: int) -> StageCut | None:
    query = select(StageCut).where(StageCut.contest_id == contest_id, StageCut.from_contest_id == from_contest_id)
    return db.session.execute(query).scalar()


def earlier_contests(contest_id: int, now: datetime) -> list[Contest]:
    """Contests that may feed this one: another one, over, and not taken yet; the newest first."""
    taken = exists().where(StageCut.contest_id == contest_id, StageCut.from_contest_id == Contest.id)
    query = select(Contest).where(Contest.id != contest_id, Contest.state != ContestState.DRAFT.value, ~taken)
    return list(db.session.execute(query.where(Contest.closes_at <= now).order_by(Contest.id.desc())).scalars())


def admission_of(contest_id: int, person_id: int) -> Admission | None:
    query = select(Admission).where(Admission.contest_id == contest_id, Admission.person_id == person_id)
    return db.session.execute(query).scalar()


@dataclass(frozen=True)
class EntryOf:
    """Whose entry it is, if the person is still known, and where it counts."""

    person_id: int | None
    masked_name: str
    street: str
    unit: str


def entries_by_code(codes: list[str]) -> dict[str, EntryOf]:
    found: dict[str, EntryOf] = {}
    query = (
        select(Entry.entry_code, Entry.person_id, Entry.masked_name, Area.name.label("street"), Unit.name.label("unit"))
        .outerjoin(Area, Area.id == Entry.street_id)
        .outerjoin(Unit, Unit.id == Entry.unit_id)
    )
    for start in range(0, len(codes), ROWS_AT_ONCE):
        for row in db.session.execute(query.where(Entry.entry_code.in_(codes[start : start + ROWS_AT_ONCE]))):
            found[row.entry_code] = EntryOf(row.person_id, row.masked_name, row.street or "", row.unit or "")
    return found


def admitted_persons(contest_id: int) -> set[int]:
    query = select(Admission.person_id).where(Admission.contest_id == contest_id, Admission.person_id.is_not(None))
    return {person_id for person_id in db.session.execute(query).scalars() if person_id is not None}


@dataclass(frozen=True)
class AdmissionsPage:
    rows: list[Admission]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PER_PAGE))


def admissions(contest_id: int, *, words: str = "", page: int = 1) -> AdmissionsPage:
    """One page of who is admitted, those whose name, phone or entry code holds the words."""
    page = max(1, min(page, 1_000_000))
    query = select(Admission).outerjoin(Person, Person.id == Admission.person_id)
    query = query.where(Admission.contest_id == contest_id)
    if words:
        query = query.where(
            or_(
                Person.name.icontains(words, autoescape=True),
                Person.phone.contains(words, autoescape=True),
                Admission.entry_code == words.upper(),
            )
        )
    total = db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    rows = query.options(joinedload(Admission.person)).order_by(Admission.id).offset((page - 1) * PER_PAGE)
    return AdmissionsPage(list(db.session.execute(rows.limit(PER_PAGE)).scalars()), total, page)


def persons_with_phone(phone: str) -> list[Person]:
    """Participants who registered with this phone."""
    query = select(Person).where(Person.phone == phone, Person.kind != "staff", Person.forgotten_at.is_(None))
    return list(db.session.execute(query.order_by(Person.id)).scalars())
