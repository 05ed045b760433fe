"""Entries, attempts, their papers and answers."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select
from sqlalchemy.orm import joinedload

from question_bank.acts import ForMany
from question_bank.content import QuestionContent
from question_bank.database import Big, UtcDateTime, as_value, db, gathered, is_writing, json_in_json, moment_as_text
from question_bank.prepared import Prepared
from quiz.models import Answer, Attempt, Contest, Entry, Marking, Paper, Ruling
from quiz.queries.contests import pool_contents
from quiz.queries.keeping import Kept, kept
from quiz.rules.answering import AnswerForm
from quiz.rules.drawing import PaperLine
from quiz.rules.grading import Chosen
from quiz.rules.marking import QUESTION_RULINGS, QuestionRuling, RulingKind
from quiz.rules.receipt import AnswerLine

MOST_PAPERS_KEPT = 20_000


@dataclass(frozen=True)
class Position:
    """第几题: one question of a paper, what it says, and the form its answers have."""

    number: int
    line: PaperLine
    content: QuestionContent
    form: AnswerForm


@dataclass(frozen=True)
class PaperContents:
    """试卷 with what its questions say, position by position; it never changes, so a process keeps it."""

    contest_id: int
    seed: str
    algorithm: int
    lines: tuple[PaperLine, ...]
    contents: Mapping[int, QuestionContent]
    """What the questions say, by version id."""

    @cached_property
    def positions(self) -> tuple[Position, ...]:
        """For those who answer. A hand-in, which often comes to a process that has never seen the paper, needs none."""
        return tuple(
            position_of(number, line, self.contents[line.version]) for number, line in enumerate(self.lines, 1)
        )

    @cached_property
    def pictures(self) -> frozenset[str]:
        """Every picture that a question on it shows, by its SHA-256."""
        return frozenset(sha256 for position in self.positions for _, sha256 in position.content.pictures)

    def at(self, position: int) -> Position | None:
        """The question at a position from 1 on; None outside the paper."""
        return self.positions[position - 1] if 1 <= position <= len(self.positions) else None


def entry_of(contest_id: int, person_id: int, *, lock: bool = False) -> Entry | None:
    query = select(Entry).where(Entry.contest_id == contest_id, Entry.person_id == person_id)
    return db.session.execute(query.with_for_update() if lock else query).scalar()


def entry_id_of(contest_id: int, person_id: int) -> int | None:
    """The id of the person's entry, for who needs no more of it."""
    row = _ENTRY.read({"contest": contest_id, "person": person_id})
    return row[0] if row else None


_ENTRY = Prepared(
    lambda _dialect: select(Entry.id).where(
        Entry.contest_id == bindparam("contest", type_=Integer()), Entry.person_id == bindparam("person", type_=Big)
    )
)


def own_attempt(attempt_id: int, person_id: int, *, lock: bool = False) -> Attempt | None:
    """The attempt, if it is this person's."""
    query = _attempts().join(Attempt.entry).where(Attempt.id == attempt_id, Entry.person_id == person_id)
    return db.session.execute(query.with_for_update(of=Attempt) if lock else query).scalar()


def attempt_for_change(attempt_id: int) -> Attempt:
    """The attempt, held until the transaction ends."""
    query = _attempts().where(Attempt.id == attempt_id).with_for_update(of=Attempt)
    return db.session.execute(query.execution_options(populate_existing=True)).scalar_one()


def open_attempt(entry_id: int) -> Attempt | None:
    query = _attempts().where(Attempt.entry_id == entry_id, Attempt.ended_at.is_(None))
    return db.session.execute(query).scalar()


def running_attempt(contest_id: int, person_id: int) -> Attempt | None:
    """The person's open attempt in this contest, overdue or not."""
    query = _attempts().join(Attempt.entry).where(Entry.contest_id == contest_id, Entry.person_id == person_id)
    return db.session.execute(query.where(Attempt.ended_at.is_(None))).scalar()


def contests_running(person_id: int) -> set[int]:
    """The contests in which the person has an open attempt, overdue or not."""
    query = select(Attempt.contest_id).join(Attempt.entry).where(Entry.person_id == person_id)
    return set(db.session.execute(query.where(Attempt.ended_at.is_(None))).scalars())


