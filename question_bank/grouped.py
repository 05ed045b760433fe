"""Group commit: what several threads write at the same time goes as one statement, with one wait for the disk.

Saves come by the thousand. A group of them costs little more than one.
"""

import json
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import ClauseElement, Engine

from question_bank.database import db, write_queue
from question_bank.lines import Line, Waiting
from question_bank.prepared import Prepared, bound, forget_what_was_read
from question_bank.turns import Away, out_of_turn

MOST_AT_ONCE = 64


class Grouped:
    """A statement that writes many rows, sent as JSON (``database.sent_rows``), each for a thread of its own.

    It must return the key of each row before all else, and nothing for a row that it did not write. One thread of a
    process writes at a time, for all who came while it waited for its turn among the writers.
    """

    def __init__(self, build: Callable[[str], ClauseElement], *, key: tuple[str, ...]) -> None:
        self._statement = Prepared(build)
        self._key = key
        self._lines: weakref.WeakKeyDictionary[Engine, Line[_Row]] = weakref.WeakKeyDictionary()

    def first(self, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """What is returned for this row after its key; on return it is committed. None for nothing.

        None, too, where something went wrong with its group, so that nobody's row spoils another's: who asks does the
        same by itself then. Only for what may be sent twice: the connection may break before the reply has come.
        """
        engine = db.engine
        forget_what_was_read()
        line = self._lines.get(engine) or self._lines.setdefault(engine, Line())
        sent = json.dumps(bound(values, engine.dialect), ensure_ascii=False, default=datetime.isoformat)
        row = _Row(tuple(values[name] for name in self._key), sent)
        with out_of_turn() as away:
            if line.leads_after_waiting(row):
                self._write_for(line, engine, away)
        return row.returned

    def _write_for(self, line: "Line[_Row]", engine: Engine, away: Away) -> None:
        """Write what waits, and let the next group begin before this one is told."""
        group: list[_Row] = []
        returned: dict[Any, tuple[Any, ...]] = {}
        try:
            away.let_others_first()
            with suppress(Exception), write_queue(engine):
                group = line.next_group(MOST_AT_ONCE)
                returned = self._written(group)
        finally:
            group = group or line.next_group(MOST_AT_ONCE)
            line.pass_on()
            for row in group:
                row.tell(returned)

    def _written(self, group: list["_Row"]) -> dict[Any, tuple[Any, ...]]:
        rows = f"[{','.join(row.sent for row in group)}]"
        width = len(self._key)
        return {tuple(each[:width]): tuple(each[width:]) for each in self._statement.on_own_connection({"rows": rows})}


class _Row(Waiting):
    """What one thread wants to be written, and what it is told of it."""

    def __init__(self, key: tuple[Any, ...], sent: str) -> None:
        super().__init__(key)
        self.sent = sent
        self.returned: tuple[Any, ...] | None = None

    def tell(self, returned: dict[Any, tuple[Any, ...]]) -> None:
        self.returned = returned.get(self.key)
        self.is_done()
