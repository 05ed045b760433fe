"""People who take part, for tests: they answer through the services, as well as they are told to."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select

from question_bank.database import db, transaction
from quiz.models import Area, Attempt, Contest, Person, StaffRole, Unit
from quiz.queries import attempts as find
from quiz.queries.attempts import Position
from quiz.rules.names import masked
from quiz.rules.permissions import Role
from quiz.services import answers, attempts
from tests.builders import holder, right_answer, wrong_answer

_numbers = count(1)


def a_player(name: str = "王芳", *, street: str | None = None, unit: str | None = None, now: datetime) -> Person:
    """A person who has agreed; street and unit by code."""
    with transaction() as session:
        person = Person(
            kind="employee" if unit else "resident",
            name=name,
            masked_name=masked(name),
            phone=f"138{next(_numbers):08d}",
            street_id=session.execute(select(Area.id).where(Area.code == street)).scalar() if street else None,
            unit_id=session.execute(select(Unit.id).where(Unit.code == unit)).scalar() if unit else None,
            consent_version="1",
            consented_at=now,
            created_at=now,
        )
        session.add(person)
        session.flush()
        return person


def play(
    contest: Contest, person: Person, *, now: datetime, right: Iterable[int] = (), wrong: Iterable[int] = (),
    seconds: float | None = 60,
) -> Attempt:  # fmt: skip
    """One attempt: these positions answered rightly and those wrongly; handed in after ``seconds``, or left open."""
    attempt_id = attempts.start(
        contest.slug, holder(person), now=now, seed=secrets.token_hex(16), entry_code=secrets.token_hex(8)
    )
    attempt = db.session.get_one(Attempt, attempt_id)
    paper = find.paper_contents(attempt.id)
    assert paper
    for positions, answer in ((right, right_answer), (wrong, lowest_wrong_answer)):
        for position in positions:
            given = answer(paper.positions[position - 1])
            answers.save_answer(attempt.id, holder(person), position, given, now=now)
    if seconds is not None:
        attempts.submit(attempt.id, holder(person), now=now + timedelta(seconds=seconds))
    return db.session.get_one(Attempt, attempt.id)


def lowest_wrong_answer(position: Position) -> Any:
    """The wrong option with the lowest number of its version, whatever letter this paper gives it."""
    others = set(position.form.shown) - position.content.choices
    return position.form.show([min(others)]) if others else wrong_answer(position)


def a_member_of_staff(role: Role, *, street: str | None = None, unit: str | None = None, now: datetime) -> Person:
    with transaction() as session:
        person = Person(kind="staff", name=role.label, masked_name=masked(role.label), created_at=now)
        session.add(person)
        session.flush()
        session.add(
            StaffRole(
                person_id=person.id,
                role=role.value,
                street_id=session.execute(select(Area.id).where(Area.code == street)).scalar() if street else None,
                unit_id=session.execute(select(Unit.id).where(Unit.code == unit)).scalar() if unit else None,
                granted_at=now,
            )
        )
        return person
