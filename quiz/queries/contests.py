"""Contests, their terms, and the questions they draw from."""

from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from question_bank.content import QuestionContent
from question_bank.database import db
from question_bank.models import QuestionVersion
from quiz.models import Contest, Pool
from quiz.rules.drawing import PoolVersion

MOST_POOLS_KEPT = 16


def contest_by_slug(slug: str, *, lock: bool = False) -> Contest | None:
    """The contest with its bank and every version of its terms."""
    query = (
        select(Contest)
        .where(Contest.slug == slug)
        .options(joinedload(Contest.bank), selectinload(Contest.terms_versions))
    )
    if lock:
        query = query.with_for_update(of=Contest)
    return db.session.execute(query).scalar()


@dataclass(frozen=True)
class PoolContents:
    """抽题范围 with what its questions say; it never changes, so a process keeps it."""

    pool_id: int
    versions: tuple[PoolVersion, ...]
    contents: dict[int, QuestionContent]


def pool_contents(pool_id: int) -> PoolContents:
    """The pool, read once in each process: its id is its version."""
    kept = cache("pools")
    if pool_id not in kept:
        while len(kept) >= MOST_POOLS_KEPT:
            kept.pop(next(iter(kept)))
        kept[pool_id] = _read_pool(pool_id)
    found: PoolContents = kept[pool_id]
    return found


def cache(name: str) -> dict[Any, Any]:
    """A place of this app for what never changes under its key."""
    caches: dict[str, dict[Any, Any]] = current_app.extensions.setdefault("caches", {})
    return caches.setdefault(name, {})


def _read_pool(pool_id: int) -> PoolContents:
    pool = db.session.get_one(Pool, pool_id)
    versions = tuple(PoolVersion.from_json(value) for value in pool.versions)
    ids = [v.version for v in versions]
    contents: dict[int, QuestionContent] = {}
    for start in range(0, len(ids), 500):
        rows = db.session.execute(select(QuestionVersion).where(QuestionVersion.id.in_(ids[start : start + 500])))
        contents.update((row.id, row.content) for row in rows.scalars())
    return PoolContents(pool_id, versions, contents)
