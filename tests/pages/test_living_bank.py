"""Living with a bank: find questions, bring one back, tag them, review them within one's own domain."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from question_bank import queries
from question_bank.database import db, transaction
from question_bank.models import Domain, Question, QuestionReview
from question_bank.service import import_file
from question_bank.writing import bank_workbook
from quiz.models import AuditEntry, StaffRole
from quiz.rules.permissions import Role
from tests.conftest import MORNING
from tests.contest_builders import a_question
from tests.pages.test_setup import post, signed_in_as


@pytest.fixture
def bank_id(app: Flask) -> int:
    """Four questions: two of 产品 (one under 食品), one of 环境, one without a domain."""
    contents = [
        a_question(domain="产品/食品", stem="食品标签", explanation="看配料", valid_until=date(2026, 6, 1)),
        a_question(domain="产品", stem="电器", options=("插座", "灯泡"), choices=frozenset({1}), source="某标准"),
        a_question(domain="环境", stem="垃圾分类", valid_until=date(2026, 8, 1), difficulty="难"),
        a_question(domain="", stem="质量月"),
    ]
    with app.app_context():
        taken, _report = import_file(
            bank_workbook(contents), "题.xlsx", "质量题库", skip_problems=False, author="flask bank import", now=MORNING
        )
        assert taken.batch.bank_id
        return taken.batch.bank_id


def question_id(app: Flask, stem: str) -> int:
    with app.app_context():
        found = {v.stem: v.question_id for v in db.session.scalars(select(queries.QuestionVersion))}
        return found[stem]


def found(client: FlaskClient, bank_id: int, **asked: str) -> set[str]:
    page = client.get(f"/console/bank/{bank_id}", query_string=asked).text
    return {stem for stem in ("食品标签", "电器", "垃圾分类", "质量月") if f">{stem}</a>" in page}


@pytest.mark.parametrize(
    ("asked", "stems"),
    [
        ({}, {"食品标签", "电器", "垃圾分类", "质量月"}),
        ({"domain": "产品"}, {"食品标签", "电器"}),
        ({"domain": "产品/食品"}, {"食品标签"}),
        ({"words": "配料"}, {"食品标签"}),
        ({"words": "灯泡"}, {"电器"}),
        ({"source": "标准"}, {"电器"}),
        ({"difficulty": "难"}, {"垃圾分类"}),
        ({"validity": "expired"}, {"食品标签"}),
        ({"validity": "soon"}, {"垃圾分类"}),
        ({"validity": "undated"}, {"电器", "质量月"}),
        ({"use": "used"}, set()),
        ({"use": "unused", "domain": "环境"}, {"垃圾分类"}),
        ({"review": "drafted"}, {"食品标签", "电器", "垃圾分类", "质量月"}),
        ({"review": "reviewed"}, set()),
        ({"state": "retired"}, set()),
        ({"state": "no-such", "kind": "none"}, {"食品标签", "电器", "垃圾分类", "质量月"}),
    ],
)
def test_questions_are_found_by_what_is_said_of_them(
    organiser: FlaskClient, bank_id: int, asked: dict[str, str], stems: set[str]
) -> None:
    assert found(organiser, bank_id, **asked) == stems


def test_however_many_versions_contests_have_fixed(app: Flask, bank_id: int) -> None:
    """More than a statement may have parameters, on either database."""
    with app.app_context():
        wanted = queries.Wanted(use=queries.USED)
        page = queries.questions_page(bank_id, wanted, today=MORNING.date(), used=lambda: set(range(1, 70_000)))
        assert page.total == 4


def test_a_retired_question_is_brought_back(app: Flask, organiser: FlaskClient, bank_id: int) -> None:
    url = f"/console/bank/questions/{question_id(app, '电器')}"
    post(organiser, f"{url}/retire")
    assert found(organiser, bank_id) == {"食品标签", "垃圾分类", "质量月"}
    assert found(organiser, bank_id, state="retired") == {"电器"}
    assert post(organiser, f"{url}/bring-back").status_code == 303
    assert "电器" in found(organiser, bank_id)


def test_a_question_whose_equal_is_in_use_is_not_brought_back(app: Flask, organiser: FlaskClient, bank_id: int) -> None:
    first = question_id(app, "电器")
    post(organiser, f"/console/bank/questions/{first}/retire")
    with app.app_context(), transaction() as session:
        old = session.get_one(Question, first)
        session.add(Question(bank_id=old.bank_id, fingerprint=old.fingerprint, created_at=MORNING))
    answer = post(organiser, f"/console/bank/questions/{first}/bring-back")
    assert answer.status_code == 422 and "已经有一道一样的试题在用" in answer.text


def test_tags_find_questions_again(app: Flask, organiser: FlaskClient, bank_id: int) -> None:
    url = f"/console/bank/questions/{question_id(app, '电器')}"
    assert post(organiser, f"{url}/tags", {"tags": "进社区， 初赛,进社区"}).status_code == 303
    with app.app_context():
        assert queries.tags_of(question_id(app, "电器")) == ["初赛", "进社区"]
    assert found(organiser, bank_id, tag="初赛") == {"电器"}


def test_several_questions_get_a_tag_at_once_and_lose_it(app: Flask, organiser: FlaskClient, bank_id: int) -> None:
    ids = [str(question_id(app, stem)) for stem in ("电器", "质量月")]
    url = f"/console/bank/{bank_id}/tags?domain=产品"
    done = post(organiser, url, {"questions": ids, "tag": "初赛", "go": "add"})
    assert done.status_code == 303 and "domain=" in done.location  # back to the same page
    assert found(organiser, bank_id, tag="初赛") == {"电器", "质量月"}
    post(organiser, url, {"questions": ids[:1], "tag": "初赛", "go": "remove"})
    assert found(organiser, bank_id, tag="初赛") == {"质量月"}
    with app.app_context():
        assert list(db.session.scalars(select(AuditEntry.act))) == ["question.tagged"] * 2


def test_what_cannot_be_tagged_changes_nothing(app: Flask, organiser: FlaskClient, bank_id: int) -> None:
    first, second = (question_id(app, stem) for stem in ("电器", "质量月"))
    url = f"/console/bank/{bank_id}/tags"
    full = "，".join(f"标签{n}" for n in range(12))
    post(organiser, f"/console/bank/questions/{first}/tags", {"tags": full})
    both = [str(first), str(second)]
    too_many = post(organiser, url, {"questions": both, "tag": "初赛", "go": "add"})
    assert too_many.status_code == 422 and "有 1 道题已经有 12 个标签" in too_many.text
    assert post(organiser, url, {"questions": both, "tag": " ", "go": "add"}).status_code == 422
    assert post(organiser, url, {"tag": "初赛", "go": "add"}).status_code == 422
    assert post(organiser, url, {"questions": both, "tag": "长" * 21, "go": "add"}).status_code == 422
    assert post(organiser, url, {"questions": [*both, "9999"], "tag": "初赛", "go": "add"}).status_code == 404
    with app.app_context():
        assert "初赛" not in queries.tags_in(bank_id)


def test_what_changed_between_versions_is_marked_in_words(app: Flask, organiser: FlaskClient, bank_id: int) -> None:
    url = f"/console/bank/questions/{question_id(app, '电器')}"
    revised = {
        "stem": "家用电器",
        "options-0": "插座",
        "options-1": "灯泡",
        "key": "B",
        "domain": "产品",
        "source": "某标准",
    }
    post(organiser, f"{url}/revise", revised)
    page = organiser.get(url).text
    said = re.search(r"比第 1 版改了：(.*?)</summary>", page)
    assert said and said[1].startswith("题干、答案") and "选项" not in said[1] and "出处" not in said[1]
    assert "<ins>家用</ins>电器" in page and "<del>A</del>" in page and "<ins>B</ins>" in page


# --- review ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def reviewer(app: Flask, bank_id: int) -> FlaskClient:
    """A reviewer of 产品."""
    client = signed_in_as(app, Role.REVIEWER)
    with app.app_context(), transaction() as session:
        role = session.scalars(select(StaffRole).where(StaffRole.role == Role.REVIEWER)).one()
        role.domain_id = session.scalars(select(Domain.id).where(Domain.path == "产品")).one()
    return client


def test_a_reviewer_goes_through_the_own_domain_question_by_question(
    app: Flask, reviewer: FlaskClient, organiser: FlaskClient, bank_id: int
) -> None:
    page = reviewer.get("/console/bank/review").text
    assert "待审试题" in page and "2 道" in page and "食品标签" in page
    first, second = question_id(app, "食品标签"), question_id(app, "电器")
    answer = post(reviewer, f"/console/bank/questions/{first}/review", {"state": "reviewed", "note": ""})
    assert answer.status_code == 303 and "电器" in reviewer.get(answer.location).text
    refused = post(reviewer, f"/console/bank/questions/{second}/review", {"state": "sent_back", "note": ""})
    assert refused.status_code == 422 and "请写明哪里要改" in refused.text
    sent = post(reviewer, f"/console/bank/questions/{second}/review", {"state": "sent_back", "note": "选项不清"})
    assert sent.status_code == 303
    assert "都审过了" in reviewer.get("/console/bank/review").text
    assert found(organiser, bank_id, review="reviewed") == {"食品标签"}
    assert found(organiser, bank_id, review="sent_back") == {"电器"}
    assert "选项不清" in organiser.get(f"/console/bank/questions/{second}").text
    with app.app_context():
        assert list(db.session.scalars(select(AuditEntry.act))) == ["question.reviewed"] * 2


def test_a_new_version_begins_anew(app: Flask, reviewer: FlaskClient, organiser: FlaskClient, bank_id: int) -> None:
    url = f"/console/bank/questions/{question_id(app, '电器')}"
    post(reviewer, f"{url}/review", {"state": "reviewed", "note": ""})
    post(
        organiser,
        f"{url}/revise",
        {"stem": "电器？", "options-0": "插座", "options-1": "灯泡", "key": "A", "domain": "产品"},
    )
    with app.app_context():
        assert queries.next_to_review(("产品",))[1] == 2


def test_nobody_reviews_the_own_work(app: Flask, reviewer: FlaskClient, bank_id: int) -> None:
    number = question_id(app, "电器")
    with app.app_context(), transaction() as session:
        me = session.scalars(select(StaffRole.person_id).where(StaffRole.role == Role.REVIEWER)).one()
        session.execute(
            queries.QuestionVersion.__table__.update()
            .where(queries.QuestionVersion.question_id == number)
            .values(author=f"person:{me}")
        )
    answer = post(reviewer, f"/console/bank/questions/{number}/review", {"state": "reviewed", "note": ""})
    assert answer.status_code == 422 and "您自己写的" in answer.text
    with app.app_context():
        assert db.session.scalars(select(QuestionReview)).all() == []


def test_outside_the_own_domain_nothing_is_there(app: Flask, reviewer: FlaskClient, bank_id: int) -> None:
    outside = question_id(app, "垃圾分类")
    assert found(reviewer, bank_id) == {"食品标签", "电器"}
    assert found(reviewer, bank_id, domain="环境") <= {"食品标签", "电器"}
    for path in (
        f"/console/bank/questions/{outside}",
        f"/console/bank/{bank_id}/export.xlsx",
        f"/console/bank/{bank_id}/export.gift",
        f"/console/bank/{bank_id}/alike",
        "/console/bank/imports",
        "/console/bank/imports/1",
    ):
        assert reviewer.get(path).status_code == 404, path
    assert post(reviewer, f"/console/bank/questions/{outside}/review", {"state": "reviewed"}).status_code == 404
    assert post(reviewer, f"/console/bank/questions/{outside}/retire").status_code == 403


def test_what_waits_for_review_is_counted_where_reviewers_begin(reviewer: FlaskClient, bank_id: int) -> None:
    for path, is_counted in (("/console", True), ("/console/bank/review", True), (f"/console/bank/{bank_id}", False)):
        assert bool(re.search(r'待审试题\s*<span class="count">2</span>', reviewer.get(path).text)) == is_counted, path


def test_a_reviewer_without_a_domain_sees_all(app: Flask, bank_id: int) -> None:
    everywhere = signed_in_as(app, Role.REVIEWER)
    assert found(everywhere, bank_id) == {"食品标签", "电器", "垃圾分类", "质量月"}
    assert "4 道" in everywhere.get("/console/bank/review").text
