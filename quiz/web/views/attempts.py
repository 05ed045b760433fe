"""Taking the quiz: start, answer, save, hand in, see the result."""

import re
import secrets
from collections.abc import Mapping
from itertools import product
from typing import Any

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from quiz.clock import clock
from quiz.errors import BadAnswer, Ended, NotEnded, NotFound, QuestionClosed, Refusal, Superseded
from quiz.models import Answer, Attempt
from quiz.queries import attempts as find
from quiz.queries.question_turns import last_turn, question_limit
from quiz.rules.answering import LONGEST_AWAY_MS
from quiz.rules.contest import Per
from quiz.rules.permissions import Permission
from quiz.services import answers, attempts, papers_ahead, question_turns
from quiz.web import devices, presenting, stalls
from quiz.web import presenting_turns as turns
from quiz.web.access import holder, public, requires, settles
from quiz.web.csrf import is_same_origin, protect, token_is_valid
from quiz.web.messages import sentence_of, status_of
from quiz.web.pace import keep_pace
from quiz.web.replies import wants_json
from quiz.web.views.appeals import own_appeal
from quiz.web.views.certificates import way_to_certificate
from quiz.web.views.contests import attempts_left, used_now
from quiz.web.views.draws import prizes_of
from quiz.web.views.reports import own_reports

bp = Blueprint("attempts", __name__)

MOST_BYTES_OF_A_SAVE = 16 * 1024
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that are mistaken for another when read aloud
_CODE_PAIRS = ["".join(pair) for pair in product(_CODE_LETTERS, repeat=2)]
_CODE_LENGTH_IN_PAIRS = 5


@bp.post("/contests/<slug>/attempts")
@settles(Permission.ATTEMPT_TAKE)
def start(slug: str) -> ResponseReturnValue:
    stall_id = stalls.id_at_hand()
    origin = None if stall_id else devices.origin_at_hand()  # a stall's device is everybody's
    who = keep_pace(holder())
    ahead = papers_ahead.taken(slug)
    attempt_id = attempts.start(
        slug,
        who,
        now=clock(),
        seed=ahead.seed if ahead else papers_ahead.new_seed(),
        ahead=ahead,
        entry_code=new_entry_code(),
        origin=origin,
        stall_id=stall_id,
    )
    reply = redirect(url_for(".take", attempt_id=attempt_id), 303)
    return devices.remember(reply, origin) if origin else reply


def new_entry_code() -> str:
    """参赛编号: ten random letters and digits, about 49 bits."""
    number = secrets.randbelow(len(_CODE_PAIRS) ** _CODE_LENGTH_IN_PAIRS)  # one look at the system's randomness
    pairs = []
    for _ in range(_CODE_LENGTH_IN_PAIRS):
        number, pair = divmod(number, len(_CODE_PAIRS))
        pairs.append(_CODE_PAIRS[pair])
    return "".join(pairs)


@bp.get("/attempts/<int:attempt_id>")
@requires(Permission.ATTEMPT_TAKE)
def take(attempt_id: int) -> ResponseReturnValue:
    attempt, paper = _own(attempt_id)
    now = clock()
    if attempt.ended_at is None and question_limit(paper.contest_id):
        return _take_in_turn(attempt, paper)
    stored = find.answers_of(attempt_id)
    if wants_json():
        return jsonify(presenting.attempt_as_json(attempt, paper.positions, stored, now))
    if attempt.ended_at is not None:
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    position = _asked_position(paper, stored)
    return render_template(
        "attempts/take.html", **presenting.question_page(attempt, paper, stored, position=position, now=now)
    )


def _take_in_turn(attempt: Attempt, paper: find.PaperContents) -> ResponseReturnValue:
    """The question that is open, whatever the address names. A program's look moves nothing on: it says when to."""
    now = clock()
    look = question_turns.look(attempt.id, holder(), now=now, moves_on=not wants_json())
    turn, stored = look.turn, find.answers_of(attempt.id)
    if wants_json():
        shown = paper.positions[: turn.position] if turn else ()
        state = presenting.attempt_as_json(attempt, shown, stored, now)
        return jsonify(state | turns.turn_as_json(paper, turn, now))
    if turn is None or turn.position > len(paper.positions) or turn.is_over(now):
        return redirect(url_for(".sheet", attempt_id=attempt.id), 303)
    return render_template("attempts/turn.html", **turns.turn_page(attempt, paper, stored, look, turn, now))


