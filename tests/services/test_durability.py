"""What was committed survives a power cut: the settings of each connection that a promise rests on."""

import pytest
from flask import Flask
from sqlalchemy import text

from question_bank.database import db, transaction
from question_bank.prepared import own_connection

pytestmark = pytest.mark.usefixtures("context")


def test_every_connection_commits_to_the_disk(app: Flask) -> None:
    """SQLite: a write-ahead log synced at each commit. PostgreSQL: the server's own setting, never loosened by us."""
    with transaction() as session:
        if db.engine.dialect.name == "sqlite":
            assert session.execute(text("PRAGMA journal_mode")).scalar() == "wal"
            assert session.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
            assert session.execute(text("PRAGMA foreign_keys")).scalar() == 1
        else:
            query = text("SELECT source FROM pg_settings WHERE name = 'synchronous_commit'")
            assert session.execute(query).scalar() in ("default", "configuration file")
            assert session.execute(text("SHOW transaction_isolation")).scalar() == "read committed"


def test_the_connections_that_saves_keep_are_as_durable(app: Flask) -> None:
    """They stand beside the pool, and each statement on them is committed before it returns."""
    with own_connection(db.engine) as connection:
        if db.engine.dialect.name == "sqlite":
            asked = {
                name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
            }
            assert asked == {"journal_mode": "wal", "synchronous": 2}
            assert connection.isolation_level is None
        else:
            query = "SELECT source FROM pg_settings WHERE name = 'synchronous_commit'"
            assert connection.execute(query).fetchone()[0] in ("default", "configuration file")
            assert connection.autocommit


def test_an_act_inside_an_act_is_committed_with_it_or_not_at_all(app: Flask) -> None:
    insert = text("INSERT INTO banks (name, created_at) VALUES (:name, '2026-06-20T01:00:00.000Z')")
    with pytest.raises(RuntimeError), transaction() as outer:
        with transaction() as inner:
            assert inner is outer
            inner.execute(insert, {"name": "内层"})
        raise RuntimeError
    assert db.session.execute(text("SELECT count(*) FROM banks")).scalar() == 0
    with transaction() as session:
        session.execute(insert, {"name": "外层"})
    db.session.rollback()
    assert db.session.execute(text("SELECT count(*) FROM banks")).scalar() == 1
