"""封存: only judges of the whole district seal; everybody reads the digest, takes the bundle and verifies it."""

import json
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from question_bank.database import db
from quiz.models import Contest, Person
from quiz.queries.contests import contest_by_slug
from quiz.rules.permissions import Role
from quiz.services import seals
from tests.builders import post, sign_in
from tests.bundles import BOTH
from tests.conftest import StillClock
from tests.pages.test_setup import signed_in_as
from tests.sealed import CLOSES, a_contest_that_is_over, best_of, set_aside


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


@pytest.fixture
def slug(app: Flask, now: datetime, clock: StillClock) -> str:
    with app.app_context():
        slug = a_contest_that_is_over(now).slug
    clock.now = now + CLOSES
    return slug


def contest_of(slug: str) -> Contest:
    contest = contest_by_slug(slug)
    assert contest
    return contest


def seal_it(app: Flask, slug: str, **more: str) -> str:
    with app.app_context():
        return seals.seal(contest_of(slug).id, actor_id=None, now=app.extensions["clock"](), **more).digest


def test_a_judge_sees_what_will_be_frozen_and_seals_it(app: Flask, slug: str) -> None:
    judge = signed_in_as(app, Role.JUDGE)
    url = f"/console/contests/{slug}/seal"
    assert f'href="{url}"' in judge.get("/console/results").text
    page = judge.get(url).text
    assert "7 个，其中参与（有作答、没有作废）的 6 个" in page and "其中作废 1 份" in page
    assert post(judge, url, {"seen": "0"}).status_code == 303
    page = judge.get(url).text
    assert "第 1 次" in page and "封存以后没有改动" in page
    assert "封存成绩" in judge.get("/console/audit").text


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.REVIEWER, Role.ADMINISTRATOR])
def test_nobody_else_seals(app: Flask, slug: str, role: Role) -> None:
    staff = signed_in_as(app, role)
    assert staff.get(f"/console/contests/{slug}/seal").status_code == 403
    assert post(staff, f"/console/contests/{slug}/seal", {"seen": "0"}).status_code == 403
    assert staff.get(f"/contests/{slug}/result.json").status_code == 404


def test_before_the_end_there_is_nothing_to_press(app: Flask, slug: str, clock: StillClock, now: datetime) -> None:
    clock.now = now
    judge = signed_in_as(app, Role.JUDGE)
    url = f"/console/contests/{slug}/seal"
    page = judge.get(url)
    assert (
        page.status_code == 200
        and "竞赛结束以后才能封存" in page.text
        and '<form method="post" class="form"' not in page.text
    )
    assert post(judge, url, {"seen": "0"}).status_code == 409


def test_a_page_that_was_tampered_with_is_refused(app: Flask, slug: str) -> None:
    judge = signed_in_as(app, Role.JUDGE)
    for data in ({}, {"seen": "x"}, {"seen": "9" * 30}):
        assert post(judge, f"/console/contests/{slug}/seal", data).status_code in (409, 422)
    assert judge.get(f"/contests/{slug}/result.json").status_code == 404


def test_everybody_takes_the_bundle_and_verifies_it(app: Flask, client: FlaskClient, slug: str) -> None:
    assert client.get(f"/contests/{slug}/result.json").status_code == 404
    assert client.get(f"/contests/{slug}/seal").status_code == 404
    assert "已封存" not in client.get(f"/contests/{slug}").text
    digest = seal_it(app, slug)
    answer = client.get(f"/contests/{slug}/result.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.content_length == len(answer.data)
    assert json.loads(answer.data)["digest"] == digest
    for look in BOTH.values():
        assert look(answer.text, digest) is None
    again = client.get(f"/contests/{slug}/result.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert client.head(f"/contests/{slug}/result.json").content_length == len(answer.data)


def test_the_pages_say_the_digest_and_how_to_verify(app: Flask, client: FlaskClient, slug: str) -> None:
    digest = seal_it(app, slug)
    page = client.get(f"/contests/{slug}/seal").text
    assert all(digest[start : start + 8] in page for start in range(0, 64, 8))
    assert "怎样核验" in page and f"/contests/{slug}/result.json" in page
    for path in (f"/contests/{slug}", f"/contests/{slug}/standings", f"/contests/{slug}/standings?by=unit"):
        assert digest[:8] in client.get(path).text and f"/contests/{slug}/seal" in client.get(path).text
    script = client.get("/verify-result.py")
    assert script.status_code == 200 and b"def verify(" in script.data


def test_an_earlier_seal_stays_and_the_difference_is_shown(app: Flask, slug: str, now: datetime) -> None:
    first = seal_it(app, slug)
    with app.app_context():
        best = best_of(contest_of(slug))
        set_aside(best, now=now + CLOSES)
        code = best.entry.entry_code
    judge = signed_in_as(app, Role.JUDGE)
    url = f"/console/contests/{slug}/seal"
    assert "封存以后成绩又有改动" in judge.get(url).text
    assert post(judge, url, {"seen": "1", "reason": ""}).status_code == 422
    for reason in ("长" * 201, "打 13800138000 问过本人"):
        assert post(judge, url, {"seen": "1", "reason": reason}).status_code == 422
    assert post(judge, url, {"seen": "0", "reason": "复核"}).status_code == 409
    assert post(judge, url, {"seen": "1", "reason": "复核后更正"}).status_code == 303
    page = app.test_client().get(f"/contests/{slug}/seal").text
    assert "成绩有变动的 1 人" in page and "复核后更正" in page and code in page and "不排名" in page
    assert judge.get(f"/contests/{slug}/result.json?seal=1").get_json()["digest"] == first
    assert judge.get(f"/contests/{slug}/result.json").get_json()["records"][0]["previous"] == first
    assert judge.get(f"/contests/{slug}/result.json?seal=9").status_code == 404


def test_whoever_took_part_finds_the_own_code_and_the_way_to_it(app: Flask, client: FlaskClient, slug: str) -> None:
    with app.app_context():
        best = best_of(contest_of(slug))
        attempt_id, code = best.id, best.entry.entry_code
        sign_in(client, db.session.get_one(Person, best.entry.person_id))
    for path in (f"/attempts/{attempt_id}/result", "/me"):
        assert "封存的数据包" not in client.get(path).text and code in client.get(path).text
    seal_it(app, slug)
    for path in (f"/attempts/{attempt_id}/result", "/me"):
        page = client.get(path).text
        assert code in page and f'href="/contests/{slug}/seal"' in page
    assert f'"entry":"{code}"' in client.get(f"/contests/{slug}/result.json").text


def test_a_headcount_may_still_be_mended_after_sealing(app: Flask, slug: str) -> None:
    seal_it(app, slug)
    organiser = signed_in_as(app, Role.ORGANISER)
    url = f"/console/contests/{slug}/headcounts"
    assert f'href="{url}"' in organiser.get(f"/console/contests/{slug}").text
    assert "再次封存" in organiser.get(url).text
    assert post(organiser, url, {"place": "unit:A", "headcount": "6", "reason": "更正"}).status_code == 303
    with app.app_context():
        contest = contest_of(slug)
        last = seals.find.last_seal(contest.id)
        assert contest.state == "sealed" and last and seals.is_changed_since(last)
