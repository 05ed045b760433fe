"""Bring a file in: upload, see how it was understood, correct that, import, undo. The rest of ``bank``'s pages."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from question_bank import queries
from question_bank.check import Choices, FoundQuestion, Report, RowProblem
from question_bank.kinds import QuestionKind
from question_bank.models import ImportBatch
from question_bank.pictures import PictureFile
from question_bank.rest import name_of_rest
from quiz.clock import clock
from quiz.errors import Mistakes, NotFound, NotReadable
from quiz.queries import bank as find
from quiz.queries.keeping import Kept, kept
from quiz.queries.likeness import alike_in_file, is_quick
from quiz.rules.permissions import Permission
from quiz.services import bank as acts
from quiz.services.progress import Told, work_at
from quiz.web.access import allowed, require_all_domains, requires
from quiz.web.forms.bank import UploadForm
from quiz.web.forms.understanding import (
    SheetBlocks,
    corrected,
    mistakes_in,
    sheets_posted,
    sheets_shown,
    with_hidden_rows,
)
from quiz.web.paging import page_number
from quiz.web.pictures import pictures_at
from quiz.web.reasons import reasons_of
from quiz.web.replies import wants_json
from quiz.web.side_by_side import shown_pairs
from quiz.web.views.bank import authors_of, bp, key_in_words, workbook

__all__ = ["bp"]

SAMPLES = 5
PICTURED_SAMPLES = 5
PROBLEMS_SHOWN = 200
ALIKE_SHOWN = 3


@bp.route("/upload", methods=["GET", "POST"])
@requires(Permission.BANK_IMPORT)
def upload() -> ResponseReturnValue:
    """Choose a file; the next page shows what it holds, and takes nothing yet."""
    form = UploadForm(data={"bank": request.args.get("bank", "")})
    messages: list[str] = []
    if form.validate_on_submit():
        data, filename = form.file.data.read(), _filename(form.file.data.filename)
        told, actor_id = Told(request.form.get("progress", ""), clock), current_user.id
        told.begin("读取文件")
        told.stage = "检查试题"
        try:
            batch, report = acts.check_upload(
                data, filename, form.bank.data, actor_id=actor_id, now=clock(), progress=told
            )
        except NotReadable as refusal:
            messages = [refusal.facts["message"]]
        except Mistakes as mistakes:
            messages = list(mistakes.facts["problems"])
        else:
            if report.total or report.may_be_corrected:
                return _gone_on(url_for(".batch", batch_id=batch.id))
            acts.discard(batch.id)
            messages = [f"{place_of(problem)}：{problem.message}" for problem in report.problems[:PROBLEMS_SHOWN]]
        finally:
            told.end()
    status = 422 if form.errors or messages else 200
    token = secrets.token_hex(16)
    return render_template(
        "bank/upload.html", form=form, messages=messages, banks=queries.banks(), progress=token
    ), status


def _gone_on(url: str) -> ResponseReturnValue:
    """To the next page; a script that sent the form is told where that is."""
    return jsonify({"next": url}) if wants_json() else redirect(url, 303)


@bp.get("/progress/<token>")
@requires(Permission.BANK_IMPORT)
def progress(token: str) -> ResponseReturnValue:
    """How far the work that a page waits for has come; ``stage`` is null before it began and after its end."""
    work = work_at(token)
    found = {"stage": work.stage, "done": work.done, "total": work.total} if work else {"stage": None}
    return jsonify(found), 200, {"Cache-Control": "no-store"}


def _filename(sent: str | None) -> str:
    """The file's own name: old browsers send the whole path."""
    name = (sent or "").replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in name if c.isprintable())[-200:] or "文件"


@bp.get("/imports")
@requires(Permission.BANK_READ)
def imports() -> str:
    require_all_domains()
    found = find.imports(page=page_number())
    authors = authors_of([batch.author for batch in found.batches])
    return render_template("bank/imports.html", found=found, authors=authors)


@bp.get("/imports/<int:batch_id>")
@requires(Permission.BANK_READ)
def batch(batch_id: int) -> str:
    """Before the import: what it will do. After it: what it did."""
    require_all_domains()
    found = _batch(batch_id)
    if found.imported_at is not None:
        authors = authors_of([found.author])
        return render_template(
            "bank/imported.html", batch=found, authors=authors, may_import=allowed(Permission.BANK_IMPORT)
        )
    report = acts.report_of(found)
    return _check_page(found, report, sheets_shown(report, Choices.from_json(found.choices)))


def _check_page(found: ImportBatch, report: Report, sheets: Sequence[SheetBlocks], messages: Sequence[str] = ()) -> str:
    shown = samples(report.questions)
    return render_template(
        "bank/check.html",
        batch=found,
        report=report,
        sheets=sheets,
        messages=messages,
        may_import=allowed(Permission.BANK_IMPORT),
        hidden_rows=sum(len(sheet.rows_hidden) for sheet in sheets if sheet.read and not sheet.hidden_rows),
        by_kind={QuestionKind(kind).label: count for kind, count in report.counts.items() if count},
        by_domain=sorted(report.counts_by_domain.items(), key=lambda pair: -pair[1]),
        by_difficulty=sorted(report.counts_by_difficulty.items(), key=lambda pair: -pair[1]),
        problem_rows=len({(problem.sheet, problem.row) for problem in report.problems if problem.row}),
        problems=reasons_of(report.problems),
        warnings=reasons_of(report.warnings),
        samples=shown,
        pictures_at=_pictures_of(found, report),
        place_of=place_of,
        key_in_words=key_in_words,
        progress=secrets.token_hex(16),
        **_alike(report, found.bank_name),
    )