def side_by_side(attempts: Iterable[Any], answers: Iterable[Any]) -> Iterator[tuple[Any, list[Any]]]:
    """Each attempt with its answers. Both are rows in the order of attempts, and may come some at a time.

    PostgreSQL reads the two at two moments: answers of an attempt that was handed in between belong to none of these.
    """
    by_attempt = groupby(answers, key=lambda row: row.attempt_id)
    number, group = next(by_attempt, (None, iter(())))
    for attempt in attempts:
        while number is not None and number < attempt.id:
            number, group = next(by_attempt, (None, iter(())))
        yield attempt, list(group) if number == attempt.id else []


def _attempts() -> Select[Attempt]:
    return select(Attempt).options(joinedload(Attempt.entry, innerjoin=True))


def attempts_used(entry_id: int, period: str) -> int:
    query = select(func.count()).where(Attempt.entry_id == entry_id, Attempt.period == period)
    return db.session.execute(query).scalar_one()


def ended_attempts(entry_id: int) -> list[Attempt]:
    """The entry's ended attempts, first to last."""
    query = select(Attempt).where(Attempt.entry_id == entry_id, Attempt.ended_at.is_not(None)).order_by(Attempt.id)
    return list(db.session.execute(query).scalars())


def overdue_attempt_ids(now: datetime, *, contest_id: int | None = None, most: int) -> list[int]:
    """Attempts that nobody handed in and that take no more saves, longest overdue first."""
    statement = _OVERDUE if contest_id is None else _OVERDUE_OF_ONE
    return [row[0] for row in statement.read_all({"now": now, "contest": contest_id, "most": most})]


def _overdue(*of: ColumnElement[bool]) -> Any:
    overdue = Attempt.accepts_until < bindparam("now", type_=UtcDateTime())
    query = select(Attempt.id).where(Attempt.ended_at.is_(None), overdue, *of).order_by(Attempt.accepts_until)
    return query.limit(bindparam("most", type_=Integer()))


_OVERDUE = Prepared(lambda _dialect: _overdue())
_OVERDUE_OF_ONE = Prepared(lambda _dialect: _overdue(Attempt.contest_id == bindparam("contest", type_=Integer())))


def somebody_is_answering(contest_id: int, now: datetime) -> bool:
    query = select(Attempt.id).where(
        Attempt.contest_id == contest_id, Attempt.ended_at.is_(None), Attempt.accepts_until >= now
    )
    return db.session.execute(query.limit(1)).first() is not None


def answers_of(attempt_id: int) -> dict[int, Answer]:
    """What is stored for the attempt, by position."""
    rows = db.session.execute(select(Answer).where(Answer.attempt_id == attempt_id).order_by(Answer.position))
    return {answer.position: answer for answer in rows.scalars()}


def chosen_by_position(attempt_id: int) -> dict[int, Chosen]:
    """The stored answers that are not empty, by position, as marking takes them."""
    rows = db.session.execute(select(Answer.position, Answer.chosen).where(Answer.attempt_id == attempt_id))
    return {position: chosen for position, text in rows if (chosen := json.loads(text))}


def stored_at_the_end(attempt_id: int) -> list[AnswerLine]:
    """Everything that is stored as answers, as a receipt takes it."""
    dialect = db.session.get_bind().dialect.name
    found = db.session.execute(select(answer_lines(dialect)).where(Answer.attempt_id == attempt_id)).scalar_one()
    return found or []


def answer_lines(dialect: str) -> ColumnElement[Any]:
    """Answers as a receipt takes them, gathered."""
    chosen = json_in_json(dialect, Answer.chosen)
    moments = (moment_as_text(dialect, moment) for moment in (Answer.first_at, Answer.last_at))
    return gathered(dialect, Answer.position, chosen, Answer.revision, *moments)


def last_marking(attempt_id: int) -> Marking | None:
    query = select(Marking).where(Marking.attempt_id == attempt_id).order_by(Marking.number.desc()).limit(1)
    return db.session.execute(query).scalar()


