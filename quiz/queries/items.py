"""What the ended attempts of a contest say of each of its questions."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, or_, select

from question_bank.database import db, snapshot
from question_bank.kinds import QuestionKind
from question_bank.models import Question, QuestionVersion
from question_bank.queries import versions_by_id
from quiz.models import Answer, Attempt, Contest, Marking, Paper, Pool
from quiz.queries.attempts import question_rulings, side_by_side
from quiz.rules.grading import points_for
from quiz.rules.items import ItemAnalysis, Seen, Tally, analysed
from quiz.rules.marking import QuestionRuling, RulingKind

AT_ONCE = 1_000


def analysis_of(contest_id: int, *, only: Collection[int] = ()) -> list[tuple[QuestionVersion, ItemAnalysis]]:
    """Every question version that ended attempts of the contest have shown, in order of id, with how it did.

    Attempts take part that hold a saved answer and are not set aside, as for the ladders. They are added up as they
    are read. ``only``: those versions.
    """
    with snapshot():
        tallies, rulings = _added_up(contest_id, only)
    versions = versions_by_id(tallies)  # after the snapshot, whose end expires what it loaded
    return [(versions[n], _analysed(versions[n], tallies[n], rulings.get(n))) for n in sorted(versions)]


def _added_up(contest_id: int, only: Collection[int]) -> tuple[dict[int, Tally], Mapping[int, QuestionRuling]]:
    contest = db.session.get_one(Contest, contest_id)
    rulings = question_rulings(contest_id)
    full_marks = {version for version, ruling in rulings.items() if ruling.kind is RulingKind.FULL_MARKS}
    by_themselves = {n: row.content for n, row in versions_by_id(full_marks).items()}
    tallies: dict[int, Tally] = {}
    for line, seen, given in _seen(contest_id, only):
        version = line["version"]
        if content := by_themselves.get(version):
            # Everybody got full marks: whether somebody was right is for the answer itself to say.
            earned = points_for(content, given, worth=seen.worth, multiple=contest.terms.multiple_choice)
            seen = replace(seen, points=earned, gift=seen.points - earned)
        tallies.setdefault(version, Tally()).add(seen)
    return tallies, rulings


def uses_of(question: Question) -> list[tuple[Contest, QuestionVersion, ItemAnalysis]]:
    """How each version of a question did in each contest whose attempts have shown it, the newest contest first."""
    numbers = {version.id for version in question.versions}
    query = select(Contest.id, Pool.versions).join(Pool, Pool.id == Contest.pool_id)
    pools = db.session.execute(query.where(Contest.bank_id == question.bank_id).order_by(Contest.id.desc())).all()
    shown_in = [number for number, pool in pools if numbers & {int(each["version"]) for each in pool}]
    with snapshot():
        counted = {number: _added_up(number, numbers) for number in shown_in}
    contests = {each.id: each for each in db.session.execute(select(Contest).where(Contest.id.in_(shown_in))).scalars()}
    versions = versions_by_id(numbers)
    return [
        (contests[number], versions[n], _analysed(versions[n], tallies[n], rulings.get(n)))
        for number, (tallies, rulings) in counted.items()
        for n in sorted(tallies)
    ]


def _analysed(version: QuestionVersion, tally: Tally, ruling: QuestionRuling | None) -> ItemAnalysis:
    """By the key that attempts were marked on: that of the version, or another that a ruling gave."""
    is_judgement = version.kind == QuestionKind.TRUE_FALSE
    is_corrected = ruling is not None and ruling.kind is RulingKind.ANOTHER_KEY
    key = ruling.choices if ruling is not None and is_corrected else frozenset(version.choices)
    found = analysed(tally, options=2 if is_judgement else len(version.options), key=key)
    return replace(found, everybody_full=ruling is not None and ruling.kind is RulingKind.FULL_MARKS)


def _seen(contest_id: int, only: Collection[int]) -> Iterator[tuple[dict[str, Any], Seen, tuple[Any, ...]]]:
    """Each question of each attempt, with its line of the paper and the answer as stored.

    The attempts and their answers are read side by side, some at a time, and in a snapshot: an attempt that is set
    aside between the two reads would be there without its answers, as if everything had been left empty.
    """
    last = select(func.max(Marking.number)).where(Marking.attempt_id == Attempt.id).correlate(Attempt).scalar_subquery()
    takes_part: list[ColumnElement[bool]] = [
        Attempt.contest_id == contest_id, Attempt.ended_at.is_not(None), Attempt.answered > 0, ~Attempt.is_set_aside,
    ]  # fmt: skip
    if only:
        layout = cast(Paper.layout, Text)
        takes_part.append(or_(*(layout.contains(f'"version": {version},') for version in only)))
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
        .join(Paper, Paper.id == Attempt.paper_id)
        .where(*takes_part)
        .order_by(Answer.attempt_id, Answer.position)
        .execution_options(yield_per=AT_ONCE)
    )
    for attempt, rows in side_by_side(attempts, answers):
        chosen = {row.position: _given(row.chosen) for row in rows}
        for place, line in enumerate(attempt.layout):
            if not attempt.worth[place] or (only and line["version"] not in only):
                continue  # out of the total by a ruling: being right has no meaning there
            given = chosen.get(place + 1, ())
            seen = Seen(
                points=attempt.points[place],
                worth=attempt.worth[place],
                score=attempt.score,
                chosen=frozenset(option for option in given if isinstance(option, int)),
                answered=bool(given),
            )
            yield line, seen, given


@lru_cache(maxsize=4_096)
def _given(stored: str) -> tuple[Any, ...]:
    """A stored answer; most are among a few."""
    return tuple(json.loads(stored))
