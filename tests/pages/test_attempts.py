"""The quiz over HTTP, in the shapes of CONTRACT §4: for programs, and for browsers without JavaScript."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from quiz.models import Contest, Person
from quiz.queries import attempts as find
from quiz.services import contests
from tests.builders import (
    FULL,
    QUESTIONS,
    a_contest,
    a_person,
    a_street,
    an_ended_attempt,
    csrf_of,
    post,
    right_answers,
    sign_in,
)
from tests.conftest import StillClock
from tests.contest_builders import a_draft

JSON = {"Accept": "application/json"}
OURS = {**JSON, "Sec-Fetch-Site": "same-origin"}


@dataclass
class Quiz:
    """A person signed in at a running contest."""

    app: Flask
    client: FlaskClient
    clock: StillClock
    contest: Contest
    person: Person
    attempt: int = 0

    def start(self, **more: Any) -> TestResponse:
        reply = post(self.client, f"/contests/{self.contest.slug}/attempts", **more)
        if reply.status_code == 303 and reply.location.startswith("/attempts/"):
            self.attempt = int(reply.location.rsplit("/", 1)[1])
        return reply

    @property
    def url(self) -> str:
        return f"/attempts/{self.attempt}"

    def get(self, path: str = "") -> Any:
        reply = self.client.get(self.url + path, headers=JSON)
        assert reply.status_code == 200, reply.get_data(as_text=True)
        return reply.json

    def save(self, position: int, answer: Any, headers: dict[str, str] = OURS, **more: Any) -> TestResponse:
        return self.client.put(f"{self.url}/answers/{position}", json={"answer": answer, **more}, headers=headers)

    def submit(self, **fields: Any) -> TestResponse:
        return post(self.client, f"{self.url}/submit", fields)

    def key(self) -> dict[int, Any]:
        with self.app.app_context():
            return right_answers(self.attempt)

    def position(self, kind: str) -> int:
        return next(q["position"] for q in self.get()["questions"] if q["kind"] == kind)


@pytest.fixture
def quiz(app: Flask, client: FlaskClient, clock: StillClock) -> Quiz:
    with app.app_context():
        contest, person = a_contest(clock()), a_person(clock(), street=a_street())
    sign_in(client, person)
    return Quiz(app, client, clock, contest, person)


@pytest.fixture
def running(quiz: Quiz) -> Quiz:
    quiz.start()
    return quiz


def another(quiz: Quiz) -> Quiz:
    """Somebody else at the same contest, on a device of their own."""
    with quiz.app.app_context():
        person = a_person(quiz.clock())
    client = quiz.app.test_client()
    sign_in(client, person)
    return Quiz(quiz.app, client, quiz.clock, quiz.contest, person)


def refused(reply: TestResponse, status: int, reason: str) -> dict[str, Any]:
    assert (reply.status_code, reply.json["reason"]) == (status, reason)  # type: ignore[index]  # a reply without JSON fails here
    assert reply.json["message"]  # type: ignore[index]  # a reply without JSON fails here
    return dict(reply.json)  # type: ignore[arg-type]  # a reply without JSON fails here


# --- start -----------------------------------------------------------------------------------------------------------


def test_a_start_leads_to_the_attempt_and_a_second_one_to_the_same(quiz: Quiz) -> None:
    first, second = quiz.start(), quiz.start()
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location == quiz.url


def test_signed_out_a_start_leads_to_signing_in_and_back_to_the_contest(quiz: Quiz) -> None:
    stranger = quiz.app.test_client()
    path = f"/contests/{quiz.contest.slug}/attempts"
    reply = stranger.post(path)
    assert (reply.status_code, reply.location) == (303, f"/sign-in?next=/contests/{quiz.contest.slug}")
    refused(stranger.post(path, headers=JSON), 401, "signed_out")


@pytest.mark.parametrize(
    ("reason", "forward", "paused"),
    [("not_open", -1, False), ("closed", 31 * 24, False), ("paused", 0, True)],
)
def test_why_nobody_can_start_is_said_in_json_and_on_the_page(
    quiz: Quiz, reason: str, forward: float, paused: bool
) -> None:
    if paused:
        with quiz.app.app_context():
            contests.pause(quiz.contest.id, actor_id=None, now=quiz.clock())
    quiz.clock.forward(hours=forward)
    refused(quiz.start(headers=JSON), 409, reason)
    page = quiz.start()
    assert page.status_code == 409
    assert f'data-reason="{reason}"' in page.get_data(as_text=True)


def test_attempts_used_up(quiz: Quiz) -> None:
    with quiz.app.app_context():
        for hour in range(3):
            began = quiz.clock() + timedelta(hours=hour)
            an_ended_attempt(quiz.contest, quiz.person, began=began, ended=began + timedelta(minutes=1))
    quiz.clock.forward(hours=4)
    refused(quiz.start(headers=JSON), 409, "attempts_used")


def test_a_draft_and_an_unknown_contest_are_not_there(quiz: Quiz) -> None:
    with quiz.app.app_context():
        a_draft(quiz.clock(), slug="draft", bank=quiz.contest.bank.name)
    for slug in ("draft", "unknown"):
        for path in ("", "/notice", "/standings"):
            assert quiz.client.get(f"/contests/{slug}{path}").status_code == 404
        assert post(quiz.client, f"/contests/{slug}/attempts").status_code == 404
        refused(post(quiz.client, f"/contests/{slug}/attempts", headers=JSON), 404, "not_found")


# --- the attempt in JSON ---------------------------------------------------------------------------------------------


def test_the_attempt_as_programs_see_it(running: Quiz) -> None:
    seen = running.get()
    assert {"id", "state", "deadline", "remaining_ms", "questions"} <= set(seen)
    assert (seen["id"], seen["state"]) == (running.attempt, "open")
    assert (seen["deadline"], seen["remaining_ms"]) == ("2026-06-20T01:20:00.000Z", 1_200_000)
    assert [q["position"] for q in seen["questions"]] == [1, 2, 3, 4, 5]
    for question in seen["questions"]:
        assert {"position", "kind", "stem", "blanks", "options", "answer", "revision"} <= set(question)
        assert not {"key", "explanation", "source", "choices", "version"} & set(question)
        assert question["revision"] == 0
        letters = [option["letter"] for option in question["options"]]
        assert all(set(option) == {"letter", "text"} for option in question["options"])
        if question["kind"] == "fill_blank":
            assert (question["blanks"], question["answer"], letters) == (1, "", [])
        elif question["kind"] == "true_false":
            assert (question["blanks"], question["answer"]) == (0, [])
            assert question["options"] == [{"letter": "A", "text": "对"}, {"letter": "B", "text": "错"}]
        else:
            assert (question["blanks"], question["answer"], letters) == (0, [], ["A", "B", "C", "D"])
            assert question["options"][3]["text"] == "以上都对"


def test_saved_answers_and_revisions_are_seen_on_any_device(running: Quiz) -> None:
    position = running.position("single_choice")
    running.save(position, ["B"])
    other = running.app.test_client()
    sign_in(other, running.person)
    question = other.get(running.url, headers=JSON).json["questions"][position - 1]  # type: ignore[index]  # a reply without JSON fails here
    assert (question["answer"], question["revision"]) == (["B"], 1)


def test_within_the_grace_it_is_open_with_no_time_left_then_ended(running: Quiz) -> None:
    running.clock.forward(minutes=20, seconds=10)
    seen = running.get()
    assert (seen["state"], seen["remaining_ms"]) == ("open", 0)
    running.clock.forward(milliseconds=1)
    seen = running.get()
    assert (seen["state"], seen["remaining_ms"], len(seen["questions"])) == ("ended", 0, QUESTIONS)
    result = running.get("/result")
    assert (result["ended_at"], result["elapsed_ms"]) == ("2026-06-20T01:20:00.000Z", 1_200_000)


# --- save ------------------------------------------------------------------------------------------------------------


def test_a_save_answers_after_the_commit_with_the_next_revision(running: Quiz) -> None:
    running.clock.forward(seconds=459)
    position = running.position("multiple_choice")
    reply = running.save(position, ["C", "A", "A"], revision=0, device="d1", seq=1)
    assert reply.status_code == 200
    assert reply.json == {"saved": True, "revision": 1, "answer": ["A", "C"], "remaining_ms": 741_000}
    assert running.get()["questions"][position - 1]["answer"] == ["A", "C"]


def test_a_blank_is_text_or_a_list_of_one(running: Quiz) -> None:
    position = running.position("fill_blank")
    for sent, shown in (("12315", "12315"), (["12365"], "12365"), ("", ""), ([], "")):
        assert running.save(position, sent).status_code == 200
        assert running.get()["questions"][position - 1]["answer"] == shown


def test_repeats_and_quarrels(running: Quiz) -> None:
    position = running.position("single_choice")
    assert running.save(position, ["A"], device="phone", seq=1).json["revision"] == 1  # type: ignore[index]  # a reply without JSON fails here
    repeat = running.save(position, ["B"], device="phone", seq=1, revision=0)
    assert (repeat.status_code, repeat.json["answer"], repeat.json["revision"]) == (200, ["A"], 1)  # type: ignore[index]  # a reply without JSON fails here
    higher = running.save(position, ["B"], device="phone", seq=2, revision=0)
    assert (higher.status_code, higher.json["revision"]) == (200, 2)  # type: ignore[index]  # a reply without JSON fails here
    quarrel = refused(running.save(position, ["C"], device="tablet", seq=9, revision=1), 409, "superseded")
    assert (quarrel["saved"], quarrel["answer"], quarrel["revision"]) == (False, ["B"], 2)
    refused(running.save(position, ["C"], device="tablet", seq=9, revision=3), 422, "bad_answer")
    assert running.save(position, ["C"], device="tablet", seq=9, revision=2).status_code == 200
    assert running.save(position, ["D"]).json["revision"] == 4  # type: ignore[index]  # a reply without JSON fails here


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"17", b"{}", b'{"revision": 1}', b'{"answer": ["Z"]}', b'{"answer": "A"}',
     b'{"answer": ["A"], "revision": "1"}', b'{"answer": ["A"], "revision": -1}', b'{"answer": ["A"], "revision": 1.5}',
     b'{"answer": ["A"], "revision": true}', b'{"answer": ["A"], "seq": "1"}', b'{"answer": ["A"], "device": 7}',
     b'{"answer": ["A"], "device": "a\\u0000b"}', b'{"answer": ["A"], "seq": 1e400}', b"\xff\xfe{}",
     b'{"answer": ["A"], "away_ms": -1}', b'{"answer": ["A"], "away_ms": 86400001}',
     b'{"answer": ["A"], "away_ms": "9"}', b'{"answer": ["A"], "away_ms": 1.5}', b'{"answer": ["A"], "away_ms": true}',
     b'{"answer": ["A"], "revision": 99999999999999999999}', b'{"answer": [["A"]]}', b'{"answer": ["\\ud800"]}',
     b'{"answer": ' + b"[" * 5000 + b"]" * 5000 + b"}"],
)  # fmt: skip
def test_what_is_no_answer_is_refused_and_nothing_is_changed(running: Quiz, body: bytes) -> None:
    position = running.position("single_choice")
    reply = running.client.put(f"{running.url}/answers/{position}", data=body, headers=OURS)
    assert refused(reply, 422, "bad_answer")["saved"] is False
    assert running.get()["questions"][position - 1]["revision"] == 0


def test_over_16_kb_is_too_large(running: Quiz) -> None:
    position = running.position("fill_blank")
    for length, status in ((16 * 1024, 422), (16 * 1024 + 1, 413)):
        body = b'{"answer": "' + b"x" * (length - 14) + b'"}'
        reply = running.client.put(f"{running.url}/answers/{position}", data=body, headers=OURS)
        assert (reply.status_code, reply.json["saved"]) == (status, False)  # type: ignore[index]  # a reply without JSON fails here
        assert {"reason", "message"} <= set(reply.json)  # type: ignore[arg-type]  # a reply without JSON fails here


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost"},
        {"Origin": "https://localhost"},  # behind a proxy that speaks TLS
    ],
)
def test_our_own_page_needs_no_token_for_a_save(running: Quiz, headers: dict[str, str]) -> None:
    assert running.save(running.position("single_choice"), ["A"], headers={**JSON, **headers}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": "null"},
        {"X-CSRFToken": "wrong"},
        {"Sec-Fetch-Site": "cross-site", "Referer": "http://localhost/"},
    ],
)
def test_a_save_that_does_not_come_from_our_page_is_refused(running: Quiz, headers: dict[str, str]) -> None:
    position = running.position("single_choice")
    reply = running.save(position, ["A"], headers={**JSON, **headers})
    assert refused(reply, 403, "csrf")["saved"] is False
    assert running.get()["questions"][position - 1]["revision"] == 0


def test_a_save_with_the_token_of_the_session_is_taken(running: Quiz) -> None:
    position, token = running.position("single_choice"), csrf_of(running.client)
    assert running.save(position, ["A"], headers={**JSON, "X-CSRFToken": token}).status_code == 200
    theirs = csrf_of(running.app.test_client())
    refused(running.save(position, ["B"], headers={**JSON, "X-CSRFToken": theirs}), 403, "csrf")


def test_signed_out_a_save_says_so(running: Quiz) -> None:
    stranger = running.app.test_client()
    reply = stranger.put(f"{running.url}/answers/1", json={"answer": []}, headers={"Sec-Fetch-Site": "same-origin"})
    assert refused(reply, 401, "signed_out")["saved"] is False


def test_a_session_that_was_ended_elsewhere_saves_nothing(running: Quiz) -> None:
    from question_bank.database import transaction

    with running.app.app_context(), transaction() as session:
        session.get_one(Person, running.person.id).session_epoch += 1
    refused(running.save(1, []), 401, "signed_out")
    assert running.client.get(running.url, headers=JSON).status_code == 401


def test_after_the_end_a_save_is_refused(running: Quiz) -> None:
    position = running.position("single_choice")
    running.submit()
    assert refused(running.save(position, ["A"]), 409, "ended")["saved"] is False


@pytest.mark.parametrize("position", [0, 6, 10**9])
def test_a_position_that_is_not_on_the_paper(running: Quiz, position: int) -> None:
    assert refused(running.save(position, []), 404, "not_found")["saved"] is False
    assert post(running.client, f"{running.url}/answers/{position}", {"answer": "A"}).status_code == 404


# --- whose attempt ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [OURS, {"Sec-Fetch-Site": "same-origin"}])
@pytest.mark.parametrize("position", ["-1", "x", "99999999999"])
def test_a_save_at_what_can_be_no_position_hears_too_that_it_is_not_saved(
    running: Quiz, position: str, headers: dict[str, str]
) -> None:
    reply = running.client.put(f"{running.url}/answers/{position}", json={"answer": ["A"]}, headers=headers)
    assert reply.status_code == 404 and reply.json
    assert (reply.json["saved"], reply.json["reason"]) == (False, "not_found") and reply.json["message"]


def test_the_attempt_of_another_is_not_there(running: Quiz) -> None:
    other = another(running)
    other.attempt = running.attempt
    refused(other.save(1, []), 404, "not_found")
    for path in ("", "/sheet", "/result"):
        assert other.client.get(running.url + path).status_code == 404
        refused(other.client.get(running.url + path, headers=JSON), 404, "not_found")
    assert other.submit().status_code == 404
    assert post(other.client, f"{running.url}/answers/1", {"answer": "A"}).status_code == 404
    assert running.get()["state"] == "open"


@pytest.mark.parametrize("attempt", [0, 999_999, 10**18, 10**30])
def test_an_attempt_that_never_was(running: Quiz, attempt: int) -> None:
    running.attempt = attempt
    refused(running.save(1, []), 404, "not_found")
    refused(running.save(10**30, []), 404, "not_found")
    for path in ("", "/sheet", "/result"):
        assert running.client.get(running.url + path).status_code == 404
    assert running.submit().status_code == 404


def test_signed_out_nothing_of_an_attempt_is_seen(running: Quiz) -> None:
    stranger = running.app.test_client()
    for path in ("", "/sheet", "/result"):
        assert stranger.get(running.url + path).status_code == 303
        refused(stranger.get(running.url + path, headers=JSON), 401, "signed_out")
    assert stranger.post(f"{running.url}/submit").status_code == 303


# --- forms: no JavaScript --------------------------------------------------------------------------------------------


def test_every_form_needs_its_token(running: Quiz) -> None:
    for path in (f"{running.url}/answers/1", f"{running.url}/submit", f"/contests/{running.contest.slug}/attempts"):
        for data in ({}, {"csrf_token": "wrong"}):
            assert running.client.post(path, data=data).status_code == 403
            refused(running.client.post(path, data=data, headers=JSON), 403, "csrf")
            # Fetch metadata stands in for the token at the JSON save only.
            assert running.client.post(path, data=data, headers=OURS).status_code == 403
    assert running.get()["state"] == "open"


def test_an_answer_by_form_goes_on_to_the_next_question(running: Quiz) -> None:
    position = running.position("multiple_choice")
    reply = post(running.client, f"{running.url}/answers/{position}", {"answer": ["A", "C"]})
    assert reply.status_code == 303
    assert reply.location in (f"{running.url}?q={position + 1}", f"{running.url}/sheet")
    assert running.get()["questions"][position - 1]["answer"] == ["A", "C"]


def test_an_empty_field_clears_and_no_field_leaves_what_is_stored(running: Quiz) -> None:
    position = running.position("single_choice")
    running.save(position, ["B"])
    post(running.client, f"{running.url}/answers/{position}")
    assert running.get()["questions"][position - 1]["answer"] == ["B"]
    post(running.client, f"{running.url}/answers/{position}", {"answer": ""})
    assert running.get()["questions"][position - 1]["answer"] == []


@pytest.mark.parametrize("stands", [[], ["B"]])
def test_a_form_that_says_what_stands_already_changes_nothing(running: Quiz, stands: list[str]) -> None:
    """Walking past is no answer: the other device, on the revision it knows, has nothing to quarrel about."""
    position = running.position("single_choice")
    known = running.save(position, stands).json["revision"] if stands else 0  # type: ignore[index]  # a reply without JSON fails here
    walked = {"present": "1", "answer": stands, "revision": str(known)}
    assert post(running.client, f"{running.url}/answers/{position}", walked).status_code == 303
    assert running.get()["questions"][position - 1]["revision"] == known
    assert running.save(position, ["C"], device="phone", seq=1, revision=known).status_code == 200


def test_an_answer_by_form_that_is_not_shown_is_refused(running: Quiz) -> None:
    reply = post(running.client, f"{running.url}/answers/{running.position('single_choice')}", {"answer": "Z"})
    assert reply.status_code == 422
    assert 'data-reason="bad_answer"' in reply.get_data(as_text=True)


def test_an_answer_by_form_after_the_end_is_refused(running: Quiz) -> None:
    running.submit()
    reply = post(running.client, f"{running.url}/answers/1", {"answer": "A"})
    assert (reply.status_code, 'data-reason="ended"' in reply.get_data(as_text=True)) == (409, True)


def test_the_page_shows_one_question_with_what_was_chosen(running: Quiz) -> None:
    position = running.position("single_choice")
    running.save(position, ["B"])
    page = running.client.get(f"{running.url}?q={position}").get_data(as_text=True)
    question = running.get()["questions"][position - 1]
    assert question["stem"] in page and f"第 {position}/{QUESTIONS} 题" in page
    assert 'value="B" checked' in page and 'value="A" checked' not in page
    for odd in ("0", "-1", "x", "99999", "1e3", ""):
        assert running.client.get(f"{running.url}?q={odd}").status_code == 200


def test_the_answer_sheet_says_what_is_still_open(running: Quiz) -> None:
    running.save(1, running.key()[1])
    page = running.client.get(f"{running.url}/sheet").get_data(as_text=True)
    assert "还有 4 题没答" in page


def test_after_the_end_the_quiz_leads_to_the_result(running: Quiz) -> None:
    running.submit()
    for path in ("", "/sheet"):
        reply = running.client.get(running.url + path)
        assert (reply.status_code, reply.location) == (303, f"{running.url}/result")


# --- hand in and result ----------------------------------------------------------------------------------------------


def fields_of(key: dict[int, Any]) -> dict[str, Any]:
    return {f"a{position}": answer for position, answer in key.items()}


def test_a_hand_in_saves_what_it_carries_and_leads_to_the_result(running: Quiz) -> None:
    running.clock.forward(minutes=5, milliseconds=40)
    reply = running.submit(**fields_of(running.key()))
    assert (reply.status_code, reply.location) == (303, f"{running.url}/result")
    result = running.get("/result")
    assert {"score", "full", "elapsed_ms", "ended_at", "rank", "entry_code", "seed", "algorithm", "questions"} <= set(
        result
    )
    assert (result["score"], result["full"], result["elapsed_ms"]) == (FULL / 100, FULL / 100, 300_040)
    assert (result["ended_at"], result["rank"], result["algorithm"]) == ("2026-06-20T01:05:00.040Z", 1, 1)
    assert len(result["receipt"]) == 64 and int(result["receipt"], 16) > 0
    page = running.client.get(f"{running.url}/result").text
    assert f">{result['receipt'][:12]}<" in page and f">{result['receipt']}<" in page
    assert len(result["seed"]) == 32 and int(result["seed"], 16) >= 0
    for question in result["questions"]:
        assert set(question) == {
            "position", "version", "answer", "key", "points", "worth", "explanation", "source",
        }  # fmt: skip
        assert question["points"] == question["worth"]
        assert (question["explanation"], question["source"]) == ("秘解析", "秘出处")
    by_kind = {q["kind"]: r for q, r in zip(running.get()["questions"], result["questions"], strict=True)}
    assert by_kind["true_false"]["key"] == by_kind["true_false"]["answer"] == ["A"]
    assert (by_kind["fill_blank"]["key"], by_kind["fill_blank"]["answer"]) == ([["秘12315"]], "秘12315")
    assert by_kind["true_false"]["worth"] == 2.5 and by_kind["single_choice"]["worth"] == 5


def test_the_key_is_in_letters_of_this_paper(running: Quiz) -> None:
    running.submit()
    with running.app.app_context():
        paper = find.paper_contents(running.attempt)
        assert paper
    for position, question in zip(paper.positions, running.get("/result")["questions"], strict=True):
        if position.content.kind in ("single_choice", "multiple_choice"):
            numbers = [position.line.options["ABCD".index(letter)] for letter in question["key"]]
            assert sorted(numbers) == sorted(position.content.choices)
            assert question["key"] == sorted(question["key"])


def test_the_result_before_the_end_is_refused(running: Quiz) -> None:
    refused(running.client.get(f"{running.url}/result", headers=JSON), 409, "not_ended")
    page = running.client.get(f"{running.url}/result")
    assert (page.status_code, 'data-reason="not_ended"' in page.get_data(as_text=True)) == (409, True)


def test_a_second_hand_in_is_the_same_and_takes_nothing(running: Quiz) -> None:
    running.submit(**fields_of(running.key()))
    first = running.get("/result")
    running.clock.forward(minutes=5)
    assert running.submit(a1="").location == f"{running.url}/result"
    assert running.get("/result") == first


def test_a_hand_in_after_the_clock_ended_it_takes_nothing(running: Quiz) -> None:
    running.clock.forward(minutes=21)
    reply = running.submit(**fields_of(running.key()))
    assert (reply.status_code, reply.location) == (303, f"{running.url}/result")
    result = running.get("/result")
    assert (result["score"], result["rank"], result["elapsed_ms"]) == (0, None, 1_200_000)


def test_carried_fields_follow_the_rules_of_forms(running: Quiz) -> None:
    multiple, single = running.position("multiple_choice"), running.position("single_choice")
    running.save(single, ["C"])
    running.submit(**{f"a{multiple}": ["A", "C"], "a0": "A", "a99": "A", "other": "x"})
    questions = running.get("/result")["questions"]
    assert questions[multiple - 1]["answer"] == ["A", "C"]
    assert questions[single - 1]["answer"] == ["C"]


def test_an_answer_carried_that_is_not_shown_stops_the_hand_in(running: Quiz) -> None:
    reply = running.submit(**{f"a{running.position('single_choice')}": "Z"})
    assert (reply.status_code, 'data-reason="bad_answer"' in reply.get_data(as_text=True)) == (422, True)
    assert running.get()["state"] == "open"


def test_an_empty_attempt_has_a_result_without_a_rank(running: Quiz) -> None:
    running.submit()
    result = running.get("/result")
    assert (result["score"], result["full"], result["rank"]) == (0, FULL / 100, None)
    assert running.client.get(f"{running.url}/result").status_code == 200


def test_the_result_page_shows_score_rank_and_each_mistake_with_its_source(running: Quiz) -> None:
    running.submit(**{f"a{running.position('true_false')}": "A"})
    page = running.client.get(f"{running.url}/result").get_data(as_text=True)
    for shown in ("2.5", "秘解析", "秘出处", running.get("/result")["entry_code"]):
        assert shown in page


# --- keys after the contest only -------------------------------------------------------------------------------------


def test_keys_wait_for_the_end_of_the_contest_where_the_terms_say_so(app: Flask, clock: StillClock) -> None:
    with app.app_context():
        contest = a_contest(clock(), keys_shown="after_contest", closes_at="2026-06-20T10:00")
        person, last = a_person(clock()), a_person(clock())
    quizzes = []
    for who in (person, last):
        client = app.test_client()
        sign_in(client, who)
        quizzes.append(Quiz(app, client, clock, contest, who))
    early, late = quizzes
    early.start()
    early.submit(**fields_of(early.key()))
    clock.forward(minutes=55)
    late.start()

    def is_hidden() -> bool:
        result = early.get("/result")
        page = early.client.get(f"{early.url}/result").get_data(as_text=True)
        hidden = "seed" not in result and not any({"key", "explanation"} & set(q) for q in result["questions"])
        assert hidden == ("秘解析" not in page)
        assert result["score"] == FULL / 100
        return hidden

    assert is_hidden()
    clock.forward(minutes=5, seconds=10)  # closed, but the last one may still hand in
    assert is_hidden()
    clock.forward(milliseconds=1)
    assert not is_hidden()
    assert late.get()["state"] == "ended"
