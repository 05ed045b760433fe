"""Reads of one moment, and what becomes of what was loaded before."""

import pytest
from sqlalchemy import select, text

from question_bank.database import db, snapshot
from quiz.models import Contest
from tests.builders import a_contest
from tests.conftest import StillClock

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def contest(clock: StillClock) -> Contest:
    contest = a_contest(clock.now, title="质量知识竞赛")
    assert contest.title == "质量知识竞赛"  # and so it is loaded
    return contest


def rename(title: str) -> None:
    """By somebody else."""
    with db.engine.begin() as other:
        other.execute(text("UPDATE contests SET title = :title"), {"title": title})


def title_in_a_row() -> str:
    return db.session.execute(select(Contest.title)).scalar_one()


@pytest.mark.parametrize("of_rows", [False, True])
def test_it_shows_one_moment_and_nothing_is_seen_of_it_afterwards(contest: Contest, of_rows: bool) -> None:
    with snapshot(of_rows=of_rows):
        assert title_in_a_row() == "质量知识竞赛"
        rename("知识竞赛")
        assert title_in_a_row() == "质量知识竞赛"
    assert title_in_a_row() == "知识竞赛"


def test_what_was_loaded_is_loaded_anew_unless_only_rows_are_read(contest: Contest) -> None:
    db.session.rollback()
    assert contest.title == "质量知识竞赛"
    with snapshot(of_rows=True):
        rename("知识竞赛")
        assert title_in_a_row() == "知识竞赛"
    assert contest.title == "质量知识竞赛"
    with snapshot():
        assert contest.title == "知识竞赛"


def test_what_was_changed_outside_of_an_act_is_never_written(contest: Contest) -> None:
    contest.title = "改了没存"
    with snapshot(of_rows=True):
        assert title_in_a_row() == "质量知识竞赛"
    db.session.rollback()
    assert contest.title == title_in_a_row() == "质量知识竞赛"
