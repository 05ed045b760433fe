"""Attempts and results in the shapes that pages and CONTRACT §4 ask for."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask import url_for

from question_bank.content import FALSE, TRUE, letter
from question_bank.kinds import QuestionKind
from quiz.models import Answer, Attempt, Contest, Marking
from quiz.queries import attempts as find
from quiz.queries import standings as ladders
from quiz.queries.attempts import PaperContents, Position
from quiz.queries.rulings import why_set_aside
from quiz.rules import receipt, timing
from quiz.rules.contest import ContestTerms, KeysShown, MultipleChoice, MultipleChoiceRule, number
from quiz.rules.drawing import ALGORITHM
from quiz.rules.profile import DomainShare, by_domain
from quiz.rules.ranking import rounded
from quiz.services import standings
from quiz.services.boards import board_of
from quiz.web.filters import elapsed_in_words, full_moment, points_in_words
from quiz.web.pictures import PicturesShown, Sizes, sizes_in
from quiz.web.presenting_rulings import RulingsShown, rulings_shown


def moment_as_json(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and Z."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- while answering -------------------------------------------------------------------------------------------------


def attempt_as_json(
    attempt: Attempt, shown: Sequence[Position], answers: Mapping[int, Answer], now: datetime
) -> dict[str, Any]:
    """``GET /attempts/<id>`` of CONTRACT §4: the questions as shown, never their keys."""
    sizes = sizes_in(position.content for position in shown)
    return {
        "id": attempt.id,
        "state": "open" if attempt.ended_at is None else "ended",
        "deadline": moment_as_json(attempt.deadline),
        "remaining_ms": timing.remaining_ms(attempt.deadline, now) if attempt.ended_at is None else 0,
        "questions": [
            _question_as_json(
                position,
                answers.get(position.number),
                attempt.entry.contest.terms.multiple_choice,
                PicturesShown(attempt.id, position.content, sizes),
            )
            for position in shown
        ],
    }


def _question_as_json(
    position: Position, answer: Answer | None, rule: MultipleChoice, pictures: PicturesShown
) -> dict[str, Any]:
    return {
        "position": position.number,
        "kind": position.content.kind.value,
        "kind_label": position.content.kind.label,
        "points": _points(position.line.points),
        "hint": _hint(position, rule),
        "stem": position.content.stem,
        "pictures": pictures.of_stem(),
        "blanks": position.form.blanks,
        "options": [
            {name: option[name] for name in ("letter", "text", "pictures") if name != "pictures" or option[name]}
            for option in pictures.of_options(options_shown(position))
        ],
        "answer": position.form.show(chosen_in(answer)),
        "revision": answer.revision if answer else 0,
    }


def options_shown(position: Position) -> list[dict[str, Any]]:
    """Each option with its letter on this paper, its text and its number in the version."""
    if position.content.kind is QuestionKind.TRUE_FALSE:
        texts = {TRUE: "对", FALSE: "错"}
    else:
        texts = dict(enumerate(position.content.options, 1))
    return [
        {"letter": letter(place), "text": texts[option], "number": option}
        for place, option in enumerate(position.form.shown, 1)
    ]


def chosen_in(answer: Answer | None) -> list[Any]:
    chosen: list[Any] = json.loads(answer.chosen) if answer else []
    return chosen


def answer_from_form(position: Position, fields: Sequence[str]) -> Any:
    """Form fields of one position as an answer in JSON: an empty field clears."""
    if position.content.kind is QuestionKind.FILL_BLANK:
        return list(fields) if any(fields) else []
    return [field for field in fields if field]


def question_page(
    attempt: Attempt, paper: PaperContents, answers: Mapping[int, Answer], *, position: int, now: datetime
) -> dict[str, Any]:
    """What attempts/take.html shows: one question, the way to the others, and the time left."""
    at = paper.positions[position - 1]
    answer = answers.get(position)
    chosen = chosen_in(answer)
    contest = attempt.entry.contest
    pictures = PicturesShown(attempt.id, at.content, sizes_in([at.content]))
    return {
        "paper": _paper(attempt, contest, paper, now),
        "question": {
            "position": position,
            "kind": at.content.kind.value,
            "kind_label": at.content.kind.label,
            "points_words": points_in_words(at.line.points),
            "hint": _hint(at, contest.terms.multiple_choice),
            "stem": at.content.stem,
            "pictures": pictures.of_stem(),
            "blanks": at.form.blanks,
            "options": [
                {**option, "chosen": option["number"] in chosen} for option in pictures.of_options(options_shown(at))
            ],
            "texts": [*chosen, *[""] * at.form.blanks][: at.form.blanks],
            "revision": answer.revision if answer else 0,
        },
        "sheet": _sheet(attempt.id, paper, answers, current=position),
        "previous_url": _question_url(attempt.id, position - 1) if position > 1 else None,
        "next_url": _question_url(attempt.id, position + 1) if position < len(paper.positions) else None,
        "is_last": position == len(paper.positions),
    }


def answer_sheet(
    attempt: Attempt, paper: PaperContents, answers: Mapping[int, Answer], *, now: datetime
) -> dict[str, Any]:
    """What attempts/sheet.html shows: what is done, what is open, and 交卷."""
    sheet = _sheet(attempt.id, paper, answers)
    return {
        "paper": _paper(attempt, attempt.entry.contest, paper, now),
        "sheet": sheet,
        "open_positions": [item for item in sheet if not item["answered"]],
    }


def _paper(attempt: Attempt, contest: Contest, paper: PaperContents, now: datetime) -> dict[str, Any]:
    return {
        "id": attempt.id,
        "contest": contest,
        "total": len(paper.positions),
        "deadline": moment_as_json(attempt.deadline),
        "deadline_at": attempt.deadline,
        "remaining_ms": timing.remaining_ms(attempt.deadline, now),
        "server_now": moment_as_json(now),
    }


def _sheet(
    attempt_id: int, paper: PaperContents, answers: Mapping[int, Answer], current: int | None = None
) -> list[dict[str, Any]]:
    return [
        {
            "position": position.number,
            "answered": bool(chosen_in(answers.get(position.number))),
            "current": position.number == current,
            "url": _question_url(attempt_id, position.number),
        }
        for position in paper.positions
    ]


def _question_url(attempt_id: int, position: int) -> str:
    return url_for("attempts.take", attempt_id=attempt_id, q=position)


def _hint(position: Position, rule: MultipleChoice) -> str:
    """What a partial choice earns, said beside the question."""
    if position.content.kind is not QuestionKind.MULTIPLE_CHOICE:
        return ""
    if rule.rule is MultipleChoiceRule.PARTIAL:
        return f"可选多项；漏选得 {points_in_words(rule.points)} 分，错选不得分"
    if rule.rule is MultipleChoiceRule.PER_OPTION:
        return f"可选多项；漏选时每个选对的选项得 {points_in_words(rule.points)} 分，错选不得分"
    return "可选多项；全部选对才得分"


# --- the result ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Result:
    """Everything about one ended attempt that its person may see."""

    attempt: Attempt
    contest: Contest
    paper: PaperContents
    marking: Marking
    answers: Mapping[int, Answer]
    keys_shown: bool
    row: ladders.PersonRow | None
    total: int
    rulings: RulingsShown
    is_frozen: bool = False


def result_of(attempt: Attempt, paper: PaperContents, marking: Marking, *, now: datetime) -> Result:
    contest, answers = attempt.entry.contest, find.answers_of(attempt.id)
    board = board_of(contest, contest.terms, now=now)
    keys_shown = keys_may_be_shown(contest, contest.terms, now)
    chosen = {position: given for position, answer in answers.items() if (given := chosen_in(answer))}
    rulings = rulings_shown(attempt, paper, marking, chosen, keys_shown=keys_shown)
    return Result(
        attempt=attempt,
        contest=contest,
        paper=rulings.paper,
        marking=marking,
        answers=answers,
        keys_shown=keys_shown,
        row=board.person_of_entry(attempt.entry_id, ladders.EVERYBODY),
        total=board.total(ladders.EVERYBODY),
        is_frozen=board.as_of is not None,
        rulings=rulings,
    )


def keys_may_be_shown(contest: Contest, terms: ContestTerms, now: datetime) -> bool:
    """After the attempt, or, where the terms say so, once nobody can be answering any more."""
    if terms.keys_shown is KeysShown.AFTER_ATTEMPT:
        return True
    return timing.is_overdue(timing.accepts_until(terms, terms.closes_at), now) and not find.somebody_is_answering(
        contest.id, now
    )


def result_as_json(result: Result) -> dict[str, Any]:
    """``GET /attempts/<id>/result`` of CONTRACT §4."""
    attempt = result.attempt
    value: dict[str, Any] = {
        "score": _points(attempt.score or 0),
        "full": _points(attempt.full or 0),
        "elapsed_ms": attempt.elapsed_ms,
        "ended_at": moment_as_json(attempt.ended_at) if attempt.ended_at else None,
        "rank": result.row.place.rank if result.row else None,
        "entry_code": attempt.entry.entry_code,
        "algorithm": result.paper.algorithm or ALGORITHM,
        "receipt": attempt.receipt,
        "questions": [_marked_as_json(result, position) for position in result.paper.positions],
    }
    if result.keys_shown:
        value["seed"] = result.paper.seed
    return value


def _marked_as_json(result: Result, position: Position) -> dict[str, Any]:
    place = position.number - 1
    value: dict[str, Any] = {
        "position": position.number,
        "version": position.line.version,
        "answer": position.form.show(chosen_in(result.answers.get(position.number))),
        "points": _points(result.marking.points[place]),
        "worth": _points(result.marking.worth[place]),
        "source": position.content.source,
    }
    if kind := result.rulings.kind_of(position):
        value["ruling"] = kind
    if result.keys_shown:
        value["key"] = _key(position)
        value["explanation"] = position.content.explanation
    return value


def _key(position: Position) -> Any:
    """The key in letters of this paper; for 填空 the accepted texts of each blank."""
    if position.content.kind is QuestionKind.FILL_BLANK:
        return [list(texts) for texts in position.content.blanks]
    return position.form.show(sorted(position.content.choices))


def _points(hundredths: int) -> int | float:
    return number(Fraction(hundredths, 100))


def result_page(result: Result) -> dict[str, Any]:
    """What attempts/result.html shows."""
    attempt, contest, terms = result.attempt, result.contest, result.contest.terms
    sizes = sizes_in(position.content for position in result.paper.positions)
    saved = sum(1 for answer in result.answers.values() if chosen_in(answer))
    return {
        "contest": contest,
        "attempt": attempt,
        "result": {
            "score_words": points_in_words(attempt.score),
            "full_words": points_in_words(attempt.full),
            "elapsed_words": elapsed_in_words(attempt.elapsed_ms),
            "ended_words": full_moment(attempt.ended_at, terms.time_zone),
            "ended_by": attempt.ended_by,
            "rank": result.row.place.rank if result.row else None,
            "total": result.total,
            "better_than_words": _better_than(result),
            "moved_words": _moved(result),
            "entry_code": attempt.entry.entry_code,
            "saved": saved,
            "seed": result.paper.seed if result.keys_shown else None,
            "receipt": attempt.receipt or "",
            "receipt_shown": (attempt.receipt or "")[: receipt.SHOWN],
            "why_set_aside": why_set_aside(attempt),
            "is_pending": result.rulings.is_pending,
        },
        "questions": [_marked(result, position, sizes) for position in result.paper.positions],
        "domains": _profile(result),
        "keys_shown": result.keys_shown,
        "keys_shown_words": ""
        if result.keys_shown
        else f"答案和解析在竞赛结束后公布（{full_moment(terms.closes_at, terms.time_zone)}以后）。",
    }


def _profile(result: Result) -> list[DomainShare]:
    """By domain, where there are several."""
    domains = [position.content.domain for position in result.paper.positions]
    rows = zip(domains, result.marking.points, result.marking.worth, strict=True)
    shares = by_domain(row for row in rows if row[2])  # else out of the total by a ruling
    return shares if len(shares) > 1 else []


def _better_than(result: Result) -> str:
    if result.row is None or result.row.place.rank is None or result.total < 2:
        return ""
    behind = Fraction(result.total - result.row.place.rank, result.total - 1)
    return f"超过全部 {int(behind * 100)} % 的参赛者" if behind > 0 else ""


def _moved(result: Result) -> str:
    """What this attempt did to the rank, among all who stand on the ladder at this moment."""
    terms = result.contest.terms
    if result.is_frozen:
        return "已封榜，名次停在封榜的那一刻"
    before = standings.without_last(result.attempt, terms) if result.row and terms.attempts.allowed > 1 else None
    if before is None or result.row is None or result.row.place.rank is None:
        return ""
    was, is_now = ladders.rank_as_if(result.contest.id, terms.ties, before), result.row.place.rank
    if was == is_now:
        return "这一次没有改变名次"
    return f"这一次让名次从第 {was} 名{'升到' if is_now < was else '降到'}第 {is_now} 名"


def _marked(result: Result, position: Position, sizes: Sizes) -> dict[str, Any]:
    place = position.number - 1
    chosen = chosen_in(result.answers.get(position.number))
    key = position.content.choices if result.keys_shown else frozenset()
    pictures = PicturesShown(result.attempt.id, position.content, sizes)
    return {
        "position": position.number,
        "version": position.line.version,
        "kind": position.content.kind.value,
        "kind_label": position.content.kind.label,
        "stem": position.content.stem,
        "pictures": pictures.of_stem(),
        "options": [
            {**option, "chosen": option["number"] in chosen, "right": option["number"] in key}
            for option in pictures.of_options(options_shown(position))
        ],
        "texts": chosen if position.content.kind is QuestionKind.FILL_BLANK else [],
        "answered": bool(chosen),
        "key_words": key_in_words(position) if result.keys_shown else "",
        "is_right": result.marking.points[place] == result.marking.worth[place],
        **result.rulings.about(position, is_out=not result.marking.worth[place]),
        "points_words": points_in_words(result.marking.points[place]),
        "worth_words": points_in_words(result.marking.worth[place]),
        "explanation": position.content.explanation if result.keys_shown else "",
        "source": position.content.source if result.keys_shown else "",
    }


def key_in_words(position: Position) -> str:
    """The key as the page says it: letters, 对 or 错, accepted texts."""
    if position.content.kind is QuestionKind.FILL_BLANK:
        return "；".join(" 或 ".join(texts) for texts in position.content.blanks)
    if position.content.kind is QuestionKind.TRUE_FALSE:
        return "对" if TRUE in position.content.choices else "错"
    # Two right keys of a 单选 come only from a ruling: each of them is right.
    return ("" if position.content.kind is QuestionKind.MULTIPLE_CHOICE else " 或 ").join(_key(position))


# --- ladders ---------------------------------------------------------------------------------------------------------


def score_as_json(hundredths: Fraction) -> int | float:
    """Points, rounded half up to two decimals."""
    return measure_as_json(hundredths / 100)


def measure_as_json(value: Fraction) -> int | float:
    shown = rounded(value)
    return int(shown) if shown.is_integer() else shown
