"""抽奖: the steps of a draw, which cannot be swapped, each done once and on record.

Set up → list fixed → seed and public number announced by their digests and date → number entered, winners follow.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from question_bank.database import transaction
from quiz.errors import DrawnAlready, Mistakes, NotFound, StillAnswering, TooEarly, WrongState, WrongStep
from quiz.models import Contest, DrawEntry, DrawWinner, PrizeDraw
from quiz.models.contests import ContestState
from quiz.models.prizes import WinnerState
from quiz.queries import prizes as find
from quiz.queries.attempts import somebody_is_answering
from quiz.queries.contests import contest_for_change
from quiz.rules import prize_plans
from quiz.rules import prizes as rules
from quiz.rules.prizes import DrawPlan, Method, Picked
from quiz.services import attempts, audit, boards

SOONEST = timedelta(minutes=1)


def set_up(
    contest_id: int,
    plan: DrawPlan,
    *,
    title: str,
    claim_until: date | None = None,
    claim_where: str = "",
    actor_id: int | None,
    now: datetime,
) -> PrizeDraw:
    """A draw of a contest that is closed. Raises NotFound, WrongState, Mistakes."""
    problems = prize_plans.complaints(plan) + prize_plans.title_complaints(title)
    if problems:
        raise Mistakes(problems=problems)
    with transaction() as session:
        contest = _closed(contest_id, now)
        draw = PrizeDraw(
            contest_id=contest.id,
            number=find.last_number(contest.id) + 1,
            title=title.strip(),
            plan=plan.as_json(),
            claim_until=claim_until,
            claim_where=claim_where.strip(),
            set_up_at=now,
            set_up_by=actor_id,
        )
        session.add(draw)
        session.flush()
        _record("draw.set_up", draw, actor_id=actor_id, now=now, plan=plan.as_json())
    return draw


def fix_list(draw_id: int, contest_id: int, *, actor_id: int | None, now: datetime) -> PrizeDraw:
    """Fix who is in, with score and rank as they are at this moment. Again: nothing changes.

    Raises NotFound, WrongState, StillAnswering, BoardFrozen, WrongStep (abandoned), Mistakes (nobody qualifies).
    """
    attempts.submit_expired(contest_id, now=now)
    with transaction() as session:
        contest = _closed(contest_id, now)
        draw = _held(draw_id, contest_id)
        if draw.list_sha256 is not None:
            return draw
        if somebody_is_answering(contest_id, now):
            raise StillAnswering
        boards.require_shown(contest, now=now)
        plan = draw.rules
        marks = _list(session, draw, contest, plan)
        lines = rules.list_lines(plan, marks, find.the_list(draw.id), contest=contest.slug, number=draw.number)
        digest = rules.list_digest(lines)
        listed = find.count_in(draw.id, 0, None)
        if not listed:
            raise Mistakes(problems=["没有人达到分数线，名单是空的。请放弃这次抽奖，换一个分数线再设。"])
        draw.fixed_at, draw.fixed_by = now, actor_id
        draw.marks, draw.listed, draw.list_sha256 = list(marks), listed, digest
        session.flush()
        _record("draw.list_fixed", draw, actor_id=actor_id, now=now, entries=listed, list=digest, marks=list(marks))
    return draw


def _list(session: Session, draw: PrizeDraw, contest: Contest, plan: DrawPlan) -> tuple[int, ...]:
    """Put everybody on the list in one statement, which sees one moment; who qualifies for nothing goes again."""
    columns = ["draw_id", "entry_code", "rank", "score_sum", "counted"]
    everybody = find.everybody_ranked(draw.id, contest.id, contest.terms.ties)
    session.execute(insert(DrawEntry).from_select(columns, everybody))
    marks = rules.marks_reached(plan, lambda mark, below: find.count_in(draw.id, mark, below))
    tiers = [(mark, tier.below) for tier, mark in zip(plan.tiers, marks, strict=True)]
    most_rank = plan.prizes if plan.method is Method.RANK else None
    session.execute(
        delete(DrawEntry)
        .where(DrawEntry.draw_id == draw.id, find.outside(tiers, most_rank))
        .execution_options(synchronize_session=False)
    )
    return marks


def announce(
    draw_id: int, contest_id: int, *, source: str, public_at: datetime, seed: str, actor_id: int | None, now: datetime
) -> PrizeDraw:
    """Keep the seed, publish its digest with the name of the public number and the moment it appears.

    Raises NotFound, WrongStep, Mistakes.
    """
    if problems := prize_plans.announcement_complaints(source, public_at, now + SOONEST):
        raise Mistakes(problems=problems)
    with transaction() as session:
        draw = _held(draw_id, contest_id)
        if draw.rules.method is Method.RANK:
            raise WrongStep(message="按名次发奖不需要开奖号码。")
        if draw.list_sha256 is None:
            raise WrongStep(message="请先固定名单，再公布开奖号码的名称和时间。")
        if draw.seed_sha256 is not None:
            raise WrongStep(message="开奖号码的名称和时间已经公布，不能再改。")
        draw.seed, draw.seed_sha256 = seed, rules.seed_digest(seed)
        draw.announced_at, draw.announced_by = now, actor_id
        draw.public_source, draw.public_at = source.strip(), public_at
        session.flush()
        _record(
            "draw.announced", draw, actor_id=actor_id, now=now,
            seed_digest=draw.seed_sha256, source=draw.public_source, at=_moment(public_at),
        )  # fmt: skip
    return draw


def enter_number(
    draw_id: int, contest_id: int, typed: str, *, new_code: Callable[[], str], actor_id: int | None, now: datetime
) -> PrizeDraw:
    """Enter the public number, once and for all; the winners follow in the same transaction.

    The same number again changes nothing. Raises NotFound, WrongStep, TooEarly, DrawnAlready, Mistakes.
    """
    public = rules.tidied_number(typed)
    if problems := prize_plans.number_complaints(public):
        raise Mistakes(problems=problems)
    with transaction() as session:
        draw = _held(draw_id, contest_id)
        if draw.public_number == public:
            return draw
        if draw.public_number is not None:
            raise DrawnAlready(number=draw.public_number)
        if draw.seed is None or draw.public_at is None or draw.marks is None:
            raise WrongStep(message="还没有公布开奖号码的名称和时间，不能录入号码。")
        if now < draw.public_at:
            raise TooEarly(public_at=draw.public_at)
        draw.public_number = public
        picked = rules.drawn(
            draw.rules,
            draw.marks,
            lambda mark, below: find.codes_in(draw.id, mark, below),
            seed=draw.seed,
            public=public,
        )
        _settle(session, draw, picked, new_code, actor_id=actor_id, now=now)
        _record("draw.drawn", draw, actor_id=actor_id, now=now, public_number=public, seed=draw.seed)
    return draw


def award_by_rank(
    draw_id: int, contest_id: int, *, new_code: Callable[[], str], actor_id: int | None, now: datetime
) -> PrizeDraw:
    """Awards by rank follow from the list alone. Again: nothing changes. Raises NotFound, WrongStep."""
    with transaction() as session:
        draw = _held(draw_id, contest_id)
        if draw.rules.method is not Method.RANK:
            raise WrongStep(message="这次是抽奖，要有开奖号码才能产生中奖者。")
        if draw.drawn_at is not None:
            return draw
        if draw.list_sha256 is None:
            raise WrongStep(message="请先固定名单，再确定获奖者。")
        picked = rules.by_rank(draw.rules, find.the_list(draw.id))
        _settle(session, draw, picked, new_code, actor_id=actor_id, now=now)
        _record("draw.awarded", draw, actor_id=actor_id, now=now)
    return draw


def _settle(
    session: Session,
    draw: PrizeDraw,
    picked: list[Picked],
    new_code: Callable[[], str],
    *,
    actor_id: int | None,
    now: datetime,
) -> None:
    """Write down winners, each with a check code, and substitutes."""
    draw.drawn_at, draw.drawn_by = now, actor_id
    ids = find.entry_ids_of([code for tier in picked for code in (*tier.winners, *tier.substitutes)])
    for at, tier in enumerate(picked):
        for place, code in enumerate((*tier.winners, *tier.substitutes), 1):
            has_won = place <= len(tier.winners)
            session.add(
                DrawWinner(
                    draw_id=draw.id,
                    tier=at,
                    place=place,
                    entry_id=ids[code],
                    state=(WinnerState.WINNER if has_won else WinnerState.SUBSTITUTE).value,
                    check_code=new_code() if has_won else None,
                )
            )
    session.flush()


def abandon(draw_id: int, contest_id: int, *, reason: str, actor_id: int | None, now: datetime) -> PrizeDraw:
    """Give a draw up before anything was drawn, for a reason that everybody reads.

    Raises NotFound, WrongStep, Mistakes.
    """
    if problems := prize_plans.reason_complaints(reason):
        raise Mistakes(problems=problems)
    with transaction() as session:
        draw = find.draw_for_change(draw_id, contest_id)
        if draw is None:
            raise NotFound
        if draw.drawn_at is not None:
            raise WrongStep(message="已经开奖，结果作数，不能再放弃。")
        if draw.abandoned_at is not None:
            return draw
        draw.abandoned_at, draw.abandoned_by, draw.abandoned_reason = now, actor_id, reason.strip()
        session.flush()
        _record("draw.abandoned", draw, actor_id=actor_id, now=now, reason=draw.abandoned_reason)
    return draw


# --- shared ----------------------------------------------------------------------------------------------------------


def _closed(contest_id: int, now: datetime) -> Contest:
    """The contest, kept from other changes. Raises NotFound, WrongState unless it is over."""
    contest = contest_for_change(contest_id)
    if contest is None or contest.state == ContestState.DRAFT:
        raise NotFound
    state = contest.state_at(now)
    if state not in (ContestState.CLOSED, ContestState.SEALED):
        raise WrongState(state=state.label, wanted=f"{ContestState.CLOSED.label}”或“{ContestState.SEALED.label}")
    return contest


def _held(draw_id: int, contest_id: int) -> PrizeDraw:
    """The draw, for its next step. Raises NotFound, WrongStep where it was abandoned."""
    draw = find.draw_for_change(draw_id, contest_id)
    if draw is None:
        raise NotFound
    if draw.abandoned_at is not None:
        raise WrongStep(message="这次抽奖已经放弃，不能再继续。请另设一次。")
    return draw


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _record(act: str, draw: PrizeDraw, *, actor_id: int | None, now: datetime, **details: Any) -> None:
    audit.record(act, f"draw:{draw.id}", actor_id=actor_id, now=now, contest_id=draw.contest_id, **details)
