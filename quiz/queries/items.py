"""What the ended attempts of a contest say of each of its questions."""

import json
from collections.abc import Iterator
from itertools import groupby

from sqlalchemy import func, select

from question_bank.database import db
from question_bank.kinds import QuestionKind
from question_bank.models import QuestionVersion
from question_bank.queries import versions_by_id
from quiz.models import Answer, Attempt, Marking, Paper
from quiz.queries.attempts import question_rulings
from quiz.rules.items import ItemAnalysis, Seen, analysed
from quiz.rules.marking import QuestionRuling, RulingKind

AT_ONCE = 1_000


def analysis_of(contest_id: int) -> list[tuple[QuestionVersion, ItemAnalysis]]:
    """Every question version that ended attempts of the contest have shown, in order of id, with how it did.

    Attempts take part that hold a saved answer and are not set aside, as for the ladders.
    """
    seen: dict[int, list[Seen]] = {}
    for version, each in _seen(contest_id):
        seen.setdefault(version, []).append(each)
    versions, rulings = versions_by_id(seen), question_rulings(contest_id)
    return [(versions[n], _analysed(versions[n], seen[n], rulings.get(n))) for n in sorted(versions)]


def _analysed(version: QuestionVersion, seen: list[Seen], ruling: QuestionRuling | None) -> ItemAnalysis:
    """By the key that attempts were marked on: that of the version, or another that a ruling gave."""
    is_judgement = version.kind == QuestionKind.TRUE_FALSE
    is_corrected = ruling is not None and ruling.kind is RulingKind.ANOTHER_KEY
    key = ruling.choices if ruling is not None and is_corrected else frozenset(version.choices)
    return analysed(seen, options=2 if is_judgement else len(version.options), key=key)


def _seen(contest_id: int) -> Iterator[tuple[int, Seen]]:
    """Each question of each attempt: the attempts and their answers are read side by side, some at a time."""
    last = select(func.max(Marking.number)).where(Marking.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
    takes_part = (
        Attempt.contest_id == contest_id, Attempt.ended_at.is_not(None), Attempt.answered > 0, ~Attempt.is_set_aside,
    )  # fmt: skip
    attempts = db.session.execute(
        select(Attempt.id, Attempt.score, Paper.layout, Marking.points, Marking.worth)
        .join(Paper, Paper.id == Attempt.paper_id)
        .join(Marking, (Marking.attempt_id == Attempt.id) & (Marking.number == last))
        .where(*takes_part)
        .order_by(Attempt.id)
        .execution_options(yield_per=AT_ONCE)
    )
    answers = db.session.execute(
        select(Answer.attempt_id, Answer.position, Answer.chosen)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(*takes_part)
        .order_by(Answer.attempt_id, Answer.position)
        .execution_options(yield_per=AT_ONCE)
    )
    by_attempt = groupby(answers, key=lambda row: row.attempt_id)
    number, group = next(by_attempt, (None, iter(())))
    for attempt in attempts:
        chosen = {}
        if number == attempt.id:
            chosen = {row.position: json.loads(row.chosen) for row in group}
            number, group = next(by_attempt, (None, iter(())))
        for place, line in enumerate(attempt.layout):
            if not attempt.worth[place]:
                continue  # out of the total by a ruling: being right has no meaning there
            given = chosen.get(place + 1, [])
            yield (
                line["version"],
                Seen(
                    points=attempt.points[place],
                    worth=attempt.worth[place],
                    score=attempt.score,
                    chosen=frozenset(option for option in given if isinstance(option, int)),
                    answered=bool(given),
                ),
            )
