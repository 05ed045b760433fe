"""Bring questions in, look at them, mend them."""

from collections.abc import Sequence
from dataclasses import asdict
from io import BytesIO
from itertools import pairwise
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from question_bank import queries
from question_bank.content import QuestionContent, letter
from question_bank.database import db
from question_bank.exporting import Format, exported, format_of
from question_bank.kinds import QuestionKind
from question_bank.models import Bank, Question
from question_bank.pictures import PictureFile
from question_bank.tags import tags_in
from question_bank.writing import blank_workbook
from quiz.clock import clock
from quiz.errors import Mistakes, NotFound
from quiz.queries import bank as find
from quiz.queries.contests import versions_in_pools
from quiz.queries.items import uses_of
from quiz.rules.items import together
from quiz.rules.permissions import Permission
from quiz.services import bank as acts
from quiz.services.practice import open_bank
from quiz.web.access import allowed, allowed_everywhere, domains_of, lies_within, require_all_domains, requires
from quiz.web.changes import changes
from quiz.web.forms.bank import FilterForm, QuestionForm, ReviewForm, TagsForm
from quiz.web.forms.typed import offered, tidy
from quiz.web.paging import page_number
from quiz.web.pictures import bank_pictures
from quiz.web.views.items import figures_in_words

bp = Blueprint("bank", __name__, url_prefix="/console/bank")


# --- banks and their questions ---------------------------------------------------------------------------------------


@bp.get("")
@requires(Permission.BANK_READ)
def index() -> str:
    within = domains_of(current_user)
    banks = [(bank, sum(_counts(bank.id, within).values())) for bank in queries.banks()]
    return render_template(
        "bank/index.html",
        banks=banks,
        may_import=allowed(Permission.BANK_IMPORT),
        may_review=allowed(Permission.BANK_REVIEW),
        sees_all=not within,
    )


def _counts(bank_id: int, within: tuple[str, ...]) -> dict[tuple[str, str, str], int]:
    counts = queries.counts(bank_id).items()
    return {(kind, domain, level): n for (kind, domain, level), n in counts if lies_within(domain, within)}


@bp.get("/<int:bank_id>")
@requires(Permission.BANK_READ)
def browse(bank_id: int) -> ResponseReturnValue:
    """The questions of a bank by whatever is said of them, a page at a time."""
    bank, within = _bank(bank_id), domains_of(current_user)
    counts = _counts(bank.id, within)
    form = _filters(bank, counts)
    wanted = form.wanted()
    found = queries.questions_page(
        bank.id,
        wanted,
        today=clock().date(),
        used=lambda: versions_in_pools(db.session()),
        within=within,
        page=page_number(),
    )
    asked = {name: value for name, value in asdict(wanted).items() if value and value != queries.LIVE}
    return render_template(
        "bank/browse.html",
        bank=bank,
        form=form,
        found=found,
        by_kind=_by_kind(counts),
        args={"bank_id": bank.id, **asked},
        may_import=allowed(Permission.BANK_IMPORT),
        is_narrow=bool(set(asked) - {"kind", "domain", "words"}),
        sees_all=not within,
        progress=_progress(bank.id) if allowed(Permission.BANK_IMPORT) else [],
        key_in_words=key_in_words,
        kind_label=lambda kind: QuestionKind(kind).label,
    )


def _filters(bank: Bank, counts: dict[tuple[str, str, str], int]) -> FilterForm:
    form = FilterForm(request.args)
    paths = {domain for _kind, domain, _level in counts if domain}
    firsts = {path.partition("/")[0] for path in paths}
    levels = sorted({level for _kind, _domain, level in counts if level})
    form.domain.choices = offered({"": "全部领域", **{path: path for path in sorted(paths | firsts)}})
    form.difficulty.choices = offered({"": "不限", **{level: level for level in levels}})
    form.tag.choices = offered({"": "不限", **{tag: tag for tag in queries.tags_in(bank.id)}})
    return form


def _progress(bank_id: int) -> list[tuple[str, int, int, int]]:
    """Of each domain: its name, and how many of its questions are reviewed, waiting, sent back."""
    found = queries.review_progress(bank_id)
    states = (queries.REVIEWED, queries.DRAFTED, queries.SENT_BACK)
    firsts = sorted({domain.partition("/")[0] for domain, _state in found})
    rows = []
    for first in firsts:
        counted = [
            sum(n for (domain, each), n in found.items() if domain.partition("/")[0] == first and each == state)
            for state in states
        ]
        rows.append((first, *counted))
    return rows  # type: ignore[return-value]  # three states make three counts


def _by_kind(counts: dict[tuple[str, str, str], int]) -> dict[str, int]:
    totals = {kind: sum(n for (each, _d, _l), n in counts.items() if each == kind) for kind in QuestionKind}
    return {kind.label: total for kind, total in totals.items() if total}


