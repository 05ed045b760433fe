"""晋级 through the pages: a judge looks first, then applies; others are told that they are not in."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from question_bank.database import db
from quiz.models import Contest, Person
from quiz.queries import stages as find
from quiz.rules.permissions import Role
from tests.builders import a_contest, a_person, again, csrf_of, post, sign_in
from tests.conftest import StillClock
from tests.pages.test_setup import messages_of, signed_in_as
from tests.prize_builders import AFTER, a_played_contest
from tests.services.test_stages import in_order

RULE = {"by": "rank", "n": "2", "mark": ""}


@pytest.fixture
def contests(app: Flask, clock: StillClock) -> tuple[Contest, Contest]:
    """An earlier contest that is over, and a final that is open."""
    with app.app_context():
        earlier = a_played_contest(title="初赛")
        final = a_contest(AFTER, title="决赛", opens_at=AFTER, closes_at=AFTER + timedelta(days=30))
        for contest in (earlier, final):
            db.session.refresh(contest)
    clock.now = AFTER
    return earlier, final


@pytest.fixture
def judge(app: Flask) -> FlaskClient:
    return signed_in_as(app, Role.JUDGE)


def base_of(final: Contest) -> str:
    return f"/console/contests/{final.slug}/admissions"


def looked_at(
    judge: FlaskClient, earlier: Contest, final: Contest, rule: dict[str, str] = RULE
) -> tuple[int, str, dict[str, str]]:
    given = {"earlier": earlier.slug, **RULE, **rule}
    answer = judge.get(f"{base_of(final)}/preview", query_string=given)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    return answer.status_code, answer.text, fields


def signed_in(app: Flask, client: FlaskClient, person: Person) -> FlaskClient:
    with app.app_context():
        sign_in(client, again(person))
    return client


def test_a_judge_looks_first_and_applies_what_was_seen(
    app: Flask, contests: tuple[Contest, Contest], judge: FlaskClient, client: FlaskClient
) -> None:
    earlier, final = contests
    status, page, fields = looked_at(judge, earlier, final)
    assert status == 200 and "个人榜前 2 名" in page and page.count("欧阳*") == 2
    with app.app_context():
        assert find.admissions(final.id).total == 0
        best, _second, third = in_order(earlier)[:3]
    answer = judge.post(f"{base_of(final)}/apply", data=fields)
    assert answer.status_code == 303
    page = judge.get(base_of(final)).text
    assert "入围的人（2）" in page and page.count("欧阳文") == 2 and fields["digest"] in page
    assert post(signed_in(app, client, third), f"/contests/{final.slug}/attempts").status_code == 409
    answer = post(client, f"/contests/{final.slug}/attempts", headers={"Accept": "application/json"})
    assert answer.json and answer.json["reason"] == "not_admitted" and "入围" in answer.json["message"]
    page = client.get(f"/contests/{final.slug}").text
    assert "您不在入围名单里" in page and "开始答题</button>" not in page
    other = signed_in(app, app.test_client(), best)
    assert "开始答题</button>" in other.get(f"/contests/{final.slug}").text
    assert post(other, f"/contests/{final.slug}/attempts").status_code == 303
    assert "定入围名单" in judge.get("/console/audit").text


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"n": ""}, "前几名晋级"),
        ({"n": "x"}, "请填整数"),
        ({"by": "mark"}, "晋级的分数"),
        ({"by": "x"}, "从列表里选"),
        ({"earlier": "nowhere"}, "从列表里选"),
        ({"earlier": ""}, "从列表里选"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(
    contests: tuple[Contest, Contest], judge: FlaskClient, rule: dict[str, str], said: str
) -> None:
    status, page, _fields = looked_at(judge, *contests, rule)
    assert status == 422 and said in page


def test_what_was_not_looked_at_is_not_applied(
    app: Flask, contests: tuple[Contest, Contest], judge: FlaskClient
) -> None:
    earlier, final = contests
    _status, _page, fields = looked_at(judge, earlier, final)
    answer = judge.post(f"{base_of(final)}/apply", data={**fields, "n": "3"})
    assert answer.status_code == 422 and "您看过之后内容又有变化" in messages_of(answer.text)
    assert judge.post(f"{base_of(final)}/apply", data={**fields, "csrf_token": ""}).status_code == 403
    assert judge.post(f"{base_of(final)}/apply", data={**fields, "by": "x"}).status_code == 422
    with app.app_context():
        assert find.admissions(final.id).total == 0


def test_one_is_added_and_found(app: Flask, contests: tuple[Contest, Contest], judge: FlaskClient) -> None:
    earlier, final = contests
    _status, _page, fields = looked_at(judge, earlier, final)
    judge.post(f"{base_of(final)}/apply", data=fields)
    with app.app_context():
        person = a_person(AFTER, name="李强")
        phone = db.session.get_one(Person, person.id).phone or ""
    token = {"csrf_token": csrf_of(judge)}
    answer = judge.post(f"{base_of(final)}/add", data={**token, "phone": phone, "reason": ""})
    assert answer.status_code == 422 and "请填原因" in answer.text
    answer = judge.post(f"{base_of(final)}/add", data={**token, "phone": "13900000000", "reason": "替补"})
    assert answer.status_code == 422 and "没有找到这个人" in answer.text
    assert judge.post(f"{base_of(final)}/add", data={**token, "phone": phone, "reason": "替补"}).status_code == 303
    assert "替补" in judge.get(f"{base_of(final)}?q=李强").text
    for words in ("nobody", "%", "\u200b"):
        assert judge.get(base_of(final), query_string={"q": words}).status_code == 200


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.STREET_MANAGER, Role.ADMINISTRATOR])
def test_only_judges_decide_who_gets_in(app: Flask, contests: tuple[Contest, Contest], role: Role) -> None:
    assert signed_in_as(app, role).get(base_of(contests[1])).status_code == 403