def _alike(report: Report, bank_name: str) -> dict[str, Any]:
    """The likest pairs of a small file; of a large one they are looked for on a page of their own."""
    if not is_quick(report, bank_name):
        return {"alike": None}
    alike = alike_in_file(report, bank_name)
    return {"alike": alike.likeness, "alike_pairs": shown_pairs(alike, alike.likeness.pairs[:ALIKE_SHOWN])}


@bp.post("/imports/<int:batch_id>/recheck")
@requires(Permission.BANK_IMPORT)
def recheck(batch_id: int) -> ResponseReturnValue:
    """按这样重新检查: the file as the organiser says it is to be read. Nothing is imported."""
    found = _batch(batch_id)
    report, choices = acts.report_of(found), Choices.from_json(found.choices)
    shown = sheets_shown(report, choices)
    posted = sheets_posted(shown, request.form)
    wish = request.form.get("wish")
    if wish == "anew":
        choices = Choices()
    elif wish == "hidden_rows":
        choices = with_hidden_rows(shown, choices)
    elif messages := mistakes_in(shown, posted, request.form):
        return _check_page(found, report, posted, messages), 422
    else:
        choices = corrected(shown, posted, choices)
    acts.recheck(batch_id, choices, seen=request.form.get("seen", ""), now=clock())
    flash("已按您的选择重新检查，还没有导入。", "success")
    return redirect(url_for(".batch", batch_id=batch_id), 303)


def samples(questions: Sequence[FoundQuestion]) -> list[FoundQuestion]:
    """Five questions spread over the file: enough to see that columns were understood; and some that have pictures."""
    if len(questions) <= SAMPLES:
        return list(questions)
    places = {number * (len(questions) - 1) // (SAMPLES - 1) for number in range(SAMPLES)}
    pictured = [place for place, question in enumerate(questions) if question.content.pictures]
    return [questions[place] for place in sorted(places | set(pictured[:PICTURED_SAMPLES]))]


# --- pictures of what is not imported yet ----------------------------------------------------------------------------

Pictures = dict[str, PictureFile]
BATCHES_KEPT = 4


def pictures_of_batch(batch_id: int) -> Pictures:
    """Those of the samples that the check page shows, by their SHA-256: kept for a while, since reading takes long."""
    found = _batch(batch_id)
    read = _store().get((batch_id, found.report_digest), lambda: _of_samples(acts.report_of(found)))
    return read or {}


def _store() -> Kept[Pictures]:
    return kept("pictures of imports", BATCHES_KEPT)


def _of_samples(report: Report) -> Pictures:
    shown = {sha256 for question in samples(report.questions) for _, sha256 in question.content.pictures}
    return {sha256: picture for sha256, picture in report.pictures.items() if sha256 in shown}


def _pictures_of(batch: ImportBatch, report: Report) -> Callable[..., Any]:
    """What gives a sample's pictures to the page."""
    pictures = _store().get((batch.id, batch.report_digest), lambda: _of_samples(report)) if report.pictures else {}
    sizes = {sha256: (picture.width, picture.height) for sha256, picture in (pictures or {}).items()}

    def url_of(sha256: str) -> str:
        return url_for("pictures.of_import", batch_id=batch.id, sha256=sha256)

    return lambda content, place: pictures_at(content, place, url_of, sizes)


def place_of(problem: RowProblem) -> str:
    """单选 第 37 行"""
    row = f"第 {problem.row} 行" if problem.row else ""
    return " ".join(filter(None, [problem.sheet, row])) or "整个文件"


@bp.get("/imports/<int:batch_id>/problems.xlsx")
@requires(Permission.BANK_IMPORT)
def problems(batch_id: int) -> ResponseReturnValue:
    """What cannot be taken, or was not, to mend and upload again."""
    found = _batch(batch_id)
    return workbook(acts.rest_of(found), name_of_rest(found.filename))


@bp.post("/imports/<int:batch_id>/take")
@requires(Permission.BANK_IMPORT)
def take(batch_id: int) -> ResponseReturnValue:
    """导入: exactly what the check page showed."""
    skip = request.form.get("skip_problems") == "1"
    seen = request.form.get("seen", "")
    told, actor_id = Told(request.form.get("progress", ""), clock), current_user.id
    told.begin("写入题库")
    try:
        acts.take(batch_id, skip_problems=skip, actor_id=actor_id, now=clock(), seen=seen)
    finally:
        told.end()
    return _gone_on(url_for(".batch", batch_id=batch_id))


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


def _batch(batch_id: int) -> ImportBatch:
    found = queries.batch_of(batch_id)
    if found is None:
        raise NotFound
    return found
