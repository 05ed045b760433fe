"""Sealing: what is frozen, when it may be, what a later change does, and that nothing comes in between."""

import json
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from question_bank.database import db, transaction
from quiz.errors import ChangedMeanwhile, Closed, Mistakes, NotFound, StandingsDiffer, StillAnswering, WrongState
from quiz.models import Attempt, AuditEntry, Contest, Entry, Person, Ruling, Seal, Standing
from quiz.queries import standings as ladders
from quiz.rules.contest import Counts, Ties
from quiz.services import attempts, audit, contests, exports, forgetting, seals, standings
from quiz.services.bundles import bundle_of
from tests.builders import a_contest, a_person, a_start, a_street, a_unit, again, holder
from tests.bundles import BOTH, as_text, of_kind, records_in
from tests.conftest import AS_FOUND, MORNING, StillClock
from tests.prize_builders import AFTER, EVENING, a_draw, a_finished_draw, a_played_contest, announced, fixed
from tests.sealed import CLOSES, HOUR, a_contest_that_is_over, best_of, sealed, set_aside, text_of
from tests.services.test_standings import PLAN, a_history, acts_of_three

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def contest(now: datetime) -> Contest:
    return a_contest_that_is_over(now)


# --- what is frozen --------------------------------------------------------------------------------------------------


def test_the_bundle_fits_its_published_digest_and_its_size(contest: Contest, now: datetime) -> None:
    seal = sealed(contest, now)
    text = text_of(seal)
    assert len(text.encode()) == seal.size
    for look in BOTH.values():
        assert look(text, seal.digest) is None
    assert seal.counts == records_in(text)[0]["counts"]
    assert again(contest).state == "sealed"


def test_it_holds_what_anybody_needs_and_nobodys_name(contest: Contest, now: datetime) -> None:
    text = text_of(sealed(contest, now))
    records = records_in(text)
    assert {r["record"] for r in records} == {"head", "terms", "area", "unit", "version", "ruling", "entry", "ladder"}
    for person in db.session.execute(select(Person)).scalars():
        assert person.name not in text and str(person.phone) not in text
    taking_part = [r["rank"] for r in of_kind(records, "entry")]
    assert taking_part == [1, 2, 3, 4, 5, 6, None]
    for entry in of_kind(records, "entry"):
        assert all(len(attempt["receipt"]) == 64 for attempt in entry["attempts"])


def test_a_typed_unit_stays_inside(now: datetime) -> None:
    contest = a_contest(now, plan=PLAN, closes_at=(now + CLOSES).isoformat())
    person = a_person(now, street=a_street())
    with transaction() as session:
        session.get_one(Person, person.id).unit_name = "某某人家的小店"
    a_start(contest, person, now)
    assert "小店" not in text_of(sealed(contest, now))


def test_why_somebody_got_more_time_stays_inside(contest: Contest, now: datetime) -> None:
    with transaction() as session:
        session.add(Ruling(contest_id=contest.id, kind="extra_time", value={"ms": 60_000, "until": 7, "attempts": 1},
                           reason="某人住院", made_by=None, made_at=now))  # fmt: skip
    ruling = of_kind(records_in(text_of(sealed(contest, now))), "ruling")[-1]
    assert (ruling["reason"], ruling["value"], ruling["about"]) == (None, {"ms": 60_000, "attempts": 1}, {})


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=AS_FOUND)
@given(acts=acts_of_three, counts=st.sampled_from(Counts), ties=st.sampled_from(Ties))
def test_what_is_sealed_is_what_the_ladders_show(acts: list[tuple[int, int, int]], counts: Counts, ties: Ties) -> None:
    terms = {"counts": counts.value, "ties": ties.value, "attempts": {"allowed": 99}}
    closes_at = (MORNING + CLOSES).isoformat()
    contest = a_contest(MORNING, plan=PLAN, closes_at=closes_at, **terms)
    street = a_street(headcount=3)
    persons = [a_person(MORNING, unit=a_unit(street, headcount=2)), a_person(MORNING, street=street), a_person(MORNING)]
    a_history(contest, persons, acts)
    seal = sealed(contest, MORNING)
    text = text_of(seal)
    for look in BOTH.values():
        assert look(text, seal.digest) is None
    records = records_in(text)
    shown = ladders.persons(contest.id, ties)
    assert [(r["entry"], r["rank"]) for r in of_kind(records, "entry") if r["rank"]] == [
        (row.standing.entry_code, row.place.rank) for row in shown
    ]
    for by, rows in (("unit", exports.unit_ladder), ("street", exports.street_ladder)):
        assert [(r["code"], r["rank"], Fraction(r["exact"])) for r in of_kind(records, "ladder") if r["by"] == by] == [
            (row.tally.code, row.place.rank, row.score) for row in rows(contest, contest.terms)
        ]


