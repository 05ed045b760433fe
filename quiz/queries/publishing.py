"""What an organiser should know about the questions of a draft before publishing fixes them."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from question_bank.database import db
from question_bank.models import Question, QuestionReview, QuestionVersion
from question_bank.queries import versions_by_id
from quiz.models import Contest
from quiz.queries import contests as find
from quiz.rules.contest import ContestTerms
from quiz.rules.filling import LineReport, plan_report
from quiz.rules.sameness import Sameness, sameness
from quiz.rules.timing import last_day
from quiz.rules.wording import day_in_words

MOST_NAMED = 20


@dataclass(frozen=True)
class PoolNotes:
    """``expiring``: questions whose 有效期至 lies before the last day; ``unreviewed`` counts those not passed yet."""

    size: int
    reports: list[LineReport]
    expiring: tuple[QuestionVersion, ...]
    unreviewed: int
    sameness: Sameness | None

    @property
    def sentences(self) -> list[str]:
        """Everything there is to say, for a terminal."""
        said = [
            f"有效期至 {day_in_words(version.valid_until)}，竞赛结束前就过期：{version.stem}"
            for version in self.expiring[:MOST_NAMED]
            if version.valid_until
        ]
        if len(self.expiring) > MOST_NAMED:
            said.append(f"这样的题还有 {len(self.expiring) - MOST_NAMED} 道。")
        said += self.sameness.sentences if self.sameness else []
        return [*said, *filter(None, [self.about_reviews])]

    @property
    def about_reviews(self) -> str:
        if not self.unreviewed:
            return ""
        if self.unreviewed == self.size:
            return f"这 {self.size} 道题都还没有审题通过。"
        return f"{self.size} 道题里有 {self.unreviewed} 道还没有审题通过。"


def pool_notes(contest: Contest, *, leave_out_expiring: bool = False) -> PoolNotes:
    """About what publishing the draft now would fix."""
    pool = find.drawing_pool(contest)
    expiring = pool.expiring(last_day(contest.terms))
    versions = pool.without(expiring if leave_out_expiring else ())
    rows = versions_by_id(expiring)
    return PoolNotes(
        size=len(versions),
        reports=plan_report(contest.terms.plan, versions),
        expiring=tuple(rows[version] for version in expiring),
        unreviewed=_unreviewed(contest.bank_id, (v.version for v in versions)),
        sameness=sameness(contest.terms.plan, versions),
    )


def expiring_under(contest: Contest, terms: ContestTerms) -> tuple[QuestionVersion, ...]:
    """Questions of its pool that would expire before the last day of other terms, and do not under its own."""
    pool = find.drawing_pool(contest)
    known = set(pool.expiring(last_day(contest.terms)))
    new = [version for version in pool.expiring(last_day(terms)) if version not in known]
    rows = versions_by_id(new)
    return tuple(rows[version] for version in new)


def _unreviewed(bank_id: int, versions: Iterable[int]) -> int:
    """How many of the versions no reviewer passed, or were sent back since."""
    last = (
        select(func.max(QuestionReview.id))
        .join(QuestionVersion, QuestionVersion.id == QuestionReview.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Question.bank_id == bank_id)
        .group_by(QuestionReview.version_id)
    )
    passed = select(QuestionReview.version_id).where(QuestionReview.id.in_(last), QuestionReview.state == "reviewed")
    return len(set(versions) - set(db.session.scalars(passed)))
