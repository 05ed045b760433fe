"""复核提示: judges read what was found, in words that accuse nobody, and note what they think of it."""

from itertools import count

import pytest
from flask import Flask
from flask.testing import FlaskClient

from question_bank.database import db, transaction
from quiz.models import Signal
from quiz.queries.contests import contest_by_slug
from quiz.rules.permissions import Role
from quiz.rules.signals import SignalKind, Strength
from tests.builders import a_contest, a_person, a_street, an_ended_attempt, csrf_of, post, sign_in
from tests.conftest import MORNING
from tests.pages.test_setup import signed_in_as
from tests.players import a_member_of_staff

EVIDENCE = {
    SignalKind.FAST: {"answers": 20, "right": 19, "seconds_each": 2.1, "percent_of_usual": 14, "compared_with": 812},
    SignalKind.BURST: {"answers": 18, "right": 17, "seconds": 9.4, "silence_s": 421},
    SignalKind.AWAY: {"answers": 12, "of": 20, "right": 12, "expected_right": 7.9, "seconds": 191},
    SignalKind.PHONES: {"numbers": 9, "minutes": 14, "one_unit": False, "addresses": 1, "others": ["E2", "E3"]},
    SignalKind.DEVICE: {"accounts": 7, "others": ["E2", "E3"]},
}  # fmt: skip
SAID = {
    SignalKind.FAST: "答了 20 题，对 19 题，平均每题 2.1 秒，是大家答同样的题平常用时的 14 %（和 812 份答卷比）。",
    SignalKind.BURST: "7 分 1 秒没有存过答案，接着 9.4 秒里连存 18 题，其中对 17 题。",
    SignalKind.AWAY: "有 12 题在作答前离开过页面，一共 3 分 11 秒；这些题对了 12 题，按大家的正确率估计是 7.9 题。",
    SignalKind.PHONES: "9 个账号的手机号前后相连，在 14 分钟里一个接一个注册，来自 1 个网络地址。",
    SignalKind.DEVICE: "有 7 个账号在同一台设备上开始答题。",
}
_phones = count(13700000000, 1000)


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        return a_contest(MORNING).slug


def noticed(app: Flask, slug: str, *kinds: SignalKind, strength: Strength = Strength.STRONG, **person: object) -> int:
    """Somebody's ended attempt with these signals."""
    with app.app_context():
        contest = contest_by_slug(slug)
        assert contest
        who = a_person(MORNING, name="欧阳秘书长", phone=str(next(_phones)), **person)
        attempt = an_ended_attempt(contest, who, began=MORNING, ended=MORNING)
        with transaction() as session:
            for kind in kinds:
                session.add(
                    Signal(
                        contest_id=contest.id, attempt_id=attempt.id, kind=kind.value, strength=strength.value,
                        evidence=EVIDENCE[kind], found_at=MORNING,
                    )
                )  # fmt: skip
        return attempt.id


def path(slug: str) -> str:
    return f"/console/contests/{slug}/signals"


@pytest.mark.parametrize("kind", list(SignalKind))
def test_a_judge_reads_the_figures_in_words_that_accuse_nobody(app: Flask, slug: str, kind: SignalKind) -> None:
    noticed(app, slug, kind)
    page = signed_in_as(app, Role.JUDGE).get(path(slug)).text
    assert (SAID[kind] in page and "也会这样" in page) or "就是这样" in page
    assert "提示本身供评委参考，不影响成绩" in page and "不能据此认定任何人" in page
    assert "欧阳**" in page and "秘书长" not in page and "1370000" not in page
    assert not [word for word in ("作弊", "违规", "可疑", "嫌疑", "异常") if word in page]


def test_weak_ones_stand_apart(app: Flask, slug: str) -> None:
    noticed(app, slug, SignalKind.BURST, strength=Strength.WEAK)
    judge = signed_in_as(app, Role.JUDGE)
    page = judge.get(path(slug)).text
    assert "待看 0" in page and "只有一条弱提示 1" in page and "连存 18 题" not in page
    assert "连存 18 题" in judge.get(path(slug), query_string={"show": "weak"}).text
    assert "待看 0" in judge.get(path(slug), query_string={"show": "no-such", "page": "x"}).text


def test_looking_and_noting_change_no_score(app: Flask, slug: str) -> None:
    attempt_id = noticed(app, slug, SignalKind.DEVICE)
    judge = signed_in_as(app, Role.JUDGE)
    ladder = judge.get(f"/contests/{slug}/standings", headers={"Accept": "application/json"}).get_json()["rows"]
    given = {"note": "社区平板，<b>已核实</b>", "go": "keep"}
    assert post(judge, f"{path(slug)}/{attempt_id}", given).status_code == 303
    page = judge.get(path(slug), query_string={"show": "noted"}).text
    assert "社区平板，&lt;b&gt;已核实&lt;/b&gt;" in page and "待看 0" in page
    looked = post(judge, path(slug), follow_redirects=True)
    assert "看过 1 份答卷：0 份有提示" in looked.text
    assert "社区平板" in judge.get(path(slug), query_string={"show": "noted"}).text
    assert judge.get(f"/contests/{slug}/standings", headers={"Accept": "application/json"}).get_json()["rows"] == ladder
    record = judge.get("/console/audit").text
    assert "查找复核提示" in record and "看过答卷，保留" in record and "社区平板" not in record


@pytest.mark.parametrize("text", ["", "   ", "字" * 301])
def test_a_note_that_cannot_be_kept_is_said_at_its_attempt(app: Flask, slug: str, text: str) -> None:
    attempt_id = noticed(app, slug, SignalKind.DEVICE)
    reply = post(signed_in_as(app, Role.JUDGE), f"{path(slug)}/{attempt_id}", {"note": text})
    assert reply.status_code == 422 and 'role="alert"' in reply.text


def test_only_judges_and_only_within_their_scope(app: Flask, slug: str, client: FlaskClient) -> None:
    with app.app_context():
        here, elsewhere = a_street(), a_street()
        judge = a_member_of_staff(Role.JUDGE, street=here.code, now=MORNING)
    mine = noticed(app, slug, SignalKind.DEVICE, street=here)
    other = noticed(app, slug, SignalKind.PHONES, street=elsewhere)
    assert client.get(path(slug)).status_code == 303
    for role in (Role.ORGANISER, Role.STREET_MANAGER, Role.ADMINISTRATOR, Role.REVIEWER):
        assert signed_in_as(app, role).get(path(slug)).status_code == 403
    with app.app_context():
        sign_in(client, db.session.merge(judge))
    page = client.get(path(slug)).text
    assert SAID[SignalKind.DEVICE] in page and SAID[SignalKind.PHONES] not in page and "待看 1" in page
    assert post(client, f"{path(slug)}/{other}", {"note": "看过"}).status_code == 404
    assert post(client, f"{path(slug)}/{mine}", {"note": "看过"}).status_code == 303
    assert post(client, path(slug)).status_code == 403 and "重新查找" not in page


def test_nothing_is_there_for_drafts_and_unknown_contests(app: Flask, draft: str) -> None:
    judge = signed_in_as(app, Role.JUDGE)
    for slug in (draft, "no-such"):
        assert judge.get(path(slug)).status_code == 404
        assert judge.post(path(slug), data={"csrf_token": csrf_of(judge)}).status_code == 404


def test_the_page_is_found_from_the_results(app: Flask, slug: str) -> None:
    assert path(slug) in signed_in_as(app, Role.JUDGE).get("/console/results").text
    assert path(slug) not in signed_in_as(app, Role.ORGANISER).get("/console/results").text
