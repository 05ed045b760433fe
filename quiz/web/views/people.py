"""Streets, communities, units and participants, for organisers; managers see their own street or unit."""

from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from question_bank.reading.drafts import Unreadable
from quiz.clock import clock
from quiz.errors import Mistakes, NotFound, NotReadable
from quiz.models import Person
from quiz.queries import people as find
from quiz.queries.people import Scope
from quiz.rules.accounts import tidy_code
from quiz.rules.permissions import Permission
from quiz.services import accounts, forgetting, people
from quiz.services.people import Change, Summary
from quiz.web.access import allowed, allowed_everywhere, requires, scopes_of
from quiz.web.errors import answer
from quiz.web.forms.people import RegisterWorkbookForm, TypedUnitForm
from quiz.web.messages import sentence_of
from quiz.web.replies import wants_json

bp = Blueprint("people", __name__, url_prefix="/console/people")

CHANGES_SHOWN = 100


def _scopes() -> tuple[Scope, ...]:
    return scopes_of(current_user, Permission.STANDINGS_READ)


def _require_district() -> None:
    """The register belongs to the whole district, and so must whoever changes it."""
    if not allowed_everywhere(Permission.PEOPLE_MANAGE):
        abort(403)


@bp.app_context_processor
def who_may_manage() -> dict[str, Any]:
    return {
        "may_manage_people": lambda: allowed(Permission.PEOPLE_MANAGE),
        "may_change_register": lambda: allowed_everywhere(Permission.PEOPLE_MANAGE),
    }


# --- streets, communities, units -------------------------------------------------------------------------------------


@bp.get("")
@requires(Permission.STANDINGS_READ)
def index() -> str:
    scopes = _scopes()
    communities: dict[int | None, list[str]] = {}
    for community in find.communities(scopes):
        communities.setdefault(community.parent_id, []).append(community.name)
    return render_template(
        "people/index.html",
        streets=find.streets(scopes),
        communities=communities,
        units=find.units(scopes).total,
        persons=find.persons(scopes).total,
        typed=find.count_typed_units() if allowed_everywhere(Permission.PEOPLE_MANAGE) else 0,
    )


@bp.get("/units")
@requires(Permission.STANDINGS_READ)
def units() -> str:
    words = _words()
    page = find.units(_scopes(), words=words, page=_page())
    return render_template("people/units.html", page=page, words=words)


def _words() -> str:
    return tidy_code(request.args.get("q", ""))[:80]


def _page() -> int:
    return request.args.get("page", 1, type=int)


# --- the workbook ----------------------------------------------------------------------------------------------------


@bp.get("/import")
@requires(Permission.PEOPLE_MANAGE)
def import_() -> str:
    _require_district()
    return _import_page(RegisterWorkbookForm())


@bp.post("/import")
@requires(Permission.PEOPLE_MANAGE)
def import_workbook() -> ResponseReturnValue:
    """First the workbook is checked and what it will change is shown; the second click does exactly that."""
    _require_district()
    form = RegisterWorkbookForm()
    try:
        data = form.data_given()
        if not form.shown.data:
            summary = people.check_people(data)
            form.keep(data, summary.digest)
            return _import_page(form, summary=summary, changes=list(map(_in_words, summary.changes[:CHANGES_SHOWN])))
        summary = people.import_people(data, actor=current_user.id, now=clock(), shown=form.shown.data)
    except Mistakes as refusal:
        return _not_imported(list(refusal.facts["problems"]), refusal.reason)
    except NotReadable as refusal:
        return _not_imported([sentence_of(refusal)], refusal.reason)
    except Unreadable as unreadable:
        return _not_imported([unreadable.message], "not_readable")
    flash(f"已导入：{counts_in_words(summary)}。", "success")
    return redirect(url_for(".index"), 303)


def _not_imported(problems: list[str], reason: str) -> ResponseReturnValue:
    if wants_json():
        return answer(422, reason, "；".join(problems))
    return _import_page(RegisterWorkbookForm(formdata=None), problems=problems, reason=reason), 422


def _import_page(form: RegisterWorkbookForm, **more: Any) -> str:
    return render_template("people/import.html", form=form, counts=counts_in_words, **more)


