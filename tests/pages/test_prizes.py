"""抽奖 through the pages: a judge's steps, what everybody sees, what only the winner sees, and the desk."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from question_bank.database import db
from quiz.models import Attempt, Contest, DrawWinner, Person, PrizeDraw, StaffRole
from quiz.queries import prizes as find
from quiz.rules.permissions import Role
from quiz.rules.prizes import check_draw
from quiz.web.views.draws import prizes_of
from tests.builders import a_street, again, csrf_of, sign_in
from tests.conftest import StillClock
from tests.pages.test_setup import messages_of, post, signed_in_as
from tests.prize_builders import (
    AFTER,
    APPEARS,
    NUMBER,
    SEED,
    SOURCE,
    a_draw,
    a_finished_draw,
    a_played_contest,
    announced,
    fixed,
)

FORM = {
    "title": "答题抽奖", "method": "chance", "step": "3", "floor": "0",
    "tiers-0-name": "一等奖", "tiers-0-prizes": "1", "tiers-0-substitutes": "1", "tiers-0-least": "24",
    "tiers-0-prize": "电水壶", "tiers-1-name": "二等奖", "tiers-1-prizes": "2",
    "claim_until": "2026-07-01", "claim_where": "街道办事处一楼",
}  # fmt: skip


@pytest.fixture
def contest(app: Flask, clock: StillClock) -> Contest:
    with app.app_context():
        found = a_played_contest(title="夏季竞赛")
    clock.now = AFTER
    return found


@pytest.fixture
def judge(app: Flask) -> FlaskClient:
    return signed_in_as(app, Role.JUDGE)


def send(client: FlaskClient, url: str, **given: str) -> tuple[int, str]:
    answer = client.post(url, data={"csrf_token": csrf_of(client), **given})
    return answer.status_code, client.get(answer.location).text if answer.status_code == 303 else answer.text


def drawn_at(app: Flask, contest: Contest, clock: StillClock) -> tuple[PrizeDraw, list[DrawWinner]]:
    with app.app_context():
        draw = a_finished_draw(contest, claim_where="街道办事处一楼")
        clock.now = APPEARS + timedelta(hours=1)
        return draw, find.winners_of(draw.id)


def person_of(app: Flask, client: FlaskClient, winner: DrawWinner) -> None:
    with app.app_context():
        sign_in(client, db.session.get_one(Person, winner.entry.person_id))


# --- the judge -------------------------------------------------------------------------------------------------------


def test_a_judge_takes_a_draw_from_its_setting_up_to_its_winners(
    app: Flask, contest: Contest, judge: FlaskClient, clock: StillClock
) -> None:
    base = f"/console/contests/{contest.slug}/draws"
    status, page = send(judge, f"{base}/new", **FORM)
    assert status == 303 and "固定名单" in page and "24 分以上（含）" in page
    status, page = send(judge, f"{base}/1/fix")
    assert "名单已固定，共 7 人" in page and "公布开奖号码的名称和时间" in page
    status, page = send(judge, f"{base}/1/announce", source=SOURCE, public_at="2026-06-20T21:15")
    assert status == 303 and "等号码" in page and "21:15" in page
    status, page = send(judge, f"{base}/1/number", number=NUMBER)
    assert status == 422 and "21:15 才公布" in messages_of(page)
    clock.now = APPEARS + timedelta(hours=2)
    screen = f"/contests/{contest.slug}/draws/1/screen"
    assert "录入并开奖" in judge.get(screen).text
    status, page = send(judge, f"{base}/1/number", number=NUMBER, next=screen)
    assert status == 303 and NUMBER in page and "下一屏" in page
    page = judge.get(f"{base}/1").text
    assert page.count("欧阳文") == 3 and "138" in page and "放弃或未领" in page
    status, page = send(judge, f"{base}/1/number", number="359")
    assert status == 422 and f"已经录入：{NUMBER}" in messages_of(page)
    status, page = send(judge, f"{base}/1/abandon", reason="不算")
    assert status == 422 and "不能再放弃" in messages_of(page)
    record = judge.get("/console/audit").text
    for act in ("设置抽奖", "固定抽奖名单", "公布开奖号码的名称和时间", "录入开奖号码，产生中奖者"):
        assert act in record
    public = json.loads(judge.get(f"/contests/{contest.slug}/draws/1.json").text)
    assert check_draw(public) is None and public["public_number"] == NUMBER


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": ""}, "请填名称"),
        ({"tiers-0-prizes": "0"}, "名额要有"),
        ({"tiers-0-prizes": "x"}, "请填整数"),
        ({"tiers-1-name": "一等奖"}, "不能同名"),
        ({"tiers-0-below": "20"}, "上限要高于下限"),
        ({"floor": "30"}, "最低下调到"),
        ({"claim_until": "2026-13-01"}, "这样的日期"),
        ({"claim_until": "明天"}, "这样的日期"),
        ({"method": "x"}, "从列表里选"),
        ({"method": "rank"}, "没有候补"),
        ({"tiers-0-name": "甲|乙"}, "竖线"),
        ({name: "" for name in FORM if name.startswith("tiers")}, "奖级要有"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_and_nothing_is_set_up(
    app: Flask, contest: Contest, judge: FlaskClient, changes: dict[str, str], said: str
) -> None:
    status, page = send(judge, f"/console/contests/{contest.slug}/draws/new", **{**FORM, **changes})
    assert status == 422 and said in page
    with app.app_context():
        assert find.draws_of(contest.id) == []


def test_a_contest_that_is_still_open_is_not_drawn(
    app: Flask, contest: Contest, judge: FlaskClient, clock: StillClock
) -> None:
    clock.now = AFTER - timedelta(hours=1)
    assert "之后可以设置抽奖" in judge.get("/console/draws").text
    status, page = send(judge, f"/console/contests/{contest.slug}/draws/new", **FORM)
    assert status == 422 and "竞赛还没有结束" in page


def test_a_wrong_step_is_refused_in_words(app: Flask, contest: Contest, judge: FlaskClient) -> None:
    with app.app_context():
        a_draw(contest)
    base = f"/console/contests/{contest.slug}/draws/1"
    for act, given, said in (
        ("announce", {"source": SOURCE, "public_at": "2026-06-21T21:15"}, "请先固定名单"),
        ("announce", {"source": SOURCE, "public_at": "2020-01-01T21:15"}, "在以后"),
        ("announce", {"source": SOURCE, "public_at": "x"}, "有 1 处要改"),
        ("number", {"number": "1"}, "还没有公布"),
        ("number", {"number": ""}, "请填开奖号码"),
        ("award", {}, "要有开奖号码"),
        ("abandon", {"reason": "请打 13812345678"}, "不要写手机号"),
    ):
        status, page = send(judge, f"{base}/{act}", **given)
        assert status == 422 and said in page, act
    assert judge.post(f"{base}/anything", data={"csrf_token": csrf_of(judge)}).status_code == 404
    assert judge.get(f"/console/contests/{contest.slug}/draws/9").status_code == 404


@pytest.mark.parametrize("role", [Role.ORGANISER, Role.ADMINISTRATOR, Role.STREET_MANAGER, Role.REVIEWER])
def test_only_judges_draw(app: Flask, contest: Contest, role: Role) -> None:
    other = signed_in_as(app, role)
    with app.app_context():
        a_draw(contest)
    base = f"/console/contests/{contest.slug}/draws"
    assert other.get("/console/draws").status_code == other.get(f"{base}/1").status_code == 403
    assert post(other, f"{base}/1/fix").status_code == 403 if role is Role.ORGANISER else True


def test_a_judge_of_one_street_draws_nothing_of_the_district(app: Flask, contest: Contest) -> None:
    judge = signed_in_as(app, Role.JUDGE)
    with app.app_context():
        a_draw(contest)
        street = a_street()
        role = db.session.scalars(select(StaffRole).order_by(StaffRole.id.desc())).first()
        assert role
        role.street_id = street.id
        db.session.commit()
    assert judge.get(f"/console/contests/{contest.slug}/draws/1").status_code == 404
    assert judge.get("/console/prizes").status_code == 404


def test_a_substitute_steps_in_on_the_pages(
    app: Flask, contest: Contest, judge: FlaskClient, client: FlaskClient, clock: StillClock
) -> None:
    _draw, winners = drawn_at(app, contest, clock)
    gone, successor = winners[2], winners[4]
    url = f"/console/contests/{contest.slug}/draws/1/winners/{gone.id}"
    assert "欧阳文" in judge.get(url).text
    assert send(judge, url, why="x")[0] == 422
    status, page = send(judge, url, why="declined", note="本人来电")
    assert status == 303 and f"由候补 {successor.entry.entry_code}" in page and "本人来电" in page
    assert judge.get(url).status_code == 404
    public = client.get(f"/contests/{contest.slug}/draws/1").text
    assert "本人放弃" in public and "候补递补" in public and "本人来电" not in public


# --- everybody -------------------------------------------------------------------------------------------------------


def test_before_its_list_is_fixed_a_draw_is_nobodys_business(app: Flask, contest: Contest, client: FlaskClient) -> None:
    with app.app_context():
        draw = a_draw(contest)
    base = f"/contests/{contest.slug}/draws/1"
    assert [client.get(base + part).status_code for part in ("", ".json", "/screen")] == [404] * 3
    assert "答题抽奖" not in client.get(f"/contests/{contest.slug}").text
    with app.app_context():
        fixed(again(draw))
    assert [client.get(base + part).status_code for part in ("", ".json", "/screen")] == [200] * 3
    assert f'href="{base}"' in client.get(f"/contests/{contest.slug}").text


def test_the_seed_is_in_no_byte_before_the_draw(
    app: Flask, contest: Contest, client: FlaskClient, judge: FlaskClient
) -> None:
    with app.app_context():
        draw = announced(fixed(a_draw(contest)))
        assert again(draw).seed == SEED
    for who in (client, judge):
        for path in ("", ".json", "/screen"):
            page = who.get(f"/contests/{contest.slug}/draws/1{path}").text
            assert SEED not in page and again_digest(app, draw) in page
    assert SEED not in judge.get(f"/console/contests/{contest.slug}/draws/1").text
    assert SEED not in judge.get("/console/audit").text


def again_digest(app: Flask, draw: PrizeDraw) -> str:
    with app.app_context():
        return str(again(draw).seed_sha256)


def test_names_are_masked_in_public_and_codes_are_the_winners_own(
    app: Flask, contest: Contest, client: FlaskClient, clock: StillClock
) -> None:
    _draw, winners = drawn_at(app, contest, clock)
    codes = [winner.check_code for winner in winners if winner.check_code]
    for path in ("", ".json", "/screen", *(f"/screen?scene={at}" for at in range(1, 5)), "/screen?scene=x"):
        page = client.get(f"/contests/{contest.slug}/draws/1{path}").text
        assert "欧阳文" not in page and not re.search(r"\b138\d{8}\b", page)
        assert not any(code[:4] in page for code in codes)
    public = client.get(f"/contests/{contest.slug}/draws/1").text
    assert public.count("欧阳*") == 3 and winners[0].entry.entry_code in public and SEED in public


def test_the_big_screen_goes_tier_by_tier_from_the_lowest_up(
    app: Flask, contest: Contest, client: FlaskClient, clock: StillClock
) -> None:
    _draw, winners = drawn_at(app, contest, clock)
    scenes = [client.get(f"/contests/{contest.slug}/draws/1/screen?scene={at}").text for at in range(4)]
    heads = [re.search(r"<h1>(.*?)</h1>", page, re.S) for page in scenes]
    assert [head and head[1] for head in heads] == ["答题抽奖", "二等奖", "一等奖", "祝贺各位"]
    assert NUMBER in scenes[0] and winners[0].entry.entry_code in scenes[2]
    assert winners[0].entry.entry_code not in scenes[1] and "录入并开奖" not in "".join(scenes)
    assert client.get(f"/contests/{contest.slug}/draws/1/screen?scene=99").text.count("祝贺各位") == 1


# --- the winner ------------------------------------------------------------------------------------------------------


def test_a_winner_reads_the_code_on_the_own_pages_and_nobody_else(
    app: Flask, contest: Contest, client: FlaskClient, clock: StillClock
) -> None:
    _draw, winners = drawn_at(app, contest, clock)
    winner, loser = winners[0], winners[-1]
    code = winner.check_code or ""
    person_of(app, client, winner)
    with app.app_context():
        attempt_id = db.session.scalars(select(Attempt.id).where(Attempt.entry_id == winner.entry_id)).first()
    for path in ("/me", f"/attempts/{attempt_id}/result", f"/contests/{contest.slug}/draws/1"):
        page = client.get(path).text
        assert "您得了一等奖" in page and f"{code[:4]}-{code[4:]}" in page and "街道办事处一楼" in page
    other = app.test_client()
    person_of(app, other, loser)
    assert "您得了" not in other.get("/me").text
    page = other.get(f"/contests/{contest.slug}/draws/1").text
    assert "您在名单里" in page and "这次没有中" in page and code[:4] not in page


def test_on_the_shared_device_of_a_stall_no_code_is_shown(app: Flask, contest: Contest, clock: StillClock) -> None:
    _draw, winners = drawn_at(app, contest, clock)
    with app.test_request_context():
        won = app.jinja_env.get_template("draws/_won.html").module.won  # type: ignore[attr-defined]  # a macro of the template
        prizes = prizes_of(winners[0].entry_id)
        shown, hidden = str(won(prizes, None)), str(won(prizes, object()))
    assert prizes[0]["code"] in shown
    assert prizes[0]["code"] not in hidden and "您得了一等奖" in hidden and "自己的手机" in hidden


# --- the desk --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.JUDGE, Role.ORGANISER])
def test_the_desk_looks_first_and_hands_over_once(
    app: Flask, contest: Contest, client: FlaskClient, clock: StillClock, role: Role
) -> None:
    desk = signed_in_as(app, role)
    _draw, winners = drawn_at(app, contest, clock)
    code = (winners[0].check_code or "").lower()
    status, page = send(desk, "/console/prizes", code=code)
    assert status == 200 and "欧阳*" in page and "一等奖" in page and "电水壶" in page and "欧阳文" not in page
    status, page = send(desk, "/console/prizes/hand-over", code=code)
    assert status == 303 and "已登记：欧阳* 领走一等奖（电水壶）" in page
    status, page = send(desk, "/console/prizes/hand-over", code=code)
    assert status == 409 and "已经领过" in page and "张三登记" in page
    person_of(app, client, winners[0])
    assert "领取。" in client.get("/me").text and "核销码" not in client.get("/me").text


def test_a_wrong_code_is_said_and_tries_have_an_end(app: Flask, contest: Contest, judge: FlaskClient) -> None:
    for left in range(9, -1, -1):
        status, page = send(judge, "/console/prizes", code="ZZZZ-ZZZZ")
        assert status == 422 and f"还可以试 {left} 次" in messages_of(page)
    assert send(judge, "/console/prizes", code="ZZZZ-ZZZZ")[0] == 429
    assert send(judge, "/console/prizes/hand-over", code="ZZZZ-ZZZZ")[0] == 429
    assert send(judge, "/console/prizes", code=" ")[0] == 422


@pytest.mark.parametrize("role", [Role.STREET_MANAGER, Role.UNIT_MANAGER, Role.ADMINISTRATOR, Role.REVIEWER])
def test_nobody_else_stands_at_the_desk(app: Flask, role: Role) -> None:
    assert signed_in_as(app, role).get("/console/prizes").status_code == 403
