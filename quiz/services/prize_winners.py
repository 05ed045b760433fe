"""What comes after a draw: prizes are handed over against a check code, and substitutes step in."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from question_bank.database import transaction, wait_for_turn
from quiz.errors import ChangedMeanwhile, Mistakes, NotFound, TooManyCodes, UnknownCode, WrongStep
from quiz.models import DrawWinner, Entry, PrizeDraw, SignInFailure
from quiz.models.prizes import Leaving, WinnerState
from quiz.queries import prizes as find
from quiz.queries.accounts import failures_since
from quiz.queries.contests import contest_for_change
from quiz.rules import check_codes, prize_plans
from quiz.rules import prizes as rules
from quiz.rules.accounts import minutes_to_wait
from quiz.services import audit

WRONG_CODES = 10
WITHIN = timedelta(minutes=15)


# --- handing over ----------------------------------------------------------------------------------------------------


def look_up(typed: str, *, key: str | None, actor_id: int, now: datetime) -> DrawWinner:
    """The winner who shows this check code. Wrong codes are counted for whoever types them, under a keyed digest.

    ``key`` None: nothing is counted. Raises UnknownCode, TooManyCodes.
    """
    code = check_codes.tidied(typed)
    counted_by = hmac.new(key.encode(), f"check code|{actor_id}".encode(), hashlib.sha256).hexdigest() if key else ""
    tries = _count_try(counted_by, now) if key else None
    winner = find.winner_of_code(code)
    if winner is None:
        raise UnknownCode(left=tries)
    if key:
        with transaction() as session:
            session.execute(delete(SignInFailure).where(SignInFailure.counted_by == counted_by))
    return winner


def _count_try(counted_by: str, now: datetime) -> int:
    """Count the try as wrong until it is right; how many are left. Raises TooManyCodes."""
    with transaction() as session:
        wait_for_turn(session, f"check code {counted_by}")
        failures = failures_since(counted_by, now - WITHIN, WRONG_CODES)
        if minutes := minutes_to_wait(failures, WRONG_CODES, now):
            raise TooManyCodes(minutes=minutes)
        session.add(SignInFailure(counted_by=counted_by, at=now))
        session.flush()
    return WRONG_CODES - len(failures) - 1


def hand_over(typed: str, *, key: str | None, actor_id: int, now: datetime) -> tuple[DrawWinner, bool]:
    """核销: the prize goes over the desk, once; whether it was this time. Raises UnknownCode, TooManyCodes."""
    look_up(typed, key=key, actor_id=actor_id, now=now)
    with transaction() as session:
        winner = find.winner_of_code(check_codes.tidied(typed), lock=True)
        if winner is None:
            raise UnknownCode(left=None)
        if winner.handed_over_at is not None:
            return winner, False
        winner.handed_over_at, winner.handed_over_by = now, actor_id
        session.flush()
        _record("prize.handed_over", winner, actor_id=actor_id, now=now)
    return winner, True


# --- leaving, stepping in --------------------------------------------------------------------------------------------


def leave(
    winner_id: int,
    draw_id: int,
    contest_id: int,
    *,
    why: Leaving,
    note: str,
    new_code: Callable[[], str],
    actor_id: int | None,
    now: datetime,
) -> DrawWinner | None:
    """A winner gives the prize up, or does not come: the next substitute of the tier steps in, if there is one.

    Raises NotFound, Mistakes, WrongStep (handed over), ChangedMeanwhile (somebody was first).
    """
    if len(note) > prize_plans.LONGEST_REASON:
        raise Mistakes(problems=[f"说明最多 {prize_plans.LONGEST_REASON} 个字。"])
    with transaction() as session:
        contest = contest_for_change(contest_id)
        draw = find.draw_for_change(draw_id, contest_id)
        winner = find.winner_for_change(winner_id, draw_id) if draw else None
        if contest is None or draw is None or winner is None or winner.state == WinnerState.SUBSTITUTE:
            raise NotFound
        if winner.state == WinnerState.LEFT:
            raise ChangedMeanwhile
        if winner.handed_over_at is not None:
            raise WrongStep(message="奖品已经领走，不能再改。")
        if why is Leaving.NOT_CLAIMED:
            _refuse_before_the_last_day(draw, now.astimezone(contest.terms.zone))
        everybody = find.winners_of(draw.id)
        successor = _step_in(everybody, winner, new_code)
        winner.state, winner.left_at, winner.left_by = WinnerState.LEFT.value, now, actor_id
        winner.left_why, winner.left_note, winner.check_code = why.value, note.strip(), None
        winner.change = 1 + sum(each.change is not None for each in everybody)
        winner.successor_id = successor.id if successor else None
        session.flush()
        _record(
            "prize.left", winner, actor_id=actor_id, now=now,
            why=why.value, successor=successor.entry.entry_code if successor else None,
        )  # fmt: skip
    return successor


def _refuse_before_the_last_day(draw: PrizeDraw, local: datetime) -> None:
    if draw.claim_until is None:
        raise Mistakes(problems=["这次抽奖没有定领奖截止日期，不能按“逾期未领”处理。"])
    if local.date() <= draw.claim_until:
        last = f"{draw.claim_until.month} 月 {draw.claim_until.day} 日"
        raise Mistakes(problems=[f"领奖截止到 {last}，过了这一天才能按“逾期未领”处理。"])


def _step_in(everybody: list[DrawWinner], winner: DrawWinner, new_code: Callable[[], str]) -> DrawWinner | None:
    waiting = {
        each.entry.entry_code: each
        for each in everybody
        if each.tier == winner.tier and each.state == WinnerState.SUBSTITUTE
    }
    held = [each.entry.entry_code for each in everybody if each.state != WinnerState.SUBSTITUTE]
    code = rules.stepping_in(waiting, held)
    if code is None:
        return None
    successor = waiting[code]
    successor.state, successor.stepped_in, successor.check_code = WinnerState.WINNER.value, True, new_code()
    return successor


def _record(act: str, winner: DrawWinner, *, actor_id: int | None, now: datetime, **details: str | None) -> None:
    audit.record(
        act, f"draw:{winner.draw_id}", actor_id=actor_id, now=now, contest_id=winner.draw.contest_id,
        entry_code=winner.entry.entry_code, tier=winner.draw.rules.tiers[winner.tier].name, **details,
    )  # fmt: skip


def forget(session: Session, which: ColumnElement[bool]) -> None:
    """Of these entries nobody is left to show a check code; what a judge noted about somebody goes too."""
    gone = update(DrawWinner).where(DrawWinner.entry_id.in_(select(Entry.id).where(which)))
    session.execute(gone.values(check_code=None, left_note="").execution_options(synchronize_session="fetch"))
