"""每题限时 over HTTP: one question after another, for programs and for browsers without JavaScript."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quiz.models import Contest, Person
from quiz.queries import attempts as find
from quiz.services import extra_time
from tests.builders import QUESTIONS, a_contest, a_person, a_street, post, sign_in
from tests.conftest import StillClock
from tests.pages.test_attempts import JSON, Quiz, refused
from tests.pages.test_safety import addresses

OPTIONS = re.compile(r'<input type="(?:radio|checkbox|text)" name="answer"')


@pytest.fixture
def quiz(app: Flask, client: FlaskClient, clock: StillClock) -> Quiz:
    """Somebody on the first of five questions of half a minute each."""
    with app.app_context():
        contest, person = a_contest(clock(), question_limit_s=30), a_person(clock(), street=a_street())
    sign_in(client, person)
    quiz = Quiz(app, client, clock, contest, person)
    quiz.start()
    page(quiz)
    return quiz


def page(quiz: Quiz, query: str = "") -> str:
    reply = quiz.client.get(quiz.url + query, follow_redirects=True)
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def form(quiz: Quiz, position: int, *answer: str, go: str = "next") -> Any:
    fields: dict[str, Any] = {"present": "1", "answer": list(answer), "go": go}
    return post(quiz.client, f"{quiz.url}/answers/{position}", fields)


def stems(quiz: Quiz) -> list[str]:
    with quiz.app.app_context():
        paper = find.paper_contents(quiz.attempt)
        assert paper
        return [position.content.stem for position in paper.positions]


def letters(quiz: Quiz, position: int) -> list[str]:
    answer = quiz.key()[position]
    return answer if isinstance(answer, list) else [answer]


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_the_page_shows_the_open_question_and_its_time_whatever_the_address_says(quiz: Quiz) -> None:
    quiz.clock.forward(seconds=12)
    for query in ("", "?q=1", "?q=3", "?q=x"):
        shown = page(quiz, query)
        assert "第 1/5 题" in shown and 'data-remaining-ms="18000"' in shown and "本题还剩" in shown
        assert stems(quiz)[0] in shown
    assert "上一题" not in shown and 'name="go" value="2"' not in shown


def test_without_script_each_button_saves_and_goes_on_to_the_sheet_and_the_result(quiz: Quiz) -> None:
    for position in range(1, QUESTIONS + 1):
        assert f"第 {position}/5 题" in page(quiz)
        quiz.clock.forward(seconds=5)
        assert form(quiz, position, *letters(quiz, position)).status_code == 303
    sheet = page(quiz)
    assert "题目都出完了" in sheet and "接着答" not in sheet
    assert quiz.submit().status_code == 303
    result = quiz.get("/result")
    assert (result["score"], result["full"], result["elapsed_ms"]) == (30, 30, 25_000)


def test_a_look_after_the_time_is_over_shows_the_next_and_says_why(quiz: Quiz) -> None:
    form(quiz, 1, *letters(quiz, 1), go="stay")
    quiz.clock.forward(seconds=30)
    assert "第 1 题的时间到了，保存的答案算数。现在是第 2 题。" in page(quiz)
    assert "时间到了，" not in page(quiz)
    quiz.clock.forward(seconds=31)
    assert "第 2 题的时间到了，没有作答。" in page(quiz)


def test_json_shows_what_has_been_opened_and_how_long_it_is_open(quiz: Quiz) -> None:
    state = quiz.get()
    assert [q["position"] for q in state["questions"]] == [1]
    assert (state["position"], state["total"], state["question_remaining_ms"]) == (1, 5, 30_000)
    quiz.clock.forward(seconds=50)
    assert quiz.get()["question_remaining_ms"] == 0  # a program's look moves nothing on
    form(quiz, 1)
    state = quiz.get()
    assert [q["position"] for q in state["questions"]] == [1, 2] and state["question_remaining_ms"] == 30_000
    for position in range(2, QUESTIONS + 1):
        form(quiz, position)
    assert (quiz.get()["position"], len(quiz.get()["questions"])) == (None, 5)
    quiz.submit()
    assert len(quiz.get()["questions"]) == 5


def test_the_first_look_of_a_program_opens_the_first_question(app: Flask, clock: StillClock) -> None:
    with app.app_context():
        contest, person = a_contest(clock(), question_limit_s=30), a_person(clock())
    quiz = Quiz(app, app.test_client(), clock, contest, person)
    sign_in(quiz.client, person)
    quiz.start()
    assert [q["position"] for q in quiz.get()["questions"]] == [1]


def test_no_byte_sent_holds_a_question_that_is_still_to_come(quiz: Quiz) -> None:
    """Every address of the app is asked at every question; the pictures of later ones are not there either."""
    texts = stems(quiz)
    for position in range(1, QUESTIONS + 1):
        sent = list(everything_sent(quiz, position))
        assert len(sent) > 60
        assert any(texts[position - 1] in text for _path, text in sent)  # the walk did reach the open one
        for later in texts[position:]:
            assert [path for path, text in sent if later in text or escaped(later) in text] == []
        form(quiz, position)


def escaped(text: str) -> str:
    return text.encode("unicode_escape").decode()


def everything_sent(quiz: Quiz, position: int) -> Iterator[tuple[str, str]]:
    for _rule, path in addresses(quiz.app, slug=quiz.contest.slug, attempt_id=quiz.attempt):
        for query in ("", f"?q={position + 1}"):
            for headers in ({}, JSON):
                yield path + query, quiz.client.get(path + query, headers=headers).get_data(as_text=True)
    for later in range(position + 1, QUESTIONS + 1):
        yield f"save {later}", quiz.save(later, ["A"]).get_data(as_text=True)
        yield f"form {later}", form(quiz, later, "A").get_data(as_text=True)


# --- what is taken ---------------------------------------------------------------------------------------------------


def test_a_save_says_how_long_the_question_is_still_open(quiz: Quiz) -> None:
    quiz.clock.forward(seconds=10)
    reply = quiz.save(1, letters(quiz, 1)).json
    assert reply and (reply["saved"], reply["remaining_ms"], reply["question_remaining_ms"]) == (
        True, 1_190_000, 20_000,
    )  # fmt: skip


def test_a_closed_question_takes_nothing_and_says_what_counts(quiz: Quiz) -> None:
    quiz.save(1, letters(quiz, 1))
    form(quiz, 1, *letters(quiz, 1))
    said = refused(quiz.save(1, []), 409, "question_closed")
    stored = quiz.get()["questions"][0]
    assert (said["saved"], said["answer"], said["revision"]) == (False, stored["answer"], stored["revision"])
    assert stored["answer"]
    assert said["message"] == "第 1 题的时间已过，这次的改动没有计入；之前保存的算数。"
    quiz.clock.forward(seconds=41)
    assert "没有赶上，没有计入" in refused(quiz.save(2, letters(quiz, 2)), 409, "question_closed")["message"]


def test_a_question_to_come_is_refused_by_name(quiz: Quiz) -> None:
    assert "第 4 题还没有打开" in refused(quiz.save(4, ["A"]), 409, "question_not_open")["message"]
    refused(post(quiz.client, f"{quiz.url}/submit", {"a4": "A"}, headers=JSON), 409, "question_not_open")
    assert quiz.get()["state"] == "open"


def test_a_form_that_comes_too_late_hears_it_and_the_way_on(quiz: Quiz) -> None:
    quiz.clock.forward(seconds=41)
    reply = form(quiz, 1, *letters(quiz, 1))
    assert reply.status_code == 409
    said = reply.get_data(as_text=True)
    assert 'data-reason="question_closed"' in said and "第 1 题的时间已过，这次的选择没有赶上" in said
    assert f'href="{quiz.url}"' in said and "接着答题" in said
    assert "第 1 题的时间到了，没有作答。现在是第 2 题。" in page(quiz)


def test_a_second_tap_on_next_skips_nothing(quiz: Quiz) -> None:
    for _ in range(2):
        assert form(quiz, 1, *letters(quiz, 1)).status_code == 303
    assert "第 2/5 题" in page(quiz)


@pytest.mark.parametrize("go", ["stay", "previous", "3", "sheet"])
def test_only_next_leaves_a_question(quiz: Quiz, go: str) -> None:
    reply = form(quiz, 1, *letters(quiz, 1), go=go)
    assert (reply.status_code, reply.location) == (303, f"{quiz.url}/sheet" if go == "sheet" else quiz.url)
    assert quiz.get()["position"] == 1 and quiz.get()["questions"][0]["revision"] == 1


def test_the_sheet_leads_back_to_the_open_question_only(quiz: Quiz) -> None:
    form(quiz, 1, *letters(quiz, 1))
    sheet = page(quiz, "/sheet")
    assert "还有 3 题没有打开" in sheet and "接着答第 2 题" in sheet
    assert not re.search(r'href="[^"]*\?q=', sheet)
    quiz.clock.forward(minutes=20)
    assert "接着答" not in page(quiz, "/sheet")


def test_extra_time_shows_on_the_open_question(quiz: Quiz) -> None:
    quiz.clock.forward(seconds=20)
    with quiz.app.app_context():
        extra_time.give(quiz.contest.id, minutes=1, reason="停电", actor_id=None, now=quiz.clock())
    assert 'data-remaining-ms="70000"' in page(quiz)


def test_overdue_it_is_handed_in_as_ever(quiz: Quiz) -> None:
    quiz.save(1, letters(quiz, 1))
    quiz.clock.forward(minutes=21)
    reply = quiz.client.get(quiz.url)
    assert (reply.status_code, reply.location) == (303, f"{quiz.url}/result")
    assert quiz.get("/result")["elapsed_ms"] == 1_200_000


# --- said beforehand -------------------------------------------------------------------------------------------------


def test_the_contest_page_says_the_rule(quiz: Quiz) -> None:
    shown = quiz.client.get(f"/contests/{quiz.contest.slug}").get_data(as_text=True)
    assert "每题 30 秒，最多 20 分钟；一题一题往下答，不能回头" in shown
    assert "每题限时 30 秒，时间一到就到下一题；过去的题不能回去再改" in shown


def test_an_ordinary_contest_says_nothing_of_it(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    with app.app_context():
        contest: Contest = a_contest(clock())
        person: Person = a_person(clock())
    assert "每题限时" not in client.get(f"/contests/{contest.slug}").get_data(as_text=True)
    sign_in(client, person)
    quiz = Quiz(app, client, clock, contest, person)
    quiz.start()
    assert set(quiz.get()) == {"id", "state", "deadline", "remaining_ms", "questions"}
