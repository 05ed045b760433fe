"""The page of one contest: its rules on one screen, and the whole notice."""

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import NotFound
from quiz.models import Contest, Entry
from quiz.models.contests import ContestState
from quiz.queries import attempts as find
from quiz.queries.certificates import best_reaching
from quiz.queries.contests import changes_since_publishing, contest_by_slug
from quiz.queries.prizes import draws_of
from quiz.queries.stages import admission_of
from quiz.rules import wording
from quiz.rules.contest import ContestTerms
from quiz.rules.permissions import Permission
from quiz.rules.timing import period_at
from quiz.services import attempts
from quiz.web.access import allowed, public
from quiz.web.filters import day_in_words, full_moment

bp = Blueprint("contests", __name__)


@bp.get("/contests/<slug>")
@public
def show(slug: str) -> str:
    contest = visible_contest(slug)
    now = clock()
    entry = _own_entry(contest, now)
    running = find.open_attempt(entry.id) if entry else None
    state = contest.state_at(now)
    used = used_now(contest.terms, entry, now)
    may_start = not current_user.is_authenticated or allowed(Permission.ATTEMPT_TAKE)
    is_out = contest.admits_only and current_user.is_authenticated and may_start and not _is_admitted(contest)
    can_start = may_start and not is_out and attempts_left(contest, used, now) > 0
    return render_template(
        "contests/show.html",
        **_about(contest),
        state=state.value,
        state_words=state_in_words(contest, now),
        facts=facts_of(contest.terms),
        can_start=can_start,
        is_out=is_out,
        running=running,
        used=used,
        allowed_words=wording.allowed_in_words(contest.terms.attempts),
        draws=draws_of(contest.id, is_public=True) if now >= contest.closes_at else [],  # none while everybody comes
        mine=find.ended_attempts(entry.id) if entry else [],
        has_certificate=bool(entry and best_reaching(entry.id, contest.terms.certificate_mark)),
    )


@bp.get("/contests/<slug>/notice")
@public
def notice(slug: str) -> str:
    return render_template("contests/notice.html", **_about(visible_contest(slug)))


def visible_contest(slug: str) -> Contest:
    """The contest; a draft is there for staff only."""
    contest = contest_by_slug(slug)
    if contest is None or (contest.state == ContestState.DRAFT and not allowed(Permission.CONSOLE)):
        raise NotFound
    return contest


def _own_entry(contest: Contest, now: datetime) -> Entry | None:
    """The person's entry, its overdue attempt handed in first."""
    if not current_user.is_authenticated:
        return None
    person_id = current_user.id
    if running := find.running_attempt(contest.id, person_id):
        attempts.end_if_overdue(running, now=now)
    return find.entry_of(contest.id, person_id)


def _is_admitted(contest: Contest) -> bool:
    return admission_of(contest.id, current_user.id) is not None


def used_now(terms: ContestTerms, entry: Entry | None, now: datetime) -> int | None:
    """Attempts used in the present period; None between rounds."""
    period = period_at(terms, now)
    if period is None:
        return None
    return find.attempts_used(entry.id, period) if entry else 0


def attempts_left(contest: Contest, used: int | None, now: datetime) -> int:
    """How many attempts may still be started in the present period; 0 where none may at this moment."""
    is_open = contest.state_at(now) is ContestState.PUBLISHED and now >= contest.terms.opens_at
    return max(0, contest.terms.attempts.allowed - used) if is_open and used is not None else 0


def state_in_words(contest: Contest, now: datetime) -> str:
    """What the contest is doing now, in one sentence."""
    terms, state = contest.terms, contest.state_at(now)
    if state is ContestState.DRAFT:
        return "这是草稿，只有工作人员能看到。"
    if state is ContestState.PAUSED:
        return "竞赛暂停中，请稍后再来。已经开始的答卷不受影响。"
    if state in (ContestState.CLOSED, ContestState.SEALED):
        return f"竞赛已于 {full_moment(terms.closes_at, terms.time_zone)} 结束。"
    if now < terms.opens_at:
        return f"{full_moment(terms.opens_at, terms.time_zone)} 开始，到时再来。"
    return f"正在进行，{full_moment(terms.closes_at, terms.time_zone)} 结束。"


def facts_of(terms: ContestTerms) -> list[tuple[str, str]]:
    """The five lines: how many questions, how long, how often, what counts, until when."""
    return [
        ("题目", f"{terms.questions} 道题，满分 {wording.points_in_words(terms.full)} 分"),
        ("时间", _time_in_words(terms)),
        ("次数", wording.allowed_in_words(terms.attempts)),
        ("成绩", wording.counts_in_words(terms.counts)),
        ("截止", full_moment(terms.closes_at, terms.time_zone)),
    ]


def _time_in_words(terms: ContestTerms) -> str:
    whole = wording.span_in_words(terms.time_limit_s)
    if terms.question_limit_s is None:
        return whole
    return f"每题 {wording.span_in_words(terms.question_limit_s)}，最多 {whole}；一题一题往下答，不能回头"


def _about(contest: Contest) -> dict[str, Any]:
    terms = contest.terms
    return {
        "contest": contest,
        "rules": wording.terms_in_words(terms),
        "about": terms.about,
        "data_words": data_in_words(terms),
        "changes": [
            {"at": full_moment(version.changed_at, terms.time_zone), "reason": version.reason}
            for version in changes_since_publishing(contest)
        ],
    }


def data_in_words(terms: ContestTerms) -> str:
    """What is done with personal data, and until when."""
    return (
        "为了计算个人、单位和街道的成绩，我们只保存您的姓名、手机号、街道和单位。排行榜上只显示姓氏，手机号不公开。"
        f"这些信息在 {day_in_words(terms.forget_on)}删除，之后只留下“王*”这样的名字。"
    )
