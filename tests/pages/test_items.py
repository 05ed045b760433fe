"""题目分析: who sees how the questions of a contest did, and that the figures are those of the attempts."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from question_bank.database import db, transaction
from quiz.models import Attempt, Contest, Ruling
from quiz.queries import attempts as find
from quiz.queries.items import analysis_of
from quiz.rules.items import Hint
from quiz.rules.permissions import Role
from quiz.services import attempts
from quiz.web.views import items
from tests.builders import a_contest, a_person, a_start, a_street, an_ended_attempt, holder, right_answer, sign_in
from tests.conftest import MORNING
from tests.contest_builders import MULTIPLE, a_bank, a_published, a_question
from tests.pages.test_setup import signed_in_as
from tests.players import a_member_of_staff

JSON = {"Accept": "application/json"}
LATER = timedelta(minutes=10)


@pytest.fixture
def slug(app: Flask) -> str:
    """Two persons with everything right, one with everything wrong, one who left all empty."""
    with app.app_context():
        contest: Contest = a_contest(MORNING)
        for right, wrong in ((5, 0), (5, 0), (0, 5), (0, 0)):
            an_ended_attempt(contest, a_person(MORNING), began=MORNING, ended=MORNING + LATER, right=right, wrong=wrong)
        return contest.slug


def path(slug: str) -> str:
    return f"/console/contests/{slug}/questions"


def test_the_figures_are_those_of_the_attempts_that_take_part(app: Flask, slug: str) -> None:
    judge = signed_in_as(app, Role.JUDGE)
    questions = judge.get(path(slug), headers={"Accept": "application/json"}).get_json()["questions"]
    assert sum(question["attempts"] for question in questions) == 3 * 5
    assert sum(question["attempts"] * question["right_rate"] for question in questions) == pytest.approx(10)
    assert all(question["discrimination"] is None and question["hints"] == [] for question in questions)
    page = judge.get(path(slug)).text
    assert "人数太少" in page and "/console/bank/questions/" not in page


@pytest.mark.parametrize("by", ["hints", "right", "apart", "number", "no-such"])
def test_the_questions_come_in_the_order_asked_for(app: Flask, slug: str, by: str) -> None:
    assert signed_in_as(app, Role.ORGANISER).get(path(slug), query_string={"by": by}).status_code == 200


def test_many_questions_come_on_pages(app: Flask, slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items, "ROWS_A_PAGE", 2)
    judge = signed_in_as(app, Role.JUDGE)
    shown: list[str] = []
    number, pages = 1, 1
    while number <= pages:
        page = judge.get(path(slug), query_string={"by": "number", "page": number}).text
        pages = int(re.findall(rf"第 {number} 页，共 (\d+) 页", page)[0])
        rows = re.findall(r'<th scope="row" class="lead">(.*?) <span', page)
        assert 1 <= len(rows) <= 2
        shown, number = [*shown, *rows], number + 1
    questions = judge.get(path(slug), headers=JSON).get_json()["questions"]
    assert len(shown) == len(questions) > 2 and f"共 {len(questions)} 道题" in page
    beyond = judge.get(path(slug), query_string={"by": "number", "page": 999}).text
    assert beyond.split("<main")[1] == page.split("<main")[1]  # above it stands a token, which tells the second


def test_only_those_who_see_the_whole_district(app: Flask, slug: str, client: FlaskClient) -> None:
    assert client.get(path(slug)).status_code == 303
    for role in (Role.REVIEWER, Role.ADMINISTRATOR):
        assert signed_in_as(app, role).get(path(slug)).status_code == 403
    with app.app_context():
        manager = a_member_of_staff(Role.STREET_MANAGER, street=a_street().code, now=MORNING)
        sign_in(client, manager)
    assert client.get(path(slug)).status_code == 403
    assert signed_in_as(app, Role.ORGANISER).get(path("no-such")).status_code == 404


def test_attempts_and_answers_are_of_one_moment(app: Flask, slug: str) -> None:
    """A judge sets everything aside between the two reads: the figures are those of before, not of empty answers."""
    judge = signed_in_as(app, Role.JUDGE)
    before = judge.get(path(slug), headers=JSON).get_json()
    with app.app_context():
        engine = db.engine
        event.listen(engine, "after_cursor_execute", set_all_aside_after_the_first_read)
        try:
            meanwhile = judge.get(path(slug), headers=JSON).get_json()
        finally:
            event.remove(engine, "after_cursor_execute", set_all_aside_after_the_first_read)
    assert meanwhile == before
    assert judge.get(path(slug), headers=JSON).get_json()["questions"] == []


def set_all_aside_after_the_first_read(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    if "markings.points" in statement:
        with connection.engine.connect() as another:
            another.execute(update(Attempt).values(is_set_aside=True))
            another.commit()


def ruled(kind: str, value: dict[str, object]) -> Contest:
    """A contest of one question a paper, with a ruling about every version of its pool."""
    contest = a_contest(MORNING, plan=[{"kind": "single_choice", "count": 1, "points": 5}])
    assert contest.pool
    with transaction() as session:
        for version in contest.pool.versions:
            about = {"version_id": version["version"], "kind": kind, "value": value}
            session.add(Ruling(contest_id=contest.id, reason="更正", made_at=MORNING, **about))
    return contest


def test_a_question_out_of_the_total_is_left_out(app: Flask) -> None:
    with app.app_context():
        contest = ruled("out_of_total", {})
        an_ended_attempt(contest, a_person(MORNING), began=MORNING, ended=MORNING + LATER, right=1)
        assert analysis_of(contest.id) == []


def test_a_corrected_key_is_the_key(app: Flask) -> None:
    """Everybody chose what the version once called right, and the ruling calls wrong."""
    with app.app_context():
        contest = ruled("another_key", {"choices": [4]})
        for _ in range(60):
            an_ended_attempt(contest, a_person(MORNING), began=MORNING, ended=MORNING + LATER, right=1)
        found = [each for _version, each in analysis_of(contest.id)]
        assert all(each.right_rate == 0 for each in found)
        assert all(each.hints[0][0] is Hint.KEY_MAY_BE_WRONG for each in found if each.is_enough)


def test_where_everybody_got_full_marks_the_answers_speak_for_themselves(app: Flask) -> None:
    with app.app_context():
        contest = ruled("full_marks", {})
        for right, wrong in ((1, 0), (0, 1), (0, 1), (0, 1)):
            an_ended_attempt(contest, a_person(MORNING), began=MORNING, ended=MORNING + LATER, right=right, wrong=wrong)
        assert {score for (score,) in db.session.execute(select(Attempt.score))} == {500}
        found = [each for _version, each in analysis_of(contest.id)]
        right = sum(each.attempts * each.right_rate for each in found if each.right_rate is not None)
        assert right == 1 and all(each.everybody_full for each in found)
        slug = contest.slug
    assert "裁定全体给分" in signed_in_as(app, Role.JUDGE).get(path(slug)).text


def test_a_questions_page_says_how_it_did_in_every_contest(app: Flask) -> None:
    """Two contests of one bank that each draw its one question; half of the first got it right, all of the second."""
    with app.app_context():
        bank = a_bank(MORNING, a_question(MULTIPLE, stem="哪些对？"), name="小题库")
        partial = {"rule": "partial", "points": 5}
        for title, rights in (("甲赛", (1, 0)), ("乙赛", (1, 1))):
            plan = [{"kind": "multiple_choice", "count": 1, "points": 10}]
            terms = {"plan": plan, "multiple_choice": partial}
            contest = a_published(
                MORNING, bank=bank.name, title=title, slug=f"sai-{len(title)}{rights[1]}", terms=terms
            )
            for right in rights:
                who = a_person(MORNING)
                # A wrong answer that is part of the key earns half of the points.
                attempt = a_start(contest, who, MORNING)
                paper = find.paper_contents(attempt.id)
                assert paper
                given = right_answer(paper.positions[0])[: 2 if right else 1]
                attempts.submit(attempt.id, holder(who), now=MORNING + LATER, answers={1: given})
    page = signed_in_as(app, Role.ORGANISER).get("/console/bank/questions/1").text
    rows = re.findall(r"<tr>.*?</tr>", page.split("用过的情况", 1)[1], re.S)
    texts = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in rows if "<td" in row]
    figures = ["第 1 版 2 100 % 人数太少", "第 1 版 2 50 % 75 % 人数太少", "4 75 % 87.5 % 人数太少"]
    assert texts == [f"{name} {each}" for name, each in zip(("乙赛", "甲赛", "各场合计"), figures, strict=True)]
    assert "用过的情况" not in signed_in_as(app, Role.REVIEWER).get("/console/bank/questions/1").text
