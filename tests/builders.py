"""A district, persons, and a contest with every kind of question: valid until told otherwise."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from question_bank.content import QuestionContent
from question_bank.database import db, transaction
from question_bank.kinds import QuestionKind
from quiz.models import Area, AreaKind, Attempt, Contest, Person, PersonKind, Unit
from quiz.queries import attempts as find
from quiz.queries.attempts import Position
from quiz.rules.names import masked
from quiz.services import attempts
from quiz.services.attempts import Holder
from tests.contest_builders import FILL, MULTIPLE, SINGLE, TRUE_FALSE, a_bank, a_published, a_question

_numbers = count(1)

PLAN = [
    {"kind": "single_choice", "domain": "产品", "count": 2, "points": 5},
    {"kind": "multiple_choice", "count": 1, "points": 10},
    {"kind": "true_false", "count": 1, "points": 2.5},
    {"kind": "fill_blank", "count": 1, "points": 7.5},
]
FULL = 3_000  # hundredths
QUESTIONS = 5


def a_contest(now: datetime, *, contents: list[QuestionContent] | None = None, **terms: Any) -> Contest:
    """A published contest on a bank of its own, open since nine in the morning; ``terms`` replace its keys."""
    number = next(_numbers)
    window = {key: terms.pop(key) for key in ("slug", "title", "opens_at", "closes_at") if key in terms}
    bank = a_bank(now, *(contents or some_questions()), name=f"题库 {number}")
    value = {"slug": f"contest-{number}", **window, "bank": bank.name, "terms": {"plan": PLAN, **terms}}
    return a_published(now, **value)


def some_questions() -> list[QuestionContent]:
    """Three for each question of PLAN; whatever gives a key away before the end carries 秘."""
    secret: dict[str, Any] = {"explanation": "秘解析", "source": "秘出处"}
    return [
        *(a_question(SINGLE, **secret) for _ in range(6)),
        *(a_question(MULTIPLE, **secret) for _ in range(3)),
        *(a_question(TRUE_FALSE, **secret) for _ in range(3)),
        *(a_question(FILL, stem=f"第 {next(_numbers)} 空____", blanks=(("秘12315",),), **secret) for _ in range(3)),
    ]


def a_street(**more: Any) -> Area:
    number = next(_numbers)
    values = {"code": f"S{number}", "name": f"东门{number}街道", "kind": AreaKind.STREET.value, "headcount": 100}
    return _added(Area(**{**values, **more}))


def a_unit(street: Area | None = None, **more: Any) -> Unit:
    number = next(_numbers)
    values = {"code": f"U{number}", "name": f"第{number}小学", "unit_class": "学校", "headcount": 20}
    return _added(Unit(street_id=street and street.id, **{**values, **more}))


def a_person(now: datetime, *, street: Area | None = None, unit: Unit | None = None, **more: Any) -> Person:
    """A resident of the street, or an employee of the unit, who consented a moment ago."""
    number = next(_numbers)
    name = more.pop("name", "王小明")
    values: dict[str, Any] = {
        "kind": (PersonKind.EMPLOYEE if unit else PersonKind.RESIDENT).value,
        "phone": f"138{number:08d}",
        "street_id": street and street.id,
        "unit_id": unit and unit.id,
        "consent_version": "1",
        "consented_at": now,
        "created_at": now,
    }
    return _added(Person(name=name, masked_name=masked(name), **{**values, **more}))


def _added(row: Any) -> Any:
    with transaction() as session:
        session.add(row)
        session.flush()
    return row


# --- taking part -----------------------------------------------------------------------------------------------------


def holder(person: Person) -> Holder:
    return Holder(person.id, person.session_epoch)


def a_start(contest: Contest, person: Person, now: datetime, *, seed: str | None = None) -> Attempt:
    number = next(_numbers)
    seed = seed or f"{number:032x}"
    return db.session.get_one(
        Attempt, attempts.start(contest.slug, holder(person), now=now, seed=seed, entry_code=f"E{number:06d}")
    )


def submitted(attempt_id: int, who: Holder, *, now: datetime, answers: Mapping[int, Any] | None = None) -> Attempt:
    """Hand in, and the attempt as it then stands."""
    attempts.submit(attempt_id, who, now=now, answers=answers)
    return db.session.get_one(Attempt, attempt_id, populate_existing=True)


def right_answer(position: Position) -> Any:
    """The key at this position, as a participant of this paper would send it."""
    if position.content.kind is QuestionKind.FILL_BLANK:
        return [texts[0] for texts in position.content.blanks]
    return position.form.show(sorted(position.content.choices))


def wrong_answer(position: Position) -> Any:
    if position.content.kind is QuestionKind.FILL_BLANK:
        return ["错"] * position.form.blanks
    wrong = [number for number in position.form.shown if number not in position.content.choices]
    return position.form.show(wrong[:1])


def right_answers(attempt_id: int) -> dict[int, Any]:
    paper = find.paper_contents(attempt_id)
    assert paper
    return {position.number: right_answer(position) for position in paper.positions}


def an_ended_attempt(
    contest: Contest, person: Person, *, began: datetime, ended: datetime, right: int = QUESTIONS, wrong: int = 0
) -> Attempt:
    """A whole attempt through the services: the first ``right`` positions right, the next ``wrong`` ones wrong."""
    attempt = a_start(contest, person, began)
    paper = find.paper_contents(attempt.id)
    assert paper
    answers = {p.number: right_answer(p) for p in paper.positions[:right]}
    answers |= {p.number: wrong_answer(p) for p in paper.positions[right : right + wrong]}
    return submitted(attempt.id, holder(person), now=ended, answers=answers)


def again(row: Any) -> Any:
    """The row as the database holds it now."""
    db.session.expire_all()
    return db.session.get_one(type(row), row.id)


# --- through the pages -----------------------------------------------------------------------------------------------


def sign_in(client: FlaskClient, person: Person) -> None:
    """The session that signing in gives, without the time that hashing a password takes."""
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = person.get_id(), True


def csrf_of(client: FlaskClient) -> str:
    """The token of the session, as every page carries it."""
    page = client.get("/help").get_data(as_text=True)
    return page.split('name="csrf-token" content="')[1].split('"')[0]


def post(client: FlaskClient, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
    """A form of ours sent back, with the token of its session."""
    return client.post(path, data={"csrf_token": csrf_of(client), **(data or {})}, **more)
