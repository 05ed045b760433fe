"""From attempts as they are made to rows that judges read: figures and codes, and nothing that names anybody."""

import json
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from question_bank.database import db, transaction
from quiz.errors import Mistakes, NotEnded, NotFound
from quiz.models import Attempt, AuditEntry, Contest, Person, Signal, SignalNote, Stall, UsualTime
from quiz.queries import attempts as find_attempts
from quiz.queries import signals as find
from quiz.queries.people import DISTRICT, Scope
from quiz.queries.signals import Shown
from quiz.rules.origin import Origin
from quiz.rules.permissions import Role
from quiz.services import answers, attempts, forgetting, rulings, signals
from tests.builders import a_contest, a_person, a_start, a_street, again, holder, right_answer, submitted
from tests.conftest import StillClock
from tests.contest_builders import TRUE_FALSE, a_question
from tests.players import a_member_of_staff

pytestmark = pytest.mark.usefixtures("context")

_numbers = count(1)
ASKED = 6
PLAN = [{"kind": "true_false", "count": ASKED, "points": 5}]
TABLET = Origin("key", "tablet-tablet-tablet-t", "203.0.113.9")


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def contest(now: datetime) -> Contest:
    return a_contest(now, contents=[a_question(TRUE_FALSE) for _ in range(ASKED)], plan=PLAN)


def answered(
    contest: Contest, now: datetime, *, every: float = 15, first: float = 15, away_ms: int = 0,
    origin: Origin | None = None, **more: Any,
) -> Attempt:  # fmt: skip
    """Everything right, one answer after another, then handed in."""
    # Numbers far from each other: those in a row are a signal.
    who = a_person(now, **{"phone": f"139{1000 * next(_numbers):08d}", **more})
    code = f"E{contest.id}-{who.id}"
    attempt_id = attempts.start(contest.slug, holder(who), now=now, seed="0" * 32, entry_code=code, origin=origin)
    paper = find_attempts.paper_contents(attempt_id)
    assert paper
    at = now + timedelta(seconds=first)
    for position in paper.positions:
        given = right_answer(position)
        answers.save_answer(attempt_id, holder(who), position.number, given, now=at, away_ms=away_ms)
        at += timedelta(seconds=every)
    return submitted(attempt_id, holder(who), now=at)


def found() -> list[tuple[int, str, str]]:
    db.session.expire_all()
    rows = db.session.execute(select(Signal).order_by(Signal.attempt_id, Signal.kind)).scalars()
    return [(row.attempt_id, row.kind, row.strength) for row in rows]


def six_on_one_tablet(contest: Contest, now: datetime) -> list[Attempt]:
    return [answered(contest, now, origin=TABLET) for _ in range(6)]


def test_the_rules_see_what_was_stored(now: datetime, contest: Contest) -> None:
    attempt = answered(contest, now, first=100, every=1, away_ms=7_000, origin=TABLET, phone="13800000007")
    (seen,) = find.field_of(contest.id)
    assert (seen.attempt, seen.number, seen.asked, seen.phone) == (attempt.id, 1, ASKED, 13800000007)
    assert [(given.at, given.is_right, given.away_ms) for given in seen.given] == [
        (100 + place, True, 7_000) for place in range(ASKED)
    ]
    assert (seen.device, seen.address) == TABLET.traces_in(contest.id)
    assert seen.registered == now.timestamp()


def test_many_accounts_on_one_device_are_kept_with_figures_and_codes_only(now: datetime, contest: Contest) -> None:
    made = six_on_one_tablet(contest, now)
    looked = signals.look(contest.id, actor_id=None, now=now)
    assert (looked.attempts, looked.with_signals, looked.flagged) == (6, 6, 6)
    assert found() == [(attempt.id, "device", "strong") for attempt in made]
    evidence = db.session.execute(select(Signal.evidence).order_by(Signal.attempt_id)).scalars().first()
    assert evidence == {"accounts": 6, "others": sorted(each.entry.entry_code for each in made[1:])}
    phones = db.session.execute(select(Person.phone)).scalars().all()
    kept = json.dumps([row.evidence for row in db.session.execute(select(Signal)).scalars()])
    assert not [phone for phone in phones if phone in kept] and (TABLET.traces_in(contest.id)[0] or "") not in kept


def test_a_stalls_device_is_left_out(now: datetime, contest: Contest) -> None:
    staff = a_member_of_staff(Role.ORGANISER, now=now)
    with transaction() as session:
        stall = Stall(
            contest_id=contest.id, name="广场", token_sha256="0" * 64, opened_by=staff.id, opened_at=now, expires_at=now
        )
        session.add(stall)
    for attempt in six_on_one_tablet(contest, now):
        with transaction():
            again(attempt).stall_id = stall.id
    assert signals.look(contest.id, actor_id=None, now=now).with_signals == 0


