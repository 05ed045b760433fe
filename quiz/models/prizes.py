"""抽奖: a draw and its steps, the list it was fixed on, and who won."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, event, inspect
from sqlalchemy.orm import Mapped, mapped_column, relationship

from question_bank.database import Base, Big, where
from quiz.models.contests import Contest, Entry
from quiz.rules.prizes import DrawPlan


class PrizeDraw(Base):
    """One draw of a contest. Each step fills its columns once, and none before the step it rests on.

    ``plan`` is what was set up, ``marks`` the mark of each tier once the list is fixed (hundredths). The seed is kept
    from the announcement on and shown after the number was entered.
    """

    __tablename__ = "prize_draws"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        CheckConstraint("seed_sha256 IS NULL OR list_sha256 IS NOT NULL", "seed_after_list"),
        CheckConstraint("public_at IS NULL OR public_at > announced_at", "moment_to_come"),
        CheckConstraint("public_number IS NULL OR seed_sha256 IS NOT NULL", "number_after_seed"),
        CheckConstraint("public_number IS NULL OR drawn_at >= public_at", "number_after_its_moment"),
        CheckConstraint("drawn_at IS NULL OR list_sha256 IS NOT NULL", "winners_after_list"),
        CheckConstraint("drawn_at IS NULL OR abandoned_at IS NULL", "drawn_or_abandoned"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contests.id"))
    number: Mapped[int]  # 1, 2, 3 … within the contest
    title: Mapped[str]
    plan: Mapped[dict[str, Any]]
    claim_until: Mapped[date | None]  # 领奖截止; who has not come by then may be replaced
    claim_where: Mapped[str] = mapped_column(default="")
    set_up_at: Mapped[datetime]
    set_up_by: Mapped[int | None]

    fixed_at: Mapped[datetime | None]
    fixed_by: Mapped[int | None]
    marks: Mapped[list[Any] | None]
    listed: Mapped[int | None]
    list_sha256: Mapped[str | None]

    announced_at: Mapped[datetime | None]
    announced_by: Mapped[int | None]
    seed: Mapped[str | None]
    seed_sha256: Mapped[str | None]
    public_source: Mapped[str | None]
    public_at: Mapped[datetime | None]

    public_number: Mapped[str | None]
    drawn_at: Mapped[datetime | None]
    drawn_by: Mapped[int | None]

    abandoned_at: Mapped[datetime | None]
    abandoned_by: Mapped[int | None]
    abandoned_reason: Mapped[str] = mapped_column(default="")

    contest: Mapped[Contest] = relationship()

    @property
    def rules(self) -> DrawPlan:
        return DrawPlan.from_json(self.plan)


ONCE = (
    "plan", "fixed_at", "marks", "listed", "list_sha256", "announced_at", "seed", "seed_sha256", "public_source",
    "public_at", "public_number", "drawn_at", "abandoned_at",
)  # fmt: skip
"""What is written once and stays."""


class StepIsFixed(RuntimeError):
    """Somebody tried to write a step of a draw a second time."""


@event.listens_for(PrizeDraw, "before_update")
def _refuse_change(_mapper: Any, _connection: Any, draw: PrizeDraw) -> None:
    state = inspect(draw)
    for name in ONCE:
        if any(value is not None for value in state.attrs[name].history.deleted or ()):
            raise StepIsFixed(name)


class DrawEntry(Base):
    """One entry of the list a draw was fixed on, with score and rank as they were then."""

    __tablename__ = "draw_entries"

    draw_id: Mapped[int] = mapped_column(ForeignKey("prize_draws.id"), primary_key=True, autoincrement=False)
    entry_code: Mapped[str] = mapped_column(primary_key=True)
    rank: Mapped[int]
    score_sum: Mapped[int] = mapped_column(BigInteger)
    counted: Mapped[int]


class WinnerState(StrEnum):
    WINNER = "winner"
    SUBSTITUTE = "substitute"
    LEFT = "left"  # gave the prize up, or did not come


class Leaving(StrEnum):
    """Why a winner no longer is one; the kind is public, the judge's note is not."""

    DECLINED = "declined"
    NOT_CLAIMED = "not_claimed"
    NOT_ELIGIBLE = "not_eligible"

    @property
    def label(self) -> str:
        return {"declined": "本人放弃", "not_claimed": "逾期未领", "not_eligible": "不符合领奖条件"}[self.value]


class DrawWinner(Base):
    """中奖者 or substitute of one tier. ``check_code`` is for the winner's own eyes, and goes with personal data."""

    __tablename__ = "draw_winners"
    __table_args__ = (
        UniqueConstraint("draw_id", "tier", "place"),
        UniqueConstraint("draw_id", "tier", "entry_id"),
        UniqueConstraint("draw_id", "change"),
        Index("one_prize_each", "draw_id", "entry_id", unique=True, **where("state = 'winner'")),
    )

    id: Mapped[int] = mapped_column(Big, primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("prize_draws.id"))
    tier: Mapped[int]  # 0 is the highest
    place: Mapped[int]  # 1, 2, 3 … winners first, then substitutes
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id"), index=True)
    state: Mapped[str]
    stepped_in: Mapped[bool] = mapped_column(default=False)
    check_code: Mapped[str | None] = mapped_column(unique=True)
    change: Mapped[int | None]  # 1, 2, 3 … within the draw, for those who left
    left_at: Mapped[datetime | None]
    left_by: Mapped[int | None]
    left_why: Mapped[str | None]
    left_note: Mapped[str] = mapped_column(default="")
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("draw_winners.id"))
    handed_over_at: Mapped[datetime | None]
    handed_over_by: Mapped[int | None]

    draw: Mapped[PrizeDraw] = relationship()
    entry: Mapped[Entry] = relationship()
    successor: Mapped["DrawWinner | None"] = relationship(remote_side=[id])
