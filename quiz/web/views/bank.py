"""Bring questions in, look at them, mend them."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from question_bank import queries
from question_bank.check import FoundQuestion, Report, RowProblem
from question_bank.content import QuestionContent
from question_bank.kinds import QuestionKind
from question_bank.models import Bank, ImportBatch, Question
from question_bank.writing import bank_workbook, blank_workbook
from quiz.clock import clock
from quiz.errors import Mistakes, NotFound, NotReadable
from quiz.queries import bank as find
from quiz.queries.likeness import alike_in_file, is_quick
from quiz.rules.permissions import Permission
from quiz.services import bank as acts
from quiz.web.access import allowed, requires
from quiz.web.forms.bank import FilterForm, QuestionForm, UploadForm
from quiz.web.forms.contests import offered, tidy
from quiz.web.side_by_side import shown_pairs

bp = Blueprint("bank", __name__, url_prefix="/console/bank")

SAMPLES = 5
PROBLEMS_SHOWN = 200
ALIKE_SHOWN = 3
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


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
    page = _page_number()
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


@bp.get("/<int:bank_id>/export.xlsx")
@requires(Permission.BANK_READ)
def export(bank_id: int) -> ResponseReturnValue:
    """The bank as a workbook that imports again unchanged."""
    bank = _bank(bank_id)
    contents = [version.content for version in queries.live_versions(bank.id)]
    return _workbook(bank_workbook(contents), f"{bank.name}.xlsx")


@bp.get("/blank.xlsx")
@requires(Permission.BANK_READ)
def blank() -> ResponseReturnValue:
    """空白导入模板."""
    return _workbook(blank_workbook(), "空白导入模板.xlsx")


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
        authors=_authors([version.author for version in found.versions]),
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


# --- imports ---------------------------------------------------------------------------------------------------------


@bp.route("/upload", methods=["GET", "POST"])
@requires(Permission.BANK_IMPORT)
def upload() -> ResponseReturnValue:
    """Choose a file; the next page shows what it holds, and takes nothing yet."""
    form = UploadForm(data={"bank": request.args.get("bank", "")})
    messages: list[str] = []
    if form.validate_on_submit():
        data, filename = form.file.data.read(), _filename(form.file.data.filename)
        try:
            batch, report = acts.check_upload(data, filename, form.bank.data, actor_id=current_user.id, now=clock())
        except NotReadable as refusal:
            messages = [refusal.facts["message"]]
        except Mistakes as mistakes:
            messages = list(mistakes.facts["problems"])
        else:
            if report.total:
                return redirect(url_for(".batch", batch_id=batch.id), 303)
            acts.discard(batch.id)
            messages = [f"{place_of(problem)}：{problem.message}" for problem in report.problems[:PROBLEMS_SHOWN]]
    status = 422 if form.errors or messages else 200
    return render_template("bank/upload.html", form=form, messages=messages, banks=queries.banks()), status


def _filename(sent: str | None) -> str:
    """The file's own name: old browsers send the whole path."""
    name = (sent or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[-200:] or "文件"


@bp.get("/imports")
@requires(Permission.BANK_READ)
def imports() -> str:
    found = find.imports(page=_page_number())
    authors = _authors([batch.author for batch in found.batches])
    return render_template("bank/imports.html", found=found, authors=authors)


@bp.get("/imports/<int:batch_id>")
@requires(Permission.BANK_READ)
def batch(batch_id: int) -> str:
    """Before the import: what it will do. After it: what it did."""
    found = _batch(batch_id)
    may_import = allowed(Permission.BANK_IMPORT)
    if found.imported_at is not None:
        return render_template(
            "bank/imported.html", batch=found, authors=_authors([found.author]), may_import=may_import
        )
    report = acts.report_of(found)
    return render_template(
        "bank/check.html", batch=found, may_import=may_import, **_checked(report), **_alike(report, found.bank_name)
    )


def _alike(report: Report, bank_name: str) -> dict[str, Any]:
    """The likest pairs of a small file; of a large one they are looked for on a page of their own."""
    if not is_quick(report, bank_name):
        return {"alike": None}
    alike = alike_in_file(report, bank_name)
    return {"alike": alike.likeness, "alike_pairs": shown_pairs(alike, alike.likeness.pairs[:ALIKE_SHOWN])}


def _checked(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "by_kind": {QuestionKind(kind).label: count for kind, count in report.counts.items() if count},
        "by_domain": sorted(report.counts_by_domain.items(), key=lambda pair: -pair[1]),
        "problem_rows": len({(problem.sheet, problem.row) for problem in report.problems}),
        "problems": report.problems[:PROBLEMS_SHOWN],
        "warnings": report.warnings[:PROBLEMS_SHOWN],
        "samples": samples(report.questions),
        "place_of": place_of,
        "key_in_words": key_in_words,
    }


def samples(questions: Sequence[FoundQuestion]) -> list[FoundQuestion]:
    """Five questions spread over the file: enough to see that columns were understood."""
    if len(questions) <= SAMPLES:
        return list(questions)
    return [questions[number * (len(questions) - 1) // (SAMPLES - 1)] for number in range(SAMPLES)]


def place_of(problem: RowProblem) -> str:
    """单选 第 37 行"""
    row = f"第 {problem.row} 行" if problem.row else ""
    return " ".join(filter(None, [problem.sheet, row])) or "整个文件"


@bp.get("/imports/<int:batch_id>/problems.xlsx")
@requires(Permission.BANK_IMPORT)
def problems(batch_id: int) -> ResponseReturnValue:
    """What cannot be taken, or was not, to mend and upload again."""
    found = _batch(batch_id)
    return _workbook(acts.rest_of(found), f"没有导入的题-{found.filename.rpartition('.')[0]}.xlsx")


@bp.post("/imports/<int:batch_id>/take")
@requires(Permission.BANK_IMPORT)
def take(batch_id: int) -> ResponseReturnValue:
    """导入: exactly what the check page showed."""
    skip = request.form.get("skip_problems") == "1"
    acts.take(batch_id, skip_problems=skip, actor_id=current_user.id, now=clock())
    return redirect(url_for(".batch", batch_id=batch_id), 303)


@bp.post("/imports/<int:batch_id>/discard")
@requires(Permission.BANK_IMPORT)
def discard(batch_id: int) -> ResponseReturnValue:
    acts.discard(batch_id)
    flash("已放弃，什么都没有导入。", "message")
    return redirect(url_for(".index"), 303)


@bp.post("/imports/<int:batch_id>/undo")
@requires(Permission.BANK_IMPORT)
def undo(batch_id: int) -> ResponseReturnValue:
    gone = acts.undo(batch_id, actor_id=current_user.id, now=clock())
    flash(f"已撤销，{gone} 道试题已从题库移出。", "success")
    return redirect(url_for(".batch", batch_id=batch_id), 303)


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


def _batch(batch_id: int) -> ImportBatch:
    found = queries.batch_of(batch_id)
    if found is None:
        raise NotFound
    return found


def _authors(notes: Sequence[str]) -> dict[str, str]:
    """Who stands behind the notes that a bank keeps of its authors."""
    ids = {note: int(note[7:]) for note in notes if note.startswith("person:") and note[7:].isdecimal()}
    names = find.names_of(ids.values())
    return {note: names.get(ids.get(note, 0), "命令行" if note not in ids else "已注销") for note in notes}


def _page_number() -> int:
    number = request.args.get("page", "1")
    return max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1


def _workbook(data: bytes, name: str) -> ResponseReturnValue:
    return send_file(BytesIO(data), mimetype=WORKBOOK, as_attachment=True, download_name=name, max_age=0)
