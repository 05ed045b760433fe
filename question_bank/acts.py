"""Acts of a few prepared statements, without a session to join them: a start, a hand-in. They come by the thousand."""

import weakref
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any, Generic, TypeVar

from sqlalchemy import Dialect, Engine

from question_bank.database import db, write_queue
from question_bank.lines import Line, Waiting
from question_bank.prepared import (
    Prepared,
    Statement,
    first_use,
    forget_what_was_read,
    own_connection,
    own_connections,
    rows_of,
)
from question_bank.turns import Away, out_of_turn

MOST_AT_ONCE = 16
"""Acts that SQLite commits together: all other writers wait for them."""

Result = TypeVar("Result")
Work = Callable[["Act"], Result]


class Act:
    """A few prepared statements that are committed together: those it begins with, some between, and the last ones."""

    def __init__(self, connection: Any, first: list[list[Any]]) -> None:
        self.connection = connection
        self.first = first
        """The rows of each statement that it began with."""
        self.last: tuple[Statement, ...] = ()

    def row(self, statement: Prepared, values: Any) -> Any:
        """The first row of a statement in between; None without any."""
        return statement.on(self.connection, values)

    def end_with(self, *statements: Statement) -> None:
        """What is sent last of all, and committed. Its rows are not asked for."""
        self.last = statements


def do(work: "Work[Result]", *first: Statement) -> Result:
    """Do ``work``, which begins with these statements; what it gives, once everything is committed.

    Each statement sees what was committed before it was its turn, a wait for a lock included. ``work`` may be done
    twice, by whatever thread, and must not rest on anything but its act and what it was made with.
    """
    engine = db.engine
    forget_what_was_read()
    done = _do_in_company(engine, work, first) if engine.dialect.name == "sqlite" else None
    result = done.result if done else _do_alone(engine, work, first)
    forget_what_was_read()  # in between, for what the act needed to know
    return result


def _do_alone(engine: Engine, work: "Work[Result]", first: tuple[Statement, ...]) -> Result:
    """On PostgreSQL ``first`` goes in one trip to the server, and so do the last ones with the COMMIT: a trip costs
    much. While it waits for the disk other threads go on, and their commits share its sync.
    """
    begin = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN"
    with write_queue(engine):
        connection, rows = first_use(engine, lambda own: _together(engine.dialect, own, begin, *first))
        with own_connections(engine).lent(connection):  # closed, and so rolled back, if anything goes wrong
            act = Act(connection, rows[1:])
            result = work(act)
            with nullcontext() if engine.dialect.name == "sqlite" else out_of_turn(then_first=True):
                _together(engine.dialect, connection, *act.last, "COMMIT")
    return result


class _Done(Generic[Result]):
    def __init__(self, result: Result) -> None:
        self.result = result


class _Wanted(Waiting):
    """One thread's work."""

    def __init__(self, work: "Work[Any]", first: tuple[Statement, ...]) -> None:
        super().__init__(self)
        self.work, self.first = work, first
        self.done: _Done[Any] | None = None


_lines: "weakref.WeakKeyDictionary[Engine, Line[_Wanted]]" = weakref.WeakKeyDictionary()


def _do_in_company(engine: Engine, work: "Work[Result]", first: tuple[Statement, ...]) -> "_Done[Result] | None":
    """Group commit on SQLite: one thread does the work of all who came while it waited for its turn among the writers.

    None where something went wrong with any of them: nothing was written then, and each is to be done alone.
    """
    line = _lines.get(engine) or _lines.setdefault(engine, Line())
    wanted = _Wanted(work, first)
    with out_of_turn() as away:
        if line.leads_after_waiting(wanted):
            _lead(line, engine, away)
    return wanted.done


def _lead(line: "Line[_Wanted]", engine: Engine, away: Away) -> None:
    """Do what waits. The next group may begin before this one is told."""
    group: list[_Wanted] = []
    results: list[_Done[Any] | None] = []
    try:
        with suppress(Exception), write_queue(engine), own_connection(engine) as connection:
            _together(engine.dialect, connection, "BEGIN IMMEDIATE")
            with away.back():
                group = line.next_group(MOST_AT_ONCE)
                found: list[_Done[Any] | None] = [_Done(_done(engine.dialect, connection, each)) for each in group]
            _together(engine.dialect, connection, "COMMIT")
            results = found
    finally:
        group = group or line.next_group(MOST_AT_ONCE)
        line.pass_on()
        for each, result in zip(group, results or [None] * len(group), strict=True):
            each.done = result
            each.is_done()


def _done(dialect: Dialect, connection: Any, wanted: _Wanted) -> Any:
    act = Act(connection, _together(dialect, connection, *wanted.first))
    result = wanted.work(act)
    _together(dialect, connection, *act.last)
    return result


def _together(dialect: Dialect, connection: Any, *statements: Statement | str) -> list[list[Any]]:
    """Send them all, then wait; the rows of each. Raises the driver's error for the first that fails."""
    sent = [(each, {}) if isinstance(each, str) else each[0].with_values(each[1], dialect) for each in statements]
    with nullcontext() if dialect.name == "sqlite" else connection.pipeline():
        cursors = [connection.execute(*each) for each in sent]
    return [rows_of(cursor) for cursor in cursors]