def _asked_position(paper: find.PaperContents, stored: Mapping[int, Answer]) -> int:
    """The question that the address names; without a name the first open one, for whoever comes back to go on."""
    total, asked = len(paper.positions), request.args.get("q", "")
    if re.fullmatch(r"[1-9]\d{0,3}", asked):
        return min(int(asked), total)
    return next((n for n in range(1, total + 1) if not presenting.chosen_in(stored.get(n))), total)


@bp.get("/attempts/<int:attempt_id>/sheet")
@requires(Permission.ATTEMPT_TAKE)
def sheet(attempt_id: int) -> ResponseReturnValue:
    attempt, paper = _own(attempt_id)
    if attempt.ended_at is not None:
        return redirect(url_for(".result", attempt_id=attempt_id), 303)
    stored = find.answers_of(attempt_id)
    if question_limit(paper.contest_id):
        turn = last_turn(attempt_id)
        return render_template("attempts/sheet.html", **turns.turn_sheet(attempt, paper, stored, turn, clock()))
    return render_template("attempts/sheet.html", **presenting.answer_sheet(attempt, paper, stored, now=clock()))


def _own(attempt_id: int) -> tuple[Attempt, find.PaperContents]:
    """The person's own attempt, handed in first if it is overdue."""
    attempt = find.own_attempt(attempt_id, current_user.id)
    paper = find.paper_contents(attempt_id) if attempt else None
    if attempt is None or paper is None:
        raise NotFound
    return attempts.end_if_overdue(attempt, now=clock()), paper


# --- save ------------------------------------------------------------------------------------------------------------


@bp.put("/attempts/<int:attempt_id>/answers/<int:position>")
@protect.exempt  # type: ignore[untyped-decorator]  # Flask-WTF has no types; save checks by itself
@public
def save(attempt_id: int, position: int) -> ResponseReturnValue:
    """The JSON save, kept lean: the session is read, the person is not; the one transaction settles the rest."""
    request.max_content_length = MOST_BYTES_OF_A_SAVE  # counted as it is read: a streamed body states no length
    try:
        who = holder()
        if not (is_same_origin() or token_is_valid()):
            return _not_saved("csrf", "页面放得太久了。请刷新页面，再点一次；已保存的答案都在。", 403)
        saved = answers.save_answer(attempt_id, keep_pace(who), position, now=clock(), **_save_body())
    except RequestEntityTooLarge:
        return _not_saved("too_large", "这个答案太长了，请写短一些。", 413)
    except (Superseded, QuestionClosed) as refusal:
        return _not_saved(refusal.reason, sentence_of(refusal), status_of(refusal), **refusal.facts)
    except Refusal as refusal:
        return _not_saved(refusal.reason, sentence_of(refusal), status_of(refusal))
    return jsonify(
        saved=True,
        revision=saved.revision,
        answer=saved.answer,
        remaining_ms=saved.remaining_ms,
        **({} if saved.question_remaining_ms is None else {"question_remaining_ms": saved.question_remaining_ms}),
    )


def _save_body() -> dict[str, Any]:
    """What a save carries. Raises BadAnswer when it is not JSON of the right shape."""
    try:
        body = request.get_json(force=True, silent=True)
    except RecursionError as error:  # lists in lists in lists …
        raise BadAnswer from error
    if not isinstance(body, dict) or "answer" not in body:
        raise BadAnswer
    revision, device, seq = body.get("revision"), body.get("device"), body.get("seq")
    if not _is_whole(revision) or not _is_whole(seq) or not (device is None or isinstance(device, str)):
        raise BadAnswer
    if device is not None and (len(device) > 64 or not device.isprintable()):
        raise BadAnswer
    away_ms = body.get("away_ms")
    if not _is_whole(away_ms) or (away_ms or 0) > LONGEST_AWAY_MS:
        raise BadAnswer
    return {
        "answer": body["answer"], "revision": revision, "device": device or None, "seq": seq, "away_ms": away_ms,
    }  # fmt: skip


def _is_whole(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53)


def _not_saved(reason: str, message: str, status: int, **more: Any) -> ResponseReturnValue:
    response = jsonify(saved=False, reason=reason, message=message, **more)
    response.status_code = status
    return response


