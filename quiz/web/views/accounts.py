"""Register, sign in and out, one's own data, one-time links, and the search for a street or a unit."""

import logging
from typing import Any

from flask import Blueprint, current_app, flash, jsonify, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user

from quiz.clock import clock
from quiz.config import Settings
from quiz.errors import Mistakes, PhoneTaken, Refusal
from quiz.models import Contest, Entry, Person, PersonKind
from quiz.queries import attempts as find_attempts
from quiz.queries import people as find
from quiz.rules.accounts import tidy_code
from quiz.rules.permissions import Permission
from quiz.services import accounts, attempts, people
from quiz.services.accounts import Guard
from quiz.web import stalls
from quiz.web.access import public, requires
from quiz.web.errors import answer
from quiz.web.forms.accounts import PasswordForm, RegisterForm, SignInForm
from quiz.web.forms.fields import BelongingForm, PageForm
from quiz.web.messages import sentence_of, status_of
from quiz.web.replies import is_local_path, next_or, refusal_as_json, wants_json
from quiz.web.views.draws import prizes_of

bp = Blueprint("accounts", __name__)

PLACES_GIVEN = 20
PLACE_KINDS = ("street", "community", "unit")

log = logging.getLogger("quiz.sign_ins")
log.setLevel(logging.INFO)


@bp.record_once
def _keep_sign_ins(state: BlueprintSetupState) -> None:
    """Sign-ins go where the app's own log goes; naming it gives it a handler."""
    state.app.logger.debug("sign-ins are logged")


def settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found


def guard() -> Guard:
    """What counts failed sign-ins of the request at hand."""
    return Guard(settings().secret_key, request.remote_addr or "", settings().rate_limits)


# --- register --------------------------------------------------------------------------------------------------------


@bp.get("/register")
@public
def register() -> ResponseReturnValue:
    return _register_page(RegisterForm(next=_next()))


@bp.post("/register")
@public
def register_person() -> ResponseReturnValue:
    form = RegisterForm()
    try:
        given = form.registration()
        person = accounts.register(given, now=clock(), places=settings().accounts_per_phone)
    except (Mistakes, PhoneTaken) as refusal:
        return refused(form, refusal, _register_page)
    _enter(person)
    return redirect(next_or("/"), 303)


def _register_page(form: RegisterForm, **more: Any) -> str:
    return render_template("accounts/register.html", form=stalls.without_autofill(form), **more)


def _next() -> str:
    target = request.args.get("next", "")
    return target if is_local_path(target) else ""


def refused(form: PageForm, refusal: Refusal, page: Any) -> ResponseReturnValue:
    """The form again, with what was entered and what is to be mended; or the same as JSON."""
    status, message = status_of(refusal), sentence_of(refusal)
    found = {name: list(field.errors) for name, field in form._fields.items() if field.errors}
    complaints = {
        name: complaint
        for name, complaint in refusal.facts.get("fields", {}).items()
        if form.SHOWN_AT.get(name, name) not in found  # a typed name that was not found says more
    }
    if wants_json():
        fields = {**{name: errors[0] for name, errors in found.items()}, **complaints}
        return refusal_as_json(refusal.reason, message, status, fields=fields)
    form.show(complaints)
    said = () if isinstance(refusal, Mistakes) and refusal.facts.get("fields") else (message,)
    return page(form, messages=said, reason=refusal.reason), status


# --- sign in and out -------------------------------------------------------------------------------------------------


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    return _sign_in_page(SignInForm(next=_next()))


@bp.post("/sign-in")
@public
def sign_in_person() -> ResponseReturnValue:
    form = SignInForm()
    try:
        person = accounts.sign_in(
            form.account.data or "", form.password.data or "", form.name.data or "", guard=guard(), now=clock()
        )
        _refuse_staff_at_stall(person)
    except Refusal as refusal:
        log.info("sign-in refused: %s", refusal.reason)
        return refused(form, refusal, _sign_in_page)
    _enter(person)
    return redirect(next_or("/" if person.kind != "staff" else url_for("console.index")), 303)


def _sign_in_page(form: SignInForm, **more: Any) -> str:
    asks_name = settings().accounts_per_phone > 1 or bool(form.name.data) or bool(form.name.errors)
    return render_template("accounts/sign_in.html", form=stalls.without_autofill(form), asks_name=asks_name, **more)


