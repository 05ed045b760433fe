"""试答: a paper like any participant's, marked like theirs, that counts nowhere and is stored nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quiz.errors import BadAnswer, PlanNotFilled
from quiz.models import Contest
from quiz.queries import contests as find
from quiz.queries.attempts import Position, position_of
from quiz.rules.answering import BadAnswerForm
from quiz.rules.contest import ContestTerms
from quiz.rules.drawing import PoolTooSmall, draw_paper, pool_digest
from quiz.rules.filling import shortages
from quiz.rules.grading import Chosen
from quiz.rules.marking import Marked, mark
from quiz.rules.timing import last_day


@dataclass(frozen=True)
class TrialPaper:
    """``pool`` is the digest of what it was drawn from: another digest, another paper for the same seed."""

    seed: str
    pool: str
    terms: ContestTerms
    questions: tuple[Position, ...]


@dataclass(frozen=True)
class TrialResult:
    paper: TrialPaper
    chosen: Mapping[int, Chosen]
    marked: Marked


def trial_paper(contest: Contest, seed: str, *, leave_out_expiring: bool = False) -> TrialPaper:
    """The paper this seed gives now; a draft draws from what publishing would fix. Raises PlanNotFilled."""
    pool = find.drawing_pool(contest)
    terms = contest.terms
    versions = pool.without(pool.expiring(last_day(terms)) if leave_out_expiring else ())
    try:
        lines = draw_paper(terms, versions, seed)
    except PoolTooSmall as error:
        raise PlanNotFilled(lines=shortages(terms.plan, versions)) from error
    questions = tuple(position_of(number, line, pool.contents[line.version]) for number, line in enumerate(lines, 1))
    return TrialPaper(seed, pool_digest(versions), terms, questions)


def mark_trial(paper: TrialPaper, answers: Mapping[int, Any]) -> TrialResult:
    """Mark what was given, by position in the letters shown. Raises BadAnswer."""
    chosen: dict[int, Chosen] = {}
    for question in paper.questions:
        try:
            given = question.form.read(answers.get(question.number, ""))
        except BadAnswerForm as error:
            raise BadAnswer from error
        if given:
            chosen[question.number] = given
    marked = mark(
        [question.line for question in paper.questions],
        {question.line.version: question.content for question in paper.questions},
        chosen,
        multiple=paper.terms.multiple_choice,
    )
    return TrialResult(paper, chosen, marked)
