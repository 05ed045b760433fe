"""``flask attempts verify`` finds what was changed behind the platform's back, and names it by entry code."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import text

from question_bank.database import db, transaction
from quiz.queries.contests import contest_by_slug
from tests.conftest import StillClock
from tests.contest_builders import a_bank, a_published, a_register
from tests.players import a_player, play


@pytest.fixture
def codes(app: Flask, clock: StillClock) -> list[str]:
    """Three people who took part, by entry code."""
    now: datetime = clock()
    with app.app_context():
        a_register()
        a_bank(now)
        a_published(now)
        contest = contest_by_slug("quality-2026")
        assert contest
        return [
            play(contest, a_player(name, now=now), now=now, right=(1, 2), wrong=(3,)).entry.entry_code
            for name in ("王芳", "李强", "周敏")
        ]


@pytest.fixture
def verify(app: Flask) -> Callable[[], tuple[int, str]]:
    def run() -> tuple[int, str]:
        result = app.test_cli_runner().invoke(args=["attempts", "verify", "quality-2026"])
        return result.exit_code, (result.stdout + result.stderr).strip()

    return run


def change(app: Flask, statement: str, code: str) -> None:
    """By SQL, as somebody would who has the database and no business there."""
    of_entry = "(SELECT a.id FROM attempts a JOIN entries e ON e.id = a.entry_id WHERE e.entry_code = :code)"
    with app.app_context(), transaction():
        done = db.session.execute(text(statement.replace("THE ATTEMPT", of_entry)), {"code": code})
        assert done.rowcount == 1  # type: ignore[attr-defined]  # of a statement that changes rows


def test_receipts_agree_with_what_was_handed_in(codes: list[str], verify: Callable[[], tuple[int, str]]) -> None:
    assert verify() == (0, "3 receipts of quality-2026 agree with what is stored.")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE answers SET chosen = '[4]' WHERE position = 3 AND attempt_id = THE ATTEMPT",
        "DELETE FROM answers WHERE position = 3 AND attempt_id = THE ATTEMPT",
        "UPDATE answers SET last_at = '2026-06-20 01:00:00.500000' WHERE position = 1 AND attempt_id = THE ATTEMPT",
        "UPDATE attempts SET ended_at = '2026-06-20 01:00:30.000000' WHERE id = THE ATTEMPT",
        "UPDATE attempts SET score = score + 500 WHERE id = THE ATTEMPT",
        "UPDATE markings SET score = score + 500 WHERE attempt_id = THE ATTEMPT",
        "UPDATE papers SET seed = '00' WHERE id = (SELECT paper_id FROM attempts WHERE id = THE ATTEMPT)",
    ],
    ids=["answer", "answer gone", "moment", "end", "score", "marking", "paper"],
)
def test_a_change_by_hand_is_found_and_named(
    app: Flask, codes: list[str], verify: Callable[[], tuple[int, str]], statement: str
) -> None:
    change(app, statement, codes[1])
    assert verify() == (1, f"1 of 3 attempts of quality-2026 were changed after the hand-in: {codes[1]}.")


def test_a_receipt_taken_away_is_counted(app: Flask, codes: list[str], verify: Callable[[], tuple[int, str]]) -> None:
    change(app, "UPDATE attempts SET receipt = NULL WHERE id = THE ATTEMPT", codes[0])
    assert verify() == (0, "2 receipts of quality-2026 agree with what is stored. 1 ended attempts have no receipt.")


def test_an_unknown_contest_ends_with_2(app: Flask, codes: list[str]) -> None:
    assert app.test_cli_runner().invoke(args=["attempts", "verify", "nothing"]).exit_code == 2
