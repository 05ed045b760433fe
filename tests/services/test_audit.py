"""操作记录: what was done stays on record, in the act's own transaction, and a later change shows."""

import threading
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from question_bank.database import db, transaction
from quiz.models import AuditEntry
from quiz.services import audit
from tests.conftest import StillClock


@pytest.fixture
def now(clock: StillClock) -> datetime:
    return clock()


def some_acts(now: datetime) -> None:
    for number in range(1, 6):
        audit.record(
            "contest.changed",
            f"contest:{number}",
            actor_id=7 if number % 2 else None,
            now=now + timedelta(milliseconds=number),
            contest_id=number,
            reason="延期",
            before={"n": number, "list": [1, 2.5, None]},
        )


@pytest.mark.usefixtures("context")
def test_each_act_is_chained_to_the_one_before(now: datetime) -> None:
    some_acts(now)
    db.session.expire_all()
    entries = db.session.execute(select(AuditEntry).order_by(AuditEntry.id)).scalars().all()
    assert [entry.id for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.previous for entry in entries] == [audit.FIRST, *(entry.hash for entry in entries[:-1])]
    assert audit.first_break() is None


@pytest.mark.usefixtures("context")
def test_an_empty_record_holds(now: datetime) -> None:
    assert audit.first_break() is None


@pytest.mark.usefixtures("context")
def test_a_moment_of_another_zone_is_the_same_moment(now: datetime) -> None:
    shanghai = timezone(timedelta(hours=8))
    audit.record("x", "contest:1", actor_id=None, now=now.astimezone(shanghai).replace(microsecond=123_999))
    db.session.expire_all()
    assert audit.first_break() is None


CHANGES: dict[str, Any] = {
    "at": datetime.fromisoformat("2020-01-01T00:00Z"),
    "actor_id": 8,
    "act": "contest.paused",
    "subject": "contest:9",
    "contest_id": None,
    "details": {"reason": "别的原因"},
    "previous": "f" * 64,
    "hash": "f" * 64,
}


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("column", CHANGES)
def test_a_change_to_any_column_shows(now: datetime, column: str) -> None:
    some_acts(now)
    with transaction() as session:
        session.execute(update(AuditEntry).where(AuditEntry.id == 3).values({column: CHANGES[column]}))
    db.session.expire_all()
    broken = audit.first_break()
    assert broken and broken.entry_id == 3


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("gone", [1, 3])
def test_an_entry_that_was_taken_out_shows(now: datetime, gone: int) -> None:
    some_acts(now)
    with transaction() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id == gone))
    db.session.expire_all()
    assert audit.first_break() == audit.Break(gone, "missing")


@pytest.mark.usefixtures("context")
def test_an_entry_forged_with_a_fitting_hash_breaks_the_next_link(now: datetime) -> None:
    some_acts(now)
    with transaction() as session:
        forged = session.get_one(AuditEntry, 3)
        forged.act = "contest.resumed"
        forged.hash = audit.hash_of(forged)
    db.session.expire_all()
    assert audit.first_break() == audit.Break(4, "does not follow the entry before it")


@pytest.mark.usefixtures("context")
def test_an_act_that_fails_leaves_no_record(now: datetime) -> None:
    with pytest.raises(RuntimeError), transaction():
        audit.record("x", "contest:1", actor_id=None, now=now)
        raise RuntimeError
    audit.record("y", "contest:1", actor_id=None, now=now)
    assert db.session.execute(select(AuditEntry.id, AuditEntry.act)).all() == [(1, "y")]


def test_acts_at_the_same_moment_make_one_chain(app: Flask, now: datetime) -> None:
    failures: list[BaseException] = []

    def act(number: int) -> None:
        try:
            with app.app_context():
                for turn in range(5):
                    audit.record("x", f"contest:{number}", actor_id=None, now=now, turn=turn)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=act, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    with app.app_context():
        assert audit.first_break() is None
        assert db.session.execute(select(db.func.count()).select_from(AuditEntry)).scalar_one() == 40
