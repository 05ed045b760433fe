"""An organiser looks at papers before anybody else does, and hears what is wrong with the pool."""

import json
import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quiz.queries import contests as find
from quiz.rules.permissions import Role
from tests.conftest import MORNING
from tests.contest_builders import FILL, TRUE_FALSE, a_bank, a_draft, a_question
from tests.pages.test_setup import contest_of, lines, messages_of, post, signed_in_as

SEED = "0123456789abcdef" * 2


# --- preview ---------------------------------------------------------------------------------------------------------


def stems_of(page: str) -> list[str]:
    return re.findall(r"<p><strong>(第 \d+ 道[^<]*)</strong></p>", page)


def test_a_preview_shows_the_paper_of_its_seed_with_keys(app: Flask, organiser: FlaskClient, draft: str) -> None:
    url = f"/console/contests/{draft}/preview"
    started = organiser.get(url)
    assert started.status_code == 302 and re.search(r"seed=[0-9a-f]{32}$", started.location)
    page = organiser.get(f"{url}?seed={SEED}").text
    assert f'value="{SEED}"' in page and "见条文。" in page and "答案：<strong>" in page
    assert stems_of(page) == stems_of(organiser.get(f"{url}?seed={SEED.upper()} ").text)
    assert post(organiser, f"/console/contests/{draft}/publish").status_code == 303
    drawn = json.loads(app.test_cli_runner().invoke(args=["paper", "draw", draft, SEED]).stdout)
    with app.app_context():
        contents = find.drawing_pool(contest_of(app, draft)).contents
    assert stems_of(page) == [contents[each["version"]].stem for each in drawn]
    assert stems_of(organiser.get(f"{url}?seed={SEED}").text) == stems_of(page)


def test_a_preview_leads_to_a_trial_of_the_same_paper(organiser: FlaskClient, draft: str) -> None:
    page = organiser.get(f"/console/contests/{draft}/preview?seed={SEED}").text
    assert f"/console/contests/{draft}/trial?seed={SEED}" in page
    assert f'name="seed" value="{SEED}"' in organiser.get(f"/console/contests/{draft}/trial?seed={SEED}").text


