"""An organiser composes the rule of a ladder, sees its effect on results that are there, and chooses it."""

import re
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from quiz.rules.contest import LadderRule, Measure, WeightedMeasure
from quiz.rules.permissions import Role
from tests.builders import a_contest, a_person, a_street, a_unit, an_ended_attempt
from tests.conftest import MORNING
from tests.contest_builders import a_bank, a_draft, a_register
from tests.pages.test_setup import contest_of, fields_of, post, signed_in_as

MINUTE = timedelta(minutes=1)


@pytest.fixture
def organiser(app: Flask) -> FlaskClient:
    return signed_in_as(app, Role.ORGANISER)


@pytest.fixture
def draft(app: Flask) -> str:
    with app.app_context():
        a_bank(MORNING)
        a_register()
        return a_draft(MORNING).slug


@pytest.fixture
def played(app: Flask) -> str:
    """A unit of one who knows all, and one of three who know little, all of whom take part."""
    with app.app_context():
        street = a_street(code="FORMULA", headcount=10)
        clever = a_unit(street, code="CLEVER", name="一人单位", headcount=10)
        many = a_unit(street, code="MANY", name="众人单位", headcount=3)
        contest = a_contest(MORNING, plan=[{"kind": "true_false", "count": 3, "points": 5}])
        for unit, right in ((clever, 3), (many, 1), (many, 1), (many, 1)):
            an_ended_attempt(
                contest,
                a_person(MORNING, unit=unit),
                began=MORNING,
                ended=MORNING + MINUTE,
                right=right,
                wrong=3 - right,
            )
        return contest.slug


def weights(page: str, **by_measure: str) -> dict[str, Any]:
    """The form as it stands, with these weights and no others."""
    fields = fields_of(page)
    for name, value in list(fields.items()):
        if found := re.fullmatch(r"measures-(\d+)-name", name):
            fields[f"measures-{found[1]}-weight"] = by_measure.get(value, "")
    return fields


def order(page: str) -> list[str]:
    return re.findall(r'<th scope="row" class="lead">([^<]+)</th>', page)


def test_the_effect_is_seen_on_results_that_are_there_and_nothing_changes(
    app: Flask, organiser: FlaskClient, draft: str, played: str
) -> None:
    url = f"/console/contests/{draft}/unit-formula"
    page = organiser.get(url).text
    before = contest_of(app, draft).terms
    means = post(organiser, url, {**weights(page, mean_score="1"), "do": "look", "sample": played}).text
    assert order(means)[:2] == ["一人单位", "众人单位"]
    rates = post(organiser, url, {**weights(page, participation_rate="1"), "do": "look", "sample": played}).text
    assert order(rates)[:2] == ["众人单位", "一人单位"]
    assert "单位榜的得分 = 参与率" in rates
    assert contest_of(app, draft).terms == before


def test_the_rule_composed_is_the_rule_that_is_saved(app: Flask, organiser: FlaskClient, draft: str) -> None:
    url = f"/console/contests/{draft}/street-formula"
    fields = weights(organiser.get(url).text, mean_score="70", best_n="30")
    fields.update(n="5", least="20", tie_1="best_n", tie_2="", tie_3="", do="save")
    assert post(organiser, url, fields).status_code == 303
    assert contest_of(app, draft).terms.street_ladder == LadderRule(
        (
            WeightedMeasure(Measure.MEAN_SCORE, Fraction(70)),
            WeightedMeasure(Measure.BEST_N, Fraction(30), n=5),
        ),
        20,
        (Measure.BEST_N,),
    )


def test_a_known_rule_fills_the_form(organiser: FlaskClient, draft: str) -> None:
    page = organiser.get(f"/console/contests/{draft}/unit-formula?known=three").text
    assert "参与率 × 40 % + 平均成绩 × 40 % + 优秀率（90 分及以上） × 20 %" in page
    assert "还没有竞赛有成绩可以试算" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "请至少给一项填上权重"),
        ({"excellent_rate": "1", "mark": ""}, "多少分算优秀"),
        ({"best_n": "1", "n": ""}, "前几名"),
        ({"mean_score": "-1"}, "请填分值"),
    ],
)
def test_a_rule_that_cannot_be_is_said_and_changes_nothing(
    app: Flask, organiser: FlaskClient, draft: str, changes: dict[str, str], said: str
) -> None:
    url = f"/console/contests/{draft}/unit-formula"
    before = contest_of(app, draft).terms
    extra = {key: value for key, value in changes.items() if key in ("mark", "n")}
    fields = {**weights(organiser.get(url).text, **changes), **extra, "do": "save"}
    answer = post(organiser, url, fields)
    assert answer.status_code == 422 and said in answer.text
    assert contest_of(app, draft).terms == before


def test_once_somebody_has_started_it_can_be_tried_but_not_chosen(
    app: Flask, organiser: FlaskClient, played: str
) -> None:
    url = f"/console/contests/{played}/unit-formula"
    page = organiser.get(url).text
    assert "规则不能再改" in page and "用这条规则" not in page
    before = contest_of(app, played).terms
    fields = {**weights(page, participation_rate="1"), "do": "save", "reason": "想改"}
    assert post(organiser, url, fields).status_code == 422
    assert contest_of(app, played).terms == before
