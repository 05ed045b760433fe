"""抽奖: its steps come one after another, each once; two judges at once make one result."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from question_bank.database import db, transaction
from quiz.errors import (
    BoardFrozen,
    DrawnAlready,
    ListFixed,
    Mistakes,
    NotFound,
    Refusal,
    StillAnswering,
    TooEarly,
    WrongState,
    WrongStep,
)
from quiz.models import AuditEntry, Contest, DrawWinner, Entry, PrizeDraw, Standing
from quiz.models.prizes import StepIsFixed, WinnerState
from quiz.queries import prizes as find
from quiz.rules.prizes import DrawPlan, Method, Tier, check_draw, pick_winners
from quiz.services import audit, boards, contests, prizes
from quiz.services.draw_file import draw_as_json
from tests.builders import a_contest, a_person, a_start, again
from tests.conftest import MORNING
from tests.prize_builders import (
    AFTER,
    APPEARS,
    CHANCE,
    CLOSING,
    EVENING,
    JUDGE,
    NUMBER,
    RANKED,
    SEED,
    SOURCE,
    a_draw,
    a_finished_draw,
    a_played_contest,
    a_player_of,
    announced,
    drawn,
    fixed,
    new_code,
)

MINUTE = timedelta(minutes=1)


@pytest.fixture
def contest(context: Flask) -> Contest:
    return a_played_contest()


def acts() -> list[str]:
    return list(
        db.session.scalars(select(AuditEntry.act).where(AuditEntry.act.startswith("draw.")).order_by(AuditEntry.id))
    )


def winners(draw: PrizeDraw) -> list[tuple[int, str, str]]:
    return [(w.tier, w.state, w.entry.entry_code) for w in find.winners_of(draw.id)]


# --- step by step ----------------------------------------------------------------------------------------------------


def test_no_list_is_fixed_while_the_ladders_are_frozen_nor_does_the_closing_time_move_after_it(context: Flask) -> None:
    contest = a_played_contest(freeze_s=1_800)
    draw = a_draw(contest)
    with pytest.raises(BoardFrozen):
        fixed(draw)
    boards.thaw(contest.id, actor_id=JUDGE, now=AFTER)
    assert fixed(draw).listed == 7

    def move() -> datetime:
        later = AFTER + timedelta(days=1)
        return contests.move_closing(contest.id, later, reason="停电", actor_id=JUDGE, now=AFTER).closes_at

    with pytest.raises(ListFixed):
        move()
    prizes.abandon(draw.id, contest.id, reason="停电，竞赛延长", actor_id=JUDGE, now=AFTER)
    assert move() == AFTER + timedelta(days=1)


def test_a_whole_draw(contest: Contest) -> None:
    draw = fixed(a_draw(contest))
    listed = list(find.the_list(draw.id))
    assert (draw.listed, draw.marks) == (7, [1_000, 0])
    assert [row.rank for row in listed] == [1, 2, 3, 4, 5, 6, 7]
    waiting = draw_as_json(announced(draw))
    assert waiting["seed"] is None and waiting["seed_sha256"] and waiting["tiers"] == []
    assert (waiting["public_source"], waiting["public_at"]) == (SOURCE, "2026-06-20T12:05:00.000Z")
    assert SEED not in str(waiting) and check_draw(waiting) is None
    drawn(draw, " ３5 8")
    everybody = {row.code for row in listed if row.score_sum >= 1_000}
    first = pick_winners(everybody, prizes=1, seed=SEED, public=NUMBER, tier="一等奖")
    assert [code for tier, state, code in winners(draw) if (tier, state) == (0, "winner")] == first
    assert [w.state for w in find.winners_of(draw.id)] == ["winner", "substitute", "winner", "winner"] + [
        "substitute"
    ] * 2
    shown = draw_as_json(draw)
    assert (shown["seed"], shown["public_number"], shown["drawn_at"]) == (SEED, NUMBER, "2026-06-20T12:06:00.000Z")
    assert check_draw(shown) is None
    assert acts() == ["draw.set_up", "draw.list_fixed", "draw.announced", "draw.drawn"]
    assert audit.first_break() is None


def test_awards_by_rank_need_no_number(contest: Contest) -> None:
    draw = fixed(a_draw(contest, RANKED))
    assert draw.listed == 3
    with pytest.raises(WrongStep, match="wrong_step"):
        announced(draw)
    for _tap in range(2):
        prizes.award_by_rank(draw.id, contest.id, new_code=new_code, actor_id=JUDGE, now=AFTER)
    best = [row.code for row in find.the_list(draw.id)]
    assert winners(draw) == [(0, "winner", best[0]), (1, "winner", best[1]), (1, "winner", best[2])]
    assert check_draw(draw_as_json(draw)) is None
    assert acts()[-1] == "draw.awarded" and len(acts()) == 3


def test_steps_taken_twice_change_nothing(contest: Contest) -> None:
    draw = a_draw(contest)
    first, second = fixed(draw), fixed(draw, now=AFTER + MINUTE)
    assert (first.fixed_at, second.fixed_at) == (AFTER, AFTER)
    announced(draw)
    with pytest.raises(WrongStep):
        announced(draw, seed="0" * 32)
    once = winners(drawn(draw))
    assert winners(drawn(draw, now=EVENING + MINUTE)) == once and again(draw).drawn_at == EVENING
    with pytest.raises(DrawnAlready):
        drawn(draw, "359")
    assert again(draw).public_number == NUMBER
    assert len(acts()) == 4


def test_no_step_comes_before_the_one_it_rests_on(contest: Contest) -> None:
    draw = a_draw(contest)
    with pytest.raises(WrongStep):
        announced(draw)
    with pytest.raises(WrongStep):
        drawn(draw)
    with pytest.raises(WrongStep):
        prizes.award_by_rank(draw.id, contest.id, new_code=new_code, actor_id=JUDGE, now=AFTER)
    fixed(draw)
    with pytest.raises(WrongStep):
        drawn(draw)
    announced(draw)
    with pytest.raises(TooEarly):
        drawn(draw, now=APPEARS - timedelta(milliseconds=1))
    assert winners(draw) == [] and again(draw).public_number is None
    drawn(draw, now=APPEARS)


@pytest.mark.parametrize(
    ("step", "values"),
    [
        ("set_up", {"seed_sha256": "0" * 64}),
        ("set_up", {"drawn_at": AFTER}),
        ("fixed", {"public_number": "1", "drawn_at": EVENING}),
        ("fixed", {"announced_at": AFTER, "public_at": AFTER}),
        ("announced", {"public_number": "1", "drawn_at": APPEARS - MINUTE}),
        ("drawn", {"abandoned_at": EVENING}),
    ],
)
def test_the_database_itself_refuses_a_step_out_of_order(contest: Contest, step: str, values: dict[str, Any]) -> None:
    draw = a_draw(contest)
    for name, act in {"fixed": fixed, "announced": announced, "drawn": drawn}.items():
        if step != "set_up":
            act(draw)
        if name == step:
            break
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(update(PrizeDraw).where(PrizeDraw.id == draw.id).values(**values))


def test_what_was_written_once_is_not_written_again(contest: Contest) -> None:
    draw = a_finished_draw(contest)
    for name, value in (("public_number", "1"), ("seed", "0" * 32), ("list_sha256", "0" * 64), ("public_at", AFTER)):
        with pytest.raises(StepIsFixed, match=name), transaction() as session:
            setattr(session.get_one(PrizeDraw, draw.id), name, value)
            session.flush()


def test_nobody_holds_two_prizes_whatever_is_written(contest: Contest) -> None:
    draw = a_finished_draw(contest)
    first = find.winners_of(draw.id)[0]
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(
            DrawWinner(draw_id=draw.id, tier=1, place=9, entry_id=first.entry_id, state=WinnerState.WINNER.value)
        )
        session.flush()


# --- who is in -------------------------------------------------------------------------------------------------------


def test_only_a_contest_that_is_over_is_drawn(context: Flask) -> None:
    contest = a_played_contest()
    with pytest.raises(WrongState):
        a_draw(contest, now=CLOSING - MINUTE)
    with pytest.raises(NotFound):
        prizes.set_up(contest.id + 1, CHANCE, title="x", actor_id=JUDGE, now=AFTER)
    a_draw(contest)


def test_the_list_waits_until_nobody_is_answering(context: Flask) -> None:
    contest = a_contest(MORNING, closes_at=CLOSING)
    a_player_of(contest, 5)
    a_start(contest, a_person(MORNING), CLOSING - MINUTE)
    draw = a_draw(contest, now=CLOSING)
    with pytest.raises(StillAnswering):
        fixed(draw, now=CLOSING + timedelta(seconds=10))
    fixed(draw, now=CLOSING + timedelta(seconds=11))  # past the grace it is handed in first, and it is empty
    assert again(draw).listed == 1


def test_a_list_stays_as_it_was_fixed(contest: Contest) -> None:
    draw = fixed(a_draw(contest))
    before = draw_as_json(draw)["list"]
    with transaction() as session:
        session.execute(update(Standing).values(score_sum=0, minus_score=0.0))
    assert draw_as_json(draw)["list"] == before
    announced(draw)
    assert check_draw(draw_as_json(drawn(draw))) is None


def test_a_mark_steps_down_where_too_few_reach_it(contest: Contest) -> None:
    tiers = (Tier("一等奖", 4, least=2_000),)
    draw = fixed(a_draw(contest, DrawPlan(Method.CHANCE, tiers, step=500, floor=500)))
    assert (draw.marks, draw.listed) == ([2_000], 4)
    tiers = (Tier("一等奖", 6, least=2_700),)
    draw = fixed(a_draw(contest, DrawPlan(Method.CHANCE, tiers, step=800, floor=1_000)))
    assert (draw.marks, draw.listed) == ([1_100], 6)


def test_a_score_band_holds_only_who_lies_in_it(contest: Contest) -> None:
    tiers = (Tier("高分奖", 1, least=2_000), Tier("鼓励奖", 3, least=500, below=2_000))
    draw = a_finished_draw(contest, DrawPlan(Method.CHANCE, tiers))
    scores = {row.code: row.score_sum for row in find.the_list(draw.id)}
    lower = [code for tier, _state, code in winners(draw) if tier == 1]
    assert len(lower) == 3 and all(500 <= scores[code] < 2_000 for code in lower)


def test_ranks_of_equals_are_shared_or_settled_as_the_terms_say(context: Flask) -> None:
    for ties, ranks in (("share", [1, 1, 3, 3, 5, 6, 7]), ("none", [1, 2, 3, 4, 5, 6, 7])):
        contest = a_played_contest(ties=ties, closes_at=CLOSING)
        with transaction() as session:
            session.execute(update(Standing).values(pace=1.0, finished_at=CLOSING))
        draw = fixed(a_draw(contest))
        assert [row.rank for row in find.the_list(draw.id)] == ranks


def test_where_nobody_qualifies_there_is_no_list(contest: Contest) -> None:
    draw = a_draw(contest, DrawPlan(Method.CHANCE, (Tier("一等奖", 1, least=9_000),)))
    with pytest.raises(Mistakes, match="名单是空的"):
        fixed(draw)
    assert again(draw).list_sha256 is None
    assert db.session.execute(text("SELECT count(*) FROM draw_entries")).scalar() == 0


def test_who_does_not_take_part_is_out(contest: Contest) -> None:
    """Setting aside takes an entry off the standings, and so off the list."""
    out = db.session.scalars(select(Entry.entry_code).order_by(Entry.id)).first()
    with transaction() as session:
        session.execute(text("DELETE FROM standings WHERE entry_code = :code"), {"code": out})
    draw = fixed(a_draw(contest))
    codes = {row.code for row in find.the_list(draw.id)}
    assert len(codes) == 6 and out not in codes


# --- abandoning ------------------------------------------------------------------------------------------------------


def test_a_draw_may_be_abandoned_until_it_is_drawn(contest: Contest) -> None:
    draw = announced(fixed(a_draw(contest)))
    with pytest.raises(Mistakes):
        prizes.abandon(draw.id, contest.id, reason=" ", actor_id=JUDGE, now=AFTER)
    for _tap in range(2):
        prizes.abandon(draw.id, contest.id, reason="这一期不开奖", actor_id=JUDGE, now=AFTER)
    with pytest.raises(WrongStep):
        drawn(draw)
    assert acts()[-1] == "draw.abandoned" and len(acts()) == 4
    shown = draw_as_json(again(draw))
    assert (shown["abandoned_reason"], shown["seed"]) == ("这一期不开奖", None) and check_draw(shown) is None
    other = a_finished_draw(contest)
    assert other.number == 2
    with pytest.raises(WrongStep):
        prizes.abandon(other.id, contest.id, reason="不算", actor_id=JUDGE, now=EVENING)
    assert again(other).abandoned_at is None


def test_a_draw_of_another_contest_is_not_there(contest: Contest) -> None:
    draw, other = a_draw(contest), a_contest(MORNING)
    with pytest.raises(NotFound):
        prizes.abandon(draw.id, other.id, reason="x", actor_id=JUDGE, now=AFTER)
    with pytest.raises(NotFound):
        prizes.enter_number(draw.id, other.id, "1", new_code=new_code, actor_id=JUDGE, now=EVENING)


# --- at once ---------------------------------------------------------------------------------------------------------


def at_once(app: Flask, *doing: Callable[[], object]) -> list[object]:
    """What each gave or raised, all of them begun at the same moment."""
    together, found = threading.Barrier(len(doing)), [None] * len(doing)  # type: ignore[var-annotated]  # filled by the threads

    def one(place: int, act: Callable[[], object]) -> None:
        with app.app_context():
            together.wait(30)
            try:
                found[place] = act()  # type: ignore[call-overload]  # filled by the threads
            except Refusal as refusal:
                found[place] = refusal  # type: ignore[call-overload]  # filled by the threads

    threads = [threading.Thread(target=one, args=each) for each in enumerate(doing)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_of_two_numbers_entered_at_once_one_stands(app: Flask) -> None:
    with app.app_context():
        draw = announced(fixed(a_draw(a_played_contest())))
    found = at_once(app, *(lambda n=n: drawn(draw, str(n)) for n in range(100, 106)))
    stood = [each for each in found if isinstance(each, PrizeDraw)]
    refused = [each for each in found if isinstance(each, DrawnAlready)]
    assert len(stood) == 1 and len(refused) == 5
    with app.app_context():
        shown = draw_as_json(again(draw))
        assert {each.facts["number"] for each in refused} == {shown["public_number"]}
        assert check_draw(shown) is None
        assert len(acts()) == 4


def test_a_number_and_an_abandoning_at_once_never_both_stand(app: Flask) -> None:
    with app.app_context():
        draw = announced(fixed(a_draw(a_played_contest())))
    at_once(
        app,
        lambda: drawn(draw),
        lambda: prizes.abandon(draw.id, draw.contest_id, reason="不抽了", actor_id=JUDGE, now=EVENING),
    )
    with app.app_context():
        found = again(draw)
        assert (found.drawn_at is None) != (found.abandoned_at is None)
        assert bool(winners(found)) == (found.drawn_at is not None)


def test_two_who_fix_the_list_at_once_fix_one(app: Flask) -> None:
    with app.app_context():
        draw = a_draw(a_played_contest())
    found = at_once(app, lambda: fixed(draw), lambda: fixed(draw))
    assert len({each.list_sha256 for each in found if isinstance(each, PrizeDraw)}) == 1
    with app.app_context():
        assert acts() == ["draw.set_up", "draw.list_fixed"] and len(list(find.the_list(draw.id))) == 7
