"""Statements compiled once and sent on connections kept for them, beside sessions and their pool.

Saves and starts come by the thousand, and a session with a pooled connection costs several times what their rows cost.
"""

import weakref
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import ClauseElement, Dialect, Engine, event
from sqlalchemy.dialects import sqlite

from question_bank.database import UtcDateTime, db, write_queue
from question_bank.turns import out_of_turn


class Prepared:
    """A statement compiled once. ``build`` gives it for a dialect by its name."""

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
            connection, row = _first_use(engine, lambda own: self.on(own, values))
        _own_connections(engine).keep(connection)
        return row

    def read(self, values: Mapping[str, Any]) -> Any:
        """The first row of a statement that only reads what never changes; None without any."""
        if db.session.registry.has() and db.session().in_transaction():
            # Who has a connection asks on it: nobody waits for an own one while others wait for what they have.
            return self.on(db.session().connection().connection.driver_connection, values)
        engine = db.engine
        connection, row = _first_use(engine, lambda own: self.on(own, values))
        _own_connections(engine).keep(connection)
        return row

    def on(self, connection: Any, values: Mapping[str, Any]) -> Any:
        """The same inside ``own_transaction``."""
        cursor = self._sent(connection, values)
        return cursor.fetchone() if cursor.description else None

    def rows(self, connection: Any, values: Mapping[str, Any]) -> list[Any]:
        """All rows, inside ``own_transaction``."""
        return list(self._sent(connection, values).fetchall())

    def _sent(self, connection: Any, values: Mapping[str, Any]) -> Any:
        dialect = db.engine.dialect
        text, constants = self._text(dialect)
        return _asked(dialect, connection, text, {**constants, **_bound(values, dialect)})

    def _text(self, dialect: Dialect) -> tuple[str, dict[str, Any]]:
        """The statement as the driver takes it, and the constants that stand in it."""
        if dialect.name not in self._compiled:
            named = sqlite.dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
            compiled = self._build(dialect.name).compile(dialect=named)
            self._compiled[dialect.name] = str(compiled), dict(compiled.params)
        return self._compiled[dialect.name]


@contextmanager
def own_transaction() -> Iterator[Any]:
    """A few prepared statements as one act; without a session to join them."""
    engine = db.engine
    begin = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN"
    _forget_what_was_read()
    with write_queue(engine):
        connection, _ = _first_use(engine, lambda own: _asked(engine.dialect, own, begin))
        with _own_connections(engine).lent(connection):  # closed, and so rolled back, if anything goes wrong
            yield connection
            _asked(engine.dialect, connection, "COMMIT")
    _forget_what_was_read()  # in between, for what the act needed to know


def _asked(dialect: Dialect, connection: Any, statement: str, values: Mapping[str, Any] | None = None) -> Any:
    """Send it and wait; meanwhile other threads go on where another process does the work.

    SQLite works in this one, and whoever has the writers' queue must not wait for a turn.
    """
    if dialect.name == "sqlite":
        return connection.execute(statement, values or {})
    with out_of_turn():
        return connection.execute(statement, values)


def _first_use(engine: Engine, use: Callable[[Any], Any]) -> tuple[Any, Any]:
    """One of the own connections and what ``use`` gives on it; where it turns out to have broken, on a new one."""
    connections = _own_connections(engine)
    connection = connections.take()
    try:
        return connection, use(connection)
    except BaseException as error:
        connections.give_up(connection)
        drivers: type[Any] = engine.dialect.loaded_dbapi.Error
        if not isinstance(error, drivers) or not engine.dialect.is_disconnect(error, connection, None):
            raise
    connections.close_all()  # the others that wait are as old
    connection = connections.take()
    try:
        return connection, use(connection)
    except BaseException:
        connections.give_up(connection)
        raise


def _forget_what_was_read() -> None:
    """What a session read before is read again after, as around ``transaction``."""
    if db.session.registry.has():
        db.session.rollback()


def _bound(values: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    moments = UtcDateTime()
    return {
        name: moments.process_bind_param(value, dialect) if isinstance(value, datetime) else value
        for name, value in values.items()
    }


OWN_AT_ONCE = 8
"""Own connections of one process. Each is used for a few statements, and a server of PostgreSQL has 100 for all."""


class _OwnConnections:
    """A driver's connections beside the pool, each statement its own transaction; at most OWN_AT_ONCE are out.

    The one used last is used next, so that there are as many as are at work at once, however many threads there are.
    Whoever waits for one must hold no other connection, or all could wait for each other.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = weakref.ref(engine)
        self._waiting: deque[Any] = deque()
        self._places = BoundedSemaphore(OWN_AT_ONCE)

    def take(self) -> Any:
        if not self._places.acquire(blocking=False):
            with out_of_turn():  # those who have one may be waiting for their turn
                self._places.acquire()
        with suppress(IndexError):
            return self._waiting.pop()
        try:
            return self._opened()
        except BaseException:
            self._places.release()
            raise

    def keep(self, connection: Any) -> None:
        """Put it back for the next use."""
        self._waiting.append(connection)
        self._places.release()

    def give_up(self, connection: Any) -> None:
        """Close it instead: something went wrong on it."""
        self._places.release()
        connection.close()

    @contextmanager
    def lent(self, connection: Any) -> Iterator[Any]:
        """Put back afterwards; closed instead if anything went wrong on it."""
        try:
            yield connection
        except BaseException:
            self.give_up(connection)
            raise
        self.keep(connection)

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

    def close_all(self) -> None:
        while self._waiting:
            with suppress(IndexError):
                self._waiting.pop().close()


_connections: "weakref.WeakKeyDictionary[Engine, _OwnConnections]" = weakref.WeakKeyDictionary()


def _own_connections(engine: Engine) -> _OwnConnections:
    found = _connections.get(engine)
    if found is None:
        found = _connections.setdefault(engine, _OwnConnections(engine))
        event.listen(engine, "engine_disposed", lambda _engine: found.close_all())
    return found


@contextmanager
def own_connection(engine: Engine) -> Iterator[Any]:
    """One of the driver's connections for this use alone, each statement its own transaction."""
    connections = _own_connections(engine)
    with connections.lent(connections.take()) as connection:
        yield connection
