"""复核提示: what is out of the ordinary about attempts, in words and figures, for judges; it never accuses."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import Mistakes, NotFound
from quiz.models import Contest, Signal
from quiz.models.contests import ContestState
from quiz.queries import signals as find
from quiz.queries.bank import names_of
from quiz.queries.contests import contest_by_slug
from quiz.queries.signals import Shown, SignalledAttempt
from quiz.rules.permissions import Permission
from quiz.rules.reports import LONGEST_NOTE
from quiz.rules.signals import SignalKind, Strength
from quiz.services import signals
from quiz.web.access import allowed_everywhere, requires, scopes_of
from quiz.web.filters import elapsed_in_words, full_moment, plain_number, points_in_words
from quiz.web.forms.typed import tidy
from quiz.web.views.bank import page_number

bp = Blueprint("signals", __name__)

PARTS = {Shown.WAITING: "待看", Shown.NOTED: "已记下看法", Shown.WEAK: "只有一条弱提示"}
NOTHING = {
    Shown.WAITING: "没有等着看的答卷。",
    Shown.NOTED: "还没有记下过看法。",
    Shown.WEAK: "没有这样的答卷。",
}


@bp.get("/console/contests/<slug>/signals")
@requires(Permission.SIGNALS_REVIEW)
def index(slug: str) -> ResponseReturnValue:
    return _page(_published(slug))


@bp.post("/console/contests/<slug>/signals")
@requires(Permission.SIGNALS_REVIEW)
def look(slug: str) -> ResponseReturnValue:
    """Look at the whole contest anew, which is for those whose scope is the whole district."""
    contest = _published(slug)
    if not allowed_everywhere(Permission.SIGNALS_REVIEW):
        abort(403)
    try:
        looked = signals.look(contest.id, actor_id=current_user.id, now=clock())
    except Mistakes as mistakes:
        return _page(contest, messages=list(mistakes.facts["problems"])), 422
    flash(
        f"看过 {looked.attempts} 份答卷：{looked.with_signals} 份有提示，其中 {looked.flagged} 份请评委看。", "success"
    )
    return redirect(url_for(".index", slug=slug), 303)


@bp.post("/console/contests/<slug>/signals/<int:attempt_id>")
@requires(Permission.SIGNALS_REVIEW)
def note(slug: str, attempt_id: int) -> ResponseReturnValue:
    contest, text = _published(slug), tidy(request.form.get("note"))
    within = scopes_of(current_user, Permission.SIGNALS_REVIEW)
    try:
        signals.note(contest.id, attempt_id, text, within=within, actor_id=current_user.id, now=clock())
    except Mistakes as mistakes:
        return _page(contest, messages=list(mistakes.facts["problems"]), wrong=attempt_id, typed=text), 422
    flash("已记下。成绩没有变化。", "success")
    return redirect(url_for(".index", slug=slug, **_shown_args()), 303)


def _published(slug: str) -> Contest:
    contest = contest_by_slug(slug)
    if contest is None or contest.state == ContestState.DRAFT:
        raise NotFound
    return contest


def _shown() -> Shown:
    asked = request.args.get("show", "")
    return Shown(asked) if asked in {each.value for each in Shown} else Shown.WAITING


def _shown_args() -> dict[str, Any]:
    return {} if _shown() is Shown.WAITING else {"show": _shown().value}


def _page(contest: Contest, *, messages: list[str] | None = None, wrong: int = 0, typed: str = "") -> str:
    shown = _shown()
    within = scopes_of(current_user, Permission.SIGNALS_REVIEW)
    found = find.signalled(contest.id, shown, within=within, page=page_number())
    looked_at = find.last_look(contest.id)
    return render_template(
        "signals/index.html",
        contest=contest,
        rows=[_row(row, contest) for row in found.rows],
        found=found,
        shown=shown,
        shown_args=_shown_args(),
        parts=PARTS,
        nothing=NOTHING[shown],
        looked_words=full_moment(looked_at, contest.terms.time_zone) if looked_at else "",
        may_look=allowed_everywhere(Permission.SIGNALS_REVIEW),
        names=names_of({row.note.noted_by or 0 for row in found.rows if row.note}),
        longest=LONGEST_NOTE,
        messages=messages or [],
        wrong=wrong,
        typed=typed,
    )


def _row(row: SignalledAttempt, contest: Contest) -> dict[str, Any]:
    attempt = row.attempt
    return {
        "id": attempt.id,
        "entry": attempt.entry,
        "number": attempt.number,
        "score_words": points_in_words(attempt.score),
        "elapsed_words": elapsed_in_words(attempt.elapsed_ms),
        "ended_words": full_moment(attempt.ended_at, contest.terms.time_zone),
        "signals": [_in_words(signal) for signal in row.signals],
        "note": row.note,
    }


# --- in words --------------------------------------------------------------------------------------------------------


def _in_words(signal: Signal) -> dict[str, Any]:
    title, sentence, innocent = WORDS[SignalKind(signal.kind)]
    return {
        "title": title,
        "is_weak": signal.strength == Strength.WEAK,
        "sentence": sentence(signal.evidence),
        "innocent": innocent,
        "others": signal.evidence.get("others", []),
    }


def _fast(seen: Mapping[str, Any]) -> str:
    return (
        f"答了 {seen['answers']} 题，对 {seen['right']} 题，平均每题 {plain_number(seen['seconds_each'])} 秒，"
        f"是大家答同样的题平常用时的 {seen['percent_of_usual']} %（和 {seen['compared_with']} 份答卷比）。"
    )


def _burst(seen: Mapping[str, Any]) -> str:
    return (
        f"{elapsed_in_words(seen['silence_s'] * 1000)}没有存过答案，接着 {plain_number(seen['seconds'])} 秒里"
        f"连存 {seen['answers']} 题，其中对 {seen['right']} 题。"
    )


def _away(seen: Mapping[str, Any]) -> str:
    return (
        f"答过的 {seen['of']} 题里，有 {seen['answers']} 题在作答前离开过页面，"
        f"一共 {elapsed_in_words(seen['seconds'] * 1000)}；"
        f"这些题对了 {seen['right']} 题，按大家的正确率估计是 {plain_number(seen['expected_right'])} 题。"
    )


def _phones(seen: Mapping[str, Any]) -> str:
    unit = "，都在同一个单位" if seen["one_unit"] else ""
    addresses = f"，来自 {seen['addresses']} 个网络地址" if seen["addresses"] else ""
    return f"{seen['numbers']} 个账号的手机号前后相连，在 {seen['minutes']} 分钟里一个接一个注册{unit}{addresses}。"


def _device(seen: Mapping[str, Any]) -> str:
    return f"有 {seen['accounts']} 个账号在同一台设备上开始答题。"


WORDS: dict[SignalKind, tuple[str, Callable[[Mapping[str, Any]], str], str]] = {
    SignalKind.FAST: ("答得很快又很对", _fast, "本来就熟悉这些题的人也会这样。"),
    SignalKind.BURST: ("一下子存了很多题", _burst, "手机断网后重新连上，就是这样。"),
    SignalKind.AWAY: ("离开页面后答对", _away, "来电话、看消息，或者电脑上开着几个窗口，也会这样。"),
    SignalKind.PHONES: ("手机号前后相连", _phones, "单位统一办的号码也会这样。"),
    SignalKind.DEVICE: ("一台设备，很多账号", _device, "社区或单位把一台设备借给大家用，也会这样。"),
}