@bp.post("/attempts/<int:attempt_id>/answers/<int:position>")
@requires(Permission.ATTEMPT_TAKE)
def save_form(attempt_id: int, position: int) -> ResponseReturnValue:
    """The same for a page without JavaScript: save, then go on to the next question."""
    attempt, paper = _own(attempt_id)
    at = paper.at(position)
    if at is None:
        raise NotFound
    if attempt.ended_at is not None:
        raise Ended
    given = request.form.getlist("answer")
    if "answer" in request.form or "present" in request.form:
        revision = request.form.get("revision", "")
        answers.save_answer(
            attempt_id,
            keep_pace(holder()),
            position,
            presenting.answer_from_form(at, given),
            now=clock(),
            revision=int(revision) if re.fullmatch(r"\d{1,9}", revision) else None,
            if_new=True,
        )
    if question_limit(paper.contest_id):
        return _go_on_in_turn(attempt_id, position)
    return redirect(_where_next(attempt_id, position, len(paper.positions)), 303)


def _go_on_in_turn(attempt_id: int, position: int) -> ResponseReturnValue:
    """Only 下一题 leaves the question, and for good; every other way comes back to the one that is open."""
    go = request.form.get("go", "next")
    if go == "sheet":
        return redirect(url_for(".sheet", attempt_id=attempt_id), 303)
    if go == "next":
        question_turns.go_on(attempt_id, keep_pace(holder()), position, now=clock())
    return redirect(url_for(".take", attempt_id=attempt_id), 303)


def _where_next(attempt_id: int, position: int, total: int) -> str:
    go = request.form.get("go", "next")
    if go.isdecimal():
        return url_for(".take", attempt_id=attempt_id, q=int(go))
    if go == "sheet" or (go == "next" and position >= total):
        return url_for(".sheet", attempt_id=attempt_id)
    step = {"previous": -1, "stay": 0}.get(go, 1)
    return url_for(".take", attempt_id=attempt_id, q=max(1, position + step))


# --- hand in, result -------------------------------------------------------------------------------------------------


@bp.post("/attempts/<int:attempt_id>/submit")
@settles(Permission.ATTEMPT_TAKE)
def submit(attempt_id: int) -> ResponseReturnValue:
    attempts.submit(attempt_id, keep_pace(holder()), now=clock(), answers=_carried(attempt_id))
    return redirect(url_for(".result", attempt_id=attempt_id), 303)


def _carried(attempt_id: int) -> dict[int, Any]:
    """What a page without JavaScript still carries, by position. Raises NotFound."""
    form = request.form
    if not any(re.fullmatch(r"a\d+", name) for name in form):
        return {}
    paper = find.paper_contents(attempt_id)
    if paper is None:
        raise NotFound
    return {
        position.number: presenting.answer_from_form(position, form.getlist(f"a{position.number}"))
        for position in paper.positions
        if f"a{position.number}" in form
    }


@bp.get("/attempts/<int:attempt_id>/result")
@requires(Permission.ATTEMPT_TAKE)
def result(attempt_id: int) -> ResponseReturnValue:
    attempt, paper = _own(attempt_id)
    if attempt.ended_at is None:
        raise NotEnded
    marking = find.last_marking(attempt_id)
    if marking is None:
        abort(404)
    shown = presenting.result_of(attempt, paper, marking, now=clock())
    if wants_json():
        return jsonify(presenting.result_as_json(shown))
    return render_template(
        "attempts/result.html",
        **presenting.result_page(shown),
        again=_again(attempt),
        prizes=prizes_of(attempt.entry_id) if clock() >= shown.contest.closes_at else [],
        **own_reports(attempt.entry_id),
        **own_appeal(attempt),
        **way_to_certificate(shown.contest, attempt.entry_id),
    )


def _again(attempt: Attempt) -> str:
    """再答一次: how often one may; "" where one may not, or is in the middle of one."""
    contest, now = attempt.entry.contest, clock()
    left = attempts_left(contest, used_now(contest.terms, attempt.entry, now), now)
    if not left or find.open_attempt(attempt.entry_id):
        return ""
    within = {Per.CONTEST: "还", Per.DAY: "今天还", Per.ROUND: "本轮还"}[contest.terms.attempts.per]
    return f"{within}可以答 {left} 次，点下去就开始计时。"