# --- when it may be --------------------------------------------------------------------------------------------------


def test_only_what_is_over_is_sealed(now: datetime) -> None:
    contest = a_contest(now)
    with pytest.raises(WrongState):
        seals.seal(contest.id, actor_id=None, now=now)
    with pytest.raises(NotFound):
        seals.seal(contest.id + 1, actor_id=None, now=now)


def test_whoever_is_still_answering_is_waited_for_and_what_is_overdue_is_handed_in(now: datetime) -> None:
    contest = a_contest(now, plan=PLAN, closes_at=(now + CLOSES).isoformat())
    attempt = a_start(contest, a_person(now), now + CLOSES - timedelta(minutes=1))
    with pytest.raises(StillAnswering):
        sealed(contest, now)  # within the grace
    assert again(contest).state == "published"
    seals.seal(contest.id, actor_id=None, now=now + CLOSES + timedelta(seconds=11))
    assert again(attempt).ended_by == "clock"


def test_once_sealed_nobody_starts(contest: Contest, now: datetime) -> None:
    sealed(contest, now)
    with pytest.raises(Closed):
        a_start(contest, a_person(now), now + HOUR)


def test_it_is_on_record_by_its_digest(contest: Contest, now: datetime) -> None:
    seal = sealed(contest, now)
    entry = db.session.execute(select(AuditEntry).order_by(AuditEntry.id.desc())).scalars().first()
    assert entry and entry.act == "results.sealed"
    assert entry.details == {"seal": 1, "digest": seal.digest, "reason": ""}
    assert audit.first_break() is None


@pytest.mark.parametrize("column", ["score_sum", "elapsed_sum", "finished_at", "minus_score"])
def test_a_standing_that_its_attempts_do_not_give_is_not_sealed(contest: Contest, now: datetime, column: str) -> None:
    spoilt = {"score_sum": 1, "elapsed_sum": 1, "finished_at": now, "minus_score": -99_999.0}
    last = db.session.execute(select(Standing).order_by(Standing.minus_score.desc())).scalars().first()
    assert last
    with transaction() as session:
        session.execute(update(Standing).where(Standing.entry_id == last.entry_id).values({column: spoilt[column]}))
    with pytest.raises(StandingsDiffer):
        sealed(contest, now)
    assert again(contest).state == "published" and seals.find.last_seal(contest.id) is None
    standings.rebuild(contest.id)
    sealed(contest, now)


def test_an_attempt_set_aside_without_a_ruling_is_not_sealed(contest: Contest, now: datetime) -> None:
    best = best_of(contest)
    with transaction() as session:
        session.get_one(Attempt, best.id).is_set_aside = True
        session.flush()
        standings.keep_up(session, best.entry_id, contest.terms)
    with pytest.raises(StandingsDiffer):
        sealed(contest, now)


# --- afterwards ------------------------------------------------------------------------------------------------------


def test_twice_the_same_is_one_seal(contest: Contest, now: datetime) -> None:
    first = sealed(contest, now, seen=0)
    assert sealed(contest, now, seen=0).id == first.id
    assert len(seals.find.seals_of(contest.id)) == 1


def test_a_later_change_makes_a_new_seal_with_the_difference(contest: Contest, now: datetime) -> None:
    first = sealed(contest, now)
    assert not seals.is_changed_since(first)
    code = best_of(contest).entry.entry_code
    set_aside(best_of(contest), now=now + CLOSES)
    contests.set_headcount(contest.id, "C", "unit", 8, reason="更正", actor_id=None, now=now + CLOSES)
    assert seals.is_changed_since(first)
    with pytest.raises(Mistakes):
        sealed(contest, now)
    second = sealed(contest, now, reason="复核后更正")
    assert (second.number, second.previous, second.reason) == (2, first.digest, "复核后更正")
    assert records_in(text_of(second))[0]["previous"] == first.digest
    changed = second.difference
    assert changed["rulings"] == [2] and changed["terms"] == [2]
    assert changed["entries"]["score"] == 1 and changed["entries"]["named"][0]["code"] == code
    assert [row["code"] for row in changed["units"]["named"]] == ["A", "B", "C"]
    assert changed["units"]["named"][2]["after"]["headcount"] == 8
    for seal in (first, second):
        assert BOTH["ours"](text_of(seal), seal.digest) is None


def test_what_was_looked_at_before_somebody_else_sealed_is_not_sealed(contest: Contest, now: datetime) -> None:
    sealed(contest, now)
    set_aside(best_of(contest), now=now + CLOSES)
    with pytest.raises(ChangedMeanwhile):
        sealed(contest, now, seen=0, reason="复核")


