"""What every table in the project builds on: Base, db, UtcDateTime, transaction().

All that differs between SQLite and PostgreSQL lives in this file.
"""

import fcntl
import os
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    ClauseElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    Table,
    Text,
    event,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator, TypeEngine


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC, cut to whole milliseconds; on SQLite text of one width, so that it sorts as time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(24))
        return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True, precision=3))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        if dialect.name == "sqlite":
            return moment.replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else as_moment(value)


def as_moment(value: str | datetime) -> datetime:
    """A moment as a driver hands it over: text from SQLite, in some zone from PostgreSQL."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of all tables. Constraints get names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        date: Date(),
        str: Text(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})

Big = BigInteger().with_variant(sqlite.INTEGER(), "sqlite")


def where(condition: str) -> dict[str, Any]:
    """The condition of a partial index, for both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


def upsert(session: Session | Connection, table: type[Base] | Table) -> Any:
    """An INSERT that knows ON CONFLICT, in the dialect of the session's database."""
    bind = session if isinstance(session, Connection) else session.get_bind()
    return insert_for(bind.dialect.name, table)


def insert_for(dialect: str, table: type[Base] | Table) -> Any:
    """The same for a dialect by its name."""
    target = table if isinstance(table, Table) else table.__table__
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(target)  # type: ignore[arg-type]  # a mapped class's __table__ is typed as FromClause


def wait_for_turn(session: Session, name: str) -> None:
    """Let one transaction at a time pass here until it ends. SQLite's writers already take turns."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


def is_writing() -> bool:
    """Whether an act is under way, which whatever is written now belongs to."""
    return db.session.registry.has() and bool(db.session().info.get("writing"))


@contextmanager
def transaction() -> Iterator[Session]:
    """One act: everything inside is committed together, or nothing is.

    What was read before is read again inside, so that no act rests on a stale row. An act inside an act joins it.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    with write_queue(session.get_bind()):
        session.info["writing"] = True
        try:
            session.connection(execution_options={"immediate": True})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)


class Prepared:
    """A statement compiled once, sent on a connection that each thread keeps beside the pool.

    Saves and starts come by the thousand, and a session with a pooled connection costs several times what their rows
    cost. ``build`` gives the statement for a dialect by its name.
    """

    def __init__(self, build: Callable[[str], ClauseElement]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[str, dict[str, Any]]] = {}

    def first(self, values: Mapping[str, Any]) -> Any:
        """As a transaction by itself: the first row that it returns, None without any; on return it is committed.

        Only for what may be sent twice: the connection may break before the reply has come.
        """
        engine = db.engine
        _forget_what_was_read()
        with write_queue(engine):
            try:
                return self.on(own_connection(engine), values)
            except engine.dialect.loaded_dbapi.Error as error:
                if not _is_gone(engine, error):
                    raise
                return self.on(own_connection(engine), values)

    def on(self, connection: Any, values: Mapping[str, Any]) -> Any:
        """The same inside ``own_transaction``."""
        dialect = db.engine.dialect
        text, constants = self._text(dialect)
        cursor = connection.execute(text, {**constants, **_bound(values, dialect)})
        return cursor.fetchone() if cursor.description else None

    def _text(self, dialect: Dialect) -> tuple[str, dict[str, Any]]:
        """The statement as the driver takes it, and the constants that stand in it."""
        if dialect.name not in self._compiled:
            named = sqlite.dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
            compiled = self._build(dialect.name).compile(dialect=named)
            self._compiled[dialect.name] = str(compiled), dict(compiled.params)
        return self._compiled[dialect.name]


@contextmanager
def own_transaction() -> Iterator[Any]:
    """A few prepared statements as one act, on the thread's own connection; without a session to join them."""
    engine = db.engine
    _forget_what_was_read()
    begin = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN"
    with write_queue(engine):
        try:
            own_connection(engine).execute(begin)
        except engine.dialect.loaded_dbapi.Error as error:
            if not _is_gone(engine, error):
                raise
            own_connection(engine).execute(begin)
        connection = own_connection(engine)
        try:
            yield connection
            connection.execute("COMMIT")
            _forget_what_was_read()  # in between, for what the act needed to know
        except BaseException:
            with suppress(engine.dialect.loaded_dbapi.Error):  # a connection that broke has rolled back already
                connection.execute("ROLLBACK")
            raise


