"""Pictures of questions: shown where they belong, served as nothing but pictures, and only to whom they concern."""

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient

from question_bank.database import db, transaction
from question_bank.models import Domain, Picture, Question, QuestionVersion
from question_bank.pictures import picture_of
from question_bank.service import import_file
from question_bank.storing_pictures import store_pictures
from quiz.models import Contest, StaffRole
from quiz.rules.permissions import Role
from tests.builders import a_contest, a_person, a_street, sign_in
from tests.builders import post as post_as_person
from tests.conftest import MORNING, StillClock
from tests.contest_builders import SINGLE, TRUE_FALSE, a_question
from tests.pages.test_setup import post, signed_in_as
from tests.picture_files import floating, png
from tests.workbooks import HEADER, many_questions, workbook
from tests.workbooks import SINGLE as ROW

STEM, FIRST, SECOND, OTHER = png(40, 30), png(20, 10, 1), png(21, 11, 2), png(9, 9, 3)
ADDRESSES = {data: picture_of(data).sha256 for data in (STEM, FIRST, SECOND, OTHER)}
PLAN = [{"kind": "single_choice", "count": 1, "points": 5}, {"kind": "true_false", "count": 1, "points": 5}]
JSON = {"Accept": "application/json"}


@pytest.fixture
def attempt(app: Flask, client: FlaskClient, clock: StillClock) -> Iterator[str]:
    """The address of a running attempt: its single choice has a picture in the stem, and two options are pictures."""
    pictured = replace(
        a_question(SINGLE),
        options=("", "", "丙"),
        pictures=((0, ADDRESSES[STEM]), (1, ADDRESSES[FIRST]), (2, ADDRESSES[SECOND])),
    )
    with app.app_context():
        with transaction() as session:
            store_pictures(session, map(picture_of, ADDRESSES), now=clock())
        contest = a_contest(clock(), contents=[pictured, a_question(TRUE_FALSE)], plan=PLAN)
        sign_in(client, a_person(clock(), street=a_street()))
        slug = contest.slug
    reply = post_as_person(client, f"/contests/{slug}/attempts")
    yield reply.location


def pictured_question(client: FlaskClient, attempt: str) -> dict[str, object]:
    questions = client.get(attempt, headers=JSON).json["questions"]
    return next(question for question in questions if question["kind"] == "single_choice")


def test_the_paper_says_where_each_picture_is_shown_and_its_size(client: FlaskClient, attempt: str) -> None:
    question = pictured_question(client, attempt)
    assert question["pictures"] == [
        {"place": 0, "url": f"{attempt}/pictures/{ADDRESSES[STEM]}", "width": 40, "height": 30}
    ]
    options = question["options"]
    assert isinstance(options, list)
    assert {option["text"] or option["pictures"][0]["width"] for option in options} == {20, 21, "丙"}
    for number, option in enumerate(options, 1):
        assert [picture["place"] for picture in option.get("pictures", [])] == [number] * (option["text"] == "")


def test_the_page_shows_them_with_words_for_who_cannot_see(client: FlaskClient, attempt: str) -> None:
    position = pictured_question(client, attempt)["position"]
    page = client.get(f"{attempt}?q={position}").text
    assert f'width="40" height="30" alt="第 {position} 题的图"' in page
    assert len(re.findall(r'alt="选项 [ABC] 的图"', page)) == 2
    post_as_person(client, f"{attempt}/submit")
    assert f'alt="第 {position} 题的图"' in client.get(f"{attempt}/result").text