def test_a_shared_address_alone_raises_nothing(now: datetime, contest: Contest) -> None:
    for number in range(8):
        answered(contest, now, origin=Origin("key", f"phone-{number:016d}", "203.0.113.9"))
    signals.look(contest.id, actor_id=None, now=now)
    assert found() == []


def test_looking_again_replaces_what_was_found_and_leaves_every_score_and_note(now: datetime, contest: Contest) -> None:
    made = six_on_one_tablet(contest, now)
    before = [(attempt.score, attempt.is_set_aside, attempt.elapsed_ms) for attempt in made]
    signals.look(contest.id, actor_id=None, now=now)
    judge = a_member_of_staff(Role.JUDGE, now=now)
    signals.note(contest.id, made[0].id, "社区工作人员代为操作", actor_id=judge.id, now=now)
    with transaction():
        again(made[5]).is_set_aside = True  # five are a family
    first = found()
    assert signals.look(contest.id, actor_id=None, now=now).with_signals == 0
    assert (len(first), found()) == (6, [])
    assert db.session.execute(select(SignalNote.note)).scalar_one() == "社区工作人员代为操作"
    after = [(attempt.score, attempt.is_set_aside, attempt.elapsed_ms) for attempt in map(again, made)]
    assert after[:5] == before[:5]
    page = find.signalled(contest.id, Shown.NOTED)
    assert [(row.attempt.id, row.signals) for row in page.rows] == [(made[0].id, [])]


def test_twice_the_same_gives_the_same(now: datetime, contest: Contest) -> None:
    six_on_one_tablet(contest, now)
    looked = [signals.look(contest.id, actor_id=None, now=now) for _ in range(2)]
    assert looked[0] == looked[1] and len(found()) == 6


def test_a_weak_signal_waits_for_nobody_and_two_do(now: datetime, contest: Contest) -> None:
    weak = answered(contest, now, first=100, every=1)
    odd = answered(contest, now, first=100, every=1, away_ms=9_000)
    for _ in range(30):  # somebody has to be wrong, or being right means nothing
        other = a_person(now, phone=f"139{1000 * next(_numbers):08d}")
        attempt_id = attempts.start(contest.slug, holder(other), now=now, seed="0" * 32, entry_code=f"W{other.id}")
        wrong = {place: ["B"] for place in range(1, ASKED + 1)}
        submitted(attempt_id, holder(other), now=now + timedelta(seconds=5), answers=wrong)
    signals.look(contest.id, actor_id=None, now=now)
    assert found() == [(weak.id, "burst", "weak"), (odd.id, "away", "strong"), (odd.id, "burst", "weak")]
    assert [row.attempt.id for row in find.signalled(contest.id, Shown.WAITING).rows] == [odd.id]
    assert [row.attempt.id for row in find.signalled(contest.id, Shown.WEAK).rows] == [weak.id]


def test_overdue_attempts_are_handed_in_and_running_ones_left(now: datetime, contest: Contest) -> None:
    person = a_person(now)
    attempt_id = attempts.start(contest.slug, holder(person), now=now, seed="0" * 32, entry_code="E1")
    answers.save_answer(attempt_id, holder(person), 1, ["A"], now=now)
    assert signals.look(contest.id, actor_id=None, now=now).attempts == 0
    assert signals.look(contest.id, actor_id=None, now=now + timedelta(days=1)).attempts == 1


def test_people_outside_the_scope_are_not_listed(now: datetime, contest: Contest) -> None:
    here, elsewhere = a_street(), a_street()
    mine = answered(contest, now, street=here, origin=TABLET)
    for _ in range(5):
        answered(contest, now, street=elsewhere, origin=TABLET)
    signals.look(contest.id, actor_id=None, now=now)
    scope = (Scope(street_id=here.id),)
    assert [row.attempt.id for row in find.signalled(contest.id, Shown.WAITING, within=scope).rows] == [mine.id]
    assert find.signalled(contest.id, Shown.WAITING, within=scope).counts[Shown.WAITING] == 1
    judge = a_member_of_staff(Role.JUDGE, now=now)
    other = next(n for n, _kind, _strength in found() if n != mine.id)
    with pytest.raises(NotFound):
        signals.note(contest.id, other, "看过", within=scope, actor_id=judge.id, now=now)
    signals.note(contest.id, other, "看过", within=DISTRICT, actor_id=judge.id, now=now)


