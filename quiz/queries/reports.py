"""这道题有误: what participants reported, by question for the staff and by entry for themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Text, cast, func, select
from sqlalchemy.orm import contains_eager

from question_bank.database import db
from question_bank.models import QuestionVersion
from question_bank.queries import versions_by_id
from quiz.models import Contest, Entry, QuestionReport

PER_PAGE = 20


@dataclass(frozen=True)
class Reported:
    """One question version with what was reported about it, the oldest first."""

    version: QuestionVersion
    reports: Sequence[QuestionReport]
    contests: Sequence[Contest]  # where they come from

    @property
    def last_id(self) -> int:
        return max(report.id for report in self.reports)


@dataclass(frozen=True)
class ReportedPage:
    """``total`` counts questions."""

    questions: Sequence[Reported]
    total: int
    page: int
    pages: int


def count_waiting() -> int:
    """How many reports nobody has answered."""
    query = select(func.count()).select_from(QuestionReport).where(QuestionReport.answered_at.is_(None))
    return db.session.scalar(query) or 0


def shows(sha256: str) -> bool:
    """Whether a question that was reported has the picture."""
    has_it = cast(QuestionVersion.pictures, Text).contains(sha256, autoescape=True)
    query = select(QuestionReport.id).join(QuestionVersion, QuestionVersion.id == QuestionReport.version_id)
    return db.session.scalar(query.where(has_it).limit(1)) is not None


def reported(*, is_answered: bool, page: int) -> ReportedPage:
    """Questions with reports that wait, the longest waiting first; or with answered ones, the last answered first."""
    state = QuestionReport.answered_at.is_not(None) if is_answered else QuestionReport.answered_at.is_(None)
    grouped = select(QuestionReport.version_id).where(state).group_by(QuestionReport.version_id)
    total = db.session.scalar(select(func.count()).select_from(grouped.subquery())) or 0
    order = func.max(QuestionReport.answered_at).desc() if is_answered else func.min(QuestionReport.id)
    ids = db.session.scalars(
        grouped.order_by(order, QuestionReport.version_id).offset((page - 1) * PER_PAGE).limit(PER_PAGE)
    ).all()
    return ReportedPage(_with_reports(ids, state), total, page, max(1, -(-total // PER_PAGE)))


def _with_reports(ids: Sequence[int], state: ColumnElement[bool]) -> list[Reported]:
    query = (
        select(QuestionReport, Contest)
        .join(QuestionReport.entry)
        .join(Contest, Contest.id == QuestionReport.contest_id)
        .where(QuestionReport.version_id.in_(ids), state)
        .options(contains_eager(QuestionReport.entry))
        .order_by(QuestionReport.id)
    )
    found: dict[int, list[QuestionReport]] = {}
    contests: dict[int, dict[int, Contest]] = {}
    for report, contest in db.session.execute(query):
        found.setdefault(report.version_id, []).append(report)
        contests.setdefault(report.version_id, {})[contest.id] = contest
    versions = versions_by_id(ids)
    return [Reported(versions[n], found[n], list(contests[n].values())) for n in ids if n in found]


def reports_of_entry(entry_id: int) -> dict[int, QuestionReport]:
    """The entry's own reports, by question version."""
    found = db.session.scalars(select(QuestionReport).where(QuestionReport.entry_id == entry_id))
    return {report.version_id: report for report in found}


def moments_of_reports(person_id: int, since: datetime) -> list[datetime]:
    """When the person reported something after ``since``, the earliest first."""
    query = select(QuestionReport.created_at).join(QuestionReport.entry)
    wanted = query.where(Entry.person_id == person_id, QuestionReport.created_at > since)
    return list(db.session.scalars(wanted.order_by(QuestionReport.created_at)))


def waiting_about(version_id: int, *, up_to: int, only: int | None = None) -> list[QuestionReport]:
    """Reports about a question that nobody has answered, held until the transaction ends.

    Those with an id above ``up_to`` came after the page was looked at and stay; ``only``: that one of them.
    """
    query = select(QuestionReport).where(
        QuestionReport.version_id == version_id, QuestionReport.id <= up_to, QuestionReport.answered_at.is_(None)
    )
    if only is not None:
        query = query.where(QuestionReport.id == only)
    return list(db.session.scalars(query.order_by(QuestionReport.id).with_for_update()))
