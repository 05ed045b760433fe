"""Accounts of staff: who may do what and where; every change is on record."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quiz.clock import clock
from quiz.errors import Mistakes
from quiz.models import StaffRole
from quiz.queries import accounts as find
from quiz.rules.permissions import Permission, Role
from quiz.services import staff
from quiz.web.access import requires
from quiz.web.forms.staff import StaffForm
from quiz.web.views.accounts import refused

bp = Blueprint("staff", __name__, url_prefix="/console/accounts")


def role_in_words(role: StaffRole) -> str:
    """街道管理员（东门街道）; without a scope the role alone."""
    scopes = [place.name for place in (role.street, role.unit, role.domain) if place]
    return Role(role.role).label + (f"（{'，'.join(scopes)}）" if scopes else "")


@bp.app_context_processor
def words() -> dict[str, Any]:
    return {"role_words": role_in_words}


@bp.get("")
@requires(Permission.STAFF_MANAGE)
def index() -> str:
    return _page(StaffForm())


@bp.post("")
@requires(Permission.STAFF_MANAGE)
def add() -> ResponseReturnValue:
    form = StaffForm()
    try:
        token = staff.add_staff(**form.granted(), now=clock(), actor=current_user.id)
    except Mistakes as refusal:
        return refused(form, refusal, _page)
    return _link_page(form.account.data or "", token)


def _page(form: StaffForm, **more: Any) -> str:
    return render_template(
        "staff/index.html", form=form, persons=find.staff(), waiting=find.waiting_links(clock()), **more
    )


@bp.post("/<int:person_id>/link")
@requires(Permission.STAFF_MANAGE)
def renew_link(person_id: int) -> ResponseReturnValue:
    token = staff.renew_link(person_id, now=clock(), actor=current_user.id)
    return _link_page(find.account_of(person_id), token)


def _link_page(account: str, token: str) -> str:
    """The one-time link, shown this once."""
    link = current_app.extensions["settings"].public_url + url_for("accounts.link", token=token)
    return render_template("staff/link.html", account=account, link=link)


@bp.post("/roles/<int:role_id>/revoke")
@requires(Permission.STAFF_MANAGE)
def revoke(role_id: int) -> ResponseReturnValue:
    role = staff.revoke_role(role_id, now=clock(), actor=current_user.id)
    flash(f"已收回{role.person.name}的角色：{role_in_words(role)}。", "success")
    return redirect(url_for(".index"), 303)
