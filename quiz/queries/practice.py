"""What may be practised, what a person has tried, and the book of what went wrong (错题本)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select

from question_bank.database import db
from question_bank.kinds import QuestionKind
from question_bank.models import Bank, Question, QuestionVersion
from quiz.models import Contest, PracticeRecord
from quiz.models.contests import ContestState
from quiz.queries.attempts import Position, position_of, somebody_is_answering
from quiz.queries.contests import pool_contents
from quiz.queries.keeping import Kept, kept
from quiz.rules import timing
from quiz.rules.drawing import PaperLine

ZONE = ZoneInfo("Asia/Shanghai")  # whose day it is when a question's 有效期至 has passed
MOST_POOLS_KEPT = 50
IDS_AT_ONCE = 500


@dataclass(frozen=True)
class Held:
    """Questions in the pools of live contests, by id in whatever version, and by fingerprint in whatever bank."""

    questions: frozenset[int] = frozenset()
    fingerprints: frozenset[str] = frozenset()

    def __or__(self, other: "Held") -> "Held":
        return Held(self.questions | other.questions, self.fingerprints | other.fingerprints)


@dataclass(frozen=True)
class Practicable:
    """One question that this person may practise now, and how it went so far."""

    question_id: int
    version_id: int
    domain: str
    record: PracticeRecord | None

    @property
    def is_in_book(self) -> bool:
        return self.record is not None and self.record.is_in_book


def held_back(now: datetime) -> Held:
    """What is held for contests that are published and not over, unless their terms give it to practice."""
    states = (ContestState.PUBLISHED.value, ContestState.PAUSED.value)
    held = Held()
    for contest in db.session.execute(select(Contest).where(Contest.state.in_(states))).scalars():
        if contest.pool_id is not None and not contest.terms.practice and _is_live(contest, now):
            held |= _held_by(contest.pool_id)
    return held


def _is_live(contest: Contest, now: datetime) -> bool:
    """Until nobody can be answering any more, extra time included."""
    terms = contest.terms
    return not timing.is_overdue(timing.accepts_until(terms, terms.closes_at), now) or somebody_is_answering(
        contest.id, now
    )


def _held_by(pool_id: int) -> Held:
    store: Kept[Held] = kept("held for pools", MOST_POOLS_KEPT)
    return store.get(pool_id, lambda: _read_held(pool_id)) or Held()


def _read_held(pool_id: int) -> Held:
    contents = pool_contents(pool_id).contents
    ids, questions = sorted(contents), set()
    for start in range(0, len(ids), IDS_AT_ONCE):
        part = ids[start : start + IDS_AT_ONCE]
        questions |= set(
            db.session.execute(select(QuestionVersion.question_id).where(QuestionVersion.id.in_(part))).scalars()
        )
    return Held(frozenset(questions), frozenset(content.fingerprint for content in contents.values()))


def practicable(person_id: int, now: datetime) -> list[Practicable]:
    """Every question the person may practise: of the opened banks and of the own book, not held, valid, live."""
    held, today = held_back(now), now.astimezone(ZONE).date()
    last = select(func.max(QuestionVersion.number)).where(QuestionVersion.question_id == Question.id)
    query = (
        select(Question.id, Question.fingerprint, QuestionVersion.id, QuestionVersion.domain_path, PracticeRecord)
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .join(Bank, Bank.id == Question.bank_id)
        .outerjoin(
            PracticeRecord, (PracticeRecord.question_id == Question.id) & (PracticeRecord.person_id == person_id)
        )
        .where(
            QuestionVersion.number == last.correlate(Question).scalar_subquery(),
            QuestionVersion.kind != QuestionKind.SHORT_ANSWER.value,
            or_(QuestionVersion.valid_until.is_(None), QuestionVersion.valid_until >= today),
            Question.retired_at.is_(None),
            or_(Bank.opened_for_practice_at.is_not(None), PracticeRecord.is_in_book),
        )
        .order_by(Question.id)
    )
    return [
        Practicable(question_id, version_id, domain, record)
        for question_id, fingerprint, version_id, domain, record in db.session.execute(query)
        if question_id not in held.questions and fingerprint not in held.fingerprints
    ]


def count_in_book(person_id: int) -> int:
    """Everything in the book, be it held back at the moment or gone from its bank."""
    query = select(func.count()).where(PracticeRecord.person_id == person_id, PracticeRecord.is_in_book)
    return db.session.execute(query).scalar_one()


def positions(version_ids: list[int]) -> dict[int, Position]:
    """Questions as practice shows them: options in the order of their authors."""
    found = {}
    for start in range(0, len(version_ids), IDS_AT_ONCE):
        part = version_ids[start : start + IDS_AT_ONCE]
        for version in db.session.execute(select(QuestionVersion).where(QuestionVersion.id.in_(part))).scalars():
            options = tuple(range(1, len(version.options) + 1))
            found[version.id] = position_of(1, PaperLine(version.id, options, 1), version.content)
    return found


def question_ids(version_ids: Iterable[int]) -> dict[int, int]:
    """The question of each version."""
    query = select(QuestionVersion.id, QuestionVersion.question_id).where(QuestionVersion.id.in_(set(version_ids)))
    return {row.id: row.question_id for row in db.session.execute(query)}