def test_a_picture_is_served_as_nothing_else(client: FlaskClient, attempt: str) -> None:
    reply = client.get(f"{attempt}/pictures/{ADDRESSES[STEM]}")
    assert (reply.status_code, reply.data, reply.mimetype) == (200, STEM, "image/png")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Disposition"] == "inline"
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reply.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    again = client.get(f"{attempt}/pictures/{ADDRESSES[STEM]}", headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_participants_see_the_pictures_of_their_own_papers_only(
    app: Flask, client: FlaskClient, clock: StillClock, attempt: str
) -> None:
    url = f"{attempt}/pictures/{ADDRESSES[STEM]}"
    assert client.get(f"{attempt}/pictures/{ADDRESSES[OTHER]}").status_code == 404
    assert client.get(f"/console/bank/pictures/{ADDRESSES[STEM]}").status_code == 403
    stranger = app.test_client()
    assert stranger.get(url).status_code == 303
    with app.app_context():
        sign_in(stranger, a_person(clock(), street=a_street()))
    assert stranger.get(url).status_code == 404
    clock.forward(days=1)
    assert client.get(url).status_code == 200  # the result shows it too


def test_where_questions_open_one_after_another_so_do_their_pictures(
    app: Flask, client: FlaskClient, clock: StillClock
) -> None:
    with app.app_context():
        with transaction() as session:
            store_pictures(session, [picture_of(STEM)], now=clock())
        pictured = replace(a_question(SINGLE), pictures=((0, ADDRESSES[STEM]),))
        contents = [pictured, a_question(TRUE_FALSE)]
        terms = {"plan": PLAN[::-1], "mix_questions": False, "question_limit_s": 30}
        slug = a_contest(clock(), contents=contents, **terms).slug
        sign_in(client, a_person(clock(), street=a_street()))
    attempt = post_as_person(client, f"/contests/{slug}/attempts").location
    url = f"{attempt}/pictures/{ADDRESSES[STEM]}"
    assert client.get(url).status_code == 404
    assert "判断题" in client.get(attempt).text and client.get(url).status_code == 404
    post_as_person(client, f"{attempt}/answers/1", {"go": "next"})
    assert client.get(url).status_code == 200


def test_reviewers_see_the_pictures_of_their_own_domain_only(app: Flask) -> None:
    with app.app_context():
        data = floating(workbook([[*HEADER, "领域"], [*ROW, "产品/食品"]]), {"B2": STEM})
        import_file(data, "a.xlsx", "题库", skip_problems=False, author="x", now=MORNING)
        domain_id = db.session.scalar(db.select(Domain.id).where(Domain.path == "产品"))
        other = Domain(path="环境", place=9)
        with transaction() as session:
            session.add(other)
            session.flush()
            other_id = other.id
    answers = []
    for domain in (domain_id, other_id):
        client = signed_in_as(app, Role.REVIEWER)
        with app.app_context(), transaction() as session:
            role = session.scalars(db.select(StaffRole).order_by(StaffRole.id.desc())).first()
            assert role is not None
            role.domain_id = domain
        answers.append(client.get(f"/console/bank/pictures/{ADDRESSES[STEM]}").status_code)
    assert answers == [200, 404]


def test_who_answers_reports_sees_the_pictures_of_what_was_reported(
    app: Flask, client: FlaskClient, attempt: str
) -> None:
    judge = signed_in_as(app, Role.JUDGE)
    url = f"/console/reports/pictures/{ADDRESSES[STEM]}"
    assert judge.get(url).status_code == 404
    place = pictured_question(client, attempt)["position"]
    post_as_person(client, f"{attempt}/submit")
    assert post_as_person(client, f"{attempt}/questions/{place}/report", {"note": "图看不清"}).status_code == 303
    page = judge.get("/console/reports").text
    assert f'src="{url}"' in page
    assert judge.get(url).data == STEM
    assert judge.get(f"/console/reports/pictures/{ADDRESSES[OTHER]}").status_code == 404
    assert signed_in_as(app, Role.REVIEWER).get(url).status_code == 403


def test_the_check_page_shows_pictures_before_anything_is_imported(app: Flask, organiser: FlaskClient) -> None:
    data = floating(many_questions(40), {"B23": STEM, "C23": FIRST})
    reply = post(organiser, "/console/bank/upload", {"bank": "题库", "file": (BytesIO(data), "题.xlsx")})
    page = organiser.get(reply.location).text
    urls = re.findall(r'src="(/console/bank/imports/\d+/pictures/[0-9a-f]{64})" width="(\d+)"', page)
    assert [width for _, width in urls] == ["40", "20"]
    served = organiser.get(urls[0][0])
    assert (served.data, served.mimetype) == (STEM, "image/png")
    assert organiser.get(urls[0][0][:-1] + "0").status_code == 404
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Picture)) == 0


def test_the_staff_see_pictures_on_the_question_the_preview_and_the_trial(
    app: Flask, organiser: FlaskClient, attempt: str
) -> None:
    with app.app_context():
        slug = db.session.scalar(db.select(Contest.slug))
    for path in (f"/console/contests/{slug}/preview", f"/console/contests/{slug}/trial"):
        page = organiser.get(path, follow_redirects=True).text
        urls = re.findall(r'src="(/console/bank/pictures/[0-9a-f]{64})"', page)
        assert len(urls) == 3, path
        assert organiser.get(urls[0]).mimetype == "image/png"


# --- revising --------------------------------------------------------------------------------------------------------


@pytest.fixture
def question(app: Flask) -> str:
    """The address of a question with a picture in its stem and one in its first option."""
    with app.app_context():
        data = floating(workbook([HEADER, ROW]), {"B2": STEM, "C2": FIRST})
        import_file(data, "a.xlsx", "题库", skip_problems=False, author="x", now=MORNING)
        return f"/console/bank/questions/{db.session.scalar(db.select(Question.id))}"


def revised(client: FlaskClient, question: str, **fields: object) -> tuple[int, list[tuple[int, str]]]:
    """Send the form back as its page shows it, with these fields; the status, and the pictures of the last version."""
    texts = {"stem": ROW[1], "key": ROW[6], **{f"options-{n}": text for n, text in enumerate(ROW[2:6])}}
    reply = post(client, question + "/revise", {**texts, "picture_place": "0", **fields})
    with client.application.app_context():
        version = db.session.scalars(db.select(QuestionVersion).order_by(QuestionVersion.id.desc())).first()
        assert version is not None
        return reply.status_code, [(place, sha256) for place, sha256 in version.pictures]


def test_revising_keeps_pictures(organiser: FlaskClient, question: str) -> None:
    page = organiser.get(question + "/revise").text
    assert page.count('name="remove_picture"') == 2 and "删去选项 A 的图" in page
    kept = [(0, ADDRESSES[STEM]), (1, ADDRESSES[FIRST])]
    assert revised(organiser, question, stem="改过的题干") == (303, kept)


def test_revising_takes_one_out_and_puts_one_in(organiser: FlaskClient, question: str) -> None:
    added = {"picture": (BytesIO(SECOND), "whatever.txt"), "picture_place": "3", "options-2": ""}
    status, pictures = revised(organiser, question, remove_picture=f"1:{ADDRESSES[FIRST]}", **added)
    assert (status, pictures) == (303, [(0, ADDRESSES[STEM]), (3, ADDRESSES[SECOND])])
    page = organiser.get(question).text
    assert "第 2 版" in page and "选项 C 的图" in page


def test_a_file_that_is_no_picture_is_refused_and_changes_nothing(organiser: FlaskClient, question: str) -> None:
    status, pictures = revised(organiser, question, stem="改过", picture=(BytesIO(b"<svg/>"), "a.png"))
    assert (status, pictures) == (422, [(0, ADDRESSES[STEM]), (1, ADDRESSES[FIRST])])
    reply = post(
        organiser,
        question + "/revise",
        {"stem": "改过", "key": "对", "picture_place": "99", "picture": (BytesIO(STEM), "a.png")},
    )
    assert reply.status_code == 422
