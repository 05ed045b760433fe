"""Error pages; a refusal becomes its status and its sentence."""

import logging
import secrets

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from question_bank.database import db
from quiz.errors import Refusal, SignedOut
from quiz.web.access import sign_in_first
from quiz.web.messages import sentence_of, status_of
from quiz.web.replies import refusal_as_json, wants_json

log = logging.getLogger(__name__)

_PAGES = {
    400: ("bad_request", "这个请求不完整。请返回上一页再试一次。"),
    403: ("forbidden", "您的账号不能打开这一页。需要的话，请找组织者或管理员开通。"),
    404: ("not_found", "这里没有您要找的页面。请从首页重新进入。"),
    405: ("method_not_allowed", "这个地址不能这样打开。请从首页重新进入。"),
    413: ("too_large", "文件太大了。请拆成几个小一些的文件再上传（每个不超过 20 MB）。"),
    415: ("bad_request", "这个请求的格式不对。请返回上一页再试一次。"),
}


def answer(status: int, reason: str, message: str, **more: object) -> ResponseReturnValue:
    """The refusal in the form the caller asked for; a save (no other request is a PUT) hears it was not saved."""
    if request.method == "PUT":
        return refusal_as_json(reason, message, status, saved=False, **more)
    if wants_json():
        return refusal_as_json(reason, message, status, **more)
    return render_template("errors/error.html", status=status, reason=reason, message=message, **more), status


def register(app: Flask) -> None:
    @app.errorhandler(Refusal)
    def refused(refusal: Refusal) -> ResponseReturnValue:
        if isinstance(refusal, SignedOut) and request.method != "PUT":
            return sign_in_first()
        return answer(status_of(refusal), refusal.reason, sentence_of(refusal))

    @app.errorhandler(CSRFError)
    def not_from_our_page(_error: CSRFError) -> ResponseReturnValue:
        return answer(403, "csrf", "页面放得太久了。请刷新页面，再点一次；已保存的答案都在。")

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400 or error.response is not None:
            return error
        reason, message = _PAGES.get(status, ("refused", "这一步没有成功。请返回上一页再试一次。"))
        return answer(status, reason, message)

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
        return answer(413, *_PAGES[413])

    @app.errorhandler(Exception)
    def our_fault(error: Exception) -> ResponseReturnValue:
        reference = secrets.token_hex(2).upper()
        log.error("failed %s %s, reference %s", request.method, request.path, reference, exc_info=error)
        db.session.rollback()  # the page asks the database too, which after its own error answers nothing more
        message = f"这一步没有成功，您的答案都在。请再点一次；还不行，请拨打页脚的电话，并告诉对方编号 {reference}。"
        return answer(500, "our_fault", message, reference=reference)
