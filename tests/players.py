"""People who take part, for tests: they answer through the services, as well as they are told to."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select

from question_bank.database import db, transaction
from question_bank.kinds import QuestionKind
from quiz.models import Area, Attempt, Contest, Person, StaffRole, Unit
from quiz.queries import attempts as find
from quiz.rules.names import masked
from quiz.rules.permissions import Role
from quiz.services import answers, attempts
from quiz.services.attempts import Holder

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
    attempt = attempts.start(
        contest.slug, person.id, now=now, seed=secrets.token_hex(16), entry_code=secrets.token_hex(8)
    )
    paper = find.paper_contents(attempt.id)
    assert paper
    holder = Holder(person.id, person.session_epoch)
    wrong = set(wrong)
    for position in sorted({*right, *wrong}):
        at = paper.positions[position - 1]
        if at.content.kind is QuestionKind.FILL_BLANK:
            answer = "不知道" if position in wrong else at.form.show([texts[0] for texts in at.content.blanks])
        else:
            key = at.content.choices
            other = min(set(at.form.shown) - key)
            answer = at.form.show([other] if position in wrong else sorted(key))
        answers.save_answer(attempt.id, holder, position, answer, now=now)
    if seconds is not None:
        attempts.submit(attempt.id, holder, now=now + timedelta(seconds=seconds))
    return db.session.get_one(Attempt, attempt.id)


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
