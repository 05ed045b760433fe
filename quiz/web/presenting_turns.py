"""每题限时: what the pages and the JSON of an attempt show where questions open one after another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for

from quiz.models import Answer, Attempt
from quiz.queries.attempts import PaperContents
from quiz.rules import timing
from quiz.rules.question_turns import Turn
from quiz.services.question_turns import Look
from quiz.web import presenting


def turn_page(
    attempt: Attempt, paper: PaperContents, answers: Mapping[int, Answer], look: Look, turn: Turn, now: datetime
) -> dict[str, Any]:
    """What attempts/turn.html shows: the open question, its time left, and what became of the one before."""
    page = presenting.question_page(attempt, paper, answers, position=turn.position, now=now)
    page["turn"] = {"remaining_ms": timing.remaining_ms(turn.closes_at, now), "limit_s": _limit_s(attempt)}
    page["moved_words"] = _moved_in_words(look.moved_from, answers)
    return page


def _limit_s(attempt: Attempt) -> int | None:
    return attempt.entry.contest.terms.question_limit_s


def _moved_in_words(position: int | None, answers: Mapping[int, Answer]) -> str:
    if position is None:
        return ""
    counts = "保存的答案算数" if presenting.chosen_in(answers.get(position)) else "没有作答"
    return f"第 {position} 题的时间到了，{counts}。现在是第 {position + 1} 题。"


def turn_sheet(
    attempt: Attempt, paper: PaperContents, answers: Mapping[int, Answer], turn: Turn | None, now: datetime
) -> dict[str, Any]:
    """What attempts/sheet.html shows: nothing to go back to but the open question."""
    page = presenting.answer_sheet(attempt, paper, answers, now=now)
    position = turn.position if turn else 0
    is_open = 1 <= position <= len(paper.positions) and now < attempt.deadline
    page["turn"] = {
        "position": position if is_open else None,
        "to_come": max(0, len(paper.positions) - position),
        "url": url_for("attempts.take", attempt_id=attempt.id),
    }
    return page


def turn_as_json(paper: PaperContents, turn: Turn | None, now: datetime) -> dict[str, Any]:
    """What ``GET /attempts/<id>`` says beside the questions shown so far: which is open, and for how long."""
    is_question = turn is not None and turn.position <= len(paper.positions)
    return {
        "position": turn.position if turn and is_question else None,
        "total": len(paper.positions),
        "question_remaining_ms": timing.remaining_ms(turn.closes_at, now) if turn and is_question else 0,
    }
