"""Contests, their terms, and the questions they draw from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from question_bank.content import QuestionContent
from question_bank.database import db
from question_bank.kinds import QuestionKind
from question_bank.models import QuestionVersion
from question_bank.queries import live_versions
from quiz.models import Area, AreaKind, Attempt, Contest, ContestArea, ContestTermsVersion, ContestUnit, Pool, Unit
from quiz.models.contests import ContestState
from quiz.queries.keeping import Kept, kept
from quiz.rules.drawing import DrawingPool, PoolVersion

MOST_POOLS_KEPT = 16


def contest_by_slug(slug: str, *, lock: bool = False) -> Contest | None:
    """The contest with its bank and every version of its terms.

    With ``lock`` its terms stay as they are until the transaction ends; any number may hold it so at a time.
    """
    if not slug.isprintable():
        return None
    query = select(Contest).where(Contest.slug == slug)
    if not lock:
        everything = query.options(joinedload(Contest.bank), joinedload(Contest.terms_versions))
        return db.session.execute(everything).unique().scalar()
    # The terms in a statement of their own: one that had to wait for the contest would show them as they were before.
    query = _with_terms(query).with_for_update(of=Contest, read=True)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar()


def contest_by_id(contest_id: int) -> Contest | None:
    """The contest as it stands now, with every version of its terms."""
    query = _with_terms(select(Contest).where(Contest.id == contest_id))
    return db.session.execute(query.execution_options(populate_existing=True)).scalar()


def contest_for_change(contest_id: int) -> Contest | None:
    """The contest, kept from every other change, and from starts, until the transaction ends.

    Hand-ins go on meanwhile: they only point at the contest (FOR NO KEY UPDATE lets them).
    """
    query = _with_terms(select(Contest).where(Contest.id == contest_id))
    return db.session.execute(
        query.with_for_update(of=Contest, key_share=True).execution_options(populate_existing=True)
    ).scalar()


def all_contests() -> list[Contest]:
    """Every contest, for the console: the newest first."""
    return list(db.session.execute(_with_terms(select(Contest)).order_by(Contest.id.desc())).scalars())


def contests_for_public(now: datetime) -> list[Contest]:
    """What everybody sees: first the open ones, then those to come, then those that are over; the nearest first."""
    query = _with_terms(select(Contest).where(Contest.state != ContestState.DRAFT.value))
    found = list(db.session.execute(query).scalars())

    def order(contest: Contest) -> tuple[int, float]:
        if contest.opens_at <= now < contest.closes_at:
            return 0, contest.closes_at.timestamp()
        if now < contest.opens_at:
            return 1, contest.opens_at.timestamp()
        return 2, -contest.closes_at.timestamp()

    return sorted(found, key=order)


def _with_terms(query: Select[Contest]) -> Select[Contest]:
    return query.options(joinedload(Contest.bank), selectinload(Contest.terms_versions))


def has_attempts(contest_id: int) -> bool:
    """Whether somebody has started: from then on most of the terms stand."""
    query = select(exists().where(Attempt.contest_id == contest_id))
    return bool(db.session.execute(query).scalar())


def open_attempts(contest_id: int) -> list[Attempt]:
    """Every running attempt, kept from ending until the transaction ends; in one order, so that none wait crosswise."""
    query = select(Attempt).where(Attempt.contest_id == contest_id, Attempt.ended_at.is_(None)).order_by(Attempt.id)
    return list(db.session.execute(query.with_for_update()).scalars())


def are_in_force() -> ColumnElement[bool]:
    """Of versions of terms: that no later one has replaced them."""
    later = aliased(ContestTermsVersion)
    return ~exists().where(
        later.contest_id == ContestTermsVersion.contest_id, later.number > ContestTermsVersion.number
    )


def open_or_soon(soon: datetime, now: datetime, *, most: int) -> list[tuple[str, int, str]]:
    """Slug, pool and terms, as they are stored, of contests that are open or open until ``soon``; the last to open
    first, and not more than ``most``.
    """
    query = (
        select(Contest.slug, Contest.pool_id, ContestTermsVersion.value)
        .join(ContestTermsVersion, ContestTermsVersion.contest_id == Contest.id)
        .where(
            are_in_force(),
            Contest.state == ContestState.PUBLISHED.value,
            Contest.opens_at <= soon,
            Contest.closes_at > now,
        )
        .order_by(Contest.opens_at.desc(), Contest.id)
        .limit(most)
    )
    return [(slug, pool_id, value) for slug, pool_id, value in db.session.execute(query) if pool_id is not None]


def changes_since_publishing(contest: Contest) -> list[ContestTermsVersion]:
    """Versions of the terms that came after publishing, each with its reason; the newest first."""
    if contest.published_at is None:
        return []
    return [v for v in reversed(contest.terms_versions) if v.changed_at >= contest.published_at and v.reason]


def contest_units(contest_id: int) -> list[ContestUnit]:
    query = select(ContestUnit).where(ContestUnit.contest_id == contest_id).order_by(ContestUnit.code)
    return list(db.session.execute(query).scalars())


def contest_areas(contest_id: int) -> list[ContestArea]:
    query = select(ContestArea).where(ContestArea.contest_id == contest_id)
    return list(db.session.execute(query.order_by(ContestArea.kind.desc(), ContestArea.code)).scalars())


def contest_place(contest_id: int, kind: str, code: str) -> ContestUnit | ContestArea | None:
    """A unit (``kind`` "unit") or an area of the contest by its code."""
    if kind == "unit":
        units = select(ContestUnit).where(ContestUnit.contest_id == contest_id, ContestUnit.code == code)
        return db.session.execute(units).scalar()
    areas = select(ContestArea).where(ContestArea.contest_id == contest_id, ContestArea.code == code)
    return db.session.execute(areas).scalar()


def units_in_register() -> list[Unit]:
    """Every unit with its street, as the next contest to be published will count it."""
    return list(db.session.execute(select(Unit).options(joinedload(Unit.street)).order_by(Unit.code)).scalars())


def areas_in_register() -> list[Area]:
    """Every street and community; the streets first."""
    kinds = (AreaKind.STREET.value, AreaKind.COMMUNITY.value)
    query = select(Area).where(Area.kind.in_(kinds)).options(joinedload(Area.parent))
    return list(db.session.execute(query.order_by(Area.kind.desc(), Area.code)).scalars())


def versions_in_pools(session: Session) -> set[int]:
    """Question versions that some pool has fixed: their import can no longer be undone."""
    return {int(v["version"]) for versions in session.execute(select(Pool.versions)).scalars() for v in versions}


@dataclass(frozen=True)
class PoolContents:
    """抽题范围 with what its questions say; it never changes, so a process keeps it."""

    pool_id: int
    versions: DrawingPool
    contents: dict[int, QuestionContent]

    def expiring(self, last_day: date) -> tuple[int, ...]:
        """Versions whose 有效期至 lies before that day, the earliest first."""
        dates = {v.version: self.contents[v.version].valid_until for v in self.versions}
        found = [(until, version) for version, until in dates.items() if until and until < last_day]
        return tuple(version for _until, version in sorted(found))

    def without(self, left_out: Iterable[int]) -> tuple[PoolVersion, ...]:
        gone = set(left_out)
        return tuple(v for v in self.versions if v.version not in gone)


def pool_contents(pool_id: int) -> PoolContents:
    """The pool, read once in each process: it never changes."""
    store: Kept[PoolContents] = kept("pools", MOST_POOLS_KEPT)
    found = store.get(pool_id, lambda: _read_pool(pool_id))
    assert found  # a pool is there as long as its contest is
    return found


def drawing_pool(contest: Contest) -> PoolContents:
    """What the contest draws from: its fixed pool, or while it is a draft what publishing now would fix.

    That is the current versions of the bank's live questions that are marked by machine.
    """
    if contest.pool_id is not None:
        return pool_contents(contest.pool_id)
    rows = _drawable(contest.bank_id)
    return PoolContents(0, DrawingPool(map(_pool_version, rows)), {row.id: row.content for row in rows})


def _drawable(bank_id: int) -> list[QuestionVersion]:
    rows = [row for row in live_versions(bank_id) if QuestionKind(row.kind).is_marked_by_machine]
    return sorted(rows, key=lambda row: row.id)


def _pool_version(row: QuestionVersion) -> PoolVersion:
    return PoolVersion(
        version=row.id,
        kind=QuestionKind(row.kind),
        domain=row.domain_path,
        difficulty=row.difficulty,
        options=len(row.options),
        pinned=row.content.pinned,
        digest=row.digest,
    )


def _read_pool(pool_id: int) -> PoolContents:
    pool = db.session.get_one(Pool, pool_id)
    versions = DrawingPool(PoolVersion.from_json(value) for value in pool.versions)
    ids = [v.version for v in versions]
    contents: dict[int, QuestionContent] = {}
    for start in range(0, len(ids), 500):
        rows = db.session.execute(select(QuestionVersion).where(QuestionVersion.id.in_(ids[start : start + 500])))
        contents.update((row.id, row.content) for row in rows.scalars())
    return PoolContents(pool_id, versions, contents)
