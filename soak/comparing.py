"""What was acknowledged, held against what is stored: as the server tells it, and as it stands in the table."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from question_bank.database import db
from quiz.models import Answer
from quiz.queries import attempts as find
from tests.http.platforms import Platform


@dataclass
class Record:
    """What one person knows of one position: the last save acknowledged, and what was sent after it."""

    revision: int = 0
    answer: Any = field(default_factory=list)
    unanswered: list[Any] = field(default_factory=list)  # in the order sent, each with a seq of its own
    seen: int = 0  # the highest revision that the server ever told

    def acknowledge(self, revision: int, answer: Any) -> str | None:
        """A save came back as saved; what is wrong about it."""
        fault = self.fault(revision, answer)
        if not fault and revision == self.revision:
            fault = f"a new save was acknowledged with the old revision {revision}"
        self.revision, self.answer, self.unanswered = revision, answer, []
        self.seen = max(self.seen, revision)
        return fault

    def look(self, revision: int, answer: Any) -> str | None:
        """Somebody looked at what is stored; what is wrong about it."""
        fault = self.fault(revision, answer)
        self.seen = max(self.seen, revision)
        return fault

    def fault(self, revision: int, answer: Any) -> str | None:
        """None if this may be stored: the save acknowledged last, or one of those sent later.

        The revision says how many of the later ones were stored, so it cannot be one that came before those.
        """
        later = revision - self.revision
        is_last = later == 0 and answer == self.answer
        is_later = 0 < later <= len(self.unanswered) and answer in self.unanswered[later - 1 :]
        if revision >= self.seen and (is_last or is_later):
            return None
        return (
            f"stored is revision {revision} {answer}; acknowledged was {self.revision} {self.answer}, "
            f"seen {self.seen}, sent without a reply {self.unanswered}"
        )


def in_the_table(platform: Platform, records: dict[int, dict[int, Record]]) -> Iterable[str]:
    """Every difference between the records, by attempt and position, and the rows of the table of answers."""
    with platform.office():
        db.engine.dispose()  # its connections died with the database
        for attempt_id, positions in records.items():
            paper = find.paper_contents(attempt_id)
            if paper is None:
                yield f"attempt {attempt_id} is not in the table"
                continue
            rows = {row.position: row for row in db.session.scalars(select(Answer).filter_by(attempt_id=attempt_id))}
            yield from (f"attempt {attempt_id}: a row of position {at}" for at in rows.keys() - positions.keys())
            for at, record in positions.items():
                row, form = rows.get(at), paper.positions[at - 1].form
                stored = (row.revision, _letters(row.chosen, form.shown)) if row else (0, [])
                if fault := record.fault(*stored):
                    yield f"attempt {attempt_id}, position {at}, in the table: {fault}"


def _letters(chosen: str, shown: Sequence[int]) -> list[str]:
    """Stored option numbers as the letters that this paper gives them."""
    return sorted("ABCDEFGH"[shown.index(number)] for number in json.loads(chosen))
