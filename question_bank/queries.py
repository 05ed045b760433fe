"""Named reads of question banks."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, Text, bindparam, cast, func, or_, select
from sqlalchemy.orm import Session

from question_bank.content import QuestionContent
from question_bank.database import db
from question_bank.models import (
    Bank,
    Domain,
    ImportBatch,
    Picture,
    Question,
    QuestionReview,
    QuestionTag,
    QuestionVersion,
)
from question_bank.pictures import PictureFile

IDS_AT_ONCE = 10_000
"""Both databases bound how many parameters a statement may carry."""


def bank_named(name: str) -> Bank | None:
    return db.session.scalar(select(Bank).where(Bank.name == name.strip()))


def banks() -> Sequence[Bank]:
    """Every bank, by name."""
    return db.session.scalars(select(Bank).order_by(Bank.name)).all()


def picture(sha256: str) -> Picture | None:
    return db.session.get(Picture, sha256)


def sizes_of_pictures(sha256s: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Width and height in pixels."""
    wanted = sorted(set(sha256s))
    query = select(Picture.sha256, Picture.width, Picture.height).where(Picture.sha256.in_(wanted))
    return {sha256: (width, height) for sha256, width, height in db.session.execute(query)} if wanted else {}


def pictures_of(contents: Iterable[QuestionContent]) -> dict[str, PictureFile]:
    """All that these questions show, whole, for an export."""
    wanted = sorted({sha256 for content in contents for _, sha256 in content.pictures})
    found = {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        query = select(Picture).where(Picture.sha256.in_(wanted[start : start + IDS_AT_ONCE]))
        for row in db.session.scalars(query):
            found[row.sha256] = PictureFile(row.data, row.media_type, row.width, row.height)
    return found


def is_shown_in(sha256: str, domains: Sequence[str]) -> bool:
    """Whether a version of one of these domains, or of what lies under them, shows the picture."""
    shows = cast(QuestionVersion.pictures, Text).contains(sha256, autoescape=True)
    query = select(QuestionVersion.id).where(shows, or_(*(_lies_in(domain) for domain in domains))).limit(1)
    return db.session.scalar(query) is not None


def batch_of(batch_id: int) -> ImportBatch | None:
    return db.session.get(ImportBatch, batch_id)


def domains() -> Sequence[Domain]:
    """Both levels of domains, in their order."""
    return db.session.scalars(select(Domain).order_by(Domain.place, Domain.path)).all()


def live_versions(bank_id: int) -> Sequence[QuestionVersion]:
    """The current version of each question that is not retired, ordered by version id."""
    return db.session.scalars(_current(bank_id).order_by(QuestionVersion.id)).all()


def versions_by_id(ids: Iterable[int]) -> dict[int, QuestionVersion]:
    """Question versions by their id; ids that are unknown are left out."""
    wanted = sorted(set(ids))
    found: dict[int, QuestionVersion] = {}
    for start in range(0, len(wanted), IDS_AT_ONCE):
        part = wanted[start : start + IDS_AT_ONCE]
        for version in db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(part))):
            found[version.id] = version
    return found


@dataclass(frozen=True)
class QuestionsPage:
    """One page of a bank's questions, with how many there are in all."""

    versions: Sequence[QuestionVersion]
    total: int
    page: int
    pages: int


LIVE, RETIRED = "live", "retired"
DRAFTED, REVIEWED, SENT_BACK = "drafted", "reviewed", "sent_back"
EXPIRED, EXPIRES_SOON, UNDATED = "expired", "soon", "undated"
USED, UNUSED = "used", "unused"
SOON = timedelta(days=90)


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in a bank; an empty text asks nothing.

    ``domain`` stands for itself and all under it; ``words`` must all stand in stem, options or explanation.
    """

    kind: str = ""
    domain: str = ""
    difficulty: str = ""
    words: str = ""
    source: str = ""
    tag: str = ""
    review: str = ""
    validity: str = ""
    use: str = ""
    state: str = LIVE


def questions_page(
    bank_id: int,
    wanted: Wanted = Wanted(),
    *,
    today: date,
    used: Callable[[], set[int]] = set,
    within: Sequence[str] = (),
    page: int = 1,
    per_page: int = 20,
) -> QuestionsPage:
    """Current versions that match, a page at a time.

    ``used`` gives the versions that some contest has fixed; ``within`` limits to these domains and what is under them.
    """
    found = _current(bank_id, retired=wanted.state == RETIRED)
    found = _by_texts(found, wanted)
    if within:
        found = found.where(or_(*(_lies_in(domain) for domain in within)))
    if wanted.review:
        found = found.where(_review_state() == wanted.review)
    if wanted.validity:
        found = found.where(_validity(wanted.validity, today))
    if wanted.use:
        # Written into the statement: a national pool has more versions than a statement may have parameters.
        fixed: BindParameter[Any] = bindparam("fixed", sorted(used()), expanding=True, literal_execute=True)
        ids = select(QuestionVersion.question_id).where(QuestionVersion.id.in_(fixed))
        found = found.where(Question.id.in_(ids) if wanted.use == USED else Question.id.not_in(ids))
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    pages = max(1, -(-total // per_page))
    rows = db.session.scalars(found.order_by(QuestionVersion.id).offset((page - 1) * per_page).limit(per_page))
    return QuestionsPage(rows.all(), total, page, pages)


def _by_texts(found: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.kind:
        found = found.where(QuestionVersion.kind == wanted.kind)
    if wanted.domain:
        found = found.where(_lies_in(wanted.domain))
    if wanted.difficulty:
        found = found.where(QuestionVersion.difficulty == wanted.difficulty)
    if wanted.source:
        found = found.where(QuestionVersion.source.icontains(wanted.source, autoescape=True))
    if wanted.tag:
        tagged = select(QuestionTag.question_id).where(QuestionTag.tag == wanted.tag)
        found = found.where(Question.id.in_(tagged))
    for word in wanted.words.split():
        in_options = cast(QuestionVersion.options, Text).icontains(json.dumps(word)[1:-1], autoescape=True)
        texts = (QuestionVersion.stem, QuestionVersion.explanation)
        found = found.where(or_(in_options, *(text.icontains(word, autoescape=True) for text in texts)))
    return found


def _lies_in(domain: str) -> ColumnElement[bool]:
    under = QuestionVersion.domain_path.startswith(domain + "/", autoescape=True)
    return or_(QuestionVersion.domain_path == domain, under)


def _review_state() -> ColumnElement[str]:
    """What the last review of a version says; a version nobody has reviewed is drafted."""
    last = select(QuestionReview.state).where(QuestionReview.version_id == QuestionVersion.id)
    return func.coalesce(last.order_by(QuestionReview.id.desc()).limit(1).scalar_subquery(), DRAFTED)


def _validity(wanted: str, today: date) -> ColumnElement[bool]:
    if wanted == UNDATED:
        return QuestionVersion.valid_until.is_(None)
    if wanted == EXPIRED:
        return QuestionVersion.valid_until < today
    return QuestionVersion.valid_until.between(today, today + SOON)


def next_to_review(within: Sequence[str], *, after: int = 0) -> tuple[QuestionVersion | None, int]:
    """The first current version past ``after`` that nobody has reviewed, and how many there are in all."""
    following = _to_review(within).where(QuestionVersion.id > after).order_by(QuestionVersion.id).limit(1)
    return db.session.scalar(following), count_to_review(within)


def count_to_review(within: Sequence[str]) -> int:
    """How many current versions nobody has reviewed: a walk over the bank's questions, not for every page."""
    return db.session.scalar(select(func.count()).select_from(_to_review(within).subquery())) or 0