@bp.get("/<int:bank_id>/export.<any(xlsx, gift, zip):ending>")
@requires(Permission.BANK_READ)
def export(bank_id: int, ending: str) -> ResponseReturnValue:
    """The bank as a file that imports again unchanged; what its format cannot carry is said on the next page."""
    require_all_domains()
    bank = _bank(bank_id)
    form = format_of(f".{ending}") or Format.WORKBOOK
    versions, tagged = queries.live_versions(bank.id), queries.tags_of_each(bank.id)
    contents, tags = [each.content for each in versions], [tagged.get(each.question_id, []) for each in versions]
    written = exported(contents, form, queries.pictures_of(contents), tags)
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
    """One question with every version it ever had, and what was said of each."""
    return _question_page(_question(question_id))


def _question_page(found: Question, messages: Sequence[str] = ()) -> str:
    versions = list(reversed(found.versions))
    reviews = queries.reviews_of(version.id for version in versions)
    notes = [*(version.author for version in versions), *(r.reviewer for each in reviews.values() for r in each)]
    tags = queries.tags_of(found.id)
    return render_template(
        "bank/question.html",
        question=found,
        bank=_bank(found.bank_id),
        versions=versions,
        reviews=reviews,
        authors=authors_of(notes),
        tags=tags,
        tags_form=TagsForm(data={"tags": "，".join(tags)}),
        review_form=ReviewForm(formdata=None),
        messages=messages,
        key_in_words=key_in_words,
        changes={new.id: changes(old.content, new.content) for old, new in pairwise(found.versions)},
        uses=_uses(found) if allowed_everywhere(Permission.STANDINGS_READ) else [],
        may_import=allowed(Permission.BANK_IMPORT),
        may_review=allowed(Permission.BANK_REVIEW),
    )


def _uses(found: Question) -> list[dict[str, Any]]:
    """用过的情况: a row for each contest and version, and one for all together where there are several."""
    uses = uses_of(found)
    rows = [
        {"contest": contest, "number": version.number, "attempts": each.attempts, **figures_in_words(each)}
        for contest, version, each in uses
    ]
    if len(uses) > 1:
        all_of_them = together([each for _contest, _version, each in uses])
        rows.append({"contest": None, "attempts": all_of_them.attempts, **figures_in_words(all_of_them)})
    return rows


@bp.route("/questions/<int:question_id>/revise", methods=["GET", "POST"])
@requires(Permission.BANK_IMPORT)
def revise(question_id: int) -> ResponseReturnValue:
    """Add a version; papers that showed an earlier one keep it."""
    found = _question(question_id)
    if found.retired_at is not None:
        raise NotFound
    kind, shown = QuestionKind(found.current.kind), found.current.content
    form = QuestionForm.showing(shown)
    form.offer_places(kind)
    messages: list[str] = []
    if form.validate_on_submit():
        content, messages, pictures = form.content(kind, _pictures_kept(shown))
        if content is not None:
            try:
                acts.revise(question_id, content, actor_id=current_user.id, now=clock(), pictures=pictures)
            except Mistakes as mistakes:
                messages = list(mistakes.facts["problems"])
            else:
                flash("试题已保存。已发布的竞赛仍用原来的版本。", "success")
                return redirect(url_for(".question", question_id=question_id), 303)
    status = 422 if form.errors or messages else 200
    page = render_template(
        "bank/revise.html", question=found, form=form, kind=kind, messages=messages, pictures=_pictures_to_keep(shown)
    )
    return page, status


def _pictures_kept(content: QuestionContent) -> list[tuple[int, PictureFile]]:
    """The pictures of a question, less those that the form takes out, by place and name."""
    removed, files = set(request.form.getlist("remove_picture")), queries.pictures_of([content])
    return [(at, files[name]) for at, name in content.pictures if f"{at}:{name}" not in removed and name in files]


def _pictures_to_keep(content: QuestionContent) -> list[tuple[str, str, dict[str, object]]]:
    """Each picture of a question with its place in words, and what the form calls it."""
    shown = []
    for place in sorted({place for place, _ in content.pictures}):
        names = [name for at, name in content.pictures if at == place]
        where = f"选项 {letter(place)} 的图" if place else "题干的图"
        pictures = zip(names, bank_pictures(content, place), strict=True)
        shown += [(where, f"{place}:{name}", picture) for name, picture in pictures]
    return shown


@bp.post("/questions/<int:question_id>/retire")
@requires(Permission.BANK_IMPORT)
def retire(question_id: int) -> ResponseReturnValue:
    acts.retire(question_id, actor_id=current_user.id, now=clock())
    flash("试题已停用，以后的竞赛不再抽到它。", "success")
    return redirect(url_for(".question", question_id=question_id), 303)


@bp.post("/questions/<int:question_id>/bring-back")
@requires(Permission.BANK_IMPORT)
def bring_back(question_id: int) -> ResponseReturnValue:
    found = _question(question_id)
    try:
        acts.bring_back(question_id, actor_id=current_user.id, now=clock())
    except Mistakes as mistakes:
        return _question_page(found, list(mistakes.facts["problems"])), 422
    flash("试题已恢复使用，以后的竞赛可以抽到它。", "success")
    return redirect(url_for(".question", question_id=question_id), 303)


