"""领奖: the desk types a check code, sees who it is, and marks the prize as handed over."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.config import Settings
from quiz.errors import NotFound, TooManyCodes, UnknownCode
from quiz.models import DrawWinner
from quiz.queries.bank import names_of
from quiz.rules import check_codes
from quiz.rules.permissions import Permission
from quiz.services import prize_winners
from quiz.web.access import allowed_everywhere, requires
from quiz.web.filters import full_moment
from quiz.web.forms.prizes import CodeForm
from quiz.web.messages import sentence_of, status_of

bp = Blueprint("prize_desk", __name__, url_prefix="/console")


@bp.get("/prizes")
@requires(Permission.PRIZES_HAND_OVER)
def desk() -> str:
    _everywhere_only()
    return render_template("prizes/desk.html", form=CodeForm(formdata=None), messages=[])


@bp.post("/prizes")
@requires(Permission.PRIZES_HAND_OVER)
def look() -> ResponseReturnValue:
    """Whose code it is; nothing is marked yet."""
    _everywhere_only()
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("prizes/desk.html", form=form, messages=[]), 422
    try:
        winner = prize_winners.look_up(form.code.data, key=_key(), actor_id=current_user.id, now=clock())
    except (UnknownCode, TooManyCodes) as refusal:
        return _refused(form, refusal)
    return render_template("prizes/desk.html", form=form, messages=[], found=_in_words(winner))


@bp.post("/prizes/hand-over")
@requires(Permission.PRIZES_HAND_OVER)
def hand_over() -> ResponseReturnValue:
    _everywhere_only()
    form = CodeForm()
    if not form.validate_on_submit():
        return render_template("prizes/desk.html", form=form, messages=[]), 422
    try:
        winner, is_new = prize_winners.hand_over(
            form.code.data, key=_key(), actor_id=current_user.id, now=clock()
        )  # fmt: skip
    except (UnknownCode, TooManyCodes) as refusal:
        return _refused(form, refusal)
    if not is_new:
        return render_template("prizes/desk.html", form=form, messages=[], found=_in_words(winner)), 409
    tier = winner.draw.rules.tiers[winner.tier]
    flash(f"已登记：{winner.entry.masked_name} 领走{tier.name}{f'（{tier.prize}）' if tier.prize else ''}。", "success")
    return redirect(url_for(".desk"), 303)


def _refused(form: CodeForm, refusal: UnknownCode | TooManyCodes) -> ResponseReturnValue:
    return render_template("prizes/desk.html", form=form, messages=[sentence_of(refusal)]), status_of(refusal)


def _everywhere_only() -> None:
    if not allowed_everywhere(Permission.PRIZES_HAND_OVER):
        raise NotFound


def _key() -> str | None:
    """What counts wrong codes; nothing where limits are off."""
    settings: Settings = current_app.extensions["settings"]
    return settings.secret_key if settings.rate_limits else None


def _in_words(winner: DrawWinner) -> dict[str, str]:
    tier, zone = winner.draw.rules.tiers[winner.tier], winner.draw.contest.terms.time_zone
    by = winner.handed_over_by
    return {
        "name": winner.entry.masked_name,
        "entry_code": winner.entry.entry_code,
        "contest": winner.draw.contest.title,
        "draw": winner.draw.title,
        "tier": tier.name,
        "prize": tier.prize,
        "code": check_codes.shown(winner.check_code or ""),
        "handed_over": full_moment(winner.handed_over_at, zone),
        "by": names_of({by}).get(by, "") if by else "",
    }