def _to_review(within: Sequence[str]) -> Select[Any]:
    waiting = _current(None).where(_review_state() == DRAFTED)
    return waiting.where(or_(*(_lies_in(domain) for domain in within))) if within else waiting


def review_progress(bank_id: int) -> dict[tuple[str, str], int]:
    """How many live questions of each domain are in each state of review."""
    state = _review_state().label("state")
    rows = _current(bank_id).add_columns(state).subquery()
    counted = select(rows.c.domain_path, rows.c.state, func.count()).group_by(rows.c.domain_path, rows.c.state)
    return {(domain, state): count for domain, state, count in db.session.execute(counted)}


def reviews_of(version_ids: Iterable[int]) -> dict[int, list[QuestionReview]]:
    """What was said about versions, the newest first."""
    found: dict[int, list[QuestionReview]] = {}
    query = select(QuestionReview).where(QuestionReview.version_id.in_(list(version_ids)))
    for review in db.session.scalars(query.order_by(QuestionReview.id.desc())):
        found.setdefault(review.version_id, []).append(review)
    return found


def tags_of(question_id: int) -> list[str]:
    return list(
        db.session.scalars(
            select(QuestionTag.tag).where(QuestionTag.question_id == question_id).order_by(QuestionTag.tag)
        )
    )


def tags_of_each(bank_id: int) -> dict[int, list[str]]:
    """The tags of a bank's questions, by question; those without any are not among them."""
    query = select(QuestionTag).join(Question, Question.id == QuestionTag.question_id)
    found: dict[int, list[str]] = {}
    for row in db.session.scalars(query.where(Question.bank_id == bank_id)):
        found.setdefault(row.question_id, []).append(row.tag)
    return {question_id: sorted(tags) for question_id, tags in found.items()}


def tags_in(bank_id: int) -> list[str]:
    """Every tag of a bank's questions."""
    query = select(QuestionTag.tag).join(Question, Question.id == QuestionTag.question_id)
    return list(db.session.scalars(query.where(Question.bank_id == bank_id).distinct().order_by(QuestionTag.tag)))


def counts(bank_id: int) -> dict[tuple[str, str, str], int]:
    """How many live questions there are of each (kind, domain, difficulty)."""
    current = _current(bank_id).subquery()
    parts = (current.c.kind, current.c.domain_path, current.c.difficulty)
    rows = db.session.execute(select(*parts, func.count()).group_by(*parts).order_by(*parts))
    return {(kind, domain, difficulty): count for kind, domain, difficulty, count in rows}


def live_fingerprints(session: Session, bank_id: int) -> set[str]:
    """Fingerprints of what a bank holds: the same question is not taken again."""
    found = session.scalars(
        select(Question.fingerprint).where(Question.bank_id == bank_id, Question.retired_at.is_(None))
    )
    return set(found)


def _current(bank_id: int | None, *, retired: bool = False) -> Select[Any]:
    last = (
        select(func.max(QuestionVersion.number))
        .where(QuestionVersion.question_id == Question.id)
        .correlate(Question)
        .scalar_subquery()
    )
    current = (
        select(QuestionVersion)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(
            Question.retired_at.is_not(None) if retired else Question.retired_at.is_(None),
            QuestionVersion.number == last,
        )
    )
    return current if bank_id is None else current.where(Question.bank_id == bank_id)
