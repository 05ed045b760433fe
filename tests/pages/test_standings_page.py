"""Leaderboards over HTTP in the shapes of CONTRACT §5, and how much of them each sees."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from question_bank.database import db, transaction
from quiz.models import Area, Contest, Person, StaffRole, Unit
from quiz.queries import attempts as find
from quiz.services import attempts
from tests.builders import (
    a_contest,
    a_person,
    a_start,
    a_street,
    a_unit,
    an_ended_attempt,
    holder,
    post,
    right_answers,
    sign_in,
)
from tests.conftest import StillClock

JSON = {"Accept": "application/json"}
PLAN = [{"kind": "true_false", "count": 3, "points": 5}]


@dataclass
class District:
    """Two streets, three units (B in no street, C with nobody), six persons of whom five take part."""

    contest: Contest
    streets: dict[str, Area]
    units: dict[str, Unit]
    persons: dict[str, Person]


def a_played_contest(app: Flask, clock: StillClock, **terms: Any) -> District:
    with app.app_context():
        now = clock()
        north, south = a_street(code="N", name="北街", headcount=8), a_street(code="S", name="南街", headcount=4)
        units = {
            "A": a_unit(north, code="A", name="第一小学", headcount=3),
            "B": a_unit(code="B", name="市场监管局", unit_class="机关", headcount=2),
            "C": a_unit(south, code="C", name="第三中学", headcount=9),
        }
        contest = a_contest(now, plan=PLAN, attempts={"allowed": 9}, **terms)
        persons = {}
        # name, where, right of three, minutes
        for name, place, right, minutes in (
            ("欧阳娜娜", {"unit": units["A"]}, 3, 5),
            ("李小龙", {"unit": units["A"]}, 2, 5),
            ("张三丰", {"street": south}, 2, 4),
            ("赵四海", {"unit": units["B"]}, 1, 9),
            ("钱五福", {"street": north}, 0, 9),
        ):
            persons[name] = a_person(now, name=name, **place)
            end = now + timedelta(minutes=minutes)
            an_ended_attempt(contest, persons[name], began=now, ended=end, right=right, wrong=3 - right)
        persons["孙六顺"] = a_person(now, name="孙六顺", street=north)
        a_start(contest, persons["孙六顺"], now)
        for row in (contest, north, south, *units.values(), *persons.values()):
            db.session.refresh(row)
    clock.forward(minutes=10)
    return District(contest, {"N": north, "S": south}, units, persons)


@pytest.fixture
def district(app: Flask, clock: StillClock) -> District:
    return a_played_contest(app, clock)


def ladder(client: FlaskClient, district: District, status: int = 200, **query: Any) -> Any:
    reply = client.get(f"/contests/{district.contest.slug}/standings", query_string=query, headers=JSON)
    assert reply.status_code == status, reply.get_data(as_text=True)
    return reply.json


def page(client: FlaskClient, district: District, **query: Any) -> str:
    reply = client.get(f"/contests/{district.contest.slug}/standings", query_string=query)
    assert reply.status_code == 200
    return reply.get_data(as_text=True)


def as_member(app: Flask, role: str, **scope: Any) -> FlaskClient:
    """Somebody of the staff, signed in."""
    with app.app_context():
        now = app.extensions["clock"]()
        person = a_person(now, kind="staff", name="李主任", phone=None)
        with transaction() as session:
            session.add(StaffRole(person_id=person.id, role=role, granted_at=now, **scope))
    client = app.test_client()
    sign_in(client, person)
    return client


def test_the_person_ladder(client: FlaskClient, district: District) -> None:
    found = ladder(client, district)
    assert set(found) == {"contest", "by", "as_of", "rule", "total", "page", "pages", "rows", "me", "around"}
    assert (found["contest"], found["by"], found["as_of"]) == (
        district.contest.slug, "person", "2026-06-20T01:10:00.000Z",
    )  # fmt: skip
    assert (found["total"], found["page"], found["pages"], found["me"]) == (5, 1, 1, None)
    assert found["rule"].startswith("个人榜先比成绩")
    assert found["rows"][0] == {
        "rank": 1, "tied": False, "name": "欧阳**", "street": "北街", "unit": "第一小学", "score": 15,
        "elapsed_ms": 300_000, "ended_at": "2026-06-20T01:05:00.000Z",
    }  # fmt: skip
    assert [(r["rank"], r["name"], r["score"]) for r in found["rows"]] == [
        (1, "欧阳**", 15), (2, "张**", 10), (3, "李**", 10), (4, "赵**", 5), (5, "钱**", 0),
    ]  # fmt: skip
    assert found["rows"][3]["street"] == "" and found["rows"][1]["unit"] == ""


def test_within_a_street_or_a_unit_ranks_are_counted_within(client: FlaskClient, district: District) -> None:
    north = ladder(client, district, by="person", street="N")
    assert [(r["rank"], r["name"]) for r in north["rows"]] == [(1, "欧阳**"), (2, "李**"), (3, "钱**")]
    assert north["total"] == 3
    unit = ladder(client, district, unit="B")
    assert [(r["rank"], r["name"]) for r in unit["rows"]] == [(1, "赵**")]
    assert ladder(client, district, street="N", unit="B")["rows"] == []


def test_the_unit_ladder_holds_every_unit(client: FlaskClient, app: Flask, district: District) -> None:
    found = ladder(as_member(app, "judge"), district, by="unit")
    assert [r["code"] for r in found["rows"]] == ["A", "B", "C"]
    assert found["rows"][0] == {
        "rank": 1, "tied": False, "code": "A", "name": "第一小学", "class": "学校", "score": 75, "headcount": 3,
        "participants": 2, "entries": 2, "mean": 12.5,
        "measures": {"participation_rate": 66.67, "mean_score": 83.33},
    }  # fmt: skip
    assert found["rows"][2] == {
        "rank": 3, "tied": False, "code": "C", "name": "第三中学", "class": "学校", "score": 0, "headcount": 9,
        "participants": 0, "entries": 0, "mean": 0, "measures": {"participation_rate": 0, "mean_score": 0},
    }  # fmt: skip


def test_the_street_ladder_counts_employees_with_the_street_of_their_unit(
    client: FlaskClient, district: District
) -> None:
    found = ladder(client, district, by="street")
    rows = {r["code"]: (r["participants"], r["entries"], r["headcount"], r["class"]) for r in found["rows"]}
    assert rows == {"N": (3, 4, 8, ""), "S": (1, 1, 4, "")}
    assert found["total"] == 2


def test_everybody_sees_the_part_that_the_terms_show(client: FlaskClient, app: Flask, clock: StillClock) -> None:
    district = a_played_contest(app, clock, shown={"person": 2, "unit": "half", "street": 0})
    for by, total, rows in (("person", 5, 2), ("unit", 3, 2), ("street", 2, 0)):
        found = ladder(client, district, by=by)
        assert (found["total"], len(found["rows"]), found["pages"]) == (total, rows, 1)
    assert "钱**" not in page(client, district) and "第三中学" not in page(client, district, by="unit")
    with app.app_context():
        mine = app.test_client()
        sign_in(mine, district.persons["钱五福"])
    own = ladder(mine, district)
    assert (len(own["rows"]), own["me"]["rank"], own["me"]["name"]) == (2, 5, "钱**")


@pytest.mark.parametrize(
    ("role", "sees_all"), [("judge", True), ("organiser", True), ("unit_manager", False), ("reviewer", False)]
)
def test_staff_of_the_whole_district_see_the_whole_ladder(
    app: Flask, clock: StillClock, role: str, sees_all: bool
) -> None:
    district = a_played_contest(app, clock, shown={"person": 2})
    scope = {"unit_id": district.units["A"].id} if role == "unit_manager" else {}
    found = ladder(as_member(app, role, **scope), district)
    assert len(found["rows"]) == (5 if sees_all else 2)


def test_own_row_stands_beside_the_ladder(app: Flask, district: District) -> None:
    client = app.test_client()
    sign_in(client, district.persons["赵四海"])
    assert ladder(client, district)["me"]["rank"] == 4
    assert ladder(client, district, by="unit")["me"]["code"] == "B"
    assert ladder(client, district, by="street")["me"] is None  # the unit lies in no street
    assert ladder(client, district, street="N")["me"] is None
    sign_in(client, district.persons["孙六顺"])
    assert ladder(client, district)["me"] is None  # started, not taking part


def test_a_hand_in_is_in_the_ladder_at_once(client: FlaskClient, district: District) -> None:
    sign_in(client, district.persons["孙六顺"])
    reply = post(client, f"/contests/{district.contest.slug}/attempts")
    assert post(client, f"{reply.location}/submit", {"a1": "A"}).status_code == 303
    found = ladder(client, district)
    assert (found["total"], found["me"]["name"], found["me"]["street"]) == (6, "孙**", "北街")


def test_what_is_overdue_is_handed_in_by_whoever_looks_at_the_ladder(
    app: Flask, client: FlaskClient, clock: StillClock, district: District
) -> None:
    with app.app_context():
        entry = find.entry_of(district.contest.id, district.persons["孙六顺"].id)
        assert entry
        running = find.open_attempt(entry.id)
        assert running
        for position, answer in right_answers(running.id).items():
            attempts.save_answer(running.id, holder(district.persons["孙六顺"]), position, answer, now=clock())
    assert ladder(client, district)["total"] == 5
    clock.forward(minutes=11)
    assert ladder(client, district)["total"] == 6


def test_equals_share_a_rank(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    with app.app_context():
        now = clock()
        contest = a_contest(now, plan=PLAN)
        for right in (3, 2, 2, 1):
            an_ended_attempt(contest, a_person(now), began=now, ended=now + timedelta(minutes=1), right=right, wrong=1)
    rows = ladder(client, District(contest, {}, {}, {}))["rows"]
    assert [(r["rank"], r["tied"]) for r in rows] == [(1, False), (2, True), (2, True), (4, False)]


def test_pages_of_fifty(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    with app.app_context():
        now = clock()
        contest = a_contest(now, plan=PLAN, shown={"person": 55})
        for number in range(60):
            end = now + timedelta(seconds=number // 2)  # pairs of equals, one across the pages
            an_ended_attempt(contest, a_person(now), began=now, ended=end, right=1)
    district = District(contest, {}, {}, {})
    first, second = (ladder(client, district, page=number) for number in (1, 2))
    assert (first["total"], first["pages"], len(first["rows"]), len(second["rows"])) == (60, 2, 50, 5)
    assert [r["rank"] for r in first["rows"] + second["rows"]] == [number // 2 * 2 + 1 for number in range(55)]
    past = ladder(client, district, page=3)
    assert (past["rows"], past["page"], past["pages"]) == ([], 3, 2)
    everything = ladder(as_member(app, "judge"), district, page=2)
    assert (len(everything["rows"]), everything["pages"]) == (10, 2)
    assert "第 2" in page(client, district, page=2) or "2 / 2" in page(client, district, page=2)


@pytest.mark.parametrize(
    "query",
    [{"by": "school"}, {"by": ""}, {"page": "0"}, {"page": "-1"}, {"page": "x"}, {"page": "1.5"}, {"page": ""},
     {"page": "１"}, {"page": "9999999999999"}, {"by": "unit", "page": "1e3"}],
)  # fmt: skip
def test_a_ladder_that_does_not_exist_is_said(client: FlaskClient, district: District, query: dict[str, str]) -> None:
    refusal = ladder(client, district, 422, **query)
    assert set(refusal) == {"reason", "message"} and refusal["message"]
    reply = client.get(f"/contests/{district.contest.slug}/standings", query_string=query)
    assert reply.status_code == 422 and "data-reason=" in reply.get_data(as_text=True)


@pytest.mark.parametrize(
    "query", [{"street": "A"}, {"unit": "N"}, {"street": "北街"}, {"street": "N\0"}, {"unit": "'"}]
)
def test_unknown_codes_are_not_there(client: FlaskClient, district: District, query: dict[str, str]) -> None:
    for by in ("person", "unit", "street"):
        assert ladder(client, district, 404, by=by, **query)["reason"] == "not_found"


def test_the_page_says_the_rule_and_what_everybody_may_see(client: FlaskClient, district: District) -> None:
    shown = page(client, district, by="unit")
    assert "参与率 × 50 % + 平均成绩 × 50 %" in shown and "第一小学" in shown and "市场监管局" in shown
    assert "第三中学" not in shown  # no named-and-shamed units: the top half by default
    assert "欧阳**" in page(client, district)


def test_before_anybody_handed_in_the_page_says_so(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    with app.app_context():
        contest = a_contest(clock())
    assert "还没有人交卷" in page(client, District(contest, {}, {}, {}))


def test_a_unit_as_somebody_typed_it_is_shown_to_nobody_before_it_is_mapped(
    app: Flask, client: FlaskClient, clock: StillClock
) -> None:
    with app.app_context():
        contest = a_contest(clock(), plan=PLAN)
        person = a_person(clock(), kind="employee", street=a_street(), unit_name="王小明家的店")
        an_ended_attempt(contest, person, began=clock(), ended=clock() + timedelta(minutes=3))
    path = f"/contests/{contest.slug}/standings"
    (row,) = client.get(path, headers=JSON).get_json()["rows"]
    assert row["unit"] == "" and "王小明" not in client.get(path).text


def test_who_stands_below_what_is_shown_sees_the_own_place_and_those_next_to_it(app: Flask, clock: StillClock) -> None:
    district = a_played_contest(app, clock, shown={"person": 1, "unit": "half", "street": "all"})
    client = app.test_client()
    sign_in(client, district.persons["钱五福"])
    found = ladder(client, district)
    assert [row["rank"] for row in found["rows"]] == [1]
    assert (found["me"]["rank"], [row["rank"] for row in found["around"]]) == (5, [1, 2, 3, 4, 5])
    assert "我的前后" in page(client, district)
    sign_in(client, district.persons["欧阳娜娜"])
    assert ladder(client, district)["around"] == []  # the own row is there


def code_of(app: Flask, district: District, name: str) -> str:
    with app.app_context():
        entry = find.entry_of(district.contest.id, district.persons[name].id)
        assert entry
        return entry.entry_code


def test_an_entry_code_finds_its_row_wherever_it_stands(app: Flask, client: FlaskClient, clock: StillClock) -> None:
    district = a_played_contest(app, clock, shown={"person": 1, "unit": "half", "street": "all"})
    code = code_of(app, district, "李小龙")
    found = ladder(client, district, q=f" {code.lower()} ")
    assert [(row["rank"], row["name"]) for row in found["rows"]] == [(3, "李**")]
    assert [row["rank"] for row in ladder(client, district, q=code, street="N")["rows"]] == [2]
    assert ladder(client, district, q=code, street="S")["rows"] == []
    assert "没有找到" in page(client, district, q="没有这个编号")


def test_only_staff_find_people_by_name(app: Flask, client: FlaskClient, district: District) -> None:
    assert ladder(client, district, q="李小")["rows"] == []
    judge = as_member(app, "judge")
    assert [row["rank"] for row in ladder(judge, district, q="李小")["rows"]] == [3]
    assert ladder(judge, district, q="%")["rows"] == []


def test_a_unit_is_found_by_its_name_among_those_that_are_shown(client: FlaskClient, district: District) -> None:
    everything = [row["name"] for row in ladder(client, district, by="unit")["rows"]]
    assert len(everything) == 2  # half of three, rounded up
    for name in ("第一小学", "市场监管局", "第三中学"):
        found = [row["name"] for row in ladder(client, district, by="unit", q=name[:2])["rows"]]
        assert found == ([name] if name in everything else [])


def test_people_see_how_their_rank_went_from_day_to_day(app: Flask, clock: StillClock) -> None:
    district = a_played_contest(app, clock)
    client = app.test_client()
    sign_in(client, district.persons["李小龙"])
    assert "我的名次" not in page(client, district)  # a single day is no history
    with app.app_context():
        contest, person = district.contest, district.persons["赵四海"]
        later = clock() + timedelta(hours=1)
        an_ended_attempt(contest, person, began=later, ended=later + timedelta(minutes=1), right=3)
    clock.forward(days=1)
    ladder(client, district, street="N")  # a rank inside a street is not the one that is kept
    shown = page(client, district)
    assert "我的名次" in shown
    for rank in (3, 4):
        assert f'<td data-label="名次" class="num">{rank}</td>' in shown
    sign_in(client, district.persons["张三丰"])
    assert "我的名次" not in page(client, district)


def test_a_hand_in_is_in_the_ladder_of_units_at_once(app: Flask, client: FlaskClient, district: District) -> None:
    before = {row["name"]: row["participants"] for row in ladder(client, district, by="unit")["rows"]}
    with app.app_context():
        contest, now = district.contest, app.extensions["clock"]()
        newcomer = a_person(now, unit=district.units["A"])
        an_ended_attempt(contest, newcomer, began=now, ended=now, right=3)
    after = {row["name"]: row["participants"] for row in ladder(client, district, by="unit")["rows"]}
    assert after == {**before, "第一小学": before["第一小学"] + 1}


def test_units_of_one_class_are_ranked_apart(client: FlaskClient, district: District) -> None:
    assert [(row["rank"], row["name"]) for row in ladder(client, district, by="unit", **{"class": "学校"})["rows"]] == [
        (1, "第一小学")  # half of the two schools is shown
    ]
    offices = ladder(client, district, by="unit", **{"class": "机关"})
    assert [(row["rank"], row["class"]) for row in offices["rows"]] == [(1, "机关")] and offices["total"] == 1
    assert ladder(client, district, by="unit", **{"class": "没有这一类"})["rows"] == []
    assert "<option selected>机关</option>" in page(client, district, by="unit", **{"class": "机关"})


@pytest.mark.parametrize(("name", "times"), [("欧阳娜娜", 1), ("李小龙", 2)])
def test_the_own_row_is_pinned_where_it_does_not_stand_there_anyway(
    app: Flask, client: FlaskClient, district: District, name: str, times: int
) -> None:
    sign_in(client, district.persons[name])
    assert page(client, district).count(">我<") == times