@bp.post("/questions/<int:question_id>/tags")
@requires(Permission.BANK_IMPORT)
def tag(question_id: int) -> ResponseReturnValue:
    found, form = _question(question_id), TagsForm()
    if not form.validate_on_submit():
        return _question_page(found, ["标签太长了。请写短一些，用逗号隔开。"]), 422
    acts.tag(question_id, tags_in(form.tags.data or ""), actor_id=current_user.id, now=clock())
    flash("标签已保存。", "success")
    return redirect(url_for(".question", question_id=question_id), 303)


@bp.post("/<int:bank_id>/tags")
@requires(Permission.BANK_IMPORT)
def tag_several(bank_id: int) -> ResponseReturnValue:
    """Give the questions ticked on the page a tag, or take it from them; then the same page again."""
    require_all_domains()
    bank = _bank(bank_id)
    ids = [int(each) for each in request.form.getlist("questions") if each.isdecimal() and len(each) < 10]
    is_added = request.form.get("go") != "remove"
    word = tidy(request.form.get("tag"))
    changed = acts.tag_several(bank.id, ids, word, is_added=is_added, actor_id=current_user.id, now=clock())
    flash(f"已给 {changed} 道题加上标签。" if is_added else f"已从 {changed} 道题去掉标签。", "success")
    again: dict[str, Any] = request.args.to_dict()
    return redirect(url_for(".browse", **{**again, "bank_id": bank.id}), 303)


@bp.post("/<int:bank_id>/practice")
@requires(Permission.BANK_IMPORT)
def practice(bank_id: int) -> ResponseReturnValue:
    """Open the bank for practice, or close it."""
    require_all_domains()
    is_open = request.form.get("go") == "open"
    open_bank(bank_id, is_open=is_open, actor_id=current_user.id, now=clock())
    flash("题库已开放练习。" if is_open else "题库不再开放练习。", "success")
    return redirect(url_for(".browse", bank_id=bank_id), 303)


# --- review ----------------------------------------------------------------------------------------------------------


@bp.get("/review")
@requires(Permission.BANK_REVIEW)
def review_queue() -> str:
    """待审: one question after the other, of the reviewer's own domain."""
    after = request.args.get("after", "0")
    start = int(after) if after.isdecimal() and len(after) < 10 else 0
    version, waiting = queries.next_to_review(domains_of(current_user), after=start)
    return render_template(
        "bank/review.html",
        version=version,
        waiting=waiting,
        is_past_some=start > 0,
        form=ReviewForm(formdata=None),
        author=authors_of([version.author])[version.author] if version else "",
        is_own=version is not None and version.author == acts.author_of(current_user.id),
        key_in_words=key_in_words,
    )


@bp.post("/questions/<int:question_id>/review")
@requires(Permission.BANK_REVIEW)
def review(question_id: int) -> ResponseReturnValue:
    """通过 or 退回; to send a question back one says why."""
    found, form = _question(question_id), ReviewForm()
    state, version = request.form.get("state", ""), found.current
    problems: list[str] = []
    if state not in (queries.REVIEWED, queries.SENT_BACK):
        problems = ["请选“通过”或“退回”。"]
    elif not form.validate_on_submit():
        problems = ["审题意见最多 300 个字。"]
    elif state == queries.SENT_BACK and not form.note.data:
        problems = ["退回时请写明哪里要改。"]
    if problems:
        return _question_page(found, problems), 422
    try:
        acts.review(question_id, state, note=form.note.data or "", actor_id=current_user.id, now=clock())
    except Mistakes as mistakes:
        return _question_page(found, list(mistakes.facts["problems"])), 422
    flash("已通过。" if state == queries.REVIEWED else "已退回。", "success")
    return redirect(url_for(".review_queue", after=version.id), 303)


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
    """The question, if it lies in a domain that the person may see."""
    found = find.question_with_versions(question_id)
    if found is None or not lies_within(found.current.domain_path, domains_of(current_user)):
        raise NotFound
    return found


def authors_of(notes: Sequence[str]) -> dict[str, str]:
    """Who stands behind the notes that a bank keeps of its authors."""
    ids = {note: int(note[7:]) for note in notes if note.startswith("person:") and note[7:].isdecimal()}
    names = find.names_of(ids.values())
    return {note: names.get(ids.get(note, 0), "命令行" if note not in ids else "已注销") for note in notes}


def workbook(data: bytes, name: str) -> ResponseReturnValue:
    return download(data, name, Format.WORKBOOK.media_type)


def download(data: bytes, name: str, media_type: str) -> ResponseReturnValue:
    return send_file(BytesIO(data), mimetype=media_type, as_attachment=True, download_name=name, max_age=0)
