"""公示: what is signed is what was looked at, stays as it was, names nobody in full, and is withdrawn with a reason."""

import re
from datetime import datetime
from html import unescape
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from question_bank.database import db, transaction
from quiz.models import Announcement, AuditEntry, Contest, Entry, Standing
from quiz.rules.permissions import Role
from quiz.services import audit
from tests.conftest import StillClock
from tests.contest_builders import a_bank, a_published, a_register
from tests.pages.test_exports import sign_in
from tests.players import a_player, play

PAGE, EDIT = "/contests/quality-2026/announcement", "/console/contests/quality-2026/announcement"
PDF = f"{PAGE}.pdf"


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def contest(app: Flask, now: datetime, clock: StillClock) -> Contest:
    """Three people took part, and the contest is over."""
    with app.app_context():
        a_register()
        a_bank(now)
        terms = {
            "plan": [{"kind": "single_choice", "count": 2, "points": 5}],
            "shown": {"person": 2, "unit": "half", "street": "all"},
            "about": {"host": "区质量办", "contact": "王老师 0755-12345678"},
        }
        contest = a_published(now, terms=terms)
        for name, right in (("欧阳娜", [1, 2]), ("赵一", [1]), ("孙三", [])):
            play(contest, a_player(name, unit="U2", now=now), now=now, right=right, wrong=[] if right else [1])
        db.session.refresh(contest)
    clock.forward(days=40)
    return contest


@pytest.fixture
def judge(app: Flask, contest: Contest) -> FlaskClient:
    return sign_in(app, Role.JUDGE)


