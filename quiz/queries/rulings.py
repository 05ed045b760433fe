"""Rulings of judges: which stand, about what, and the attempts they reach."""

from collections.abc import Iterable, Sequence

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased, joinedload

from question_bank.database import db
from quiz.models import Attempt, Entry, Ruling
from quiz.queries.people import DISTRICT, Scope, in_scope
from quiz.rules.marking import QUESTION_RULINGS, RulingKind

_undoing = aliased(Ruling)
_STANDS = ~exists().where(_undoing.undoes_id == Ruling.id)


def attempt_within(contest_id: int, attempt_id: int, within: Sequence[Scope] = DISTRICT) -> Attempt | None:
    """An attempt of the contest with its entry, if its person is within the scopes."""
    query = (
        select(Attempt)
        .join(Attempt.entry)
        .where(
            Attempt.id == attempt_id,
            Attempt.contest_id == contest_id,
            in_scope(within, Entry.street_id, Entry.unit_id),
        )
        .options(joinedload(Attempt.entry).joinedload(Entry.unit), joinedload(Attempt.entry).joinedload(Entry.person))
    )
    return db.session.execute(query).scalar()


def attempts_for_change(entry_id: int) -> list[Attempt]:
    """Every attempt of an entry, held until the transaction ends; in one order, so that none wait crosswise."""
    query = select(Attempt).where(Attempt.entry_id == entry_id).order_by(Attempt.id)
    held = query.with_for_update(of=Attempt).execution_options(populate_existing=True)
    return list(db.session.execute(held).scalars())


# --- about attempts and entries --------------------------------------------------------------------------------------


def set_aside_by(attempt: Attempt) -> Ruling | None:
    """The ruling about the attempt itself that sets it aside, and stands."""
    return _last(Ruling.attempt_id == attempt.id)


def entry_set_aside_by(entry_id: int) -> Ruling | None:
    """The ruling about an entry as a whole that sets it aside, and stands."""
    return _last(Ruling.entry_id == entry_id, Ruling.attempt_id.is_(None))


def _last(*about: object) -> Ruling | None:
    query = select(Ruling).where(*about, Ruling.kind == RulingKind.SET_ASIDE, _STANDS)  # type: ignore[arg-type]  # conditions of several types
    return db.session.execute(query.order_by(Ruling.id.desc()).limit(1)).scalar()


def why_set_aside(attempt: Attempt) -> str:
    """The reason that stands, of the attempt itself or of its entry; "" where it counts."""
    if not attempt.is_set_aside:
        return ""
    ruling = set_aside_by(attempt) or entry_set_aside_by(attempt.entry_id)
    return ruling.reason if ruling else ""


def about_attempt(attempt: Attempt) -> list[Ruling]:
    """Every ruling about the attempt or its entry, and what undid it, in the order they were made."""
    own = (Ruling.attempt_id == attempt.id) | ((Ruling.entry_id == attempt.entry_id) & Ruling.attempt_id.is_(None))
    query = select(Ruling).where(Ruling.contest_id == attempt.contest_id, own)
    return list(db.session.execute(query.order_by(Ruling.id)).scalars())


# --- about questions -------------------------------------------------------------------------------------------------


def about_questions(contest_id: int) -> list[tuple[Ruling, Ruling | None]]:
    """Every ruling about a question, the newest first, each with the one that undid it."""
    query = (
        select(Ruling, _undoing)
        .outerjoin(_undoing, _undoing.undoes_id == Ruling.id)
        .where(Ruling.contest_id == contest_id, Ruling.kind.in_(QUESTION_RULINGS))
        .order_by(Ruling.id.desc())
    )
    return [(ruling, undone) for ruling, undone in db.session.execute(query)]


def about_question(contest_id: int, version_id: int) -> list[Ruling]:
    """The rulings about one question that are not undone, in order: the last one holds."""
    query = select(Ruling).where(
        Ruling.contest_id == contest_id, Ruling.version_id == version_id, Ruling.kind.in_(QUESTION_RULINGS), _STANDS
    )
    return list(db.session.execute(query.order_by(Ruling.id)).scalars())


def standing_by_version(contest_id: int, versions: Iterable[int]) -> dict[int, Ruling]:
    """The ruling that holds about each of these questions, with its reason."""
    about = (Ruling.contest_id == contest_id, Ruling.version_id.in_(set(versions)))
    query = select(Ruling).where(*about, Ruling.kind.in_(QUESTION_RULINGS), _STANDS)
    rows = db.session.execute(query.order_by(Ruling.id)).scalars()
    return {ruling.version_id: ruling for ruling in rows if ruling.version_id is not None}


def undone_by(ruling_id: int) -> Ruling | None:
    return db.session.execute(select(Ruling).where(Ruling.undoes_id == ruling_id)).scalar()


def last_about_questions(contest_id: int) -> int:
    """The last ruling about a question, or undoing of one; 0 before the first."""
    query = select(func.max(Ruling.id)).where(Ruling.contest_id == contest_id, Ruling.version_id.is_not(None))
    return db.session.execute(query).scalar() or 0


def versions_ruled_about(contest_id: int) -> list[int]:
    """Every question that was ever ruled about in the contest, undone or not."""
    query = select(Ruling.version_id).where(Ruling.contest_id == contest_id, Ruling.version_id.is_not(None)).distinct()
    return sorted(version for version in db.session.execute(query).scalars() if version is not None)
