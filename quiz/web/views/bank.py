"""Bring questions in, look at them, mend them."""

from collections.abc import Sequence
from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from question_bank import queries
from question_bank.content import QuestionContent
from question_bank.exporting import Format, exported, format_of
from question_bank.kinds import QuestionKind
from question_bank.models import Bank, Question
from question_bank.writing import blank_workbook
from quiz.clock import clock
from quiz.errors import Mistakes, NotFound
from quiz.queries import bank as find
from quiz.rules.permissions import Permission
from quiz.services import bank as acts
from quiz.web.access import allowed, requires
from quiz.web.forms.bank import FilterForm, QuestionForm
from quiz.web.forms.typed import offered, tidy

bp = Blueprint("bank", __name__, url_prefix="/console/bank")


# --- banks and their questions ---------------------------------------------------------------------------------------


@bp.get("")
@requires(Permission.BANK_READ)
def index() -> str:
    banks = [(bank, sum(queries.counts(bank.id).values())) for bank in queries.banks()]
    return render_template("bank/index.html", banks=banks, may_import=allowed(Permission.BANK_IMPORT))


@bp.get("/<int:bank_id>")
@requires(Permission.BANK_READ)
def browse(bank_id: int) -> ResponseReturnValue:
    """The questions of a bank by kind, domain and words, a page at a time."""
    bank = _bank(bank_id)
    counts = queries.counts(bank.id)
    form = FilterForm(request.args)
    paths = {domain for _kind, domain, _difficulty in counts if domain}
    firsts = {path.partition("/")[0] for path in paths}
    form.domain.choices = offered({"": "全部领域", **{path: path for path in sorted(paths | firsts)}})
    wanted = {name: tidy(form[name].data) for name in ("kind", "domain", "words")}
    page = page_number()
    found = queries.questions_page(
        bank.id, kind=wanted["kind"], domain=wanted["domain"], words=wanted["words"], page=page
    )
    return render_template(
        "bank/browse.html",
        bank=bank,
        form=form,
        found=found,
        by_kind=_by_kind(counts),
        args={"bank_id": bank.id, **{name: value for name, value in wanted.items() if value}},
        key_in_words=key_in_words,
        kind_label=lambda kind: QuestionKind(kind).label,
    )


def _by_kind(counts: dict[tuple[str, str, str], int]) -> dict[str, int]:
    totals = {kind: sum(n for (each, _d, _l), n in counts.items() if each == kind) for kind in QuestionKind}
    return {kind.label: total for kind, total in totals.items() if total}


@bp.get("/<int:bank_id>/export.<any(xlsx, gift, zip):ending>")
@requires(Permission.BANK_READ)
def export(bank_id: int, ending: str) -> ResponseReturnValue:
    """The bank as a file that imports again unchanged; what its format cannot carry is said on the next page."""
    bank = _bank(bank_id)
    form = format_of(f".{ending}") or Format.WORKBOOK
    written = exported([version.content for version in queries.live_versions(bank.id)], form)
    for sentence in written.lost:
        flash(sentence, "warning")
    return download(written.data, f"{bank.name}.{ending}", form.media_type)


@bp.get("/blank.xlsx")
@requires(Permission.BANK_READ)
def blank() -> ResponseReturnValue:
    """空白导入模板."""
    return workbook(blank_workbook(), "空白导入模板.xlsx")


@bp.get("/questions/<int:question_id>")
@requires(Permission.BANK_READ)
def question(question_id: int) -> str:
    """One question with every version it ever had."""
    found = _question(question_id)
    return render_template(
        "bank/question.html",
        question=found,
        bank=_bank(found.bank_id),
        versions=list(reversed(found.versions)),
        authors=authors_of([version.author for version in found.versions]),
        key_in_words=key_in_words,
        may_import=allowed(Permission.BANK_IMPORT),
    )


@bp.route("/questions/<int:question_id>/revise", methods=["GET", "POST"])
@requires(Permission.BANK_IMPORT)
def revise(question_id: int) -> ResponseReturnValue:
    """Add a version; papers that showed an earlier one keep it."""
    found = _question(question_id)
    if found.retired_at is not None:
        raise NotFound
    kind = QuestionKind(found.current.kind)
    form = QuestionForm.showing(found.current.content)
    messages: list[str] = []
    if form.validate_on_submit():
        content, messages = form.content(kind)
        if content is not None:
            try:
                acts.revise(question_id, content, actor_id=current_user.id, now=clock())
            except Mistakes as mistakes:
                messages = list(mistakes.facts["problems"])
            else:
                flash("试题已保存。已发布的竞赛仍用原来的版本。", "success")
                return redirect(url_for(".question", question_id=question_id), 303)
    status = 422 if form.errors or messages else 200
    return render_template("bank/revise.html", question=found, form=form, kind=kind, messages=messages), status


@bp.post("/questions/<int:question_id>/retire")
@requires(Permission.BANK_IMPORT)
def retire(question_id: int) -> ResponseReturnValue:
    acts.retire(question_id, actor_id=current_user.id, now=clock())
    flash("试题已停用，以后的竞赛不再抽到它。", "success")
    return redirect(url_for(".question", question_id=question_id), 303)


def key_in_words(content: QuestionContent) -> str:
    """ABD; 对; 12315 或 一二三一五; the model answer."""
    if content.kind is QuestionKind.FILL_BLANK:
        return "；".join(" 或 ".join(texts) for texts in content.blanks)
    return "".join(str(part) for part in content.key_as_letters)


# --- shared ----------------------------------------------------------------------------------------------------------


def _bank(bank_id: int) -> Bank:
    bank = find.bank_by_id(bank_id)
    if bank is None:
        raise NotFound
    return bank


def _question(question_id: int) -> Question:
    found = find.question_with_versions(question_id)
    if found is None:
        raise NotFound
    return found


def authors_of(notes: Sequence[str]) -> dict[str, str]:
    """Who stands behind the notes that a bank keeps of its authors."""
    ids = {note: int(note[7:]) for note in notes if note.startswith("person:") and note[7:].isdecimal()}
    names = find.names_of(ids.values())
    return {note: names.get(ids.get(note, 0), "命令行" if note not in ids else "已注销") for note in notes}


def page_number() -> int:
    number = request.args.get("page", "1")
    return max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1


def workbook(data: bytes, name: str) -> ResponseReturnValue:
    return download(data, name, Format.WORKBOOK.media_type)


def download(data: bytes, name: str, media_type: str) -> ResponseReturnValue:
    return send_file(BytesIO(data), mimetype=media_type, as_attachment=True, download_name=name, max_age=0)
