"""The judges' desk through its pages: one attempt after the other, its file, rulings about questions, marking anew."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from question_bank.database import db
from quiz.models import Attempt, Person
from quiz.queries.attempts import paper_contents
from quiz.queries.contests import contest_by_slug
from quiz.rules.permissions import Role
from quiz.rules.signals import SignalKind
from tests.builders import a_contest, a_person, a_street, an_ended_attempt, post, sign_in
from tests.conftest import MORNING, StillClock
from tests.contest_builders import FILL, MULTIPLE, SINGLE, TRUE_FALSE, a_question
from tests.pages.test_setup import signed_in_as
from tests.pages.test_signals import noticed
from tests.players import a_member_of_staff

PLAN = [{"kind": kind.value, "count": 1, "points": 5} for kind in (SINGLE, MULTIPLE, TRUE_FALSE, FILL)]


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        contents = [a_question(kind) for kind in (SINGLE, MULTIPLE, TRUE_FALSE, FILL)]
        return a_contest(MORNING, contents=contents, plan=PLAN, mix_questions=False, mix_options=False).slug


@pytest.fixture
def judge(app: Flask) -> FlaskClient:
    return signed_in_as(app, Role.JUDGE)


def ended(app: Flask, slug: str, *, right: int = 4, wrong: int = 0, **person: object) -> tuple[int, Person]:
    with app.app_context():
        contest = contest_by_slug(slug)
        assert contest
        who = a_person(MORNING, **{"name": "欧阳秘书", **person})  # type: ignore[arg-type]  # whatever a test gives by name
        attempt_id = an_ended_attempt(contest, who, began=MORNING, ended=MORNING, right=right, wrong=wrong).id
        db.session.refresh(who)
        db.session.expunge(who)
        return attempt_id, who


def version(app: Flask, attempt_id: int, position: int) -> int:
    with app.app_context():
        paper = paper_contents(attempt_id)
        assert paper
        return paper.positions[position - 1].line.version


def score_of(app: Flask, attempt_id: int) -> int | None:
    with app.app_context():
        return db.session.get_one(Attempt, attempt_id).score


def own_result(app: Flask, person: Person, attempt_id: int) -> str:
    client = app.test_client()
    sign_in(client, person)
    return client.get(f"/attempts/{attempt_id}/result").text


# --- the queue -------------------------------------------------------------------------------------------------------


def test_one_attempt_at_a_time_with_its_chart_and_the_way_on(app: Flask, slug: str, judge: FlaskClient) -> None:
    for _ in range(3):
        noticed(app, slug, SignalKind.DEVICE)
    assert re.search(r'复核 <span class="count">3</span>', judge.get("/console").text)
    path = f"/console/contests/{slug}/signals"
    page = judge.get(path).text
    assert page.count('<section class="card"') == 1 and "第 1 份，共 3 份" in page and "<svg" in page
    assert "style=" not in page
    assert f"{path}?page=2" in page and f"{path}?page=1" in judge.get(f"{path}?page=3").text
    attempt = re.search(r"/signals/(\d+)", page)
    assert attempt and post(judge, f"{path}/{attempt[1]}", {"go": "keep"}).status_code == 303
    assert "第 1 份，共 2 份" in judge.get(path).text and "待看 2" in judge.get("/console/review").text
    noted = post(judge, f"{path}/{attempt[1]}", {"go": "note", "note": "问过社区"}, follow_redirects=True)
    assert "已记下" in noted.text and "问过社区" in judge.get(f"{path}?show=noted").text


def test_setting_aside_needs_a_reason_and_the_participant_reads_it(app: Flask, slug: str, judge: FlaskClient) -> None:
    attempt_id = noticed(app, slug, SignalKind.DEVICE)
    path = f"/console/contests/{slug}/attempts/{attempt_id}/set-aside"
    for reason in ("", "打 13812345678 问过", "欧阳秘书长代答"):
        refused = post(judge, path, {"reason": reason})
        assert refused.status_code == 422 and 'role="alert"' in refused.text
    done = post(judge, path, {"reason": "一人多号"}, follow_redirects=True)
    assert "已作废" in done.text and "待看 0" in done.text
    ladder = judge.get(f"/contests/{slug}/standings", headers={"Accept": "application/json"}).get_json()
    assert ladder["total"] == 0
    with app.app_context():
        attempt = db.session.get_one(Attempt, attempt_id)
        person = attempt.entry.person
    assert person and "评委裁定这份答卷作废" in (page := own_result(app, person, attempt_id)) and "一人多号" in page
    assert "裁定答卷作废" in judge.get("/console/audit").text


# --- the file --------------------------------------------------------------------------------------------------------


def test_the_file_shows_all_that_is_kept(app: Flask, slug: str, judge: FlaskClient) -> None:
    attempt_id, person = ended(app, slug, right=2, wrong=1)
    page = judge.get(f"/console/contests/{slug}/attempts/{attempt_id}").text
    for words in ("欧阳秘书", "和现在存着的内容相符", "交卷时", "10/20", "没有答", "9:00:00", "1 次", "版本"):
        assert words in page, words
    assert person.phone not in page and "style=" not in page
    with app.app_context():
        code = db.session.get_one(Attempt, attempt_id).entry.entry_code
    found = judge.get(f"/console/contests/{slug}/attempts?code={code.lower()}")
    assert found.location.endswith(f"/attempts/{attempt_id}")
    assert "没有找到" in judge.get(f"/console/contests/{slug}/attempts?code=XX", follow_redirects=True).text


def test_what_was_changed_by_hand_no_longer_fits_its_receipt(app: Flask, slug: str, judge: FlaskClient) -> None:
    attempt_id, _person = ended(app, slug)
    with app.app_context():
        db.session.get_one(Attempt, attempt_id).receipt = "0" * 64
        db.session.commit()
    assert "和现在存着的内容不符" in judge.get(f"/console/contests/{slug}/attempts/{attempt_id}").text


def test_two_side_by_side(app: Flask, slug: str, judge: FlaskClient) -> None:
    one, _ = ended(app, slug)
    other, _ = ended(app, slug, right=1, wrong=3)
    page = judge.get(f"/console/contests/{slug}/attempts/{one}?beside={other}").text
    assert "两份卷子里都有的题（4 题）" in page and page.count('class="attempt-file"') == 2
    assert 'name="reason"' not in page
    with app.app_context():
        code = db.session.get_one(Attempt, other).entry.entry_code
    asked = judge.get(f"/console/contests/{slug}/attempts?code={code}&of={one}")
    assert asked.location.endswith(f"/attempts/{one}?beside={other}")
    assert judge.get(f"/console/contests/{slug}/attempts/{one}?beside=99999").status_code == 404


def test_from_the_file_it_is_set_aside_as_an_entry_and_restored(app: Flask, slug: str, judge: FlaskClient) -> None:
    attempt_id, _person = ended(app, slug)
    path = f"/console/contests/{slug}/attempts/{attempt_id}"
    assert post(judge, f"{path}/set-aside", {"reason": "", "back": "file"}).status_code == 422
    aside = post(judge, f"{path}/set-aside", {"reason": "不是本区的人", "whole": "1", "back": "file"})
    assert aside.location.endswith(path)
    page = judge.get(path).text
    assert "作废（整个参赛资格）" in page and "不是本区的人" in page
    undo = re.search(r'action="([^"]+/rulings/\d+/undo)"', page)
    assert undo and post(judge, undo[1], {"reason": ""}).status_code == 422
    assert post(judge, undo[1], {"reason": "核实是本区的"}).status_code == 303
    assert "不计入成绩" not in judge.get(path).text


def test_only_judges_and_within_their_scope(app: Flask, slug: str, client: FlaskClient) -> None:
    with app.app_context():
        here, elsewhere = a_street(), a_street()
        local = a_member_of_staff(Role.JUDGE, street=here.code, now=MORNING)
    mine, _ = ended(app, slug, street=here)
    other, _ = ended(app, slug, street=elsewhere)
    path = f"/console/contests/{slug}/attempts"
    with app.app_context():
        sign_in(client, db.session.merge(local))
    assert client.get(f"{path}/{mine}").status_code == 200
    for refused in (f"{path}/{other}", f"{path}/{mine}?beside={other}"):
        assert client.get(refused).status_code == 404
    assert post(client, f"{path}/{other}/set-aside", {"reason": "看过"}).status_code == 404
    assert client.get(f"/console/contests/{slug}/rulings").status_code == 403
    assert client.get(f"/console/contests/{slug}/remarking").status_code == 403
    for role in (Role.ORGANISER, Role.STREET_MANAGER, Role.ADMINISTRATOR, Role.REVIEWER):
        staff = signed_in_as(app, role)
        for address in ("/console/review", f"{path}/{mine}", f"/console/contests/{slug}/rulings"):
            assert staff.get(address).status_code == 403


# --- questions -------------------------------------------------------------------------------------------------------


def test_a_wrong_key_from_ruling_to_result(app: Flask, slug: str, judge: FlaskClient) -> None:
    attempt_id, person = ended(app, slug, right=3)
    wrong = version(app, attempt_id, 1)
    before = own_result(app, person, attempt_id)
    form = f"/console/contests/{slug}/questions/{wrong}/ruling"
    assert "出题时的答案：<strong>A</strong>" in judge.get(form).text
    assert form in judge.get(f"/console/contests/{slug}/questions").text
    for given in ({}, {"kind": "another_key", "choice": "1", "reason": "同"}, {"kind": "full_marks", "reason": ""}):
        assert post(judge, form, given).status_code == 422
    made = post(judge, form, {"kind": "another_key", "choice": "2", "reason": "条文已改"}, follow_redirects=True)
    assert "更正答案：A 改为 B" in made.text and "有裁定还没有用到" in made.text and "题库里这道题也改了" in made.text
    page = own_result(app, person, attempt_id)
    assert "评委更正了这道题的答案" in page and "条文已改" in page and "重新阅卷以后" in page
    assert "见条文。" in before and page.count("见条文。") == before.count("见条文。") - 1

    path = f"/console/contests/{slug}/remarking"
    looked = post(judge, path, follow_redirects=True).text
    assert "照预览改分（1 份）" in looked and "0 份加分，1 份减分" in looked and "−5" in looked.replace("-5", "−5")
    assert score_of(app, attempt_id) == 1500
    apply = re.search(r'action="([^"]+/apply)"', looked)
    assert apply
    done = post(judge, apply[1], follow_redirects=True).text
    assert "重新阅卷完成，改了 1 份答卷" in done and score_of(app, attempt_id) == 1000
    assert "重新阅卷以后" not in own_result(app, person, attempt_id)
    assert "有裁定还没有用到" not in judge.get(f"/console/contests/{slug}/rulings").text
    file = judge.get(f"/console/contests/{slug}/attempts/{attempt_id}").text
    assert "2 重新阅卷" in file and "和现在存着的内容相符" in file and "更正答案（裁定" in file
    assert post(judge, apply[1]).status_code == 303  # a second tap


def test_a_ruling_after_the_look_is_said(app: Flask, slug: str, judge: FlaskClient) -> None:
    attempt_id, _person = ended(app, slug, right=0, wrong=4)
    form = f"/console/contests/{slug}/questions/{version(app, attempt_id, 1)}/ruling"
    path = f"/console/contests/{slug}/remarking"
    post(judge, form, {"kind": "full_marks", "reason": "题干有误"})
    apply = re.search(r'action="([^"]+/apply)"', post(judge, path, follow_redirects=True).text)
    undo = re.search(r'action="([^"]+/undo)"', judge.get(f"/console/contests/{slug}/rulings").text)
    assert apply and undo
    assert post(judge, undo[1], {"reason": "题干没有错"}).status_code == 303
    refused = post(judge, apply[1])
    assert refused.status_code == 409 and "没有改动任何成绩，请重新预览" in refused.text
    assert "请重新预览" in judge.get(path).text and score_of(app, attempt_id) == 0


def test_full_marks_and_out_of_the_total_are_said_on_the_result(app: Flask, slug: str, judge: FlaskClient) -> None:
    attempt_id, person = ended(app, slug, right=0, wrong=4)
    for position, kind in ((1, "full_marks"), (2, "out_of_total")):
        form = f"/console/contests/{slug}/questions/{version(app, attempt_id, position)}/ruling"
        assert post(judge, form, {"kind": kind, "reason": "题干有误"}).status_code == 303
    post(judge, f"/console/contests/{slug}/remarking")
    page = judge.get(f"/console/contests/{slug}/remarking").text
    apply = re.search(r'action="([^"]+/apply)"', page)
    assert apply and post(judge, apply[1]).status_code == 303
    result = own_result(app, person, attempt_id)
    assert "全体给分" in result and "不计分的 1 题" in result and "满分 15 分" in result
    assert "看错题（2 题）" in result


def test_another_text_for_a_blank_and_the_judgement(app: Flask, slug: str, judge: FlaskClient) -> None:
    attempt_id, _person = ended(app, slug)
    blank = f"/console/contests/{slug}/questions/{version(app, attempt_id, 4)}/ruling"
    made = post(judge, blank, {"kind": "another_key", "blank1": "12315\n12345", "reason": "两个都行"})
    assert made.status_code == 303
    judgement = f"/console/contests/{slug}/questions/{version(app, attempt_id, 3)}/ruling"
    assert post(judge, judgement, {"kind": "another_key", "choice": "2", "reason": "说反了"}).status_code == 303
    page = judge.get(f"/console/contests/{slug}/rulings").text
    assert "12315 改为 12315 或 12345" in page and "对 改为 错" in page
    assert judge.get(f"/console/contests/{slug}/questions/99999/ruling").status_code == 404


def test_keys_that_wait_keep_the_ruling_waiting(app: Flask, judge: FlaskClient, clock: StillClock) -> None:
    with app.app_context():
        contents = [a_question(kind) for kind in (SINGLE, MULTIPLE, TRUE_FALSE, FILL)]
        slug = a_contest(MORNING, contents=contents, plan=PLAN, keys_shown="after_contest").slug
    attempt_id, person = ended(app, slug)
    with app.app_context():
        paper = paper_contents(attempt_id)
        assert paper
        by_kind = {at.content.kind: at.line.version for at in paper.positions}
    path = f"/console/contests/{slug}/questions/{{}}/ruling"
    another = {"kind": "another_key", "choice": "2", "reason": "应当是乙"}
    assert post(judge, path.format(by_kind[SINGLE]), another).status_code == 303
    full_marks = {"kind": "full_marks", "reason": "其实说反了"}
    assert post(judge, path.format(by_kind[TRUE_FALSE]), full_marks).status_code == 303
    page = own_result(app, person, attempt_id)
    assert "评委裁定这道题全体给分" in page and "其实说反了" not in page
    assert "评委更正" not in page
    assert "应当是乙" not in page
    clock.forward(days=400)
    page = own_result(app, person, attempt_id)
    assert "应当是乙" in page and "其实说反了" in page


# --- appeals ---------------------------------------------------------------------------------------------------------


def test_an_appeal_reaches_the_queue_and_its_answer_the_result(
    app: Flask, slug: str, judge: FlaskClient, client: FlaskClient
) -> None:
    attempt_id, person = ended(app, slug)
    sign_in(client, person)
    path = f"/attempts/{attempt_id}/appeal"
    for text in ("", "字" * 301, "请打 13812345678"):
        assert post(client, path, {"text": text}).status_code == 422
    assert post(client, path, {"text": "我的手机<b>断网</b>了"}).status_code == 303
    assert "先前写的不变" in post(client, path, {"text": "再说一次"}, follow_redirects=True).text
    assert re.search(r'意见和申诉 <span class="count">1</span>', judge.get("/console").text)
    queue = judge.get("/console/reports").text
    assert "我的手机&lt;b&gt;断网&lt;/b&gt;了" in queue and "欧阳**" in queue and "欧阳秘书" not in queue
    assert "我的手机" not in signed_in_as(app, Role.ORGANISER).get("/console/reports").text
    answer = f"/console/appeals/{attempt_id}"
    for given in ({"answer": "好"}, {"outcome": "upheld", "answer": ""}, {"outcome": "maybe", "answer": "好"}):
        assert post(judge, answer, given).status_code == 422
    assert post(judge, answer, {"outcome": "dismissed", "answer": "服务器记录完整。"}).status_code == 303
    assert post(judge, answer, {"outcome": "upheld", "answer": "又看了一遍。"}).status_code == 409
    assert "服务器记录完整。" in judge.get("/console/reports?show=answered").text
    page = client.get(f"/attempts/{attempt_id}/result").text
    assert "维持原来的结果" in page and "服务器记录完整。" in page
    assert "答复申诉" in judge.get("/console/audit").text
    assert post(signed_in_as(app, Role.ORGANISER), answer, {}).status_code == 403


def test_nobody_appeals_for_another_before_the_end_or_after_the_sealing(
    app: Flask, slug: str, client: FlaskClient
) -> None:
    attempt_id, person = ended(app, slug)
    with app.app_context():
        sign_in(client, a_person(MORNING))
    assert post(client, f"/attempts/{attempt_id}/appeal", {"text": "不服"}).status_code == 404
    running = post(client, f"/contests/{slug}/attempts").location
    assert post(client, f"{running}/appeal", {"text": "不服"}).status_code == 409
    with app.app_context():
        contest = contest_by_slug(slug)
        assert contest
        contest.state = "sealed"
        db.session.commit()
    sign_in(client, person)
    assert "对这次成绩有疑问" not in client.get(f"/attempts/{attempt_id}/result").text
    assert post(client, f"/attempts/{attempt_id}/appeal", {"text": "不服"}).status_code == 422