def counts_in_words(summary: Summary) -> str:
    """街道新增 2 个、更新 1 个；单位没有变化"""
    said = []
    for sheet in summary.rows:
        added, changed = summary.added(sheet), summary.changed(sheet)
        parts = [f"新增 {added} 个"] * (added > 0) + [f"更新 {changed} 个"] * (changed > 0)
        said.append(sheet + ("、".join(parts) or "没有变化"))
    return "；".join(said)


def _in_words(change: Change) -> dict[str, str]:
    """What one place was and will be."""
    after, before = change.after, change.before
    parts = [
        ("名称", before and before.name, after.name),
        ("类别", before and before.unit_class, after.unit_class),
        ("街道编码", before and before.street, after.street),
        ("应参加人数", before and before.headcount, after.headcount),
    ]
    said = [
        f"{label} {old if old not in ('', None) else '无'} → {new if new != '' else '无'}"
        for label, old, new in parts
        if before and old != new
    ]
    return {"sheet": change.sheet, "code": after.code, "name": after.name, "what": "，".join(said) or "新增"}


# --- units as typed --------------------------------------------------------------------------------------------------


@bp.get("/typed-units")
@requires(Permission.PEOPLE_MANAGE)
def typed_units() -> str:
    _require_district()
    return _typed_page()


@bp.post("/typed-units")
@requires(Permission.PEOPLE_MANAGE)
def map_typed_unit() -> ResponseReturnValue:
    """归到…: once more the page, with what is to be mended, where the unit is not clear."""
    _require_district()
    form = TypedUnitForm()
    found = form.found()
    if found.complaint:
        return _typed_page(form, offered=found.offered), 422
    unit = find.unit_by_code(found.code)
    assert unit
    moved = people.map_typed_unit(tidy_code(form.unit_name.data or ""), unit.id, actor=current_user.id, now=clock())
    flash(f"“{form.unit_name.data}”已归到{unit.name}：{moved.persons} 人，{moved.entries} 份参赛资格。", "success")
    return redirect(url_for(".typed_units"), 303)


def _typed_page(asked: TypedUnitForm | None = None, **more: Any) -> str:
    """A form for each name; that which was sent comes back with its complaint."""
    rows = [
        (typed, asked if asked and asked.unit_name.data == typed.name else _empty_form(typed.name))
        for typed in find.typed_units()
    ]
    reason = "mistakes" if asked else None
    return render_template("people/typed_units.html", rows=rows, asked=asked, reason=reason, **more)


def _empty_form(name: str) -> TypedUnitForm:
    return TypedUnitForm(formdata=None, data={"unit_name": name})


# --- participants ----------------------------------------------------------------------------------------------------


@bp.get("/participants")
@requires(Permission.STANDINGS_READ)
def participants() -> str:
    words = _words()
    page = find.persons(_scopes(), words=words, page=_page(), by_phone=allowed(Permission.PEOPLE_MANAGE))
    return render_template("people/participants.html", page=page, words=words)


@bp.get("/participants/<int:person_id>")
@requires(Permission.PEOPLE_MANAGE)
def participant(person_id: int) -> str:
    person = _participant(person_id)
    return render_template("people/participant.html", person=person, entries=find.entries_of(person.id))


@bp.post("/participants/<int:person_id>/reset")
@requires(Permission.PEOPLE_MANAGE)
def reset_password(person_id: int) -> str:
    """重设口令: the link is shown this once."""
    person = _participant(person_id)
    token = accounts.reset_password(person.id, actor=current_user.id, now=clock())
    link = current_app.extensions["settings"].public_url + url_for("accounts.link", token=token)
    return render_template("people/reset.html", person=person, link=link)


@bp.post("/participants/<int:person_id>/forget")
@requires(Permission.PEOPLE_MANAGE)
def forget(person_id: int) -> ResponseReturnValue:
    """删除个人信息, asked for by the person: it cannot be undone, so the page wants it said twice."""
    person = _participant(person_id)
    if request.form.get("sure") != "1":
        raise Mistakes(problems=["请先勾选“已核对是本人要求”，再点“删除个人信息”。"])
    forgetting.forget_person(person.id, actor=current_user.id, now=clock())
    flash("个人信息已删除，榜单上只留下打了星号的名字。", "success")
    return redirect(url_for(".participants"), 303)


def _participant(person_id: int) -> Person:
    """A participant inside the own scope."""
    person = find.participant(person_id, scopes_of(current_user, Permission.PEOPLE_MANAGE))
    if person is None:
        raise NotFound
    return person