def test_a_note_needs_words_without_a_phone_and_an_attempt_that_has_ended(now: datetime, contest: Contest) -> None:
    made = six_on_one_tablet(contest, now)
    judge = a_member_of_staff(Role.JUDGE, now=now)
    running = a_start(contest, a_person(now), now)
    with pytest.raises(NotEnded):
        signals.note(contest.id, running.id, "看过", actor_id=judge.id, now=now)
    for wrong in ("", "字" * 301, "打过 138 1234 5678"):
        with pytest.raises(Mistakes):
            signals.note(contest.id, made[0].id, wrong, actor_id=judge.id, now=now)
    with pytest.raises(NotFound):
        signals.note(a_contest(now).id, made[0].id, "看过", actor_id=judge.id, now=now)
    signals.note(contest.id, made[0].id, "看过", actor_id=judge.id, now=now)
    signals.note(contest.id, made[0].id, "再看过", actor_id=judge.id, now=now)
    assert db.session.execute(select(SignalNote.note)).scalars().all() == ["再看过"]


def waiting(contest: Contest) -> list[int]:
    db.session.expire_all()
    return [row.attempt.id for row in find.signalled(contest.id, Shown.WAITING).rows]


def test_a_note_goes_on_waiting_and_a_decision_does_not(now: datetime, contest: Contest) -> None:
    kept, aside, *others = [attempt.id for attempt in six_on_one_tablet(contest, now)]
    judge = a_member_of_staff(Role.JUDGE, now=now)
    signals.look(contest.id, actor_id=None, now=now)
    signals.note(contest.id, kept, "问过社区", actor_id=judge.id, now=now)
    assert waiting(contest) == [kept, aside, *others]
    for _ in range(2):
        signals.keep(contest.id, kept, actor_id=judge.id, now=now)
    ruling = rulings.set_aside(contest.id, aside, reason="一人多号", actor_id=judge.id, now=now)
    assert waiting(contest) == others
    looked_at = {row.attempt.id: row.note for row in find.signalled(contest.id, Shown.NOTED).rows}
    assert {number: note and (note.outcome, note.note) for number, note in looked_at.items()} == {
        kept: ("kept", "问过社区"), aside: ("set_aside", "")
    }  # fmt: skip
    rulings.restore(contest.id, ruling.id, reason="是一家人", actor_id=judge.id, now=now)
    assert waiting(contest) == others


def test_a_whole_entry_set_aside_waits_for_nobody(now: datetime, contest: Contest) -> None:
    made = six_on_one_tablet(contest, now)
    signals.look(contest.id, actor_id=None, now=now)
    rulings.set_aside(contest.id, made[0].id, reason="一人多号", whole_entry=True, actor_id=None, now=now)
    assert waiting(contest) == [attempt.id for attempt in made[1:]]


def test_usual_times_are_kept_with_a_look(now: datetime, contest: Contest) -> None:
    for seconds in (10, 20, 30, 40, 50):
        answered(contest, now, every=seconds, first=seconds)
    for _ in range(2):
        signals.look(contest.id, actor_id=None, now=now)
    rows = db.session.execute(select(UsualTime)).scalars().all()
    assert len(rows) == ASKED
    assert {(row.quick_ms, row.usual_ms, row.slow_ms, row.answers) for row in rows} == {(20_000, 30_000, 40_000, 5)}


def test_looking_and_noting_are_on_record(now: datetime, contest: Contest) -> None:
    made = six_on_one_tablet(contest, now)
    judge = a_member_of_staff(Role.JUDGE, now=now)
    signals.look(contest.id, actor_id=judge.id, now=now)
    signals.note(contest.id, made[0].id, "王小明", actor_id=judge.id, now=now)
    looked, noted = db.session.execute(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)).scalars().all()[::-1]
    assert (looked.act, looked.actor_id, looked.details["flagged"]) == ("signals.looked", judge.id, 6)
    assert (noted.act, noted.details) == ("signals.noted", {"attempt": made[0].id})


def test_how_a_forgotten_person_answered_is_nobodys_business(now: datetime, contest: Contest) -> None:
    attempt = answered(contest, now, first=100, every=1)
    assert signals.look(contest.id, actor_id=None, now=now).with_signals == 1
    person_id = attempt.entry.person_id
    assert person_id
    forgetting.forget_person(person_id, actor=a_member_of_staff(Role.ORGANISER, now=now).id, now=now)
    assert signals.look(contest.id, actor_id=None, now=now).with_signals == 0
    assert found() == []


def test_nothing_is_found_about_whoever_is_forgotten(now: datetime, contest: Contest) -> None:
    made = six_on_one_tablet(contest, now)
    staff = a_member_of_staff(Role.ORGANISER, now=now)
    signals.look(contest.id, actor_id=None, now=now)
    signals.note(contest.id, made[0].id, "看过", actor_id=staff.id, now=now)
    person_id = made[0].entry.person_id
    assert person_id
    forgetting.forget_person(person_id, actor=staff.id, now=now)
    assert (len(found()), db.session.execute(select(SignalNote)).all()) == (5, [])
    signals.look(contest.id, actor_id=None, now=now)
    assert found() == []
    forgetting.forget_due(now=now + timedelta(days=400))
    with pytest.raises(Mistakes):
        signals.look(contest.id, actor_id=None, now=now + timedelta(days=400))
