"""题目分析: how each question of a contest did, those that look broken first."""

from typing import Any

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from question_bank.content import letter
from question_bank.kinds import QuestionKind
from question_bank.models import QuestionVersion
from quiz.errors import NotFound
from quiz.models.contests import ContestState
from quiz.queries.contests import contest_by_slug
from quiz.queries.items import analysis_of
from quiz.rules.items import FEW, Hint, ItemAnalysis
from quiz.rules.permissions import Permission
from quiz.web.access import allowed, allowed_everywhere, requires
from quiz.web.filters import rate_in_words
from quiz.web.paging import page_of_rows
from quiz.web.replies import wants_json

bp = Blueprint("items", __name__)

ROWS_A_PAGE = 50

WORDS = {
    Hint.KEY_MAY_BE_WRONG: "答案可能有误：成绩好的人反而多选了{option}",
    Hint.NOBODY_CHOOSES: "没有人选{option}，这个干扰项不起作用",
    Hint.TOO_EASY: "几乎人人答对，太容易了",
    Hint.TOO_HARD: "几乎没人答对，太难了，也请核对答案",
    Hint.DOES_NOT_TELL_APART: "会的人和不会的人答得差不多，分不出高下",
}
ORDERS = {"hints": "有提示的在前", "right": "从难到易", "apart": "从低区分度到高", "number": "按编号"}


@bp.get("/console/contests/<slug>/questions")
@requires(Permission.STANDINGS_READ)
def analysis(slug: str) -> ResponseReturnValue:
    """For those whose scope is the whole district: a street's few attempts would say little and show much."""
    if not allowed_everywhere(Permission.STANDINGS_READ):
        abort(403)
    contest = contest_by_slug(slug)
    if contest is None or contest.state == ContestState.DRAFT:
        raise NotFound
    found = analysis_of(contest.id)
    if wants_json():
        return jsonify(contest=contest.slug, few=FEW, questions=[_as_json(*pair) for pair in found])
    order = request.args.get("by", "hints")
    order = order if order in ORDERS else "hints"
    found.sort(key=lambda pair: _order(order, *pair))
    rows, page, pages = page_of_rows(found, ROWS_A_PAGE)
    return render_template(
        "items/analysis.html",
        contest=contest,
        rows=[_row(*pair) for pair in rows],
        total=len(found),
        hinted=sum(1 for _version, each in found if each.hints),
        page=page,
        pages=pages,
        few=FEW,
        order=order,
        orders=ORDERS,
        may_see_bank=allowed(Permission.BANK_READ),
        may_rule=allowed_everywhere(Permission.RULINGS_MAKE),
    )


def _order(order: str, version: QuestionVersion, found: ItemAnalysis) -> tuple[Any, ...]:
    first = {
        "hints": -len(found.hints) if found.hints else 1,
        "right": found.right_rate if found.right_rate is not None else 2,
        "apart": found.discrimination if found.discrimination is not None else 2,
        "number": 0,
    }[order]
    return first, version.id


def _row(version: QuestionVersion, found: ItemAnalysis) -> dict[str, Any]:
    return {
        "version": version,
        "kind": QuestionKind(version.kind).label,
        "attempts": found.attempts,
        **figures_in_words(found),
        "chosen": _chosen_in_words(version, found),
        "hints": [hint_in_words(version, hint, option) for hint, option in found.hints],
    }


def figures_in_words(found: ItemAnalysis) -> dict[str, Any]:
    """Rates and discrimination; the share of the points only where it is not the right rate."""
    return {
        "right": rate_in_words(found.right_rate) if found.right_rate is not None else "",
        "share": rate_in_words(found.mean_share) if found.mean_share not in (None, found.right_rate) else "",
        "apart": _apart_in_words(found),
        "everybody_full": found.everybody_full,
    }


def _apart_in_words(found: ItemAnalysis) -> str:
    if not found.is_enough:
        return "人数太少"
    return f"{found.discrimination:.2f}" if found.discrimination is not None else "无法计算"


def _chosen_in_words(version: QuestionVersion, found: ItemAnalysis) -> list[str]:
    """A 12, B 30, 没答 2; nothing for questions without options."""
    said = [f"{name_of(version, option)} {found.chosen[option]}" for option in range(1, _options(version) + 1)]
    left = [f"没答 {found.chosen[0]}"] if found.chosen[0] else []
    return [*said, *left] if said else []


def _options(version: QuestionVersion) -> int:
    return 2 if version.kind == QuestionKind.TRUE_FALSE else len(version.options)


def name_of(version: QuestionVersion, option: int) -> str:
    """An option as its author counted it: A, or 对."""
    return ("对", "错")[option - 1] if version.kind == QuestionKind.TRUE_FALSE else letter(option)


def hint_in_words(version: QuestionVersion, hint: Hint, option: int) -> str:
    if hint is Hint.KEY_MAY_BE_WRONG and not option:
        return "答案可能有误：成绩好的人反而答错得多"
    return WORDS[hint].format(option=f"“{name_of(version, option)}”" if option else "")


def _as_json(version: QuestionVersion, found: ItemAnalysis) -> dict[str, Any]:
    return {
        "version": version.id,
        "kind": version.kind,
        "stem": version.stem,
        "attempts": found.attempts,
        "right_rate": float(found.right_rate) if found.right_rate is not None else None,
        "mean_share": float(found.mean_share) if found.mean_share is not None else None,
        "everybody_full": found.everybody_full,
        "discrimination": found.discrimination,
        "chosen": {str(option): found.chosen[option] for option in range(_options(version) + 1)},
        "upper": {str(option): found.upper[option] for option in range(_options(version) + 1)},
        "lower": {str(option): found.lower[option] for option in range(_options(version) + 1)},
        "hints": [{"hint": hint.value, "option": option or None} for hint, option in found.hints],
    }
