"""答卷档案: everything that is kept about one attempt, read together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from question_bank.database import db
from quiz.models import Answer, Appeal, Attempt, Entry, Marking, Ruling, Signal, SignalNote, Stall, UsualTime
from quiz.queries import attempts as find
from quiz.queries import rulings as find_rulings
from quiz.queries.appeals import appeal_of
from quiz.queries.attempts import PaperContents
from quiz.queries.people import DISTRICT, Scope, in_scope
from quiz.queries.signals import signals_of_attempts, usual_times_of
from quiz.rules.signals import Given, seconds_each


@dataclass(frozen=True)
class AttemptFile:
    """One attempt with its paper, answers, markings, signals and rulings."""

    attempt: Attempt
    paper: PaperContents
    answers: Mapping[int, Answer]
    markings: Sequence[Marking]
    signals: Sequence[Signal]
    note: SignalNote | None
    rulings: Sequence[Ruling]
    about_questions: Mapping[int, Ruling]
    usual: Mapping[int, UsualTime]
    appeal: Appeal | None
    stall: str

    @property
    def contest_id(self) -> int:
        return self.attempt.contest_id

    def seconds(self) -> dict[int, float]:
        """How long each answered question took, by version, as the signals take it."""
        given = [
            Given(
                version=position.line.version,
                at=(answer.last_at - self.attempt.started_at).total_seconds(),
                is_right=False,
            )
            for position in self.paper.positions
            if (answer := self.answers.get(position.number)) and answer.chosen != "[]"
        ]
        return dict(seconds_each(given))


def attempt_file(contest_id: int, attempt_id: int, within: Sequence[Scope] = DISTRICT) -> AttemptFile | None:
    """The file of an attempt of the contest, ended or not, if its person is within the scopes."""
    attempt = find_rulings.attempt_within(contest_id, attempt_id, within)
    paper = find.paper_contents(attempt_id) if attempt else None
    if attempt is None or paper is None:
        return None
    versions = [line.version for line in paper.lines]
    return AttemptFile(
        attempt=attempt,
        paper=paper,
        answers=find.answers_of(attempt_id),
        markings=_markings(attempt_id),
        signals=signals_of_attempts([attempt_id]).get(attempt_id, []),
        note=db.session.get(SignalNote, attempt_id, populate_existing=True),
        rulings=find_rulings.about_attempt(attempt),
        about_questions=find_rulings.standing_by_version(contest_id, versions),
        usual=usual_times_of(contest_id, versions),
        appeal=appeal_of(attempt_id),
        stall=_stall(attempt),
    )


def _markings(attempt_id: int) -> list[Marking]:
    query = select(Marking).where(Marking.attempt_id == attempt_id).order_by(Marking.number)
    return list(db.session.execute(query).scalars())


def _stall(attempt: Attempt) -> str:
    stall = db.session.get(Stall, attempt.stall_id) if attempt.stall_id is not None else None
    return stall.name if stall else ""


def other_attempts(attempt: Attempt) -> list[Attempt]:
    """The entry's other attempts, the first one first."""
    query = select(Attempt).where(Attempt.entry_id == attempt.entry_id, Attempt.id != attempt.id)
    return list(db.session.execute(query.order_by(Attempt.id)).scalars())


def attempts_of_code(contest_id: int, code: str, within: Sequence[Scope] = DISTRICT) -> list[Attempt]:
    """The attempts of the entry that has this code, if its person is within the scopes."""
    here = in_scope(within, Entry.street_id, Entry.unit_id)
    query = select(Attempt).join(Attempt.entry).where(Entry.contest_id == contest_id, Entry.entry_code == code, here)
    return list(db.session.execute(query.order_by(Attempt.id)).scalars())