def paper_contents(attempt_id: int) -> PaperContents | None:
    """The paper of an attempt, read once in each process; None without such an attempt."""
    return _papers().get(attempt_id, lambda: _read_paper(attempt_id))


def paper_at_hand(attempt_id: int) -> PaperContents | None:
    """The same where this process has it already; nothing is read."""
    return _papers().found(attempt_id)


def paper_of_row(attempt_id: int, row: Sequence[Any]) -> PaperContents:
    """The paper from its row, as ``PAPERS`` gives it, for this process to keep."""
    paper = _of_row(row)
    _papers().put(attempt_id, paper)
    return paper


def _of_row(row: Sequence[Any]) -> PaperContents:
    contest_id, pool_id, seed, algorithm, layout = row
    return _contents(contest_id, pool_id, seed, algorithm, as_value(layout))


def _papers() -> Kept[PaperContents]:
    return kept("papers", MOST_PAPERS_KEPT)


def _read_paper(attempt_id: int) -> PaperContents | None:
    if is_writing():  # the attempt may have been made in this very act
        query = select(Paper).join(Attempt, Attempt.paper_id == Paper.id).where(Attempt.id == attempt_id)
        paper = db.session.execute(query).scalar()
        return contents_of(paper) if paper else None
    row = _PAPER.read({"attempt": attempt_id})
    return _of_row(row[1:]) if row else None


def _paper_of(attempt_id: Any) -> Any:
    columns = (Attempt.id, Paper.contest_id, Paper.pool_id, Paper.seed, Paper.algorithm, Paper.layout)
    return select(*columns).join(Attempt, Attempt.paper_id == Paper.id).where(Attempt.id == attempt_id)


_PAPER = Prepared(lambda _dialect: _paper_of(bindparam("attempt", type_=Big)))
PAPERS = ForMany(lambda _dialect, sent: _paper_of(sent.attempt), {"attempt": Big}, key=("attempt",))


def contents_of(paper: Paper) -> PaperContents:
    """A paper's row with what its questions say."""
    return _contents(paper.contest_id, paper.pool_id, paper.seed, paper.algorithm, paper.layout)


def _contents(contest_id: int, pool_id: int, seed: str, algorithm: int, layout: list[Any]) -> PaperContents:
    lines = [PaperLine(line["version"], tuple(line["options"]), line["points"]) for line in layout]
    said = pool_contents(pool_id).contents
    contents = {line.version: said[line.version] for line in lines}
    return PaperContents(contest_id, seed, algorithm, tuple(lines), contents)


def position_of(number: int, line: PaperLine, content: QuestionContent) -> Position:
    """One question of a paper, with the form its answers have."""
    return Position(number, line, content, AnswerForm(content.kind, line.options, len(content.blanks)))


def question_rulings(contest_id: int) -> dict[int, QuestionRuling]:
    """The rulings about questions that stand, by version: the last one made and not undone."""
    query = select(Ruling).where(Ruling.contest_id == contest_id, Ruling.version_id.is_not(None)).order_by(Ruling.id)
    rulings = list(db.session.execute(query).scalars())
    undone = {ruling.undoes_id for ruling in rulings}
    standing = {}
    for ruling in rulings:
        if ruling.id not in undone and ruling.version_id is not None and ruling.kind in QUESTION_RULINGS:
            standing[ruling.version_id] = as_question_ruling(ruling)
    return standing


def as_question_ruling(ruling: Ruling) -> QuestionRuling:
    """A ruling about a question as marking takes it."""
    return QuestionRuling(
        RulingKind(ruling.kind),
        frozenset(ruling.value.get("choices", ())),
        tuple(tuple(texts) for texts in ruling.value.get("blanks", ())),
    )


def own_entries(person_id: int) -> list[tuple[Entry, Contest]]:
    """Every contest the person takes part in, newest first."""
    query = select(Entry, Contest).join(Entry.contest).where(Entry.person_id == person_id).order_by(Entry.id.desc())
    return [(entry, contest) for entry, contest in db.session.execute(query)]
