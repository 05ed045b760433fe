"""Who may use a page stands beside its route; a route that says nothing stays closed."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, g, redirect, request, session, url_for
from flask.globals import request_ctx
from flask_login import LoginManager, current_user
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response as AnyResponse

from question_bank.database import db
from quiz.errors import NotFound, SignedOut
from quiz.models import Person, PersonKind
from quiz.queries.people import DISTRICT, Scope
from quiz.rules.permissions import GRANTS, SCOPE_OF, Permission, Role, may
from quiz.services.answers import Holder
from quiz.web import stalls
from quiz.web.replies import refusal_as_json, wants_json

View = TypeVar("View", bound=Callable[..., Any])
_PUBLIC = "public"


def public(view: View) -> View:
    """Anybody may use this page, or it settles by itself whom it serves."""
    view.access = _PUBLIC  # type: ignore[attr-defined]  # a function carries what it says of itself
    return view


def requires(permission: Permission) -> Callable[[View], View]:
    """Only people who hold the permission, in whatever scope: the reads behind the page are limited by scope."""

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]  # a function carries what it says of itself
        return view

    return mark


def settles(permission: Permission) -> Callable[[View], View]:
    """Like ``requires``, for the acts that come by the thousand: the person is not loaded beforehand.

    The view hands the holder of the session to its service, which settles in its own statements whether the session
    stands and the person may.
    """

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]  # a function carries what it says of itself
        view.settles_access = True  # type: ignore[attr-defined]  # a function carries what it says of itself
        return view

    return mark


def has_session() -> bool:
    """Whether the cookie names somebody; whether that session still stands is another question."""
    return "_user_id" in session


def holder() -> Holder:
    """Who the session cookie says this is. Raises SignedOut."""
    number, _, epoch = str(session.get("_user_id", "")).partition(".")
    if not (number.isdecimal() and epoch.isdecimal()):
        raise SignedOut
    return Holder(int(number), int(epoch))


def access_of(view: Callable[..., Any]) -> str | Permission | None:
    """What a view says of itself; None when it says nothing."""
    return getattr(view, "access", None)


def roles_of(person: Any) -> frozenset[Role]:
    """Every role the signed-in person has; nobody in particular has none."""
    if not person.is_authenticated:
        return frozenset()
    staff = {Role(role.role) for role in person.roles}
    return frozenset(staff if person.kind == PersonKind.STAFF else {Role.PARTICIPANT, *staff})


def allowed(permission: Permission) -> bool:
    """Whether the person at hand may do this somewhere."""
    return may(roles_of(current_user), permission)


def scopes_of(person: Any, permission: Permission) -> tuple[Scope, ...]:
    """Where the person may do this: streets, units, or the whole district, which then stands alone."""
    roles = [role for role in person.roles if permission in GRANTS[Role(role.role)]]
    scopes = {
        Scope(street_id=role.street_id) if role.street_id else Scope(unit_id=role.unit_id)
        for role in roles
        if role.street_id or role.unit_id or Role(role.role) not in SCOPE_OF
    }
    return DISTRICT if Scope() in scopes else tuple(sorted(scopes, key=lambda s: (s.street_id or 0, s.unit_id or 0)))


def domains_of(person: Any) -> tuple[str, ...]:
    """The domains whose questions the person may see; none named: those of every domain."""
    roles = [role for role in person.roles if Permission.BANK_READ in GRANTS[Role(role.role)]]
    if any(role.domain_id is None for role in roles):
        return ()
    return tuple(sorted({role.domain.path for role in roles if role.domain}))


def lies_within(domain: str, domains: tuple[str, ...]) -> bool:
    """Whether a question of this domain is among what the person may see."""
    return not domains or any(domain == each or domain.startswith(each + "/") for each in domains)


def require_all_domains() -> None:
    """What shows or moves whole banks is nothing for a role that is limited to a domain."""
    if domains_of(current_user):
        raise NotFound


def allowed_everywhere(permission: Permission) -> bool:
    """Whether the person at hand may do this in the whole district, not only in one street or unit."""
    if not current_user.is_authenticated:
        return False
    known: dict[tuple[int, Permission], bool] = g.setdefault("allowed_everywhere", {})
    asked = current_user.id, permission
    if asked not in known:
        known[asked] = scopes_of(current_user, permission) == DISTRICT
    return known[asked]


def check_access() -> AnyResponse | Response | None:
    """Before each request: closed routes stay closed, signed-out people are sent to sign in."""
    endpoint = request_ctx.request.endpoint
    if endpoint is None or endpoint == "static":
        return None
    view = request_ctx.app.view_functions[endpoint]
    access = access_of(view)
    if access == _PUBLIC:
        return None
    if getattr(view, "settles_access", False):
        return None if has_session() else sign_in_first()
    if not isinstance(access, Permission):
        abort(403)
    if not current_user.is_authenticated:
        return sign_in_first()
    if not allowed(access):
        abort(403)
    return None


def sign_in_first() -> AnyResponse | Response:
    """Programs get 401, people the sign-in page that leads back to where they came from."""
    if wants_json():
        return refusal_as_json("signed_out", "请先登录。", 401)
    if stalls.at_hand():
        return redirect(url_for("stall.welcome"), 303)  # the next person is not led to what the last one had open
    return redirect(url_for("accounts.sign_in", next=_back()), 303)


def _back() -> str:
    """Where to go on after signing in: the page asked for, or, for a tap on a button, the page it stands on."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    if slug := (request.view_args or {}).get("slug"):
        return url_for("contests.show", slug=slug)
    return request.form.get("next") or "/"


class Sessions(LoginManager):  # type: ignore[misc]  # Flask-Login has no types
    """Flask-Login's own, without its second cookie: the session lasts by itself, and nobody looks for another."""

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


def init_login(app: Flask) -> None:
    manager = Sessions()
    manager.session_protection = None  # phones change their address all day
    manager.user_loader(_person_of)
    manager.init_app(app)
    app.before_request(check_access)


def _person_of(session_id: str) -> Person | None:
    """The person of a session, unless it was ended (sign-out everywhere, another password, deletion)."""
    number, _, epoch = session_id.partition(".")
    if not (number.isdecimal() and epoch.isdecimal()):
        return None
    person = db.session.get(Person, int(number), options=[joinedload(Person.roles)])
    return person if person and person.is_active and person.session_epoch == int(epoch) else None
