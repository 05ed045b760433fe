"""The prize draw of the contest that is over: each step at its own moment, a prize handed over, another declined."""

from datetime import UTC, date, datetime
from random import Random

from quiz.models import Contest
from quiz.models.prizes import Leaving, WinnerState
from quiz.queries import prizes as find
from quiz.rules.check_codes import LENGTH, LETTERS
from quiz.rules.prizes import DrawPlan, Method, Tier
from quiz.services import prize_winners, prizes

PLAN = DrawPlan(
    Method.CHANCE,
    (
        Tier("一等奖", 1, 1, "电饭煲一个", least=9_000),
        Tier("二等奖", 3, 2, "保温杯一个", least=8_000),
        Tier("三等奖", 10, 5, "毛巾礼盒一份", least=6_000),
    ),
    step=500,
    floor=6_000,
)
SET_UP_AT = datetime(2025, 11, 24, 1, 30, tzinfo=UTC)
ANNOUNCED_AT = datetime(2025, 11, 24, 2, 0, tzinfo=UTC)
APPEARS_AT = datetime(2025, 11, 25, 13, 15, tzinfo=UTC)
DRAWN_AT = datetime(2025, 11, 25, 13, 40, tzinfo=UTC)
HANDED_OVER_AT = datetime(2025, 11, 27, 2, 10, tzinfo=UTC)
SOURCE = "示例号码（真实的抽奖写明是哪一期公开号码）"


def draw(contest: Contest, judge: int, chance: Random) -> None:
    """Set up, fixed, announced, drawn; one winner has come, and for one a substitute stepped in."""

    def new_code() -> str:
        return "".join(chance.choice(LETTERS) for _ in range(LENGTH))

    made = prizes.set_up(
        contest.id,
        PLAN,
        title="答题抽奖",
        claim_until=date(2025, 12, 31),
        claim_where="示例区质量强区工作办公室",
        actor_id=judge,
        now=SET_UP_AT,
    )
    prizes.fix_list(made.id, contest.id, actor_id=judge, now=SET_UP_AT)
    seed = f"{chance.getrandbits(128):032x}"
    prizes.announce(
        made.id, contest.id, source=SOURCE, public_at=APPEARS_AT, seed=seed, actor_id=judge, now=ANNOUNCED_AT
    )
    prizes.enter_number(made.id, contest.id, "358", new_code=new_code, actor_id=judge, now=DRAWN_AT)
    holders = [winner for winner in find.winners_of(made.id) if winner.state == WinnerState.WINNER]
    prize_winners.hand_over(holders[0].check_code or "", key=None, actor_id=judge, now=HANDED_OVER_AT)
    prize_winners.leave(
        holders[-1].id,
        made.id,
        contest.id,
        why=Leaving.DECLINED,
        note="本人来电",
        new_code=new_code,
        actor_id=judge,
        now=HANDED_OVER_AT,
    )
