"""Create, change, publish, pause and copy contests: every change adds a version of the terms and goes on record."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from question_bank.database import transaction, wait_for_turn
from question_bank.models import Bank
from question_bank.queries import bank_named
from quiz.errors import Closed, ListFixed, Mistakes, NotFound, PlanNotFilled, TermsFixed, WrongState
from quiz.models import Contest, ContestTermsVersion, Pool
from quiz.models.contests import ContestState
from quiz.queries import contests as find
from quiz.queries.prizes import list_is_fixed
from quiz.rules import timing
from quiz.rules.contest import SCHEMA, ContestTerms, may_change_after_first_attempt
from quiz.rules.drawing import pool_digest
from quiz.rules.filling import shortages
from quiz.rules.terms_reader import DATA_IS_KEPT, TermsError, read_terms
from quiz.rules.wording import moment_in_words
from quiz.services import attempts, audit, question_turns
from quiz.services.joining import ensure_contest_area, ensure_contest_unit

BANK_TURN = "bank import"
"""Publishing waits in one line with imports and their undoing."""

MOST_HEADCOUNT = 100_000_000

_SLUG = re.compile(r"[a-z0-9-]{1,60}")
_KEYS = ("slug", "title", "bank", "opens_at", "closes_at", "preset", "terms")
_AFTER_PUBLISHING = (ContestState.PUBLISHED, ContestState.PAUSED, ContestState.CLOSED)


# --- drafts ----------------------------------------------------------------------------------------------------------


def create_contest(value: Any, *, actor_id: int | None, now: datetime) -> Contest:
    """A draft from the JSON of CONTRACT §3. Raises Mistakes naming every key that is wrong."""
    if not isinstance(value, Mapping):
        raise Mistakes(problems=['应是一个对象，例如 {"slug": …, "title": …}。'])
    problems = [f"{key}：没有这个设置，请检查拼写或删去。" for key in value if key not in _KEYS]
    with transaction() as session:
        wait_for_turn(session, "contest slugs")
        problems += _slug_problems(session, value.get("slug"))
        bank = _bank(value.get("bank"))
        if bank is None:
            problems.append(f"bank：没有名为“{value.get('bank') or ''}”的题库。请先导入题库，或写对它的名称。")
        terms = None
        try:
            terms = read_terms(
                value.get("terms", {}),
                title=value.get("title"),
                opens_at=value.get("opens_at"),
                closes_at=value.get("closes_at"),
                preset=value.get("preset", "standard"),
            )
        except TermsError as error:
            problems += error.problems
        if problems or terms is None or bank is None:
            raise Mistakes(problems=problems)
        return _draft(session, value["slug"], bank, terms, actor_id=actor_id, now=now)


def copy_contest(
    contest_id: int, *, slug: str, title: str, opens_at: Any, closes_at: Any, actor_id: int | None, now: datetime
) -> Contest:
    """A new draft with the terms of an old contest, moved to another window. Raises NotFound, Mistakes."""
    with transaction() as session:
        wait_for_turn(session, "contest slugs")
        old = session.get(Contest, contest_id)
        if old is None:
            raise NotFound
        problems = _slug_problems(session, slug)
        terms = None
        try:
            terms = _moved(old.terms, title, opens_at, closes_at)
        except TermsError as error:
            problems += error.problems
        if problems or terms is None:
            raise Mistakes(problems=problems)
        return _draft(session, slug, old.bank, terms, actor_id=actor_id, now=now, copied_from=old.id)


def _moved(old: ContestTerms, title: str, opens_at: Any, closes_at: Any) -> ContestTerms:
    """The old rules in another window: rounds keep their distance from the opening, data its days after the end."""
    value = old.as_json()
    kept_days = old.forget_on - old.closes_at.astimezone(old.zone).date()
    del value["forget_on"]
    terms = read_terms(value, title=title, opens_at=opens_at, closes_at=closes_at)
    later = terms.opens_at - old.opens_at
    rounds = tuple(
        replace(r, opens_at=r.opens_at + later, closes_at=r.closes_at + later) for r in terms.attempts.rounds
    )
    return replace(
        terms,
        attempts=replace(terms.attempts, rounds=rounds),
        forget_on=terms.closes_at.astimezone(terms.zone).date() + kept_days,
    )


def _slug_problems(session: Session, slug: Any) -> list[str]:
    if not isinstance(slug, str) or not _SLUG.fullmatch(slug):
        return ["slug：网址名要用 1 到 60 个小写字母、数字或短横线，例如 quality-2026。"]
    if session.execute(select(Contest.id).where(Contest.slug == slug)).first():
        return [f"slug：网址名 {slug} 已经有竞赛在用，请换一个。"]
    return []


def _bank(name: Any) -> Bank | None:
    return bank_named(name) if isinstance(name, str) and name.isprintable() else None


def _draft(
    session: Session,
    slug: str,
    bank: Bank,
    terms: ContestTerms,
    *,
    actor_id: int | None,
    now: datetime,
    **details: Any,
) -> Contest:
    contest = Contest(
        slug=slug,
        bank_id=bank.id,
        created_at=now,
        title=terms.title,
        opens_at=terms.opens_at,
        closes_at=terms.closes_at,
        forget_on=terms.forget_on,
    )
    session.add(contest)
    session.flush()
    version = _add_version(session, contest, terms, actor_id=actor_id, now=now)
    _record("contest.created", contest, actor_id=actor_id, now=now, terms=version.sha256, **details)
    return contest


# --- publishing ------------------------------------------------------------------------------------------------------


def publish(
    contest_id: int, *, actor_id: int | None, now: datetime, reason: str = "", leave_out_expiring: bool = False
) -> Contest:
    """发布: fix the pool and how units and streets are counted. Raises NotFound, WrongState, PlanNotFilled.

    Questions whose 有效期至 lies before the last day of the contest stay in the pool unless ``leave_out_expiring``.
    """
    with transaction() as session:
        wait_for_turn(session, BANK_TURN)  # an import undone at the same moment comes wholly before or after
        contest = _in_state(contest_id, now, ContestState.DRAFT)
        candidates = find.drawing_pool(contest)
        left_out = candidates.expiring(timing.last_day(contest.terms)) if leave_out_expiring else ()
        versions = candidates.without(left_out)
        if lines := shortages(contest.terms.plan, versions):
            raise PlanNotFilled(lines=lines)
        pool = Pool(digest=pool_digest(versions), versions=[v.as_json() for v in versions], fixed_at=now)
        session.add(pool)
        _copy_register(session, contest)
        session.flush()
        contest.pool_id = pool.id
        contest.pool = pool
        contest.state = ContestState.PUBLISHED.value
        contest.published_at = now
        details: dict[str, Any] = {"reason": reason, "pool": pool.digest, "terms": contest.terms_versions[-1].sha256}
        if left_out:
            details["left_out"] = list(left_out)
        _record("contest.published", contest, actor_id=actor_id, now=now, **details)
        return contest


def _copy_register(session: Session, contest: Contest) -> None:
    """Next year's register never moves this year's ladder."""
    for unit in find.units_in_register():
        ensure_contest_unit(session, contest.id, unit.id)
    for area in find.areas_in_register():
        ensure_contest_area(session, contest.id, area.id)


def pause(contest_id: int, *, actor_id: int | None, now: datetime, reason: str = "") -> Contest:
    """暂停: nobody can start; who has started goes on. Pausing twice ends the same. Raises NotFound, WrongState."""
    return _switch(contest_id, ContestState.PAUSED, "暂停", "contest.paused", actor_id=actor_id, now=now, reason=reason)


def resume(contest_id: int, *, actor_id: int | None, now: datetime, reason: str = "") -> Contest:
    """恢复. Resuming twice ends the same. Raises NotFound, WrongState."""
    return _switch(
        contest_id, ContestState.PUBLISHED, "恢复", "contest.resumed", actor_id=actor_id, now=now, reason=reason
    )


def _switch(
    contest_id: int, wanted: ContestState, word: str, act: str, *, actor_id: int | None, now: datetime, reason: str
) -> Contest:
    with transaction() as session:
        contest = _in_state(contest_id, now, ContestState.PUBLISHED, ContestState.PAUSED)
        if contest.state != wanted:
            contest.state = wanted.value
            said = f"{word}：{reason}" if reason else word
            _add_version(session, contest, contest.terms, actor_id=actor_id, now=now, reason=said)
            _record(act, contest, actor_id=actor_id, now=now, reason=reason)
        return contest


# --- changing the terms ----------------------------------------------------------------------------------------------


def change_draft(contest_id: int, terms: ContestTerms, *, actor_id: int | None, now: datetime) -> Contest:
    """Set a draft up further. Raises NotFound, WrongState."""
    with transaction() as session:
        contest = _in_state(contest_id, now, ContestState.DRAFT)
        _follow(session, contest, terms, actor_id=actor_id, now=now)
        return contest


def change_terms(contest_id: int, terms: ContestTerms, *, reason: str, actor_id: int | None, now: datetime) -> Contest:
    """Change a published contest: before the first attempt anything, after it only what DESIGN §5 leaves open.

    Raises NotFound, WrongState, Closed, ListFixed, TermsFixed, PlanNotFilled, Mistakes (no reason).
    """
    _must_say_why(reason)
    with transaction() as session:
        contest = _in_state(contest_id, now, *_AFTER_PUBLISHING)
        if terms.closes_at != contest.closes_at:
            if contest.forgotten_at is not None:  # who took part is no longer known
                raise Closed(closes_at=contest.closes_at)
            if list_is_fixed(contest.id):
                raise ListFixed
        if find.has_attempts(contest.id):
            if not may_change_after_first_attempt(contest.terms, terms):
                raise TermsFixed
        elif lines := shortages(terms.plan, find.drawing_pool(contest).versions):
            raise PlanNotFilled(lines=lines)
        _follow(session, contest, terms, actor_id=actor_id, now=now, reason=reason)
        return contest


def move_closing(contest_id: int, closes_at: datetime, *, reason: str, actor_id: int | None, now: datetime) -> Contest:
    """Move the closing time; once somebody has started, only to a later one. Running attempts get the deadline that
    follows. Raises NotFound, WrongState, ListFixed, TermsFixed, Mistakes."""
    _must_say_why(reason)
    with transaction():
        contest = _in_state(contest_id, now, *_AFTER_PUBLISHING)
        before = contest.terms
        if closes_at <= before.opens_at:
            raise Mistakes(problems=["结束时间要晚于开始时间。"])
        terms = replace(before, closes_at=closes_at)
        closing_day = closes_at.astimezone(terms.zone).date()
        if terms.forget_on <= closing_day:
            terms = replace(terms, forget_on=closing_day + DATA_IS_KEPT)
        said = f"结束时间改为 {moment_in_words(closes_at, terms)}：{reason.strip()}"
        return change_terms(contest_id, terms, reason=said, actor_id=actor_id, now=now)


def set_headcount(
    contest_id: int, code: str, kind: str, headcount: int, *, reason: str, actor_id: int | None, now: datetime
) -> None:
    """应参加人数 of a unit (``kind`` "unit") or an area ("area") as this contest counts it.

    Raises NotFound, WrongState, Mistakes.
    """
    _must_say_why(reason)
    if not 0 <= headcount <= MOST_HEADCOUNT:
        raise Mistakes(problems=["应参加人数请填 0 或正整数。"])
    with transaction() as session:
        contest = _in_state(contest_id, now, *_AFTER_PUBLISHING, ContestState.SEALED)
        row = find.contest_place(contest.id, kind, code)
        if row is None:
            raise NotFound
        before, row.headcount = row.headcount, headcount
        if before == headcount:
            return
        said = f"{row.name}（{row.code}）应参加人数由 {before} 改为 {headcount}：{reason.strip()}"
        _add_version(session, contest, contest.terms, actor_id=actor_id, now=now, reason=said)
        details = {"kind": kind, "code": code, "before": before, "after": headcount, "reason": reason.strip()}
        _record("contest.headcount", contest, actor_id=actor_id, now=now, **details)


def _must_say_why(reason: str) -> None:
    if not reason.strip():
        raise Mistakes(problems=["请写明原因，它会和日期一起显示在竞赛页上。"])


def _move_deadlines(contest: Contest, terms: ContestTerms, now: datetime) -> None:
    """Running attempts get the deadline that follows; what was overdue by the old one is handed in first."""
    attempts.submit_expired(contest.id, now=now)
    running = find.open_attempts(contest.id)
    for attempt in running:
        attempt.deadline = timing.deadline_of(terms, attempt.started_at, attempt.extra_ms)
        attempt.accepts_until = timing.accepts_until(terms, attempt.deadline)
    question_turns.follow_deadlines(contest.id, running)


# --- shared ----------------------------------------------------------------------------------------------------------


def _in_state(contest_id: int, now: datetime, *wanted: ContestState) -> Contest:
    """The contest, kept from other changes. Raises NotFound, WrongState."""
    contest = find.contest_for_change(contest_id)
    if contest is None:
        raise NotFound
    state = contest.state_at(now)
    if state not in wanted:
        raise WrongState(state=state.label, wanted="”或“".join(each.label for each in wanted))
    return contest


def _follow(
    session: Session,
    contest: Contest,
    terms: ContestTerms,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Add the terms as a new version; the contest's columns and deadlines follow. Equal terms change nothing."""
    before = contest.terms_versions[-1]
    if before.sha256 == terms.sha256:
        return
    version = _add_version(session, contest, terms, actor_id=actor_id, now=now, reason=reason.strip())
    contest.title, contest.forget_on = terms.title, terms.forget_on
    contest.opens_at, contest.closes_at = terms.opens_at, terms.closes_at
    if before.terms.closes_at != terms.closes_at:
        _move_deadlines(contest, terms, now)
    # On record last: whoever holds the chain's turn waits for nothing more.
    details = {"reason": reason.strip(), "before": before.sha256, "after": version.sha256}
    _record("contest.changed", contest, actor_id=actor_id, now=now, **details)


