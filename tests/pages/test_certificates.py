"""证书 on its pages: taken by its person, as PDF too, and checked by anybody."""

import re
from datetime import timedelta

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient

from question_bank.database import db, transaction
from quiz.models import Attempt
from tests.builders import a_contest, a_person, an_ended_attempt, post, sign_in
from tests.conftest import MORNING, StillClock

NAME = "𠮷㛃相如"  # 𠮷 lies beyond the characters that most fonts have


@pytest.fixture
def attempt(app: Flask, client: FlaskClient, clock: StillClock) -> Attempt:
    with app.app_context():
        contest = a_contest(clock(), certificate={"mark": 20}, about={"host": "区质强办"})
        person = a_person(clock(), name=NAME)
        made = an_ended_attempt(contest, person, began=MORNING, ended=MORNING + timedelta(minutes=5))
        assert made.entry.contest.slug
        sign_in(client, person)
        return made


@pytest.fixture
def url(attempt: Attempt) -> str:
    return f"/contests/{attempt.entry.contest.slug}/certificate"


def code_in(page: str) -> str:
    found = re.search(r"校验码 ([A-Z0-9-]{14})", page)
    assert found
    return found[1]


def test_it_is_taken_from_the_result_page(client: FlaskClient, attempt: Attempt, url: str) -> None:
    assert url in client.get(f"/attempts/{attempt.id}/result").text
    assert url in client.get(f"/contests/{attempt.entry.contest.slug}").text
    assert "领取 30 分的证书" in client.get(url).text and client.get(f"{url}.pdf").status_code == 404
    assert post(client, url).location == url
    page = client.get(url).text
    assert NAME in page and "取得 30 分（满分 30 分）" in page and "区质强办" in page and "2026 年 6 月 20 日" in page
    assert post(client, url).status_code == 303 and code_in(client.get(url).text) == code_in(page)


def test_the_pdf_is_one_page_across_that_says_the_same_rare_characters_too(client: FlaskClient, url: str) -> None:
    post(client, url)
    answer = client.get(f"{url}.pdf")
    assert answer.mimetype == "application/pdf" and "attachment" in answer.headers["Content-Disposition"]
    pdf = pypdfium2.PdfDocument(answer.data)
    width, height = pdf[0].get_size()
    assert len(pdf) == 1 and (round(width), round(height)) == (842, 595)
    text = pdf[0].get_textpage().get_text_bounded()
    assert NAME in text and "取得 30 分（满分 30 分）" in text and code_in(client.get(url).text) in text
    shown = pdf[0].render(scale=1).to_pil().convert("L")
    names = shown.crop((300, 205, 540, 255))  # where the name stands something is drawn, and not only a box
    assert sum(1 for value in names.tobytes() if value < 128) > 300


def test_anybody_checks_it_and_sees_a_masked_name_only(
    app: Flask, client: FlaskClient, url: str, attempt: Attempt
) -> None:
    post(client, url)
    code = code_in(client.get(url).text)
    anybody = app.test_client()
    assert anybody.get("/verify").status_code == 200
    found = anybody.get("/verify", query_string={"code": code.lower()}, follow_redirects=True)
    assert found.status_code == 200 and "这份证书是真的" in found.text
    assert "𠮷***" in found.text and NAME not in found.text and "30 分，满分 30 分" in found.text
    with app.app_context(), transaction():
        db.session.get_one(Attempt, attempt.id).is_set_aside = True
    gone = anybody.get(f"/verify/{code}").text
    assert "这份证书已经失效" in gone and "裁定作废" in gone and "是真的" not in gone
    assert "先前的证书已经失效" in client.get(url).text and client.get(f"{url}.pdf").status_code == 404


@pytest.mark.parametrize("code", ["AAAA-AAAA-AAAA", "?", "<b>", "A" * 300, "ABCDEFGHJKMN%00"])
def test_an_unknown_code_is_said(client: FlaskClient, code: str) -> None:
    for answer in (
        client.get(f"/verify/{code}"),
        client.get("/verify", query_string={"code": code}, follow_redirects=True),
    ):
        assert answer.status_code in (404, 200) and "是真的" not in answer.text and "<b>" not in answer.text
    assert client.get("/verify/AAAAAAAAAAAA").status_code == 404


def test_nobody_reaches_the_certificate_of_another(app: Flask, client: FlaskClient, url: str) -> None:
    post(client, url)
    other = app.test_client()
    assert other.get(url).status_code == 303  # to sign in
    with app.app_context():
        sign_in(other, a_person(MORNING))
    assert [other.get(path).status_code for path in (url, f"{url}.pdf")] == [404, 404]
    assert post(other, url).status_code == 404


def test_where_there_is_none_the_page_says_why(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    with app.app_context():
        person = a_person(clock())
        contests = a_contest(clock(), certificate={"mark": 20}), a_contest(clock())
        for contest in contests:
            an_ended_attempt(contest, person, began=MORNING, ended=MORNING + timedelta(minutes=5), right=1)
        sign_in(client, person)
        with_mark, without = (f"/contests/{contest.slug}/certificate" for contest in contests)
    assert "您还没有达到" in client.get(with_mark).text
    assert "不发证书" in client.get(without).text
    assert post(client, with_mark).status_code == 409
