"""Acts that come by the thousand: a start, a hand-in. Those that come at the same time are done together.

An act is a generator. It yields what it asks of the database, step by step, and is sent the rows; what it returns is
its result, told once everything is committed. The acts of a group go step by step side by side, and what they ask in
one step goes as one statement about many rows: a statement costs more than what it does, and a commit most of all.
"""

import json
import weakref
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from operator import itemgetter
from typing import Any, Generic, TypeVar

from sqlalchemy import ClauseElement, Dialect, Engine

from question_bank.database import UtcDateTime, db, sent_rows, write_queue
from question_bank.lines import Line, Waiting
from question_bank.prepared import (
    Prepared,
    Statement,
    as_sent,
    first_use,
    forget_what_was_read,
    own_connections,
    rows_of,
)
from question_bank.turns import Away, out_of_turn

MOST_AT_ONCE = 32
"""Acts that are committed together: on SQLite all other writers wait for them."""

_AS_JSON = json.JSONEncoder(ensure_ascii=False, default=datetime.isoformat)
Result = TypeVar("Result")
Values = Mapping[str, Any]
Asked = tuple["ForMany", Values]
Replies = list[list[Sequence[Any]]]
Steps = Generator[Sequence[Asked], Replies, Result]


class ForMany:
    """A statement about many rows, sent as JSON, each asked by an act of its own.

    ``build`` gives it for a dialect by its name and the columns of what is sent. With a ``key`` it returns those
    columns before all else, and each act gets the rows of its own, without them; acts that ask about the same must ask
    the same, and are asked for once. Without one nothing is returned.
    """

    def __init__(
        self,
        build: Callable[[str, Any], ClauseElement],
        sent: Mapping[str, Any],
        *,
        key: tuple[str, ...] = (),
    ) -> None:
        self._statement = Prepared(lambda dialect: build(dialect, sent_rows(dialect, sent).c))
        self._key = key
        self.key_of: Callable[[Values], Hashable] = itemgetter(*key) if key else lambda _values: ()
        """Of what one act asks: the values of the key."""
        self._key_in: Callable[[Sequence[Any]], Hashable] = itemgetter(*range(len(key))) if key else tuple
        self._moments = [name for name, type_ in sent.items() if isinstance(type_, UtcDateTime)]

    def about(self, asked: Sequence[Values], dialect: Dialect) -> Statement:
        """What is to be sent for all of them. Raises AskedDifferently."""
        rows = [self._bound(values, dialect) for values in (self._once_each(asked) if self._key else asked)]
        return self._statement, {"rows": _AS_JSON.encode(rows)}

    def _bound(self, values: Values, dialect: Dialect) -> Values:
        """As ``bound``, which would look at every value for its kind."""
        if not self._moments:
            return values
        moments = {name: as_sent(values[name], dialect) for name in self._moments}
        return {**values, **moments}

    def _once_each(self, asked: Sequence[Values]) -> Iterable[Values]:
        once: dict[Hashable, Values] = {}
        for values in asked:
            if once.setdefault(self.key_of(values), values) != values:
                raise AskedDifferently
        return once.values()

    def by_key(self, rows: Iterable[Sequence[Any]]) -> dict[Hashable, list[Sequence[Any]]]:
        width = len(self._key)
        found: dict[Hashable, list[Sequence[Any]]] = {}
        for row in rows:
            found.setdefault(self._key_in(row), []).append(row[width:])
        return found


class AskedDifferently(Exception):
    """Two acts of a group ask different things about the same: they cannot go together."""


class Act(Generic[Result]):
    """One kind of act; ``steps`` begins one."""

    def __init__(self, steps: Callable[..., Steps[Result]]) -> None:
        self._steps = steps
        self._lines: weakref.WeakKeyDictionary[Engine, Line[_Wanted]] = weakref.WeakKeyDictionary()

    def do(self, key: Hashable, *values: Any) -> Result:
        """The result of ``steps(*values)``, once everything is committed. Of one ``key`` only one is done at a time.

        Each statement sees what was committed before it was its turn. The steps may be taken twice, by whatever
        thread, and must not rest on anything but their values.
        """
        engine = db.engine
        forget_what_was_read()
        wanted = _Wanted(key, lambda: self._steps(*values))
        line = self._lines.get(engine) or self._lines.setdefault(engine, Line())
        with out_of_turn() as away:
            if line.leads_after_waiting(wanted):
                _lead(line, engine, away)
        results = wanted.results or _done_alone(engine, wanted)
        forget_what_was_read()  # in between, for what the act needed to know
        result: Result = results[0]
        return result


