"""证书: one's own as a page and as PDF, and the page where anybody checks one."""

import io
import secrets
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response

from question_bank.database import db
from quiz.clock import clock
from quiz.errors import NotFound
from quiz.models import Certificate, Contest, Entry
from quiz.queries import attempts as find_attempts
from quiz.queries import certificates as find
from quiz.rules.certificates import LENGTH, LETTERS, CertificateWords, shown, tidied
from quiz.rules.permissions import Permission
from quiz.services import certificates
from quiz.web.access import public, requires
from quiz.web.filters import day_in_words, points_in_words
from quiz.web.views.contests import visible_contest

bp = Blueprint("certificates", __name__)


# --- one's own -------------------------------------------------------------------------------------------------------


@bp.get("/contests/<slug>/certificate")
@requires(Permission.ATTEMPT_TAKE)
def show(slug: str) -> str:
    """The certificate to print; before it is taken, what it would be over."""
    contest, entry = _own_entry(slug)
    held = find.certificate_of_entry(entry.id)
    if held and not find.why_void_now(held):
        return render_template("certificates/show.html", contest=contest, words=_words(held, contest))
    mark = contest.terms.certificate_mark
    return render_template(
        "certificates/take.html",
        contest=contest,
        mark=mark,
        best=find.best_reaching(entry.id, mark),
        void=find.why_void_now(held) if held else "",
    )


@bp.post("/contests/<slug>/certificate")
@requires(Permission.ATTEMPT_TAKE)
def take(slug: str) -> Response:
    contest = visible_contest(slug)
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    certificates.issue(contest, current_user.id, code=code, now=clock())
    return redirect(url_for(".show", slug=slug), 303)


@bp.get("/contests/<slug>/certificate.pdf")
@requires(Permission.ATTEMPT_TAKE)
def pdf(slug: str) -> Response:
    contest, entry = _own_entry(slug)
    held = find.certificate_of_entry(entry.id)
    if held is None or find.why_void_now(held):
        raise NotFound
    from quiz.services.certificate_pdf import certificate_pdf  # what draws it takes a fifth of every start to load

    data = io.BytesIO(certificate_pdf(_words(held, contest)))
    return send_file(data, "application/pdf", as_attachment=True, download_name=f"证书 {shown(held.code)}.pdf")


def _own_entry(slug: str) -> tuple[Contest, Entry]:
    contest = visible_contest(slug)
    entry = find_attempts.entry_of(contest.id, current_user.id)
    if entry is None:
        raise NotFound
    return contest, entry


def _words(certificate: Certificate, contest: Contest) -> CertificateWords:
    settings = current_app.extensions["settings"]
    points = f"{points_in_words(certificate.score)} 分（满分 {points_in_words(certificate.full)} 分）"
    return CertificateWords(
        name=certificate.name or certificate.masked_name,
        text=f"在“{certificate.contest_title}”中取得 {points}，特发此证。",
        host=contest.terms.about.host or settings.site.host,
        day=_day(certificate, contest),
        check=f"校验码 {shown(certificate.code)}",
        address=f"查验：{settings.public_url}{url_for('.checked', code=certificate.code)}",
        issued_at=certificate.issued_at,
    )


def _day(certificate: Certificate, contest: Contest) -> str:
    return day_in_words(certificate.issued_at.astimezone(contest.terms.zone).date())


def way_to_certificate(contest: Contest, entry_id: int) -> dict[str, Any]:
    """Whether the person's pages lead to the certificate."""
    return {"has_certificate": find.best_reaching(entry_id, contest.terms.certificate_mark) is not None}


# --- anybody's -------------------------------------------------------------------------------------------------------


@bp.get("/verify")
@public
def verify() -> ResponseReturnValue:
    """A form for the code; with one it leads to the certificate's own address."""
    typed = request.args.get("code", "")
    if not typed:
        return render_template("certificates/verify.html", typed="")
    code = tidied(typed)
    return redirect(url_for(".checked", code=code), 303) if code else _unknown(typed)


@bp.get("/verify/<code>")
@public
def checked(code: str) -> ResponseReturnValue:
    """What the certificate says, with the name masked, and whether it holds."""
    found = find.certificate_by_code(tidied(code))
    if found is None:
        return _unknown(code)
    contest = db.session.get_one(Contest, found.contest_id)
    return render_template(
        "certificates/checked.html",
        certificate=found,
        code=shown(found.code),
        day=_day(found, contest),
        void=find.why_void_now(found),
    )


def _unknown(typed: str) -> ResponseReturnValue:
    return render_template("certificates/verify.html", typed=typed[:40], is_unknown=True), 404
