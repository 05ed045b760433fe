"""What no database can hold and no person types is refused before any page sees it."""

from typing import Any

from flask import Flask, abort
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from werkzeug.routing import IntegerConverter, Map

from quiz.web.errors import answer

LARGEST_ID = 2**31 - 1
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Number(IntegerConverter):
    """``<int:…>`` in an address: a number that an id can have; a larger one leads nowhere."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST_ID, **kwargs})


def register(app: Flask) -> None:
    app.url_map.converters["int"] = Number
    app.before_request(_refuse_nul)


def _refuse_nul() -> ResponseReturnValue | None:
    """PostgreSQL takes no NUL in a text; in an address it names nothing, in a form it is nobody's word."""
    request = request_ctx.request
    if _holds_nul(request.path) or (request.query_string and _holds_nul(*request.args.values())):
        abort(404)
    if not request.want_form_data_parsed or request.mimetype not in FORMS:
        return None  # a body that is no form is read by its own view, within the limit that it sets
    names = [upload.filename for upload in request.files.values()]
    if _holds_nul(*(text for texts in request.form.listvalues() for text in texts), *names):
        return answer(422, "bad_text", "填写的内容里有看不见的字符。请删去重新填写，再试一次。")
    return None


def _holds_nul(*texts: str | None) -> bool:
    return any("\0" in text for text in texts if text)
