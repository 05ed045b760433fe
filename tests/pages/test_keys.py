"""Nothing sent before the end depends on a key: two platforms that differ in nothing else send the same bytes."""

import re
from collections.abc import Iterator

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from question_bank.content import QuestionContent
from question_bank.database import db
from quiz.models import Attempt, Person
from tests.builders import PLAN, QUESTIONS, a_person, a_start, a_street, post, sign_in
from tests.conftest import StillClock, empty
from tests.contest_builders import FILL, MULTIPLE, SINGLE, TRUE_FALSE, a_bank, a_published
from tests.pages.test_safety import JSON, addresses

SEED = "5eed" * 8
QUERIES = {
    "attempts.take": [f"?q={number}" for number in range(1, QUESTIONS + 1)],
    "standings.show": ["?by=person", "?by=unit", "?by=street"],
}
RANDOM = re.compile(
    r'(?<=csrf-token" content=")[^"]+|(?<=csrf_token" value=")[^"]+|(?<=session=)[^;]+|(?<=device=)[^\n]+'
)


def questions(key: int) -> list[QuestionContent]:
    """The same ones to look at, whichever option is right; everything else about the key differs too."""
    words = {"explanation": f"解析{key}" * key, "source": f"出处{key}" * key, "domain": "产品"}
    four = ("甲", "乙", "丙", "丁")
    return [
        *(QuestionContent(SINGLE, f"单选 {n}", four, frozenset({key}), **words) for n in range(6)),
        *(QuestionContent(MULTIPLE, f"多选 {n}", four, frozenset({key, 3}), **words) for n in range(3)),
        *(QuestionContent(TRUE_FALSE, f"判断 {n}", (), frozenset({key}), **words) for n in range(3)),
        *(QuestionContent(FILL, f"填空 {n}____", (), blanks=(("12315" * key,),), **words) for n in range(3)),
    ]


def a_platform(app: Flask, clock: StillClock, key: int) -> tuple[Person, str]:
    """With a contest and somebody who has just started; the address of the attempt."""
    with app.app_context():
        a_bank(clock(), *questions(key), name="题库")
        contest = a_published(clock(), slug="contest", bank="题库", terms={"plan": PLAN})
        street = a_street(code="S1", name="东门街道")
        person = a_person(clock(), name="王小明", phone="13800000000", street=street)
        attempt = a_start(contest, person, clock(), seed=SEED)
        db.session.get_one(Attempt, attempt.id).entry.entry_code = "E1"
        db.session.commit()
        return person, f"/attempts/{attempt.id}"


def sent_before_the_end(app: Flask, client: FlaskClient, attempt: str) -> Iterator[tuple[str, TestResponse]]:
    """What a participant and anybody can ask for, before an answer was given and after."""
    values = {"slug": "contest", "attempt_id": int(attempt.rsplit("/", 1)[1])}
    asked = [path + query for rule, path in addresses(app, **values) for query in ("", *QUERIES.get(rule.endpoint, ()))]
    for turn in ("new", "answered"):
        for who, browser in (("participant", client), ("anybody", app.test_client())):
            for path in asked:
                yield f"{turn} {who} {path}", browser.get(path)
                yield f"{turn} {who} {path} as JSON", browser.get(path, headers=JSON)
        for number in range(1, QUESTIONS + 1):
            body, origin = {"answer": ["A"], "device": turn, "seq": 1}, {"Sec-Fetch-Site": "same-origin"}
            where = f"{attempt}/answers/{number}"
            yield f"{turn} {number} saved", client.put(where, json=body, headers=origin)
            yield f"{turn} {number} as a form", post(client, where, {"answer": "A", "present": "1"})
    yield "started again", post(client, "/contests/contest/attempts")


def bytes_of(reply: TestResponse) -> str:
    """Status, headers and body, without what is random each time."""
    return RANDOM.sub("…", f"{reply.status}\n{reply.headers}\n{reply.get_data(as_text=True)}")


def test_two_contests_that_differ_only_in_their_keys_cannot_be_told_apart_before_the_end(
    app: Flask, clock: StillClock
) -> None:
    sent, results = [], []
    for key in (1, 2):
        empty(app)
        person, attempt = a_platform(app, clock, key)
        client = app.test_client()
        sign_in(client, person)
        sent.append({asked: bytes_of(reply) for asked, reply in sent_before_the_end(app, client, attempt)})
        post(client, f"{attempt}/submit")
        results.append(client.get(f"{attempt}/result").get_data(as_text=True))
    first, second = sent
    assert first.keys() == second.keys() and len(first) > 400
    assert [asked for asked in first if first[asked] != second[asked]] == []
    assert results[0] != results[1]  # after the end they can
