"""An organiser sets a contest up page by page, tries it, publishes it and looks after it."""

import re
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from question_bank.database import transaction
from quiz.models import Contest, Person, PersonKind, StaffRole
from quiz.queries import contests as find
from quiz.rules import timing
from quiz.rules.permissions import Role
from tests.conftest import MORNING, StillClock
from tests.contest_builders import (
    FILL,
    TRUE_FALSE,
    a_bank,
    a_draft,
    a_published,
    a_question,
    a_register,
    an_open_attempt,
)


def signed_in_as(app: Flask, role: Role) -> FlaskClient:
    """A client whose session is that of a new member of staff with this role."""
    with app.app_context(), transaction() as session:
        person = Person(kind=PersonKind.STAFF.value, name="张三", masked_name="张*", created_at=MORNING)
        session.add(person)
        session.flush()
        session.add(StaffRole(person_id=person.id, role=role.value, granted_at=MORNING))
        identity = person.get_id()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = identity
    return client


@pytest.fixture
def published(app: Flask) -> str:
    with app.app_context():
        a_bank(MORNING)
        a_register()
        return a_published(MORNING).slug


def post(client: FlaskClient, url: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
    """Send a form as its page would: with the token that the page carries."""
    page = client.get("/console/contests").text
    token = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert token
    return client.post(url, data={"csrf_token": token[1], **(data or {})}, **more)


def contest_of(app: Flask, slug: str) -> Contest:
    with app.app_context():
        contest = find.contest_by_slug(slug)
        assert contest
        return contest


def messages_of(page: str) -> str:
    return " ".join(re.findall(r'(?s)class="note wrong".*?</div>|class="error".*?</p>', page))


NEW = {
    "title": "夏季竞赛",
    "slug": "summer",
    "bank": "质量题库",
    "opens_at": "2026-06-21T09:00",
    "closes_at": "2026-07-21T18:00",
}


@pytest.mark.parametrize("role", [Role.JUDGE, Role.REVIEWER, Role.STREET_MANAGER, Role.ADMINISTRATOR])
def test_only_an_organiser_sets_contests_up(app: Flask, draft: str, role: Role) -> None:
    client = signed_in_as(app, role)
    for url in ("/console/contests", "/console/new-contest", f"/console/contests/{draft}/plan"):
        assert client.get(url).status_code == 403
    assert app.test_client().get("/console/contests").status_code == 303


def test_a_new_contest_starts_from_the_preset(app: Flask, organiser: FlaskClient) -> None:
    assert "先导入一份试题" in organiser.get("/console/new-contest").text
    with app.app_context():
        a_bank(MORNING)
    answer = post(organiser, "/console/new-contest", NEW)
    assert (answer.status_code, answer.location) == (303, "/console/contests/summer")
    page = organiser.get("/console/contests/summer").text
    assert "共 20 题，满分 100 分" in page and "2026 年 6 月 21 日 9:00" in page
    assert "夏季竞赛" in organiser.get("/console/contests").text


def test_what_is_wrong_is_said_and_what_was_typed_stays(app: Flask, organiser: FlaskClient, draft: str) -> None:
    bad = {**NEW, "slug": "夏季 2026", "closes_at": "2026-06-01T00:00"}
    answer = post(organiser, "/console/new-contest", bad)
    assert answer.status_code == 422
    assert "小写字母" in messages_of(answer.text) and "结束时间要晚于开始时间" in messages_of(answer.text)
    assert 'value="夏季 2026"' in answer.text
    taken = post(organiser, "/console/new-contest", {**NEW, "slug": draft})
    assert "已经有竞赛在用" in messages_of(taken.text)
    empty = post(organiser, "/console/new-contest", {"opens_at": "tomorrow", "bank": "没有"})
    assert empty.status_code == 422 and "2026-06-20T09:00" in messages_of(empty.text)


def test_a_new_contest_may_copy_an_old_one(app: Flask, organiser: FlaskClient, published: str) -> None:
    assert organiser.get(f"/console/contests/{published}/copy").status_code == 200
    answer = post(organiser, f"/console/contests/{published}/copy", {**NEW, "slug": "next-year"})
    assert answer.location == "/console/contests/next-year"
    assert contest_of(app, "next-year").terms.plan == contest_of(app, published).terms.plan
    assert post(organiser, f"/console/contests/{published}/copy", {**NEW, "slug": published}).status_code == 422


PARTS = {
    "basics": {"title": "新名字", "opens_at": "2026-06-20T10:00", "closes_at": "2026-06-30T10:00"},
    "times": {"minutes": "5", "seconds": "30", "question_s": "45", "grace_s": "20", "allowed": "2", "per": "day",
              "counts": "mean"},
    "marking": {"rule": "partial", "partial": "2.5", "mix_options": "1", "keys_shown": "after_contest"},
    "ladders": {"unit_rule": "mean_score", "unit_least": "10", "street_rule": "both", "street_least": "0",
                "ties": "none", "person_shown": "50", "unit_shown": "全部", "street_shown": "一半"},
    "rewards": {"mark": "10", "practice": "1"},
    "texts": {"host": "区质强办", "contact": "12345", "notice": "一\r\n\r\n二", "forget_on": "2026-12-31"},
}  # fmt: skip


def test_each_part_of_a_draft_changes_on_a_page_of_its_own(app: Flask, organiser: FlaskClient, draft: str) -> None:
    for part, values in PARTS.items():
        url = f"/console/contests/{draft}/{part}"
        assert organiser.get(url).status_code == 200
        answer = post(organiser, url, values)
        assert (answer.status_code, answer.location) == (303, f"/console/contests/{draft}"), messages_of(answer.text)
    terms = contest_of(app, draft).terms
    assert (terms.title, terms.time_limit_s, terms.grace_s, terms.attempts.per, terms.counts) == (
        "新名字",
        330,
        20,
        "day",
        "mean",
    )
    assert (terms.multiple_choice.points, terms.mix_questions, terms.mix_options) == (250, False, True)
    assert (terms.unit_ladder.least_headcount, terms.shown.unit, terms.shown.street) == (10, "all", "half")
    assert len(terms.unit_ladder.measures) == 1 and terms.about.notice == "一\n\n二"
    page = organiser.get(f"/console/contests/{draft}").text
    assert terms.question_limit_s == 45 and "每题限时 45 秒" in page
    assert "每次限时 5 分 30 秒" in page and "单位榜的得分 = 平均成绩" in page


def test_saving_a_part_as_it_is_changes_nothing(app: Flask, organiser: FlaskClient, draft: str) -> None:
    for part in PARTS:
        page = organiser.get(f"/console/contests/{draft}/{part}").text
        post(organiser, f"/console/contests/{draft}/{part}", fields_of(page))
    assert len(contest_of(app, draft).terms_versions) == 1


def fields_of(page: str) -> dict[str, Any]:
    """What a browser would send back from the page's form unchanged."""
    from html.parser import HTMLParser

    found: dict[str, Any] = {}

    class Reader(HTMLParser):
        select = area = ""

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            at = dict(attrs)
            kind = at.get("type")
            if tag == "input" and at.get("name") and (kind not in ("radio", "checkbox") or "checked" in at):
                found[at["name"]] = at.get("value", "")
            elif tag == "select":
                self.select = at["name"]
            elif tag == "option" and "selected" in at:
                found[self.select] = at["value"]
            elif tag == "textarea":
                self.area, found[at["name"]] = at["name"], ""

        def handle_data(self, data: str) -> None:
            if self.area:
                found[self.area] += data.lstrip("\r\n")

        def handle_endtag(self, tag: str) -> None:
            if tag == "textarea":
                self.area = ""

    Reader().feed(page)
    del found["csrf_token"]
    return found


@pytest.mark.parametrize(
    ("part", "values", "said"),
    [
        ("basics", {"title": "", "opens_at": "2026-06-20T10:00", "closes_at": "x"}, "请填竞赛名称"),
        ("basics", {"title": "a", "opens_at": "2026-06-20T10:00", "closes_at": "2026-06-19T10:00"}, "要晚于开始时间"),
        ("basics", {"title": "a", "opens_at": "0001-01-01T00:00", "closes_at": "9999-12-31T23:59"}, "请核对年份"),
        ("times", {**PARTS["times"], "minutes": "0", "seconds": "0"}, "限时至少 1 秒"),
        ("times", {**PARTS["times"], "question_s": "4"}, "5 到 600 秒"),
        ("times", {**PARTS["times"], "question_s": "半分钟"}, "请填整数"),
        ("times", {**PARTS["times"], "allowed": "两次", "per": "week"}, "请填整数"),
        ("times", {**PARTS["times"], "per": "round"}, "每一轮的起止时间"),
        ("marking", {**PARTS["marking"], "partial": ""}, "请在下面填写得几分"),
        ("marking", {**PARTS["marking"], "partial": "1e3"}, "请填分值"),
        ("ladders", {**PARTS["ladders"], "unit_rule": "x", "person_shown": "-1"}, "一半"),
        ("texts", {**PARTS["texts"], "forget_on": "2026-06-30"}, "删除日期要晚于结束时间"),
        ("texts", {**PARTS["texts"], "forget_on": "2026-13-40"}, "这样的日期"),
    ],
)
def test_bad_values_are_said_and_change_nothing(
    app: Flask, organiser: FlaskClient, draft: str, part: str, values: dict[str, str], said: str
) -> None:
    answer = post(organiser, f"/console/contests/{draft}/{part}", values)
    assert answer.status_code == 422 and said in messages_of(answer.text)
    assert len(contest_of(app, draft).terms_versions) == 1


# --- the plan --------------------------------------------------------------------------------------------------------


def lines(*rows: tuple[str, str, str, str]) -> dict[str, str]:
    return {
        f"lines-{number}-{name}": value
        for number, (kind, domain, count, worth) in enumerate(rows)
        for name, value in (
            ("kind", kind),
            ("domain", domain),
            ("difficulty", ""),
            ("count", count),
            ("points", worth),
        )
    }


def test_the_plan_shows_at_once_whether_the_bank_can_fill_it(app: Flask, organiser: FlaskClient, draft: str) -> None:
    url = f"/console/contests/{draft}/plan"
    assert "够，有 4 道" in organiser.get(url).text
    looked = post(organiser, url, {"do": "look", **lines(("multiple_choice", "服务", "4", "5"))})
    assert looked.status_code == 200 and "缺 4 道" in looked.text and "改成“不限领域”" in looked.text
    assert "还没有保存" in looked.text and contest_of(app, draft).terms.questions == 3


def test_lines_are_added_moved_and_removed(app: Flask, organiser: FlaskClient, draft: str) -> None:
    url = f"/console/contests/{draft}/plan"
    two = lines(("single_choice", "", "2", "5"), ("true_false", "产品", "1", "2.5"))
    assert 'name="lines-2-kind"' in post(organiser, url, {"do": "add", **two}).text
    moved = post(organiser, url, {"do": "up-1", **two}).text
    assert re.search(r'name="lines-0-kind".*?selected value="true_false"', moved, re.S)
    assert 'name="lines-1-kind"' not in post(organiser, url, {"do": "remove-0", **two}).text
    for odd in ("remove-9", "up-0", "remove-x", "dance"):
        assert post(organiser, url, {"do": odd, **two}).status_code == 200
    assert post(organiser, url, {"do": "save", **two}).status_code == 303
    plan = contest_of(app, draft).terms.plan
    assert [(line.kind, line.domain, line.count, line.points) for line in plan] == [
        ("single_choice", None, 2, 500),
        ("true_false", "产品", 1, 250),
    ]


def test_a_plan_that_cannot_be_is_refused(app: Flask, organiser: FlaskClient, draft: str) -> None:
    url = f"/console/contests/{draft}/plan"
    assert post(organiser, url, {"do": "save"}).status_code == 422
    bad = post(organiser, url, {"do": "save", **lines(("short_answer", "火星", "0", "-1"))})
    assert bad.status_code == 422
    for said in ("请从列表里选一项", "不小于 1", "请填分值"):
        assert said in messages_of(bad.text)
    many = post(organiser, url, {"do": "save", **lines(("single_choice", "", "301", "1"))})
    assert "最多 300 道题" in messages_of(many.text)
    assert len(contest_of(app, draft).terms_versions) == 1


# --- try and publish -------------------------------------------------------------------------------------------------


def test_a_trial_is_marked_and_counts_nowhere(app: Flask, organiser: FlaskClient, draft: str) -> None:
    url = f"/console/contests/{draft}/trial"
    page = organiser.get(url).text
    seed, pool = (re.search(rf'name="{name}" value="([0-9a-f]+)"', page)[1] for name in ("seed", "pool"))  # type: ignore[index]  # a page without it fails here
    with app.app_context():
        from quiz.services.trials import trial_paper

        paper = trial_paper(find.contest_by_slug(draft), seed)  # type: ignore[arg-type]  # a contest or page that is missing fails here
    answers = {f"a{q.number}": q.form.show(sorted(q.content.choices)) for q in paper.questions}
    answer = post(organiser, url, {"seed": seed, "pool": pool, **answers})
    assert "试答结果：12.5 分" in answer.text and "见条文。" in answer.text
    assert "试答结果：0 分" in post(organiser, url, {"seed": seed, "pool": pool}).text
    assert post(organiser, url, {"seed": seed, "pool": pool, "a1": "Z"}).status_code == 422
    assert post(organiser, url, {"seed": seed, "pool": "0"}).status_code == 409


def test_publishing_says_what_happens_and_happens(app: Flask, organiser: FlaskClient, draft: str) -> None:
    page = organiser.get(f"/console/contests/{draft}/publish").text
    assert "现在的 26 道题" in page and "1 个街道、2 个单位" in page and "不能退回草稿" in page
    assert post(organiser, f"/console/contests/{draft}/publish").status_code == 303
    assert contest_of(app, draft).state == "published"
    assert "已发布" in organiser.get(f"/console/contests/{draft}").text
    assert post(organiser, f"/console/contests/{draft}/publish").status_code == 409
    assert organiser.get(f"/console/contests/{draft}/publish").status_code == 303


def test_a_plan_that_cannot_be_filled_is_refused_line_by_line(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        a_bank(MORNING, a_question(FILL))
        slug = a_draft(MORNING).slug
    for url in (f"/console/contests/{slug}/publish", f"/console/contests/{slug}"):
        page = organiser.get(url).text
        assert "第 1 行 单选题 · 产品领域需要 2 道" in page and "第 2 行 判断题需要 1 道" in page
    assert post(organiser, f"/console/contests/{slug}/publish").status_code == 422
    assert organiser.get(f"/console/contests/{slug}/trial").status_code == 422
    assert contest_of(app, slug).state == "draft"


# --- while it runs ---------------------------------------------------------------------------------------------------


def test_pause_and_resume_ask_why(app: Flask, organiser: FlaskClient, published: str) -> None:
    base = f"/console/contests/{published}"
    assert post(organiser, f"{base}/pause", {"reason": " "}).status_code == 422
    assert contest_of(app, published).state == "published"
    assert post(organiser, f"{base}/pause", {"reason": "核对试题"}).status_code == 303
    assert contest_of(app, published).state == "paused"
    assert "暂停：核对试题" in organiser.get(base).text
    assert post(organiser, f"{base}/resume", {"reason": "已核对"}).status_code == 303
    assert contest_of(app, published).state == "published"


def test_the_closing_time_moves_later_with_a_reason(
    app: Flask, organiser: FlaskClient, published: str, clock: StillClock
) -> None:
    url = f"/console/contests/{published}/closing"
    with app.app_context():
        contest = find.contest_by_slug(published)
        assert contest
        deadline = timing.deadline_of(contest.terms, clock())
        an_open_attempt(contest, started_at=clock(), deadline=deadline, accepts_until=deadline)
    assert "只能改得更晚" in organiser.get(url).text
    earlier = post(organiser, url, {"closes_at": "2026-07-01T00:00", "reason": "提前"})
    assert earlier.status_code == 422 and "已经有人开始答题" in messages_of(earlier.text)
    assert post(organiser, url, {"closes_at": "2026-07-25T18:00", "reason": ""}).status_code == 422
    assert post(organiser, url, {"closes_at": "2026-07-25T18:00", "reason": "台风"}).status_code == 303
    assert contest_of(app, published).closes_at.isoformat() == "2026-07-25T10:00:00+00:00"
    page = organiser.get(f"/console/contests/{published}").text
    assert "结束时间改为 2026 年 7 月 25 日 18:00：台风" in page
    fixed = post(organiser, f"/console/contests/{published}/times", {**PARTS["times"], "reason": "想改"})
    assert fixed.status_code == 422 and "规则不能再改" in messages_of(fixed.text)


def test_a_later_closing_says_first_which_questions_expire_before_it(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        dated = a_question(stem="到月底为止", valid_until=date(2026, 7, 31))
        a_bank(MORNING, dated, *(a_question() for _ in range(3)), a_question(TRUE_FALSE))
        slug = a_published(MORNING).slug
    url = f"/console/contests/{slug}/closing"
    before = contest_of(app, slug).closes_at
    later = {"closes_at": "2026-08-05T18:00", "reason": "台风"}
    asked = post(organiser, url, later)
    assert asked.status_code == 422 and "到月底为止" in asked.text and contest_of(app, slug).closes_at == before
    another = {"closes_at": "2026-08-06T18:00", "reason": "台风", "expiring_known": later["closes_at"]}
    assert post(organiser, url, another).status_code == 422  # it was said of another time
    assert post(organiser, url, {**later, "expiring_known": later["closes_at"]}).status_code == 303
    assert post(organiser, url, another).status_code == 303  # it expires under either: nothing new to say


def test_before_the_first_attempt_a_published_contest_may_change_with_a_reason(
    app: Flask, organiser: FlaskClient, published: str
) -> None:
    url = f"/console/contests/{published}/times"
    assert "原因" in messages_of(post(organiser, url, PARTS["times"]).text)
    assert post(organiser, url, {**PARTS["times"], "reason": "太长"}).status_code == 303
    assert contest_of(app, published).terms_versions[-1].reason == "太长"


def test_a_headcount_changes_with_a_reason(app: Flask, organiser: FlaskClient, published: str) -> None:
    url = f"/console/contests/{published}/headcounts"
    assert "市场监管局" in organiser.get(url).text
    assert post(organiser, url, {"place": "", "headcount": "x", "reason": ""}).status_code == 422
    assert post(organiser, url, {"place": "unit:U9", "headcount": "5", "reason": "错"}).status_code == 422
    assert post(organiser, url, {"place": "unit:U1", "headcount": "90", "reason": "新进"}).status_code == 303
    assert "由 80 改为 90：新进" in organiser.get(f"/console/contests/{published}").text


def test_a_sealed_or_unknown_contest_cannot_be_changed(app: Flask, organiser: FlaskClient, published: str) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Contest, contest_of(app, published).id).state = "sealed"
    assert organiser.get(f"/console/contests/{published}").status_code == 200
    answer = post(organiser, f"/console/contests/{published}/texts", {**PARTS["texts"], "reason": "x"})
    assert answer.status_code == 422 and "已封存" in messages_of(answer.text)
    for url in ("", "/plan", "/basics", "/trial", "/publish", "/closing", "/headcounts", "/copy", "/nonsense"):
        assert organiser.get(f"/console/contests/unknown{url}").status_code == 404