def test_deleting_everybody_and_renaming_everything_changes_no_byte(contest: Contest, now: datetime) -> None:
    seal = sealed(contest, now)
    before = text_of(seal)
    forgetting.forget_due(now=now + timedelta(days=400))
    assert not db.session.execute(select(Entry).where(Entry.person_id.is_not(None))).first()
    contests.set_headcount(contest.id, "A", "unit", 99, reason="更正", actor_id=None, now=now + CLOSES)
    assert text_of(seal) == before and BOTH["ours"](before, seal.digest) is None


# --- prize draws -----------------------------------------------------------------------------------------------------


def test_draws_that_have_winners_are_in_it_and_are_drawn_again(now: datetime) -> None:
    contest = a_played_contest()
    first = seals.seal(contest.id, actor_id=None, now=AFTER)
    announced(fixed(a_draw(contest)))
    assert not seals.is_changed_since(first)  # a draw to come is no part of the result
    draw = a_finished_draw(contest)
    assert seals.is_changed_since(first)
    second = seals.seal(contest.id, actor_id=None, now=EVENING, reason="抽奖以后")
    assert second.difference == {"draws": [draw.number]}
    text = text_of(second)
    assert [r["draw"]["number"] for r in of_kind(records_in(text), "draw")] == [draw.number]
    for look in BOTH.values():
        assert look(text, second.digest) is None
        for forge in (another_winner, another_seed, a_stranger_wins, another_contest):
            records = records_in(text)
            forge(of_kind(records, "draw")[0]["draw"])
            assert look(as_text(records)), forge.__name__


def another_winner(draw: Any) -> None:
    for part in ("drawn", "winners"):
        draw["tiers"][0][part] = [draw["tiers"][1]["drawn"][0]]


def another_seed(draw: Any) -> None:
    draw["seed"] = "0" * 32


def a_stranger_wins(draw: Any) -> None:
    draw["tiers"][0]["winners"] = ["E999999"]


def another_contest(draw: Any) -> None:
    draw["contest"] = "another"


# --- at the same time ------------------------------------------------------------------------------------------------


def beside(app: Flask, act: Callable[[], Any]) -> threading.Thread:
    """The act in a thread of its own, with a session of its own."""

    def work() -> None:
        with app.app_context():
            act()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_ruling_made_meanwhile_is_in_the_seal_wholly(context: Flask, contest: Contest, now: datetime) -> None:
    best, code = best_of(contest).id, best_of(contest).entry.entry_code
    told: list[threading.Thread] = []

    def somebody_rules(_done: int, _total: int) -> None:
        if not told:
            told.append(beside(context, lambda: set_aside(db.session.get_one(Attempt, best), now=now + CLOSES)))
            told[0].join()

    seal = sealed(contest, now, progress=somebody_rules)
    told[0].join()
    text = text_of(seal)
    assert BOTH["ours"](text, seal.digest) is None
    mine = next(r for r in of_kind(records_in(text), "entry") if r["entry"] == code)
    assert mine["attempts"][0]["set_aside"] is True
    assert len(of_kind(records_in(text), "ruling")) == 2


def test_two_judges_at_once_make_one_seal(context: Flask, contest: Contest, now: datetime) -> None:
    found: list[str] = []
    threads = [beside(context, lambda: found.append(sealed(contest, now).digest)) for _ in range(4)]
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert len(found) == 4 and set(found) == set(db.session.execute(select(Seal.digest)).scalars())
    assert len(seals.find.seals_of(contest.id)) == 1


def test_a_hand_in_in_the_last_second_is_in_it_or_sealing_waits(context: Flask, now: datetime) -> None:
    contest = a_contest(now, plan=PLAN, closes_at=(now + CLOSES).isoformat())
    who = [a_person(now) for _ in range(6)]
    running = [a_start(contest, person, now + CLOSES - HOUR / 60).id for person in who]
    hand_ins = [
        beside(context, lambda a=a, p=p: attempts.submit(a, holder(p), now=now + CLOSES))  # type: ignore[misc]  # mypy cannot type a lambda with defaults
        for a, p in zip(running, who, strict=True)
    ]
    while True:
        try:
            seal = sealed(contest, now)
            break
        except StillAnswering:
            continue
    for thread in hand_ins:
        thread.join()
    records = records_in(text_of(seal))
    assert sum(len(r["attempts"]) for r in of_kind(records, "entry")) == 6
    assert not seals.is_changed_since(seal)


def test_pieces_of_any_size_make_the_same_file(contest: Contest, now: datetime, tmp_path: Any) -> None:
    """A large bundle is many pieces: here a few lines each."""
    seal = sealed(contest, now)
    text = text_of(seal)
    assert json.loads(text)["digest"] == seal.digest
    with (tmp_path / "pieces").open("w+b") as file:
        pieces = bundle_of(again(contest), seals._sealing(None, "", now + CLOSES), file, piece_bytes=200)
        assert len(list(pieces)) > 5
        assert b"".join(seals.json_of(pieces.digest, pieces)).decode() == text
        assert pieces.size == len(text.encode())
