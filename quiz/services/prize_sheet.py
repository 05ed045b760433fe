"""抽奖 as a sheet of the judges' workbook: who won what, in full, and by which numbers it can be drawn again."""

from collections.abc import Iterator, Sequence

from quiz.models import DrawWinner, PrizeDraw
from quiz.models.prizes import Leaving, WinnerState
from quiz.queries import prizes as find
from quiz.rules.contest import ContestTerms
from quiz.rules.prizes import Method
from quiz.services.export_sheets import Sheet
from quiz.services.sheets import MOMENT, WHOLE, Column
from quiz.services.xlsx import Value

STATES = {WinnerState.WINNER: "中奖", WinnerState.SUBSTITUTE: "候补"}


def prizes(contest_id: int, terms: ContestTerms) -> Sheet:
    """Winners and substitutes of every draw and award by rank, tier by tier, those who left too."""
    columns = [
        Column("编号", WHOLE),
        Column("抽奖"),
        Column("方式"),
        Column("奖级"),
        Column("奖品"),
        Column("顺序", WHOLE),
        Column("参赛编号"),
        Column("姓名"),
        Column("手机号"),
        Column("现在", width=18),
        Column("领奖时间", MOMENT),
        Column("开奖号码"),
        Column("种子", width=36),
        Column("名单 SHA-256", width=40),
    ]
    return "抽奖", columns, _rows(contest_id, terms)


def _rows(contest_id: int, terms: ContestTerms) -> Iterator[Sequence[Value]]:
    for draw in reversed(find.draws_of(contest_id)):
        winners = find.winners_of(draw.id)
        names = find.names_of_entries([winner.entry_id for winner in winners])
        for winner in winners:
            yield _row(draw, winner, names.get(winner.entry_id), terms)


def _row(draw: PrizeDraw, winner: DrawWinner, named: tuple[str, str] | None, terms: ContestTerms) -> Sequence[Value]:
    rules = draw.rules
    tier = rules.tiers[winner.tier]
    name, phone = named or (winner.entry.masked_name, "")
    handed_over = winner.handed_over_at
    return (
        draw.number,
        draw.title,
        "抽奖" if rules.method is Method.CHANCE else "按名次",
        tier.name,
        tier.prize,
        winner.place,
        winner.entry.entry_code,
        name,
        phone,
        STATES.get(WinnerState(winner.state)) or (Leaving(winner.left_why).label if winner.left_why else "已退出"),
        handed_over and handed_over.astimezone(terms.zone).replace(tzinfo=None),
        draw.public_number or "",
        draw.seed if draw.drawn_at and draw.seed else "",
        draw.list_sha256 or "",
    )
