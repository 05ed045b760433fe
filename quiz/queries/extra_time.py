"""补时: the rulings that stand, and the attempts that run."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from question_bank.database import db
from quiz.models import Attempt, Entry, Person, Ruling
from quiz.rules.marking import RulingKind

MOST_SHOWN = 100


def extra_times(contest_id: int) -> list[tuple[Ruling, Ruling | None]]:
    """Every extra time given in the contest, the newest first, each with the ruling that undid it."""
    undoing = aliased(Ruling)
    query = (
        select(Ruling, undoing)
        .outerjoin(undoing, undoing.undoes_id == Ruling.id)
        .where(Ruling.contest_id == contest_id, Ruling.kind == RulingKind.EXTRA_TIME, Ruling.undoes_id.is_(None))
        .order_by(Ruling.id.desc())
    )
    return [(given, undone) for given, undone in db.session.execute(query)]


def last_ruling_id(contest_id: int) -> int:
    """The last ruling about extra time in the contest; 0 before the first."""
    query = select(func.max(Ruling.id)).where(Ruling.contest_id == contest_id, Ruling.kind == RulingKind.EXTRA_TIME)
    return db.session.execute(query).scalar() or 0


def last_attempt_id(contest_id: int) -> int:
    return db.session.execute(select(func.max(Attempt.id)).where(Attempt.contest_id == contest_id)).scalar() or 0


def running(contest_id: int) -> tuple[list[Attempt], int]:
    """The attempts that run, those that end first before the others and so many at most; and how many run in all."""
    is_running = (Attempt.contest_id == contest_id, Attempt.ended_at.is_(None))
    query = select(Attempt).options(joinedload(Attempt.entry)).where(*is_running)
    rows = db.session.execute(query.order_by(Attempt.deadline, Attempt.id).limit(MOST_SHOWN)).scalars()
    count = db.session.execute(select(func.count()).select_from(Attempt).where(*is_running)).scalar_one()
    return list(rows), count


def entries_named(contest_id: int, name: str) -> Sequence[Entry]:
    """The entry of this code, or those of everybody who joined with this phone."""
    query = select(Entry).where(Entry.contest_id == contest_id)
    if entry := db.session.execute(query.where(Entry.entry_code == name.upper())).scalar():
        return [entry]
    by_phone = query.join(Person, Person.id == Entry.person_id).where(Person.phone == name)
    return db.session.execute(by_phone.order_by(Entry.id)).scalars().all()


def codes_of(entry_ids: Iterable[int | None]) -> dict[int, str]:
    """Entry codes by id."""
    rows = db.session.execute(select(Entry.id, Entry.entry_code).where(Entry.id.in_({i for i in entry_ids if i})))
    return {row.id: row.entry_code for row in rows}
