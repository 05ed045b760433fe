"""The first page, help, and what is done with personal data."""

from flask import Blueprint, render_template

from quiz.web.access import public

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def index() -> str:
    return render_template("home/index.html")


@bp.get("/help")
@public
def help() -> str:
    return render_template("home/help.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    return render_template("home/privacy.html")