def _refuse_staff_at_stall(person: Person) -> None:
    if person.kind == PersonKind.STAFF and stalls.at_hand():
        raise Mistakes(problems=["摊位设备上不能登录工作人员的账号。请在自己的设备上打开工作台。"])


def _enter(person: Person) -> None:
    """A session of its own: nothing of the one before, whoever set it, comes along."""
    session.clear()
    session.permanent = True
    stalls.begin_session()
    login_user(person)
    log.info("signed in: person %s", person.id)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    if current_user.is_authenticated:
        log.info("signed out: person %s", current_user.id)
    session.clear()
    return redirect(next_or("/"), 303)


# --- one's own data --------------------------------------------------------------------------------------------------


@bp.get("/me")
@requires(Permission.ATTEMPT_TAKE)
def me() -> ResponseReturnValue:
    return _own_page(BelongingForm(data=_own_belonging()))


@bp.post("/me")
@requires(Permission.ATTEMPT_TAKE)
def move() -> ResponseReturnValue:
    form = BelongingForm()
    try:
        people.move_person(current_user.id, **form.belonging())
    except Mistakes as refusal:
        return refused(form, refusal, _own_page)
    flash("已更新。以后参加的竞赛按新的街道和单位计算；已经参加的不变。", "success")
    return redirect(url_for(".me"), 303)


def _own_belonging() -> dict[str, Any]:
    return {
        "kind": current_user.kind,
        "street_text": (current_user.community or current_user.street or _Nowhere).name,
        "street": (current_user.community or current_user.street or _Nowhere).code,
        "unit_text": current_user.unit.name if current_user.unit else current_user.unit_name or "",
        "unit": current_user.unit.code if current_user.unit else "",
        "unit_not_listed": bool(current_user.unit_name),
    }


class _Nowhere:
    name = code = ""


def _own_page(form: BelongingForm, **more: Any) -> str:
    entries = [_own_entry(entry, contest) for entry, contest in find_attempts.own_entries(current_user.id)]
    return render_template("accounts/me.html", form=form, entries=entries, **more)


def _own_entry(entry: Entry, contest: Contest) -> dict[str, Any]:
    """One contest of the person's: its attempts that ended, and the one that runs."""
    running = find_attempts.open_attempt(entry.id)
    if running and attempts.end_if_overdue(running, now=clock()).ended_at is not None:
        running = None
    return {
        "entry": entry,
        "contest": contest,
        "running": running,
        "attempts": find_attempts.ended_attempts(entry.id),
        "prizes": prizes_of(entry.id),
    }


# --- one-time links --------------------------------------------------------------------------------------------------


@bp.get("/links/<token>")
@public
def link(token: str) -> ResponseReturnValue:
    return _link_page(PasswordForm(), token)


@bp.post("/links/<token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    form = PasswordForm()
    try:
        person = accounts.use_link(token, form.password.data or "", guard=guard(), now=clock())
    except Mistakes as refusal:
        return refused(form, refusal, lambda form, **more: _link_page(form, token, **more))
    log.info("password set: person %s", person.id)
    flash("口令已设好，请登录。", "success")
    return redirect(url_for(".sign_in"), 303)


def _link_page(form: PasswordForm, token: str, **more: Any) -> str:
    person = accounts.person_of_link(token, now=clock())
    name = person.name if person.kind == "staff" else person.masked_name
    return render_template("accounts/link.html", form=form, name=name, token=token, **more)


# --- places ----------------------------------------------------------------------------------------------------------


@bp.get("/places")
@public
def places() -> ResponseReturnValue:
    """Streets, communities and units whose name holds ``q``, for the fields that complete themselves."""
    kinds = [kind for part in request.args.getlist("kind") for kind in part.split(",")]
    if not kinds or any(kind not in PLACE_KINDS for kind in kinds):
        return answer(422, "bad_query", "没有这一类地点。")
    found = find.search_places(tidy_code(request.args.get("q", ""))[:80], kinds, PLACES_GIVEN)
    return jsonify(
        places=[{"kind": p.kind, "code": p.code, "name": p.name, "hint": p.hint} for p in found],
        most=PLACES_GIVEN,
    )
