"""``flask results remark`` in one go, as a look alone, and after a crash."""

import pytest
from flask import Flask

from question_bank.database import db
from quiz.queries.contests import contest_by_slug
from quiz.rules.marking import QuestionRuling, RulingKind
from quiz.services import question_rulings, remarking, standings
from tests.builders import a_contest, a_person, again, an_ended_attempt
from tests.conftest import MORNING
from tests.contest_builders import SINGLE, a_question


@pytest.fixture
def slug(app: Flask) -> str:
    """Three people who chose wrongly; then everybody is given the points of the question."""
    with app.app_context():
        plan = [{"kind": "single_choice", "count": 1, "points": 5}]
        contest = a_contest(MORNING, contents=[a_question(SINGLE)], plan=plan)
        for _ in range(3):
            an_ended_attempt(contest, a_person(MORNING), began=MORNING, ended=MORNING, right=0, wrong=1)
        assert contest.pool
        version = contest.pool.versions[0]["version"]
        question_rulings.rule(
            contest.id, version, QuestionRuling(RulingKind.FULL_MARKS), reason="题干有误", actor_id=None, now=MORNING
        )
        return contest.slug


def test_one_command_looks_and_changes(app: Flask, slug: str) -> None:
    run = app.test_cli_runner()
    looked = run.invoke(args=["results", "remark", slug, "--look"])
    assert looked.exit_code == 0 and "3 change, 3 get more points and 0 fewer" in looked.output
    assert "0 change" in run.invoke(args=["results", "remark", slug, "--version", "999", "--look"]).output
    done = run.invoke(args=["results", "remark", slug])
    assert done.exit_code == 0 and f"Marked 3 of 3 attempts of {slug} anew." in done.output
    assert "0 change" in run.invoke(args=["results", "remark", slug]).output
    assert run.invoke(args=["standings", "verify", slug]).exit_code == 0
    assert run.invoke(args=["attempts", "verify", slug]).exit_code == 0


def test_it_finishes_what_a_crash_left(app: Flask, slug: str) -> None:
    with app.app_context():
        contest = contest_by_slug(slug)
        assert contest
        job = remarking.preview(contest.id, actor_id=None, now=MORNING)
        half = remarking.apply(job, contest.id, actor_id=None, now=MORNING, at_once=2, most_batches=1)
        assert (half.done, half.total) == (2, 3)
    done = app.test_cli_runner().invoke(args=["results", "remark", slug])
    assert "Finished what was begun: 3 of 3" in done.output and "0 change" in done.output
    with app.app_context():
        assert standings.verify(again(db.session.merge(contest)).id) is None


def test_no_such_contest_is_wrong_use(app: Flask) -> None:
    assert app.test_cli_runner().invoke(args=["results", "remark", "no-such"]).exit_code == 2
