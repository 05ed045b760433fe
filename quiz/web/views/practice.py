"""练习 and 错题本: one question after the other, marked at once, apart from every contest."""

from collections import Counter
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import BadAnswer, ChangedMeanwhile, NotEnded, NotFound
from quiz.queries import attempts as find_attempts
from quiz.queries import practice as find
from quiz.queries.attempts import Position
from quiz.rules.permissions import Permission
from quiz.rules.practice import Candidate, domain_of, next_question
from quiz.services import practice
from quiz.web import presenting
from quiz.web.access import requires
from quiz.web.pictures import pictures_at, sizes_in
from quiz.web.views.pictures import from_bank

bp = Blueprint("practice", __name__)

BOOK = "book"


@bp.get("/practice")
@requires(Permission.ATTEMPT_TAKE)
def index() -> str:
    """The domains, each with how many questions there are and how many were tried."""
    found = find.practicable(current_user.id, clock())
    totals = Counter(domain_of(each.domain) for each in found)
    tried = Counter(domain_of(each.domain) for each in found if each.record and each.record.tried)
    return render_template(
        "practice/index.html",
        domains=[(domain, total, tried[domain]) for domain, total in sorted(totals.items())],
        total=len(found),
        in_book=find.count_in_book(current_user.id),
    )


@bp.get("/practice/next")
@requires(Permission.ATTEMPT_TAKE)
def next() -> ResponseReturnValue:
    """On to the next question of what was chosen; where nothing is left, back to where it was chosen."""
    chosen, after = _chosen(), request.args.get("after", "")
    candidates = [
        Candidate(each.question_id, each.record.last_at if each.record and each.record.tried else None)
        for each in find.practicable(current_user.id, clock())
        if _is_among(each, chosen)
    ]
    last = int(after) if after.isdecimal() and len(after) < 10 else None
    question_id = next_question(candidates, current_user.id, after=last)
    if question_id is None:
        flash("错题都练对了。" if BOOK in chosen else "这里现在没有可以练的题。", "success")
        return redirect(url_for(".book" if BOOK in chosen else ".index"), 303)
    return redirect(url_for(".question", question_id=question_id, **chosen), 303)


def _chosen() -> dict[str, Any]:
    """What is practised, as the addresses carry it on: a domain, the book, both, or everything."""
    return {name: request.args[name] for name in ("domain", BOOK) if request.args.get(name)}


def _is_among(each: find.Practicable, chosen: dict[str, Any]) -> bool:
    return (not chosen.get("domain") or domain_of(each.domain) == chosen["domain"]) and (
        BOOK not in chosen or each.is_in_book
    )


# --- one question ----------------------------------------------------------------------------------------------------


@bp.get("/practice/questions/<int:question_id>")
@requires(Permission.ATTEMPT_TAKE)
def question(question_id: int) -> str:
    """The question without anything that gives its key away."""
    return _question_page(question_id)


def _question_page(question_id: int, complaint: str = "") -> str:
    found, position = practice.question_for(current_user.id, question_id, now=clock())
    return render_template(
        "practice/question.html",
        question=_shown(question_id, position),
        version_id=found.version_id,
        chosen=_chosen(),
        complaint=complaint,
    )


@bp.post("/practice/questions/<int:question_id>")
@requires(Permission.ATTEMPT_TAKE)
def answer(question_id: int) -> ResponseReturnValue:
    """Right or wrong, the key, why, and the way on."""
    _found, position = practice.question_for(current_user.id, question_id, now=clock())
    given = presenting.answer_from_form(position, request.form.getlist("answer"))
    version = request.form.get("version", "")
    try:
        shown = int(version) if version.isdecimal() and len(version) < 16 else 0
        practised = practice.answer(current_user.id, question_id, shown, given, now=clock())
    except BadAnswer:
        return _question_page(question_id, "请先作答，再点“看对不对”。"), 422
    except ChangedMeanwhile:
        return _question_page(question_id, "这道题刚刚改过，请再答一次。"), 409
    return render_template(
        "practice/answered.html",
        question=_marked(question_id, practised),
        is_right=practised.is_right,
        chosen=_chosen(),
        question_id=question_id,
    )


