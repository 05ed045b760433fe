"""A receipt is what docs/rules.md says it is: anybody can work it out again from what is stored."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from question_bank.database import db
from question_bank.kinds import QuestionKind
from quiz.models import Attempt
from quiz.queries import attempts as find
from quiz.services import answers, attempts, receipts
from tests.builders import a_contest, a_person, a_start, holder, right_answers
from tests.conftest import StillClock

pytestmark = pytest.mark.usefixtures("context")

MINUTE, MILLISECOND = timedelta(minutes=1), timedelta(milliseconds=1)


def as_written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def by_hand(attempt: Attempt, chosen: list[list[Any]]) -> str:
    """From the array of docs/rules.md."""
    paper = find.paper_contents(attempt.id)
    assert paper and attempt.ended_at
    value = [
        "receipt", 1, attempt.entry.entry_code, paper.seed,
        [[line.version, paper.contents[line.version].digest, list(line.options), line.points] for line in paper.lines],
        chosen,
        as_written(attempt.started_at), as_written(attempt.ended_at), attempt.score, attempt.full,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


@pytest.mark.parametrize("step_by_step", [False, True])
def test_it_is_the_digest_of_what_the_rules_name(clock: StillClock, step_by_step: bool) -> None:
    now = clock.now.replace(microsecond=0)
    person = a_person(now)
    attempt = a_start(a_contest(now), person, now)
    paper = find.paper_contents(attempt.id)
    assert paper
    (blank,) = (p.number for p in paper.positions if p.content.kind is QuestionKind.FILL_BLANK)
    first, other = (p.number for p in paper.positions if p.content.kind is QuestionKind.SINGLE_CHOICE)
    right = right_answers(attempt.id)

    def save(position: int, answer: Any, at: datetime, revision: int | None = None) -> None:
        answers.save_answer(attempt.id, holder(person), position, answer, now=at, revision=revision)

    save(blank, ["“吉”\u2028\\𠮷"], now + MINUTE)
    save(first, right[first], now + MINUTE + MILLISECOND)
    save(other, right[other], now + 2 * MINUTE)
    save(other, [], now + 3 * MINUTE + 70 * MILLISECOND, revision=1)
    ended_at = now + 4 * MINUTE + 7 * MILLISECOND
    carried = {first: right[first]} if step_by_step else None  # the same again, which is saved as another revision
    attempts.submit(attempt.id, holder(person), now=ended_at, answers=carried)
    db.session.expire_all()

    moment = as_written(now + MINUTE + MILLISECOND)
    again = [2, moment, as_written(ended_at)] if step_by_step else [1, moment, moment]
    chosen = paper.positions[first - 1].content.choices
    rows = [
        [blank, ["“吉”\u2028\\𠮷"], 1, as_written(now + MINUTE), as_written(now + MINUTE)],
        [first, list(chosen), *again],
        [other, [], 2, as_written(now + 2 * MINUTE), as_written(now + 3 * MINUTE + 70 * MILLISECOND)],
    ]
    assert attempt.receipt == by_hand(attempt, sorted(rows))
    assert list(receipts.changed_since_handed_in(attempt.contest_id)) == []


def test_of_a_blank_paper_it_names_no_answers(clock: StillClock) -> None:
    now = clock.now
    person = a_person(now)
    attempt = a_start(a_contest(now), person, now)
    attempts.submit(attempt.id, holder(person), now=now + MINUTE)
    db.session.expire_all()
    assert attempt.receipt == by_hand(attempt, [])
    assert list(receipts.changed_since_handed_in(attempt.contest_id)) == []


def test_it_is_the_same_whatever_zone_the_database_speaks_in(clock: StillClock) -> None:
    """SQLite knows no zones: it keeps the text."""
    now = clock.now
    person = a_person(now)
    attempt = a_start(a_contest(now), person, now)
    answers.save_answer(attempt.id, holder(person), 1, right_answers(attempt.id)[1], now=now + MINUTE)
    attempts.submit(attempt.id, holder(person), now=now + 2 * MINUTE)
    db.session.expire_all()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL TIME ZONE 'Asia/Shanghai'"))
    assert list(receipts.changed_since_handed_in(attempt.contest_id)) == []
