"""抽奖 in the judges' workbook: everybody who won, by name, with what the draw can be done again from."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from quiz.models import Contest, PrizeDraw
from quiz.queries import prizes as find
from quiz.services import exports
from tests.prize_builders import AFTER, NUMBER, SEED, a_draw, a_finished_draw, a_played_contest


@pytest.fixture
def contest(context: Flask) -> Contest:
    return a_played_contest()


def sheet_of(contest: Contest) -> list[dict[str, Any]]:
    file = BytesIO()
    exports.write_judges_workbook(contest.id, file, now=AFTER)
    header, *rows = load_workbook(file)["抽奖"].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_winners_and_substitutes_stand_in_the_workbook_by_name(contest: Contest) -> None:
    draw: PrizeDraw = a_finished_draw(contest)
    rows = sheet_of(contest)
    assert [row["参赛编号"] for row in rows] == [winner.entry.entry_code for winner in find.winners_of(draw.id)]
    assert {row["现在"] for row in rows} == {"中奖", "候补"}
    assert all("*" not in row["姓名"] and row["手机号"] for row in rows)
    assert {(row["开奖号码"], row["种子"], row["名单 SHA-256"]) for row in rows} == {(NUMBER, SEED, draw.list_sha256)}


def test_before_the_draw_nobody_has_won_and_no_seed_is_told(contest: Contest) -> None:
    a_draw(contest)
    assert sheet_of(contest) == []