def _add_version(
    session: Session,
    contest: Contest,
    terms: ContestTerms,
    *,
    actor_id: int | None,
    now: datetime,
    reason: str = "",
) -> ContestTermsVersion:
    version = ContestTermsVersion(
        number=len(contest.terms_versions) + 1,
        schema=SCHEMA,
        value=terms.stored(),
        sha256=terms.sha256,
        changed_at=now,
        changed_by=actor_id,
        reason=reason,
    )
    contest.terms_versions.append(version)
    session.flush()
    return version


def _record(act: str, contest: Contest, *, actor_id: int | None, now: datetime, **details: Any) -> None:
    audit.record(act, f"contest:{contest.id}", actor_id=actor_id, now=now, contest_id=contest.id, **details)


# --- the contest as JSON ---------------------------------------------------------------------------------------------


def contest_as_json(contest: Contest, now: datetime) -> dict[str, Any]:
    """``contest show`` of CONTRACT §3. A draft shows what publishing it now would fix."""
    terms = contest.terms
    pool = find.drawing_pool(contest)
    return {
        "slug": contest.slug,
        "title": terms.title,
        "state": contest.state_at(now).value,
        "opens_at": _moment(terms.opens_at),
        "closes_at": _moment(terms.closes_at),
        "terms": terms.as_json(),
        "units": _units_as_json(contest),
        "areas": _areas_as_json(contest),
        "pool": {"digest": pool_digest(pool.versions), "versions": [v.as_json() for v in pool.versions]},
    }


def _units_as_json(contest: Contest) -> list[dict[str, Any]]:
    if contest.pool_id is None:
        units = [(u.code, u.name, u.unit_class, u.street.code if u.street else None, u.headcount)
                 for u in find.units_in_register()]  # fmt: skip
    else:
        units = [(u.code, u.name, u.unit_class, u.street_code, u.headcount) for u in find.contest_units(contest.id)]
    return [dict(zip(("code", "name", "class", "street", "headcount"), unit, strict=True)) for unit in units]


def _areas_as_json(contest: Contest) -> list[dict[str, Any]]:
    areas = find.areas_in_register() if contest.pool_id is None else find.contest_areas(contest.id)
    return [{"code": a.code, "name": a.name, "kind": a.kind, "headcount": a.headcount} for a in areas]


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
