"""Prizes go over the desk once, against a check code; substitutes step in, one after another, for everybody to see."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from question_bank.database import db
from quiz.errors import ChangedMeanwhile, Mistakes, NotFound, Refusal, TooManyCodes, UnknownCode, WrongStep
from quiz.models import AuditEntry, Contest, DrawWinner, PrizeDraw
from quiz.models.prizes import Leaving
from quiz.queries import prizes as find
from quiz.rules.prizes import DrawPlan, Method, Tier, check_draw
from quiz.services import forgetting, prize_winners
from quiz.services.draw_file import draw_as_json
from tests.builders import again
from tests.prize_builders import EVENING, JUDGE, RANKED, a_finished_draw, a_played_contest, new_code
from tests.services.test_prizes import at_once

KEY = "tests"
LAST_DAY = date(2026, 7, 1)
TOO_LATE = datetime(2026, 7, 2, 1, tzinfo=UTC)


@pytest.fixture
def contest(context: Flask) -> Contest:
    return a_played_contest()


@pytest.fixture
def draw(contest: Contest) -> PrizeDraw:
    return a_finished_draw(contest, claim_until=LAST_DAY)


def winner(draw: PrizeDraw, tier: int = 0, place: int = 1) -> DrawWinner:
    return next(w for w in find.winners_of(draw.id) if (w.tier, w.place) == (tier, place))


def leave(who: DrawWinner, why: Leaving = Leaving.DECLINED, *, now: datetime = EVENING) -> DrawWinner | None:
    return prize_winners.leave(
        who.id, who.draw_id, who.draw.contest_id, why=why, note="本人来电", new_code=new_code, actor_id=JUDGE, now=now
    )


def hand_over(code: str | None, *, now: datetime = EVENING, key: str | None = KEY) -> tuple[DrawWinner, bool]:
    return prize_winners.hand_over(code or "", key=key, actor_id=JUDGE, now=now)


def acts() -> list[tuple[str, dict[str, Any]]]:
    query = select(AuditEntry).where(AuditEntry.act.startswith("prize.")).order_by(AuditEntry.id)
    return [(entry.act, entry.details) for entry in db.session.scalars(query)]


def test_a_prize_is_handed_over_once_and_on_record(draw: PrizeDraw) -> None:
    first = winner(draw)
    found, is_new = hand_over(f" {(first.check_code or '').lower()} ")
    assert (found.id, is_new, found.handed_over_at, found.handed_over_by) == (first.id, True, EVENING, JUDGE)
    again_found, is_new = hand_over(first.check_code, now=EVENING + timedelta(hours=1))
    assert (again_found.handed_over_at, is_new) == (EVENING, False)
    assert acts() == [("prize.handed_over", {"entry_code": first.entry.entry_code, "tier": "一等奖"})]


def test_every_winner_has_a_code_of_their_own_and_no_substitute_has_one(draw: PrizeDraw) -> None:
    codes = [(w.state, w.check_code) for w in find.winners_of(draw.id)]
    assert all((code is not None) == (state == "winner") for state, code in codes)
    assert len({code for _state, code in codes if code}) == 3


def test_wrong_codes_are_counted_and_a_right_one_begins_anew(draw: PrizeDraw) -> None:
    for left in range(9, 0, -1):
        with pytest.raises(UnknownCode) as refused:
            hand_over("ZZZZZZZZ")
        assert refused.value.facts["left"] == left
    hand_over(winner(draw).check_code)
    for _try in range(10):
        with pytest.raises(UnknownCode):
            hand_over("ZZZZZZZZ")
    with pytest.raises(TooManyCodes):
        hand_over(winner(draw, 1).check_code)
    prize_winners.look_up(winner(draw, 1).check_code or "", key=KEY, actor_id=JUDGE + 1, now=EVENING)  # another desk
    hand_over(winner(draw, 1).check_code, now=EVENING + timedelta(minutes=15))


def test_the_next_substitute_steps_in_and_everybody_can_see_it(draw: PrizeDraw) -> None:
    gone = winner(draw, 1)
    code = gone.check_code
    successor = leave(gone)
    assert successor and (successor.tier, successor.place, successor.stepped_in) == (1, 3, True)
    assert successor.check_code and again(gone).check_code is None
    with pytest.raises(UnknownCode):
        hand_over(code)
    with pytest.raises(ChangedMeanwhile):
        leave(gone)
    shown = draw_as_json(draw)
    assert shown["changes"] == [
        {
            "tier": "二等奖",
            "entry_code": gone.entry.entry_code,
            "reason": "declined",
            "at": "2026-06-20T12:06:00.000Z",
            "substitute": successor.entry.entry_code,
        }
    ]
    other = winner(draw, 1, 2).entry.entry_code
    assert shown["tiers"][1]["drawn"] == [gone.entry.entry_code, other]
    assert shown["tiers"][1]["winners"] == [other, successor.entry.entry_code]
    assert "本人来电" not in str(shown) and check_draw(shown) is None
    details = {"entry_code": gone.entry.entry_code, "tier": "二等奖", "why": "declined"}
    assert acts() == [("prize.left", {**details, "successor": successor.entry.entry_code})]


def test_who_holds_a_prize_is_passed_over(context: Flask) -> None:
    """Of two people one wins the first tier; the other is its substitute, and the only winner of the second."""
    contest = a_played_contest(5, 5)
    draw = a_finished_draw(contest, DrawPlan(Method.CHANCE, (Tier("一等奖", 1, 1), Tier("二等奖", 1))))
    assert winner(draw, place=2).entry_id == winner(draw, 1).entry_id
    assert leave(winner(draw)) is None
    assert check_draw(draw_as_json(draw)) is None
    leave(winner(draw, 1))
    assert [w.state for w in find.winners_of(draw.id)] == ["left", "substitute", "left"]


def test_changes_one_after_another_until_nobody_is_left(draw: PrizeDraw) -> None:
    for _change in range(5):
        still = [w for w in find.winners_of(draw.id) if w.state == "winner" and w.tier == 1]
        if still:
            leave(still[0])
    assert [w.state for w in find.winners_of(draw.id) if w.tier == 1].count("left") >= 2
    shown = draw_as_json(draw)
    assert shown["changes"][-1]["substitute"] is None and check_draw(shown) is None


def test_too_late_is_only_after_the_day_that_was_said(draw: PrizeDraw, contest: Contest) -> None:
    midnight = datetime(2026, 7, 1, 15, 59, tzinfo=UTC)
    with pytest.raises(Mistakes, match="7 月 1 日"):
        leave(winner(draw), Leaving.NOT_CLAIMED, now=midnight)
    assert leave(winner(draw, 1), Leaving.NOT_CLAIMED, now=TOO_LATE)
    without = a_finished_draw(contest)
    with pytest.raises(Mistakes, match="没有定领奖截止日期"):
        leave(winner(without), Leaving.NOT_CLAIMED, now=TOO_LATE)


def test_what_was_handed_over_stays(draw: PrizeDraw) -> None:
    hand_over(winner(draw).check_code)
    with pytest.raises(WrongStep):
        leave(winner(draw))


def test_a_substitute_cannot_leave_nor_somebody_of_another_draw(draw: PrizeDraw, contest: Contest) -> None:
    with pytest.raises(NotFound):
        leave(winner(draw, place=2))
    other = a_finished_draw(contest)
    with pytest.raises(NotFound):
        prize_winners.leave(
            winner(draw).id, other.id, contest.id,
            why=Leaving.DECLINED, note="", new_code=new_code, actor_id=JUDGE, now=EVENING,
        )  # fmt: skip


def test_awards_by_rank_leave_a_place_empty(contest: Contest) -> None:
    draw = a_finished_draw(contest, RANKED)
    assert leave(winner(draw)) is None
    shown = draw_as_json(draw)
    assert shown["tiers"][0]["winners"] == [] and check_draw(shown) is None


def test_two_who_leave_at_once_bring_two_substitutes(app: Flask) -> None:
    with app.app_context():
        draw = a_finished_draw(a_played_contest())
        gone = [w for w in find.winners_of(draw.id) if w.tier == 1 and w.state == "winner"]
    found = at_once(app, *(lambda w=w: leave(w) for w in gone))
    assert len({each.id for each in found if isinstance(each, DrawWinner)}) == 2
    with app.app_context():
        shown = draw_as_json(again(draw))
        assert [change["substitute"] is not None for change in shown["changes"]] == [True, True]
        assert check_draw(shown) is None


def test_handing_over_and_leaving_at_once_is_one_of_them(app: Flask) -> None:
    with app.app_context():
        draw = a_finished_draw(a_played_contest())
        who = winner(draw)
    found = at_once(app, lambda: leave(who), lambda: hand_over(who.check_code), lambda: hand_over(who.check_code))
    with app.app_context():
        kept = winner(draw)
        assert (kept.handed_over_at is not None) != (kept.state == "left")
        assert len([act for act, _details in acts() if act == "prize.handed_over"]) == (kept.state != "left")
    assert any(isinstance(each, Refusal) for each in found) or kept.handed_over_at


def test_when_personal_data_goes_the_masked_name_stays_and_no_code(draw: PrizeDraw) -> None:
    first, second = winner(draw), winner(draw, 1)
    leave(second)
    assert first.entry.person_id and second.entry.person_id
    for gone in (first, second):
        forgetting.forget_person(gone.entry.person_id, actor=JUDGE, now=EVENING)
    db.session.expire_all()
    kept, left = winner(draw), winner(draw, 1)
    assert (kept.entry.masked_name, kept.check_code, left.left_note) == ("欧阳*", None, "")
    assert kept.state == "winner" and check_draw(draw_as_json(draw)) is None
    others = [w.check_code for w in find.winners_of(draw.id) if w.state == "winner" and w.id != kept.id]
    assert all(others)
    forgetting.forget_due(now=datetime(2028, 1, 1, tzinfo=UTC))
    db.session.expire_all()
    assert not any(w.check_code for w in find.winners_of(draw.id))
