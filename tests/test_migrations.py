"""Migrations go up, down and up again, agree with the models, and leave rows that are there whole."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Connection, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateIndex

from question_bank.database import Base, db
from quiz.app import create_app
from quiz.services.standing_counts import fold
from tests.builders import a_contest, a_person, a_street, a_unit, an_ended_attempt
from tests.conftest import DATABASES, MORNING, StillClock, new_database, settings_for

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


@pytest.fixture(params=DATABASES)
def bare(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Flask]:
    """The app on a database of its own, without any table."""
    url = new_database(request.param, tmp_path, f"migrations_{worker_id}")
    app = create_app(settings_for(url, tmp_path), clock=StillClock(MORNING))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names()) - {"alembic_version"}


def indexes(connection: Connection) -> dict[str, str]:
    """Every index that somebody wrote, as the database itself says it."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    else:
        query = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    return {name: " ".join(sql.split()) for name, sql in connection.execute(text(query))}


def with_connection(read: Any) -> Any:
    with db.engine.connect() as connection:
        return read(connection)


def columns_of(connection: Connection) -> dict[str, set[str]]:
    """The columns of each table that is there."""
    look = inspect(connection)
    return {table: {column["name"] for column in look.get_columns(table)} for table in look.get_table_names()}


def all_rows(connection: Connection) -> dict[str, list[tuple[Any, ...]]]:
    return {
        table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
        for table in Base.metadata.sorted_tables
    }


def test_up_down_and_up_again(bare: Flask) -> None:
    upgrade()
    first = with_connection(indexes)
    assert with_connection(tables) == set(Base.metadata.tables)
    downgrade(revision="base")
    assert with_connection(tables) == set()
    upgrade()
    assert with_connection(tables) == set(Base.metadata.tables)
    assert with_connection(indexes) == first


def test_tables_and_models_agree(bare: Flask) -> None:
    upgrade()

    def differences(connection: Connection) -> Any:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata)

    assert with_connection(differences) == []


def test_indexes_are_those_of_the_models_with_their_conditions_and_their_order(
    bare: Flask, tmp_path: Path, worker_id: str
) -> None:
    """Comparing names is not enough: SQLite's batch mode loses conditions and DESC without a word."""
    upgrade()
    migrated = with_connection(indexes)
    kind = "sqlite" if db.engine.dialect.name == "sqlite" else "postgresql"
    fresh = create_app(settings_for(new_database(kind, tmp_path, f"models_{worker_id}"), tmp_path))
    with fresh.app_context():
        Base.metadata.create_all(db.engine)
        from_models = with_connection(indexes)
        db.engine.dispose()
    migrated.pop("alembic_version_pkc", None)
    assert migrated == from_models
    assert "ended_at IS NULL" in migrated["one_open_attempt"]


def test_constraints_are_those_of_the_models(bare: Flask) -> None:
    """Unique constraints, foreign keys and what must not be empty, table by table."""
    upgrade()

    def described(connection: Connection) -> dict[str, Any]:
        inspector = inspect(connection)
        return {
            name: (
                sorted(tuple(u["column_names"]) for u in inspector.get_unique_constraints(name)),
                sorted(
                    (tuple(f["constrained_columns"]), f["referred_table"]) for f in inspector.get_foreign_keys(name)
                ),
                {c["name"]: c["nullable"] for c in inspector.get_columns(name)},
            )
            for name in Base.metadata.tables
        }

    expected = {
        table.name: (
            sorted(
                tuple(c.name for c in constraint.columns)
                for constraint in table.constraints
                if type(constraint).__name__ == "UniqueConstraint"
            ),
            sorted((tuple(f.column_keys), f.referred_table.name) for f in table.foreign_key_constraints),
            {c.name: bool(c.nullable) for c in table.columns},
        )
        for table in Base.metadata.tables.values()
    }
    assert with_connection(described) == expected


def test_there_is_one_newest_migration(bare: Flask) -> None:
    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1


def steps() -> list[str]:
    """Every revision that has one after it, oldest first."""
    revisions = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    return [revision.revision for revision in reversed(revisions)][:-1]


def fill() -> None:
    """A row, or several, in every table that the journey of a participant touches."""
    street = a_street()
    contest = a_contest(MORNING)
    for person in (a_person(MORNING, unit=a_unit(street)), a_person(MORNING, street=street)):
        an_ended_attempt(contest, person, began=MORNING, ended=MORNING, right=3, wrong=1)
    fold(contest.id)  # what waits to be counted is counted by the migration that brings the counts


def test_an_upgrade_leaves_every_row_as_it_was(bare: Flask) -> None:
    upgrade()
    fill()
    db.session.remove()
    before = with_connection(all_rows)
    assert sum(map(len, before.values())) > 40
    upgrade()  # the server does this at every start
    assert with_connection(all_rows) == before
    for revision in reversed(steps()):
        downgrade(revision=revision)
    columns = with_connection(columns_of)  # what later versions keep besides goes with the step down
    upgrade()
    found = with_connection(all_rows)
    for table, rows in before.items():
        kept = [at for at, column in enumerate(Base.metadata.tables[table].c) if column.name in columns.get(table, ())]
        assert [[row[at] for at in kept] for row in found[table]] == [[row[at] for at in kept] for row in rows], table


def test_what_points_at_a_row_still_points_at_it(bare: Flask) -> None:
    """SQLite's way to alter makes a table anew; nothing that refers to it may be lost on the way."""
    upgrade()
    fill()
    if db.engine.dialect.name == "sqlite":
        assert with_connection(lambda c: c.execute(text("PRAGMA foreign_key_check")).all()) == []
        assert with_connection(lambda c: c.execute(text("PRAGMA foreign_keys")).scalar()) == 1
    else:
        query = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
        assert with_connection(lambda c: c.execute(text(query)).scalar()) == 0


def test_moments_sort_as_time_on_both_databases(bare: Flask) -> None:
    upgrade()
    columns = with_connection(lambda c: {col["name"]: str(col["type"]) for col in inspect(c).get_columns("attempts")})
    wanted = "VARCHAR(24)" if db.engine.dialect.name == "sqlite" else "TIMESTAMP"
    assert columns["started_at"].startswith(wanted)


def test_every_index_of_the_models_can_be_written_for_both_databases() -> None:
    for table in Base.metadata.tables.values():
        for index in table.indexes:
            written = [str(CreateIndex(index).compile(dialect=d.dialect())) for d in (sqlite, postgresql)]
            assert ("WHERE" in written[0]) == ("WHERE" in written[1]), index.name
