"""A small contest that is over, with a bit of everything in it, ready to be sealed."""

from datetime import datetime, timedelta
from typing import Any

from question_bank.database import db, transaction
from quiz.models import Attempt, Contest, Ruling, Seal
from quiz.services import attempts, seals, standings
from tests.builders import a_contest, a_person, a_start, a_street, a_unit, an_ended_attempt

PLAN = [{"kind": "true_false", "count": 3, "points": 5}]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CLOSES = timedelta(days=2)


def a_contest_that_is_over(now: datetime, **terms: Any) -> Contest:
    """Two streets, three units (one in no street, one with nobody); equals, an entry with nothing, one set aside."""
    north, south = a_street(code="N", headcount=10), a_street(code="S", headcount=4)
    school, firm = a_unit(north, code="A", headcount=5), a_unit(code="B", headcount=2, unit_class="企业")
    a_unit(south, code="C", headcount=9)
    more = {"attempts": {"allowed": 9}, "closes_at": (now + CLOSES).isoformat(), **terms}
    contest = a_contest(now, plan=PLAN, **more)
    school_people = [a_person(now, unit=school) for _ in range(3)]
    who = [(school_people[0], 3), (school_people[1], 1), (school_people[1], 2), (school_people[2], -1)]
    who += [(a_person(now, unit=firm), 2), (a_person(now, street=north), 2), (a_person(now, street=south), 0)]
    for number, (person, right) in enumerate(who):
        began = now + number * HOUR
        if right < 0:
            a_start(contest, person, began)
            attempts.submit_expired(contest.id, now=began + HOUR)
        else:
            an_ended_attempt(contest, person, began=began, ended=began + MINUTE, right=right, wrong=3 - right)
    last = a_person(now, street=south)
    set_aside(an_ended_attempt(contest, last, began=now + 9 * HOUR, ended=now + 9 * HOUR + MINUTE, right=3), now=now)
    an_ended_attempt(contest, last, began=now + 10 * HOUR, ended=now + 10 * HOUR + 2 * MINUTE, right=1, wrong=1)
    return contest


def set_aside(attempt: Attempt, *, now: datetime, reason: str = "替人作答") -> Ruling:
    """A judge's ruling, and what follows from it."""
    with transaction() as session:
        ruling = Ruling(
            contest_id=attempt.contest_id, kind="set_aside", attempt_id=attempt.id, entry_id=attempt.entry_id,
            value={}, reason=reason, made_by=None, made_at=now,
        )  # fmt: skip
        session.add(ruling)
        session.get_one(Attempt, attempt.id).is_set_aside = True
        session.flush()
        standings.keep_up(session, attempt.entry_id, session.get_one(Contest, attempt.contest_id).terms)
        return ruling


def sealed(contest: Contest, now: datetime, **more: Any) -> Seal:
    return seals.seal(contest.id, actor_id=None, now=now + CLOSES, **more)


def text_of(seal: Seal) -> str:
    return b"".join(seals.bundle_as_json(seal)).decode()


def best_of(contest: Contest) -> Attempt:
    """The attempt with the highest score, the first of equals."""
    query = db.select(Attempt).where(Attempt.contest_id == contest.id, ~Attempt.is_set_aside)
    return db.session.execute(query.order_by(Attempt.score.desc(), Attempt.id)).scalars().first()  # type: ignore[no-any-return]  # an attempt, as the query says