def _shown(question_id: int, position: Position) -> dict[str, Any]:
    content, sizes = position.content, sizes_in([position.content])

    def pictures(place: int) -> list[dict[str, Any]]:
        return pictures_at(
            content, place, lambda sha256: url_for(".picture", question_id=question_id, sha256=sha256), sizes
        )

    return {
        "id": question_id,
        "kind": content.kind.value,
        "kind_label": content.kind.label,
        "stem": content.stem,
        "pictures": pictures(0),
        "blanks": position.form.blanks,
        "options": [
            {**option, "pictures": pictures(option["number"])} for option in presenting.options_shown(position)
        ],
    }


def _marked(question_id: int, practised: practice.Practised) -> dict[str, Any]:
    position, content = practised.position, practised.position.content
    shown = _shown(question_id, position)
    for option in shown["options"]:
        option |= {"chosen": option["number"] in practised.chosen, "right": option["number"] in content.choices}
    return {
        **shown,
        "texts": practised.chosen if position.form.blanks else [],
        "key_words": presenting.key_in_words(position),
        "explanation": content.explanation,
        "source": content.source,
    }


@bp.get("/practice/questions/<int:question_id>/pictures/<sha256>")
@requires(Permission.ATTEMPT_TAKE)
def picture(question_id: int, sha256: str) -> Response:
    _found, position = practice.question_for(current_user.id, question_id, now=clock())
    if sha256 not in {each for _, each in position.content.pictures}:
        raise NotFound
    return from_bank(sha256)


# --- the book --------------------------------------------------------------------------------------------------------


@bp.get("/practice/book")
@requires(Permission.ATTEMPT_TAKE)
def book() -> str:
    """错题本 by domain. What is held for a contest is counted, not shown."""
    found = [each for each in find.practicable(current_user.id, clock()) if each.is_in_book]
    positions = find.positions([each.version_id for each in found])
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in found:
        content = positions[each.version_id].content
        row = {"id": each.question_id, "stem": content.stem, "kind_label": content.kind.label, "record": each.record}
        groups.setdefault(domain_of(each.domain), []).append(row)
    hidden = find.count_in_book(current_user.id) - len(found)
    return render_template("practice/book.html", groups=sorted(groups.items()), total=len(found), hidden=hidden)


@bp.post("/practice/book/<int:question_id>/out")
@requires(Permission.ATTEMPT_TAKE)
def take_out(question_id: int) -> ResponseReturnValue:
    practice.take_out(current_user.id, question_id)
    flash("已从错题本去掉。", "success")
    return redirect(url_for(".book"), 303)


@bp.post("/attempts/<int:attempt_id>/book")
@requires(Permission.ATTEMPT_TAKE)
def add_mistakes(attempt_id: int) -> ResponseReturnValue:
    """The mistakes of an own, ended attempt, once its keys may be seen."""
    attempt, paper = find_attempts.own_attempt(attempt_id, current_user.id), find_attempts.paper_contents(attempt_id)
    marking = find_attempts.last_marking(attempt_id)
    if attempt is None or paper is None:
        raise NotFound
    if attempt.ended_at is None or marking is None:
        raise NotEnded
    contest = attempt.entry.contest
    if not presenting.keys_may_be_shown(contest, contest.terms, clock()):
        raise NotFound
    wrong = [
        line.version
        for line, points, worth in zip(paper.lines, marking.points, marking.worth, strict=True)
        if points != worth
    ]
    count = practice.add_to_book(current_user.id, wrong, now=clock())
    flash(f"{count} 道错题已放进错题本。还在竞赛里用的题，竞赛结束后才能练。", "success")
    return redirect(url_for("attempts.result", attempt_id=attempt_id), 303)
