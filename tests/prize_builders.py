"""A contest that is over, with people of different scores, and draws of it; valid until told otherwise."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from quiz.models import Contest, Person, PrizeDraw
from quiz.rules.prizes import DrawPlan, Method, Tier
from quiz.services import prizes
from tests.builders import a_contest, a_person, an_ended_attempt
from tests.conftest import MORNING

CLOSING = MORNING + timedelta(hours=1)
AFTER = CLOSING + timedelta(minutes=5)
APPEARS = AFTER + timedelta(hours=10)
EVENING = APPEARS + timedelta(minutes=1)

SEED, NUMBER, SOURCE = "5eed" * 8, "358", "福彩 3D 第 2026166 期开奖号码"
JUDGE = 7

FIVE_EQUALS = [{"kind": "single_choice", "domain": "产品", "count": 5, "points": 6}]
RIGHTS = (5, 5, 4, 4, 3, 2, 1)  # of five questions at 6 points each
CHANCE = DrawPlan(Method.CHANCE, (Tier("一等奖", 1, 1, "电水壶", least=1_000), Tier("二等奖", 2, 2, "毛巾")))
RANKED = DrawPlan(Method.RANK, (Tier("一等奖", 1), Tier("二等奖", 2)))

_codes = count(1)


def new_code() -> str:
    return f"{next(_codes):08d}".translate(str.maketrans("01", "XY"))


def a_played_contest(*rights: int, **terms: Any) -> Contest:
    """Everybody answered at the same moment, each a little slower than the one before; it closed an hour later."""
    contest = a_contest(MORNING, **{"closes_at": CLOSING, "plan": FIVE_EQUALS, **terms})
    for number, right in enumerate(rights or RIGHTS):
        a_player_of(contest, right, seconds=60 + number)
    return contest


def a_player_of(contest: Contest, right: int, *, seconds: int = 60, name: str = "欧阳文") -> Person:
    person = a_person(MORNING, name=name)
    an_ended_attempt(contest, person, began=MORNING, ended=MORNING + timedelta(seconds=seconds), right=right)
    return person


def a_draw(contest: Contest, plan: DrawPlan = CHANCE, *, now: datetime = AFTER, **more: Any) -> PrizeDraw:
    return prizes.set_up(contest.id, plan, **{"title": "答题抽奖", "actor_id": JUDGE, "now": now, **more})


def fixed(draw: PrizeDraw, *, now: datetime = AFTER) -> PrizeDraw:
    return prizes.fix_list(draw.id, draw.contest_id, actor_id=JUDGE, now=now)


def announced(draw: PrizeDraw, *, now: datetime = AFTER, public_at: datetime = APPEARS, seed: str = SEED) -> PrizeDraw:
    return prizes.announce(
        draw.id, draw.contest_id, source=SOURCE, public_at=public_at, seed=seed, actor_id=JUDGE, now=now
    )


def drawn(draw: PrizeDraw, typed: str = NUMBER, *, now: datetime = EVENING) -> PrizeDraw:
    return prizes.enter_number(draw.id, draw.contest_id, typed, new_code=new_code, actor_id=JUDGE, now=now)


def a_finished_draw(contest: Contest, plan: DrawPlan = CHANCE, **more: Any) -> PrizeDraw:
    draw = fixed(a_draw(contest, plan, **more))
    if plan.method is Method.RANK:
        return prizes.award_by_rank(draw.id, draw.contest_id, new_code=new_code, actor_id=JUDGE, now=EVENING)
    announced(draw)
    return drawn(draw)
