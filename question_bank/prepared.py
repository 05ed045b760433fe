"""Statements compiled once and sent on connections kept for them, beside sessions and their pool.

Saves and starts come by the thousand, and a session with a pooled connection costs several times what their rows cost.
"""

import sqlite3
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from threading import BoundedSemaphore
from typing import Any

from sqlalchemy import ClauseElement, Dialect, Engine, event
from sqlalchemy.dialects import sqlite

from question_bank.database import UtcDateTime, db
from question_bank.turns import out_of_turn


class Prepared:
    """A statement compiled once. ``build`` gives it for a dialect by its name."""

    def __init__(self, build: Callable[[str], ClauseElement]) -> None:
        self._build = build
        self._compiled: dict[str, tuple[str, dict[str, Any]]] = {}

    def read(self, values: Mapping[str, Any]) -> Any:
        """The first row of a statement that only reads; None without any."""
        found = self.read_all(values)
        return found[0] if found else None

    def read_all(self, values: Mapping[str, Any]) -> list[Any]:
        """All rows, as the driver gives them. What a session has changed but not sent yet is not seen."""
        if db.session.registry.has() and db.session().in_transaction():
            # Who has a connection asks on it: nobody waits for an own one while others wait for what they have.
            return self.rows(db.session().connection().connection.driver_connection, values)
        return self.on_own_connection(values)

    def on_own_connection(self, values: Mapping[str, Any]) -> list[Any]:
        """All rows, as a transaction by itself: on return it is committed. Who writes has the writers' queue.

        Only for what may be sent twice: the connection may break before the reply has come.
        """
        engine = db.engine
        rows: list[Any]
        connection, rows = first_use(engine, lambda own: self.rows(own, values))
        own_connections(engine).keep(connection)
        return rows

    def rows(self, connection: Any, values: Mapping[str, Any]) -> list[Any]:
        """All rows on this connection."""
        return rows_of(connection.execute(*self.with_values(values, db.engine.dialect)))

    def with_values(self, values: Mapping[str, Any], dialect: Dialect) -> tuple[str, dict[str, Any]]:
        """As a driver's connection executes it."""
        text, constants = self._text(dialect)
        return text, {**constants, **bound(values, dialect)}

    def _text(self, dialect: Dialect) -> tuple[str, dict[str, Any]]:
        """The statement as the driver takes it, and the constants that stand in it."""
        if dialect.name not in self._compiled:
            named = sqlite.dialect(paramstyle="named") if dialect.name == "sqlite" else dialect
            compiled = self._build(dialect.name).compile(dialect=named)
            self._compiled[dialect.name] = str(compiled), dict(compiled.params)
        return self._compiled[dialect.name]


Statement = tuple[Prepared, Mapping[str, Any]]


def rows_of(cursor: Any) -> list[Any]:
    """All that a statement returned; nothing where it returns no rows."""
    # psycopg makes its description anew, column by column, each time somebody asks for it.
    has_rows = cursor.description if isinstance(cursor, sqlite3.Cursor) else cursor.rownumber is not None
    return list(cursor.fetchall()) if has_rows else []


def first_use(engine: Engine, use: Callable[[Any], Any]) -> tuple[Any, Any]:
    """One of the own connections and what ``use`` gives on it; where it turns out to have broken, on a new one."""
    connections = own_connections(engine)
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


def forget_what_was_read() -> None:
    """What a session read before is read again after, as around ``transaction``."""
    if db.session.registry.has():
        db.session.rollback()


def bound(values: Mapping[str, Any], dialect: Dialect) -> dict[str, Any]:
    """Values as a driver takes them: moments in the form in which they are stored."""
    return {name: as_sent(value, dialect) if isinstance(value, datetime) else value for name, value in values.items()}


as_sent = UtcDateTime().process_bind_param
"""A moment in that form."""


BY_KEY = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off"
"""What PostgreSQL is told on own connections. Each statement there finds a few rows by their keys; at the opening
minute the server does not know yet how fast the tables grow, and would read them from end to end."""
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
            connection.execute(BY_KEY)
        return connection

    def close_all(self) -> None:
        while self._waiting:
            with suppress(IndexError):
                self._waiting.pop().close()


_connections: "weakref.WeakKeyDictionary[Engine, _OwnConnections]" = weakref.WeakKeyDictionary()


def own_connections(engine: Engine) -> _OwnConnections:
    found = _connections.get(engine)
    if found is None:
        found = _connections.setdefault(engine, _OwnConnections(engine))
        event.listen(engine, "engine_disposed", lambda _engine: found.close_all())
    return found


@contextmanager
def own_connection(engine: Engine) -> Iterator[Any]:
    """One of the driver's connections for this use alone, each statement its own transaction."""
    connections = own_connections(engine)
    with connections.lent(connections.take()) as connection:
        yield connection