def _forget_what_was_read() -> None:
    """What a session read before is read again after, as around ``transaction``."""
    if db.session.registry.has():
        db.session.rollback()


def _is_gone(engine: Engine, error: Exception) -> bool:
    """Whether the thread's connection broke; then the next use opens another."""
    if not engine.dialect.is_disconnect(error, own_connection(engine), None):  # type: ignore[arg-type]  # any driver's
        return False
    _own_connections(engine).drop()
    return True


def _bound(values: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    moments = UtcDateTime()
    return {
        name: moments.process_bind_param(value, dialect) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


class _Own:
    """One thread's connection. It closes with the thread: servers let idle threads go and make new ones."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def close(self) -> None:
        self.connection.close()

    __del__ = close


class _OwnConnections:
    """A driver's connection for each thread, beside the pool, each statement its own transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = weakref.ref(engine)
        self._here = threading.local()
        self._all: weakref.WeakSet[_Own] = weakref.WeakSet()

    def get(self) -> Any:
        own = getattr(self._here, "own", None)
        if own is None:
            own = self._here.own = _Own(self._opened())
            self._all.add(own)
        return own.connection

    def _opened(self) -> Any:
        engine = self._engine()
        assert engine is not None
        pooled = engine.raw_connection()  # with the settings of every connection, see prepare_engine
        connection = pooled.driver_connection
        assert connection is not None
        pooled.detach()
        if engine.dialect.name == "postgresql":
            connection.autocommit = True
        return connection

    def drop(self) -> None:
        """Let this thread's connection go: the next use opens another."""
        del self._here.own

    def close_all(self) -> None:
        for own in list(self._all):
            own.close()
        self._here = threading.local()


_connections: "weakref.WeakKeyDictionary[Engine, _OwnConnections]" = weakref.WeakKeyDictionary()


def _own_connections(engine: Engine) -> _OwnConnections:
    found = _connections.get(engine)
    if found is None:
        found = _connections.setdefault(engine, _OwnConnections(engine))
    return found


def own_connection(engine: Engine) -> Any:
    """This thread's own driver connection, each statement its own transaction."""
    return _own_connections(engine).get()


@contextmanager
def snapshot() -> Iterator[Session]:
    """Reads that all see one moment, whoever writes meanwhile. SQLite's reads in one transaction always do."""
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    try:
        yield session
    finally:
        session.rollback()


_threads = threading.local()


@contextmanager
def write_queue(bind: Engine | Connection) -> Iterator[None]:
    """The fair queue of writers of all processes (SQLite only).

    SQLite's own waiting polls and starves some writers for seconds; a lock file wakes them in their order of coming.
    """
    path = bind.engine.url.database if bind.dialect.name == "sqlite" else None
    if not path or path == ":memory:":
        yield
        return
    descriptor = _queue_file(path + ".queue")
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _queue_file(path: str) -> int:
    """This thread's own handle: a lock belongs to the handle, so threads wait for each other too."""
    key = (os.getpid(), path)
    handles: dict[tuple[int, str], int] = _threads.__dict__.setdefault("handles", {})
    if key not in handles:
        handles[key] = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    return handles[key]


def engine_options(url: URL) -> dict[str, Any]:
    """What the engine for this address needs."""
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"isolation_level": None, "timeout": 30, "check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}


def prepare_engine(engine: Engine) -> None:
    """SQLite: durable settings on each connection, and writing transactions that begin as such.

    A read that turns into a write fails at once in WAL mode, whatever the timeout; BEGIN IMMEDIATE waits instead.
    """

    @event.listens_for(engine, "engine_disposed")
    def close_own(_engine: Engine) -> None:
        _own_connections(engine).close_all()

    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def settings(connection: Any, _record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
