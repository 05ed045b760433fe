"""What every table in the project builds on: Base, db, UtcDateTime, transaction().

All that differs between SQLite and PostgreSQL lives in this file.
"""

import fcntl
import json
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Dialect,
    Engine,
    FromClause,
    MetaData,
    String,
    Table,
    Text,
    bindparam,
    cast,
    column,
    event,
    func,
    select,
    text,
    type_coerce,
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


def as_value(read: Any) -> Any:
    """A JSON value as a driver hands it over: text from SQLite."""
    return json.loads(read) if isinstance(read, str) else read


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


def sent_rows(dialect: str, columns: Mapping[str, TypeEngine[Any]]) -> FromClause:
    """Rows sent as one JSON list of objects, bound as ``rows``: a table of these columns."""
    sent = bindparam("rows", type_=Text())
    if dialect == "postgresql":
        rows = func.json_to_recordset(cast(sent, JSON)).table_valued(*(column(*each) for each in columns.items()))
        return rows.render_derived(name="sent", with_types=True)
    each = func.json_each(sent).table_valued("value").c.value
    fields = (func.json_extract(each, f"$.{name}", type_=type_).label(name) for name, type_ in columns.items())
    return select(*fields).subquery("sent")


def json_of(dialect: str, written: ColumnElement[Any]) -> ColumnElement[Any]:
    """The value of a JSON column from its text; SQLite keeps the text."""
    return cast(written, JSON) if dialect == "postgresql" else written


def json_in_json(dialect: str, written: Any) -> ColumnElement[Any]:
    """The same, where it stands inside of another value."""
    return cast(written, JSON) if dialect == "postgresql" else func.json(written)


def moment_as_text(dialect: str, moment: Any) -> ColumnElement[str]:
    """ISO 8601 in UTC with milliseconds and Z, which is how SQLite keeps a moment."""
    if dialect == "postgresql":
        return func.to_char(func.timezone("UTC", moment), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    return type_coerce(moment, Text())


def gathered(dialect: str, *columns: Any) -> ColumnElement[Any]:
    """All rows of a group as one JSON list of lists, in no order: it is read many times as fast as rows are."""
    if dialect == "postgresql":
        return func.json_agg(func.json_build_array(*columns), type_=JSON())
    return func.json_group_array(func.json_array(*columns), type_=JSON())


def by_bytes(column: Any) -> ColumnElement[str]:
    """A column of text to order by, the same everywhere; PostgreSQL would order it as its language does."""
    if db.session.get_bind().dialect.name == "postgresql":
        found: ColumnElement[str] = column.collate("C")
        return found
    return type_coerce(column, Text())


def wait_for_turn(session: Session, name: str) -> None:
    """Let one transaction at a time pass here until it ends. SQLite's writers already take turns."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


def take_turn(session: Session, name: str) -> bool:
    """The same without waiting: False while another transaction is there."""
    if session.get_bind().dialect.name == "postgresql":
        taken = session.execute(text("SELECT pg_try_advisory_xact_lock(hashtext(:name))"), {"name": name})
        return bool(taken.scalar_one())
    return True


def is_writing() -> bool:
    """Whether an act is under way, which whatever is written now belongs to."""
    return db.session.registry.has() and bool(db.session().info.get("writing"))


def let_go() -> None:
    """Give the connection back before something that takes long: others need it, and nothing is read on the way."""
    if not is_writing():
        db.session.commit()


@contextmanager
def transaction(*, as_of_one_moment: bool = False) -> Iterator[Session]:
    """One act: everything inside is committed together, or nothing is.

    What was read before is read again inside, so that no act rests on a stale row. An act inside an act joins it.
    ``as_of_one_moment``: all its reads see the moment of the first, as SQLite's always do; OperationalError where it
    changes what another act has changed since.
    """
    session = db.session()
    if session.info.get("writing"):
        yield session
        return
    session.rollback()
    with write_queue(session.get_bind()):
        session.info["writing"] = True
        try:
            options = {"isolation_level": "REPEATABLE READ"} if as_of_one_moment and not _is_sqlite(session) else {}
            session.connection(execution_options={"immediate": True, **options})
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop("writing", None)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


@contextmanager
def snapshot(*, of_rows: bool = False) -> Iterator[Session]:
    """Reads that all see one moment, whoever writes meanwhile. SQLite's reads in one transaction always do.

    What was loaded before is loaded anew, inside and afterwards; not ``of_rows``, where nothing but rows is read.
    A snapshot inside a snapshot, or inside an act, is a part of it.
    """
    session = db.session()
    if session.info.get("writing") or session.info.get("snapshot"):
        yield session
        return
    _end_reading(session, keep_loaded=of_rows)
    session.info["snapshot"] = True
    try:
        if session.get_bind().dialect.name == "postgresql":
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        yield session
    finally:
        session.info.pop("snapshot", None)
        _end_reading(session, keep_loaded=of_rows)


def _end_reading(session: Session, *, keep_loaded: bool) -> None:
    if not keep_loaded or session.new or session.dirty or session.deleted:
        session.rollback()
        return
    expires, session.expire_on_commit = session.expire_on_commit, False
    try:
        session.commit()
    finally:
        session.expire_on_commit = expires
    session.begin()  # without a transaction the next rollback would forget nothing


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


POOL_SIZE = 33
"""Connections kept open for the next use: as many as a worker has threads, and one for who draws ahead. With fewer,
some would be opened and closed again for every page while many ask."""


def engine_options(url: URL) -> dict[str, Any]:
    """What the engine for this address needs.

    The pool has no limit but the number of threads: one that waited for a connection might keep what others wait for.
    The connection used last is used next: it has the most of what it needs at hand.
    """
    pool: dict[str, Any] = {"pool_size": POOL_SIZE, "max_overflow": -1, "pool_use_lifo": True}
    if url.get_backend_name() == "sqlite":
        connect = {"isolation_level": None, "timeout": 30, "check_same_thread": False}
        return {**pool, "connect_args": connect}
    return {**pool, "pool_pre_ping": True}


def prepare_engine(engine: Engine) -> None:
    """SQLite: durable settings on each connection, and writing transactions that begin as such.

    A read that turns into a write fails at once in WAL mode, whatever the timeout; BEGIN IMMEDIATE waits instead.
    """

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