class _Wanted(Waiting):
    """One thread's act."""

    def __init__(self, key: Hashable, begin: "Callable[[], Steps[Any]]") -> None:
        super().__init__(key)
        self.begin = begin
        self.results: list[Any] = []
        """Its result; nothing where something went wrong with its group."""


def _lead(line: "Line[_Wanted]", engine: Engine, away: Away) -> None:
    """Do what waits, and let the next group begin before this one is told.

    Where something goes wrong with any of them nothing is written, and each is to be done alone.
    """
    group: list[_Wanted] = []
    results: list[Any] = []
    try:
        away.let_others_first()
        with suppress(Exception), _begun(engine) as connection:
            with away.back():
                group = line.next_group(MOST_AT_ONCE)
                found = _side_by_side(engine.dialect, connection, [each.begin() for each in group])
            _together(engine.dialect, connection, "COMMIT")
            results = found
    finally:
        group = group or line.next_group(MOST_AT_ONCE)
        line.pass_on()
        for at, each in enumerate(group):
            each.results = results[at : at + 1]
            each.is_done()


def _done_alone(engine: Engine, wanted: _Wanted) -> list[Any]:
    with _begun(engine) as connection:
        results = _side_by_side(engine.dialect, connection, [wanted.begin()])
        _together(engine.dialect, connection, "COMMIT")
    return results


@contextmanager
def _begun(engine: Engine) -> Iterator[Any]:
    """A connection in a transaction, to be committed by whoever takes it; closed, and so rolled back, if anything goes
    wrong."""
    begin = "BEGIN IMMEDIATE" if engine.dialect.name == "sqlite" else "BEGIN"
    with write_queue(engine):
        connection, _rows = first_use(engine, lambda own: _together(engine.dialect, own, begin))
        with own_connections(engine).lent(connection):
            yield connection


def _side_by_side(dialect: Dialect, connection: Any, acts: Sequence[Steps[Any]]) -> list[Any]:
    """The results of all, which ask step by step."""
    results: list[Any] = [None] * len(acts)
    asked: dict[int, Sequence[Asked]] = {}

    def go_on(number: int, replies: Any) -> None:
        try:
            asked[number] = acts[number].send(replies)
        except StopIteration as end:
            asked.pop(number, None)
            results[number] = end.value

    for number in range(len(acts)):
        go_on(number, None)
    while asked:
        for number, replies in _answered(dialect, connection, asked).items():
            go_on(number, replies)
    return results


def _answered(dialect: Dialect, connection: Any, asked: Mapping[int, Sequence[Asked]]) -> dict[int, Replies]:
    """What each asked, in one statement for all that ask the same; the statements go in one trip to the server.

    All that ask have their statements in one order, in which some may leave some out; the longest shows it.
    """
    values: dict[ForMany, list[Values]] = {}
    for each in sorted(asked.values(), key=len, reverse=True):
        for statement, about in each:
            values.setdefault(statement, []).append(about)
    sent = [statement.about(all_values, dialect) for statement, all_values in values.items()]
    replies = _together(dialect, connection, *sent)
    found = {statement: statement.by_key(rows) for statement, rows in zip(values, replies, strict=True)}
    return {
        number: [found[statement].get(statement.key_of(about), []) for statement, about in each]
        for number, each in asked.items()
    }


def _together(dialect: Dialect, connection: Any, *statements: Statement | str) -> list[list[Any]]:
    """Send them all, then wait; the rows of each. Raises the driver's error for the first that fails."""
    sent = [(each, {}) if isinstance(each, str) else each[0].with_values(each[1], dialect) for each in statements]
    with nullcontext() if dialect.name == "sqlite" or len(sent) == 1 else connection.pipeline():
        cursors = [connection.execute(*each) for each in sent]
    return [rows_of(cursor) for cursor in cursors]