def fields_of(page: str) -> dict[str, str]:
    """What the form on the page would send."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = unescape(value[1]) if value else ""
    for name, value in re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\s?(.*?)</textarea>', page, re.S):
        found[name] = unescape(value).strip("\r\n")
    return found


def previewed(judge: FlaskClient, **changes: str) -> tuple[int, str]:
    form = {**fields_of(judge.get(EDIT).text), **changes}
    response = judge.post(f"{EDIT}/preview", data=form)
    return response.status_code, response.text


def signed(judge: FlaskClient, reason: str = "", **changes: str) -> Any:
    status, page = previewed(judge, **changes)
    assert status == 200
    return judge.post(EDIT, data={**fields_of(page), "reason": reason, "back": ""})


def article_of(page: str) -> str:
    return page.partition("<article")[2].partition("</article>")[0]


def withdrawn(judge: FlaskClient, reason: str, **more: Any) -> Any:
    token = fields_of(judge.get(EDIT).text)["csrf_token"]
    return judge.post(f"{EDIT}/withdraw", data={"reason": reason, "csrf_token": token}, **more)


def acts(app: Flask) -> list[str]:
    with app.app_context():
        assert audit.first_break() is None
        found = db.session.execute(select(AuditEntry.act).order_by(AuditEntry.id)).scalars()
        return [act for act in found if act.startswith("results.announce")]


def text_of(pdf: bytes) -> str:
    return "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(BytesIO(pdf)))


# --- preparing -------------------------------------------------------------------------------------------------------


def test_the_form_starts_from_the_terms(judge: FlaskClient) -> None:
    form = fields_of(judge.get(EDIT).text)
    assert form["heading"] == "质量知识竞赛结果公示" and form["office"] == "区质量办"
    assert (form["person"], form["unit"], form["street"]) == ("2", "1", "1")
    assert (form["objections_from"], form["objections_to"]) == ("2026-07-30", "2026-08-05")
    assert form["contact"] == "王老师 0755-12345678"


def test_the_preview_shows_masked_names_and_nothing_is_public_yet(app: Flask, judge: FlaskClient) -> None:
    status, page = previewed(judge)
    assert status == 200 and "欧阳*" in page and "赵*" in page
    assert "欧阳娜" not in page and "孙*" not in page and not re.search(r"138\d{8}", page)
    assert "2026 年 7 月 30 日至 8 月 5 日，共 7 天" in page
    assert judge.get(PAGE).status_code == judge.get(PDF).status_code == 404 and acts(app) == []


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"person": "3"}, "规程写明个人榜公开 2 行"),
        ({"unit": "2"}, "规程写明单位榜公开 1 行"),
        ({"person": "0", "unit": "0", "street": "0"}, "至少公示一个榜的一行"),
        ({"person": "x"}, "请填整数"),
        ({"objections_from": "2026-07-19"}, "公示期不能早于竞赛结束那一天"),
        ({"objections_to": "2026-07-29"}, "公示期的最后一天不能早于第一天"),
        ({"objections_to": "2062-08-05"}, "公示期最长 90 天"),
        ({"signed_on": "明天"}, "请填 2026-07-21 这样的日期"),
        ({"heading": ""}, "请填标题"),
        ({"contact": ""}, "请填联系方式"),
        ({"opening": "字" * 1001}, "最多 1000 个字"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(judge: FlaskClient, changes: dict[str, str], words: str) -> None:
    status, page = previewed(judge, **changes)
    assert status == 422 and words in page


def test_nothing_is_announced_before_the_end(
    app: Flask, contest: Contest, clock: StillClock, judge: FlaskClient
) -> None:
    clock.now = contest.opens_at
    form = {**fields_of(judge.get(EDIT).text), "objections_from": "2026-07-21", "objections_to": "2026-07-22"}
    assert judge.post(f"{EDIT}/preview", data=form).status_code == 409
    response = judge.post(EDIT, data={**form, "seen": "x", "back": ""})
    assert response.status_code == 409 and "竞赛结束以后才能公示" in response.text
    assert acts(app) == []


# --- signing ---------------------------------------------------------------------------------------------------------


def test_signed_off_everybody_reads_page_and_pdf(app: Flask, judge: FlaskClient) -> None:
    assert signed(judge, heading="示例区质量知识竞赛结果公示").status_code == 303
    anybody = app.test_client()
    page, pdf = anybody.get(PAGE), anybody.get(PDF)
    assert pdf.mimetype == "application/pdf" and acts(app) == ["results.announced"]
    for text in (page.text, text_of(pdf.data)):
        for words in ("示例区质量知识竞赛结果公示", "欧阳*", "东门小学", "王老师 0755-12345678", "区质量办"):
            assert words in text
        assert "欧阳娜" not in text
    assert "第 1 页，共 1 页" in text_of(pdf.data)
    for address in ("/contests/quality-2026", "/contests/quality-2026/standings"):
        assert PAGE in anybody.get(address).text


def test_what_is_signed_is_what_was_looked_at(app: Flask, judge: FlaskClient) -> None:
    _status, page = previewed(judge)
    with app.app_context(), transaction() as session:
        entry = session.execute(select(Entry).where(Entry.masked_name == "赵*")).scalar_one()
        session.get_one(Standing, entry.id).score_sum = 0
    response = judge.post(EDIT, data={**fields_of(page), "back": ""})
    assert response.status_code == 409 and "成绩或规程刚刚有变化" in response.text
    assert judge.get(PAGE).status_code == 404 and acts(app) == []
    again = judge.post(EDIT, data={**fields_of(response.text), "back": ""})
    assert again.status_code == 303 and acts(app) == ["results.announced"]


def test_what_was_signed_stays_whatever_changes_later(app: Flask, judge: FlaskClient) -> None:
    signed(judge)
    before, pdf = judge.get(PAGE).text, judge.get(PDF).data
    with app.app_context(), transaction() as session:
        for entry in session.execute(select(Entry)).scalars():
            entry.masked_name = "张*"
        for standing in session.execute(select(Standing)).scalars():
            standing.score_sum = 0
    after = judge.get(PAGE).text
    assert article_of(after) == article_of(before) and "欧阳*" in article_of(after)
    assert judge.get(PDF).data == pdf


def test_a_second_tap_signs_nothing_more(app: Flask, judge: FlaskClient) -> None:
    _status, page = previewed(judge)
    for _ in range(2):
        assert judge.post(EDIT, data={**fields_of(page), "back": ""}).status_code == 303
    assert acts(app) == ["results.announced"]


def test_back_leads_to_the_form_as_it_was_filled(app: Flask, judge: FlaskClient) -> None:
    _status, page = previewed(judge, heading="另一个标题")
    response = judge.post(EDIT, data={**fields_of(page), "back": "1"})
    assert response.status_code == 200 and fields_of(response.text)["heading"] == "另一个标题" and acts(app) == []


def test_a_new_version_needs_a_reason_which_the_page_says(app: Flask, judge: FlaskClient) -> None:
    signed(judge)
    refused = signed(judge, heading="更正")
    assert refused.status_code == 422 and "请填更改的原因" in refused.text
    assert signed(judge, "更正标题", heading="更正").status_code == 303
    page = app.test_client().get(PAGE).text
    assert "这是第 2 版" in page and "更正标题" in page
    assert "质量知识竞赛结果公示" in judge.get(f"{EDIT}/1").text
    assert judge.get(f"{EDIT}/9").status_code == 404


def test_withdrawn_the_page_says_when_and_why_and_shows_no_name(app: Flask, judge: FlaskClient) -> None:
    signed(judge)
    without = withdrawn(judge, " ", follow_redirects=True)
    assert "请填撤回的原因" in without.text and judge.get(PDF).status_code == 200
    assert withdrawn(judge, "统计有误").status_code == 303
    page = app.test_client().get(PAGE)
    assert page.status_code == 200 and "统计有误" in page.text and "欧阳*" not in page.text
    assert judge.get(PDF).status_code == 404 and judge.get(f"{EDIT}/2").status_code == 404
    assert PAGE not in app.test_client().get("/contests/quality-2026").text
    assert withdrawn(judge, "再来").status_code == 404
    assert signed(judge, "重新统计").status_code == 303
    assert acts(app) == ["results.announced", "results.announcement_withdrawn", "results.announced"]


# --- who -------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("contest")
@pytest.mark.parametrize(
    "role, scope", [(Role.ORGANISER, {}), (Role.STREET_MANAGER, {"street": "S1"}), (Role.JUDGE, {"street": "S1"})]
)
def test_judges_of_the_whole_district_announce_and_nobody_else(app: Flask, role: Role, scope: dict[str, str]) -> None:
    client = sign_in(app, role, **scope)
    assert client.get(EDIT).status_code == 403
    for address in (f"{EDIT}/preview", EDIT, f"{EDIT}/withdraw"):
        assert client.post(address, data={}).status_code == 403
    with app.app_context():
        assert db.session.execute(select(Announcement)).scalars().all() == []