def test_every_kind_is_shown(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        a_bank(MORNING, a_question(), a_question(TRUE_FALSE), a_question(FILL, stem="投诉请拨____"))
        plan = [{"kind": kind, "count": 1} for kind in ("single_choice", "true_false", "fill_blank")]
        slug = a_draft(MORNING, terms={"plan": plan}).slug
    page = organiser.get(f"/console/contests/{slug}/preview?seed={SEED}").text
    assert "答案：<strong>12315</strong>" in page and "答案：<strong>对</strong>" in page and "B　错" in page


@pytest.mark.parametrize("seed", ["xyz", "0" * 31, "0" * 33, "٣" * 32])
def test_what_is_no_seed_is_said(organiser: FlaskClient, draft: str, seed: str) -> None:
    answer = organiser.get(f"/console/contests/{draft}/preview?seed={seed}")
    assert answer.status_code == 422 and "种子是 32 位" in answer.text


def test_a_preview_needs_a_filled_plan_and_an_organiser(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        a_bank(MORNING, a_question(FILL))
        slug = a_draft(MORNING).slug
    url = f"/console/contests/{slug}/preview?seed={SEED}"
    assert organiser.get(url).status_code == 422
    for role in (Role.JUDGE, Role.REVIEWER, Role.UNIT_MANAGER):
        assert signed_in_as(app, role).get(url).status_code == 403
    assert organiser.get(f"/console/contests/unknown/preview?seed={SEED}").status_code == 404


# --- questions that expire -------------------------------------------------------------------------------------------


@pytest.fixture
def dated(app: Flask) -> str:
    with app.app_context():
        old = a_question(stem="第 0 道拨打 12365", valid_until=date(2026, 7, 1))
        a_bank(MORNING, old, *(a_question() for _ in range(2)), a_question(TRUE_FALSE))
        return a_draft(MORNING).slug


def test_the_publish_page_names_questions_that_expire(app: Flask, organiser: FlaskClient, dated: str) -> None:
    url = f"/console/contests/{dated}/publish"
    page = organiser.get(url).text
    assert "第 0 道拨打 12365" in page and "有效期至 2026 年 7 月 1 日" in page and "不用这 1 道题" in page
    assert "这 4 道题都还没有审题通过" in page
    assert post(organiser, url, {"leave_out": "1"}).status_code == 303
    with app.app_context():
        assert len(find.drawing_pool(contest_of(app, dated)).versions) == 3


def test_leaving_out_too_much_is_refused_and_the_choice_stays(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        dates = (date(2026, 7, 1), date(2026, 7, 2), None)
        a_bank(MORNING, *(a_question(valid_until=each) for each in dates), a_question(TRUE_FALSE))
        slug = a_draft(MORNING).slug
    answer = post(organiser, f"/console/contests/{slug}/publish", {"leave_out": "1"})
    assert answer.status_code == 422 and "需要 2 道，题库里只有 1 道" in answer.text
    assert 'name="leave_out" value="1" checked' in answer.text
    assert contest_of(app, slug).state == "draft"
    assert organiser.get(f"/console/contests/{slug}/preview?leave_out=1&seed={SEED}").status_code == 422
    assert post(organiser, f"/console/contests/{slug}/publish").status_code == 303


def test_a_preview_without_them_shows_none_of_them(organiser: FlaskClient, dated: str) -> None:
    url = f"/console/contests/{dated}/preview"
    assert "leave_out=1" in organiser.get(f"{url}?leave_out=1").location
    pages = [organiser.get(f"{url}?leave_out=1&seed={n:032x}").text for n in range(8)]
    assert not any("12365" in page for page in pages)
    assert any("12365" in organiser.get(f"{url}?seed={n:032x}").text for n in range(8))


# --- pools that are too small ----------------------------------------------------------------------------------------


def test_a_pool_that_gives_everybody_the_same_is_named_wherever_one_looks(app: Flask, organiser: FlaskClient) -> None:
    with app.app_context():
        a_bank(MORNING, a_question(), a_question(), a_question(TRUE_FALSE))
        slug = a_draft(MORNING).slug
    for url in ("", "/plan", "/publish"):
        assert "每个人的卷子题目完全一样" in organiser.get(f"/console/contests/{slug}{url}").text
    looked = post(organiser, f"/console/contests/{slug}/plan", {"do": "look", **lines(("single_choice", "", "1", "5"))})
    assert "任意两份卷子平均约有 50 % 的题相同" in looked.text and "两份约 50 % 相同" in looked.text


def test_a_large_pool_says_nothing(organiser: FlaskClient, draft: str) -> None:
    for url in ("/plan", "/publish"):
        assert "完全一样" not in organiser.get(f"/console/contests/{draft}{url}").text
    assert not messages_of(organiser.get(f"/console/contests/{draft}/publish").text)


# --- quotas ----------------------------------------------------------------------------------------------------------


def asked(*kinds: tuple[str, str], domains: dict[str, str] | None = None, levels: dict[str, str] | None = None) -> Any:
    """The address of the quota page as its form sends it."""
    sent = {}
    for number, (kind, count) in enumerate(kinds):
        sent |= {f"kinds-{number}-name": kind, f"kinds-{number}-count": count, f"kinds-{number}-points": "2.5"}
    for part, shares in (("domains", domains or {}), ("levels", levels or {})):
        for number, (name, share) in enumerate(shares.items()):
            sent |= {f"{part}-{number}-name": name, f"{part}-{number}-share": share}
    return sent


def hidden_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(lines-[^"]+)" value="([^"]*)">', page))


@pytest.fixture
def graded(app: Flask) -> str:
    """A draft on a bank of eight 单选题 for each domain: four 易, three 中, one 难."""
    with app.app_context():
        domains, levels = ("产品", "工程/住宅", "服务", "环境"), ("易",) * 4 + ("中",) * 3 + ("难",)
        a_bank(MORNING, *(a_question(domain=d, difficulty=level) for d in domains for level in levels))
        plan = [{"kind": "single_choice", "count": 20, "points": 5}]
        return a_draft(MORNING, terms={"plan": plan}).slug


CITY = {"产品": "30", "工程": "20", "服务": "30", "环境": "20"}


def test_shares_become_lines_of_the_plan(app: Flask, organiser: FlaskClient, graded: str) -> None:
    url = f"/console/contests/{graded}/quotas"
    started = organiser.get(url).text
    assert 'name="kinds-0-count"' in started and 'value="20"' in started and "题库 8 道" in started
    levels = {"易": "50", "中": "35", "难": "15"}
    page = organiser.get(url, query_string=asked(("single_choice", "20"), domains=CITY, levels=levels)).text
    assert "合计 20 题。" in page and "不够，一共缺" not in page
    looked = post(organiser, f"/console/contests/{graded}/plan", {"do": "look", **hidden_of(page)})
    assert looked.status_code == 200 and "改动还没有保存" in looked.text
    assert post(organiser, f"/console/contests/{graded}/plan", {"do": "save", **hidden_of(page)}).status_code == 303
    plan = contest_of(app, graded).terms.plan
    in_domains, in_levels = Counter[str | None](), Counter[str | None]()
    for line in plan:
        in_domains[line.domain] += line.count
        in_levels[line.difficulty] += line.count
    assert in_domains == {"产品": 6, "工程": 4, "服务": 6, "环境": 4}
    assert in_levels == {"易": 10, "中": 7, "难": 3}
    assert {line.points for line in plan} == {250}


def test_each_line_says_what_is_missing(organiser: FlaskClient, graded: str) -> None:
    url = f"/console/contests/{graded}/quotas"
    page = organiser.get(url, query_string=asked(("single_choice", "20"), levels={"难": "100"})).text
    assert "缺 16 道" in page and "有 1 行不够，一共缺 16 道" in page


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (asked(("single_choice", "20"), domains={"产品": "30", "服务": "60"}), "合计要是 100 %，现在是 90 %"),
        (asked(("single_choice", "")), "至少给一种题型填上道数"),
        (asked(("single_choice", "301")), "最多 300 道题"),
        (asked(("single_choice", "二十")), "请填整数"),
        (asked(("single_choice", "5"), domains={"火星": "100"}), "题库刚刚变了"),
        (asked(("short_answer", "5")), "题库刚刚变了"),
        ({"kinds-0-count": "5", "kinds-0-points": "5"}, "题库刚刚变了"),
        ({"anything": "1"}, "至少给一种题型填上道数"),
    ],
)
def test_shares_that_do_not_go_together_are_said(
    organiser: FlaskClient, graded: str, sent: dict[str, str], said: str
) -> None:
    answer = organiser.get(f"/console/contests/{graded}/quotas", query_string=sent)
    assert answer.status_code == 422 and said in answer.text and "放进组卷方案</button>" not in answer.text


def test_a_plan_has_only_so_many_lines(app: Flask, organiser: FlaskClient) -> None:
    names = [f"领域{number}" for number in range(50)]
    with app.app_context():
        a_bank(MORNING, *(a_question(domain=name) for name in names))
        slug = a_draft(MORNING).slug
    sent = asked(("single_choice", "50"), domains=dict.fromkeys(names, "2"))
    answer = organiser.get(f"/console/contests/{slug}/quotas", query_string=sent)
    assert answer.status_code == 422 and "要分成 50 行，组卷方案最多 40 行" in answer.text


def test_quotas_are_for_organisers(app: Flask, graded: str) -> None:
    for role in (Role.JUDGE, Role.REVIEWER, Role.UNIT_MANAGER):
        assert signed_in_as(app, role).get(f"/console/contests/{graded}/quotas").status_code == 403
