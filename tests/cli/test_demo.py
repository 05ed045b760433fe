"""``flask demo`` gives every page something to show, changes nothing the second time, and stays out of production."""

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.exceptions import Exit
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from question_bank.database import Base, db, transaction
from quiz.cli.demo import refuse_samples
from quiz.models import Attempt, Contest, Credential, Entry, Person, Standing, Unit
from quiz.queries.contests import contest_by_slug
from quiz.rules.permissions import Role
from quiz.services import audit, staff, standings
from quiz.services.accounts import is_password
from quiz.services.demo.accounts import PHONE
from quiz.services.exports import judges_workbook
from tests.conftest import StillClock

RUNNING, FINISHED = "quality-2026", "quality-2025-final"


@pytest.fixture
def kept(app: Flask) -> Iterator[Path]:
    """Where the demo keeps its accounts; gone again after the test."""
    file = app.extensions["settings"].instance_path / "demo.json"
    file.unlink(missing_ok=True)
    yield file
    file.unlink(missing_ok=True)


@pytest.fixture
def production(app: Flask) -> Iterator[None]:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, production=True)
    yield
    app.extensions["settings"] = settings


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=list(words or ["demo"]))


def everything(app: Flask) -> dict[str, list[Any]]:
    """Every row of every table."""
    with app.app_context():
        return {
            name: sorted(map(repr, db.session.execute(select(table)))) for name, table in Base.metadata.tables.items()
        }


def count(*what: Any) -> int:
    return db.session.execute(select(func.count()).select_from(*what[:1]).where(*what[1:])).scalar_one()


def test_the_demo_is_whole_and_loading_it_again_changes_nothing(app: Flask, kept: Path, clock: StillClock) -> None:
    first = run(app)
    assert first.exit_code == 0, first.output
    before, accounts = everything(app), kept.read_text()
    with app.app_context():
        check_the_contests(clock)
        check_the_accounts(json.loads(accounts))
        assert audit.first_break() is None
        assert standings.verify(contest_id(FINISHED)) is None
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    clock.forward(days=3)
    second = run(app)
    assert second.output == first.output
    assert everything(app) == before and kept.read_text() == accounts
    check_the_ladders_and_the_workbook(app)


def contest_id(slug: str) -> int:
    contest = contest_by_slug(slug)
    assert contest
    return contest.id


def check_the_contests(clock: StillClock) -> None:
    running, finished = contest_by_slug(RUNNING), contest_by_slug(FINISHED)
    assert running and running.state_at(clock()) == "published" and running.opens_at <= clock()
    assert 360 <= (running.closes_at - clock()).days <= 365
    assert finished and finished.state_at(clock()) == "closed"
    assert count(Entry, Entry.contest_id == finished.id) == 300
    assert count(Attempt, Attempt.ended_at.is_(None)) == 0
    assert count(Attempt, Attempt.ended_by == "clock") > 5
    assert count(Attempt, Attempt.number == 3) > 5
    taking_part = select(Standing.entry_id).join(Entry).join(Person).where(Person.phone == PHONE)
    assert db.session.execute(taking_part).first()
    without = count(Unit, Unit.id.not_in(select(Entry.unit_id).where(Entry.unit_id.is_not(None))))
    assert (count(Unit), without) == (12, 2)


def check_the_accounts(value: dict[str, Any]) -> None:
    assert (value["bank"], value["contests"]) == ("质量知识题库", [RUNNING, FINISHED])
    assert {account["role"] for account in value["accounts"]} == {role.value for role in Role}
    for account in value["accounts"]:
        lookup = account["account"] + ("/1" if account["role"] == "participant" else "")
        found = db.session.execute(select(Credential).where(Credential.lookup == lookup)).scalar_one()
        assert is_password(found.secret, account["password"])
        assert set(account) == {"role", "account", "password"}
    # Nobody can sign in as one of the others, and everybody is marked.
    assert count(Credential, Credential.secret.is_not(None)) == len(value["accounts"])
    assert count(Person, ~Person.is_sample) == 0


def check_the_ladders_and_the_workbook(app: Flask) -> None:
    client = app.test_client()
    for by, least in (("person", 250), ("unit", 12), ("street", 5)):
        address = f"/contests/{FINISHED}/standings?by={by}"
        ladder = client.get(address, headers={"Accept": "application/json"}).get_json()
        assert ladder["total"] >= least and ladder["rows"]
    file = BytesIO()
    with app.app_context():
        file.write(judges_workbook(contest_id(FINISHED), now=app.extensions["clock"]()))
    workbook = openpyxl.load_workbook(file)
    assert workbook["个人"].max_row > 250 and workbook["试题"].max_row > 100


def test_lost_passwords_are_made_anew_and_nothing_else(app: Flask, kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quiz.services.demo._finished_contest", lambda *_: None)  # one loading of it is enough
    run(app)
    before = json.loads(kept.read_text())
    kept.write_text("{")
    assert run(app).exit_code == 0
    after = json.loads(kept.read_text())
    assert [a["account"] for a in after["accounts"]] == [a["account"] for a in before["accounts"]]
    with app.app_context():
        check_the_accounts(after)
        assert count(Contest) == 1


def test_an_account_of_somebody_else_is_left_alone(app: Flask, kept: Path, clock: StillClock) -> None:
    with app.app_context():
        staff.add_staff("judge", "sample-judge", now=clock(), actor=None)
    refused = run(app)
    assert refused.exit_code == 1 and "sample-judge" in refused.stderr
    assert not kept.exists()


@pytest.mark.usefixtures("production")
def test_production_refuses_to_load_the_demo(app: Flask, kept: Path) -> None:
    before = everything(app)
    refused = run(app)
    assert (refused.exit_code, refused.stdout) == (1, "") and "ENV=production" in refused.stderr
    assert everything(app) == before and not kept.exists()


def test_production_serves_nobody_while_samples_are_about(app: Flask, kept: Path, clock: StillClock) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, production=True)
    try:
        with app.app_context():
            refuse_samples()
            kept.write_text("{}")
            with pytest.raises(Exit):
                refuse_samples()
            kept.unlink()
            refuse_samples()
            with transaction() as session:
                session.add(Person(kind="resident", name="王芳", masked_name="王*", created_at=clock(), is_sample=True))
            with pytest.raises(Exit):
                refuse_samples()
    finally:
        app.extensions["settings"] = settings
